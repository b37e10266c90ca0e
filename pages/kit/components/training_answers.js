// What the network says: a bar for each class, and a sentence.
//
//   answerBars(ctx) -> {element, draw(answer, {label, sentence, isHidden})}
//
//   answer     {shares, said, isProbability}, or null: the bars are empty
//   label      the true class, null for an image that nobody has named
//   isHidden   somebody is guessing how well it does: nothing is told
function answerBars(ctx) {
  const title = el("p", { class: "grid-title" }), words = el("p", { class: "answer-words" });
  const list = el("ul", { class: "answer-bars" });
  const element = el("section", { class: "answers" }, title, list, words);
  let bars = [];

  function draw(answer, { label = null, sentence = "", isHidden = false }) {
    const { classes } = ctx.data, { text } = ctx, shares = isHidden ? null : answer?.shares;
    if (bars.length !== classes.length) build(classes.length);
    write(title, answer && !answer.isProbability ? text.output_of_classes : text.probability_of_classes);
    bars.forEach(({ row, name, bar, share, tag }, k) => {
      write(name, classes[k]);
      const value = shares ? shares[k] : null, isSaid = Boolean(shares) && k === answer.said;
      bar.style.transform = `scaleX(${Math.min(1, Math.max(0, value ?? 0))})`;
      write(share, isHidden ? "?" : shares ? answerWords(value, answer.isProbability) : "");
      write(tag, k === label ? text.true_class : "");
      row.classList.toggle("said", isSaid);
      row.classList.toggle("misread", isSaid && label !== null && k !== label);
    });
    write(words, isHidden ? text.hidden_while_guessing : sentence);
  }

  function build(count) {
    bars = Array.from({ length: count }, () => {
      const name = el("b"), bar = el("i"), share = el("span", { class: "share" }), tag = el("span", { class: "tag" });
      return { name, bar, share, tag, row: el("li", {}, name, el("span", { class: "track", "aria-hidden": "true" }, bar), share, tag) };
    });
    list.replaceChildren(...bars.map(({ row }) => row));
  }
  return { element, draw };
}
