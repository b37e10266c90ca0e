// The kernels of the first layer, now and at the start.

// Room for each kernel and the small one beside it: in so many rows that they get as large as they
// can beside the image, or, if there are too many for that, in more.
const WALL_HEIGHT = 156, LEAST_ROOM = 62;
function kernelSlots(count, width) {
  const inRows = (rows) => {
    const columns = Math.ceil(count / rows), room = Math.min(width / columns, 150), side = Math.floor((room - 16) / 1.5);
    return { columns, room, side, line: side + 8, rows: Math.ceil(count / columns) };
  };
  let best = inRows(Math.ceil(count / Math.max(1, Math.floor(width / LEAST_ROOM))));
  for (let rows = best.rows + 1; rows <= count; rows++) {
    const slots = inRows(rows);
    if (slots.rows * slots.line - 8 <= WALL_HEIGHT && slots.side > best.side) best = slots;
  }
  return best;
}

// The first layer's kernels, large, and beside each, small, how it began; one scale for all.
function kernelWall(ctx) {
  const title = el("b"), note = el("small"), canvas = el("canvas", { class: "view-canvas", tabindex: "0", role: "application" });
  const element = el("figure", { class: "kernel-wall" }, el("p", { class: "view-head" }, title, note), canvas);
  const strips = [el("canvas"), el("canvas")];
  let at = null, width = 0, slots = null, largest = 1; // at: [kernel, row, column]

  const arrays = () => [ctx.data.arrays.kernels, ctx.data.arrays["kernels-first"]];
  const point = (to, isKey = false) => {
    at = to;
    paintWall();
    if (isKey) ctx.say(note.textContent);
  };
  canvas.onpointermove = canvas.onpointerdown = ({ offsetX, offsetY }) => {
    const [count, size] = arrays()[0].shape, { columns, room, side, line } = slots;
    const column = Math.floor(offsetX / room), row = Math.floor(offsetY / line), k = row * columns + column;
    const [x, y] = [offsetX - column * room, offsetY - row * line];
    point(column < columns && k < count && x < side && y < side ? [k, Math.floor(y / side * size), Math.floor(x / side * size)] : null);
  };
  canvas.onpointerleave = (event) => { if (event.pointerType !== "touch") point(null); }; // a finger leaves at once
  canvas.onblur = () => point(null);
  canvas.onkeydown = (event) => {
    const step = ARROW_STEPS[event.key], [count, size] = arrays()[0].shape, { columns } = slots;
    const ends = { Home: [0, 0, 0], End: [count - 1, size - 1, size - 1] }[event.key];
    if (!step && !ends) return;
    event.preventDefault(); event.stopPropagation();
    if (ends || !at) return point(ends ?? [0, 0, 0], true);
    const down = Math.floor(at[0] / columns) * size + at[1] + step[0], right = (at[0] % columns) * size + at[2] + step[1];
    const k = Math.floor(down / size) * columns + Math.floor(right / size);
    if (down >= 0 && right >= 0 && right < columns * size && k < count) point([k, down % size, right % size], true);
  };

  function draw(newWidth) {
    width = newWidth;
    const [now, first] = arrays(), [count, size] = now.shape;
    largest = 0;
    for (const { values } of [now, first]) for (const value of values) if (Math.abs(value) > largest && Number.isFinite(value)) largest = Math.abs(value);
    [now, first].forEach(({ values }, i) => paintPictures(strips[i], signedBytes(values, largest), size, shadeTable("signed", ctx.dark)));
    slots = kernelSlots(count, width);
    if (at && (at[0] >= count || at[1] >= size || at[2] >= size)) at = null;
    paintWall();
    canvas.setAttribute("aria-label", `${ctx.text.first_kernels}: ${ctx.data.shown.kernel}. ${ctx.text.walk_maps}`);
  }

  function paintWall() {
    const [now, first] = arrays(), [count, size] = now.shape, { columns, room, side, line, rows } = slots, inks = inksOf(ctx), { text } = ctx;
    const pen = penOn(canvas, width, rows * line - 4), small = Math.floor(side / 2);
    for (let k = 0; k < count; k++) {
      const x = (k % columns) * room + 1, y = Math.floor(k / columns) * line + 1;
      [[0, x, y, side], [1, x + side + 5, y + side - small, small]].forEach(([i, left, top, edge]) => {
        pen.drawImage(strips[i], 0, k * size, size, size, left, top, edge, edge);
        pen.strokeStyle = inks["role-kernel"]; pen.lineWidth = i ? 1 : 1.5;
        pen.strokeRect(left, top, edge, edge);
      });
    }
    if (at) {
      const x = (at[0] % columns) * room + 1, y = Math.floor(at[0] / columns) * line + 1, cell = side / size;
      frameOn(pen, inks, x + at[2] * cell, y + at[1] * cell, cell, cell);
    }
    write(title, text.first_kernels);
    const index = at && (at[0] * size + at[1]) * size + at[2];
    write(note, at ? fill(text.kernel_cell, { kernel: at[0] + 1, row: at[1] + 1, column: at[2] + 1, value: valueWords(now.values[index]), first: valueWords(first.values[index]) })
      : `${ctx.data.shown.kernel} · ${text.small_first} · ±${valueWords(largest)}`);
  }
  return { element, draw };
}
