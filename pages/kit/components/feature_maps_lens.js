// Pointing, zooming, moving: what is done in one panel happens in all of them.

const MOST = 32; // times larger
const FRAME = "M1 1h5v2H3v3H1zM10 1h5v5h-2V3h-3zM1 10h2v3h3v2H1zM13 10h2v5h-5v-2h3z"; // its four corners
const SOON = 400; // milliseconds until the URL follows

const hint = (ctx) => el("p", { class: "hint" }, ctx.text.look);

function explore(ctx, panel) {
  const { canvas } = panel, { state } = ctx, fingers = new Map();
  let dragged = null, pinched = null;
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect(), { field } = state;
    return { x: field.left + (clientX - box.left) / box.width * field.width, y: field.top + (clientY - box.top) / box.height * field.height };
  };
  const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY); };

  canvas.onpointerdown = (event) => {
    fingers.set(event.pointerId, event);
    canvas.setPointerCapture(event.pointerId);
    if (fingers.size === 2) pinched = { spread: spread(), by: state.zoom.by };
    dragged = event;
    point(ctx, panel.i, place(event));
  };
  canvas.onpointermove = (event) => {
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType !== "touch") point(ctx, panel.i, place(event));
      return;
    }
    fingers.set(event.pointerId, event);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
      zoomTo(ctx, pinched.by * spread() / pinched.spread, place(middle));
    } else if (state.zoom.by > 1) {
      const box = canvas.getBoundingClientRect();
      moveBy(ctx, (dragged.clientX - event.clientX) / box.width, (dragged.clientY - event.clientY) / box.height);
    } else point(ctx, panel.i, place(event));
    dragged = event;
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => { fingers.delete(event.pointerId); [dragged] = fingers.values(); };
  canvas.onpointerleave = (event) => { if (event.pointerType === "mouse" && !fingers.size && document.activeElement !== canvas && ctx.root.getRootNode().activeElement !== canvas) point(ctx, null, null); };
  // The wheel scrolls the page; it zooms once a panel was clicked, or with the control key (a pinch).
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && ctx.root.getRootNode().activeElement !== canvas) return;
    event.preventDefault();
    zoomTo(ctx, state.zoom.by * Math.exp(-event.deltaY / 300), place(event));
  }, { passive: false });
  canvas.onkeydown = (event) => {
    const far = event.shiftKey ? 10 : 1;
    const by = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far] }[event.key];
    if (by) walk(ctx, panel, ...by);
    else if (event.key === "+" || event.key === "=") zoomTo(ctx, state.zoom.by * 1.5, state.at);
    else if (event.key === "-" || event.key === "−") zoomTo(ctx, state.zoom.by / 1.5, state.at);
    else if (event.key === "0" || event.key === "Home") zoomTo(ctx, 1);
    else return;
    event.preventDefault();
  };
}

function point(ctx, i, at) {
  Object.assign(ctx.state, { over: i, at });
  paintOverlays(ctx);
  readOut(ctx);
}

// To the neighbouring pixel of this panel; the picture moves along at the edge of what is shown.
function walk(ctx, panel, down, right) {
  const { state } = ctx, { field } = state, middle = { x: field.left + field.width / 2, y: field.top + field.height / 2 };
  const [r, c] = pixelAt(panel, state.at ?? middle) ?? [Math.floor(panel.rows / 2), Math.floor(panel.columns / 2)];
  const clamp = (value, most) => Math.max(0, Math.min(most - 1, value));
  const to = (index) => panel.start + index * panel.step + 0.5;
  const at = { x: to(clamp(c + right, panel.columns)), y: to(clamp(r + down, panel.rows)) };
  Object.assign(state, { at, over: panel.i });
  const beyond = (value, low, size) => (value < low ? value - low - panel.step : value > low + size ? value - low - size + panel.step : 0);
  moveBy(ctx, beyond(at.x, field.left, field.width) / field.width, beyond(at.y, field.top, field.height) / field.height);
}

// Zoom such that the point `at` stays where it is on the screen.
function zoomTo(ctx, by, at = null) {
  const { zoom, field } = ctx.state;
  const wanted = Math.max(1, Math.min(MOST, by));
  if (at) {
    const keep = (center, place, full) => { const p = (place - field.low) / full; return p + (center - p) * zoom.by / wanted; };
    zoom.x = keep(zoom.x, at.x, field.full.width);
    zoom.y = keep(zoom.y, at.y, field.full.height);
  }
  zoom.by = wanted;
  moveBy(ctx, 0, 0);
}

// Move by parts of what is shown.
function moveBy(ctx, right, down) {
  const { zoom } = ctx.state;
  const inside = (center) => Math.max(0.5 / zoom.by, Math.min(1 - 0.5 / zoom.by, center));
  zoom.x = inside(zoom.x + right / zoom.by);
  zoom.y = inside(zoom.y + down / zoom.by);
  ctx.root.classList.toggle("zoomed", zoom.by > 1);
  paintAll(ctx);
  later(ctx, "zoom", [round(zoom.by, 2), round(100 * zoom.x, 1), round(100 * zoom.y, 1)]);
}

const round = (value, decimals) => Number(value.toFixed(decimals));

// What a link or a preset asks for; what was done here is there already.
function followZoom(ctx) {
  const { data, state } = ctx, asked = data.zoom.join();
  if (asked === state.askedZoom) return;
  state.askedZoom = asked;
  if (state.sentZoom === asked) return;
  const [by, x, y] = data.zoom;
  Object.assign(state.zoom, { by, x: x / 100, y: y / 100 });
  const inside = (center) => Math.max(0.5 / by, Math.min(1 - 0.5 / by, center));
  Object.assign(state.zoom, { x: inside(state.zoom.x), y: inside(state.zoom.y) });
  ctx.root.classList.toggle("zoomed", by > 1);
}

function zoomBar(ctx) {
  const key = (sign, label, onclick) => el("button", { class: "button", type: "button", "aria-label": label, title: label, onclick }, sign);
  const middle = () => { const { field } = ctx.state; return { x: field.left + field.width / 2, y: field.top + field.height / 2 }; };
  return el("div", { class: "zooms", role: "group" },
    key("−", ctx.text.zoom_out, () => zoomTo(ctx, ctx.state.zoom.by / 1.5, middle())),
    key("+", ctx.text.zoom_in, () => zoomTo(ctx, ctx.state.zoom.by * 1.5, middle())),
    key(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: FRAME })), ctx.text.whole, () => zoomTo(ctx, 1)));
}

// ---------------------------------------------------------------- reading

// What the picture shows at a place, and every map at the same place.
function pixelAt(panel, at) {
  const r = Math.round((at.y - 0.5 - panel.start) / panel.step), c = Math.round((at.x - 0.5 - panel.start) / panel.step);
  return r >= 0 && c >= 0 && r < panel.rows && c < panel.columns ? [r, c] : null;
}

function valueAt(panel, [r, c]) {
  const size = panel.rows * panel.columns, place = r * panel.columns + c;
  return Array.from({ length: panel.channels }, (_, k) => number(panel.values[k * size + place] / panel.unit, 3)).join(" ");
}

function readOut(ctx) {
  const { parts, state } = ctx;
  const read = parts.panels.map((panel) => {
    const pixel = state.at && pixelAt(panel, state.at);
    panel.value.textContent = pixel ? valueAt(panel, pixel) : "";
    panel.value.dataset.at = pixel ? pixel.join(",") : "";
    const words = pixel
      ? fill(ctx.text.pixel, { row: pixel[0] + 1, column: pixel[1] + 1, value: panel.value.textContent })
      : ctx.text.outside;
    return `${panel.words}: ${words}`;
  });
  if (state.at) ctx.say(read.join("; "));
}
