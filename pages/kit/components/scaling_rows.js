// The rows of the four networks: input, first layer, answers. All histograms lie on one axis of u,
// below the curve of the activation.
const AXIS = { edge: 16, curve: 62, bars: 46 }; // room for what lies beyond the axis; heights
const COLUMNS = 8; // of the grid of answers

// Above the histograms: the curve of f, its slope, and the axis of u.
function buildHead(ctx) {
  const label = el("p", { class: "arrow-label" }), plot = svg("svg", { tabindex: "0", role: "img", class: "bend" });
  const bend = el("p", { class: "arrow-label" });
  pointing(ctx, plot);
  return { element: el("div", { class: "head" }, label, plot), label, plot, bend };
}

function buildRow(ctx, lane) {
  const { hidden } = ctx.data;
  const name = el("b"), done = el("p", { class: "arrow-label" }), accuracy = el("strong"), rate = el("small", { class: "own-rate" });
  const digit = el("canvas"), size = el("div", { class: "size" });
  const plot = svg("svg", { class: "bars", "aria-hidden": "true" }), figures = el("p", { class: "figures" });
  const answers = el("canvas", { class: "answers", tabindex: "0", role: "img" }), largest = el("small"), note = el("small", { class: "neuron-note" });
  pointing(ctx, plot);
  const neuronAt = (event) => {
    const column = Math.floor(event.offsetX / answers.clientWidth * COLUMNS), row = Math.floor(event.offsetY / answers.clientHeight * hidden / COLUMNS);
    return Math.max(0, Math.min(hidden - 1, row * COLUMNS + column));
  };
  answers.onpointermove = answers.onpointerdown = (event) => aim(ctx, { lane, neuron: neuronAt(event) });
  answers.onpointerleave = answers.onblur = (event) => { if (!isLifted(event)) aim(ctx, null); };
  answers.onkeydown = (event) => {
    const now = ctx.state.spot?.neuron ?? -1, down = now < 0 ? 0 : now + COLUMNS;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, ArrowUp: now - COLUMNS, ArrowDown: down, Home: 0, End: hidden - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    if (to >= 0 && to < hidden) aim(ctx, { lane, neuron: to });
    ctx.say(ctx.parts.info.textContent);
  };
  const element = el("div", { class: `lane-row lane-${lane}` },
    el("div", { class: "who" }, el("span", { class: "lane-name" }, laneKey(lane), name), el("p", { class: "score" }, accuracy, rate), done),
    el("div", { class: "input" }, digit, size),
    el("div", { class: "given" }, plot, figures),
    el("div", { class: "out" }, answers, largest, note));
  return { element, name, done, accuracy, rate, digit, size, plot, figures, answers, largest, note };
}

// A finger that is lifted leaves, too; but what it pointed at is still being read.
const isLifted = (event) => event.pointerType === "touch";

// Pointing at the axis of u, with the pointer or the arrow keys.
function pointing(ctx, plot) {
  const bins = () => ctx.data.arrays["bars-0"].values.length - 2;
  const point = (bin) => { ctx.state.bin = bin; drawMarks(ctx); };
  plot.onpointermove = plot.onpointerdown = (event) => {
    const { left, width } = plot.getBoundingClientRect(), bin = Math.floor((event.clientX - left - AXIS.edge) / (width - 2 * AXIS.edge) * bins());
    point(Math.max(0, Math.min(bins() - 1, bin)));
  };
  plot.onpointerleave = plot.onblur = (event) => { if (!isLifted(event)) point(null); };
  plot.onkeydown = (event) => {
    const now = ctx.state.bin ?? bins() / 2, to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: bins() - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    point(Math.max(0, Math.min(bins() - 1, to)));
    ctx.say(ctx.parts.info.textContent);
  };
}

function aim(ctx, spot) {
  const lanes = [ctx.state.spot?.lane, spot?.lane].filter((lane) => lane !== undefined);
  ctx.state.spot = spot;
  lanes.forEach((lane) => drawAnswers(ctx, ctx.parts.rows[lane], lane));
  drawMarks(ctx);
}

// u, f(u) and the slope of a neuron for the shown digit.
function neuronOf(ctx, lane, neuron) {
  const { shape: [, digits, hidden], values } = ctx.data.arrays[`neurons-${lane}`], at = shownDigit(ctx) * hidden + neuron;
  return [0, 1, 2].map((kind) => values[kind * digits * hidden + at]);
}

// ---------------------------------------------------------------- drawing

function drawRows(ctx) {
  const { parts, data, state } = ctx, width = parts.head.element.clientWidth;
  state.cells = parts.rows.map(({ answers }) => [answers.clientWidth, answers.clientHeight]); // read before anything is written
  drawArrow(parts.head.label, data.arrows.first);
  drawArrow(parts.head.bend, data.arrows.bend);
  parts.rows.forEach((row, lane) => drawRow(ctx, row, lane));
  if (width > 80) {
    const x = (u) => AXIS.edge + (width - 2 * AXIS.edge) * (u + data.reach) / (2 * data.reach);
    state.axis = { width, x };
    drawBend(ctx, width, x);
    parts.rows.forEach(({ plot }, lane) => drawBars(ctx, plot, lane, width, x));
  }
  drawMarks(ctx);
}

// What is pointed at: a bin in all histograms, or a neuron in its own.
function drawMarks(ctx) {
  const { parts, state } = ctx, plots = [parts.head.plot, ...parts.rows.map(({ plot }) => plot)];
  plots.forEach((plot, i) => {
    plot.querySelectorAll(".cursor, .at-neuron").forEach((mark) => mark.remove());
    if (!state.axis) return;
    const height = i ? AXIS.bars : AXIS.curve, isSpotted = state.spot && (i === 0 || state.spot.lane === i - 1);
    plot.append(...cursorAt(ctx, state.axis.x, height),
      ...(isSpotted ? [svg("path", { class: "at-neuron", d: `M${place(ctx, state.axis.x, state.axis.width)} 0V${height}` })] : []));
  });
  drawInfo(ctx);
}

function drawArrow(label, words) {
  const [operation, parameters] = words.split(" · ");
  label.replaceChildren(el("b", {}, operation), " ", el("span", {}, parameters ?? ""));
}

function drawRow(ctx, row, lane) {
  const { data, text } = ctx, { label } = data.race.lanes[lane], { done, least, most, mean, spread } = data.inputs[lane];
  const isCommon = data.lrs.every((lr) => lr === data.lrs[0]), glance = data.glances[lane];
  row.name.textContent = label;
  drawArrow(row.done, done);
  row.accuracy.textContent = asPercent(series(ctx, lane).test_accuracy.at(-1));
  row.rate.textContent = isCommon ? "" : `η ${data.lrs[lane]}`;
  const look = `${shownDigit(ctx)} ${ctx.dark}`;
  if (row.look !== look) drawDigit(ctx, row.digit, lane, shownDigit(ctx));
  row.look = look;
  const exact = (value) => number(value, Math.abs(value) < 10 ? 2 : 1);
  row.size.replaceChildren(el("b", {}, fill(text.range, { least: exact(least), most: exact(most) })),
    figure(text.mean, exact(mean)), figure(text.spread, exact(spread)));
  const share = glance.flat === null ? "–" : `${number(100 * glance.flat, 0)}%`;
  row.figures.replaceChildren(
    figure(text.mean, asNumber(glance.mean)), figure(text.spread, asNumber(glance.spread)), figure(text.flat, share),
    figure(text.stuck, fill(text.of, { part: glance.stuck, all: data.hidden })), figure(text.gradient, asLoss(data.race.lanes[lane].gradients[data.first]), "gradient"));
  drawAnswers(ctx, row, lane);
}

const asNumber = (value) => (value === null || Math.abs(value) >= 1e4 ? asLoss(value) : number(value, Math.abs(value) < 10 ? 2 : 1));
const figure = (label, value, name = "") => el("span", { class: `figure ${name}` }, `${label} `, el("b", {}, value));

function drawAnswers(ctx, row, lane) {
  const { data, state, text } = ctx, ratio = devicePixelRatio || 1, { answers } = row;
  const all = Array.from({ length: data.hidden }, (_, neuron) => neuronOf(ctx, lane, neuron)[1]);
  const largest = Math.max(...all.map(Math.abs)), max = data.activation === "relu" ? largest || 1 : 1;
  const [width, height] = state.cells[lane].map((size) => Math.round(size * ratio));
  row.largest.textContent = fill(text.largest, { value: asLoss(largest) });
  answers.setAttribute("aria-label", `${data.race.lanes[lane].label}: f(u), ${fill(text.digit, { digit: shownDigit(ctx) })}. ${text.walk}`);
  if (!width) return;
  Object.assign(answers, { width, height });
  const pen = answers.getContext("2d"), cell = width / COLUMNS, tall = height * COLUMNS / data.hidden;
  const box = (neuron) => [Math.round((neuron % COLUMNS) * cell), Math.round(Math.floor(neuron / COLUMNS) * tall), Math.floor(cell) - ratio, Math.floor(tall) - ratio];
  all.forEach((value, neuron) => {
    pen.fillStyle = color(value, { max, dark: ctx.dark }).fill;
    pen.fillRect(...box(neuron));
  });
  if (state.spot?.lane !== lane) return;
  pen.strokeStyle = paint(ctx, "--text"); pen.lineWidth = 2 * ratio;
  pen.strokeRect(...box(state.spot.neuron));
}

// ---------------------------------------------------------------- on the axis of u

function frame(ctx, plot, width, height, x) {
  plot.setAttribute("width", width); plot.setAttribute("height", height);
  return ctx.data.flat.map(([low, high]) => {
    const from = low <= -ctx.data.reach ? 0 : x(low), to = high >= ctx.data.reach ? width : x(high);
    return svg("rect", { class: "is-flat", x: from, y: 0, width: to - from, height });
  });
}

function drawBend(ctx, width, x) {
  const { parts, data, text } = ctx, { plot } = parts.head, { shape: [, points], values } = data.arrays.curve;
  const [u, f, slope] = [0, 1, 2].map((row) => values.subarray(row * points, (row + 1) * points));
  const high = Math.max(...f), low = Math.min(0, ...f), bottom = AXIS.curve;
  const y = (value) => bottom - 4 - (bottom - 10) * (value - low) / (high - low);
  const steepest = Math.max(...slope), line = (numbers) => [...numbers].map((value, i) => `${x(u[i]).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const ticks = [-data.reach, -data.reach / 2, 0, data.reach / 2, data.reach];
  plot.setAttribute("aria-label", `${text.curve}. ${text.walk}`);
  plot.replaceChildren(...frame(ctx, plot, width, bottom + 20, x),
    svg("path", { class: "zero", d: `M0 ${y(0)}H${width}` }),
    svg("path", { class: "zero", d: `M${x(0)} 0V${bottom}` }),
    svg("polyline", { class: "slope-line", points: line(slope.map((value) => value / steepest * high)) }),
    svg("polyline", { class: "f-line", points: line(f) }),
    svg("text", { class: "name-f", x: width - 3, y: 25 }, "f(u)"),
    svg("text", { class: "name-slope", x: 4, y: 14 }, text.slope),
    ...ticks.map((value) => svg("text", { class: "tick", x: x(value), y: bottom + 15 }, number(value))));
}

// Where the neuron that is pointed at lies on the axis, or at the end that it lies beyond.
function place(ctx, x, width) {
  const [u] = neuronOf(ctx, ctx.state.spot.lane, ctx.state.spot.neuron);
  return Math.max(3, Math.min(width - 3, x(u))) || 3;
}

function cursorAt(ctx, x, height) {
  const { bin } = ctx.state, { reach, arrays } = ctx.data, bins = arrays["bars-0"].values.length - 2;
  if (bin === null || bin === undefined) return [];
  return [svg("path", { class: "cursor", d: `M${x(-reach + (bin + 0.5) * 2 * reach / bins)} 0V${height}` })];
}

function drawBars(ctx, plot, lane, width, x) {
  const { data } = ctx, shares = data.arrays[`bars-${lane}`].values, inside = shares.subarray(1, -1), height = AXIS.bars;
  const top = Math.max(...inside), tall = (share) => (top > 0 ? (height - 2) * Math.min(1, share / top) : share > 0 ? height - 2 : 0);
  const step = 2 * data.reach / inside.length;
  const path = [...inside].map((share, i) => `M${x(-data.reach + i * step).toFixed(1)} ${height}v${-tall(share).toFixed(1)}H${x(-data.reach + (i + 1) * step).toFixed(1)}V${height}Z`).join("");
  const beyond = (share, at, side) => (share < 0.0005 ? [] : [
    svg("rect", { class: "beyond", x: at, y: height - tall(share), width: AXIS.edge - 5, height: tall(share) }),
    svg("text", { class: `outside ${side}`, x: side === "left" ? AXIS.edge : width - AXIS.edge, y: 14 }, side === "left" ? `◂ ${asPercent(share)}` : `${asPercent(share)} ▸`)]);
  plot.replaceChildren(...frame(ctx, plot, width, height, x),
    svg("path", { class: "zero", d: `M${x(0)} 0V${height}` }),
    svg("path", { class: "shares", d: path }),
    ...beyond(shares[0], 1, "left"), ...beyond(shares.at(-1), width - AXIS.edge + 4, "right"));
}

function drawInfo(ctx) {
  const { parts, data, state, text } = ctx;
  parts.rows.forEach(({ note }) => { note.textContent = ""; });
  if (state.spot) {
    const { lane, neuron } = state.spot, [u, f, slope] = neuronOf(ctx, lane, neuron).map(asLoss);
    const words = fill(text.neuron, { n: neuron + 1, u, f, slope });
    parts.rows[lane].note.textContent = words; // where rows are cards, far from the line for all
    parts.info.replaceChildren(el("span", {}, laneKey(lane), data.race.lanes[lane].label), el("span", {}, words));
  } else if (state.bin !== null && state.bin !== undefined) {
    const shares = data.race.lanes.map((_, lane) => data.arrays[`bars-${lane}`].values.subarray(1, -1)), step = 2 * data.reach / shares[0].length;
    const low = -data.reach + state.bin * step;
    parts.info.replaceChildren(fill(text.bin, { low: number(low), high: number(low + step) }),
      ...shares.map((values, lane) => el("span", {}, laneKey(lane), asPercent(values[state.bin]))));
  } else if (state.troubles) parts.info.replaceChildren(el("span", { class: "trouble" }, state.troubles));
  else parts.info.replaceChildren(el("span", {}, text.given), el("span", {}, `${text.then} ${data.arrows.last}`));
}
