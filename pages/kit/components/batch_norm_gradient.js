// The gradient at y on its way back: what would only move or stretch the whole channel is taken out.
//
// ctx.state  at: the cell moved to, [sample, channel];  look: the one pointed at, or null
export default component(build, update);

const GRIDS = ["centred", "freed", "grad_x"];
const TITLES = { centred: "δ − ⟨δ⟩", freed: "δ − ⟨δ⟩ − x̂·⟨δ·x̂⟩", grad_x: "∂E/∂x" };

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: [0, 0], look: null });
  const onHover = (r, c) => look(ctx, r === null ? null : [r, c]), onPick = (r, c) => moveTo(ctx, r, c);
  parts.gradient = numberGrid(ctx, { role: "gradient", onHover, onPick, onEdit: (row, column, value) => edit(ctx, row, column, value) });
  parts.steps = Object.fromEntries(GRIDS.map((name) => [name, numberGrid(ctx, {
    role: name === "grad_x" ? "gradient" : "neutral", onHover,
    onPick: name === "grad_x" ? (r, c) => { moveTo(ctx, r, c); ctx.send("check", `${r + 1}-${c + 1}`); } : onPick,
  })]));
  for (const [name, grid] of Object.entries({ gradient: parts.gradient, ...parts.steps })) grid.element.classList.add(`of-${name}`);
  parts.samples = el("div", { class: "samples", "aria-hidden": "true" });
  parts.ways = Object.fromEntries(["level", "tilt", "scale"].map((name) => [name, way(name)]));
  parts.sums = Object.fromEntries(["before", "after"].map((name) => [name, el("div", { class: `rows ${name}` })]));
  parts.words = el("p", { class: "line-cell" });
  parts.check = el("div", { class: "check" });
  const { centred, freed, grad_x: arrived } = parts.steps, { level, tilt, scale } = parts.ways;
  ctx.root.append(
    parts.norm = el("div", { class: "norm backward" },
      el("div", { class: "source" }, parts.samples, parts.gradient.element, parts.sums.before),
      level.element, centred.element, tilt.element, freed.element, scale.element,
      el("div", { class: "arrived" }, arrived.element, parts.sums.after)),
    el("div", { class: "arithmetic" }, parts.words), parts.check);
}

function update(ctx) {
  const { data, parts, state, text } = ctx, { back, gradient } = data, size = `${gradient.length}×${gradient[0].length}`;
  if (data.chosen !== state.sent) { // a link or a click chose the cell to check
    state.sent = data.chosen;
    if (data.chosen !== "none") state.at = data.chosen.split("-").map((n) => n - 1);
  }
  state.at[0] = Math.min(state.at[0], gradient.length - 1);
  if (state.look && state.look[0] >= gradient.length) state.look = null;
  parts.norm.style.setProperty("--rows", gradient.length);
  nameWays(parts.ways, data.arrows);
  parts.gradient.draw({ title: "δ = ∂E/∂y", detail: size, values: gradient, scale: "none" });
  for (const [name, grid] of Object.entries(parts.steps)) {
    grid.draw({ title: TITLES[name], detail: name === "freed" ? "" : size, values: back?.[name] ?? gradient.map((row) => row.map(() => null)), scale: "none" });
  }
  parts.samples.replaceChildren(...gradient.map((_, r) => el("span", {}, el("i", {}, text.sample.replace("{n}", "")), r + 1)));
  drawCheck(ctx);
  show(ctx);
}

function moveTo(ctx, r, c) {
  ctx.state.at = [r, c];
  ctx.state.look = null;
  show(ctx);
  ctx.say(ctx.parts.words.textContent);
}

function look(ctx, at) {
  if (String(ctx.state.look) === String(at)) return;
  ctx.state.look = at;
  show(ctx);
}

function edit(ctx, row, column, value) {
  ctx.data.gradient[row][column] = value;
  update(ctx);
  ctx.send("edit", { row, column, value });
}

// ---------------------------------------------------------------- drawing

function show(ctx) {
  const { data, parts, state } = ctx, [r, c] = state.look ?? state.at;
  showCell([parts.gradient, ...Object.values(parts.steps)], r, c);
  [...parts.samples.children].forEach((head, i) => head.classList.toggle("lit", i === r));
  const checked = data.check?.name.split("-").map((n) => n - 1);
  data.gradient.forEach((row, i) => row.forEach((_, j) => parts.steps.grad_x.cell(i, j).classList.toggle("checked", checked?.[0] === i && checked[1] === j)));
  drawFeet(ctx, c);
  drawSums(ctx, c);
  parts.words.replaceChildren(...passing(ctx, r, c));
}

function drawFeet(ctx, c) {
  const { data, parts, text } = ctx, { back, gradient } = data, n = gradient.length, isUse = data.mode === "use";
  const { level, tilt, scale } = parts.ways;
  for (const each of [level, tilt]) each.element.classList.toggle("idle", isUse);
  const foot = (part, taken, learned) => part.foot.replaceChildren(...(back ? [el("b", {}, isUse ? text.nothing : taken()), el("span", {}, learned())] : []));
  foot(level, () => `⟨δ⟩ = ${number(back.mean[c])}`, () => `∂E/∂β = Σ δ = ${number(back.grad_beta[c])}`);
  foot(tilt, () => `⟨δ·x̂⟩ = ${number(back.along[c])}`, () => `∂E/∂γ = Σ δ·x̂ = ${number(back.grad_gamma[c])}`);
  scale.foot.replaceChildren(...(back ? [el("b", {}, `${number(data.gamma[c])} / ${back.std[c] < 0.1 ? exact(back.std[c]) : number(back.std[c])} ≈ ${exact(back.factor[c])}`)] : []));
}

// Before and after: the sum of the channel, and its sum with x̂ as weights.
function drawSums(ctx, c) {
  const { parts, data } = ctx, { back } = data, line = (words, values) => [
    el("span", { class: "head" }, words), ...data.gamma.map((_, j) => el("span", { class: `value${j === c ? " lit" : ""}` }, values ? number(values[j]) : "–")),
  ];
  parts.sums.before.replaceChildren(...line("Σ δ", back?.grad_beta), ...line("Σ δ·x̂", back?.grad_gamma));
  parts.sums.after.replaceChildren(...line("Σ ∂E/∂x", back?.sum), ...line("Σ ∂E/∂x·x̂", back?.tilt));
}

// 10 − 2 − 1.5·3 = 3.5    ∂E/∂x = 3.5·0.5 = 1.75
function passing(ctx, r, c) {
  const { data, text } = ctx, { back, gradient } = data, head = el("b", {}, fill(text.sample, { n: r + 1 }));
  if (!back) return [el("span", {}, text.alone)];
  const taken = data.mode === "training" ? ` ${minus(back.mean[c])} − ${inBrackets(back.normalised[r][c])}·${inBrackets(back.along[c])} ${result(back.freed[r][c])}` : "";
  return [
    head, ...(taken ? [piece(`${exact(gradient[r][c])}${taken}`)] : []),
    el("span", {}, `∂E/∂x = ${inBrackets(back.freed[r][c])}·${inBrackets(back.factor[c])} ≈ `, el("strong", {}, exact(back.grad_x[r][c]))),
  ];
}

function drawCheck(ctx) {
  const { data, parts, text } = ctx, { check } = data;
  if (!check) return parts.check.replaceChildren(el("p", {}, el("b", {}, text.check), " · ", text.check_hint));
  const [r, c] = check.name.split("-").map((n) => n - 1);
  const what = fill(text.cell, { row: r + 1, column: c + 1, value: `x = ${exact(data.x[r][c])}` });
  const rows = {
    "E(x + ε)": number(check.above, 7), "E(x − ε)": number(check.below, 7),
    [text.quotient]: number(check.numeric, 6), [text.backward]: number(check.analytic, 6),
  };
  parts.check.replaceChildren(
    el("p", {}, el("b", {}, text.check), " · ", fill(text.checked, { what, eps: check.eps.toFixed(Math.round(-Math.log10(check.eps))) })),
    el("dl", {}, ...Object.entries(rows).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
      el("div", { "data-verdict": check.verdict }, el("dt", {}, text.error), el("dd", {}, check.is_rounding ? text.rounding : power(check.error)))));
}

// 3e-9 as 3·10⁻⁹
function power(value) {
  if (!value) return "0";
  const [digits, exponent] = value.toExponential(0).split("e");
  const raised = [...String(Number(exponent))].map((mark) => (mark === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[mark])).join("");
  return `${digits}·10${raised}`;
}
