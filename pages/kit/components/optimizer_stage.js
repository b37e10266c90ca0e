// The race of four optimizers, and one iteration of L-BFGS under the magnifying glass.
export default component(build, update);

function build(ctx) {
  const { parts, state } = ctx, pick = (key, value) => ctx.send("choose", { key, value });
  state.iteration = 0; // 0 follows the latest
  parts.bar = raceBar(ctx, () => ({ iteration: state.iteration, cut: state.race.isPlaying ? 0 : 1 }));
  parts.set = picker("", (value) => pick("set", value));
  parts.batch = picker("", (value) => pick("batch", value));
  parts.seed = el("button", { class: "button", type: "button", onclick: () => pick("seed", (ctx.data.seed + 1) % 10000) });
  parts.table = optimizerTable(ctx, pick);
  parts.curves = optimizerCurves(ctx, pick);
  parts.legend = el("p", { class: "legend" });
  buildInside(ctx);
  ctx.root.append(
    el("div", { class: "controls" }, parts.bar.element, el("div", { class: "choices" }, parts.set, parts.batch, parts.seed)),
    parts.table.element, parts.curves.element, parts.legend, parts.inside);
  // Pausing asks nobody; but now there is time for the curve.
  parts.bar.element.addEventListener("click", () => setTimeout(() => { if (ctx.data) wantCut(ctx); }));
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  for (const key of ["set", "batch"]) {
    parts[key].setAttribute("aria-label", text[key]); parts[key].title = text[key];
    choose(parts[key], data.choices[key].options, data.choices[key].value);
  }
  parts.seed.textContent = text.new_weights;
  parts.seed.title = fill(text.seed, { seed: data.seed });
  parts.legend.textContent = text.legend;
  if (state.race.isPlaying || !data.inside || state.iteration >= data.inside.count) state.iteration = 0;
  parts.bar.draw();
  parts.table.draw();
  parts.curves.draw();
  drawInside(ctx);
  wantCut(ctx);
}

// ---------------------------------------------------------------- inside an iteration

function buildInside(ctx) {
  const { parts, state } = ctx;
  const show = (number) => {
    state.race.isPlaying = false; // who looks into an iteration wants it to stand still
    state.iteration = number;
    drawWhere(ctx);
    parts.bar.draw();
    parts.bar.ask();
  };
  const move = (by) => () => { const { inside } = ctx.data; if (inside) show(Math.max(1, Math.min(inside.count, chosen(ctx) + by))); };
  parts.earlier = button("back", "", move(-1));
  parts.later = button("forward", "", move(1));
  parts.slider = el("input", { type: "range", min: 1, step: 1, oninput: () => show(Number(parts.slider.value)) });
  parts.count = el("output");
  parts.insideTitle = el("h3", { class: "inside-title" });
  parts.facts = el("p", { class: "facts" });
  parts.cut = optimizerCut(ctx);
  parts.trials = trialTable(ctx);
  parts.pairs = optimizerPairs(ctx, show);
  parts.insideLegend = el("p", { class: "legend" });
  parts.inside = el("div", { class: "inside" },
    el("div", { class: "inside-head" }, parts.insideTitle, el("div", { class: "steps" }, parts.earlier, parts.slider, parts.later, parts.count)),
    parts.facts, el("div", { class: "inside-body" }, parts.cut.element, parts.trials.element, parts.pairs.element), parts.insideLegend);
}

// The iteration that was asked for; its answer may still be on the way.
const chosen = ({ state, data: { inside } }) => state.iteration || inside?.count || 0;

function drawWhere(ctx) {
  const { data: { inside }, parts, text } = ctx, number = chosen(ctx), count = inside?.count ?? 0;
  parts.earlier.disabled = number <= 1;
  parts.later.disabled = number >= count;
  parts.slider.disabled = !inside;
  parts.slider.max = count || 1;
  parts.slider.value = number || 1;
  const where = inside ? fill(text.iteration, { number, count }) : "";
  parts.slider.setAttribute("aria-label", where || text.inside); parts.slider.setAttribute("aria-valuetext", where);
  parts.count.textContent = where;
}

function drawInside(ctx) {
  const { data: { inside }, parts, text } = ctx;
  parts.insideTitle.textContent = text.inside;
  [[parts.earlier, text.earlier], [parts.later, text.later]].forEach(([each, words]) => { each.setAttribute("aria-label", words); each.title = words; });
  drawWhere(ctx);
  parts.facts.textContent = inside ? `${direction(inside, text)} · ${fill(text.paid, { trials: inside.trials.length, evaluations: inside.evaluations, before: asLoss(inside.before), after: asLoss(inside.loss) })}` : text.nothing_yet;
  parts.insideLegend.textContent = text.inside_legend;
  parts.inside.toggleAttribute("data-empty", !inside);
  for (const part of [parts.cut, parts.trials, parts.pairs]) part.draw();
}

function direction({ used, restarted }, text) {
  if (!used) return restarted ? text.from_gradient_again : text.from_gradient;
  return used === 1 ? text.from_pair : fill(text.from_pairs, { count: used });
}

// While it plays nobody waits for the curve. When it rests it is asked for, once for each data.
function wantCut(ctx) {
  const { data, parts, state } = ctx, { inside } = data, number = chosen(ctx);
  if (!inside || state.race.isPlaying || state.race.wish || (data.cut_of === number && inside.number === number)) return;
  const question = `${number} ${inside.count} ${data.race.heard}`;
  if (state.asked === question && state.askedOf === data) return;
  state.asked = question; state.askedOf = data;
  parts.bar.ask();
}
