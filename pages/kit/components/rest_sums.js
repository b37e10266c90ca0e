// The arithmetic of the chosen class, for the image that is shown: its sigmoid and the sum of all
// ten, its share of a softmax, and why dividing by the sum makes no softmax.

function buildSums(ctx) {
  ctx.parts.sums = ["yes", "share", "divided"].map((name) => el("p", { class: `of-${name}` }));
  return el("div", { class: "sums" }, ...ctx.parts.sums);
}

function drawSums(ctx) {
  const { parts, data, text } = ctx, { shown } = data, digit = shownClass(ctx), [rest, soft] = shown.lanes;
  const [yes, share, divided] = parts.sums, bold = (value) => el("b", {}, decimals(value)), power = (score) => ["e", el("sup", {}, decimals(score))];
  const quotient = ({ powers, wholes, answers }) => [`) ≈ ${asLoss(powers[digit])} / ${asLoss(wholes[digit])} ≈ `, bold(answers[digit])];
  const total = ({ answers, sum }) => el("span", {}, `${answers.map(decimals).join(" + ")} ≈ `, bold(sum));
  yes.replaceChildren(laneKey(0),
    el("span", {}, "σ(", el("i", {}, "z", el("sub", {}, String(digit))), ") = ", ...power(rest.scores[digit]), " / (", ...power(rest.scores[digit]), " + 1", ...quotient(rest)), total(rest));
  share.replaceChildren(laneKey(1),
    el("span", {}, ...power(soft.scores[digit]), " / (", ...power(soft.scores[0]), " + … + ", ...power(soft.scores[9]), ...quotient(soft)), total(soft));
  divided.replaceChildren(laneKey(0),
    el("span", {}, `${text.divided} ${decimals(rest.answers[digit])} / ${decimals(rest.sum)} ≈ `, bold(shown.divided[digit])),
    el("span", {}, `${text.not_the_same} `, bold(shown.shared[digit])));
}
