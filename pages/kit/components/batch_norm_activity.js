// One channel of a trained network in batches of real digits. Python measures; this script shows a
// batch, its numbers before and after, and how mean and spread go from batch to batch.
//
// ctx.state.wanted   what was moved since Python drew: channel, size, m, batch
export default component(build, update);

function build(ctx) {
  const { parts, state, data } = ctx;
  Object.assign(state, { wanted: {} });
  parts.kinds = el("div", { class: "kinds", role: "group" }, ...["map", "neuron"].map((kind) => el("button", {
    class: "option", type: "button", onclick: () => ctx.send("set", { layer: kind, channel: 1 }),
  })));
  parts.sliders = {
    channel: slider(ctx, "channel", { low: 1, high: () => ctx.data.channels, step: 1 }),
    size: slider(ctx, "size", { low: 0, high: () => ctx.data.sizes.length - 1, step: 1, read: (i) => ctx.data.sizes[i], place: (size) => ctx.data.sizes.indexOf(size) }),
    m: slider(ctx, "m", { low: data.momenta.low, high: () => data.momenta.high, step: data.momenta.step }),
  };
  parts.draw = el("button", { class: "button", type: "button", onclick: () => ctx.send("draw", null) });
  parts.next = el("button", { class: "button primary", type: "button", onclick: () => turn(ctx, "batch", now(ctx).batch % ctx.data.batches + 1, true) });
  parts.thumbs = el("div", { class: "thumbs" });
  parts.count = el("p", { class: "count" });
  parts.before = chart("before");
  parts.after = chart("after");
  parts.means = chart("means", walkable(ctx));
  parts.stds = chart("stds", walkable(ctx));
  parts.words = el("p", { class: "pointed", role: "status" });
  ctx.root.append(
    el("div", { class: "settings" }, parts.kinds, ...Object.values(parts.sliders).map(({ element }) => element), parts.draw),
    el("div", { class: "batch" }, el("div", { class: "picture" }, parts.thumbs, parts.count), parts.before.element, parts.after.element),
    el("div", { class: "batches" }, parts.means.element, parts.stds.element),
    el("div", { class: "told" }, parts.next, parts.words));
  const resized = new ResizeObserver(() => { if (ctx.isBuilt) drawCharts(ctx); });
  resized.observe(ctx.root);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); });
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  if (data !== state.data && Object.keys(state.wanted).length) ctx.inquire(now(ctx)); // the hand was quicker
  state.data = data;
  [...parts.kinds.children].forEach((button, i) => {
    const kind = ["map", "neuron"][i];
    button.textContent = text[kind];
    button.setAttribute("aria-pressed", String(kind === data.kind));
  });
  parts.kinds.setAttribute("aria-label", text.layer);
  for (const each of Object.values(parts.sliders)) each.draw();
  parts.draw.textContent = text.draw;
  parts.next.textContent = text.next;
  drawThumbs(ctx);
  drawCharts(ctx);
  const [means, stds] = rowsOf(data.arrays.measured), [runMeans, runStds] = rowsOf(data.arrays.running), at = data.batch;
  const told = [
    fill(text.pointed, { n: at, mean: number(means[at - 1]), std: number(stds[at - 1]) }),
    fill(text.remembered, { mean: number(runMeans[at]), std: number(runStds[at]) }),
    fill(text.truth, { mean: number(data.whole[0]), std: number(data.whole[1]) }),
  ];
  parts.words.replaceChildren(...told.map((words, i) => el("span", { class: ["this", "running", "all"][i] }, words)));
}

// ---------------------------------------------------------------- what a reader moves

const now = ({ data, state }) => ({ channel: data.channel, size: data.size, m: data.m, batch: data.batch, ...state.wanted });

function turn(ctx, name, value, rests) {
  const { state } = ctx;
  state.wanted[name] = value;
  if (!rests) return ctx.inquire(now(ctx));
  clearTimeout(state.timer);
  ctx.inquire(now(ctx));
  state.timer = setTimeout(() => { ctx.send("set", state.wanted); state.wanted = {}; }, 250);
}

function slider(ctx, name, { low, high, step, read = Number, place = (value) => value }) {
  const input = el("input", { type: "range", min: low, step }), output = el("output"), words = el("span");
  const value = () => { const at = Number(input.value); return name === "size" ? read(at) : Number(at.toFixed(6)); };
  const write = () => { output.textContent = number(now(ctx)[name]); input.setAttribute("aria-valuetext", output.textContent); };
  input.oninput = () => { turn(ctx, name, value(), false); write(); };
  input.onchange = () => { turn(ctx, name, value(), true); write(); };
  const draw = () => {
    words.textContent = ctx.text[{ channel: "channel", size: "size", m: "momentum" }[name]];
    input.setAttribute("aria-label", words.textContent);
    input.max = high();
    input.value = place(now(ctx)[name]);
    write();
  };
  return { element: el("label", { class: "slider" }, el("span", { class: "slider-head" }, words, output), input), draw };
}

// A chart over the batches: pointing, dragging and arrow keys go from batch to batch.
function walkable(ctx) {
  return {
    tabindex: "0", role: "slider", "aria-valuemin": 1, "aria-valuemax": ctx.data.batches,
    onpointerdown: (event) => { event.currentTarget.setPointerCapture(event.pointerId); goTo(ctx, event, false); },
    onpointermove: (event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(ctx, event, false); },
    onpointerup: (event) => goTo(ctx, event, true),
    onkeydown: (event) => {
      const { batch } = now(ctx), last = ctx.data.batches;
      const to = { ArrowLeft: batch - 1, ArrowRight: batch + 1, ArrowDown: batch - 1, ArrowUp: batch + 1, Home: 1, End: last, PageUp: batch + 10, PageDown: batch - 10 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      turn(ctx, "batch", Math.min(last, Math.max(1, to)), true);
    },
  };
}

function goTo(ctx, event, rests) {
  const box = event.currentTarget.getBoundingClientRect(), { left, right } = INSET, { batches } = ctx.data;
  const share = (event.clientX - box.left - left) / (box.width - left - right);
  const batch = Math.min(batches, Math.max(1, Math.round(share * batches)));
  if (rests || batch !== now(ctx).batch) turn(ctx, "batch", batch, rests);
}

// ---------------------------------------------------------------- drawing

const rowsOf = ({ shape, values }) => Array.from({ length: shape[0] }, (_, i) => values.subarray(i * shape[1], (i + 1) * shape[1]));

// The first images of the batch, and what the channel makes of each.
function drawThumbs(ctx) {
  const { data, parts, text } = ctx, { images, maps } = data.arrays, [h, w] = data.places, shown = images.shape[0];
  const largest = Math.max(...data.ends.map(Math.abs));
  parts.thumbs.replaceChildren(...Array.from({ length: shown }, (_, i) => {
    const values = maps.values.subarray(i * h * w, (i + 1) * h * w);
    const shade = h * w === 1 ? color(values[0], { max: largest, dark: ctx.dark }) : null;
    return el("div", { class: "thumb" },
      picture(ctx, images.values.subarray(i * 64, (i + 1) * 64), 8, 8, "image", 1),
      shade ? el("span", { class: "score", style: `background:${shade.fill};color:${shade.ink}` }, number(values[0], 1))
        : picture(ctx, values, h, w, "signed", largest));
  }));
  parts.count.textContent = fill(h * w === 1 ? text.of_neuron : text.of_map, { n: data.size, h, w, all: data.size * h * w });
}

function picture(ctx, values, h, w, scale, max) {
  const canvas = el("canvas", { width: w, height: h, "aria-hidden": "true" }), pen = canvas.getContext("2d");
  values.forEach((value, i) => {
    pen.fillStyle = color(value, { scale, max, dark: ctx.dark }).fill;
    pen.fillRect(i % w, Math.floor(i / w), 1, 1);
  });
  return canvas;
}
