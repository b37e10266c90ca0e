// The two scores on one axis. Above the track the first can be dragged, below it the second, and
// between them a bar that moves both.

const LINE = { height: 122, top: 46, bottom: 74, inset: 26, radius: 10 };

function buildLine(ctx) {
  const { parts } = ctx, handle = (name, ...shapes) => (parts[name] = svg("g", { class: `handle ${name}`, tabindex: 0, role: "slider" }, ...shapes));
  const pin = (y, stem) => [svg("path", { d: stem }), svg("circle", { cy: y, r: LINE.radius })];
  parts.ticks = svg("g", { class: "ticks" });
  parts.track = svg("rect", { class: "track", y: LINE.top, height: LINE.bottom - LINE.top, rx: 6 });
  parts.bar = svg("path");
  parts.labels = [svg("text", { y: 15, class: "of-first" }), svg("text", { y: 117, class: "of-second" }), svg("text", { y: 66, class: "of-difference" })];
  parts.lineSvg = svg("svg", { class: "line-svg", height: LINE.height, role: "group" },
    parts.track, parts.ticks,
    handle("both", parts.bar), handle("first", ...pin(30, `M0 30V${LINE.bottom}`)), handle("second", ...pin(90, `M0 ${LINE.top}V90`)),
    ...parts.labels);
  parts.first.onkeydown = (event) => lineKey(ctx, event, (by) => turn(ctx, [scoresOf(ctx)[0] + by, scoresOf(ctx)[1]]));
  parts.second.onkeydown = (event) => lineKey(ctx, event, (by) => turn(ctx, [scoresOf(ctx)[0], scoresOf(ctx)[1] + by]));
  parts.both.onkeydown = (event) => lineKey(ctx, event, (by) => turnBoth(ctx, by));
  listenToLine(ctx);
  return (parts.line = el("div", { class: "score-line" }, parts.lineSvg));
}

function lineKey(ctx, event, move) {
  const by = stepOf(ctx, event);
  if (by === null) return;
  move(by);
  settleSoon(ctx);
}

function lineScale(ctx) {
  const { reach } = ctx.data, width = ctx.parts.line.clientWidth, unit = (width - 2 * LINE.inset) / (2 * reach);
  return { width, x: (z) => LINE.inset + (z + reach) * unit, z: (x) => (x - LINE.inset) / unit - reach };
}

function listenToLine(ctx) {
  const { lineSvg } = ctx.parts;
  let held = null;
  const at = (event) => { const { left, top } = lineSvg.getBoundingClientRect(); return [event.clientX - left, event.clientY - top]; };
  const onStep = (z) => Math.round(z / ctx.data.step) * ctx.data.step;
  const hold = follow(ctx, lineSvg, {
    take(event) {
      const [x, y] = at(event), kind = y < LINE.top ? "first" : y > LINE.bottom ? "second" : isOnBar(ctx, x) ? "both" : null;
      if (!kind) return false;
      held = { kind, from: lineScale(ctx).z(x), scores: [...scoresOf(ctx)] };
      ctx.parts[kind].focus({ preventScroll: true });
      return true;
    },
    move(event) {
      const z = lineScale(ctx).z(at(event)[0]), [first, second] = held.scores;
      if (held.kind === "first") turn(ctx, [onStep(z), second]);
      else if (held.kind === "second") turn(ctx, [first, onStep(z)]);
      else turnBoth(ctx, first + onStep(z - held.from) - scoresOf(ctx)[0]);
    },
  });
  lineSvg.addEventListener("pointermove", (event) => {
    const [x, y] = at(event), isIdle = y >= LINE.top && y <= LINE.bottom && !isOnBar(ctx, x);
    lineSvg.style.cursor = hold.isHeld ? "grabbing" : isIdle ? "default" : "grab";
  });
}

// The bar is never too short to be taken.
function barEnds(ctx) {
  const scale = lineScale(ctx), [from, to] = scoresOf(ctx).map(scale.x), missing = Math.max(0, 34 - Math.abs(to - from)) / 2;
  return from <= to ? [from - missing, to + missing] : [from + missing, to - missing];
}
function isOnBar(ctx, x) {
  const ends = barEnds(ctx);
  return x >= Math.min(...ends) && x <= Math.max(...ends);
}

function drawLine(ctx) {
  const { data, parts, text } = ctx, scale = lineScale(ctx), scores = scoresOf(ctx);
  if (scale.width < 60) return;
  parts.lineSvg.setAttribute("width", scale.width);
  parts.track.setAttribute("width", scale.width);
  const look = [scale.width, data.score_ticks].join();
  if (look !== parts.lineLook) parts.ticks.replaceChildren(...data.score_ticks.map((z) => svg("text", { x: scale.x(z), y: 65 }, number(z))));
  parts.lineLook = look;
  const [first, second] = scores.map(scale.x), [start, end] = barEnds(ctx), tip = start <= end ? 9 : -9;
  parts.first.setAttribute("transform", `translate(${first} 0)`);
  parts.second.setAttribute("transform", `translate(${second} 0)`);
  const { top, bottom } = LINE, middle = (top + bottom) / 2, isEven = scores[0] === scores[1];
  parts.bar.setAttribute("d", isEven ? `M${start} ${top}H${end}V${bottom}H${start}Z` : `M${start} ${top}H${end - tip}L${end} ${middle}L${end - tip} ${bottom}H${start}Z`);
  const words = [...data.names.map((name, i) => `${name} = ${score(scores[i])}`), `${data.names[1]} − ${data.names[0]} = ${score(data.difference)}`];
  parts.labels.forEach((label, i) => { label.textContent = words[i]; });
  const [high, low, between] = parts.labels, clamp = (x, half) => Math.max(half, Math.min(scale.width - half, x));
  high.setAttribute("x", clamp(first, 38));
  low.setAttribute("x", clamp(second, 38));
  placeDifference(between, Math.min(start, end), Math.max(start, end), scale.width);
  [parts.first, parts.second].forEach((handle, i) => describe(handle, fill(text.score, { digit: data.digits[i] }), scores[i], data.reach, words[i]));
  describe(parts.both, text.both, (scores[0] + scores[1]) / 2, data.reach, words.slice(0, 2).join(", "));
}

// Inside of the bar if it is long enough, else beside it.
function placeDifference(label, left, right, width) {
  const room = label.getComputedTextLength() + 28, isInside = right - left > room;
  const isRight = right + room < width;
  label.setAttribute("x", isInside ? (left + right) / 2 : isRight ? right + 12 : left - 12);
  label.style.textAnchor = isInside ? "middle" : isRight ? "start" : "end";
  label.classList.toggle("inside", isInside);
}

function describe(handle, label, value, reach, words) {
  const attributes = { "aria-label": label, "aria-valuemin": -reach, "aria-valuemax": reach, "aria-valuenow": value, "aria-valuetext": words };
  for (const [name, each] of Object.entries(attributes)) handle.setAttribute(name, each);
}

// ---------------------------------------------------------------- beside the line

function buildTools(ctx) {
  const { parts } = ctx, shift = (way) => el("button", { class: "button", type: "button", onclick: () => { turnBoth(ctx, way * unitOf(ctx)); settleSoon(ctx); } });
  parts.shifts = [shift(-1), shift(1)];
  parts.reaches = el("div", { class: "reaches", role: "group" });
  parts.reachesTitle = el("span");
  return el("div", { class: "tools" }, el("div", { class: "shifts" }, ...parts.shifts), el("div", { class: "axis-choice" }, parts.reachesTitle, parts.reaches));
}

const unitOf = ({ data }) => 10 * data.step;

function drawTools(ctx) {
  const { data, parts, text } = ctx, unit = number(unitOf(ctx));
  parts.shifts[0].textContent = fill(text.lower, { step: unit });
  parts.shifts[1].textContent = fill(text.raise, { step: unit });
  parts.reachesTitle.textContent = text.axis;
  parts.reaches.setAttribute("aria-label", text.axis);
  if (!parts.reaches.children.length) {
    parts.reaches.append(...data.reaches.map((reach) => el("button", { class: "option", type: "button", onclick: () => ctx.send("reach", reach) }, `±${reach}`)));
  }
  data.reaches.forEach((reach, i) => {
    parts.reaches.children[i].setAttribute("aria-pressed", String(reach === data.reach));
    parts.reaches.children[i].disabled = reach < data.least_reach;
  });
}
