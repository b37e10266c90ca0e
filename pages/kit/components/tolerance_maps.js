// What stands between the picture and the curves: a column of maps for each pooling, or the answer
// of the whole network.

function buildMaps(ctx) {
  const { parts } = ctx;
  parts.layer = el("p", { class: "layer" });
  parts.columns = el("div", { class: "columns" });
  parts.under = el("p", { class: "under changed" });
  parts.readout = el("p", { class: "readout" });
  parts.maps = el("section", { class: "maps" }, parts.choices.window, parts.layer, parts.columns, parts.readout);
}

// Titles, arrows and empty canvases; they change with a setting, not under the slider.
function describeMaps(ctx) {
  const { parts, data, text, state } = ctx;
  parts.layer.textContent = data.layer;
  parts.under.textContent = data.changed;
  const look = JSON.stringify(data.poolings);
  if (look !== state.columnsLook) {
    state.columnsLook = look;
    parts.panels = data.poolings.map((pooling, k) => mapPanel(ctx, pooling, k + 1));
    parts.columns.replaceChildren(...parts.panels.map(({ element }) => element), el("p", { class: "under minus" }, text.gap), parts.under);
    parts.columns.style.setProperty("--count", parts.panels.length);
  }
}

function mapPanel(ctx, { name, title, arrow }, column) {
  const map = el("canvas", { role: "img", tabindex: 0 }), gap = el("canvas", { role: "img", tabindex: 0 });
  const change = el("output", { class: "change" }), spots = [0, 1].map(() => el("i", { class: "spot", hidden: "" }));
  const numbers = [0, 1].map(() => el("div", { class: "written", "aria-hidden": "true" }));
  const [shape, parameters] = arrow.split(" · ");
  const element = el("div", { class: `column ${name}`, style: `--column:${column}` },
    el("div", { class: "head" }, swatch(name), el("b", {}, title), el("span", {}, shape), el("span", {}, parameters)),
    el("div", { class: "frame now" }, map, numbers[0], spots[0]), el("div", { class: "frame gap" }, gap, numbers[1], spots[1]), change);
  const panel = { name, title, map, gap, change, spots, numbers, element };
  for (const canvas of [map, gap]) explore(ctx, panel, canvas);
  return panel;
}

// The same line as in the curves.
const swatch = (name) => svg("svg", { class: `swatch ${name}`, viewBox: "0 0 26 10", "aria-hidden": "true" }, svg("path", { d: "M0 5h26" }), mark(name, 13, 5));

// Before the question is answered, only what has no pooling may show.
const isSecret = (ctx, name) => ctx.data.hidden && ["every", "average", "max"].includes(name);

function drawMaps(ctx) {
  const { data, parts, state, text } = ctx;
  for (const panel of parts.panels) {
    const { shape: [, rows, columns], values } = data.arrays[panel.name], size = rows * columns, isHidden = isSecret(ctx, panel.name);
    const now = values.subarray(state.step * size, (state.step + 1) * size), before = values.subarray(data.unmoved * size, (data.unmoved + 1) * size);
    const gaps = now.map((value, i) => (isHidden ? 0 : value - before[i]));
    paintMap(ctx, panel.map, panel.numbers[0], now, rows, columns, "image");
    paintMap(ctx, panel.gap, panel.numbers[1], gaps, rows, columns, "signed");
    panel.element.classList.toggle("secret", isHidden);
    panel.change.textContent = isHidden ? "?" : percent(data.curves[panel.name][state.step]);
    panel.map.setAttribute("aria-label", `${panel.title}, ${text.now}`);
    panel.gap.setAttribute("aria-label", `${panel.title}, ${text.gap}`);
  }
  readCell(ctx);
}

// All maps have one scale. In a few large cells there is room for the numbers themselves.
function paintMap(ctx, canvas, written, values, rows, columns, scale) {
  const stops = SCALES[ctx.dark ? "dark" : "light"][scale], max = ctx.data.largest || 1;
  const shade = scale === "signed"
    ? (share) => mix(stops[1], share < 0 ? stops[0] : stops[2], Math.min(1, Math.abs(share)))
    : (share) => mix(stops[0], stops[1], Math.min(1, share));
  paintPixels(canvas, rows, columns, (i) => shade(values[i] / max));
  written.style.setProperty("--columns", columns);
  written.replaceChildren(...(columns > 2 ? [] : Array.from(values, (value) =>
    el("span", { style: `color:${color(value, { scale, max, dark: ctx.dark }).ink}` }, number(value)))));
}

// ---------------------------------------------------------------- one cell

// The pointer or the arrow keys choose a cell; the line below reads it, moved and unmoved.
function explore(ctx, panel, canvas) {
  const sides = () => ctx.data.arrays[panel.name].shape.slice(1);
  const look = (cell) => { ctx.state.cell = cell && { name: panel.name, at: cell }; readCell(ctx); };
  canvas.onpointermove = canvas.onpointerdown = (event) => {
    const box = canvas.getBoundingClientRect(), [rows, columns] = sides();
    const inside = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    look([inside((event.clientY - box.top) / box.height, rows), inside((event.clientX - box.left) / box.width, columns)]);
  };
  canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") look(null); };
  canvas.onkeydown = (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const limits = sides(), { cell } = ctx.state;
    const from = cell?.name === panel.name ? cell.at : limits.map((side) => side >> 1);
    look(from.map((place, k) => Math.max(0, Math.min(limits[k] - 1, place + by[k]))));
    ctx.say(ctx.parts.readout.textContent);
  };
}

function readCell(ctx) {
  const { data, parts, state, text } = ctx, { cell } = state;
  for (const panel of parts.panels) {
    const isRead = cell?.name === panel.name;
    for (const spot of panel.spots) {
      spot.hidden = !isRead;
      if (!isRead) continue;
      const [rows, columns] = data.arrays[panel.name].shape.slice(1), [r, c] = cell.at;
      spot.style.cssText = `left:${100 * c / columns}%;top:${100 * r / rows}%;width:${100 / columns}%;height:${100 / rows}%`;
    }
  }
  const panel = parts.panels.find(({ name }) => name === cell?.name);
  if (!panel) return parts.readout.replaceChildren(text.look);
  const { shape: [, rows, columns], values } = data.arrays[panel.name], [r, c] = cell.at;
  const valueAt = (step) => number(values[(step * rows + r) * columns + c]);
  parts.readout.replaceChildren(fill(text.cell_is, { title: panel.title, row: r + 1, column: c + 1, now: valueAt(state.step),
    before: isSecret(ctx, panel.name) ? "?" : valueAt(data.unmoved) }));
}

// ---------------------------------------------------------------- the network's answer

function buildAnswers(ctx) {
  const { parts, data, text } = ctx;
  parts.bars = data.probabilities[0].map((_, k) => {
    const bar = { track: el("i"), share: el("span", { class: "share" }) };
    bar.element = el("div", { class: "bar" }, el("b", {}, String(k)), el("span", { class: "track" }, bar.track), bar.share);
    return bar;
  });
  parts.reading = el("p", { class: "reading" });
  parts.answers = el("section", { class: "answers" }, el("p", { class: "layer" }, text.whole), parts.reading, ...parts.bars.map(({ element }) => element));
}

function drawAnswers(ctx) {
  const { data, parts, state, text } = ctx, shares = data.probabilities[state.step], reading = data.readings[state.step];
  parts.reading.replaceChildren(`${text.reads} `, el("b", {}, String(reading)));
  parts.bars.forEach(({ element, track, share }, k) => {
    track.style.width = `${100 * shares[k]}%`;
    share.textContent = `${(shares[k] < 0.0005 ? 0 : Math.min(99.9, 100 * shares[k])).toFixed(1)}%`; // 99.97 % is not 100 %
    element.classList.toggle("winner", k === reading);
  });
}
