// One neuron with two inputs: all digits in the plane of these two, the line that it draws through them,
// and the sum that it makes of one digit. Python computes every number, also while something is dragged.
export default component(build, update);

function build(ctx) {
  const { parts, state, text } = ctx;
  Object.assign(state, { at: 0, look: null, turned: {}, path: null, results: null });
  parts.question = el("p", { class: "question" });
  parts.hint = el("p", { class: "hint" });
  parts.digits = [0, 1].map((place) => picker(text.digit, (name) => ctx.send("choose", { key: "digits", place, name })));
  parts.segments = [0, 1].map((place) => picker(text.segment, (name) => ctx.send("choose", { key: "segments", place, name })));
  parts.legend = el("p", { class: "legend" });
  parts.sum = el("p", { class: "arithmetic" });
  parts.edge = el("p", { class: "arithmetic boundary" });
  ctx.root.append(
    el("div", { class: "stage" },
      el("section", { class: "left" }, el("div", { class: "top" }, parts.question, parts.hint), buildPlane(ctx), parts.legend),
      el("section", { class: "right" }, buildDigit(ctx), buildNeuron(ctx), buildLearning(ctx))),
    el("div", { class: "sums-line", role: "status" }, parts.sum, parts.edge),
  );
  ctx.onRemove(() => { clearTimeout(state.timer); clearTimeout(state.later); clearTimeout(state.playing); });
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  const task = [...data.digits, ...data.segments].join();
  if (task !== state.task) Object.assign(state, { task, path: null, results: null, look: null });
  if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
  if (data.path) takePath(ctx);
  else if (state.asking && state.asking !== data) learn(ctx); // the page drew itself anew meanwhile
  else if (state.path && !state.playing && !isHere(ctx)) state.path = null;
  const [negative, , positive] = SCALES[ctx.dark ? "dark" : "light"].signed;
  ctx.root.style.setProperty("--yes", positive);
  ctx.root.style.setProperty("--no", negative);
  drawWords(ctx, `${task} ${text.question}`);
  drawDials(ctx);
  drawCounts(ctx);
  drawLearning(ctx);
  drawPlane(ctx);
  drawNote(ctx);
  show(ctx);
}

// What follows the digit that is chosen or pointed at.
function show(ctx) {
  drawDigit(ctx);
  drawSum(ctx);
  drawChosen(ctx);
  ctx.parts.sum.replaceChildren(...arithmetic(ctx));
  ctx.parts.edge.replaceChildren(...boundary(ctx));
}

const shown = (ctx) => Math.min(ctx.state.look ?? ctx.state.at, ctx.data.arrays.scores.values.length - 1);
const isYes = (ctx, i) => Boolean(ctx.data.arrays.is_yes.values[i]);
const saysYes = (ctx, i) => ctx.data.arrays.scores.values[i] > 0;
const isRight = (ctx, i) => isYes(ctx, i) === saysYes(ctx, i);
const digitOf = (ctx, yes) => ctx.data.digits[yes ? 0 : 1];

function symbol(side, kind = "filled") {
  const shape = side === "yes" ? svg("circle", { r: 5 }) : svg("path", { d: TRIANGLE });
  shape.setAttribute("class", `dot ${side} ${kind}`);
  return svg("svg", { class: "symbol", viewBox: "-9 -9 18 18", "aria-hidden": "true" }, shape);
}

// What changes with the task and the language only. In "Is this digit {yes} or {no}?" a list stands in the
// place of each digit.
function drawWords({ data, parts, text }, look) {
  if (parts.look === look) return;
  parts.look = look;
  parts.digits.forEach((list, place) => choose(list, data.options.digits, data.digits[place]));
  parts.segments.forEach((list, place) => choose(list, data.options.segments, data.segments[place]));
  parts.question.replaceChildren(...text.question.split(/\{(yes|no)\}/).map((word) => (word === "yes" || word === "no"
    ? el("span", { class: "side" }, parts.digits[word === "yes" ? 0 : 1], symbol(word)) : word)));
  parts.hint.textContent = text.hint;
  parts.legend.replaceChildren(...["filled", "hollow", "wrong"].map((name) => el("span", {}, symbol("yes", name), text[`legend_${name}`])));
  parts.wrong.textContent = text.next_wrong;
  parts.inks.textContent = text.inks;
  parts.learn.textContent = text.learn;
}

// ---------------------------------------------------------------- moving on

function moveTo(ctx, i) {
  const { state, parts } = ctx;
  Object.assign(state, { at: i, look: null });
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { if (state.at !== state.sent) ctx.send("move", (state.sent = state.at)); }, 250);
  ctx.say(`${parts.truth.textContent} ${parts.sum.textContent}`);
}

function look(ctx, i) {
  if (ctx.state.look === i) return;
  ctx.state.look = i;
  show(ctx);
}

const byScore = (ctx) => [...ctx.data.arrays.scores.values.keys()].sort((a, b) => ctx.data.arrays.scores.values[a] - ctx.data.arrays.scores.values[b] || a - b);

// The next one of those that are wrong, the worst first.
function nextWrong(ctx) {
  const size = (i) => Math.abs(ctx.data.arrays.scores.values[i]);
  const wrong = byScore(ctx).filter((i) => !isRight(ctx, i)).sort((a, b) => size(b) - size(a));
  if (wrong.length) moveTo(ctx, wrong[(wrong.indexOf(ctx.state.at) + 1) % wrong.length]);
}

// ---------------------------------------------------------------- the digit, and how many are right

function buildDigit(ctx) {
  const { parts, text } = ctx;
  parts.picture = el("canvas", { width: 8, height: 8, role: "img" });
  parts.frames = ["x₁", "x₂"].map((name) => el("i", { class: "frame" }, el("b", {}, name)));
  parts.truth = el("p", { class: "truth" });
  parts.inks = el("p", { class: "inks" });
  parts.counts = el("dl", { class: "counts" });
  parts.wrong = el("button", { class: "button", type: "button", onclick: () => nextWrong(ctx) }, text.next_wrong);
  return el("div", { class: "digit" },
    el("div", { class: "picture" }, parts.picture, ...parts.frames),
    el("div", { class: "facts" }, parts.truth, parts.counts, el("div", { class: "more" }, parts.wrong, parts.inks)));
}

function drawDigit(ctx) {
  const { data, parts, text } = ctx, i = shown(ctx);
  const pixels = data.arrays.images.values.subarray(64 * i, 64 * (i + 1));
  const [paper, ink] = SCALES[ctx.dark ? "dark" : "light"].image, image = new ImageData(8, 8);
  pixels.forEach((value, p) => image.data.set([...mix(paper, ink, value / 16), 255], 4 * p));
  parts.picture.getContext("2d").putImageData(image, 0, 0);
  const truth = fill(i < data.learning ? text.truth_learning : text.truth_unseen, { digit: digitOf(ctx, isYes(ctx, i)) });
  parts.truth.replaceChildren(symbol(isYes(ctx, i) ? "yes" : "no", i < data.learning ? "filled" : "hollow"), truth);
  parts.picture.setAttribute("aria-label", truth);
  parts.frames.forEach((frame, k) => {
    const [top, bottom, left, right] = data.boxes[k];
    Object.assign(frame.style, { top: `${12.5 * top}%`, left: `${12.5 * left}%`, width: `${12.5 * (right - left)}%`, height: `${12.5 * (bottom - top)}%` });
  });
}

function drawCounts(ctx) {
  const { data, parts, text } = ctx;
  parts.counts.replaceChildren(...Object.entries(data.counts).map(([name, [right, total]]) => el("div", {},
    el("dt", {}, text[name]), el("dd", {}, el("b", {}, String(right)), ` ${fill(text.of_right, { total })}`))));
  const wrong = Object.values(data.counts).some(([right, total]) => right < total);
  parts.wrong.disabled = !wrong;
}

// ---------------------------------------------------------------- the sums in words

// z = 11.2·0.615 + 12.1·0.552 − 8.8 ≈ 6.885 + 6.68 − 8.8 ≈ 4.765
function arithmetic(ctx) {
  const { data, text } = ctx, i = shown(ctx), { points, products, scores } = data.arrays;
  const [w1, w2, b] = data.neuron, end = data.has_bias ? ` ${signed(b)}` : "";
  const x = [...points.values.subarray(2 * i, 2 * i + 2)], added = [...products.values.subarray(2 * i, 2 * i + 2)], z = scores.values[i];
  const terms = [w1, w2].map((w, k) => `${bracketed(w)}·${exact(x[k])}`).join(" + ");
  return [el("b", {}, text.score), el("span", {}, `z = ${terms}${end}`),
    el("span", {}, `${equals(...x, ...added)} ${exact(added[0])} ${signed(added[1])}${end}`),
    el("span", {}, `${equals(...added, z)} `, el("strong", {}, exact(z))), el("span", { class: "verdict" }, verdict(ctx, i))];
}

// 11.2·x₁ + 12.1·x₂ − 8.8 = 0, and how far it is: −b / ‖w‖ = 8.8 / 16.488 ≈ 0.534
function boundary({ data, text }) {
  const [w1, w2, b] = data.neuron, { distance, norm } = data;
  if (distance === null) return [el("b", {}, text.line), el("span", {}, text.no_line_short)];
  return [el("b", {}, text.line), el("span", {}, `${exact(w1)}·x₁ ${signed(w2)}·x₂ ${data.has_bias ? `${signed(b)} ` : ""}= 0`),
    el("span", { class: "reach-words" }, text.distance), el("span", {}, `−b / ‖w‖ = ${exact(-b)} / ${exact(norm)} ${b ? equals(norm, distance) : "="} ${exact(distance)}`)];
}

function verdict(ctx, i) {
  const name = `${saysYes(ctx, i) ? "above" : "below"}_${isRight(ctx, i) ? "right" : "wrong"}`;
  return fill(ctx.text[name], { digit: digitOf(ctx, saysYes(ctx, i)) });
}

function drawNote(ctx) {
  const { data, parts, text } = ctx, [, , b] = data.neuron;
  if (data.distance === null) parts.note.textContent = fill(text.no_line, { b: exact(b) });
  else parts.note.textContent = data.line ? "" : fill(text.far_line, { digit: digitOf(ctx, b > 0) });
}

const exact = (value) => number(value, 3);
const signed = (value) => `${value < 0 ? "−" : "+"} ${exact(Math.abs(value))}`;
const equals = (...values) => (values.every((value) => Math.abs(value - Number(value.toFixed(3))) < 1e-6) ? "=" : "≈");
const bracketed = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
