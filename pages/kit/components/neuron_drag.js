// What can be moved in the plane: the line (its bias, or without one its slope) and the arrow's tip (the
// weights); and the sliders, which do the same. Whatever moves, Python is asked for all that follows.

const GRASP = { line: 12, tip: 18, dot: 18 }; // pixels between the pointer and what it takes hold of

// The line and the arrow, the names of the axes over them, and what one takes hold of over all.
function buildHandles(ctx, names) {
  const { parts } = ctx;
  parts.line = svg("line", { class: "boundary-line" });
  parts.grip = svg("g", { class: "grip", tabindex: 0, role: "slider" }, svg("circle", { r: 13 }), svg("path", { d: "M-8 0H8M-4-4L-8 0L-4 4M4-4L8 0L4 4" }));
  parts.arrow = svg("path", { class: "arrow" });
  parts.tip = svg("g", { class: "tip", tabindex: 0, role: "slider" }, svg("circle", { r: 9 }));
  parts.wName = svg("text", { class: "w-name" }, "w");
  parts.grip.onkeydown = (event) => lineKey(ctx, event);
  parts.tip.onkeydown = (event) => tipKey(ctx, event);
  return [parts.line, parts.arrow, names, parts.wName, parts.grip, parts.tip];
}

function drawHandles(ctx, { size, at }) {
  const { data, parts, text } = ctx, [w1, w2, b] = data.neuron, isLine = Boolean(data.line);
  parts.line.toggleAttribute("hidden", !isLine);
  parts.grip.toggleAttribute("hidden", !isLine);
  if (isLine) {
    const [[x1, y1], [x2, y2]] = data.line.map(at);
    for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) parts.line.setAttribute(name, value);
    const turn = (Math.atan2(-w2, w1) * 180) / Math.PI; // the grip's arrows point along w
    parts.grip.setAttribute("transform", `translate(${gripAt(ctx, { size, at }).join(" ")}) rotate(${turn + (data.has_bias ? 0 : 90)})`);
  }
  parts.grip.setAttribute("aria-label", data.has_bias ? text.grip : text.grip_pinned);
  parts.grip.setAttribute("aria-valuenow", data.has_bias ? b : Math.round((Math.atan2(w2, w1) * 180) / Math.PI));
  parts.grip.setAttribute("aria-valuetext", data.has_bias ? `b = ${number(b)}` : `w = (${number(w1)}, ${number(w2)})`);
  const [[x0, y0], [x, y]] = [[0, 0], data.tip].map(at), long = Math.hypot(x - x0, y - y0);
  parts.arrow.setAttribute("d", long < 1 ? "" : `M${x0} ${y0}L${x} ${y}`);
  parts.tip.setAttribute("transform", `translate(${x} ${y})`);
  parts.tip.setAttribute("aria-label", text.tip);
  parts.tip.setAttribute("aria-valuenow", w1);
  parts.tip.setAttribute("aria-valuetext", `w₁ = ${number(w1)}, w₂ = ${number(w2)}`);
  const [right, down] = long < 1 ? [1, 0] : [(x - x0) / long, (y - y0) / long];
  parts.wName.setAttribute("x", x + 18 * right - 14 * down);
  parts.wName.setAttribute("y", y + 18 * down + 14 * right + 5);
}

// The grip sits where the line is closest to the clouds, inside the frame and off the arrow's tip.
function gripAt({ data }, { size, at }) {
  const [[x1, y1], [x2, y2]] = data.line.map(at), share = y1 < y2 ? 0.25 : 0.75;
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share].map((place) => Math.min(Math.max(place, 16), size - 16));
}

// ---------------------------------------------------------------- the pointer

function listenToPlane(ctx) {
  const { plane } = ctx.parts;
  let held = null;
  plane.onpointerdown = (event) => {
    if (event.button) return;
    const place = placeOf(ctx, event), kind = under(ctx, place);
    held = { kind, start: place, moved: false };
    if (kind !== "dot") { plane.setPointerCapture(event.pointerId); event.preventDefault(); stopPath(ctx); }
  };
  plane.onpointermove = (event) => {
    const place = placeOf(ctx, event);
    if (!held || held.kind === "dot") {
      plane.style.cursor = { line: "grab", tip: "grab" }[under(ctx, place)] ?? "pointer";
      if (event.pointerType !== "touch") look(ctx, nearest(ctx, place));
      return;
    }
    held.moved ||= Math.hypot(place[0] - held.start[0], place[1] - held.start[1]) > 3;
    if (!held.moved) return;
    plane.style.cursor = "grabbing";
    if (held.kind === "tip") dragTip(ctx, place);
    else dragLine(ctx, place);
  };
  plane.onpointerup = (event) => {
    const i = held && !held.moved ? nearest(ctx, placeOf(ctx, event)) : null;
    if (held?.moved && held.kind !== "dot") settleSoon(ctx);
    held = null;
    if (i !== null) moveTo(ctx, i);
  };
  plane.onpointercancel = () => { if (held?.moved && held.kind !== "dot") settleSoon(ctx); held = null; };
  plane.onpointerleave = () => look(ctx, null);
  plane.addEventListener("touchstart", (event) => {
    const { left, top } = plane.getBoundingClientRect(), { clientX, clientY } = event.touches[0];
    if (under(ctx, [clientX - left, clientY - top]) !== "dot") event.preventDefault(); // it drags; the page does not scroll
  }, { passive: false });
}

function placeOf(ctx, { clientX, clientY }) {
  const { left, top } = ctx.parts.plane.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

// What the pointer would take hold of at this place.
function under(ctx, [x, y]) {
  const { data } = ctx, { at } = scaleOf(ctx), [tipX, tipY] = at(data.tip);
  if (Math.hypot(x - tipX, y - tipY) < GRASP.tip) return "tip";
  if (!data.line) return "dot";
  const [[x1, y1], [x2, y2]] = data.line.map(at), long = Math.hypot(x2 - x1, y2 - y1);
  return Math.abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / long < GRASP.line ? "line" : "dot";
}

function nearest(ctx, [x, y]) {
  let best = null, gap = GRASP.dot;
  ctx.parts.places.forEach(([left, top], i) => {
    const far = Math.hypot(left - x, top - y);
    if (far < gap) [best, gap] = [i, far];
  });
  return best;
}

function dragTip(ctx, [x, y]) {
  const place = scaleOf(ctx).from(x, y);
  turn(ctx, { w: place.map((along) => tenths(along / ctx.data.arrow)) });
}

// With a bias the line moves through the pointer without turning; without one it turns around its nail.
function dragLine(ctx, [x, y]) {
  const { data } = ctx, [px, py] = scaleOf(ctx).from(x, y), [w1, w2] = data.neuron;
  if (data.has_bias) return turn(ctx, { b: Math.round(-20 * (w1 * px + w2 * py)) / 20 });
  const far = Math.hypot(px, py);
  if (far < 0.05) return undefined;
  const side = w1 * -py + w2 * px < 0 ? -1 : 1;
  return turn(ctx, { w: pointed(ctx, Math.atan2(side * px, side * -py)) });
}

// ---------------------------------------------------------------- the keyboard

const ALONG = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function lineKey(ctx, event) {
  const { data } = ctx, way = ALONG[event.key], [w1, w2, b] = data.neuron;
  if (!way) return;
  event.preventDefault();
  stopPath(ctx);
  const by = (way[0] + way[1]) * (event.shiftKey ? 10 : 1);
  if (data.has_bias) turn(ctx, { b: tenths(b + by / 10) });
  else turn(ctx, { w: pointed(ctx, Math.atan2(w2, w1) + (by * Math.PI) / 90) });
  settleSoon(ctx);
}

function tipKey(ctx, event) {
  const way = ALONG[event.key];
  if (!way) return;
  event.preventDefault();
  stopPath(ctx);
  const [w1, w2] = weights(ctx), by = event.shiftKey ? 1 : 0.1;
  turn(ctx, { w: [tenths(w1 + by * way[0]), tenths(w2 + by * way[1])] });
  settleSoon(ctx);
}

// ---------------------------------------------------------------- what all of them do

const tenths = (value) => Math.round(10 * value) / 10;
const weights = ({ data, state }) => state.turned.w ?? data.row[0].values;
const biasOf = ({ data, state }) => state.turned.b ?? data.row[1].values[0];

// Weights in another direction, and of the present length as far as the sliders reach.
function pointed({ data }, angle) {
  const way = [Math.cos(angle), Math.sin(angle)], reach = data.row[0].dials[0].high / Math.max(...way.map(Math.abs));
  const length = Math.min(reach, Math.hypot(...data.neuron.slice(0, 2)));
  return way.map((part) => Math.round(100 * length * part) / 100);
}

// New numbers under the finger: shown at once, and asked about.
function turn(ctx, change) {
  const { data, state } = ctx, [{ dials: [{ low, high }] }] = data.row, limited = (value) => Math.min(high, Math.max(low, value)) + 0;
  if (change.w) state.turned.w = change.w.map(limited);
  if (change.b !== undefined) state.turned.b = limited(change.b);
  showDials(ctx);
  ctx.inquire(settings(ctx));
}

const settings = (ctx) => ({ w: weights(ctx).map(short).join(), b: short(biasOf(ctx)), bias: ctx.data.has_bias ? "1" : "0" });
const short = (value) => String(Number(value.toFixed(2)));

// The finger rests: the address follows.
function settleSoon(ctx) {
  const { state } = ctx;
  clearTimeout(state.later);
  state.later = setTimeout(() => {
    const { w, b } = state.turned;
    state.turned = {};
    if (w) ctx.send("settle", { key: "w", values: w });
    if (b !== undefined) ctx.send("settle", { key: "b", values: [b] });
  }, 250);
}
