// Learning: gradient descent from the present numbers, stop by stop, and what it comes to with a bias and
// without.

const FRAME = 60; // milliseconds for each stop on the way

function buildLearning(ctx) {
  const { parts } = ctx;
  parts.learn = el("button", { class: "button primary", type: "button", onclick: () => learn(ctx) });
  parts.stops = el("input", { type: "range", min: 0, step: 1, value: 0, oninput: () => { pausePath(ctx); goTo(ctx, Number(parts.stops.value)); }, onchange: () => settleSoon(ctx) });
  parts.stopsWords = el("output");
  parts.results = el("table", { class: "results" });
  return el("div", { class: "lessons" },
    el("div", { class: "learn" }, parts.learn, el("label", { class: "stops" }, parts.stopsWords, parts.stops)),
    parts.results);
}

function drawLearning(ctx) {
  const { data, parts, state, text } = ctx, { path, results } = state;
  parts.stops.disabled = !path;
  parts.stops.max = path ? path.steps.length - 1 : 1;
  parts.stops.value = path ? state.stop : 0;
  parts.stopsWords.textContent = path ? fill(text.after, { step: path.steps[state.stop], count: path.steps.at(-1) }) : fill(text.not_yet, { count: data.steps });
  parts.stops.setAttribute("aria-label", text.steps);
  parts.stops.setAttribute("aria-valuetext", parts.stopsWords.textContent);
  const row = (name) => {
    const isSecret = data.best[name] === null;
    const fields = ["learning", "unseen"].map((part) => {
      const found = results?.[name][part];
      if (!found) return "–";
      return isSecret ? "?" : fill(text.of, { right: found[0], total: found[1] });
    });
    const best = isSecret ? "?" : fill(text.of, { right: data.best[name], total: data.counts.learning[1] });
    return el("tr", {}, el("th", { scope: "row" }, text[name]), ...[...fields, best].map((field) => el("td", {}, field)));
  };
  const heads = [text.learning, text.unseen, text.best].map((words) => el("th", { scope: "col" }, words));
  parts.results.replaceChildren(el("tr", {}, el("td"), ...heads), row("with"), row("without"));
}

function learn(ctx) {
  stopPath(ctx);
  clearTimeout(ctx.state.later); // where the learning ends is settled then
  ctx.state.asking = ctx.data;
  ctx.inquire({ ...settings(ctx), learn: "1" });
}

// Python's answer: walk along it, or jump to its end where motion is not wanted.
function takePath(ctx) {
  const { data, state } = ctx;
  state.path = data.path;
  state.results = data.path.results;
  state.path.scores = data.arrays.path_scores.values;
  state.path.products = data.arrays.path_products.values;
  state.asking = undefined;
  state.stop = 0;
  delete data.path;
  const last = state.path.steps.length - 1;
  const walk = (stop) => {
    state.playing = stop < last ? setTimeout(() => walk(stop + 1), FRAME) : undefined;
    goTo(ctx, stop);
    if (stop === last) settleSoon(ctx);
  };
  state.playing = setTimeout(() => walk(calm() ? last : 0));
}

function goTo(ctx, stop) {
  const { data, state } = ctx, { frames, scores, products } = state.path, count = data.arrays.is_yes.values.length;
  state.stop = stop;
  const [w1, w2, b] = frames[stop].neuron;
  state.turned.w = [w1, w2];
  if (data.has_bias) state.turned.b = b;
  Object.assign(data, frames[stop]);
  const part = (values, columns) => ({ values: values.subarray(columns * count * stop, columns * count * (stop + 1)) });
  data.arrays = { ...data.arrays, scores: part(scores, 1), products: part(products, 2) };
  ctx.redraw();
}

const isHere = ({ data, state }) => state.path.frames[state.stop].neuron.every((value, k) => Math.abs(value - data.neuron[k]) < 1e-9);

function pausePath(ctx) {
  clearTimeout(ctx.state.playing);
  ctx.state.playing = undefined;
}

// Somebody else moves now: the way that was learned is no longer the present one.
function stopPath(ctx) {
  pausePath(ctx);
  Object.assign(ctx.state, { path: null, asking: undefined });
}
