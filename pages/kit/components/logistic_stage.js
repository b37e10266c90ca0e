// Two scores on a line; below, what a softmax makes of both, and a sigmoid of their difference. One
// dotted line joins the two results. Python computes all values, also while something is dragged.
export default component(build, update);

function build(ctx) {
  const { parts, state } = ctx;
  state.turned = null;
  ctx.root.append(
    el("div", { class: "scores" }, buildLine(ctx), buildTools(ctx)),
    buildWays(ctx),
    (parts.verdict = el("p", { class: "verdict" })),
    (parts.note = el("p", { class: "note" })),
  );
  const resized = new ResizeObserver(() => { if (ctx.data) drawPictures(ctx); });
  resized.observe(parts.line);
  resized.observe(parts.chart);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.later); });
}

function update(ctx) {
  const { data, parts, text } = ctx;
  drawTools(ctx);
  drawPictures(ctx);
  drawFormulas(ctx);
  parts.verdict.replaceChildren(el("b", {}, "="), " ", data.gap ? fill(text.agree, { gap: scientific(data.gap) }) : text.agree_exactly);
  parts.note.replaceChildren(...data.notes.map((sentence) => el("span", {}, sentence)));
}

function drawPictures(ctx) {
  drawLine(ctx);
  drawWays(ctx);
}

// ---------------------------------------------------------------- moving the scores

const scoresOf = ({ data, state }) => state.turned ?? data.z;

// New scores under the finger: shown at once, and asked about.
function turn(ctx, scores) {
  const { data, state } = ctx, before = scoresOf(ctx);
  const next = scores.map((score) => rounded(Math.max(-data.reach, Math.min(data.reach, score))));
  if (String(next) === String(before)) return;
  state.turned = next;
  drawLine(ctx);
  ctx.inquire({ z: next.join() });
}

// Both by the same amount, as far as the axis goes.
function turnBoth(ctx, by) {
  const { reach } = ctx.data, scores = scoresOf(ctx);
  const most = Math.min(Math.max(by, -reach - Math.min(...scores)), reach - Math.max(...scores));
  turn(ctx, scores.map((score) => score + most));
}

// The second score moves; where it cannot, the first makes room.
function turnDifference(ctx, difference) {
  const { reach } = ctx.data, [first] = scoresOf(ctx), wide = Math.max(-2 * reach, Math.min(2 * reach, difference));
  const start = Math.max(-reach, Math.min(reach, first), -reach - wide), from = Math.min(start, reach, reach - wide);
  turn(ctx, [from, from + wide]);
}

// Something in `surface` follows the pointer: take(event) says whether it is held, move(event) moves it.
// A mouse moves it at once. A finger may only want to scroll the page: it has to go sideways, or to tap.
function follow(ctx, surface, { take, move }) {
  let start = null, isMoving = false;
  surface.onpointerdown = (event) => {
    if (event.button || !take(event)) return;
    start = event;
    isMoving = event.pointerType !== "touch";
    surface.setPointerCapture(event.pointerId);
    if (isMoving) { event.preventDefault(); move(event); }
  };
  surface.onpointermove = (event) => {
    if (!start) return;
    const [across, along] = [event.clientX - start.clientX, event.clientY - start.clientY].map(Math.abs);
    isMoving ||= across > 4 && across > along;
    if (isMoving) move(event);
  };
  surface.onpointerup = (event) => {
    if (start && !isMoving) move(event);
    if (start) settleSoon(ctx);
    start = null;
  };
  surface.onpointercancel = () => { if (start && isMoving) settleSoon(ctx); start = null; };
  return { get isHeld() { return start !== null; } };
}

function settleSoon(ctx) {
  const { data, state, text } = ctx;
  clearTimeout(state.later);
  state.later = setTimeout(() => {
    if (!state.turned) return;
    const values = state.turned;
    state.turned = null;
    ctx.send("settle", { key: "z", values });
    const [first, second] = data.names.map((name, i) => `${name} = ${score(values[i])}`);
    ctx.say(fill(text.says, { first, second, digit: data.digits[1], value: share(data.sigmoid) }));
  }, 250);
}

// A key moves by one step, with Shift or Page by ten; Home and End go to the ends.
function stepOf(ctx, event) {
  const { data } = ctx, many = event.shiftKey ? 10 : 1;
  const steps = { ArrowRight: many, ArrowUp: many, ArrowLeft: -many, ArrowDown: -many, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 }[event.key];
  if (steps === undefined) return null;
  event.preventDefault(); event.stopPropagation();
  return steps * data.step;
}
