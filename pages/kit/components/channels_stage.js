// One filter of a layer: every channel's window and kernel, their partial results, the sum, the
// bias, the activation, and all output maps. Python computes every number, for all filters and all
// output cells; this script chooses which of them are shown.
export default component(build, update);

const REST = 350; // milliseconds
const SIDE = 3; // of a kernel, and of an output map
const WIDTH = 5, INPUT_WIDTH = 3.5, TILE_WIDTH = 6.5; // what fits into a cell, in digits

function build(ctx) {
  const { parts, text, data } = ctx, [channels, filters] = data.most;
  const follow = { onPick: (r, c) => moveTo(ctx, ctx.data.filter, r * SIDE + c), onHover: (r, c) => look(ctx, r === null ? null : r * SIDE + c) };
  parts.channels = range(channels).map((n) => buildChannel(ctx, n, follow));
  parts.total = numberGrid(ctx, { role: "neutral", ...follow });
  parts.bias = numberGrid(ctx, { role: "kernel", limit: data.limit, onEdit: (r, c, value) => {
    ctx.data.bias[0][ctx.data.filter - 1] = value;
    draw(ctx);
    ctx.send("b", ctx.data.bias);
  } });
  parts.outputs = range(filters).map((k) => numberGrid(ctx, {
    role: "output", onPick: (r, c) => moveTo(ctx, k + 1, r * SIDE + c), onHover: follow.onHover,
  }));
  parts.activation = picker(text.activation, (name) => ctx.send("act", name));
  parts.picture = picker(text.choose_input, (name) => ctx.send("x", name));
  parts.channelCount = picker(text.channels, (count) => ctx.send("channels", Number(count)));
  parts.kernels = picker(text.choose_kernels, (name) => ctx.send("w", name));
  parts.nextSeed = el("button", { class: "button", type: "button", onclick: () => ctx.send("seed", (ctx.data.seed + 1) % 10000) });
  parts.depth = el("input", { type: "range", min: 1, max: filters, step: 1, oninput: () => {
    nameDepth(ctx, Number(parts.depth.value));
    ctx.send("depth", Number(parts.depth.value));
  } });
  parts.depthWords = el("span");
  parts.swatch = el("div", { class: "swatch", "aria-hidden": "true" });
  for (const name of ["inputTitle", "arrow", "count", "outputTitle"]) parts[name] = el("p", { class: name });

  parts.finish = el("div", { class: "finish" },
    parts.bias.element, el("p", { class: "remark" }, text.one_bias),
    el("label", {}, el("span", {}, text.activation), parts.activation));
  parts.wires = svg("svg", { class: "wires", "aria-hidden": "true" });
  parts.maps = el("div", { class: "maps" }, ...parts.outputs.map((grid) => grid.element));
  parts.board = el("div", { class: "board" },
    el("div", { class: "head input-head" }, el("div", {}, parts.inputTitle, parts.swatch), el("div", { class: "pickers" }, parts.picture, parts.channelCount)),
    el("div", { class: "head arrow-head" },
      el("div", { class: "words" }, parts.arrow, parts.count),
      el("div", { class: "pickers" }, parts.kernels, parts.nextSeed)),
    el("div", { class: "head output-head" }, parts.outputTitle, el("label", {}, parts.depthWords, parts.depth)),
    el("div", { class: "filter-frame" }),
    ...parts.channels.map((channel) => channel.element),
    el("div", { class: "total" }, parts.total.element),
    parts.finish, parts.maps, parts.wires);
  parts.formula = el("div", { class: "formula" });
  ctx.root.append(parts.board, parts.formula);
  const observer = new ResizeObserver(() => drawWires(ctx));
  observer.observe(parts.board);
  ctx.onRemove(() => { observer.disconnect(); clearTimeout(ctx.state.timer); });
}

function buildChannel(ctx, n, follow) {
  const point = (r, c) => light(ctx, n, r === null ? null : [r, c]);
  const channel = {
    label: el("p", { class: "name" }),
    input: numberGrid(ctx, { role: "input", limit: ctx.data.limit, onEdit: (r, c, value) => editInput(ctx, n, r, c, value) }),
    kernel: numberGrid(ctx, { role: "kernel", limit: ctx.data.limit, onEdit: (r, c, value) => editKernel(ctx, n, r, c, value), onHover: point, onPick: point }),
    sum: el("p", { class: "tiles-title" }),
    tiles: range(SIDE * SIDE).map((i) => el("div", {
      class: "tile", onpointerenter: () => point(Math.floor(i / SIDE), i % SIDE), onpointerleave: () => point(null),
    }, el("span"), el("b"))),
    partial: numberGrid(ctx, { role: "neutral", ...follow }),
  };
  channel.element = el("div", { class: "channel", style: `--row: ${n + 3}` },
    el("div", { class: "source" }, channel.label, channel.input.element),
    el("span", { class: "sign", "aria-hidden": "true" }, "∗"),
    el("div", { class: "kernel" }, channel.kernel.element),
    el("div", { class: "products" }, channel.sum, el("div", { class: "tiles" }, ...channel.tiles)),
    el("div", { class: "partial" }, channel.partial.element));
  return channel;
}

function update(ctx) {
  const { data, state } = ctx;
  if (state.timer) Object.assign(data, state.place); // Python does not know yet where the reader has gone
  data.filter = Math.min(data.filter, data.depth);
  draw(ctx);
}

// ---------------------------------------------------------------- what stands where

const range = (n) => [...Array(n).keys()];
const cellAt = (ctx) => ctx.state.look ?? ctx.data.cell;
const place = (position) => [Math.floor(position / SIDE), position % SIDE];
const ofFilter = (ctx, name) => ctx.data[name][ctx.data.filter - 1];
const shape = (rows) => `${rows.length}×${rows[0].length}`;
// The rows of channel n's input, and of one kernel as it was set, in the stacked settings.
const inputOf = (ctx, n) => { const side = ctx.data.x.length / ctx.data.most[0]; return ctx.data.x.slice(n * side, (n + 1) * side); };
const kernelOf = (ctx, n) => { const first = ((ctx.data.filter - 1) * ctx.data.most[0] + n) * SIDE; return ctx.data.weight.slice(first, first + SIDE); };
const low = (i) => "₀₁₂₃₄₅₆₇₈₉"[i]; // a subscript

// ---------------------------------------------------------------- what a person does

// Where the reader stands goes into the link when it has come to rest.
function moveTo(ctx, filter, cell) {
  const { data, state } = ctx, isOther = data.filter !== filter;
  Object.assign(data, state.place = { filter, cell });
  state.look = null;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { state.timer = null; ctx.send("place", state.place); }, REST);
  if (isOther) draw(ctx);
  else show(ctx);
  const [row, column] = place(cell), value = number(ofFilter(ctx, "outputs")[row][column]);
  ctx.say(`${fill(ctx.text.said, { label: `C${low(filter)}, ${placeWords(ctx, cell)}`, value })}. ${ctx.parts.formula.lastChild.dataset.said}`);
}

function look(ctx, cell) {
  if (ctx.state.look === cell) return;
  ctx.state.look = cell;
  show(ctx);
}

// An edit is shown at once; what follows from it is Python's answer. All numbers are sent, so that
// a second edit which overtakes the first answer loses nothing.
function editInput(ctx, n, r, c, value) {
  inputOf(ctx, n)[r][c] = value;
  draw(ctx);
  ctx.send("x", ctx.data.x);
}

function editKernel(ctx, n, u, v, value) { // (u, v) is the place in the window, where the kernel lies rotated
  kernelOf(ctx, n)[SIDE - 1 - u][SIDE - 1 - v] = value;
  ofFilter(ctx, "sliding")[n][u][v] = value;
  draw(ctx);
  ctx.send("w", ctx.data.weight);
}

// One place of a kernel: its product and its input cell.
function light(ctx, n, at) {
  for (const lit of ctx.root.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!at) return;
  const [u, v] = at, [top, left] = place(cellAt(ctx)), { tiles, kernel, input } = ctx.parts.channels[n];
  for (const element of [tiles[u * SIDE + v], kernel.cell(u, v), input.cell(top + u, left + v)]) element.classList.add("lit");
}

// ---------------------------------------------------------------- drawing

// What depends on the settings and on the chosen filter.
function draw(ctx) {
  const { data, parts, text } = ctx, k = data.filter, largest = (...grids) => Math.max(1e-12, ...grids.flat(4).map(Math.abs));
  parts.channels.forEach((channel, n) => {
    channel.element.hidden = n >= data.channels;
    if (channel.element.hidden) return;
    channel.label.replaceChildren(`x${low(n + 1)}`, el("small", {}, text.colours[n]));
    write(channel.input, INPUT_WIDTH, { title: `x${low(n + 1)}`, values: inputOf(ctx, n), max: largest(data.brightest, data.x) });
    write(channel.kernel, WIDTH, { title: `w${low(k)}${low(n + 1)}`, detail: text.slides, values: ofFilter(ctx, "sliding")[n], max: largest(ofFilter(ctx, "sliding")) });
    write(channel.partial, WIDTH, { title: `x${low(n + 1)} ∗ w${low(k)}${low(n + 1)}`, values: ofFilter(ctx, "partials")[n], max: largest(ofFilter(ctx, "partials"), ofFilter(ctx, "sums")) });
  });
  write(parts.total, WIDTH, { title: "Σ", detail: shape(ofFilter(ctx, "sums")), values: ofFilter(ctx, "sums"), max: largest(ofFilter(ctx, "partials"), ofFilter(ctx, "sums")) });
  write(parts.bias, WIDTH, { title: `+ b${low(k)}`, values: [[data.bias[0][k - 1]]], max: largest(data.bias) });
  parts.outputs.forEach((grid, i) => {
    grid.element.hidden = i >= data.depth;
    grid.element.classList.toggle("chosen", i + 1 === k);
    if (!grid.element.hidden) write(grid, WIDTH, { title: `C${low(i + 1)}`, values: data.outputs[i], max: largest(data.outputs) });
  });
  parts.board.style.setProperty("--rows", data.channels);
  parts.maps.style.setProperty("--maps", data.depth);

  parts.inputTitle.replaceChildren(text.input, el("small", {}, `${data.channels}×${shape(inputOf(ctx, 0))}`));
  parts.outputTitle.replaceChildren(text.output, el("small", {}, `${data.depth}×${shape(data.outputs[0])}`));
  parts.arrow.textContent = text.arrow;
  parts.count.textContent = text.count;
  const named = (names, words) => names.map((name) => [name, words[name] ?? name]);
  choose(parts.picture, named(data.pictures, text.pictures), data.picture, text.typed);
  choose(parts.kernels, named(data.sets, text.sets), data.kernels, text.typed);
  choose(parts.channelCount, text.channel_count.map((words, i) => [i + 1, words]), data.channels);
  choose(parts.activation, named(data.activations, { none: text.none, relu: "ReLU" }), data.activation);
  parts.nextSeed.hidden = data.picture !== "random" && data.kernels !== "random";
  parts.nextSeed.textContent = fill(text.next_seed, { seed: data.seed });
  parts.depth.value = data.depth;
  nameDepth(ctx, data.depth);
  drawSwatch(ctx);
  show(ctx);
  drawWires(ctx);
}

// Numbers lose decimals until they fit into their cell; the products and the formula keep them.
function write(grid, widest, what) {
  const text = (r, c, value) => shorter(value, widest);
  grid.draw({ ...what, text });
  what.values.forEach((row, r) => row.forEach((value, c) => grid.cell(r, c).style.setProperty("--digits", breadth(text(r, c, value)))));
}

// What follows the window.
function show(ctx) {
  const { data, parts, text } = ctx, [row, column] = place(cellAt(ctx));
  const products = range(data.channels).map((n) => ofFilter(ctx, "products")[n][row][column]);
  const max = Math.max(1e-12, ...products.flat(2).map(Math.abs));
  products.forEach((terms, n) => {
    const { input, partial, tiles, sum } = parts.channels[n], values = inputOf(ctx, n), kernel = ofFilter(ctx, "sliding")[n];
    input.window(row, column, SIDE, SIDE);
    tiles.forEach((tile, i) => {
      const [u, v] = place(i), { fill: background, ink } = color(terms[u][v], { max, dark: ctx.dark });
      tile.style.background = background;
      tile.style.color = ink;
      const factors = `${number(values[row + u][column + v])}·${inBrackets(number(kernel[u][v]))}`;
      tile.firstChild.textContent = breadth(factors) <= TILE_WIDTH ? factors : ""; // both stand to the left, too
      tile.lastChild.textContent = number(terms[u][v]);
      tile.title = `${factors}${equals(terms[u][v])}${number(terms[u][v])}`;
    });
    sum.replaceChildren(`${text.products} `, el("b", {}, number(ofFilter(ctx, "partials")[n][row][column])));
    mark(partial, row, column);
  });
  mark(parts.total, row, column);
  parts.outputs.forEach((grid, i) => (i + 1 === data.filter ? mark(grid, row, column) : unmark(grid)));
  drawFormula(ctx);
}

function mark(grid, row, column) {
  grid.window(row, column, 1, 1);
  grid.cursor(row, column);
}

function unmark(grid) {
  grid.window(null);
  grid.cursor(null);
}

// The pixels that the channels make together.
function drawSwatch(ctx) {
  const { data, parts } = ctx, channels = range(3).map((n) => inputOf(ctx, n));
  parts.swatch.hidden = data.channels < 3;
  const light = (value) => Math.round(255 * Math.min(1, Math.max(0, value / data.brightest)));
  parts.swatch.replaceChildren(...channels[0].flatMap((cells, r) => cells.map((_, c) => el("i", { style: `background:rgb(${channels.map((rows) => light(rows[r][c]))})` }))));
}

function nameDepth(ctx, filters) {
  const sentence = fill(ctx.text.depth, { filters });
  ctx.parts.depthWords.textContent = sentence;
  ctx.parts.depth.setAttribute("aria-label", sentence);
}

const placeWords = (ctx, position) => {
  const [row, column] = place(position);
  return fill(ctx.text.place, { row: row + 1, column: column + 1 });
};
