// Bytes to pictures, in the screen's own pixels: what a moving training can repaint at each answer.

// 256 colours of a scale, as a canvas keeps them. Of a signed scale 128 is zero, and 0 (no number)
// stays transparent; an image runs from paper (0) to ink (255).
const trainingShades = {};
function shadeTable(scale, dark) {
  const stops = SCALES[dark ? "dark" : "light"][scale];
  return (trainingShades[`${scale} ${dark}`] ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    if (scale === "signed" && byte === 0) return 0;
    const share = scale === "signed" ? (byte - 128) / 127 : byte / 255;
    const filled = scale === "signed" ? mix(stops[1], share < 0 ? stops[0] : stops[2], Math.abs(share)) : mix(stops[0], stops[1], share);
    const [r, g, b] = filled.map(Math.round);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }));
}

// Signed numbers as the bytes of such a table.
const signedBytes = (values, largest) => Uint8Array.from(values, (value) => (Number.isFinite(value) ? 128 + Math.round((127 * value) / (largest || 1)) : 0));

// Pictures of one size below each other on one canvas, each pixel once, as their bytes lie in memory.
function paintPictures(canvas, bytes, width, table) {
  const height = bytes.length / width;
  if (canvas.width !== width || canvas.height !== height || !canvas.pixels) {
    Object.assign(canvas, { width, height, image: new ImageData(width, height) });
    canvas.pixels = new Uint32Array(canvas.image.data.buffer);
  }
  for (let i = 0; i < bytes.length; i++) canvas.pixels[i] = table[bytes[i]];
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}

// A pen for a canvas of so many CSS pixels; nothing is on it then.
function penOn(canvas, width, height) {
  const ratio = devicePixelRatio || 1, w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) {
    Object.assign(canvas, { width: w, height: h });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.imageSmoothingEnabled = false;
  return pen;
}

// The theme's colours for a canvas, looked up once for each theme; but again as long as the page's
// style has not arrived, when all of them are the text's.
function inksOf(ctx) {
  const views = ctx.state.views;
  if (views.inks?.dark !== ctx.dark || views.inks.line === views.inks.text) {
    const names = ["text", "faint", "line", "accent", "page", "role-kernel", "role-output", "role-gradient", "role-input"];
    views.inks = { dark: ctx.dark, ...Object.fromEntries(names.map((name) => [name, paint(ctx, `--${name}`)])) };
  }
  return views.inks;
}

// Write only what changed: the same words again would still cost a layout.
const write = (element, words) => { if (element.textContent !== words) element.textContent = words; };

// 99.97% is not 100%.
const shareWords = (share) => (share === null ? "–" : `${share > 0.9995 && share < 1 ? "99.9" : (100 * share).toFixed(1)}%`);
const outputWords = (output) => (output === null ? "–" : number(output, 3));
const answerWords = (share, isProbability) => (isProbability ? shareWords : outputWords)(share);

// A number of any size in a few letters: 12.3, 0.0456, 7.8·10⁻⁵.
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const powerWords = (power) => `10${power < 0 ? "⁻" : ""}${[...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[digit]).join("")}`;
function valueWords(value) {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.001 && size < 1e5)) return String(Number(value.toPrecision(3))).replace("-", "−");
  const [digits, power] = value.toExponential(1).split("e");
  return `${digits.replace("-", "−")}·${powerWords(Number(power))}`;
}

// A frame that is seen on any colour.
function frameOn(pen, inks, x, y, width, height) {
  for (const [ink, thick] of [[inks.page, 4], [inks.text, 2]]) {
    pen.strokeStyle = ink; pen.lineWidth = thick;
    pen.strokeRect(x, y, width, height);
  }
  pen.lineWidth = 1;
}

// From cell to cell: rows down, columns to the right.
const ARROW_STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
