// A small square to draw on, with a pen as soft as those that wrote MNIST's digits.
//
//   drawingPad(ctx, {size, onChange, onPoint, inkOf, scale}) -> {element, pixels, isBusy, set(pixels)}
//
//   pixels      size² bytes in reading order, 0 (paper) to 255 (ink)
//   onChange()  something was drawn, rubbed out or cleared by hand
//   onPoint(i)  the pointer (without drawing) or the keyboard is at this pixel; null: it has left
//   inkOf(i)    the colour [r, g, b] of this pixel's ink, instead of the scale's
//   scale       "photo" (white on black, the default) or "image"
//   isBusy      a pen is down
const PEN = 1.7, RUBBER = 2.6; // how far the ink reaches from the middle of a stroke, in pixels
const GHOST = 16; // what the rubber leaves of less ink than this nobody would see

function drawingPad(ctx, { size, onChange, onPoint, inkOf, scale = "photo" }) {
  const pad = { pixels: new Uint8Array(size * size) };
  const canvas = el("canvas", { class: "pad", width: size, height: size, tabindex: "0", role: "application" });
  const cursor = el("div", { class: "pad-cursor", hidden: "" });
  const rubber = el("button", { class: "button", type: "button", "aria-pressed": "false",
    onclick: () => rubber.setAttribute("aria-pressed", String(!isRubbing())) });
  const clear = el("button", { class: "button", type: "button", onclick: () => { pad.set(pad.pixels.fill(0)); onChange(); } });
  const help = el("p", { class: "pad-help" });
  pad.element = el("div", { class: "drawing" }, el("div", { class: "pad-frame" }, canvas, cursor),
    el("div", { class: "pad-tools" }, help, rubber, clear));
  const at = { row: size >> 1, column: size >> 1 };
  const isRubbing = () => rubber.getAttribute("aria-pressed") === "true";

  pad.set = (pixels) => {
    pad.pixels = pixels;
    canvas.setAttribute("aria-label", fill(ctx.text.pad, { size }));
    canvas.setAttribute("aria-description", ctx.text.pad_help);
    help.textContent = ctx.text.pad_help;
    rubber.textContent = ctx.text.rubber;
    clear.textContent = ctx.text.clear;
    const [paper, ink] = SCALES[ctx.dark ? "dark" : "light"][scale].map(rgb);
    const image = new ImageData(size, size);
    pixels.forEach((value, i) => {
      const to = inkOf?.(i) ?? ink, channels = paper.map((from, k) => from + (to[k] - from) * value / 255);
      image.data.set([...channels, 255], 4 * i);
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
  };

  // Ink along the line between two points; a pixel keeps the most it ever got.
  function stroke(from, to, rubs) {
    const reach = rubs ? RUBBER : PEN;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const strength = Math.min(1, Math.max(0, reach - distance({ x: column + 0.5, y: row + 0.5 }, from, to)));
        const i = row * size + column, value = Math.round(255 * strength);
        const left = rubs ? Math.min(pad.pixels[i], 255 - value) : Math.max(pad.pixels[i], value);
        pad.pixels[i] = rubs && value && left < GHOST ? 0 : left;
      }
    }
    pad.set(pad.pixels);
    onChange();
  }

  let last = null;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width * size, y: (event.clientY - box.top) / box.height * size };
  };
  const inside = (x) => Math.max(0, Math.min(size - 1, Math.floor(x)));
  canvas.onpointerdown = (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    cursor.hidden = true;
    last = place(event);
    pad.isBusy = true;
    onPoint?.(null);
    stroke(last, last, isRubbing());
  };
  canvas.onpointermove = (event) => {
    if (!last) {
      const { x, y } = place(event);
      if (event.pointerType !== "touch") onPoint?.(inside(y) * size + inside(x));
      return;
    }
    const points = event.getCoalescedEvents?.() ?? [];
    for (const point of points.length ? points : [event]) stroke(last, (last = place(point)), isRubbing());
  };
  canvas.onpointerup = canvas.onpointercancel = () => { last = null; pad.isBusy = false; };
  canvas.onpointerleave = () => { if (!last) onPoint?.(null); };

  canvas.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const paints = event.key === " " || event.key === "Enter", rubs = event.key === "Delete" || event.key === "Backspace";
    if (!step && !paints && !rubs) return;
    event.preventDefault(); event.stopPropagation();
    if (step) {
      at.row = Math.max(0, Math.min(size - 1, at.row + step[0]));
      at.column = Math.max(0, Math.min(size - 1, at.column + step[1]));
    } else {
      const middle = { x: at.column + 0.5, y: at.row + 0.5 };
      stroke(middle, middle, rubs || isRubbing());
    }
    showCursor();
    onPoint?.(at.row * size + at.column);
    const value = number(pad.pixels[at.row * size + at.column] / 255);
    ctx.say(fill(ctx.text.cell, { row: at.row + 1, column: at.column + 1, value }));
  };
  canvas.onfocus = () => { if (canvas.matches(":focus-visible")) showCursor(); };
  canvas.onblur = () => { cursor.hidden = true; onPoint?.(null); };
  function showCursor() {
    cursor.hidden = false;
    cursor.style.cssText = `left:${100 * at.column / size}%;top:${100 * at.row / size}%;width:${100 / size}%;height:${100 / size}%`;
  }
  return pad;
}

// How far `point` lies from the line between two points.
function distance(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y], length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / length)) : 0;
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}
