// Two rows of numbers and what convolution makes of them, in two views over the same columns:
// "slide": one row slides along the other; "paint": each number of the still row paints a copy of
// the other row, and the copies add up. Python computes every number, for both operations.
export default component(build, update);

const LARGEST_CELL = 54, SMALLEST_CELL = 28, LABEL = 150, PANEL = 350, GAP = 24, FRAME = 10, PHONE = 700; // pixels
const REST = 350; // milliseconds

function build(ctx) {
  const { parts, text } = ctx;
  parts.places = el("div", { class: "places" });
  parts.stillBars = el("div", { class: "bars" });
  parts.outputBars = el("div", { class: "bars" });
  parts.still = numberGrid(ctx, {
    limit: ctx.data.limit,
    onEdit: (_, c, value) => edit(ctx, "still", c - ctx.data.reach, value),
    onHover: (r, c) => feed(ctx, r === null ? null : c - ctx.data.reach),
    onPick: (_, c) => feed(ctx, c - ctx.data.reach),
  });
  parts.moving = numberGrid(ctx, { limit: ctx.data.limit, onEdit: (_, c, value) => edit(ctx, "moving", c, value) });
  parts.strip = numberGrid(ctx, {});
  parts.strip.element.querySelector(".cells").tabIndex = -1; // it is moved by the output's cursor
  parts.products = numberGrid(ctx, {});
  parts.products.element.querySelector(".cells").tabIndex = -1;
  parts.copies = numberGrid(ctx, {
    onPick: (_, c) => moveTo(ctx, c - ctx.data.reach),
    onHover: (r, c) => look(ctx, r === null ? null : c - ctx.data.reach),
  });
  parts.output = numberGrid(ctx, {
    role: "output", drags: true,
    onPick: (_, c) => moveTo(ctx, c + first(ctx)),
    onHover: (_, c) => look(ctx, c === undefined ? null : c + first(ctx)),
  });
  parts.bar = playBar(ctx, { onStep: (position) => (isPainting(ctx) ? paintTo(ctx, position) : moveTo(ctx, position + first(ctx))) });

  parts.swap = el("button", { class: "button", type: "button", onclick: () => ctx.send("swap", !isSwapped(ctx)) });
  parts.nextSeed = el("button", { class: "button", type: "button", onclick: () => ctx.send("seed", (ctx.data.seed + 1) % 10000) });
  parts.choices = { x: picker(text.choose_x, (name) => ctx.send("x", name)), k: picker(text.choose_k, (name) => ctx.send("k", name)) };
  parts.lengths = { length: picker(text.size_x, (size) => ctx.send("length", size)), taps: picker(text.size_k, (size) => ctx.send("taps", size)) };
  parts.sum = el("div", { class: "sum" });
  parts.reads = el("p", { class: "reads" });

  parts.labels = {};
  const line = (name, ...children) => [parts.labels[name] = el("p", { class: `label of-${name}` }), el("div", { class: `line of-${name}` }, ...children)];
  parts.track = el("div", { class: "track" }, parts.strip.element);
  parts.band = el("div", { class: "band" });
  parts.axis = el("div", { class: "axis" },
    ...line("place", parts.places),
    ...line("still", parts.stillBars, parts.still.element),
    ...line("moving", parts.track),
    ...line("products", parts.products.element),
    ...line("copies", parts.copies.element),
    ...line("output", parts.output.element, parts.outputBars),
    parts.band,
  );
  const group = (name, ...choices) => el("div", { class: "group", "data-name": name }, el("p", { class: "grid-title" }, text.titles[name]), el("div", { class: "pickers" }, ...choices));
  parts.groups = { x: group("x", parts.choices.x, parts.lengths.length, parts.nextSeed), k: group("k", parts.choices.k, parts.lengths.taps) };
  parts.stage = el("div", { class: "signal" },
    parts.axis,
    el("div", { class: "panel" },
      parts.groups.x, parts.groups.k,
      el("div", { class: "group" }, parts.swap, buildLever(ctx)),
      parts.bar.element,
      el("div", { class: "result" }, parts.sum, parts.reads)));
  ctx.root.append(parts.stage);
  buildDrag(ctx);
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
  const { data, state } = ctx, before = state.mode;
  Object.assign(data, state.pending); // Python does not know yet where the reader is
  data.i = Math.max(first(ctx), Math.min(first(ctx) + count(ctx) - 1, data.i));
  data.count = Math.min(data.count, data.still.length);
  state.mode = data.mode;
  state.look = inside(state.look, first(ctx), count(ctx)); // the pointer is still there
  state.fed = inside(state.fed, 0, data.still.length);
  draw(ctx);
  if (before && before !== data.mode) swing(ctx, data.mode === "convolution" ? -180 : 180);
}

// ---------------------------------------------------------------- where things lie

const isPainting = (ctx) => ctx.data.view === "paint";
const isSwapped = (ctx) => ctx.data.names[0] === "k";
const outputs = (ctx) => ctx.data.outputs[ctx.data.mode];
const count = (ctx) => outputs(ctx).length;
const first = (ctx) => ctx.data.first[ctx.data.mode];
const columns = (ctx) => ctx.data.still.length + 2 * ctx.data.reach;
const inside = (i, from, size) => (Number.isInteger(i) && i >= from && i < from + size ? i : null);
const place = (ctx) => ctx.state.look ?? ctx.data.i;
// The left end of the strip while output i is made: its first number k0 lies on place i.
const leftEnd = (ctx, i) => i - first(ctx) - ctx.data.reach;

// ---------------------------------------------------------------- what a person does

function moveTo(ctx, i) {
  if (i < first(ctx) || i >= first(ctx) + count(ctx)) return;
  ctx.state.look = null;
  remember(ctx, "i", i);
  show(ctx);
  if (!ctx.parts.bar.playing) ctx.say(ctx.parts.sum.textContent);
}

function paintTo(ctx, copies) {
  remember(ctx, "count", copies);
  show(ctx);
}

// Where the reader is goes into the link when it has come to rest.
function remember(ctx, name, value) {
  const { data, state, parts } = ctx;
  data[name] = value;
  state.pending = { ...state.pending, [name]: value };
  clearTimeout(state.timer);
  const tell = () => {
    if (parts.bar.playing) { state.timer = setTimeout(tell, REST); return; }
    const { i, count: copies } = state.pending;
    state.pending = {};
    if (i !== undefined) ctx.send("i", i);
    if (copies !== undefined) ctx.send("painted", copies === data.still.length ? data.longest : copies);
  };
  state.timer = setTimeout(tell, REST);
}

function look(ctx, i) {
  const at = inside(i, first(ctx), count(ctx));
  if (ctx.state.look === at || ctx.parts.bar.playing) return;
  ctx.state.look = at;
  show(ctx);
}

// One number of the still row: the outputs it feeds show the weight with which it enters them.
function feed(ctx, a) {
  ctx.state.fed = inside(a, 0, ctx.data.still.length);
  show(ctx);
}

// An edit is shown at once; what follows from it is Python's answer.
function edit(ctx, which, index, value) {
  const { data } = ctx;
  data[which][index] = value;
  draw(ctx);
  ctx.send(data.names[which === "still" ? 0 : 1], data[which]);
}

// The strip can be pulled along.
function buildDrag(ctx) {
  const { track } = ctx.parts;
  const follow = (event) => {
    const column = Math.floor((event.clientX - track.getBoundingClientRect().left) / ctx.state.cell);
    const i = Math.max(first(ctx), Math.min(first(ctx) + count(ctx) - 1, column - ctx.state.grip));
    if (i !== ctx.data.i) moveTo(ctx, i);
  };
  track.onpointerdown = (event) => {
    if (event.button !== 0) return;
    track.setPointerCapture(event.pointerId);
    ctx.state.grip = Math.floor((event.clientX - track.getBoundingClientRect().left) / ctx.state.cell) - ctx.data.i;
    ctx.parts.bar.stop();
  };
  track.onpointermove = (event) => { if (track.hasPointerCapture(event.pointerId)) follow(event); };
}

// ---------------------------------------------------------------- drawing

function draw(ctx) {
  const { data, parts, text } = ctx, { still, moving, reach } = data, [stillName, movingName] = data.names;
  const turn = isTurned(ctx) ? text.turned : text.unturned;
  measure(ctx);
  const role = { x: "input", k: "kernel" };
  parts.still.element.dataset.role = parts.labels.still.dataset.role = parts.stillBars.dataset.role = role[stillName];
  for (const grid of [parts.moving, parts.strip]) grid.element.dataset.role = role[movingName];
  parts.labels.moving.dataset.role = role[movingName];
  const sides = Array(reach).fill(0), offset = `${(first(ctx) + reach) * ctx.state.cell}px`;
  parts.still.draw({ title: text.still, values: [[...sides, ...still, ...sides]], padding: [0, 0, reach, reach] });
  parts.moving.draw({ title: text.moving, detail: String(moving.length), values: [moving] });
  parts.strip.draw({ title: `${text.moving}, ${turn}`, values: [data.sliding[data.mode]] });
  parts.moving.notes((_, c) => (ctx.state.typed < 36 ? "" : subscripted(movingName, c)));
  parts.strip.notes((_, c) => (ctx.state.cell < 40 ? "" : subscripted(movingName, isTurned(ctx) ? reach - c : c)));
  for (const element of [parts.output.element, parts.outputBars]) element.style.marginInlineStart = offset;
  parts.places.replaceChildren(...Array.from({ length: columns(ctx) }, (_, c) => el("span", {}, number(c - reach))));
  drawBars(parts.stillBars, [...sides, ...still, ...sides], still);

  label(ctx, "place", text.place);
  label(ctx, "still", text.still);
  label(ctx, "moving", text.moving, turn);
  label(ctx, "products", text.products);
  parts.labels.copies.replaceChildren(el("b", {}, text.copies), ...still.map((value, a) => el("span", {}, fill(text.paints, { name: subscripted(stillName, a), value: number(value) }))));
  label(ctx, "output", text.output, ...text[`arrow_${data.mode}`].split(" · "));
  parts.stage.dataset.view = data.view;
  const home = parts.groups[movingName]; // what slides is typed here, what lies still in its row
  if (parts.moving.element.parentElement !== home) home.prepend(parts.moving.element);
  for (const name of ["x", "k"]) parts.groups[name].querySelector(":scope > .grid-title").textContent = text.titles[name];
  parts.swap.textContent = `⇄ ${text.swap}`;
  parts.swap.setAttribute("aria-pressed", isSwapped(ctx));
  for (const name of ["x", "k"]) choose(parts.choices[name], data.choices[name].map((key) => [key, text.names[name][key]]), data.chosen[name], text.typed);
  for (const name of ["length", "taps"]) choose(parts.lengths[name], data.sizes[name].map((n) => [n, n]), data.size[name]);
  parts.nextSeed.hidden = data.chosen.x !== "noise";
  parts.nextSeed.textContent = fill(text.next_seed, { seed: data.seed });
  drawLever(ctx);
  show(ctx);
}

function label(ctx, name, words, ...details) {
  ctx.parts.labels[name].replaceChildren(el("b", {}, words), ...details.map((detail) => el("small", {}, detail)));
}

// The copies stand below the number that painted them; where a copy does not reach, nothing stands.
// In the marked column the numbers show what they are made of.
function drawCopies(ctx, i) {
  const { data, parts, state } = ctx, { still, reach } = data, start = first(ctx) + reach, column = i + reach;
  const weights = data.sliding[data.mode], weightAt = (r, c) => weights[reach - (c - start - r)];
  parts.copies.draw({
    title: ctx.text.copies,
    values: data.copies[data.mode].map((copy, r) => Array.from({ length: columns(ctx) }, (_, c) => (weightAt(r, c) === undefined ? null : copy[c - start]))),
    text: (r, c, value) => {
      if (value === null || c !== column) return number(value);
      const made = `${inBrackets(number(still[r]))}·${inBrackets(number(weightAt(r, c)))}`;
      return made.length * 8 < state.cell ? made : number(value);
    },
  });
  parts.copies.quiet((r) => (state.fed === null ? still[r] === 0 : r !== state.fed));
  still.forEach((_, r) => {
    for (let c = 0; c < columns(ctx); c++) {
      const { classList } = parts.copies.cell(r, c);
      classList.toggle("unpainted", r >= data.count);
      classList.toggle("marked", c === column);
    }
  });
}

// As many pixels a cell as the panel beside leaves room for; where that is too few, the panel goes below.
function measure(ctx) {
  const { data, parts, state } = ctx, width = ctx.root.clientWidth, isPhone = width < PHONE, wide = width - (isPhone ? 0 : LABEL) - FRAME;
  const beside = (wide - PANEL) / columns(ctx), isBeside = !isPhone && beside >= 36;
  state.width = width;
  state.cell = Math.floor(Math.max(SMALLEST_CELL, isBeside ? Math.min(LARGEST_CELL, beside) : Math.min(44, wide / columns(ctx))));
  parts.stage.classList.toggle("beside", isBeside);
  parts.stage.classList.toggle("phone", isPhone);
  state.typed = Math.min(44, ((isBeside ? PANEL - GAP : width) - FRAME - 2) / data.moving.length);
  const lengths = { typed: state.typed, cell: state.cell, row: Math.min(32, state.cell, (isBeside ? 330 : 240) / data.still.length), label: LABEL, panel: PANEL };
  for (const [name, pixels] of Object.entries(lengths)) parts.stage.style.setProperty(`--${name}-size`, `${pixels}px`);
  parts.axis.style.setProperty("--columns", columns(ctx));
}

// One bar for each number, up from the zero line or down from it; `all` are those that share the scale.
function drawBars(element, values, all) {
  const top = Math.max(0, ...all), bottom = Math.min(0, ...all), range = top - bottom || 1, percent = (value) => `${(value / range) * 100}%`;
  element.style.setProperty("--zero", percent(top));
  element.replaceChildren(...values.map((value) => el("i", { style: `top:${percent(top - Math.max(0, value))};height:${percent(Math.abs(value))}` })));
}

// What follows the place, or the copies.
function show(ctx) {
  const { data, parts, state } = ctx, i = place(ctx), isHidden = i === data.hidden, painting = isPainting(ctx);
  const done = painting ? data.painted[data.mode][data.count] : outputs(ctx);
  const mystery = data.hidden === null ? -1 : data.hidden - first(ctx);
  const seen = done.map((value, p) => (p === mystery ? 0 : value));
  parts.output.draw({
    title: ctx.text.output, values: [seen], max: Math.max(1e-12, ...outputs(ctx).map(Math.abs)),
    text: (_, c, value) => (c === mystery ? "?" : number(value)),
  });
  drawBars(parts.outputBars, seen, data.painted[data.mode].flat());
  parts.output.cursor(0, i - first(ctx));
  parts.band.style.transform = `translateX(${(i + data.reach) * state.cell}px)`;

  const left = (leftEnd(ctx, i) + data.reach) * state.cell;
  parts.track.style.setProperty("--left", `${left}px`);
  parts.products.element.style.setProperty("--left", `${left}px`);
  const products = data.products[data.mode][i - first(ctx)];
  parts.products.draw({
    title: ctx.text.products, values: [isHidden ? products.map(() => 0) : products],
    text: (_, c, value) => (isHidden ? "?" : number(value)),
  });
  if (painting) drawCopies(ctx, i);
  markFed(ctx);
  const latest = painting && data.count > 0 && data.count < data.still.length ? data.count - 1 : null;
  parts.still.cursor(latest === null ? null : 0, latest === null ? null : latest + data.reach);
  parts.bar.set(painting ? data.count : i - first(ctx), painting ? data.still.length + 1 : count(ctx));
  showSum(ctx, i, isHidden);
  keepInView(ctx, i);
}

function markFed(ctx) {
  const { data, parts, state } = ctx, weight = (c) => data.sliding[data.mode][data.reach - (c - state.fed)];
  parts.output.notes((_, c) => {
    const factor = state.fed === null ? undefined : weight(c);
    return factor === undefined || state.cell < 40 ? "" : `×${number(factor)}`;
  });
}

// On a phone long rows scroll inside of their frame, and follow the place when it has left. They
// must not move under a finger that taps what is in view.
function keepInView(ctx, i) {
  const { axis, band } = ctx.parts, { cell } = ctx.state, left = band.offsetLeft + (i + ctx.data.reach) * cell - axis.scrollLeft;
  if (left + cell <= 0 || left >= axis.clientWidth) axis.scrollLeft += left + cell / 2 - axis.clientWidth / 2;
}
