// A batch from x to y: every step a grid, the channel at hand also as lines. Python computes all
// values, also while a number, γ or β is dragged.
//
// ctx.state  at: the cell moved to, [sample, channel];  look: the one pointed at, or null;
//            turned: values of dials under the finger;  drag: { old, range } while a point moves
export default component(build, update);

const STEPS = { centred: "neutral", normalised: "neutral", y: "output" };

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: [0, 0], look: null, turned: {}, drag: null });
  const walked = { onPick: (r, c) => moveTo(ctx, r, c), onHover: (r, c) => look(ctx, r === null ? null : [r, c]) };
  parts.x = numberGrid(ctx, { role: "input", ...walked, onEdit: (row, column, value) => change(ctx, row, column, value, ctx.data.x[row][column]) });
  parts.steps = Object.fromEntries(Object.entries(STEPS).map(([name, role]) => [name, numberGrid(ctx, { role, ...walked })]));
  for (const [name, grid] of Object.entries({ x: parts.x, ...parts.steps })) grid.element.classList.add(`of-${name}`);
  parts.samples = el("div", { class: "samples", "aria-hidden": "true" });
  parts.heads = el("div", { class: "heads", "aria-hidden": "true" });
  parts.counts = [-1, 1].map((by) => el("button", {
    class: "button", type: "button", onclick: () => ctx.send("count", ctx.data.x.length + by),
  }, by < 0 ? "−" : "+"));
  parts.count = el("output");
  parts.size = el("span", { class: "size" }, parts.counts[0], parts.count, parts.counts[1]);
  parts.sources = Object.fromEntries(["training", "use"].map((mode) => [mode, source(ctx, mode)]));
  parts.train = el("button", { class: "button train", type: "button", onclick: () => ctx.send("train", null) });
  parts.dials = ctx.data.dials.map(({ key }) => makeDial(ctx, key));
  parts.ways = Object.fromEntries(["shift", "divide", "weigh"].map((name) => [name, way(name)]));
  parts.ways.weigh.foot.append(...parts.dials.map(({ element }) => element));
  parts.lines = linesPart(ctx);
  parts.words = Object.fromEntries(["news", "measure", "cell", "follow"].map((name) => [name, el("p", { class: `line-${name}` })]));
  parts.words.news.setAttribute("role", "status");
  const { shift, divide, weigh } = parts.ways, { centred, normalised, y } = parts.steps, { training, use } = parts.sources;
  ctx.root.append(
    parts.norm = el("div", { class: "norm forward" },
      el("div", { class: "source" }, parts.size, parts.heads, parts.samples, parts.x.element),
      el("div", { class: "statistics", role: "group" }, training.element, use.element, parts.train),
      shift.element, centred.element, divide.element, normalised.element, weigh.element, y.element,
      parts.lines.element),
    el("div", { class: "arithmetic" }, ...Object.values(parts.words)),
  );
  const resized = new ResizeObserver(() => drawLines(ctx));
  resized.observe(parts.lines.element);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); clearTimeout(state.later); clearTimeout(state.rest); });
}

// Where μ and σ² come from: a button that chooses it, and their values under the columns of x.
function source(ctx, mode) {
  const choose = el("button", { class: "mode", type: "button", onclick: () => ctx.send("mode", mode) });
  const rows = ["mean", "variance"].map((name) => ({ name, head: el("span", { class: "head" }), cells: ctx.data.x[0].map(() => el("span", { class: "value" })) }));
  const table = el("div", { class: "rows" }, ...rows.flatMap(({ head, cells }) => [head, ...cells]));
  return { choose, rows, element: el("div", { class: "from", "data-mode": mode }, choose, table) };
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  if (data !== state.data) receive(ctx);
  state.at[0] = Math.min(state.at[0], data.x.length - 1);
  if (state.look && state.look[0] >= data.x.length) state.look = null;
  parts.norm.style.setProperty("--rows", data.x.length);
  nameWays(parts.ways, data.arrows);
  parts.train.textContent = text.train;
  parts.train.disabled = data.mode !== "training" || !data.followed;
  const size = `${data.x.length}×${data.x[0].length}`;
  parts.x.draw({ title: text.input, detail: size, values: data.x, scale: "none" });
  for (const [name, grid] of Object.entries(parts.steps)) {
    const values = data.steps?.[name] ?? data.x.map((row) => row.map(() => null));
    grid.draw({ title: { centred: "x − μ", normalised: "x̂", y: text.y }[name], detail: size, values, scale: "none" });
  }
  parts.samples.replaceChildren(...data.x.map((_, r) => el("span", {}, el("i", {}, text.sample.replace("{n}", "")), r + 1)));
  parts.heads.replaceChildren(...data.x[0].map((_, c) => el("span", {}, el("i", {}, text.channel.replace("{n}", "")), c + 1)));
  parts.count.textContent = data.x.length;
  parts.counts.forEach((button, i) => {
    button.setAttribute("aria-label", [text.fewer, text.more][i]);
    button.title = [text.fewer, text.more][i];
    button.disabled = data.x.length === [1, data.most][i];
  });
  show(ctx);
}

// ---------------------------------------------------------------- what a reader moves

function makeDial(ctx, key) {
  const input = el("input", { type: "range" }), output = el("output"), name = el("span");
  const values = () => ctx.state.turned[key] ?? dialOf(ctx, key).values;
  const turn = () => {
    ctx.state.turned[key] = values().map((value, c) => (c === shownCell(ctx)[1] ? Number(input.value) : value));
    draw();
  };
  const draw = () => {
    const c = shownCell(ctx)[1], { label, low, high, step } = dialOf(ctx, key).dials[c];
    Object.assign(input, { min: low, max: high, step, value: values()[c] });
    name.textContent = label;
    output.textContent = number(values()[c]);
    input.setAttribute("aria-label", label);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.oninput = () => { turn(); inquireNow(ctx); };
  input.onchange = () => {
    turn();
    clearTimeout(ctx.state.later);
    ctx.state.later = setTimeout(() => {
      const turned = ctx.state.turned;
      ctx.state.turned = {};
      for (const [name, all] of Object.entries(turned)) {
        dialOf(ctx, name).values = all; // what is asked until Python answers
        ctx.send("settle", { key: name, values: all });
      }
    }, 250);
  };
  return { element: el("label", { class: "dial" }, el("span", { class: "dial-head" }, name, output), input), draw };
}

const dialOf = (ctx, key) => ctx.data.dials.find((dial) => dial.key === key);
const plain = (value) => String(Number(value.toFixed(6)));

// Everything that moves under a finger, as the address writes it.
function inquireNow(ctx) {
  const { data, state } = ctx, { edit } = data;
  ctx.inquire({
    x: data.x.map((row) => row.map(plain).join(",")).join(";"),
    was: edit ? [edit.row + 1, edit.column + 1, plain(edit.old)].join(",") : "none",
    ...Object.fromEntries(data.dials.map(({ key, values }) => [key, (state.turned[key] ?? values).map(plain).join(",")])),
  });
}

// A number of x while it is dragged: shown at once, Python's answer follows.
function dragTo(ctx, value) {
  const { drag } = ctx.state;
  if (drag.value === value) return;
  drag.value = value;
  setDragged(ctx);
  update(ctx);
  inquireNow(ctx);
}

function setDragged({ data, state: { drag: { row, column, value, old } } }) {
  data.x[row][column] = value;
  data.edit = { row, column, old };
}

// A run of the page. What the hand holds stays in it: Python drew what was so before it moved.
function receive(ctx) {
  const { data, state } = ctx;
  state.data = data;
  if (data.at !== state.sent) { // a link or preset moved it, not this page
    state.sent = data.at;
    state.at = [Math.floor(data.at / 2), data.at % 2];
  }
  if (state.drag && state.drag.row >= data.x.length) state.drag = null; // its sample has left
  const isMoved = state.drag && state.drag.value !== state.drag.old;
  if (isMoved) setDragged(ctx);
  if (isMoved || Object.keys(state.turned).length) inquireNow(ctx);
}

function change(ctx, row, column, value, old) {
  ctx.data.x[row][column] = value;
  update(ctx);
  ctx.send("change", { row, column, value, old });
}

function moveTo(ctx, r, c) {
  const { state, parts } = ctx;
  state.at = [r, c];
  state.look = null;
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { const p = 2 * state.at[0] + state.at[1]; if (p !== state.sent) ctx.send("move", (state.sent = p)); }, 250);
  ctx.say(parts.words.cell.textContent);
}

function look(ctx, at) {
  if (String(ctx.state.look) === String(at)) return;
  ctx.state.look = at;
  show(ctx);
}

const shownCell = (ctx) => ctx.state.look ?? ctx.state.at;

// ---------------------------------------------------------------- drawing

function show(ctx) {
  const { data, parts, state } = ctx, [r, c] = shownCell(ctx);
  showCell([parts.x, ...Object.values(parts.steps)], r, c);
  [...parts.heads.children].forEach((head, j) => head.classList.toggle("lit", j === c));
  [...parts.samples.children].forEach((head, i) => head.classList.toggle("lit", i === r));
  markChanges(ctx);
  drawSources(ctx, c);
  parts.dials.forEach((dial) => dial.draw());
  drawFeet(ctx, c);
  drawLines(ctx);
  drawWords(ctx, r, c);
}

// What was changed in x, and which outputs have changed with it.
function markChanges({ data, parts }) {
  const { edit, before } = data;
  data.x.forEach((row, r) => row.forEach((_, c) => {
    parts.x.cell(r, c).classList.toggle("edited", edit?.row === r && edit.column === c);
    parts.steps.y.cell(r, c).classList.toggle("changed", !data.hidden && Boolean(before?.changed[r]?.[c]));
  }));
}

function drawSources(ctx, c) {
  const { data, parts, text } = ctx;
  for (const [mode, { choose, rows, element }] of Object.entries(parts.sources)) {
    const isOn = data.mode === mode, values = mode === "training" ? data.measured : data.run;
    choose.replaceChildren(el("b", {}, text[mode]), el("small", {}, text[`${mode}_from`]));
    choose.setAttribute("aria-pressed", String(isOn));
    element.classList.toggle("on", isOn);
    rows.forEach(({ name, head, cells }, i) => {
      head.textContent = text[mode === "training" ? name : `run_${name}`];
      cells.forEach((cell, j) => {
        cell.textContent = values ? number(values[i][j]) : "–";
        cell.classList.toggle("lit", j === c);
      });
    });
  }
}

function drawFeet(ctx, c) {
  const { data, parts, text } = ctx, used = usedBy(data), { shift, divide } = parts.ways;
  const from = text[`${data.mode}_from`], foot = (words) => (used ? [el("b", {}, words()), el("span", {}, from)] : []);
  shift.foot.replaceChildren(...foot(() => `μ = ${number(used[0][c])}`));
  divide.foot.replaceChildren(...foot(() => `√(${number(used[1][c])} + ε) ≈ ${data.std[c] < 0.1 ? exact(data.std[c]) : number(data.std[c])}`));
}

const usedBy = (data) => (data.mode === "training" ? data.measured : data.run);
