// Where the windows of a pooling lie, for every component that has one grid and walks over it.
//
// ctx.data   x: the grid, rows of numbers; and what `Pools.layout` gives: size, stride, padding,
//            outputs [rows, columns], winners[row][column][u][v]: true where a cell of a window
//            equals its maximum
// ctx.state  at: the window moved to; look: the one pointed at, or null
//
// Windows are counted in reading order (p). Rows and columns of cells are those of `padded`, so
// that draw({values: padded(ctx), padding: ctx.data.padding}) shows where everything lies.

const columns = (ctx) => ctx.data.outputs[1];
const count = (ctx) => ctx.data.outputs[0] * columns(ctx);
const isTiled = (ctx) => ctx.data.stride >= ctx.data.size;
const shown = (ctx) => ctx.state.look ?? ctx.state.at;

// The grid with its zeros around it.
function padded(ctx) {
  const { x, padding } = ctx.data, zeros = (n) => Array(n).fill(0), width = x[0].length + 2 * padding;
  const above = Array.from({ length: padding }, () => zeros(width));
  return [...above, ...x.map((row) => [...zeros(padding), ...row, ...zeros(padding)]), ...above];
}

function place(ctx, p) {
  const row = Math.floor(p / columns(ctx)), column = p % columns(ctx);
  return { row, column, top: row * ctx.data.stride, left: column * ctx.data.stride };
}

function cellsOf(ctx, p) {
  const { row, column, top, left } = place(ctx, p), { x, size, padding, winners } = ctx.data;
  return Array.from({ length: size * size }, (_, i) => {
    const u = Math.floor(i / size), v = i % size, value = x[top + u - padding]?.[left + v - padding];
    return { r: top + u, c: left + v, value: value ?? 0, isPadding: value === undefined, wins: winners[row][column][u][v] };
  });
}

const windows = (ctx) => [...Array(count(ctx)).keys()];

// The window that holds a cell: the current one if it does, else the first in reading order.
function windowOf(ctx, r, c) {
  const holds = (p) => cellsOf(ctx, p).some((cell) => cell.r === r && cell.c === c);
  return holds(ctx.state.at) ? ctx.state.at : (windows(ctx).find(holds) ?? null);
}

// Neighbouring windows never share a tint.
function tintOf(ctx, p) {
  const { row, column } = place(ctx, p);
  return String((row % 2) * 2 + (column % 2));
}

// Windows that do not overlap show their tints and winners all at once; of the others, only the
// one at hand does. `isMarked(p)` may leave the winners of a window out. Returns what there is to
// explain in a legend.
function markWindows(ctx, grid, isMarked = () => true) {
  const marks = new Map(), found = { ties: false, unreached: false }, name = (r, c) => `${r},${c}`;
  const reached = new Set(windows(ctx).flatMap((p) => cellsOf(ctx, p).map(({ r, c }) => name(r, c))));
  for (const p of isTiled(ctx) ? windows(ctx) : [shown(ctx)]) {
    let first = true;
    for (const { r, c, wins } of cellsOf(ctx, p)) {
      const isWinner = wins && ctx.data.size > 1 && isMarked(p);
      marks.set(name(r, c), { tint: tintOf(ctx, p), mark: isWinner ? (first ? "winner" : "tie") : "" });
      if (!isWinner) continue;
      found.ties ||= !first;
      first = false;
    }
  }
  grid.values.forEach((row, r) => row.forEach((_, c) => {
    const cell = grid.cell(r, c), { tint = "", mark = "" } = marks.get(name(r, c)) ?? {};
    Object.assign(cell.dataset, { tint, mark });
    cell.classList.toggle("unreached", !reached.has(name(r, c)));
    found.unreached ||= !reached.has(name(r, c));
  }));
  return found;
}

// The outputs wear the tints of their windows.
function tintOutputs(ctx, grid) {
  for (const p of windows(ctx)) {
    const { row, column } = place(ctx, p);
    grid.cell(row, column).dataset.tint = isTiled(ctx) || p === shown(ctx) ? tintOf(ctx, p) : "";
  }
}

// A line of a legend: name is "winner", "tie" or "unreached".
const legendKey = (name, words) => el("span", { class: `key ${name}` }, el("i"), words);
