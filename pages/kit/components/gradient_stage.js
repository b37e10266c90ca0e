// A gradient at the output, and what of it arrives at the input of every pooling. Python computes
// all values; this script walks over the outputs and shows the way back from each.
//
// ctx.state  at: the output looked at;  until: the last one sent while it is played or stepped,
//            null when all are;  chosen: what is checked, "2-3" is a cell;  hover: [r, c] or null
export default component(build, update);

const POOLINGS = ["largest", "average", "trained"];

function build(ctx) {
  const { parts } = ctx;
  parts.gradient = numberGrid(ctx, {
    role: "gradient",
    onPick: (r, c) => moveTo(ctx, r * columns(ctx) + c),
    onHover: (r, c) => look(ctx, r === null ? null : r * columns(ctx) + c),
    onEdit: (row, column, value) => edit(ctx, "gradient", { row, column, value }),
  });
  parts.x = numberGrid(ctx, {
    role: "input",
    onPick: (r, c) => moveTo(ctx, windowOf(ctx, r, c) ?? ctx.state.at),
    onEdit: (row, column, value) => edit(ctx, "x", { row, column, value }),
  });
  parts.balance = el("p", { class: "balance" });
  parts.legend = el("p", { class: "legend" });
  parts.routes = Object.fromEntries(POOLINGS.map((name) => [name, route(ctx, name)]));
  parts.learned = learnedPart(ctx);
  parts.bar = playBar(ctx, { interval: 1300, onStep: (p) => moveTo(ctx, p, { until: p }) });
  parts.check = checkPanel();
  ctx.root.append(
    el("div", { class: "gradients" },
      el("div", { class: "source" }, parts.gradient.element, parts.balance, parts.x.element, parts.legend),
      el("div", { class: "routes" }, parts.routes.largest.element, parts.routes.average.element,
        el("div", { class: "trainable" }, parts.routes.trained.element, parts.learned),
        el("div", { class: "below" }, parts.bar.element, parts.check.element))),
  );
  ctx.root.onkeydown = (event) => {
    if (event.key !== " " || event.target.closest("button, input, select")) return;
    event.preventDefault();
    parts.bar.play();
  };
  const resized = new ResizeObserver(() => { if (ctx.isBuilt) show(ctx); });
  resized.observe(ctx.root);
  ctx.onRemove(() => { clearTimeout(ctx.state.timer); resized.disconnect(); });
}

function update(ctx) {
  const { data, state, parts } = ctx;
  if (data.at !== state.sent?.window || data.chosen !== state.sent?.check) { // a link or preset, not this page
    Object.assign(state, { at: data.at, until: null, chosen: data.chosen });
    state.sent = { window: data.at, check: data.chosen };
  }
  const isStale = state.turned || state.chosen !== (data.checks?.name ?? "none");
  if (isStale && data !== state.data) askNow(ctx); // Python drew what was so before the hand moved
  state.data = data;
  state.at = Math.min(state.at, count(ctx) - 1);
  if (!(state.until < count(ctx) - 1)) state.until = null; // the last one sent: all have arrived
  if (!(state.look < count(ctx))) state.look = null; // else the pointer is still there
  const { x, gradient } = data, side = (values) => `${values.length}×${values[0].length}`;
  parts.gradient.element.style.setProperty("--cell-max", gradient.length > 2 ? "38px" : "56px");
  parts.gradient.draw({ title: "∂E/∂y", detail: side(gradient), values: gradient, scale: "none" });
  parts.x.draw({ title: ctx.text.input, detail: side(x), values: x, scale: "none" });
  parts.bar.set(state.at, count(ctx));
  drawLearned(ctx);
  show(ctx);
}

// ---------------------------------------------------------------- moving

function moveTo(ctx, p, { until = null, chosen = ctx.state.chosen } = {}) {
  const { state, parts } = ctx, isNew = chosen !== state.chosen, from = state.at;
  Object.assign(state, { at: p, until: until < count(ctx) - 1 ? until : null, chosen, look: null });
  parts.bar.set(p, count(ctx));
  show(ctx);
  if (until !== null || p !== from) travel(ctx);
  if (isNew) askNow(ctx);
  later(ctx);
  ctx.say(POOLINGS.map((name) => `${ctx.text[name]}: ${parts.routes[name].share.textContent}`).join("; "));
}

// The address follows once the hand rests.
function later(ctx) {
  const { state, parts } = ctx;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    const now = { window: state.at, check: state.chosen };
    if (now.window !== state.sent.window || now.check !== state.sent.check) ctx.send("move", (state.sent = now));
  }, parts.bar.playing ? 1700 : 250);
}

function look(ctx, p) {
  if (ctx.state.look === p) return;
  ctx.state.look = p;
  show(ctx);
}

function edit(ctx, field, { row, column, value }) {
  ctx.data[field][row][column] = value; // shown at once; Python's answer follows
  update(ctx);
  ctx.send(`edit-${field}`, { row, column, value });
}

const askNow = (ctx) => ctx.inquire({ ...Object.fromEntries(ctx.data.dials.map((dial) => [dial.key, turned(ctx, dial)])), check: ctx.state.chosen });

// ---------------------------------------------------------------- drawing

function show(ctx) {
  const { data, state, parts, text } = ctx, last = state.until ?? count(ctx) - 1;
  const { row, column } = place(ctx, shown(ctx));
  tintOutputs(ctx, parts.gradient);
  parts.gradient.window(row, column, 1, 1, "gradient");
  const progress = el("small", {}, state.until === null ? "" : fill(text["so-far"], { step: last + 1, count: count(ctx) }));
  parts.balance.replaceChildren(`Σ ∂E/∂y = ${exact(data.put[last])}`, progress);
  markWindows(ctx, parts.x, () => false);
  const found = POOLINGS.map((name) => drawRoute(ctx, name))[0];
  parts.legend.replaceChildren(
    ...(data.size > 1 && !data.hidden ? [legendKey("winner", text.winner)] : []),
    ...(found.ties ? [legendKey("tie", text.tie)] : []),
    ...(found.unreached ? [legendKey("unreached", text.unreached)] : []),
  );
  showLearned(ctx, last);
  drawCheck(ctx);
}
