// The walk of a window: input, kernel (as it is and as it slides), products, sum, output.
// Python computes every number, for both operations; this script moves, turns and shows them.
export default component(build, update);

const LARGEST_CELL = 52, TINY_CELL = 18, TALLEST = 400, TALLEST_ALONE = 560, PHONE = 700; // pixels
const FRAME = 12, GAPS = 84, TURN = 66; // around a grid; between the columns; between the kernels
const PLATE = 178, NARROW_PLATE = 146, SUM = 300, WIDEST_SUM = 450, OUTPUT = 280; // the least widths of the turning plate, the sum, and what stands below the output
const SMALLEST_TEXT = 14, PHONE_TEXT = 11, TILE_TEXT = 14, WIDE = 0.48, TALL = 0.62, EDGE = 6; // a digit's width by its size, its size by its cell's, the room beside a number (as in base.css)
const REST = 350; // milliseconds

function build(ctx) {
  const { parts, text, data } = ctx;
  parts.input = numberGrid(ctx, {
    role: "input", limit: data.limit,
    onEdit: (r, c, value) => editInput(ctx, r, c, value),
    onHover: (r, c) => feed(ctx, r, c),
    onPick: (r, c) => feed(ctx, r, c),
  });
  const pointAtKernel = (r, c) => light(ctx, r === null ? null : typedPlace(ctx, r, c));
  parts.kernel = numberGrid(ctx, {
    role: "kernel", limit: data.limit,
    onEdit: (r, c, value) => editKernel(ctx, ...typedPlace(ctx, r, c), value),
    onHover: pointAtKernel,
    onPick: pointAtKernel,
  });
  const pointAtWindow = (r, c) => light(ctx, r === null ? null : [r, c]);
  parts.sliding = numberGrid(ctx, { role: "kernel", onHover: pointAtWindow, onPick: pointAtWindow });
  parts.output = numberGrid(ctx, {
    role: "output", drags: true,
    onPick: (r, c) => moveTo(ctx, r * columns(ctx) + c),
    onHover: (r, c) => look(ctx, r === null ? null : r * columns(ctx) + c),
  });
  parts.bar = playBar(ctx, { onStep: (position) => moveTo(ctx, position) });

  parts.picture = picker(text.choose_input, (name) => ctx.send("x", name));
  parts.size = picker(text.input_size, (size) => ctx.send("size", size));
  parts.pattern = picker(text.choose_kernel, (name) => ctx.send("k", name));
  parts.kernelSize = picker(text.kernel_size, (size) => ctx.send("ksize", size));
  parts.nextSeed = el("button", { class: "button", type: "button", onclick: () => ctx.send("seed", (ctx.data.seed + 1) % 10000) });
  parts.unread = el("p", { class: "legend" }, el("i"), el("span"));
  parts.arrow = el("p", { class: "arrow-label" });
  parts.tiles = el("div", { class: "tiles" });
  parts.sum = el("p", { class: "sum" });
  parts.productsTitle = el("p", { class: "grid-title" });

  const part = (name, ...children) => el("div", { class: `part-${name}` }, ...children);
  const turn = buildTurn(ctx);
  parts.stage = el("div", { class: "stage" },
    el("div", { class: "column" },
      part("input", parts.input.element, el("div", { class: "pickers" }, parts.picture, parts.size, parts.nextSeed), parts.unread)),
    el("div", { class: "column middle" },
      part("arrow", parts.arrow, el("div", { class: "shaft" })),
      part("kernel",
        el("div", { class: "typed" }, parts.kernel.element, el("div", { class: "pickers" }, parts.pattern, parts.kernelSize)),
        ...(data.turning ? turn : [])),
      part("sum", parts.productsTitle, parts.tiles, parts.sum, buildFinish(ctx))),
    el("div", { class: "column" },
      part("output", parts.output.element),
      part("bar", parts.bar.element),
      data.turning ? part("meter", parts.map, el("div", {}, parts.meter, parts.here)) : null),
  );
  ctx.root.append(parts.stage);
  ctx.root.onkeydown = (event) => {
    if (event.key !== " " || event.target.closest("button, input, select, summary")) return;
    event.preventDefault();
    parts.bar.play();
  };
  const observer = new ResizeObserver(() => { if (ctx.root.clientWidth !== ctx.state.width) draw(ctx); });
  observer.observe(ctx.root);
  ctx.onRemove(() => { observer.disconnect(); clearTimeout(ctx.state.timer); });
}

function update(ctx) {
  const { data, state } = ctx, modeBefore = state.mode;
  if (state.timer) data.at = state.at; // Python does not know yet where the window has gone
  data.at = Math.min(data.at, count(ctx) - 1);
  state.mode = data.mode;
  if (!(state.look < count(ctx))) state.look = null; // else the pointer is still there
  draw(ctx);
  if (data.turning && modeBefore && modeBefore !== data.mode) swing(ctx, 180);
}

// ---------------------------------------------------------------- where things lie

const output = (ctx) => ctx.data.outputs[ctx.data.mode];
const columns = (ctx) => output(ctx)[0].length;
const count = (ctx) => output(ctx).length * columns(ctx);
const size = (ctx) => ctx.data.kernel.length;
const span = (ctx) => ctx.data.dilation * (size(ctx) - 1) + 1;
const shown = (ctx) => ctx.state.look ?? ctx.data.at;
const place = (ctx, position) => [Math.floor(position / columns(ctx)), position % columns(ctx)];
const shape = (rows) => `${rows.length}×${rows[0].length}`;
// The input cell under the place (u, v) of a window.
const inputCell = (ctx, position, u, v) => place(ctx, position).map((i, axis) => i * ctx.data.stride + [u, v][axis] * ctx.data.dilation);
// Where the place (u, v) of a window stands in the kernel's grid, and back. Without a plate beside
// it that grid shows the kernel as it slides.
const typedPlace = (ctx, u, v) => (ctx.data.turning ? mirrored(ctx, u, v) : [u, v]);

// ---------------------------------------------------------------- what a person does

// The place of the window goes into the link when it has come to rest.
function moveTo(ctx, position) {
  const { data, state, parts } = ctx;
  data.at = state.at = position;
  state.look = null;
  clearTimeout(state.timer);
  const tell = () => {
    if (parts.bar.playing) { state.timer = setTimeout(tell, REST); return; }
    state.timer = null;
    ctx.send("at", state.at);
  };
  state.timer = setTimeout(tell, REST);
  parts.bar.set(position, count(ctx));
  show(ctx);
  if (!parts.bar.playing) ctx.say(fill(ctx.text.said, { label: placeWords(ctx, position), value: parts.sum.textContent }));
}

function look(ctx, position) {
  if (ctx.state.look === position || ctx.parts.bar.playing) return;
  ctx.state.look = position;
  show(ctx);
}

// An edit is shown at once; what follows from it is Python's answer. The whole grid is sent, so
// that a second edit which overtakes the first answer loses nothing.
function editInput(ctx, r, c, value) {
  const { padded, padding: [before, after] } = ctx.data;
  padded[r][c] = value;
  draw(ctx);
  const inner = (cells) => cells.slice(before, cells.length - after);
  ctx.send("x", inner(padded).map(inner));
}

function editKernel(ctx, u, v, value) { // (u, v) is the place in the window
  const { data } = ctx, last = size(ctx) - 1, [row, column] = mirrored(ctx, u, v);
  data.kernel[row][column] = data.sliding.correlation[row][column] = data.sliding.convolution[last - row][last - column] = value;
  draw(ctx);
  ctx.send("k", data.kernel);
}

// ---------------------------------------------------------------- drawing

function draw(ctx) {
  const { data, parts, text } = ctx, k = size(ctx), [before, after] = data.padding;
  measure(ctx);
  const real = data.padded.length - before - after;
  const padded = before + after ? fill(text.padded, { size: `${real}×${real}`, padded: shape(data.padded) }) : shape(data.padded);
  parts.input.draw({ title: text.input, detail: padded, values: data.padded, padding: [before, after, before, after], text: (r, c, value) => shorter(value, ctx.state.room) });
  data.padded.forEach((row, r) => row.forEach((_, c) => parts.input.cell(r, c).classList.toggle("unread", !data.read[r][c])));
  const kernel = data.turning ? data.kernel : data.sliding[data.mode];
  const rotated = data.turning || !isTurned(ctx) ? "" : ` · ${text.turned}`;
  parts.kernel.draw({ title: text.kernel, detail: shape(kernel) + rotated, values: kernel, text: (r, c, value) => shorter(value, ctx.state.kernelRoom) });
  drawOutput(ctx);
  if (data.turning) drawTurn(ctx);
  drawFinish(ctx);
  parts.arrow.textContent = text[`arrow_${data.mode}`];

  const sizes = (range) => range.map((n) => [n, `${n}×${n}`]);
  const named = (names, words) => names.map((name) => [name, words[name]]);
  choose(parts.picture, named(data.pictures, text.pictures), data.picture, text.typed);
  choose(parts.size, sizes(data.sizes), real);
  choose(parts.pattern, named(data.patterns, text.patterns), data.pattern, text.typed);
  choose(parts.kernelSize, sizes(data.kernel_sizes), k);
  parts.nextSeed.hidden = !["random", "digit"].includes(data.picture);
  parts.nextSeed.textContent = fill(text.next_seed, { seed: data.seed });
  parts.unread.hidden = data.read.flat().every(Boolean);
  parts.unread.lastChild.textContent = text.unread;

  parts.tiles.style.setProperty("--columns", k);
  if (parts.tiles.children.length !== k * k) {
    parts.tiles.replaceChildren(...Array.from({ length: k * k }, (_, i) => {
      const at = [Math.floor(i / k), i % k];
      return el("div", { class: "tile", onpointerenter: () => light(ctx, at), onpointerleave: () => light(ctx, null) }, el("span"), el("b"));
    }));
  }
  parts.bar.set(data.at, count(ctx));
  show(ctx);
}

// As large as the width allows: three columns in a row; where that would be too small, the middle
// below the grids; on a phone everything one below the other.
function measure(ctx) {
  const { data, parts, state } = ctx, k = size(ctx), width = ctx.root.clientWidth, rows = data.padded.length;
  const outer = rows + Math.max(5, columns(ctx)); // cells beside the middle
  const inRow = (kernelCell, pickers, plate) => {
    const kernel = k * kernelCell + FRAME, typed = Math.max(kernel, pickers);
    const middle = data.turning ? typed + TURN + Math.max(kernel, plate) : Math.max(kernel, SUM);
    return { layout: "in-row", kernelCell, typed, middle, room: width - GAPS - middle };
  };
  const alike = (cell) => ({ cell, outputCell: cell });
  let plan = inRow(k > 3 ? 132 / k : 44, 206, PLATE);
  Object.assign(plan, alike(Math.min(LARGEST_CELL, plan.room / outer, TALLEST / rows)));
  if (plan.cell < 36) {
    plan = inRow(k > 3 ? 132 / k : 32, 144, NARROW_PLATE);
    Object.assign(plan, crowded(ctx, plan.room) ?? { layout: "wide", ...alike(Math.max(TINY_CELL, Math.min((width - GAPS) / outer, (width - GAPS - OUTPUT) / rows, TALLEST_ALONE / rows))) });
  }
  if (plan.layout === "in-row") { // what the grids leave over is the sum's
    const left = plan.room - rows * plan.cell - Math.max(OUTPUT, columns(ctx) * plan.outputCell);
    plan.middle = Math.max(plan.middle, Math.min(WIDEST_SUM, plan.middle + left));
  }
  if (width < PHONE) {
    const fitting = (count, shares = 1) => Math.min(44, (width - TURN * (shares - 1) - FRAME * (2 * shares - 1)) / shares / count);
    const kernelCell = fitting(k, data.turning ? 2 : 1);
    plan = { layout: "stacked", cell: fitting(rows), outputCell: fitting(columns(ctx)), kernelCell, typed: k * kernelCell + FRAME, middle: width };
  }
  const { layout, cell, outputCell, kernelCell, typed, middle } = plan, tile = Math.min(118, middle / k - 3);
  const lengths = { cell, "output-cell": outputCell, "kernel-cell": kernelCell, tile, middle, typed };
  for (const [name, pixels] of Object.entries(lengths)) parts.stage.style.setProperty(`--${name}-size`, `${pixels}px`);
  for (const name of ["stacked", "wide"]) parts.stage.classList.toggle(name, name === layout);
  parts.stage.classList.toggle("crowded", cell < 36);
  parts.stage.classList.toggle("dense", k > 3);
  parts.stage.style.setProperty("--sum-lines", Math.max(1, k - 2));
  state.width = width;
  const digits = (pixels) => Math.max(3, (pixels - EDGE) / (layout === "stacked" ? PHONE_TEXT : SMALLEST_TEXT) / WIDE);
  Object.assign(state, { room: digits(cell), outputRoom: digits(outputCell), kernelRoom: digits(kernelCell), tileRoom: (tile - 4) / TILE_TEXT / WIDE, noted: cell >= 45 });
}

// Two grids that have little room share it such that the numbers of both are equally large.
function crowded(ctx, room) {
  const rows = ctx.data.padded.length, whole = (value) => number(value, 0).length;
  const longest = (values) => Math.max(2, ...values.flat(2).map((value) => breadth(shorter(value, Math.max(3, whole(value))))));
  const input = longest(ctx.data.padded), results = longest(Object.values(ctx.data.outputs));
  const fitting = (text, most) => {
    const [cell, outputCell] = [input, Math.min(results, most)].map((digits) => Math.max(text / TALL, digits * WIDE * text + EDGE));
    return rows * cell + Math.max(OUTPUT, columns(ctx) * outputCell) <= room && { cell, outputCell };
  };
  for (let text = Math.min(16, TALL * TALLEST / rows); text >= SMALLEST_TEXT; text -= 0.25) {
    const plan = fitting(text, results);
    if (plan) return plan;
  }
  return [5, 4.5, 4, 3].map((most) => fitting(SMALLEST_TEXT, most)).find(Boolean); // thousands as 1.2k
}

// What follows the window.
function show(ctx) {
  const { data, parts, text } = ctx, k = size(ctx), position = shown(ctx);
  const [row, column] = place(ctx, position), [top, left] = inputCell(ctx, position, 0, 0);
  const isHidden = position === data.hidden, sliding = data.sliding[data.mode];
  const factorAt = (r, c) => sliding[(r - top) / data.dilation]?.[(c - left) / data.dilation];
  parts.input.window(top, left, span(ctx), span(ctx));
  parts.input.notes((r, c) => {
    const factor = factorAt(r, c), words = factor === undefined || isHidden || !ctx.state.noted ? "" : `×${number(factor)}`;
    return words.length > 5 ? "" : words; // the tiles have it, and room for it
  });
  data.padded.forEach((cells, r) => cells.forEach((_, c) => parts.input.cell(r, c).classList.toggle("taken", data.dilation > 1 && factorAt(r, c) !== undefined)));
  parts.output.window(row, column, 1, 1);
  parts.output.cursor(row, column);

  const products = data.products[data.mode][row][column].flat();
  const max = Math.max(1e-12, ...products.map(Math.abs));
  products.forEach((product, i) => {
    const tile = parts.tiles.children[i], u = Math.floor(i / k), v = i % k, [r, c] = inputCell(ctx, position, u, v);
    const { fill: background, ink } = isHidden ? { fill: "transparent", ink: "" } : color(product, { max, dark: ctx.dark });
    tile.style.background = background;
    tile.style.color = ink;
    const factors = `${number(data.padded[r][c])} · ${inBrackets(number(sliding[u][v]))}`;
    const fitting = [factors, factors.replaceAll(" ", "")].find((words) => breadth(words) <= ctx.state.tileRoom);
    tile.firstChild.textContent = isHidden ? "" : fitting ?? "";
    tile.title = isHidden ? "" : `${factors}${equals(product)}${number(product)}`;
    tile.lastChild.textContent = isHidden ? "?" : number(product);
  });
  parts.productsTitle.replaceChildren(text.products, el("small", {}, placeWords(ctx, position)));
  const sum = data.sums[data.mode][row][column], result = output(ctx)[row][column];
  parts.sum.replaceChildren(...(isHidden ? [text.hidden] : written(ctx, products, sum, result)));
  if (data.turning) showTurn(ctx, position);
  markLens(ctx);
}

const placeWords = (ctx, position) => {
  const [row, column] = place(ctx, position);
  return fill(ctx.text.place, { row: row + 1, column: column + 1 });
};
