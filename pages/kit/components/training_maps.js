// All maps of a layer on one canvas. A cell that is pointed at, or walked to, is told in numbers:
// Python says them, because bytes are enough for a colour only.

// Tiles of one size in rows: as many side by side as fit, in rows of equal length.
function tilesFor(count, aspect, width, [least, most], gap) {
  const fitting = Math.max(1, Math.floor((width + gap) / (least + gap))), rows = Math.ceil(count / fitting);
  const columns = Math.ceil(count / rows), side = Math.max(Math.min(least, width), Math.min(most, Math.floor((width + gap) / columns) - gap));
  const height = side * aspect;
  return { rows, columns, side, height, gap, total: rows * (height + gap) - gap, corner: (k) => [(k % columns) * (side + gap), Math.floor(k / columns) * (height + gap)] };
}

// All maps of one layer on one canvas.
function mapRow(ctx, pointAt) {
  const shared = ctx.state.views, title = el("b"), note = el("small"), canvas = el("canvas", { class: "view-canvas maps", tabindex: "0", role: "application" });
  const element = el("figure", { class: "map-row" }, el("p", { class: "view-head" }, title, note), canvas);
  const strip = el("canvas");
  let stage = null, tiles = null, at = null, width = 0, isToTell = false; // at: [map, row, column]

  const place = () => (at ? `${stage.name}-${at.join("-")}` : "");
  function point(to, isKey = false) {
    if (String(to) === String(at)) return;
    at = to;
    isToTell = isKey; // to those who cannot see it, once Python has said the number
    paintTiles();
    pointAt(place());
  }
  canvas.onpointermove = canvas.onpointerdown = ({ offsetX, offsetY }) => {
    const { columns, side, height, gap } = tiles, [count, rows, across] = stage.shape;
    const column = Math.floor(offsetX / (side + gap)), row = Math.floor(offsetY / (height + gap)), k = row * columns + column;
    const [x, y] = [offsetX - column * (side + gap), offsetY - row * (height + gap)];
    if (column >= columns || k >= count || x >= side || y >= height || x < 0 || y < 0) return point(null);
    point([k, Math.floor(y / height * rows), Math.floor(x / side * across)]);
  };
  canvas.onpointerleave = (event) => { if (event.pointerType !== "touch") point(null); }; // a finger leaves at once
  canvas.onblur = () => point(null);
  canvas.onkeydown = (event) => {
    const step = ARROW_STEPS[event.key], [count, rows, across] = stage.shape, { columns } = tiles;
    if (!step && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault(); event.stopPropagation();
    if (event.key === "End") return point([count - 1, rows - 1, across - 1], true);
    if (event.key === "Home" || !at) return point([0, 0, 0], true);
    // counted in cells of the whole field of maps
    const down = Math.floor(at[0] / columns) * rows + at[1] + step[0], right = (at[0] % columns) * across + at[2] + step[1];
    if (down < 0 || right < 0 || right >= columns * across) return;
    const k = Math.floor(down / rows) * columns + Math.floor(right / across);
    if (k < count) point([k, down % rows, right % across], true);
  };

  function draw(newStage, bytes, newWidth, pointed) {
    const { text } = ctx, [count, rows, columns] = newStage.shape;
    stage = newStage; width = newWidth;
    const isCell = rows * columns === 1;
    tiles = tilesFor(count, rows / columns, width, isCell ? [18, 26] : columns > 14 ? [46, 78] : columns > 6 ? [38, 60] : [28, 46], 4);
    paintPictures(strip, bytes, columns, shadeTable("signed", ctx.dark));
    write(title, stage.arrow);
    const value = at && pointed?.place === place() ? valueWords(pointed.value) : "…";
    write(note, at ? fill(count > 1 ? text.map_cell : text.map_cell_of_one, { map: at[0] + 1, row: at[1] + 1, column: at[2] + 1, value })
      : fill(text.scale_of_maps, { largest: valueWords(stage.largest) }));
    if (isToTell && value !== "…") ctx.say(note.textContent);
    if (value !== "…") isToTell = false;
    canvas.setAttribute("aria-label", `${stage.arrow}. ${text.walk_maps}`);
    paintTiles();
  }

  function paintTiles() {
    const [count, rows, columns] = stage.shape, pen = penOn(canvas, width, tiles.total), { side, height } = tiles, inks = inksOf(ctx);
    pen.strokeStyle = inks.line;
    for (let k = 0; k < count; k++) {
      const [x, y] = tiles.corner(k);
      pen.drawImage(strip, 0, k * rows, columns, rows, x, y, side, height);
      pen.strokeRect(x + 0.5, y + 0.5, side - 1, height - 1);
    }
    if (!at) return;
    const [x, y] = tiles.corner(at[0]), cell = [side / columns, height / rows];
    frameOn(pen, inks, x + at[2] * cell[0], y + at[1] * cell[1], ...cell);
  }
  return { element, draw };
}
