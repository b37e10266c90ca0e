// The neuron as a sum, with a slider on every way into it.

function buildNeuron(ctx) {
  const { parts, text } = ctx;
  parts.dials = ["w₁", "w₂", "b"].map((name, k) => {
    const input = el("input", { type: "range", step: 0.01, "aria-label": name, oninput: () => dialMoved(ctx, k), onkeydown: (event) => dialKey(ctx, k, event) });
    input.onchange = () => settleSoon(ctx);
    const output = el("output");
    return { input, output, element: el("label", { class: "dial" }, el("span", {}, el("b", {}, name), output), input) };
  });
  parts.inputs = [0, 1, 2].map(() => el("b"));
  parts.products = [0, 1, 2].map(() => el("output", { class: "product" }));
  parts.switch = el("button", { class: "switch", type: "button", role: "switch", onclick: () => flip(ctx) }, el("i"), el("span"));
  parts.operation = el("p", { class: "operation" });
  parts.scored = el("output", { class: "score" });
  parts.says = el("p", { class: "says" });
  parts.scaled = el("span");
  parts.factors = [["×2", 2], ["×½", 0.5], ["×(−1)", -1]].map(([name, factor]) => ({ factor, button: el("button", { class: "button", type: "button", onclick: () => multiply(ctx, factor) }, name) }));
  const node = (k, ...below) => el("div", { class: `node node-${k}` }, el("span", {}, ["x₁", "x₂", text.always][k], parts.inputs[k]), ...below);
  return el("div", { class: "neuron" },
    ...[0, 1, 2].flatMap((k) => [node(k, k < 2 ? parts.segments[k] : parts.switch), parts.dials[k].element, parts.products[k]]),
    svg("svg", { class: "wires", viewBox: "0 0 40 180", preserveAspectRatio: "none", "aria-hidden": "true" },
      ...[30, 90, 150].map((y) => svg("path", { d: `M0 ${y}L40 90` }))),
    el("div", { class: "soma" }, parts.operation, el("i", { class: "sigma" }, "Σ"), parts.scored, parts.says),
    el("div", { class: "scale" }, parts.scaled, ...parts.factors.map(({ button }) => button)));
}

function drawDials(ctx) {
  const { data, parts, text } = ctx, low = data.row[0].dials[0].low, high = data.row[0].dials[0].high;
  parts.dials.forEach(({ input }) => Object.assign(input, { min: low, max: high }));
  parts.dials[2].input.disabled = !data.has_bias;
  parts.dials[2].element.classList.toggle("off", !data.has_bias);
  parts.switch.setAttribute("aria-checked", String(data.has_bias));
  parts.switch.setAttribute("aria-label", text.with_bias);
  parts.switch.lastChild.textContent = data.has_bias ? text.bias_on : text.bias_off;
  const [operation, parameters] = data.step_words.split(" · ");
  parts.operation.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
  parts.scaled.textContent = data.has_bias ? text.all_three : text.both_weights;
  for (const { factor, button } of parts.factors) button.disabled = !fits(ctx, factor);
  showDials(ctx);
}

function showDials(ctx) {
  const { data, parts } = ctx, values = [...weights(ctx), data.has_bias ? biasOf(ctx) : 0];
  values.forEach((value, k) => {
    const { input, output } = parts.dials[k];
    input.value = value;
    output.textContent = number(value);
    input.setAttribute("aria-valuetext", number(value));
  });
}

// The numbers of the digit that is chosen, on their way through the neuron.
function drawSum(ctx) {
  const { data, parts } = ctx, i = shown(ctx), { points, products, scores } = data.arrays;
  const inputs = [points.values[2 * i], points.values[2 * i + 1], 1], added = [products.values[2 * i], products.values[2 * i + 1], data.neuron[2]];
  inputs.forEach((value, k) => { parts.inputs[k].textContent = k < 2 ? exact(value) : "1"; });
  added.forEach((value, k) => {
    parts.products[k].textContent = signed(value);
    parts.products[k].dataset.sign = Math.sign(value);
  });
  parts.scored.textContent = `z = ${exact(scores.values[i])}`;
  parts.says.replaceChildren(symbol(saysYes(ctx, i) ? "yes" : "no"), verdict(ctx, i));
  parts.says.classList.toggle("is-wrong", !isRight(ctx, i));
}

function dialMoved(ctx, k) {
  stopPath(ctx);
  dialTo(ctx, k, tenths(Number(ctx.parts.dials[k].input.value)));
}

function dialTo(ctx, k, value) {
  const w = [...weights(ctx)];
  if (k < 2) w[k] = value;
  turn(ctx, k < 2 ? { w } : { b: value });
}

// A key moves by a tenth; the slider itself also holds hundredths, for what was halved.
function dialKey(ctx, k, event) {
  const way = ALONG[event.key], value = k < 2 ? weights(ctx)[k] : biasOf(ctx);
  if (!way) return;
  event.preventDefault();
  stopPath(ctx);
  dialTo(ctx, k, tenths(value + ((way[0] + way[1]) * (event.shiftKey ? 10 : 1)) / 10));
  settleSoon(ctx);
}

function flip(ctx) {
  stopPath(ctx);
  ctx.send("switch", ctx.data.has_bias ? "0" : "1");
}

const numbers = (ctx) => [...weights(ctx), ...(ctx.data.has_bias ? [biasOf(ctx)] : [])];
const fits = (ctx, factor) => numbers(ctx).every((value) => Math.abs(value * factor) <= ctx.data.row[0].dials[0].high);

function multiply(ctx, factor) {
  const [w1, w2, b] = numbers(ctx).map((value) => Math.round(100 * value * factor) / 100);
  stopPath(ctx);
  turn(ctx, ctx.data.has_bias ? { w: [w1, w2], b } : { w: [w1, w2] });
  settleSoon(ctx);
}
