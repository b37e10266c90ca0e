// The last maps, each cell in the colour of its vote, the strongest with a ring and a number; and
// below them the strongest as cards, with the ink that fed them.

const ACROSS = 4; // maps in a row
const FAINT = 0.5; // on a sheet where all votes are smaller than this, none is painted as a strong one
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function buildMaps(ctx) {
  const { parts, data, state } = ctx, [count] = data.shape;
  state.at = [0, 0]; // where the keyboard is, in cells of the whole field of maps
  parts.mapsTitle = el("div", { class: "arrow-label" });
  parts.planes = Array.from({ length: count }, () => el("div", { class: "map" }, el("canvas"), el("div", { class: "marks" })));
  parts.plane = el("div", { class: "planes", role: "application", tabindex: 0 }, ...parts.planes);
  parts.key = el("p", { class: "key" }, el("i", { class: "pro" }), el("span"), el("i", { class: "con" }), el("span"));
  parts.maps = el("section", { class: "maps" }, parts.mapsTitle, parts.plane, parts.key);
  parts.cards = el("section", { class: "cards" });
  const { plane } = parts;
  plane.onpointermove = plane.onpointerdown = (event) => look(ctx, cellAt(ctx, event) ?? "");
  plane.onpointerleave = (event) => { if (event.pointerType !== "touch") look(ctx, ""); };
  plane.onfocus = () => { if (plane.matches(":focus-visible")) look(ctx, cellOf(ctx, state.at)); };
  plane.onblur = () => look(ctx, "");
  plane.onkeydown = (event) => {
    const [maps, rows, columns] = ctx.data.shape, step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const limits = [(maps / ACROSS) * rows, ACROSS * columns];
    state.at = state.at.map((at, axis) => Math.max(0, Math.min(limits[axis] - 1, at + step[axis])));
    look(ctx, cellOf(ctx, state.at));
  };
}

// The cell below the pointer.
function cellAt(ctx, event) {
  const canvas = event.target.closest?.(".map")?.firstChild;
  if (!canvas) return null;
  const box = canvas.getBoundingClientRect(), [, rows, columns] = ctx.data.shape, map = ctx.parts.planes.indexOf(canvas.parentElement);
  const at = (offset, size, n) => Math.max(0, Math.min(n - 1, Math.floor((offset / size) * n)));
  const row = at(event.clientY - box.top, box.height, rows), column = at(event.clientX - box.left, box.width, columns);
  ctx.state.at = [Math.floor(map / ACROSS) * rows + row, (map % ACROSS) * columns + column];
  return cellOf(ctx, ctx.state.at);
}

function cellOf({ data }, [down, right]) {
  const [, rows, columns] = data.shape, map = Math.floor(down / rows) * ACROSS + Math.floor(right / columns);
  return `cell-${(map * rows + (down % rows)) * columns + (right % columns)}`;
}

function drawMaps(ctx) {
  const { data, parts, text } = ctx, [, rows, columns] = data.shape, size = rows * columns;
  const [operation, outcome] = data.arrows.maps.split(" → ");
  parts.mapsTitle.replaceChildren(el("b", {}, operation), el("span", {}, `→ ${outcome}`));
  parts.plane.setAttribute("aria-label", text.maps);
  parts.plane.setAttribute("aria-description", text.maps_help);
  const [, pro, , con] = parts.key.children;
  pro.textContent = text.for;
  con.textContent = text.counter;
  [pro, con].forEach((words, i) => { words.previousSibling.style.background = color(i ? -1 : 1, { dark: ctx.dark }).fill; });
  const { values } = data.arrays.votes, most = largest(values, FAINT), colors = ramp("signed", ctx.dark), shares = values.map((value) => softened(value / most));
  parts.planes.forEach((map, k) => {
    paintMap(map.firstChild, shares.subarray(k * size, (k + 1) * size), rows, columns, colors, -1, 1);
    map.lastChild.replaceChildren();
  });
  for (const cell of data.silenced) mark(ctx, cell, "off");
  if (data.looked.pixel === undefined) data.cards.forEach(({ cell }, i) => mark(ctx, cell, "ring", String(i + 1)));
  if (data.looked.cell !== undefined) mark(ctx, data.looked.cell, "here");
  drawCards(ctx);
}

function mark(ctx, cell, kind, words = "") {
  const [, rows, columns] = ctx.data.shape, size = rows * columns, row = Math.floor((cell % size) / columns), column = cell % columns;
  ctx.parts.planes[Math.floor(cell / size)].lastChild.append(el("i", {
    class: kind, "data-cell": cell, style: `left:${(100 * column) / columns}%;top:${(100 * row) / rows}%`,
  }, ...(words ? [el("b", {}, words)] : [])));
}

function drawCards(ctx) {
  const { data, parts, text } = ctx, { cards } = data;
  parts.cards.classList.toggle("none", !cards.length);
  while (parts.cards.children.length < 5) parts.cards.append(card(ctx, parts.cards.children.length));
  const { values } = data.arrays.inks, size = data.size * data.size;
  [...parts.cards.children].forEach((element, i) => {
    element.classList.toggle("away", i >= cards.length);
    element.disabled = i >= cards.length;
    if (i >= cards.length) return;
    const { place: [map, row, column], number: value, weight, vote, cell } = cards[i], [, canvas, sums] = element.children;
    element.classList.toggle("here", cell === data.looked.cell);
    element.setAttribute("aria-label", fill(text.card, { rank: i + 1, map: map + 1, row: row + 1, column: column + 1, vote: signedDecimals(vote) }));
    sums.replaceChildren(el("span", {}, decimals(value)), el("span", {}, `× ${decimals(weight, 3)}`), el("b", {}, signedDecimals(vote)));
    paintInk(ctx, canvas, values.subarray(i * size, (i + 1) * size));
  });
}

function card(ctx, i) {
  const show = () => { const { cell } = ctx.data.cards[i] ?? {}; look(ctx, cell === undefined ? "" : `cell-${cell}`); };
  const leave = () => look(ctx, "");
  return el("button", { class: "card", type: "button", onpointerenter: show, onpointerleave: leave, onfocus: show, onblur: leave, onclick: show },
    el("b", { class: "rank" }, String(i + 1)), el("canvas", { "aria-hidden": "true" }), el("span", { class: "product" }));
}

// The sheet once more, small, with the ink lit that fed one cell.
function paintInk(ctx, canvas, values) {
  const { data, parts, dark } = ctx, [paper] = SCALES[dark ? "dark" : "light"].image.map(rgb), most = largest(values);
  Object.assign(canvas, { width: data.size, height: data.size });
  const image = new ImageData(data.size, data.size);
  parts.pad.pixels.forEach((ink, i) => {
    const to = hueAt(ctx, values[i], most);
    image.data.set([...paper.map((from, k) => from + ((to[k] - from) * ink) / 255), 255], 4 * i);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
