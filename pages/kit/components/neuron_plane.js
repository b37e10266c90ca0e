// The plane of the two inputs: the digits in it, the two sides in their colours, the boundary between
// them, w as an arrow at a right angle to it, and how far from the origin it passes.

const TRIANGLE = "M0-6L5.6 4.6H-5.6Z";
const TICKS = [0.5, 1];
const PALE = 0.1, FULL = 0.36; // how much colour the ground has at the boundary and at the contours

function buildPlane(ctx) {
  const { parts } = ctx;
  const layer = (name) => (parts[name] = svg("g", { class: name }));
  parts.plane = svg("svg", { class: "plane", role: "group" });
  parts.ground = svg("rect", { x: 0, y: 0, class: "ground" });
  parts.ramp = svg("linearGradient", { id: "score-ramp", gradientUnits: "userSpaceOnUse" });
  parts.plane.append(svg("defs", {}, parts.ramp), parts.ground, ...["contours", "axes", "cloud", "chosen", "reach"].map(layer), ...buildHandles(ctx, layer("names")));
  Object.entries({ tabindex: 0, role: "slider" }).forEach(([name, value]) => parts.chosen.setAttribute(name, value));
  parts.chosen.onkeydown = (event) => cloudKey(ctx, event);
  parts.note = el("p", { class: "note", role: "status" });
  parts.frame = el("div", { class: "plane-frame" }, parts.plane, parts.note);
  const resized = new ResizeObserver(() => { if (ctx.data) { drawPlane(ctx); drawChosen(ctx); } });
  resized.observe(parts.frame);
  ctx.onRemove(() => resized.disconnect());
  listenToPlane(ctx);
  return parts.frame;
}

// Pixels of the plane for a place in it, and back.
function scaleOf(ctx) {
  const [low, high] = ctx.data.view, size = ctx.parts.frame.clientWidth, unit = size / (high - low);
  return {
    size, unit,
    at: ([x, y]) => [(x - low) * unit, size - (y - low) * unit],
    from: (left, top) => [left / unit + low, (size - top) / unit + low],
  };
}

function drawPlane(ctx) {
  const { data, parts, text } = ctx, scale = scaleOf(ctx);
  if (!scale.size) return;
  parts.plane.setAttribute("viewBox", `0 0 ${scale.size} ${scale.size}`);
  parts.plane.setAttribute("aria-label", text.plane);
  drawGround(ctx, scale);
  drawAxes(ctx, scale);
  drawCloud(ctx, scale);
  const [x, y] = scale.at([0, 0]), blank = svg("text", { x: x - 12, y: y + 40, "text-anchor": "end" }, `z = ${number(data.blank)}`);
  parts.contours.replaceChildren(blank, ...data.contours.flatMap(([score, ends]) => (ends ? contour(scale, score, ends) : [])));
  drawReach(ctx, scale);
  drawHandles(ctx, scale);
}

// The score, in colours: full at the two contours, pale at the boundary, where they meet.
function drawGround(ctx, { size, at }) {
  const { data, parts } = ctx, [score] = data.contours[1];
  for (const side of ["width", "height"]) parts.ground.setAttribute(side, size);
  if (!data.ramp) {
    const share = Math.max(-1, Math.min(1, data.neuron[2] / score));
    parts.ground.setAttribute("fill", color(FULL * share, { dark: ctx.dark }).fill);
    return;
  }
  const [[x1, y1], [x2, y2]] = data.ramp.map(at);
  for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) parts.ramp.setAttribute(name, value);
  const shades = [-FULL, -PALE, PALE, FULL].map((share) => color(share, { dark: ctx.dark }).fill);
  const look = shades.join();
  if (look !== parts.shades) parts.ramp.replaceChildren(...[0, 0.5, 0.5, 1].map((offset, k) => svg("stop", { offset, "stop-color": shades[k] })));
  parts.shades = look;
  parts.ground.setAttribute("fill", "url(#score-ramp)");
}

// What moves with nothing but the size and the words.
function drawAxes(ctx, { size, at }) {
  const { data, parts, text } = ctx, names = data.segments.map((name) => data.options.segments.find(([key]) => key === name)[1]);
  const look = [size, ...names, text.blank, data.has_bias].join();
  if (look === parts.axesLook) return;
  parts.axesLook = look;
  const [x, y] = at([0, 0]), line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2 });
  const words = (shown, left, top, anchor = "middle", name = "") => svg("text", { x: left, y: top, "text-anchor": anchor, class: name }, shown);
  const ticks = TICKS.map((tick) => [tick, ...at([tick, tick])]);
  parts.axes.replaceChildren(
    line(0, y, size, y), line(x, 0, x, size),
    ...ticks.flatMap(([, right, top]) => [line(right, y - 4, right, y + 4), line(x - 4, top, x + 4, top)]),
    svg("path", { class: "sheet", d: `M${x - 6} ${y - 8}h12v16h-12z` }),
    ...(data.has_bias ? [] : [svg("circle", { class: "nail", cx: x, cy: y, r: 5 })]),
  );
  parts.names.replaceChildren(
    ...ticks.flatMap(([tick, right, top]) => [words(number(tick), right, y + 19, "middle", "below"), words(number(tick), x - 9, top + 5, "end", "beside")]),
    words(`x₁ ${names[0]}`, size - 8, y + 40, "end", "name"),
    words("x₂", 10, 22, "start", "name"), words(names[1], 10, 41, "start", "name"),
    words(text.blank, x - 12, y + 21, "end"),
  );
}

function drawCloud(ctx, { size, at }) {
  const { data, parts } = ctx, { points, is_yes } = data.arrays;
  const look = [size, points.version, is_yes.version].join();
  if (look !== parts.cloudLook) {
    parts.cloudLook = look;
    parts.places = [...is_yes.values.keys()].map((i) => at([points.values[2 * i], points.values[2 * i + 1]]));
    const share = Math.min(1, Math.max(0.72, size / 450)).toFixed(2);
    const marked = parts.places.map(([x, y], i) => {
      const kind = `dot ${is_yes.values[i] ? "yes" : "no"}${i < data.learning ? "" : " hollow"}`, transform = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${share})`;
      return is_yes.values[i] ? svg("circle", { class: kind, r: 5, transform }) : svg("path", { class: kind, d: TRIANGLE, transform });
    });
    parts.cloud.replaceChildren(...marked);
  }
  [...parts.cloud.children].forEach((dot, i) => dot.classList.toggle("wrong", !isRight(ctx, i)));
}

// A line of equal score, named at the end that is farther from the names of both axes.
function contour({ size, at }, score, ends) {
  const [[x1, y1], [x2, y2]] = ends.map(at), [left0, top0] = at([0, 0]), names = [[0, 0], [left0, 0], [size, top0], [left0 - 40, top0 + 30]];
  const room = ([x, y]) => Math.min(...names.map(([left, top]) => Math.hypot(x - left, y - top)));
  const [x, y] = room([x1, y1]) > room([x2, y2]) ? [x1, y1] : [x2, y2];
  const inside = (place, margin) => Math.min(Math.max(place, margin), size - margin);
  return [
    svg("line", { x1, y1, x2, y2 }),
    svg("text", { x: inside(x, 34), y: inside(y, 12) + 5, "text-anchor": "middle" }, `z = ${number(score)}`),
  ];
}

// How far the boundary lies from the origin, −b / ‖w‖: a measure beside the arrow, away from the clouds.
function drawReach(ctx, { at }) {
  const { data, parts } = ctx;
  if (!data.foot || !data.line || Math.abs(data.distance) < 1e-9) return parts.reach.replaceChildren();
  const [[x1, y1], [x2, y2]] = [[0, 0], data.foot].map(at), long = Math.hypot(x2 - x1, y2 - y1);
  let [right, down] = [-(y2 - y1) / long, (x2 - x1) / long];
  if (right > down) [right, down] = [-right, -down];
  const beside = (x, y, by) => `${(x + by * right).toFixed(1)} ${(y + by * down).toFixed(1)}`;
  parts.reach.replaceChildren(svg("path", { d: `M${beside(x1, y1, 6)}L${beside(x1, y1, 18)}M${beside(x1, y1, 12)}L${beside(x2, y2, 12)}M${beside(x2, y2, 6)}L${beside(x2, y2, 18)}` }));
  if (long < 44) return undefined;
  const [x, y] = [(x1 + x2) / 2 + 20 * right, (y1 + y2) / 2 + 20 * down];
  return parts.reach.append(svg("text", { x, y: y + 5 + 8 * down, "text-anchor": right < -0.5 ? "end" : "middle" }, number(Math.abs(data.distance))));
}

function drawChosen(ctx) {
  const { data, parts, text } = ctx, i = shown(ctx), [cx, cy] = parts.places?.[i] ?? [];
  if (cx === undefined) return;
  parts.chosen.replaceChildren(svg("circle", { cx, cy, r: 11 }));
  parts.chosen.setAttribute("aria-label", text.cloud);
  parts.chosen.setAttribute("aria-valuenow", data.arrays.scores.values[i]);
  parts.chosen.setAttribute("aria-valuetext", `${parts.truth.textContent}, z = ${exact(data.arrays.scores.values[i])}`);
}

// From digit to digit, in the order of their scores.
function cloudKey(ctx, event) {
  const way = ALONG[event.key], order = byScore(ctx), ends = { Home: 0, End: order.length - 1 };
  if (!way && !(event.key in ends)) return;
  event.preventDefault();
  const place = way ? order.indexOf(ctx.state.at) + way[0] + way[1] : ends[event.key];
  moveTo(ctx, order[Math.min(Math.max(place, 0), order.length - 1)]);
}
