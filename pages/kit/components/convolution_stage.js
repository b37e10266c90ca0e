// The walk of a window: input, kernel (as it is and as it slides), products, sum, output.
// Python computes every number, for both operations; this script moves, turns and shows them.
export default component(build, update);

const MODES = ["correlation", "convolution"]; // the kernel's angle is 180° times the index
const CELL = 52, SMALLEST_CELL = 30, FRAMES = 210, TALLEST = 400, PHONE = 700; // pixels
const MIDDLE = 360, TURN = 84; // the column between input and output, and what stands between its kernels
const REST = 350; // milliseconds

function build(ctx) {
  const { parts, text } = ctx;
  parts.input = numberGrid(ctx, {
    role: "input", limit: ctx.data.limit,
    onEdit: (r, c, value) => write(ctx, "x", ctx.data.padded, ctx.data.padding, r, c, value),
    onHover: (r, c) => feed(ctx, r, c),
  });
  parts.kernel = numberGrid(ctx, {
    role: "kernel", limit: ctx.data.limit,
    onEdit: (r, c, value) => write(ctx, "k", ctx.data.kernel, 0, r, c, value),
    onHover: (r, c) => light(ctx, r === null ? null : mirrored(ctx, r, c)),
  });
  parts.sliding = numberGrid(ctx, { role: "kernel", onHover: (r, c) => light(ctx, r === null ? null : [r, c]) });
  parts.output = numberGrid(ctx, {
    role: "output",
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

  parts.lever = el("input", { type: "range", min: 0, max: 180, step: 1, oninput: () => turnTo(ctx, Number(parts.lever.value)), onchange: () => letGo(ctx) });
  parts.lever.onkeydown = (event) => leverKey(ctx, event);
  parts.angle = el("span", {});
  parts.turn = el("div", { class: "turn", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 40 24" },
      svg("g", { class: "arc" }, svg("path", { d: "M3 21A17 17 0 0 1 33 12" }), svg("path", { d: "M38 5l-2 12-9-6z", class: "head" })),
      svg("g", { class: "straight" }, svg("path", { d: "M3 16h26" }), svg("path", { d: "M28 10l10 6-10 6z", class: "head" }))),
    el("span"));
  parts.arrow = el("p", { class: "arrow-label" });
  parts.tiles = el("div", { class: "tiles" });
  parts.sum = el("p", { class: "sum" });
  parts.productsTitle = el("p", { class: "grid-title" });
  parts.map = el("div", { class: "map", "aria-hidden": "true" });
  parts.meter = el("p", {});

  const part = (name, ...children) => el("div", { class: `part-${name}` }, ...children);
  parts.stage = el("div", { class: "stage" },
    el("div", { class: "column" },
      part("input", parts.input.element, el("div", { class: "pickers" }, parts.picture, parts.size, parts.nextSeed), parts.unread)),
    el("div", { class: "column" },
      part("arrow", parts.arrow, el("div", { class: "shaft" })),
      part("kernel",
        el("div", {}, parts.kernel.element, el("div", { class: "pickers" }, parts.pattern, parts.kernelSize)),
        parts.turn,
        el("div", { class: "plate" }, parts.sliding.element, el("label", { class: "lever" }, parts.lever, parts.angle))),
      part("sum", parts.productsTitle, parts.tiles, parts.sum)),
    el("div", { class: "column" },
      part("output", parts.output.element),
      part("bar", parts.bar.element),
      part("meter", parts.map, parts.meter)),
  );
  ctx.root.append(parts.stage);
  ctx.root.onkeydown = (event) => {
    if (event.key !== " " || event.target.closest("button, input, select")) return;
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
  state.look = null;
  draw(ctx);
  if (modeBefore && modeBefore !== data.mode) swing(ctx, 180);
}

// ---------------------------------------------------------------- where things lie

const output = (ctx) => ctx.data.outputs[ctx.data.mode];
const columns = (ctx) => output(ctx)[0].length;
const count = (ctx) => output(ctx).length * columns(ctx);
const size = (ctx) => ctx.data.kernel.length;
const shown = (ctx) => ctx.state.look ?? ctx.data.at;
const place = (ctx, position) => [Math.floor(position / columns(ctx)), position % columns(ctx)];
const corner = (ctx, position) => place(ctx, position).map((i) => i * ctx.data.stride);
const shape = (rows) => `${rows.length}×${rows[0].length}`;
const isTurned = (ctx) => ctx.data.mode === "convolution";
// Where a cell of the kernel lies once it has turned, and back.
const mirrored = (ctx, u, v) => (isTurned(ctx) ? [size(ctx) - 1 - u, size(ctx) - 1 - v] : [u, v]);

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
function write(ctx, event, values, border, r, c, value) {
  values[r][c] = value;
  draw(ctx);
  const inner = (cells) => cells.slice(border, cells.length - border);
  ctx.send(event, inner(values).map(inner));
}

// ---------------------------------------------------------------- turning the kernel

// The plate always holds the numbers as they slide; `angle` is how far the kernel has turned.
function turnTo(ctx, angle) {
  const nearest = MODES[Math.round(angle / 180)];
  if (nearest !== ctx.data.mode) {
    ctx.data.mode = nearest;
    draw(ctx);
  }
  tilt(ctx, angle - restingAngle(ctx));
  nameAngle(ctx, angle);
}

function nameAngle(ctx, angle) {
  const { lever, angle: words, turn } = ctx.parts, sentence = fill(ctx.text.turn, { degrees: angle });
  lever.value = angle;
  lever.setAttribute("aria-label", sentence);
  lever.setAttribute("aria-valuetext", sentence);
  words.textContent = sentence;
  turn.lastChild.textContent = `${angle}°`;
  turn.classList.toggle("still", angle === 0);
}

const restingAngle = (ctx) => 180 * MODES.indexOf(ctx.data.mode);

function tilt(ctx, degrees) {
  ctx.parts.sliding.element.style.setProperty("--tilt", `${degrees}deg`);
}

function letGo(ctx) {
  rest(ctx, Number(ctx.parts.lever.value) - restingAngle(ctx));
}

function leverKey(ctx, event) {
  const to = { ArrowRight: 180, ArrowUp: 180, End: 180, PageUp: 180, ArrowLeft: 0, ArrowDown: 0, Home: 0, PageDown: 0 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const before = restingAngle(ctx);
  turnTo(ctx, to);
  rest(ctx, before - to);
}

// Come to rest from `degrees` away, and tell Python which operation it is now.
function rest(ctx, degrees) {
  turnTo(ctx, restingAngle(ctx));
  swing(ctx, degrees);
  if (ctx.data.mode === ctx.state.mode) return;
  ctx.state.mode = ctx.data.mode;
  ctx.send("mode", ctx.data.mode);
}

// The motion from `degrees` away to the resting place; the numbers themselves stay upright.
function swing(ctx, degrees) {
  if (!degrees || calm()) return;
  const plate = ctx.parts.sliding.element.querySelector(".cells");
  const timing = { duration: Math.min(300, 60 + Math.abs(degrees) * 1.4), easing: "ease-in-out" };
  plate.animate([{ transform: `rotate(${degrees}deg)` }, { transform: "none" }], timing);
  for (const digits of plate.querySelectorAll(".cell > span")) {
    digits.animate([{ transform: `rotate(${-degrees}deg)` }, { transform: "none" }], timing);
  }
}

// ---------------------------------------------------------------- drawing

function draw(ctx) {
  const { data, parts, text } = ctx, k = size(ctx);
  measure(ctx);
  const digits = (r, c, value) => brief(ctx, value);
  const real = data.padded.length - 2 * data.padding;
  const padded = data.padding ? fill(text.padded, { size: `${real}×${real}`, padded: shape(data.padded) }) : shape(data.padded);
  parts.input.draw({ title: text.input, detail: padded, values: data.padded, padding: data.padding, text: digits });
  data.padded.forEach((row, r) => row.forEach((_, c) => parts.input.cell(r, c).classList.toggle("unread", !data.read[r][c])));
  parts.kernel.draw({ title: text.kernel, detail: shape(data.kernel), values: data.kernel, text: digits });
  parts.sliding.draw({ title: text.sliding, detail: isTurned(ctx) ? text.turned : text.unturned, values: data.sliding[data.mode], text: digits });
  tilt(ctx, 0);

  const values = output(ctx).map((row) => [...row]);
  const largest = Math.max(1e-12, ...MODES.flatMap((name) => data.outputs[name].flat().map(Math.abs)));
  const isHidden = (r, c) => r * columns(ctx) + c === data.hidden;
  parts.output.draw({
    title: text.output, detail: shape(values), max: largest,
    values: values.map((row, r) => row.map((value, c) => (isHidden(r, c) ? 0 : value))),
    text: (r, c, value) => (isHidden(r, c) ? "?" : digits(r, c, value)),
  });

  parts.arrow.textContent = text[`arrow_${data.mode}`];
  nameAngle(ctx, restingAngle(ctx));

  const sizes = (range) => range.map((n) => [n, `${n}×${n}`]);
  choose(parts.picture, Object.entries(text.pictures), data.picture, text.typed);
  choose(parts.size, sizes(data.sizes), real);
  choose(parts.pattern, Object.entries(text.patterns), data.pattern, text.typed);
  choose(parts.kernelSize, sizes(data.kernel_sizes), k);
  parts.nextSeed.hidden = data.picture !== "random";
  parts.nextSeed.textContent = fill(text.next_seed, { seed: data.seed });
  parts.unread.hidden = data.read.flat().every(Boolean);
  parts.unread.lastChild.textContent = text.unread;
  drawMeter(ctx);

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

// As large as the width allows, and one below the other where it is too narrow for them side by
// side. Small cells show fewer decimals, and no factor in the corner.
function measure(ctx) {
  const { data, parts, state } = ctx, k = size(ctx), width = ctx.root.clientWidth;
  const outer = data.padded.length + Math.max(5, columns(ctx)); // cells beside the middle
  const inRow = Math.min((width - FRAMES) / (outer + 2 * k), (width - FRAMES + TURN - MIDDLE) / outer);
  const isStacked = width < PHONE || inRow < SMALLEST_CELL;
  const cell = isStacked ? Math.min(44, (width - 14) / data.padded.length) : Math.max(SMALLEST_CELL, Math.min(CELL, inRow, TALLEST / data.padded.length));
  const kernelCell = isStacked ? Math.min(44, (width - 90) / (2 * k)) : Math.min(cell, Math.max(SMALLEST_CELL, TALLEST / (2 * k)));
  const middle = isStacked ? width : Math.max(2 * k * kernelCell + TURN, MIDDLE);
  const lengths = { cell, "kernel-cell": kernelCell, tile: Math.min(118, middle / k - 3), middle };
  for (const [name, pixels] of Object.entries(lengths)) parts.stage.style.setProperty(`--${name}-size`, `${pixels}px`);
  parts.stage.classList.toggle("stacked", isStacked);
  state.width = width;
  state.isSmall = cell < 38;
}

function drawMeter(ctx) {
  const { data, parts, text } = ctx, cells = data.changed.flat(), changed = cells.filter(Boolean).length;
  const isSymmetric = data.kernel.every((row, u) => row.every((value, v) => value === data.sliding.convolution[u][v]));
  const sentence = isSymmetric ? text.flip_symmetric : text.flip;
  parts.map.style.setProperty("--columns", columns(ctx));
  parts.map.replaceChildren(...cells.map((isChanged) => el("i", { class: isChanged ? "changed" : "" })));
  parts.meter.textContent = fill(sentence, { changed, count: cells.length });
}

// What follows the window.
function show(ctx) {
  const { data, parts, text } = ctx, k = size(ctx), position = shown(ctx);
  const [row, column] = place(ctx, position), [top, left] = corner(ctx, position);
  const isHidden = position === data.hidden, sliding = data.sliding[data.mode];
  const isInside = (r, c) => r >= top && r < top + k && c >= left && c < left + k;
  parts.input.window(top, left, k, k);
  parts.input.notes((r, c) => {
    const factor = isInside(r, c) && !isHidden && !ctx.state.isSmall ? `×${number(sliding[r - top][c - left])}` : "";
    return factor.length > 5 ? "" : factor; // the tiles have it, and room for it
  });
  parts.output.window(row, column, 1, 1);
  parts.output.cursor(row, column);

  const products = data.products[data.mode][row][column].flat();
  const largest = Math.max(1e-12, ...products.map(Math.abs));
  products.forEach((product, i) => {
    const tile = parts.tiles.children[i], u = Math.floor(i / k), v = i % k;
    const { fill: background, ink } = isHidden ? { fill: "transparent", ink: "" } : color(product, { max: largest, dark: ctx.dark });
    tile.style.background = background;
    tile.style.color = ink;
    tile.firstChild.textContent = isHidden ? "" : `${brief(ctx, data.padded[top + u][left + v])} · ${inBrackets(brief(ctx, sliding[u][v]))}`;
    tile.lastChild.textContent = isHidden ? "?" : number(product);
  });
  parts.productsTitle.replaceChildren(text.products, el("small", {}, placeWords(ctx, position)));
  const result = output(ctx)[row][column];
  parts.sum.replaceChildren(...(isHidden ? [text.hidden] : written(products, result)));
}

// What fits into a cell: fewer decimals where cells are small.
function brief(ctx, value) {
  const words = number(value);
  if (!ctx.state.isSmall || words.length <= 4) return words;
  const shorter = number(value, 1);
  return shorter.length <= 4 ? shorter : number(value, 0);
}

const inBrackets = (words) => (words.startsWith("−") ? `(${words})` : words);
const isExact = (value) => Math.abs(value - Number(value.toFixed(2))) < 1e-9;
const placeWords = (ctx, position) => {
  const [row, column] = place(ctx, position);
  return fill(ctx.text.place, { row: row + 1, column: column + 1 });
};

// 0 + 8 − 7 = 1, with ≈ where a number on the way was rounded.
function written(products, result) {
  const words = products.map((product, i) => {
    const digits = number(product, 2), isNegative = digits.startsWith("−");
    if (i === 0) return digits;
    return isNegative ? ` − ${digits.slice(1)}` : ` + ${digits}`;
  });
  const equals = [...products, result].every(isExact) ? " = " : " ≈ ";
  return [words.join(""), equals, el("strong", {}, number(result, 2))];
}

// ---------------------------------------------------------------- pointing at things

// One place of the window: its product, its input cell, and its kernel cell, before and after.
function light(ctx, at) {
  const { parts } = ctx, k = size(ctx);
  for (const lit of ctx.root.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!at) return;
  const [u, v] = at, [top, left] = corner(ctx, shown(ctx));
  const elements = [parts.tiles.children[u * k + v], parts.sliding.cell(u, v), parts.kernel.cell(...mirrored(ctx, u, v)), parts.input.cell(top + u, left + v)];
  elements.forEach((element) => element?.classList.add("lit"));
}

// All output cells that an input cell feeds.
function feed(ctx, r, c) {
  const { data, parts } = ctx, k = size(ctx);
  for (const fed of ctx.root.querySelectorAll(".fed")) fed.classList.remove("fed");
  if (r === null) return;
  for (let position = 0; position < count(ctx); position++) {
    const [top, left] = corner(ctx, position);
    if (r >= top && r < top + k && c >= left && c < left + k) parts.output.cell(...place(ctx, position)).classList.add("fed");
  }
}

// ---------------------------------------------------------------- lists to choose from

function picker(label, onPick) {
  const select = el("select", { class: "picker", "aria-label": label, title: label });
  select.onchange = () => onPick(select.value);
  return select;
}

function choose(select, options, value, other) {
  const all = value === "" ? [["", other], ...options] : options;
  select.replaceChildren(...all.map(([name, words]) => el("option", { value: name }, words)));
  select.value = value;
}
