// The unseen digits as points on the sigmoid: a ring where the softmax sees one (at the difference of
// its two scores), a dot where the regression does. And how the loss of both falls.

const CURVE = { left: 44, right: 14, top: 24, bottom: 46 };
const FALL = { left: 44, right: 18, top: 10, bottom: 40 };
const NEAR = 26; // pixels between the pointer and the digit it chooses

function buildCurve(ctx) {
  const { parts } = ctx;
  parts.curveGround = svg("g");
  parts.curvePoints = svg("g");
  parts.cloud = svg("svg", { class: "cloud", tabindex: 0, role: "slider" }, parts.curveGround, parts.curvePoints);
  parts.curveBox = el("div", { class: "curve-box" }, parts.cloud);
  let start = null;
  const pick = (event) => {
    const { left, top } = parts.cloud.getBoundingClientRect(), image = nearestImage(ctx, event.clientX - left, event.clientY - top);
    if (image !== null && image !== ctx.state.at) moveTo(ctx, image);
  };
  // A finger may only want to scroll the page: it has to go sideways, or to tap.
  const isAcross = (event) => event.pointerType !== "touch" || Math.abs(event.clientX - start.clientX) > Math.max(4, Math.abs(event.clientY - start.clientY));
  parts.cloud.onpointerdown = (event) => { if (!event.button) start = event; };
  parts.cloud.onpointermove = (event) => { if (start && isAcross(event)) pick(event); };
  parts.cloud.onpointerup = (event) => { if (start) pick(event); start = null; };
  parts.cloud.onpointerleave = parts.cloud.onpointercancel = () => { start = null; };
  parts.cloud.onkeydown = (event) => {
    const order = [...rowOf(ctx, "scores", ALONE).keys()].sort((a, b) => rowOf(ctx, "scores", ALONE)[a] - rowOf(ctx, "scores", ALONE)[b]);
    const now = order.indexOf(ctx.state.at), last = order.length - 1;
    const to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    moveTo(ctx, order[Math.max(0, Math.min(last, to))]);
  };
  const resized = new ResizeObserver(() => { if (ctx.data) { drawCurve(ctx); drawLoss(ctx); } });
  resized.observe(parts.curveBox);
  ctx.onRemove(() => resized.disconnect());
  return parts.curveBox;
}

function curveScale(ctx) {
  const { parts, data } = ctx, width = parts.curveBox.clientWidth, height = width < 420 ? 240 : 304, { view } = data;
  const left = CURVE.left, right = width - CURVE.right, top = CURVE.top, bottom = height - CURVE.bottom, rim = 8;
  return {
    width, height, left, right, top, bottom,
    x: (z) => left + ((z + view) / (2 * view)) * (right - left),
    y: (p) => bottom - rim - p * (bottom - top - 2 * rim),
  };
}

function drawCurve(ctx) {
  const { data, parts, state, text } = ctx, scale = curveScale(ctx);
  if (scale.width < 100) return;
  const look = [scale.width, data.view, data.digits, ctx.dark, text.score_axis].join();
  if (look !== parts.curveLook) drawGround(ctx, scale);
  parts.curveLook = look;
  const { x, y } = scale, [scores, differences] = [ALONE, DIFFERENCE].map((row) => rowOf(ctx, "scores", row)), [bySoftmax, bySigmoid] = [0, 1].map((row) => rowOf(ctx, "probabilities", row));
  if (parts.curvePoints.childElementCount !== 2 * scores.length + 1) {
    parts.curvePoints.replaceChildren(...Array.from(scores, () => svg("circle", { class: "ring", r: 7 })), ...Array.from(scores, () => svg("path")), svg("circle", { class: "chosen", r: 12 }));
  }
  const points = parts.curvePoints.children, count = scores.length;
  scores.forEach((score, i) => {
    const ring = points[i], dot = points[count + i];
    dot.setAttribute("class", `dot of-${isSecond(ctx, i) ? "second" : "first"}${isWrong(ctx, i) ? " is-wrong" : ""}`);
    dot.setAttribute("d", isSecond(ctx, i) ? "M0-5.5L5.5 0L0 5.5L-5.5 0Z" : "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0");
    dot.setAttribute("transform", `translate(${x(score).toFixed(1)} ${y(bySigmoid[i]).toFixed(1)})`);
    ring.setAttribute("transform", `translate(${x(differences[i]).toFixed(1)} ${y(bySoftmax[i]).toFixed(1)})`);
  });
  points[2 * count].setAttribute("transform", `translate(${x(scores[state.at])} ${y(bySigmoid[state.at])})`);
  const attributes = { "aria-label": text.cloud, "aria-valuemin": -data.view, "aria-valuemax": data.view, "aria-valuenow": scores[state.at].toFixed(2), "aria-valuetext": digitSentence(ctx) };
  for (const [name, value] of Object.entries(attributes)) parts.cloud.setAttribute(name, value);
}

function drawGround(ctx, { width, height, left, right, top, bottom, x, y }) {
  const { data, parts, text } = ctx, { z } = data.names, [first, second] = data.digits;
  const line = (name, x1, y1, x2, y2) => svg("line", { class: name, x1, y1, x2, y2 });
  const words = (name, at, over, shown) => svg("text", { class: name, x: at, y: over }, shown);
  const path = [...data.arrays.curve.values].map((value, i, all) => `${x(((2 * i) / (all.length - 1) - 1) * data.view).toFixed(1)},${y(value).toFixed(1)}`);
  parts.cloud.setAttribute("width", width); parts.cloud.setAttribute("height", height);
  parts.curveGround.replaceChildren(
    svg("rect", { class: "side of-first", x: left, y: top, width: x(0) - left, height: bottom - top }),
    svg("rect", { class: "side of-second", x: x(0), y: top, width: right - x(0), height: bottom - top }),
    ...data.view_ticks.flatMap((score) => [line("tick", x(score), top, x(score), bottom), words("below", x(score), bottom + 19, number(score))]),
    ...[0, 0.5, 1].flatMap((p) => [line("tick", left, y(p), right, y(p)), words("beside", left - 8, y(p) + 5, number(p))]),
    line("middle", x(0), top, x(0), bottom),
    svg("polyline", { class: "sigmoid", points: path.join(" ") }),
    words("said of-first", left + 12, top + 26, `→ ${first}`), words("said of-second", right - 12, bottom - 14, `→ ${second}`),
    words("axis", (left + right) / 2, height - 5, fill(text.score_axis, { first: z[0], second: z[1] })),
    words("axis of-p", left, 14, `P(${second})`));
}

function nearestImage(ctx, px, py) {
  const { x, y } = curveScale(ctx), scores = rowOf(ctx, "scores", ALONE), shares = rowOf(ctx, "probabilities", 1);
  let best = null, gap = NEAR;
  scores.forEach((score, i) => {
    const far = Math.hypot(x(score) - px, y(shares[i]) - py);
    if (far < gap) [best, gap] = [i, far];
  });
  return best;
}

// ---------------------------------------------------------------- the loss

function buildLoss(ctx) {
  const { parts } = ctx;
  parts.loss = svg("svg", { class: "loss", role: "img" });
  return (parts.lossBox = el("div", { class: "loss-box" }, parts.loss));
}

function drawLoss(ctx) {
  const { data, parts, state, text } = ctx, width = parts.lossBox.clientWidth, height = 128, last = data.losses.length - 1;
  if (width < 100) return;
  const left = FALL.left, right = width - FALL.right, top = FALL.top, bottom = height - FALL.bottom, most = Math.max(data.loss_ticks.at(-1), ...data.losses.flat());
  const x = (step) => left + (step / last) * (right - left), y = (loss) => bottom - (loss / most) * (bottom - top);
  const words = (name, at, over, shown) => svg("text", { class: name, x: at, y: over }, shown);
  const fall = (name, i) => svg("polyline", { class: `fall ${name}`, points: data.losses.slice(0, state.step + 1).map((both, step) => `${x(step).toFixed(1)},${y(both[i]).toFixed(1)}`).join(" ") });
  const [first, second] = data.losses[state.step];
  parts.loss.setAttribute("width", width); parts.loss.setAttribute("height", height);
  parts.loss.setAttribute("aria-label", text.loss_chart);
  parts.loss.replaceChildren(
    ...data.loss_ticks.flatMap((loss) => [svg("line", { class: "tick", x1: left, x2: right, y1: y(loss), y2: y(loss) }), words("beside", left - 8, y(loss) + 5, number(loss))]),
    ...[0, 20, 40, 60].filter((step) => step <= last).map((step) => words("below", x(step), bottom + 17, number(step))),
    words("axis", (left + right) / 2, height - 3, text.steps_axis),
    fall("of-softmax", 0), fall("of-regression", 1),
    svg("circle", { class: "ring", cx: x(state.step), cy: y(first), r: 7 }), svg("circle", { class: "dot", cx: x(state.step), cy: y(second), r: 4.5 }));
}
