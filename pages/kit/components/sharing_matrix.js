// The matrix of a layer on a canvas; its rows laid out on the output, its columns on the input.
// Python numbers the weights; this script only shows where the same number stands.
export default component(build, update);

const VIEWS = ["full", "local", "shared"];
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function build(ctx) {
  const { parts } = ctx;
  parts.views = VIEWS.map((name) => el("button", { class: "view", type: "button", "data-view": name, onclick: () => choose(ctx, name) },
    el("strong"), el("p", {}, el("span"), " ", el("span"))));
  parts.input = numberGrid(ctx, {
    role: "input",
    onHover: (i, j) => look(ctx, i === null ? null : { c: i * ctx.data.size + j }),
    onPick: (i, j) => look(ctx, { c: i * ctx.data.size + j }),
  });
  parts.output = numberGrid(ctx, {
    role: "output",
    onHover: (i, j) => look(ctx, i === null ? null : { r: i * side(ctx) + j }),
    onPick: (i, j) => look(ctx, { r: i * side(ctx) + j }),
  });
  parts.kernel = numberGrid(ctx, {
    role: "kernel",
    onHover: (u, v) => look(ctx, u === null ? null : { k: ctx.parts.kernel.values[u][v] }),
    onPick: (u, v) => look(ctx, { k: ctx.parts.kernel.values[u][v] }),
  });
  parts.title = el("p", { class: "grid-title" });
  parts.canvas = el("canvas", {
    tabindex: "0", role: "application", // its arrow keys are its own
    onpointermove: (event) => { if (event.pointerType !== "touch") look(ctx, entryAt(ctx, event)); },
    onpointerleave: () => look(ctx, null),
    onclick: (event) => hold(ctx, entryAt(ctx, event)),
    onkeydown: (event) => walk(ctx, event),
  });
  parts.readout = el("p", { class: "readout" });
  ctx.root.append(
    el("div", { class: "views", role: "group" }, ...parts.views),
    el("div", { class: "sharing" },
      el("div", { class: "maps" }, parts.input.element, parts.kernel.element, parts.output.element),
      el("div", { class: "matrix" }, parts.title, parts.canvas, parts.readout)),
  );
  const observer = new ResizeObserver(() => draw(ctx));
  observer.observe(parts.canvas.parentElement);
  ctx.onRemove(() => { observer.disconnect(); clearTimeout(ctx.state.timer); });
}

function update(ctx) {
  const { data, state, parts, text } = ctx;
  if (data.view !== state.sentView) state.view = state.sentView = data.view;
  if (data.entry !== state.sentEntry) {
    state.sentEntry = data.entry;
    state.held = data.entry ? place(ctx, data.entry - 1) : null;
  }
  if (state.held && (state.held.r >= rows(ctx) || state.held.c >= columns(ctx))) state.held = null;
  state.look = null;
  parts.views.forEach((button, i) => {
    const { parameters, multiplications } = data.costs[VIEWS[i]];
    const name = button.firstChild, [learned, products] = button.querySelectorAll("span");
    name.textContent = text[VIEWS[i]];
    const isAsked = data.hidden && VIEWS[i] === "full";
    learned.textContent = fill(text.parameters, { count: isAsked ? "?" : grouped(parameters) });
    products.textContent = fill(text.multiplications, { count: grouped(multiplications) });
  });
  draw(ctx);
}

// ---------------------------------------------------------------- rows, columns, weights

const matrix = (ctx) => ctx.data.matrices[ctx.state.view];
const rows = (ctx) => matrix(ctx).length;
const columns = (ctx) => matrix(ctx)[0].length;
const side = (ctx) => Math.sqrt(rows(ctx));
const place = (ctx, index) => ({ r: Math.floor(index / columns(ctx)), c: index % columns(ctx) });
const grouped = (count) => count.toLocaleString("en-US");
const chunk = (line, length) => Array.from({ length: line.length / length }, (_, i) => line.slice(i * length, (i + 1) * length));

// What is pointed at: a row r, a column c, a weight k, or an entry, which is all three.
function focus(ctx) {
  const at = ctx.state.look ?? ctx.state.held ?? {};
  return at.r !== undefined && at.c !== undefined ? { ...at, k: matrix(ctx)[at.r][at.c] } : at;
}

function entryAt(ctx, event) {
  const box = ctx.parts.canvas.getBoundingClientRect();
  const inside = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return {
    r: inside((event.clientY - box.top) / box.height, rows(ctx)),
    c: inside((event.clientX - box.left) / box.width, columns(ctx)),
  };
}

// Colours that tell weights apart; numbers say the same where there is room for them.
function colorOf(ctx, k) {
  if (!k) return "transparent";
  const isFew = ctx.state.view === "shared";
  const hue = isFew ? (360 * (k - 1)) / ctx.data.ksize ** 2 : (k * 137.508) % 360;
  return `oklch(${k % 2 ? 0.8 : 0.68} 0.13 ${hue})`;
}

// ---------------------------------------------------------------- pointing and choosing

function choose(ctx, view) {
  ctx.state.view = ctx.state.sentView = view;
  draw(ctx);
  ctx.send("view", view);
}

function look(ctx, at) {
  ctx.state.look = at;
  draw(ctx);
}

function hold(ctx, at) {
  const { state } = ctx;
  const isHeld = state.held && state.held.r === at.r && state.held.c === at.c;
  state.held = isHeld ? null : at;
  state.look = null;
  draw(ctx);
  ctx.say(ctx.parts.readout.textContent);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    const number = state.held ? state.held.r * columns(ctx) + state.held.c + 1 : 0;
    if (number !== state.sentEntry) ctx.send("entry", (state.sentEntry = number));
  }, 250);
}

function walk(ctx, event) {
  if (event.key === "Escape" && ctx.state.held) return hold(ctx, ctx.state.held);
  if (!ARROWS[event.key]) return;
  event.preventDefault();
  const [down, right] = ctx.state.held ? ARROWS[event.key] : [0, 0]; // the first key shows the start
  const { r, c } = ctx.state.held ?? { r: 0, c: 0 };
  const to = { r: Math.max(0, Math.min(rows(ctx) - 1, r + down)), c: Math.max(0, Math.min(columns(ctx) - 1, c + right)) };
  ctx.state.held = null;
  hold(ctx, to);
}

// ---------------------------------------------------------------- drawing

function draw(ctx) {
  if (!ctx.state.view) return;
  const { parts, text, data, state } = ctx, { r, c, k } = focus(ctx);
  parts.views.forEach((button) => button.setAttribute("aria-pressed", button.dataset.view === state.view));
  const row = r === undefined ? null : matrix(ctx)[r];
  const column = c === undefined ? null : matrix(ctx).map((line) => line[c]);
  drawCells(ctx, parts.input, text.input, row ? fill(text.row, { row: r + 1 }) : text.columns, row, data.size, columns(ctx), c);
  drawCells(ctx, parts.output, text.output, column ? fill(text.column, { column: c + 1 }) : text.rows, column, side(ctx), rows(ctx), r);
  parts.kernel.element.classList.toggle("absent", state.view !== "shared");
  const weights = chunk(Array.from({ length: data.ksize ** 2 }, (_, i) => i + 1), data.ksize);
  parts.kernel.draw({ title: text.kernel, values: weights, scale: "none" });
  tint(ctx, parts.kernel, (weight) => weight, (weight) => k > 0 && weight === k);
  drawMatrix(ctx, { r, c, k });
  parts.title.replaceChildren(text.matrix, el("small", {}, fill(text.shape, { rows: rows(ctx), columns: columns(ctx) })));
  const { sentences, places } = describe(ctx, { r, c, k });
  parts.readout.replaceChildren(...sentences.map((sentence) => el("span", {}, sentence)));
  parts.canvas.setAttribute("aria-label", [text.matrix, ...sentences].join(". "));
  parts.canvas.dataset.places = places;
}

// A row of the matrix laid out on the input, or a column on the output; else the cells' own numbers.
function drawCells(ctx, grid, title, detail, line, width, count, marked) {
  const own = Array.from({ length: count }, (_, i) => i + 1);
  const cell = Math.min(30, 152 / width), fit = String(Math.max(...(line ?? own))).length * 7.8 <= cell - 2;
  grid.element.style.setProperty("--cell-max", `${cell}px`);
  grid.draw({ title, detail, values: chunk(line ?? own, width), scale: "none", text: (_r, _c, value) => (fit && value ? String(value) : "") });
  tint(ctx, grid, (value) => (line ? value : 0), (_, i, j) => i * width + j === marked);
}

function tint(ctx, grid, weightOf, isMarked) {
  grid.values.forEach((line, i) => line.forEach((value, j) => {
    const cell = grid.cell(i, j), weight = weightOf(value);
    cell.style.background = colorOf(ctx, weight);
    cell.style.color = weight ? "black" : "var(--faint)";
    cell.classList.toggle("marked", isMarked(value, i, j));
  }));
}

function drawMatrix(ctx, { r, c, k }) {
  const { canvas } = ctx.parts, entries = matrix(ctx);
  const room = canvas.parentElement.clientWidth - 6;
  const cell = Math.min(26, room / columns(ctx), Math.max(346 / rows(ctx), 5));
  const scale = window.devicePixelRatio || 1;
  canvas.style.width = `${cell * columns(ctx)}px`; canvas.style.height = `${cell * rows(ctx)}px`;
  canvas.width = Math.round(cell * columns(ctx) * scale); canvas.height = Math.round(cell * rows(ctx) * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const isFree = r === undefined && c === undefined && k === undefined;
  const empty = paint(ctx, "--surface");
  const gap = cell > 12 ? 1 : 0.5, isRoomy = cell >= 19 && ctx.state.view === "shared";
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", font: `600 14px ${getComputedStyle(canvas).fontFamily}` });
  entries.forEach((line, i) => line.forEach((weight, j) => {
    const isLit = isFree || i === r || j === c || (k > 0 && weight === k);
    pen.globalAlpha = isLit ? 1 : 0.22;
    pen.fillStyle = weight ? colorOf(ctx, weight) : empty;
    pen.fillRect(j * cell + gap / 2, i * cell + gap / 2, cell - gap, cell - gap);
    if (!weight || !isRoomy || !isLit) return;
    pen.fillStyle = "black";
    pen.fillText(weight, (j + 0.5) * cell, (i + 0.55) * cell);
  }));
  pen.globalAlpha = 1;
  Object.assign(pen, { strokeStyle: paint(ctx, "--text"), lineWidth: 2 });
  const width = cell * columns(ctx), height = cell * rows(ctx);
  if (r !== undefined) pen.strokeRect(1, r * cell, width - 2, cell);
  if (c !== undefined) pen.strokeRect(c * cell, 1, cell, height - 2);
}

function describe(ctx, { r, c, k }) {
  const { text } = ctx, cellOf = (index, width) => ({ i: Math.floor(index / width) + 1, j: (index % width) + 1 });
  const sentences = [];
  if (r !== undefined) sentences.push(fill(text.feeds, { row: r + 1, ...cellOf(r, side(ctx)) }));
  if (c !== undefined) sentences.push(fill(text.reads, { column: c + 1, ...cellOf(c, ctx.data.size) }));
  const places = k ? matrix(ctx).flat().filter((weight) => weight === k).length : 0;
  if (k) sentences.push(fill(text.weight, { weight: grouped(k), places: places === 1 ? text.one_place : fill(text.places, { count: places }) }));
  if (k === 0) sentences.push(text.nothing);
  return { sentences: sentences.length ? sentences : [text.point], places };
}
