// A pad to draw on, the image that becomes of it, and the verdict of the network as it learns.
function drawView(ctx, look) {
  const shared = ctx.state.views;
  const padPlace = el("div", { class: "pad-place" }), padTitle = el("p", { class: "view-head" }, el("b"));
  const seen = el("canvas", { class: "seen", role: "img" }), seenTitle = el("p", { class: "view-head" }, el("b")), framed = el("p", { class: "view-note" });
  const verdict = el("p", { class: "verdict", "aria-live": "off" }, el("b"), el("span")), answers = answerBars(ctx);
  const element = el("div", { class: "draw-view" },
    el("section", { class: "draw-pad" }, padTitle, padPlace),
    el("section", { class: "draw-seen" }, seenTitle, seen, framed),
    el("section", { class: "draw-verdict" }, verdict, answers.element));
  let pad = null, padLook = "", toldOf;

  // Each kind of images has its own pad, and its own drawing.
  function build(size) {
    const kind = ctx.data.size;
    pad = drawingPad(ctx, { size, scale: "image", onChange: () => {
      shared.drawings[kind] = { pixels: pad.pixels.slice(), text: pad.pixels.some(Boolean) ? inkText(pad.pixels) : "" };
      look();
    } });
    pad.size = size;
    pad.kind = kind;
    const kept = shared.drawings[kind]?.pixels;
    if (kept?.length === size * size) pad.pixels = kept.slice();
    padPlace.replaceChildren(pad.element);
    padLook = "";
  }

  function draw() {
    const { shown, arrays, classes, secret } = ctx.data, { text } = ctx, { answer } = shown;
    if (pad?.size !== shown.pad || pad.kind !== ctx.data.size) build(shown.pad);
    const now = `${ctx.dark} ${text.pad_help}`;
    if (padLook !== now) { padLook = now; pad.set(pad.pixels); }
    const [rows, columns] = arrays.seen.shape;
    write(padTitle.firstChild, `${text.own_drawing} · ${shown.pad}×${shown.pad}`);
    write(seenTitle.firstChild, `${text.as_network_sees} · ${rows}×${columns}`);
    paintPictures(seen, arrays.seen.values, columns, shadeTable("image", ctx.dark));
    seen.setAttribute("aria-label", text.as_network_sees);
    write(framed, shown.framed);
    const isTold = answer && !secret;
    write(verdict.firstChild, isTold ? classes[answer.said] : "");
    write(verdict.lastChild, isTold ? answerWords(answer.shares[answer.said], answer.isProbability) : answer ? "?" : fill(text.blank_pad, { classes: classes.length > 2 ? `${classes[0]}–${classes.at(-1)}` : classes.join(" / ") }));
    verdict.classList.toggle("told", Boolean(isTold));
    tell(isTold ? fill(text.says_of_drawing, { said: classes[answer.said], share: verdict.lastChild.textContent }) : "");
    answers.draw(answer, { isHidden: secret && Boolean(answer), sentence: answer ? text.verdict_note : "" });
  }

  // To those who cannot see it, once for each drawing; while it plays it would never end.
  function tell(sentence) {
    const { text: ink } = shared.drawings[ctx.data.size] ?? {};
    if (!sentence || ctx.data.run.playing || pad.isBusy || toldOf === ink) return;
    toldOf = ink;
    ctx.say(sentence);
  }

  const texts = () => ({ ink: shared.drawings[ctx.data.size]?.text ?? "" });
  return { element, draw, texts };
}

const inkText = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
