// The grid, the sums of its windows, u = β·Σ + b, and f(u): each step on its arrow, with the numbers
// it takes. Python computes all values, also while β or b is dragged.
export default component(build, update);

const GRIDS = { sums: "neutral", weighted: "neutral", trained: "output", average: "output" };

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: 0, look: null, turned: {} });
  parts.input = numberGrid(ctx, {
    role: "input",
    onPick: (r, c) => moveTo(ctx, windowOf(ctx, r, c)),
    onHover: (r, c) => look(ctx, r === null ? null : windowOf(ctx, r, c)),
    onEdit: (row, column, value) => {
      ctx.data.x[row][column] = value; // shown at once; Python's answer follows
      drawInput(ctx);
      ctx.send("edit", { row, column, value });
    },
  });
  parts.grids = Object.fromEntries(Object.entries(GRIDS).map(([name, role]) => [name, numberGrid(ctx, {
    role,
    onPick: (r, c) => moveTo(ctx, r * columns(ctx) + c),
    onHover: (r, c) => look(ctx, r === null ? null : r * columns(ctx) + c),
  })]));
  for (const [name, grid] of Object.entries(parts.grids)) grid.element.classList.add(name);
  parts.dials = ctx.data.dials.map(({ key, dials: [dial] }, i) => makeDial(ctx, key, dial, i));
  parts.options = el("div", { class: "options", role: "group" });
  parts.ways = Object.fromEntries(Object.entries({ add: [], weigh: parts.dials.map(({ element }) => element), bend: [parts.options], mean: [] })
    .map(([name, controls]) => [name, way(name, controls)]));
  parts.window = parts.ways.add.foot;
  parts.verdict = el("div", { class: "verdict" });
  parts.legend = el("p", { class: "legend" });
  parts.chart = el("div", { class: "chart" });
  parts.sum = el("p", { class: "arithmetic" });
  parts.mean = el("p", { class: "arithmetic mean-sum" });
  const { sums, weighted, trained, average } = parts.grids, { add, weigh, bend, mean } = parts.ways;
  ctx.root.append(
    el("div", { class: "subsampling" },
      el("div", { class: "source" }, parts.input.element, parts.legend),
      add.element, sums.element, weigh.element, weighted.element, bend.element, trained.element, mean.element,
      parts.chart, el("div", { class: "rival" }, average.element, parts.verdict)),
    el("div", { class: "sums-line", role: "status" }, parts.sum, parts.mean),
  );
  const resized = new ResizeObserver(() => drawCurve(ctx));
  resized.observe(parts.chart);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); clearTimeout(state.later); });
}

// An arrow: what it does above its line, what it is set with below.
function way(name, controls) {
  const label = el("p", { class: "arrow-label" }), foot = el("div", { class: "foot" }, ...controls);
  return { label, foot, element: el("div", { class: `way ${name}` }, label, el("i", { class: "line" }), foot) };
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
  for (const [name, { label }] of Object.entries(parts.ways)) {
    const [operation, parameters] = data.arrows[name].split(" · ");
    label.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
  }
  parts.window.textContent = text.window.replace(/ (?=\d)/g, "\u00a0");
  parts.dials.forEach((dial, i) => dial.show(data.dials[i].values[0]));
  drawOptions(ctx);
  drawVerdict(ctx);
  drawLegend(ctx);
  drawInput(ctx);
  for (const [name, grid] of Object.entries(parts.grids)) {
    grid.draw({ title: text[name], detail: `${data[name].length}×${data[name][0].length}`, values: data[name], scale: "none" });
    tintOutputs(ctx, grid);
  }
  show(ctx);
}

// ---------------------------------------------------------------- what a reader moves

function makeDial(ctx, key, { label, low, high, step }, i) {
  const input = el("input", { type: "range", min: low, max: high, step, "aria-label": label }), output = el("output");
  const write = (value) => {
    input.value = value;
    output.textContent = number(value);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const turn = () => { ctx.state.turned[key] = Number(input.value); write(Number(input.value)); };
  input.oninput = () => {
    turn();
    ctx.inquire(Object.fromEntries(ctx.data.dials.map((dial) => [dial.key, ctx.state.turned[dial.key] ?? dial.values[0]])));
  };
  input.onchange = () => {
    turn();
    clearTimeout(ctx.state.later);
    ctx.state.later = setTimeout(() => {
      const turned = ctx.state.turned;
      ctx.state.turned = {};
      for (const [name, value] of Object.entries(turned)) ctx.send("settle", { key: name, values: [value] });
    }, 250);
  };
  return { element: el("label", { class: "dial" }, el("span", {}, label, output), input), show: (value) => write(ctx.state.turned[key] ?? value) };
}

function drawOptions(ctx) {
  const { data, parts, text } = ctx, names = Object.keys(data.activations);
  parts.options.setAttribute("aria-label", text.activation);
  if (!parts.options.children.length) {
    parts.options.append(...names.map((name) => el("button", { class: "option", type: "button", onclick: () => ctx.send("choose", name) })));
  }
  names.forEach((name, i) => {
    parts.options.children[i].textContent = data.activations[name];
    parts.options.children[i].setAttribute("aria-pressed", String(name === data.activation));
  });
}

function moveTo(ctx, p) {
  const { state, parts } = ctx;
  state.at = p;
  state.look = null;
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { if (state.at !== state.sent) ctx.send("move", (state.sent = state.at)); }, 250);
  ctx.say(parts.sum.textContent);
}

function look(ctx, p) {
  if (ctx.state.look === p) return;
  ctx.state.look = p;
  show(ctx);
}

// ---------------------------------------------------------------- drawing

function drawInput(ctx) {
  const { data, parts, text } = ctx;
  parts.input.draw({ title: text.input, detail: `${data.x.length}×${data.x[0].length}`, values: data.x, scale: "none" });
  markWindows(ctx, parts.input, () => false);
}

function drawVerdict(ctx) {
  const { data, parts, text } = ctx, look = [data.hidden, data.is_average, text.is_average].join();
  if (look === parts.verdictLook) return;
  parts.verdictLook = look;
  parts.verdict.replaceChildren(...(data.hidden ? [] : data.is_average
    ? [el("b", { class: "badge" }, text.is_average)]
    : [el("button", { class: "button", type: "button", onclick: () => ctx.send("average", null) }, text.make_average)]));
}

function drawLegend(ctx) {
  const { data, parts, text } = ctx, entry = (name, words) => el("span", { class: `key of-${name}` }, el("i"), words);
  parts.legend.replaceChildren(
    entry("curve", text.curve), entry("mean", text.mean_line),
    ...(data.straight ? [entry("straight", text.straight)] : []),
    ...(data.counts.length ? [entry("counts", text.counts)] : []),
  );
}

function show(ctx) {
  const { parts } = ctx, p = shown(ctx), { row, column, top, left } = place(ctx, p), { size } = ctx.data;
  parts.input.window(top, left, size, size, "output");
  for (const grid of Object.values(parts.grids)) grid.window(row, column, 1, 1, "output");
  parts.sum.replaceChildren(...arithmetic(ctx, p));
  parts.mean.replaceChildren(...meanOf(ctx, p));
  drawCurve(ctx);
}

// sigmoid(0.25·(1 + 1 + 5 + 6) − 3) = sigmoid(0.25·13 − 3) = sigmoid(0.25) ≈ 0.5622
function arithmetic(ctx, p) {
  const { data, text } = ctx, { row, column } = place(ctx, p);
  const [beta, bias] = data.dials.map(({ values }) => values[0]), end = `${bias < 0 ? "−" : "+"} ${exact(Math.abs(bias))}`;
  const apply = (words) => (data.activation === "none" ? words : `${data.activation}(${words})`);
  const terms = cellsOf(ctx, p).map(({ value }) => bracketed(value)).join(" + ");
  const u = data.weighted[row][column], y = data.trained[row][column];
  const isBent = data.activation !== "none" && Math.abs(u) > 1e-12; // no short decimal, however close to one
  const steps = [apply(`${exact(beta)}·(${terms}) ${end}`), `= ${apply(`${exact(beta)}·${bracketed(data.sums[row][column])} ${end}`)}`];
  if (data.activation !== "none") steps.push(`${equals(u)} ${apply(exact(u))}`);
  return [el("i", { class: "swatch", "data-tint": tintOf(ctx, p) }), el("b", {}, text.trained), ...steps.map((step) => el("span", {}, step)), el("span", {}, `${isBent ? "≈" : equals(y)} `, el("strong", {}, exact(y)))];
}

function meanOf(ctx, p) {
  const { data, text } = ctx, { row, column } = place(ctx, p), mean = data.average[row][column];
  return [el("b", {}, text.average), el("span", {}, `${exact(data.sums[row][column])} / ${data.size ** 2} ${equals(mean)} ${exact(mean)}`)];
}

const exact = (value) => number(value, 4);
const bracketed = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
const equals = (value) => (Math.abs(value - Number(value.toFixed(4))) < 1e-9 ? "=" : "≈");
