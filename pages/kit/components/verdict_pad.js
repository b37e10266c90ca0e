// A 9×9 sheet to draw on with mouse, finger or keys. A frame shows the window that is looked at, and
// letters the strokes that spoke for the verdict.
//
//   strokePad(ctx, {onStroke, onRest}) -> {element, draw(), mark(frame, evidence), isBusy}
//
//   onStroke()   the drawing (ctx.data.drawing, 1 ink, −1 paper) changed
//   onRest()     the pen was lifted
const PAUSE = 500; // milliseconds after a key until the drawing counts as finished

function strokePad(ctx, { onStroke, onRest }) {
  const grid = numberGrid(ctx, { role: "input" }), cells = grid.element.querySelector(".cells");
  const marks = svg("svg", { class: "marks", viewBox: "0 0 9 9", "aria-hidden": "true" });
  const presets = el("div", { class: "presets" }), hint = el("p", { class: "hint" });
  const pad = { element: el("div", { class: "pad" }, grid.element, presets, hint), isBusy: false };
  let pen = null, last = null, timer = null, drawn = null;

  pad.draw = () => {
    const { drawing, drawings } = ctx.data, { text } = ctx;
    if (pad.isBusy) ctx.data.drawing = drawn; // an answer to an older stroke must not undo a newer one
    drawn = ctx.data.drawing;
    grid.draw({
      title: text.drawing, detail: `9×9 · ${text.ink}`, scale: "image", max: 1,
      values: drawn.map((row) => row.map((pixel) => (pixel + 1) / 2)), text: () => "",
    });
    drawn.forEach((row, r) => row.forEach((pixel, c) => grid.cell(r, c).setAttribute(
      "aria-label", fill(text.cell, { row: r + 1, column: c + 1, value: pixel > 0 ? text.pixel_ink : text.pixel_paper }))));
    cells.setAttribute("aria-description", text.draw);
    if (!marks.isConnected) cells.append(marks);
    hint.textContent = text.draw;
    if (!presets.children.length) presets.append(...drawings.map((_, i) => el("button", { class: "button", type: "button", onclick: () => take(i) })));
    drawings.forEach(({ label }, i) => { presets.children[i].textContent = label; });
  };

  pad.mark = (frame, evidence) => {
    const lit = new Set(evidence.flatMap(({ stroke }) => stroke.map(String)));
    grid.values.forEach((row, r) => row.forEach((_, c) => grid.cell(r, c).classList.toggle("spoke", lit.has(`${r},${c}`))));
    const box = ([row, column, height, width], name) => svg("rect", { class: name, x: column + 0.06, y: row + 0.06, width: width - 0.12, height: height - 0.12, rx: 0.2 });
    const windows = evidence.map(({ place: [row, column] }) => [row, column, 3, 3]);
    const taken = [];
    const badges = evidence.map(({ letter }, i) => {
      let [y, x] = windows[i];
      while (taken.includes(String([y, x]))) x += 0.8; // two kernels may have found the same window
      taken.push(String([y, x]));
      return svg("g", { class: "badge", transform: `translate(${x + 0.42} ${y + 0.42})` },
        svg("circle", { r: 0.36 }), svg("text", { y: 0.18 }, letter));
    });
    marks.replaceChildren(
      ...windows.flatMap((window) => [box(window, "halo"), box(window, "found")]),
      ...(frame ? [box(frame, "halo"), box(frame, "frame")] : []), ...badges);
  };

  // ---------------------------------------------------------------- the pen

  function paint(r, c, pixel) {
    if (drawn[r]?.[c] === undefined || drawn[r][c] === pixel) return false;
    ctx.data.drawing = drawn = drawn.map((row, i) => (i === r ? row.map((old, j) => (j === c ? pixel : old)) : row));
    pad.isBusy = true;
    return true;
  }
  // Where the pointer is, counted in pixels.
  const place = (event) => {
    const box = cells.getBoundingClientRect(), edge = 5;
    return [(event.clientY - box.top - edge) / (box.height - 2 * edge) * 9, (event.clientX - box.left - edge) / (box.width - 2 * edge) * 9];
  };
  // A stroke inks a pixel where it enters the diamond between the middles of its sides. So a slanted
  // stroke passes the corners of its neighbours without inking them, and is one pixel wide.
  function stroke(from, to) {
    const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 0.1);
    let changed = false;
    for (let i = 1; i <= steps; i++) {
      const [y, x] = from.map((start, k) => start + (to[k] - start) * i / steps), r = Math.floor(y), c = Math.floor(x);
      if (Math.abs(y - r - 0.5) + Math.abs(x - c - 0.5) < 0.5) changed = paint(r, c, pen) || changed;
    }
    return changed;
  }
  function take(i) {
    rest();
    ctx.data.drawing = drawn = ctx.data.drawings[i].pixels;
    pad.draw();
    onStroke();
    onRest();
  }
  const show = (changed) => { if (changed) { pad.draw(); onStroke(); } };
  const rest = () => { clearTimeout(timer); timer = pen = last = null; pad.isBusy = false; };

  cells.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [r, c] = place(event).map((at) => Math.min(8, Math.max(0, Math.floor(at))));
    clearTimeout(timer);
    cells.setPointerCapture(event.pointerId);
    last = place(event);
    pen = -drawn[r][c];
    grid.cursor(r, c);
    show(paint(r, c, pen));
  });
  cells.addEventListener("pointermove", (event) => {
    if (pen === null) return;
    const points = event.getCoalescedEvents?.() ?? [];
    show((points.length ? points : [event]).reduce((changed, point) => stroke(last, (last = place(point))) || changed, false));
  });
  const lift = () => { if (pen !== null) { rest(); onRest(); } };
  cells.addEventListener("pointerup", lift);
  cells.addEventListener("pointercancel", lift);
  cells.addEventListener("keydown", (event) => {
    if (!grid.at || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    const [r, c] = grid.at;
    show(paint(r, c, -drawn[r][c]));
    clearTimeout(timer);
    timer = setTimeout(() => { rest(); onRest(); }, PAUSE);
  });
  ctx.onRemove(() => clearTimeout(timer));
  return pad;
}
