// A softmax with two scores and a logistic regression with one learn side by side. All steps are
// here (Python made them); playing and stepping through them asks nobody.
export default component(build, update);

function build(ctx) {
  const { parts, state } = ctx;
  state.sent = {};
  parts.bar = playBar(ctx, { interval: 110, first: 0, onStep: (step) => stepTo(ctx, step) });
  parts.behind = el("p", { class: "behind", role: "status" });
  ctx.root.append(
    buildControls(ctx),
    el("div", { class: "bar-row" }, parts.bar.element, parts.behind),
    el("div", { class: "outcome" }, buildCurve(ctx), el("div", { class: "measured" }, buildTable(ctx), buildLoss(ctx))),
    el("div", { class: "inside" }, buildDigit(ctx), buildWeights(ctx)),
  );
  ctx.onRemove(() => { clearTimeout(state.later); clearTimeout(state.laterImage); });
}

function update(ctx) {
  const { data, state } = ctx;
  for (const name of ["step", "at"]) {
    if (data[name] !== state.sent[name]) state[name] = state.sent[name] = data[name]; // a link moved it
  }
  if (state.at >= data.counts.unseen) state.at = 0;
  drawControls(ctx);
  show(ctx);
}

// Everything at the present step.
function show(ctx) {
  const { data, parts, state, text } = ctx, { step } = state;
  if (!parts.bar.playing) parts.bar.set(step, data.losses.length);
  parts.behind.textContent = data.ratio === "same" && step ? fill(text.behind, { step: data.behind[step] }) : "";
  drawTable(ctx);
  drawCurve(ctx);
  drawLoss(ctx);
  drawWeights(ctx);
  drawDigit(ctx);
}

function stepTo(ctx, step) {
  const { state } = ctx;
  state.step = step;
  show(ctx);
  clearTimeout(state.later);
  state.later = setTimeout(() => { if (state.step !== state.sent.step) ctx.send("step", (state.sent.step = state.step)); }, 400);
}

function moveTo(ctx, image) {
  const { state } = ctx;
  state.at = image;
  drawCurve(ctx);
  drawDigit(ctx);
  clearTimeout(state.laterImage);
  state.laterImage = setTimeout(() => { if (state.at !== state.sent.at) ctx.send("move", (state.sent.at = state.at)); }, 250);
  ctx.say(digitSentence(ctx));
}

// ---------------------------------------------------------------- what Python gave, at one step

// A row of an array (T, rows, columns), at the present step.
function rowOf(ctx, name, row) {
  const { shape: [, rows, columns], values } = ctx.data.arrays[name], start = (ctx.state.step * rows + row) * columns;
  return values.subarray(start, start + columns);
}
const isSecond = (ctx, image) => ctx.data.arrays.is_second.values[image] === 1;
const truthOf = (ctx, image) => ctx.data.digits[Number(isSecond(ctx, image))];
const isWrong = (ctx, image) => rowOf(ctx, "scores", ALONE)[image] > 0 !== isSecond(ctx, image);

// ---------------------------------------------------------------- controls

function buildControls(ctx) {
  const { parts } = ctx;
  parts.pickers = [0, 1].map((place) => picker("", (digit) => ctx.send("digit", { place, digit })));
  parts.pairTitle = el("span");
  parts.rateTitle = el("span");
  parts.rates = el("div", { class: "options", role: "group" });
  parts.fresh = el("button", { class: "button", type: "button", onclick: () => { parts.bar.stop(); ctx.send("start", null); } });
  return el("div", { class: "controls" },
    el("div", { class: "choice" }, parts.pairTitle, ...parts.pickers),
    el("div", { class: "choice" }, parts.rateTitle, parts.rates), parts.fresh);
}

function drawControls(ctx) {
  const { data, parts, text } = ctx;
  parts.pairTitle.textContent = text.pair;
  parts.pickers.forEach((select, place) => {
    choose(select, data.all_digits.map((digit) => [digit, digit]), data.digits[place]);
    select.setAttribute("aria-label", `${text.digit} ${place + 1}`);
  });
  parts.rateTitle.textContent = text.rate;
  parts.rates.setAttribute("aria-label", text.rate);
  const names = Object.keys(data.rates);
  if (!parts.rates.children.length) parts.rates.append(...names.map((name) => el("button", { class: "option", type: "button", onclick: () => ctx.send("ratio", name) })));
  names.forEach((name, i) => {
    parts.rates.children[i].textContent = fill(text[name], { rate: number(data.rates[name]) });
    parts.rates.children[i].setAttribute("aria-pressed", String(name === data.ratio));
  });
  parts.fresh.textContent = text.restart_weights;
}

// ---------------------------------------------------------------- the measurements

const ROWS = ["parameters", "loss", "learning", "unseen", "weights", "probabilities"]; // of the table
const ringKey = () => svg("svg", { class: "key", viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("circle", { class: "ring", cx: 9, cy: 9, r: 7 }));
const dotKey = () => svg("svg", { class: "key", viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("circle", { class: "dot", cx: 9, cy: 9, r: 4.5 }));

function buildTable(ctx) {
  const { parts } = ctx;
  parts.heads = [0, 1, 2].map(() => el("th", { scope: "col" }));
  parts.rows = Object.fromEntries(ROWS.map((name) => [name, [el("th", { scope: "row" }), el("td"), el("td"), el("td", { class: "gap" })]]));
  return el("table", {}, el("thead", {}, el("tr", {}, el("td"), ...parts.heads)), el("tbody", {}, ...ROWS.map((name) => el("tr", {}, ...parts.rows[name]))));
}

function drawTable(ctx) {
  const { data, parts, state, text } = ctx, { step } = state, gaps = Object.fromEntries(Object.entries(data.gaps).map(([name, all]) => [name, all[step]]));
  [[ringKey(), text.network], [dotKey(), text.regression], [text.gap]].forEach((words, i) => parts.heads[i].replaceChildren(...words));
  const write = (name, ...cells) => cells.forEach((words, i) => { parts.rows[name][i].textContent = words; });
  const counted = (name, [first, second]) => write(name, fill(text[name], { count: data.counts[name] }),
    ...[first, second].map((right) => `${right} (${percent(right / data.counts[name])})`), String(Math.abs(first - second)));
  const [, second] = data.digits, { w } = data.names;
  write("parameters", text.parameters, String(data.parameters[0]), data.parameters[1] === null ? "?" : String(data.parameters[1]), "");
  write("loss", text.loss, ...data.losses[step].map((loss) => loss.toFixed(6)), scientific(gaps.losses));
  counted("learning", data.right.learning[step]);
  counted("unseen", data.right.unseen[step]);
  write("weights", text.weights, `${w[1]} − ${w[0]}`, "w", atMost(gaps.weights));
  write("probabilities", `P(${second})`, "softmax", "sigmoid", atMost(gaps.probabilities));
}

const atMost = (gap) => (gap ? `≤ ${scientific(gap)}` : "0");
