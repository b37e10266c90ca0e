// x − μ, divided by σ, is x′: four grids of the same 64 pixels, and one cursor in all of them.
export default component(build, update);

const SIDE = 8;
const GRIDS = { raw: "input", mean: "neutral", std: "neutral", standard: "output" };

function build(ctx) {
  const { parts, state, data } = ctx;
  Object.assign(state, { look: null });
  parts.imageLabel = el("span");
  parts.digits = Array.from({ length: Number(ctx.text.classes) }, (_, digit) => el("button", { class: "digit", type: "button", onclick: () => chooseDigit(ctx, digit) }, String(digit)));
  parts.grids = Object.fromEntries(Object.entries(GRIDS).map(([name, role]) => [name, numberGrid(ctx, {
    role,
    onPick: (r, c) => moveTo(ctx, r * SIDE + c),
    onHover: (r, c) => lookAt(ctx, r === null ? null : r * SIDE + c),
  })]));
  const sign = (words, name = "") => el("span", { class: `sign ${name}`, "aria-hidden": "true" }, words);
  parts.rarest = el("button", { class: "button", type: "button", onclick: () => moveTo(ctx, ctx.data.rarest) });
  const { raw, mean, std, standard } = parts.grids;
  parts.sum = el("p", { class: "arithmetic" });
  parts.sixteenth = el("p", { class: "arithmetic" });
  parts.ruler = pixelRuler(ctx);
  ctx.root.append(
    el("div", { class: "pick" }, parts.imageLabel, el("div", { class: "digits", role: "group" }, ...parts.digits), parts.rarest),
    el("div", { class: "equation" }, sign("(", "round"), raw.element, sign("−"), mean.element, sign(")", "round"), sign("/"), std.element, sign("="), standard.element),
    el("div", { class: "below" }, el("div", { class: "sums", role: "status" }, parts.sum, parts.sixteenth), parts.ruler.element));
  ctx.onRemove(() => clearTimeout(state.timer));
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  if (data.pixel !== state.sent) state.pixel = state.sent = data.pixel; // a link or preset moved it, not this page
  parts.imageLabel.textContent = text.image;
  parts.rarest.textContent = text.rarest;
  parts.digits.forEach((button, digit) => {
    button.setAttribute("aria-pressed", String(digit === data.digit));
    button.setAttribute("aria-label", fill(text.digit, { digit }));
  });
  const measured = { mean: text.measured, std: text.measured };
  for (const [name, grid] of Object.entries(parts.grids)) {
    const { shape, values } = data.arrays[name], start = shape.length > 1 ? data.digit * SIDE * SIDE : 0;
    const all = values.subarray(start, start + SIDE * SIDE);
    grid.draw({
      title: text[name], detail: measured[name] ?? `${SIDE}×${SIDE}`,
      values: Array.from({ length: SIDE }, (_, r) => [...all.subarray(r * SIDE, (r + 1) * SIDE)]),
      scale: name === "standard" ? "signed" : "image",
      max: name === "std" ? Math.max(...all) : name === "standard" ? 3 : data.ink,
      text: (r, c, value) => shorter(Number(value.toFixed(Math.abs(value) < 0.1 ? 2 : 1)), 3.5),
    });
  }
  show(ctx);
}

const shown = (ctx) => ctx.state.look ?? ctx.state.pixel;

function moveTo(ctx, pixel) {
  const { state } = ctx;
  state.pixel = pixel;
  state.look = null;
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { if (state.pixel !== state.sent) ctx.send("pixel", (state.sent = state.pixel)); }, 250);
  ctx.say(ctx.parts.sum.textContent);
}

function lookAt(ctx, pixel) {
  if (ctx.state.look === pixel) return;
  ctx.state.look = pixel;
  show(ctx);
}

function chooseDigit(ctx, digit) {
  ctx.data.digit = digit; // shown at once; Python's answer follows
  update(ctx);
  ctx.send("digit", digit);
}

function show(ctx) {
  const { parts } = ctx, pixel = shown(ctx), row = Math.floor(pixel / SIDE), column = pixel % SIDE;
  for (const grid of Object.values(parts.grids)) grid.window(row, column, 1, 1, "kernel");
  drawSum(ctx, pixel, row, column);
  parts.ruler.draw(pixel);
}

// x′ = (x − μ) / σ = (11 − 5.2) / 4.75 = 1.22
function drawSum(ctx, pixel, row, column) {
  const { data: { arrays, digit, ink }, parts, text } = ctx;
  const [x, mean, std, y] = ["raw", "mean", "std", "standard"].map((name) => arrays[name].values[pixel + (arrays[name].shape.length > 1 ? digit * SIDE * SIDE : 0)]);
  const place = fill(text.place, { row: row + 1, column: column + 1 });
  parts.sum.replaceChildren(el("b", {}, place), " ", ...(std === 0
    ? [el("span", {}, text.no_spread), el("span", {}, ` x′ = ${precise(x)} − ${precise(mean)} = `), el("strong", {}, precise(y))]
    : [el("span", {}, "x′ = (x − μ) / σ = "), el("span", {}, `(${precise(x)} − ${precise(mean)}) / ${precise(std)} ≈ `), el("strong", {}, precise(y))]));
  parts.sixteenth.replaceChildren(el("span", {}, `x / ${ink} = ${precise(x)} / ${ink} = `), el("strong", {}, number(x / ink, 4)));
}

// Three digits that count.
function precise(value) {
  const decimals = value === 0 || Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4;
  return number(value, decimals);
}
