// A grid of numbers that can be read, walked with the arrow keys and edited in place.
//
// options (fixed at build)
//   role       "input" | "kernel" | "output" | "gradient" | "neutral"
//   label      accessible name;  defaults to the title
//   onPick(r, c)    a cell was clicked, tapped, or reached with the arrow keys
//   drags      onPick follows a pressed mouse or a finger over the cells
//   onHover(r, c) / onHover(null)
//   onEdit(r, c, value)   makes the grid editable: click, tap, Enter or a digit opens the cell
//   limit      largest absolute value that may be typed (99)
//
// grid.element                  put it in the page
// grid.draw({title, detail, values, scale, max, padding, text})
//     values   rows of numbers (null: an empty cell)     scale, max  as in color(); max defaults to
//     padding  n or [top, bottom, left, right] cells of `values` that are zero padding (dashed)
//     text(r, c, value) -> string, instead of number(value)         the largest absolute value
// grid.cursor(r, c)             move the cursor without telling onPick; cursor(null) hides it
// grid.window(r, c, h, w, role) frame h×w cells, in a role's colour; window(null) hides it
// grid.quiet(f)                 fade the cells for which f(r, c) is true
// grid.notes(f)                 a small text in the corner of each cell: f(r, c) -> string or ""
// grid.cell(r, c)               the cell's element
let grids = 0;

function numberGrid(ctx, { role = "neutral", label, onPick, drags, onHover, onEdit, limit = 99 } = {}) {
  const id = `grid-${++grids}`;
  const heading = el("p", { class: "grid-title" });
  const frame = el("div", { class: "window", hidden: "" });
  const cells = el("div", {
    class: `cells${onEdit ? " editable" : ""}${onPick ? " pickable" : ""}${drags ? " drags" : ""}`,
    role: "grid", tabindex: "0",
  });
  const message = el("p", { class: "message", role: "status" });
  const element = el("div", { class: "grid", "data-role": role }, heading, cells, message);
  const grid = { element, rows: 0, columns: 0, values: [], at: null };
  let shape = "", spot = null, editor = null;

  const isInside = (r, c) => r >= 0 && c >= 0 && r < grid.rows && c < grid.columns;
  grid.cell = (r, c) => (isInside(r, c) ? cells.querySelector(`[data-at="${r},${c}"]`) : null);

  grid.draw = ({ title = "", detail = "", values, scale = "signed", max, padding = 0, text }) => {
    heading.replaceChildren(title, ...(detail ? [el("small", {}, detail)] : []));
    cells.setAttribute("aria-label", label ?? title);
    if (onEdit) cells.setAttribute("aria-description", ctx.text.edit);
    grid.values = values; grid.rows = values.length; grid.columns = values[0].length;
    if (shape !== `${grid.rows}×${grid.columns}`) rebuild();
    const [top, bottom, left, right] = Array.isArray(padding) ? padding : [padding, padding, padding, padding];
    const largest = max ?? Math.max(1e-12, ...values.flat().map((v) => Math.abs(v ?? 0)));
    const texts = values.map((row, r) => row.map((value, c) => (text ? text(r, c, value) : number(value))));
    cells.style.setProperty("--digits", Math.max(1, ...texts.flat().map(breadth)));
    values.forEach((row, r) => row.forEach((value, c) => {
      const cell = grid.cell(r, c);
      const isPadding = r < top || c < left || r >= grid.rows - bottom || c >= grid.columns - right;
      const { fill: background, ink } = color(value, { scale, max: largest, dark: ctx.dark });
      const shown = texts[r][c];
      cell.style.background = isPadding ? "transparent" : background;
      cell.style.color = ink;
      cell.firstChild.textContent = shown;
      cell.classList.toggle("long", shown.length > 3);
      cell.classList.toggle("padding", isPadding);
      cell.classList.toggle("empty", value === null);
      cell.title = /\d/.test(shown) && !shown.endsWith(number(value)) ? number(value) : ""; // all of a number that was shortened
      cell.setAttribute("aria-label", fill(ctx.text.cell, { row: r + 1, column: c + 1, value: cell.title || shown }));
    }));
  };

  function rebuild() {
    shape = `${grid.rows}×${grid.columns}`;
    cells.style.setProperty("--columns", grid.columns);
    cells.replaceChildren(frame, ...grid.values.map((row, r) => el("div", { role: "row", style: "display:contents" },
      ...row.map((_, c) => el("div", { class: "cell", role: "gridcell", id: `${id}-${r}-${c}`, "data-at": `${r},${c}` },
        el("span"))))));
    if (grid.at && !isInside(...grid.at)) grid.at = null;
    if (grid.at) grid.cursor(...grid.at);
    if (spot) grid.window(...spot);
  }

  grid.cursor = (r, c) => {
    cells.querySelector(".cursor")?.classList.remove("cursor");
    grid.at = r === null ? null : [r, c];
    const cell = grid.at && grid.cell(r, c);
    if (!cell) return cells.removeAttribute("aria-activedescendant");
    cell.classList.add("cursor");
    cells.setAttribute("aria-activedescendant", cell.id);
  };

  grid.window = (r, c, h, w, windowRole = "kernel") => {
    spot = r === null ? null : [r, c, h, w, windowRole];
    frame.hidden = spot === null;
    if (!spot) return;
    frame.style.width = `calc(${w} * var(--cell))`;
    frame.style.height = `calc(${h} * var(--cell))`;
    frame.style.transform = `translate(calc(${c} * var(--cell)), calc(${r} * var(--cell)))`;
    frame.style.setProperty("--frame", `var(--role-${windowRole})`);
  };

  grid.quiet = (isQuiet) => everyCell((cell, r, c) => cell.classList.toggle("quiet", Boolean(isQuiet(r, c))));
  grid.notes = (note) => everyCell((cell, r, c) => {
    const words = note(r, c);
    cell.querySelector(".note")?.remove();
    if (words) cell.append(el("span", { class: "note" }, words));
  });
  function everyCell(f) { grid.values.forEach((row, r) => row.forEach((_, c) => f(grid.cell(r, c), r, c))); }

  function pick(r, c) {
    grid.cursor(r, c);
    onPick?.(r, c);
  }

  const target = (event) => event.target.closest?.(".cell")?.dataset.at.split(",").map(Number);
  cells.onclick = (event) => {
    const at = target(event);
    if (!at || editor) return;
    pick(...at);
    if (onEdit) edit(...at);
  };
  // The cell below the pointer, or the nearest one while it is outside.
  const nearest = (event) => {
    const box = cells.getBoundingClientRect(), edge = 5, clamp = (i, n) => Math.max(0, Math.min(n - 1, Math.floor(i * n)));
    return [clamp((event.clientY - box.top - edge) / (box.height - 2 * edge), grid.rows), clamp((event.clientX - box.left - edge) / (box.width - 2 * edge), grid.columns)];
  };
  const isDragged = (event) => drags && cells.hasPointerCapture(event.pointerId);
  if (drags) {
    cells.onpointerdown = (event) => {
      if (event.button !== 0) return;
      cells.setPointerCapture(event.pointerId);
      pick(...nearest(event));
    };
  }
  cells.onpointermove = (event) => {
    if (isDragged(event)) {
      const at = nearest(event);
      if (String(at) !== String(grid.at)) pick(...at);
    } else if (onHover && event.pointerType !== "touch") {
      const at = target(event);
      if (at) onHover(...at);
    }
  };
  if (onHover) {
    cells.onpointerleave = () => onHover(null);
    cells.addEventListener("focusout", (event) => { if (!cells.contains(event.relatedTarget)) onHover(null); });
  }
  cells.onfocus = () => { if (!grid.at && grid.rows) grid.cursor(0, 0); };
  cells.onkeydown = (event) => {
    if (editor || event.ctrlKey || event.metaKey || event.altKey) return;
    const [r, c] = grid.at ?? [0, 0];
    const to = {
      ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1],
      Home: [r, 0], End: [r, grid.columns - 1], PageUp: [0, c], PageDown: [grid.rows - 1, c],
    }[event.key];
    if (to) {
      event.preventDefault(); event.stopPropagation();
      if (isInside(...to)) pick(...to);
    } else if (onEdit && (event.key === "Enter" || event.key === "F2" || /^[-\d.]$/.test(event.key))) {
      event.preventDefault(); event.stopPropagation();
      edit(r, c, event.key.length === 1 ? event.key : null);
    }
  };

  function edit(r, c, typed = null) {
    const cell = grid.cell(r, c), old = grid.values[r][c];
    if (cell.classList.contains("padding")) return; // its zeros are not for editing
    message.textContent = "";
    const box = editor = el("input", {
      class: "cell-input", type: "text", inputmode: "text", autocomplete: "off", maxlength: "9",
      "aria-label": cell.getAttribute("aria-label"),
      style: `left:${cell.offsetLeft - 1}px;top:${cell.offsetTop - 1}px;width:${Math.max(cell.offsetWidth + 2, 44)}px;height:${cell.offsetHeight + 2}px`,
    });
    const close = (keep, refocus = true) => {
      if (editor !== box) return;
      editor = null;
      const words = box.value;
      box.remove();
      if (refocus) cells.focus();
      if (!keep) return;
      const value = parseNumber(words);
      if (value === null || Math.abs(value) > limit) {
        message.textContent = fill(ctx.text.not_a_number, { text: words, low: number(-limit), high: number(limit), value: number(old) });
      } else if (value !== old) onEdit(r, c, value);
    };
    box.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      else if (event.key === "Escape") close(false);
      else if (event.key === "Tab") {
        const next = c + (event.shiftKey ? -1 : 1);
        if (next < 0 || next >= grid.columns) return;
        event.preventDefault(); close(true); pick(r, next); edit(r, next);
      }
    };
    box.onblur = () => close(true, false);
    cells.append(box);
    box.value = typed ?? String(Number(old.toFixed(6)));
    box.focus();
    if (typed === null) box.select();
  }

  return grid;
}

// How many digits wide words are: a dot or a bracket is half as wide as a digit.
const breadth = (words) => words.length - words.replace(/[^.·()]/g, "").length / 2;

// What fits into the room of so many digits: 0.25 as .25, fewer decimals, 1234 as 1.2k.
function shorter(value, room) {
  const withoutZero = (words) => words.replace(/^(−?)0\./, "$1.");
  const ways = [number(value), withoutZero(number(value)), withoutZero(number(value, 1)), number(value, 0)];
  if (Math.abs(value) >= 1000) ways.push(...[1, 0].map((decimals) => `${number(value / 1000, decimals)}k`));
  return ways.find((words) => breadth(words) <= room) ?? ways.at(-1);
}
