// Numbers to pixels. A map is coloured once, in its own size; zooming only draws it again.

const shades = {}; // 256 colours of a scale, as the canvas keeps them

function shadesOf(scale, dark) {
  const stops = SCALES[dark ? "dark" : "light"][scale], name = stops.join();
  shades[name] ??= Uint32Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (stops.length - 1), below = Math.min(stops.length - 2, Math.floor(place));
    const [r, g, b] = mix(stops[below], stops[below + 1], place - below);
    return (255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r);
  });
  return shades[name];
}

function fillPixels(ctx, panel) {
  const { rows, columns, channels, values, scale, largest, unit } = panel;
  const look = [panel.version, scale, largest, ctx.dark].join();
  if (panel.look === look) return;
  panel.look = look;
  if (panel.pixels?.width !== columns || panel.pixels?.height !== rows) {
    panel.pixels = el("canvas", { width: columns, height: rows });
    panel.image = new ImageData(columns, rows);
  }
  const out = new Uint32Array(panel.image.data.buffer), size = rows * columns;
  if (channels === 3) {
    const to = 255 / unit;
    for (let i = 0; i < size; i++) out[i] = (255 << 24) | ((values[2 * size + i] * to) << 16) | ((values[size + i] * to) << 8) | (values[i] * to);
  } else {
    const colors = shadesOf(scale, ctx.dark), low = scale === "signed" ? -largest * unit : 0, to = 255 / (largest * unit - low);
    for (let i = 0; i < size; i++) {
      const shade = (values[i] - low) * to + 0.5;
      out[i] = colors[shade < 0 ? 0 : shade > 255 ? 255 : shade | 0];
    }
  }
  panel.pixels.getContext("2d").putImageData(panel.image, 0, 0);
}

// The part of the plane that all panels show: the picture and, where a map reaches further, that.
function fieldOf(ctx) {
  const ends = ctx.parts.panels.map(({ start, step, rows, columns }) => {
    const low = start + 0.5 - step / 2;
    return { low, right: low + columns * step, bottom: low + rows * step };
  });
  const low = Math.min(...ends.map((end) => end.low));
  const width = Math.max(...ends.map((end) => end.right)) - low, height = Math.max(...ends.map((end) => end.bottom)) - low;
  const { by, x, y } = ctx.state.zoom;
  return { left: low + width * (x - 0.5 / by), top: low + height * (y - 0.5 / by), width: width / by, height: height / by, low, full: { width, height } };
}

function paintAll(ctx) {
  if (!ctx.parts.panels.length || !ctx.parts.panels[0].rows) return;
  const field = fieldOf(ctx);
  ctx.state.field = field;
  const ratio = field.full.width / field.full.height;
  if (ratio !== ctx.state.ratio) ctx.parts.stage.style.setProperty("--ratio", ctx.state.ratio = ratio);
  for (const panel of ctx.parts.panels) paintPanel(ctx, panel, field);
  paintOverlays(ctx);
  readOut(ctx);
}

// Canvas pixels are the screen's pixels, so that a pixel of the map has sharp edges.
function fit(canvas) {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio)), height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return canvas.getContext("2d");
}

function paintPanel(ctx, panel, field) {
  const { canvas, pixels, start, step, rows, columns } = panel;
  const pen = fit(canvas), size = canvas.width / field.width, low = start + 0.5 - step / 2;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingEnabled = size * step < 1; // average what is too small for the screen
  pen.drawImage(pixels, (low - field.left) * size, (low - field.top) * size, columns * step * size, rows * step * size);
}

// The pixel under the pointer in every panel, and on the picture what a map's pixel depends on.
function paintOverlays(ctx) {
  const { state, parts } = ctx, { field } = state;
  state.inks ??= {};
  const colour = state.inks[ctx.dark] ??= paint(ctx, "--role-kernel");
  for (const panel of parts.panels) {
    const pen = fit(panel.overlay), size = panel.overlay.width / field.width;
    pen.clearRect(0, 0, panel.overlay.width, panel.overlay.height);
    for (const { top, left, side, ink } of state.patches ?? []) frame(pen, size, field, left + (side - 1) / 2, top + (side - 1) / 2, side, ink);
    const pixel = state.at && pixelAt(panel, state.at);
    if (pixel) frame(pen, size, field, panel.start + pixel[1] * panel.step, panel.start + pixel[0] * panel.step, panel.step, colour);
    const map = parts.panels[state.over];
    if (panel.i === 0 && map && map.i !== 0 && state.at) {
      const [r, c] = pixelAt(map, state.at) ?? [];
      if (r !== undefined) frame(pen, size, field, map.start + c * map.step, map.start + r * map.step, map.sees, colour);
    }
  }
}

function frame(pen, size, field, x, y, side, colour) {
  const shown = Math.max(side * size, 7 * devicePixelRatio);
  const left = (x + 0.5 - field.left) * size - shown / 2, top = (y + 0.5 - field.top) * size - shown / 2;
  for (const [ink, width] of [["#ffffff", 5], [colour, 2.5]]) {
    pen.strokeStyle = ink;
    pen.lineWidth = width * devicePixelRatio;
    pen.strokeRect(left, top, shown, shown);
  }
}

// A kernel as a picture of its weights; small ones with their numbers.
function drawKernel(ctx, canvas, weights, size, numbers = true) {
  const side = Math.round((numbers ? 90 : 24) * devicePixelRatio), cell = side / size;
  Object.assign(canvas, { width: side, height: side });
  const pen = canvas.getContext("2d");
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  weights.forEach((weight, i) => {
    const { fill: background, ink } = color(weight, { max: largest, dark: ctx.dark });
    const x = Math.round((i % size) * cell), y = Math.round(Math.floor(i / size) * cell);
    pen.fillStyle = background;
    pen.fillRect(x, y, Math.ceil(cell), Math.ceil(cell));
    if (size > 3 || !numbers) return;
    pen.fillStyle = ink;
    pen.font = `${14 * devicePixelRatio}px ${getComputedStyle(ctx.root).fontFamily}`;
    pen.textAlign = "center"; pen.textBaseline = "middle";
    pen.fillText(number(weight, Math.abs(weight) < 1 ? 2 : 1), x + cell / 2, y + cell / 2 + devicePixelRatio, cell - 2 * devicePixelRatio);
  });
}
