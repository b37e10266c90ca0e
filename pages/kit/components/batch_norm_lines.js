// One channel as lines: an axis for x and for each step, a line for each sample across them, and a
// band from μ − σ to μ + σ. The points on the axis of x can be dragged.

const INSET = { top: 14, bottom: 16 }, GRIP = 26; // GRIP: how far from a point a finger still holds it
const AXES = ["x", "centred", "normalised", "y"];

function linesPart(ctx) {
  const drawing = el("div", { class: "drawing" });
  const handle = el("div", { class: "handle", tabindex: "0", role: "slider", "aria-orientation": "vertical", "aria-valuemin": -99, "aria-valuemax": 99 });
  const caption = el("p", { class: "drag-hint" });
  const meaning = el("p", { class: "band-hint" });
  const element = el("div", { class: "lines" }, drawing, handle, caption, meaning);
  const part = { element, drawing, handle, caption, meaning, scale: null };
  const valueAt = (event) => {
    const { low, high, least, most, step, y } = ctx.state.drag.range, box = element.getBoundingClientRect();
    const share = (y(low) - (event.clientY - box.top)) / (y(low) - y(high));
    return snap(Math.min(most, Math.max(least, low + share * (high - low))), step);
  };
  handle.onpointerdown = (event) => {
    if (event.button !== 0 || !part.scale) return;
    const at = event.clientY - element.getBoundingClientRect().top, c = ctx.state.at[1];
    const far = ctx.data.x.map((row) => Math.abs(part.scale.x.y(row[c]) - at));
    const r = far.indexOf(Math.min(...far));
    if (far[r] > GRIP) return;
    handle.setPointerCapture(event.pointerId);
    take(ctx, r, c);
  };
  handle.onpointermove = (event) => {
    const { drag } = ctx.state;
    if (drag && handle.hasPointerCapture(event.pointerId)) dragTo(ctx, valueAt(event));
  };
  handle.onlostpointercapture = () => release(ctx);
  handle.onkeydown = (event) => keyed(ctx, event);
  return part;
}

// From here until it is released a point moves, and the axis that it moves on rests.
function take(ctx, row, column) {
  const { state, data, parts } = ctx;
  release(ctx);
  const old = data.x[row][column];
  state.drag = { row, column, old, value: old, range: parts.lines.scale.x };
  state.look = null;
  state.at = [row, column];
  show(ctx);
}

function release(ctx) {
  const { drag, rest } = ctx.state;
  clearTimeout(rest);
  ctx.state.drag = null;
  if (!drag) return;
  const { row, column, old, value } = drag;
  if (value === old) moveTo(ctx, row, column);
  else change(ctx, row, column, value, old);
}

// Up and down move the point, left and right go to the next sample.
function keyed(ctx, event) {
  const { data, state, parts } = ctx, [r, c] = state.at, { step } = parts.lines.scale.x;
  const by = { ArrowUp: step, ArrowDown: -step, PageUp: 10 * step, PageDown: -10 * step }[event.key];
  const to = { ArrowLeft: r - 1, ArrowRight: r + 1, Home: 0, End: data.x.length - 1 }[event.key];
  if (by === undefined && to === undefined) return;
  event.preventDefault(); event.stopPropagation();
  if (to !== undefined) {
    release(ctx);
    return to in data.x ? moveTo(ctx, to, c) : undefined;
  }
  if (!state.drag) take(ctx, r, c);
  const { least, most } = state.drag.range;
  dragTo(ctx, snap(Math.min(most, Math.max(least, data.x[r][c] + by)), step));
  clearTimeout(state.rest);
  state.rest = setTimeout(() => release(ctx), 500);
}

// ---------------------------------------------------------------- axes

const snap = (value, step) => Number((Math.round(value / step) * step).toFixed(6));

// 1, 2 or 5 times a power of ten, not below `size`.
function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= size - 1e-9 * power);
}

// One scale for x and x − μ, another for x̂ and y; their zeros stand at the same height. There is
// room to drag a point beyond the others, by half of what they span.
function axes(ctx, c) {
  const { data, state } = ctx, column = (name) => columnOf(ctx, name, c);
  const was = data.edit?.column === c && data.before ? data.before : null, seen = (name) => [...column(name), ...(was?.[name] ?? [])];
  const x = state.drag?.range ?? wideAxis(column("x"), usedBy(data)?.[0][c] ?? 0, seen("centred"));
  const below = -x.low / (x.high - x.low), ends = [...seen("normalised"), ...seen("y")];
  let length = 2 / Math.max(0.15, Math.min(below, 1 - below)); // room for −2 to 2
  while (Math.max(...ends) > (1 - below) * length + 1e-9 || Math.min(...ends) < -below * length - 1e-9) length *= 2;
  const small = { low: -below * length, high: (1 - below) * length, tick: roundUp(length / 7) };
  return { x, ...(data.steps ? { centred: x, normalised: small, y: small } : {}) };
}

function wideAxis(values, mean, centred) {
  const room = Math.max(Math.max(...values) - Math.min(...values), 1) / 2, clip = (value) => Math.max(-99, Math.min(99, value));
  const least = clip(Math.min(...values) - room), most = clip(Math.max(...values) + room);
  const low = Math.min(0, least, least - mean, ...centred), high = Math.max(0, most, most - mean, ...centred), tick = roundUp((high - low) / 9 - 1e-9);
  return { low, high, tick, least, most, step: roundUp(room / 30) };
}

const columnOf = ({ data }, name, c) => (name === "x" ? data.x : data.steps?.[name] ?? []).map((row) => row[c]);

// ---------------------------------------------------------------- drawing

function drawLines(ctx) {
  const { data, parts, state, text } = ctx, { lines } = parts, width = lines.element.clientWidth, height = lines.element.clientHeight;
  if (!width || !data) return;
  const [r, c] = shownCell(ctx), places = placesOf(ctx, width), top = INSET.top, bottom = height - INSET.bottom;
  const scale = lines.scale = axes(ctx, c);
  for (const axis of Object.values(scale)) axis.y = (value) => bottom - ((value - axis.low) / (axis.high - axis.low)) * (bottom - top);
  const names = AXES.filter((name) => scale[name]);
  const point = (name, value) => `${places[name].toFixed(1)},${Math.max(-height, Math.min(2 * height, scale[name].y(value))).toFixed(1)}`;
  const path = (values) => names.map((name, i) => point(name, values[i])).join(" ");
  const sample = (i) => path(names.map((name) => columnOf(ctx, name, c)[i]));
  const was = !data.hidden && data.edit?.column === c ? data.before : null;
  const order = data.x.map((_, i) => i).sort((a, b) => (a === r) - (b === r)); // the one at hand on top
  lines.drawing.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": fill(text.chart, { n: c + 1 }) },
    svg("clipPath", { id: "plot" }, svg("rect", { x: 0, y: top - 9, width, height: bottom - top + 18 })),
    svg("g", { "clip-path": "url(#plot)" }, ...band(ctx, c, names, point)),
    svg("line", { class: "zero", x1: places.x - 5, x2: places[names.at(-1)] + 5, y1: scale.x.y(0), y2: scale.x.y(0) }),
    svg("g", { "clip-path": "url(#plot)" },
      ...(was ? order.filter((i) => was.changed[i][c]).map((i) => svg("polyline", { class: "was", points: path(names.map((name) => was[name][i])) })) : []),
      ...order.map((i) => svg("polyline", { class: `sample${i === r ? " lit" : ""}`, points: sample(i) })),
    ),
    ...names.flatMap((name) => drawAxis(places[name], scale[name], top, bottom)),
    svg("g", { "clip-path": "url(#plot)" },
      ...order.flatMap((i) => names.map((name) => dot(name, i === r, point(name, columnOf(ctx, name, c)[i])))),
    )));
  lines.handle.style.left = `${places.x - 22}px`;
  lines.caption.textContent = text.drag;
  lines.meaning.hidden = !data.steps;
  lines.meaning.replaceChildren(el("i"), text.band);
  lines.caption.style.left = `${places.x}px`;
  const [row, column] = state.at;
  lines.handle.setAttribute("aria-label", fill(text.value, { n: row + 1 }));
  lines.handle.setAttribute("aria-valuenow", data.x[row][column]);
  lines.handle.setAttribute("aria-valuetext", number(data.x[row][column]));
}

// Below their grids; evenly where the grids do not stand in a row.
function placesOf(ctx, width) {
  const { parts } = ctx, left = parts.lines.element.getBoundingClientRect().left;
  const middle = (grid) => { const box = grid.element.querySelector(".cells").getBoundingClientRect(); return (box.left + box.right) / 2 - left; };
  const isRow = getComputedStyle(parts.lines.element).getPropertyValue("--in-a-row").trim() === "1";
  return Object.fromEntries(AXES.map((name, i) => [name, name === "x" ? 52 : isRow ? middle(parts.steps[name]) : 52 + ((width - 76) * i) / 3]));
}

function drawAxis(x, { low, high, tick, y }, top, bottom) {
  const ticks = [];
  for (let i = Math.ceil(low / tick - 1e-9); i * tick <= high + 1e-9 * tick; i++) ticks.push(Number((i * tick).toFixed(6)));
  return [
    svg("line", { class: "axis", x1: x, x2: x, y1: top, y2: bottom }),
    ...ticks.flatMap((value) => [
      svg("line", { class: "tick", x1: x - 5, x2: x + 5, y1: y(value), y2: y(value) }),
      svg("text", { class: "tick-value", x: x - 14, y: y(value) + 5 }, number(value)),
    ]),
  ];
}

const dot = (name, isLit, at) => {
  const [cx, cy] = at.split(",");
  return svg("circle", { class: `dot of-${name}${isLit ? " lit" : ""}`, cx, cy, r: isLit ? 8 : 6.5 });
};

// [μ − σ, μ + σ] becomes [−σ, σ], then [−1, 1], then [β − γ, β + γ].
function band(ctx, c, names, point) {
  const { data } = ctx;
  if (!data.steps) return [];
  const edge = (side) => names.map((name) => point(name, data.band[name][side][c]));
  return [
    svg("polygon", { class: "band", points: [...edge(1), ...edge(0).reverse()].join(" ") }),
    svg("polyline", { class: "middle", points: names.map((name) => point(name, data.band[name][2][c])).join(" ") }),
  ];
}
