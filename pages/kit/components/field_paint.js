// What of the image a cell sees, drawn: frames on the image and on every map between, the effect of
// the pixels, and the words about it.

function paintMaps(ctx) {
  const { data, parts } = ctx, ink = ramp("image", ctx.dark), { shape, values } = data.arrays.picture;
  paintMap(parts.picture, values, ...shape, ink, 0, 1);
  for (const [way, chain] of Object.entries(data.chains)) {
    for (const [n, { canvas }] of Object.entries(parts.maps[way])) {
      const { shape: size, values: map } = data.arrays[`${way}-${chain.places[n].name}`];
      paintMap(canvas, map, ...size, ink, 0, largestOf(map));
    }
  }
}

const largestOf = (values) => values.reduce((most, value) => Math.max(most, value), 1e-9);

function show(ctx) {
  const { data, parts } = ctx, { depth } = looked(ctx), depths = depthsOf(ctx);
  parts.bar.set(depths.indexOf(depths.filter((each) => each <= depth).at(-1)), depths.length);
  parts.frames.replaceChildren();
  for (const way of Object.keys(data.chains)) drawChain(ctx, way);
  readCell(ctx);
  askEffect(ctx);
  drawEffect(ctx);
}

// One chain: its frames on the image (those of the layers before are thin), and on its maps.
function drawChain(ctx, way) {
  const { data, parts, text } = ctx, { depth, spot } = looked(ctx), { places } = data.chains[way];
  const last = placeAt(ctx, way, depth), cell = cellAt(ctx, way, last, spot);
  for (let n = 1; n < places.length; n++) {
    const { frame, sees, map } = parts.maps[way][n], isClosed = !isOpen(ctx, way, n), size = places[n].views[0][0];
    sees.textContent = isClosed ? text.guess : fill(text.sees, { size });
    map.classList.toggle("closed", isClosed);
    map.parentElement.parentElement.classList.toggle("current", n === last);
    frame.classList.toggle("spot", n === last);
    put(frame, places[n].shape.slice(1), n > last ? null : viewOf(places[last].views[n], cell));
    if (n < last) drawFrame(ctx, `${way} before`, viewOf(places[n].views[0], cellAt(ctx, way, n, middleOf(ctx, way, last, cell))));
  }
  const view = viewOf(places[last].views[0], cell), rows = data.arrays.picture.shape[0];
  const edge = `${view.top < 2 ? " high" : ""}${view.top + view.size > rows - 2 ? " low" : ""}`;
  drawFrame(ctx, way + edge, view, `${view.size}×${view.size}`);
  parts.rules[way].replaceChildren(...(places[last].rule ?? ["r = 1", "j = 1"]).map((words) => el("span", {}, words)));
}

// The cells that a cell sees: top, left, and how many along a side.
const viewOf = ([size, stride, start], [row, column]) => ({ top: start + row * stride, left: start + column * stride, size });

function drawFrame(ctx, kind, view, label) {
  const frame = el("i", { class: `frame ${kind}` }, ...(label ? [el("span", {}, label)] : []));
  ctx.parts.frames.append(frame);
  put(frame, ctx.data.arrays.picture.shape, view);
}

// What hangs over the edge of the map is not drawn: there is only padding.
function put(frame, [rows, columns], view) {
  frame.hidden = !view;
  if (!view) return;
  const [top, left] = [Math.max(0, view.top), Math.max(0, view.left)];
  const percent = (cells, all) => `${(100 * cells) / all}%`;
  Object.assign(frame.style, {
    top: percent(top, rows), left: percent(left, columns),
    height: percent(Math.min(rows, view.top + view.size) - top, rows), width: percent(Math.min(columns, view.left + view.size) - left, columns),
  });
}

function readCell(ctx) {
  const { data, parts, text } = ctx, { way, depth, spot } = looked(ctx), n = placeAt(ctx, way, depth);
  const { name, shape, views: [[size]] } = data.chains[way].places[n], [row, column] = cellAt(ctx, way, n, spot);
  const { values } = n ? data.arrays[`${way}-${name}`] : data.arrays.picture;
  parts.readout.textContent = fill(text.cell_sees, {
    layer: n ? `${data.chains[way].title} · ${name}` : text.pixel, row: row + 1, column: column + 1, value: number(values[row * shape[2] + column]), size,
  });
}

// ---------------------------------------------------------------- which pixels matter

// The cell that is looked at, as Python is asked for it.
function question(ctx) {
  const { way, depth, spot } = looked(ctx), n = placeAt(ctx, way, depth);
  if (ctx.data.pixels === "off" || n === 0) return null;
  const asked = { way, layer: ctx.data.chains[way].places[n].name, cell: cellAt(ctx, way, n, spot).join(), pixels: ctx.data.pixels };
  return { ...asked, asked: Object.values(asked).join() };
}

function askEffect(ctx) {
  const { data, state } = ctx, next = question(ctx);
  const known = data.asked ?? "";
  if (!next || next.asked === known || (state.asking === next.asked && state.askedOf === data)) return;
  Object.assign(state, { asking: next.asked, askedOf: data });
  ctx.inquire(next);
}

function drawEffect(ctx) {
  const { data, parts, state } = ctx, next = question(ctx), isKnown = next && data.asked === next.asked;
  parts.area.classList.toggle("asked", Boolean(next));
  parts.measured.textContent = !next ? "" : isKnown ? data.measured.sentence : parts.measured.textContent;
  parts.heat.hidden = !isKnown;
  if (!isKnown) return;
  const { shape: [rows, columns], values } = data.arrays.effect, largest = largestOf(values), [r, g, b] = paint(ctx, "--role-gradient").match(/\d+/g).map(Number);
  Object.assign(parts.heat, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  values.forEach((value, i) => image.data.set([r, g, b, value ? 40 + 215 * (value / largest) : 0], 4 * i));
  parts.heat.getContext("2d").putImageData(image, 0, 0);
  if (data.measured.half) drawHalf(ctx);
}

// The square in the middle of the frame from which half of the effect comes.
function drawHalf(ctx) {
  const { way, depth, spot } = looked(ctx), n = placeAt(ctx, way, depth), { places } = ctx.data.chains[way];
  const view = viewOf(places[n].views[0], cellAt(ctx, way, n, spot)), margin = (view.size - ctx.data.measured.half) / 2;
  drawFrame(ctx, "half", { top: view.top + margin, left: view.left + margin, size: ctx.data.measured.half });
}
