// From a drawing to a verdict. An arrow that is followed shows what comes out and opens as the lens;
// what is shown follows the pen.
export default component(build, update);

const ALL_THERE = 11; // the last neuron that a cell has flown to

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { peek: null, look: null, pointed: null, flown: ALL_THERE, isWalking: false });
  const onNeuron = (n) => chooseNeuron(ctx, n), onLook = (n) => pointAt(ctx, "look", n), onCell = (lens, k, r, c) => chooseCell(ctx, lens, k, r, c);
  Object.assign(parts, { onNeuron, onLook });
  parts.pad = strokePad(ctx, {
    onStroke: () => { ctx.inquire({ pixels: ctx.data.drawing.map((row) => row.join()).join(";") }); },
    onRest: () => ctx.send("draw", ctx.data.drawing),
  });
  const verdict = buildVerdict(ctx, { onPoint: (n) => pointAt(ctx, "pointed", n), onNeuron });
  parts.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
  parts.stage = el("div", { class: "stage" }, parts.lines,
    el("div", { class: "side" }, parts.pad.element, verdict),
    buildChain(ctx, { onArrow: (lens) => follow(ctx, lens), onKernel: (k) => { state.kernel = k; moved(ctx); }, onCell, onNeuron, onLook, onAll: () => all(ctx) }),
    buildLens(ctx, { onCell, onNeuron, onLook, onWalk: (p) => walk(ctx, p), onPeek: (cell) => pointAt(ctx, "peek", cell) }));
  ctx.root.append(parts.stage);
  const resized = new ResizeObserver(() => drawLines(ctx));
  resized.observe(parts.stage);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); });
}

function update(ctx) {
  const { data, parts, state } = ctx;
  if (String(Object.values(data.at)) !== state.sent) { // a link moved it, not this page
    const { step, lens, kernel, cell, neuron } = data.at;
    Object.assign(state, { step, lens: lens || step, kernel, cell, neuron, flown: ALL_THERE });
    state.sent = String(Object.values(data.at));
    parts.bar.stop();
    clearTimeout(state.timer);
  }
  const isNew = state.data !== data;
  state.data = data;
  parts.pad.draw();
  if (isNew && parts.pad.isBusy) ctx.inquire({ pixels: data.drawing.map((row) => row.join()).join(";") });
  draw(ctx);
  const said = `${data.class_names[data.winner]} ${percent(data.probabilities[data.winner])}`;
  if (state.step === 7 && said !== state.said) ctx.say((state.said = said));
}

function draw(ctx) {
  drawChain(ctx);
  drawVerdict(ctx);
  drawLens(ctx);
  show(ctx);
}

// Only what is pointed out changes.
function show(ctx) {
  const { parts, state, data } = ctx, { lens, kernel: k } = state;
  const evidence = shownEvidence(ctx), placed = evidence.filter(({ is_placed }) => is_placed);
  focusLens(ctx);
  parts.pad.mark(frameOnDrawing(ctx), placed.map((each) => ({ ...each, place: data.origins[each.neuron][1] })));
  const looked = state.look ?? (lens === 5 ? state.neuron : null);
  parts.minis.forEach((row, i) => row.forEach((mini, map) => {
    if (state.step <= i) return;
    const found = placed.filter(({ neuron }) => place(neuron).map === map).map(({ neuron }) => onMap(ctx, neuron, i));
    mini.mark(found, looked !== null ? (place(looked).map === map && data.origins[looked] ? [...onMap(ctx, looked, i), 1, 1] : null) : map === k ? frameOnMap(ctx, i) : null);
  }));
  parts.neurons.forEach((neuron, n) => neuron.classList.toggle("lit", n === looked));
  parts.spoken.forEach((button, i) => button.classList.toggle("pointed", data.evidence[i]?.neuron === state.pointed));
  const { bar } = parts;
  bar.set(lens === 5 || lens === 6 ? state.neuron : lens && lens < 5 ? walkedTo(ctx) : 0, CELLS[lens] || 1);
  drawLines(ctx);
}

// Where a neuron's number stood on the maps: 7×7, 7×7, 4×4, 2×2.
function onMap(ctx, neuron, i) {
  const [pooled, match] = ctx.data.origins[neuron], { row, column } = place(neuron);
  return [match, match, pooled, [row, column]][i];
}

// The cells that the open lens shows, on the maps before and after its arrow.
function frameOnMap(ctx, i) {
  const { lens } = ctx.state;
  if (!lens || lens > 4 || (i !== lens - 1 && i !== lens - 2)) return null;
  const [r, c] = spotOf(lens, ctx.state.peek ?? ctx.state.cell);
  if (i === lens - 1 || lens === 2) return [r, c, 1, 1];
  const side = SIDES[lens - 1];
  return [2 * r, 2 * c, Math.min(2, side - 2 * r), Math.min(2, side - 2 * c)];
}

const walkedTo = ({ state }) => { const [r, c] = spotOf(state.lens, state.cell); return SIDES[state.lens] * r + c; };

// ---------------------------------------------------------------- what a reader does

function follow(ctx, lens) {
  const { parts, state } = ctx, button = parts.arrows[lens - 1], before = button.getBoundingClientRect().top;
  parts.bar.stop();
  Object.assign(state, { step: Math.max(state.step, lens), lens, flown: ALL_THERE, peek: null, isWalking: false });
  moved(ctx);
  const shift = button.getBoundingClientRect().top - before, page = document.querySelector("[data-testid=stMain]");
  if (Math.abs(shift) > 1) page?.scrollBy({ top: shift }); // the lens moved away above: the arrow stays under the finger
  if (lens === 5 && !calm()) { // see the cells move once
    walk(ctx, 0);
    parts.bar.play();
  }
}

function all(ctx) {
  const { state, parts } = ctx, isDone = state.step === 7;
  parts.bar.stop();
  Object.assign(state, { step: isDone ? 0 : 7, lens: isDone ? 0 : 7, flown: ALL_THERE, peek: null, look: null, pointed: null });
  moved(ctx);
}

function chooseCell(ctx, lens, k, r, c) {
  const { state, parts } = ctx;
  parts.bar.stop();
  Object.assign(state, { lens, kernel: k, peek: null, look: null, isWalking: false });
  if (r !== null) state.cell = cellOf(lens, r, c);
  draw(ctx);
  storeLater(ctx); // it may be a walk with the arrow keys
  ctx.say(sentence(ctx));
}

function chooseNeuron(ctx, n) {
  const { state, parts } = ctx;
  parts.bar.stop();
  Object.assign(state, { neuron: n, flown: ALL_THERE, isWalking: true });
  if (state.lens !== 5) state.lens = Math.min(state.step, 6);
  moved(ctx);
  ctx.say(sentence(ctx));
}

function walk(ctx, p) {
  const { state } = ctx, { lens } = state;
  state.isWalking = true;
  if (lens === 5 || lens === 6) state.neuron = p;
  else state.cell = cellOf(lens, Math.floor(p / SIDES[lens]), p % SIDES[lens]);
  if (lens === 5) {
    state.flown = p;
    drawNeurons(ctx);
    drawFlatten(ctx);
  }
  show(ctx);
  storeLater(ctx);
  if (lens === 5) fly(ctx, p);
  if (!ctx.parts.bar.playing) ctx.say(sentence(ctx));
}

function pointAt(ctx, what, value) {
  if (ctx.state[what] === value) return;
  ctx.state[what] = value;
  show(ctx);
}

function moved(ctx) {
  draw(ctx);
  store(ctx);
}

// The address follows a click at once, and a walk when it rests.
function store(ctx) {
  const { step, lens, kernel, cell, neuron } = ctx.state, at = { step, lens: lens === step ? 0 : lens, kernel, cell, neuron };
  clearTimeout(ctx.state.timer);
  if (String(Object.values(at)) === ctx.state.sent) return;
  ctx.state.sent = String(Object.values(at));
  ctx.send("move", at);
}

function storeLater(ctx) {
  clearTimeout(ctx.state.timer);
  ctx.state.timer = setTimeout(() => store(ctx), ctx.parts.bar.playing ? 1500 : 250);
}

// What the lens says, for who cannot see it.
function sentence(ctx) {
  const { parts, state } = ctx;
  const words = { match: parts.agree, pair: parts.between, flat: parts.flatWords, votes: parts.voteWords }[bodyOf(state.lens)];
  return words ? [...words.children].map((each) => each.textContent).join(" ") : "";
}
