// The windows of a pooling on one grid, and every pooling's outputs beside it, moving together.
// Python computes all values; this script moves the windows and writes the numbers out.
export default component(build, update);

const POOLINGS = ["largest", "average", "trained"];
const INPUT = 300, GAP = 28, LEARNED = 40, LARGEST_CELL = 72, PHONE = 860; // pixels: the input, the way into a column, what the last column is wider
const PHONE_TEXT = 11, SMALLEST_TEXT = 14, WIDE = 0.48, EDGE = 6, FRAME = 10; // pixels; a digit's width by its size, the room beside a number (as in base.css), around a grid's cells
const SOON = 250; // milliseconds

function build(ctx) {
  const { parts } = ctx;
  parts.input = numberGrid(ctx, {
    role: "input",
    onPick: (r, c) => { const p = windowOf(ctx, r, c); if (p !== null) moveTo(ctx, p); },
    onHover: (r, c) => look(ctx, r === null ? null : windowOf(ctx, r, c)),
    onEdit: (r, c, value) => {
      const row = r - ctx.data.padding, column = c - ctx.data.padding;
      ctx.data.x[row][column] = value; // shown at once; Python's answer follows
      drawInput(ctx);
      ctx.send("edit", { row, column, value });
    },
  });
  parts.branches = POOLINGS.map((name) => makeBranch(ctx, name));
  parts.bar = playBar(ctx, { interval: 1100, onStep: (p) => moveTo(ctx, p) });
  parts.legend = el("div", { class: "legend" });
  ctx.root.append(el("div", { class: "pooling" },
    el("div", { class: "source" }, parts.input.element, parts.bar.element, parts.legend),
    el("div", { class: "branches" }, ...parts.branches.map(({ element }) => element))));
  ctx.root.onkeydown = (event) => {
    if (event.key !== " " || event.target.closest("button, input, select")) return;
    event.preventDefault();
    parts.bar.play();
  };
  const resized = new ResizeObserver(() => { if (ctx.root.clientWidth !== ctx.state.width) update(ctx); });
  resized.observe(ctx.root);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(ctx.state.timer); clearTimeout(ctx.state.learning); });
}

function makeBranch(ctx, name) {
  const output = numberGrid(ctx, {
    role: "output",
    onPick: (r, c) => moveTo(ctx, r * columns(ctx) + c),
    onHover: (r, c) => look(ctx, r === null ? null : r * columns(ctx) + c),
  });
  const label = el("p", { class: "arrow-label" }), sum = el("p", { class: "arithmetic" });
  const drop = el("div", { class: "drop" }, label, ...(name === "trained" ? makeLearned(ctx) : []));
  const result = el("div", { class: "result" }, ...(name === "trained" ? [ctx.parts.same] : []), output.element);
  return { name, output, label, sum, element: el("section", { class: `branch ${name}` }, drop, result, sum) };
}

function update(ctx) {
  const { data, state, parts } = ctx;
  if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
  state.at = Math.min(state.at, count(ctx) - 1);
  if (!(state.look < count(ctx))) state.look = null; // else the pointer is still there
  measure(ctx);
  parts.branches.forEach((branch) => drawOutput(ctx, branch));
  drawLearned(ctx);
  drawInput(ctx);
  parts.bar.set(state.at, count(ctx));
  show(ctx);
}

// ---------------------------------------------------------------- moving

function moveTo(ctx, p) {
  const { state, parts } = ctx;
  state.at = p;
  state.look = null;
  parts.bar.set(p, count(ctx));
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    if (state.at !== state.sent) ctx.send("move", (state.sent = state.at));
  }, parts.bar.playing ? 1500 : SOON);
  ctx.say(parts.branches.map(({ sum }) => sum.textContent).join("; "));
}

function look(ctx, p) {
  if (ctx.state.look === p) return;
  ctx.state.look = p;
  show(ctx);
}

// ---------------------------------------------------------------- what the subsampling learns

function makeLearned(ctx) {
  const { parts, text, data } = ctx;
  parts.dials = Object.fromEntries([["beta", "β", text.coefficient], ["bias", "b", text.bias]].map(([name, letter, label]) => {
    const shown = el("output"), input = el("input", { type: "range", "aria-label": label, title: label, ...data.dials[name] });
    input.oninput = () => turn(ctx, name, input.value, false);
    input.onchange = () => turn(ctx, name, input.value, true);
    return [name, { input, shown, element: el("label", { class: "dial" }, el("span", {}, `${letter} = `, shown), input) }];
  }));
  parts.f = picker(text.activation, (f) => ctx.send("learn", { f }));
  parts.same = el("button", { class: "same", type: "button", onclick: () => becomeAverage(ctx) });
  return [
    el("label", { class: "f" }, "f =", parts.f),
    el("div", { class: "dials" }, parts.dials.beta.element, parts.dials.bias.element),
  ];
}

// Under the finger the outputs follow at once; the link follows when it rests.
function turn(ctx, name, value, rests) {
  const { state, data } = ctx;
  state.turned = { ...data.learned, ...state.turned, [name]: value };
  state.isKept = false;
  drawLearned(ctx);
  ctx.inquire(state.turned);
  clearTimeout(state.learning);
  if (!rests) return;
  state.learning = setTimeout(() => {
    ctx.send("learn", state.turned);
    state.isKept = true;
  }, SOON);
}

function becomeAverage(ctx) {
  clearTimeout(ctx.state.learning);
  ctx.state.turned = null;
  ctx.send("become_average", null);
}

function drawLearned(ctx) {
  const { parts, data, text, state } = ctx;
  if (state.isKept && !ctx.unanswered.length) state.turned = null; // Python has it: no late answer can set the slider back
  for (const [name, { input, shown }] of Object.entries(parts.dials)) {
    const words = (state.turned ?? data.learned)[name];
    input.value = parseNumber(words);
    shown.textContent = words.replace("-", "−");
    input.setAttribute("aria-valuetext", shown.textContent);
  }
  choose(parts.f, data.activations.map((name) => [name, name === "none" ? text.none : name]), data.f);
  parts.same.textContent = data.is_average ? text.is_average : text.become_average;
  parts.same.disabled = data.is_average;
}

// ---------------------------------------------------------------- drawing

// As large as the width allows; room is how many digits fit into an output cell.
function measure(ctx) {
  const { data, parts, state } = ctx, width = ctx.root.clientWidth, isPhone = width < PHONE;
  const fit = (room, count, most) => Math.min(most, (room - FRAME) / count);
  const branch = isPhone ? Math.min(192, width / 2) : (width - INPUT - 3 * GAP - LEARNED) / 3;
  const cell = fit(isPhone ? width : INPUT, data.x.length + 2 * data.padding, isPhone ? 60 : LARGEST_CELL);
  const outputCell = fit(branch, Math.max(...data.outputs), isPhone ? 56 : LARGEST_CELL);
  parts.input.element.style.setProperty("--cell-max", `${cell}px`);
  for (const { output } of parts.branches) output.element.style.setProperty("--cell-max", `${outputCell}px`);
  ctx.root.classList.toggle("phone", isPhone);
  ctx.root.classList.toggle("dense", columns(ctx) > 4);
  ctx.root.style.setProperty("--terms", data.size);
  const digits = (pixels) => (pixels - EDGE) / (isPhone ? PHONE_TEXT : SMALLEST_TEXT) / WIDE;
  Object.assign(state, { width, room: digits(cell), outputRoom: digits(outputCell) });
}

function drawInput(ctx) {
  const { data: { x, padding, size, unread }, parts: { input, legend }, text, state } = ctx;
  const side = `${x.length}×${x[0].length}`, whole = `${x.length + 2 * padding}×${x[0].length + 2 * padding}`;
  input.draw({
    title: text.input, detail: padding ? fill(text.padded, { size: side, padded: whole }) : side,
    values: padded(ctx), padding, scale: "none", text: (r, c, value) => shorter(value, state.room),
  });
  const found = markWindows(ctx, input, (p) => p !== ctx.data.hidden);
  legend.replaceChildren(
    ...(size > 1 ? [legendKey("winner", text.winner)] : []),
    ...(found.ties ? [legendKey("tie", text.tie)] : []),
    ...(padding ? [legendKey("padding", text.padding)] : []),
    ...(found.unreached ? [legendKey("unreached", fill(text.unreached, { unread, cells: x.length * x[0].length }))] : []),
  );
}

function drawOutput(ctx, { name, output, label }) {
  const { hidden, outputs } = ctx.data, values = ctx.data[name];
  label.replaceChildren(...ctx.text.arrows[name].split(" · ").map((line) => el("span", {}, line)));
  output.draw({
    title: ctx.text.titles[name], detail: outputs.join("×"), values, scale: "none",
    text: (r, c, value) => (r * columns(ctx) + c === hidden ? "?" : shorter(value, ctx.state.outputRoom)),
  });
}

// What follows the window.
function show(ctx) {
  const p = shown(ctx), { row, column, top, left } = place(ctx, p), { size, hidden } = ctx.data;
  const { input, branches } = ctx.parts;
  if (!isTiled(ctx)) drawInput(ctx);
  input.window(top, left, size, size, "output");
  for (const { name, output, sum } of branches) {
    tintOutputs(ctx, output);
    output.window(row, column, 1, 1, "output");
    sum.replaceChildren(...(p === hidden ? [ctx.text.hidden] : written[name](ctx, p)));
  }
}

// ---------------------------------------------------------------- the arithmetic, written out

const exact = (value) => number(value, 4);
const isExact = (value) => Math.abs(value - Number(value.toFixed(4))) < 1e-9;
const equals = (value) => [isExact(value) ? " = " : " ≈ ", el("strong", {}, exact(value))];
const bracketed = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
const between = (terms, sign) => terms.flatMap((term, i) => (i ? [sign, term] : [term]));
const at = (ctx, name, p) => { const { row, column } = place(ctx, p); return ctx.data[name][row][column]; };

const written = {
  // max(1, 1, 5, 6) = 6, without the padding
  largest(ctx, p) {
    const seen = cellsOf(ctx, p).filter(({ isPadding }) => !isPadding);
    const terms = seen.map(({ value, wins }) => el(wins ? "b" : "span", {}, exact(value)));
    return ["max(", ...between(terms, ", "), ")", ...equals(at(ctx, "largest", p))];
  },

  // (1 + 1 + 5 + 6) / 4 = 13 / 4 = 3.25
  average(ctx, p) {
    const cells = cellsOf(ctx, p), result = at(ctx, "average", p), sum = at(ctx, "sums", p);
    const terms = cells.map(({ value, isPadding }) => el("span", isPadding ? { class: "zero" } : {}, bracketed(value)));
    if (cells.length === 1) return [...terms, " / 1", ...equals(result)];
    return ["(", ...between(terms, " + "), `) / ${cells.length} = ${exact(sum)} / ${cells.length}`, ...equals(result)];
  },

  // Σ = 13, and below it β·Σ + b = 0.5 · 13 − 1 = 5.5 or tanh of it
  trained(ctx, p) {
    const { f, learned: { beta, bias } } = ctx.data, sum = at(ctx, "sums", p), u = at(ctx, "weighted", p), y = at(ctx, "trained", p);
    const added = bias.startsWith("-") ? `\u00a0−\u00a0${bias.slice(1)}` : `\u00a0+\u00a0${bias}`;
    const weighted = `${beta.replace("-", "−")} · ${bracketed(sum)}${added}`;
    const given = el("span", { class: "given" }, `Σ = ${exact(sum)}`);
    if (f === "none") return [given, `β·Σ + b = ${weighted}`, ...equals(u)];
    return [given, `${f}(β·Σ + b) = ${f}(${weighted})${isExact(u) ? " = " : " ≈ "}${f}(${exact(u)})`, ...equals(y)];
  },
};
