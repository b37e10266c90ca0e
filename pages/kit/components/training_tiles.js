// The small pictures of a training run: the first kernels, and test images with the answers.

// ---------------------------------------------------------------- kernels

// Each kernel large, and beside it, small, as it was before any training. One scale for all.
function kernelWall(ctx) {
  const title = el("p", { class: "title kernel" }), note = el("small", {});
  const canvas = el("canvas", { tabindex: "0", role: "img" });
  const element = el("figure", { class: "wall" }, title, el("div", { class: "canvas" }, canvas));
  let slots = [], at = null;

  const size = () => ctx.data.kernels.shape.at(-1);
  const index = ([k, r, c]) => (k * size() + r) * size() + c;
  const point = (cell) => { at = cell; drawWall(); };
  canvas.onpointermove = canvas.onpointerdown = ({ offsetX, offsetY }) => {
    const k = slots.findIndex(({ x, y, side }) => offsetX >= x && offsetX < x + side && offsetY >= y && offsetY < y + side);
    point(k < 0 ? null : [k, ...[offsetY - slots[k].y, offsetX - slots[k].x].map((d) => Math.floor(d / slots[k].cell))]);
  };
  canvas.onpointerleave = canvas.onblur = () => point(null);
  canvas.onkeydown = (event) => {
    const count = slots.length, n = size(), [k, r, c] = at ?? [0, 0, -1], across = k * n + c;
    const to = { ArrowLeft: [across - 1, r], ArrowRight: [across + 1, r], ArrowUp: [across, r - 1], ArrowDown: [across, r + 1], Home: [0, r], End: [count * n - 1, r] }[event.key];
    if (!to) return;
    event.preventDefault();
    const [column, row] = [Math.max(0, Math.min(count * n - 1, to[0])), Math.max(0, Math.min(n - 1, to[1]))];
    point([Math.floor(column / n), row, column % n]);
    ctx.say(note.textContent);
  };

  function drawWall() {
    const { now, first, colors, font } = ctx.state, { text, data } = ctx, n = size(), [count] = data.kernels.shape;
    const width = canvas.parentElement.clientWidth, columns = width < 520 ? Math.ceil(count / 2) : count;
    const room = Math.min(width / columns, 150), gap = 14;
    const cell = Math.max(4, Math.floor((room - gap - 4) / (n * 1.5))), side = cell * n, small = Math.floor(cell / 2);
    const rows = Math.ceil(count / columns);
    const { pen } = fresh(canvas, rows * (side + 8));
    const largest = Math.max(1e-12, ...now.map(Math.abs), ...first.map(Math.abs));
    const paintKernel = (values, k, x, y, edge) => {
      for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) {
        pen.fillStyle = color(Number.isFinite(values[index([k, r, c])]) ? values[index([k, r, c])] : largest, { scale: "signed", max: largest, dark: ctx.dark }).fill;
        pen.fillRect(x + c * edge, y + r * edge, edge - (edge > 8 ? 1 : 0), edge - (edge > 8 ? 1 : 0));
      }
      pen.strokeStyle = colors["role-kernel"]; pen.lineWidth = edge === cell ? 2 : 1;
      pen.strokeRect(x - 1, y - 1, n * edge + 1, n * edge + 1);
    };
    slots = Array.from({ length: count }, (_, k) => ({ x: 2 + (k % columns) * room, y: 2 + Math.floor(k / columns) * (side + 8), side, cell }));
    slots.forEach(({ x, y }, k) => {
      paintKernel(now, k, x, y, cell);
      paintKernel(first, k, x + side + 5, y + side - small * n, small);
    });
    if (at) {
      const { x, y } = slots[at[0]];
      pen.strokeStyle = colors.text; pen.lineWidth = 2;
      pen.strokeRect(x + at[2] * cell, y + at[1] * cell, cell - 1, cell - 1);
    }
    note.textContent = at
      ? fill(text.kernel_cell, { kernel: at[0] + 1, row: at[1] + 1, column: at[2] + 1, value: short(now[index(at)]), first: short(first[index(at)]) })
      : text.kernels_note;
    title.replaceChildren(text.kernels, note);
    canvas.setAttribute("aria-label", `${text.kernels}. ${text.walk}`);
  }

  return { element, draw: drawWall };
}

// ---------------------------------------------------------------- test images

function tileRow(ctx) {
  const title = el("p", { class: "title" }), tiles = el("div", { class: "tiles" });
  const element = el("figure", { class: "row-of-tiles" }, title, tiles);
  function drawTiles(words, set) {
    title.textContent = words || "\u00a0";
    const count = set?.true.length ?? 0, pixels = count ? bytes(set.images) : [];
    while (tiles.children.length > count) tiles.lastChild.remove();
    while (tiles.children.length < count) tiles.append(el("div", { class: "tile" }, el("canvas", {}), el("span", {})));
    [...tiles.children].forEach((tile, i) => {
      const isTold = !ctx.data.secret, isRight = set.true[i] === set.said[i];
      paintImage(tile.firstChild, pixels.subarray(i * set.size ** 2, (i + 1) * set.size ** 2), set.size, ctx.dark);
      tile.classList.toggle("misread", isTold && !isRight);
      tile.lastChild.textContent = !isTold ? "?" : isRight ? set.said[i] : `${set.true[i]} → ${set.said[i]}`;
      const sentence = fill(isTold ? ctx.text.says : ctx.text.untold, { true: set.true[i], said: set.said[i], sure: percent(set.sure[i]) });
      tile.title = sentence; tile.setAttribute("aria-label", sentence); tile.setAttribute("role", "img");
    });
  }
  return { element, draw: drawTiles };
}

function paintImage(canvas, pixels, size, dark) {
  const theme = dark ? "dark" : "light", stops = SCALES[theme].image;
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d"), image = pen.createImageData(size, size);
  pixels.forEach((value, i) => {
    const [r, g, b] = mix(stops[0], stops[1], value / 255);
    image.data.set([r, g, b, 255], 4 * i);
  });
  pen.putImageData(image, 0, 0);
}
