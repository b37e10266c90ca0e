// The windows of a pooling on one grid, and every pooling's outputs beside it, moving together.
// Python computes all values; this script knows only where window number `p` lies.
export default component(build, update);

function build(ctx) {
  const { parts } = ctx;
  parts.input = numberGrid(ctx, {
    role: "input",
    onPick: (r, c) => { const p = windowOf(ctx, r, c); if (p !== null) moveTo(ctx, p); },
    onHover: (r, c) => look(ctx, r === null ? null : windowOf(ctx, r, c)),
    onEdit: (row, column, value) => {
      ctx.data.x[row][column] = value; // shown at once; Python's answer follows
      drawInput(ctx);
      ctx.send("edit", { row, column, value });
    },
  });
  parts.branches = ctx.data.pooled.map(() => {
    const output = numberGrid(ctx, {
      role: "output",
      onPick: (r, c) => moveTo(ctx, r * columns(ctx) + c),
      onHover: (r, c) => look(ctx, r === null ? null : r * columns(ctx) + c),
    });
    const label = el("p", { class: "arrow-label" }), sum = el("p", { class: "arithmetic" });
    const drop = el("div", { class: "drop" }, label);
    return { output, label, sum, element: el("section", { class: "branch" }, drop, output.element, sum) };
  });
  parts.legend = el("p", { class: "legend" });
  parts.bar = playBar(ctx, { interval: 1100, onStep: (p) => moveTo(ctx, p) });
  const branches = el("div", { class: "branches" }, ...parts.branches.map((branch) => branch.element));
  ctx.root.append(
    el("div", { class: "pooling" }, el("div", { class: "source" }, parts.input.element, parts.legend), branches),
    parts.bar.element,
  );
  ctx.root.onkeydown = (event) => {
    if (event.key !== " " || event.target.closest("button, input")) return;
    event.preventDefault();
    parts.bar.play();
  };
  ctx.onRemove(() => clearTimeout(ctx.state.timer));
}

function update(ctx) {
  const { data, state, parts } = ctx;
  if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
  state.at = Math.min(state.at, count(ctx) - 1);
  if (!(state.look < count(ctx))) state.look = null; // else the pointer is still there
  parts.branches.forEach((branch, i) => drawOutput(ctx, branch, data.pooled[i]));
  drawInput(ctx);
  parts.bar.set(state.at, count(ctx));
  show(ctx);
}

// ---------------------------------------------------------------- where the windows lie

const columns = (ctx) => ctx.data.sums[0].length;
const count = (ctx) => ctx.data.sums.length * columns(ctx);
const isTiled = (ctx) => ctx.data.stride >= ctx.data.size;

function place(ctx, p) {
  const row = Math.floor(p / columns(ctx)), column = p % columns(ctx);
  return { row, column, top: row * ctx.data.stride, left: column * ctx.data.stride };
}

function cellsOf(ctx, p) {
  const { row, column, top, left } = place(ctx, p), cells = [];
  for (let u = 0; u < ctx.data.size; u++) {
    for (let v = 0; v < ctx.data.size; v++) {
      cells.push({ r: top + u, c: left + v, value: ctx.data.x[top + u][left + v], wins: ctx.data.winners[row][column][u][v] });
    }
  }
  return cells;
}

// The window that holds a cell: the current one if it does, else the first in reading order.
function windowOf(ctx, r, c) {
  const holds = (p) => cellsOf(ctx, p).some((cell) => cell.r === r && cell.c === c);
  if (holds(ctx.state.at)) return ctx.state.at;
  const found = [...Array(count(ctx)).keys()].find(holds);
  return found === undefined ? null : found;
}

// ---------------------------------------------------------------- moving

function moveTo(ctx, p) {
  const { state, parts } = ctx;
  state.at = p;
  state.look = null;
  parts.bar.set(p, count(ctx));
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    if (state.at !== state.sent) ctx.send("move", (state.sent = state.at));
  }, parts.bar.playing ? 1500 : 250);
  ctx.say(parts.branches.map((branch) => `${branch.sum.textContent}`).join("; "));
}

function look(ctx, p) {
  if (ctx.state.look === p) return;
  ctx.state.look = p;
  show(ctx);
}

// ---------------------------------------------------------------- drawing

function drawInput(ctx) {
  const { x, size, stride, reached } = ctx.data, { input, legend } = ctx.parts;
  input.draw({ title: ctx.text.input, detail: `${x.length}×${x[0].length}`, values: x, scale: "none" });
  const tint = new Map(), mark = new Map(), ties = [];
  const shown = isTiled(ctx) ? [...Array(count(ctx)).keys()] : [ctx.state.look ?? ctx.state.at];
  for (const p of shown) {
    let first = true;
    for (const { r, c, wins } of cellsOf(ctx, p)) {
      tint.set(`${r},${c}`, tintOf(ctx, p));
      if (!wins || size === 1 || p === ctx.data.hidden) continue;
      mark.set(`${r},${c}`, first ? "winner" : "tie");
      if (!first) ties.push(p);
      first = false;
    }
  }
  x.forEach((row, r) => row.forEach((_, c) => {
    const cell = input.cell(r, c), at = `${r},${c}`;
    cell.dataset.tint = tint.get(at) ?? "";
    cell.dataset.mark = mark.get(at) ?? "";
    cell.classList.toggle("unreached", !reached[r][c]);
  }));
  const key = (name, words) => el("span", { class: `key ${name}` }, el("i"), words);
  legend.replaceChildren(
    ...(size > 1 ? [key("winner", ctx.text.winner)] : []),
    ...(ties.length ? [key("tie", ctx.text.tie)] : []),
    ...(reached.flat().every(Boolean) ? [] : [key("unreached", ctx.text.unreached)]),
  );
}

function drawOutput(ctx, { output, label }, { title, arrow, values }) {
  const { hidden } = ctx.data;
  output.element.style.setProperty("--cell-max", values.length > 2 ? "54px" : "72px");
  label.replaceChildren(...arrow.split(" · ").map((line) => el("span", {}, line)));
  output.draw({
    title, detail: `${values.length}×${values[0].length}`, values, scale: "none",
    text: (r, c, value) => (r * columns(ctx) + c === hidden ? "?" : number(value)),
  });
  values.forEach((row, r) => row.forEach((_, c) => {
    output.cell(r, c).dataset.tint = isTiled(ctx) ? tintOf(ctx, r * columns(ctx) + c) : "";
  }));
}

// Neighbouring windows never share a tint.
function tintOf(ctx, p) {
  const { row, column } = place(ctx, p);
  return String((row % 2) * 2 + (column % 2));
}

function show(ctx) {
  const p = ctx.state.look ?? ctx.state.at, { row, column, top, left } = place(ctx, p);
  const { size } = ctx.data, { input, branches } = ctx.parts;
  if (!isTiled(ctx)) {
    drawInput(ctx);
    branches.forEach(({ output }, i) => ctx.data.pooled[i].values.forEach((cells, r) => cells.forEach((_, c) => {
      output.cell(r, c).dataset.tint = r === row && c === column ? tintOf(ctx, p) : "";
    })));
  }
  input.window(top, left, size, size, "output");
  branches.forEach(({ output, sum }, i) => {
    output.window(row, column, 1, 1, "output");
    sum.replaceChildren(...(p === ctx.data.hidden ? [ctx.text.hidden] : arithmetic(ctx, ctx.data.pooled[i], p)));
  });
}

// max(1, 1, 5, 6) = 6        (1 + 1 + 5 + 6) / 4 = 13 / 4 = 3.25
function arithmetic(ctx, { rule, values }, p) {
  const { row, column } = place(ctx, p), cells = cellsOf(ctx, p);
  const result = values[row][column], sum = ctx.data.sums[row][column];
  const term = ({ value, wins }) => {
    const text = exact(value), signed = rule === "average" && value < 0 ? `(${text})` : text;
    return el(rule === "max" && wins ? "b" : "span", {}, signed);
  };
  const terms = cells.flatMap((cell, i) => [...(i ? [rule === "max" ? ", " : " + "] : []), term(cell)]);
  const answer = el("strong", {}, exact(result));
  if (rule === "max") return ["max(", ...terms, ") = ", answer];
  if (cells.length === 1) return [...terms, " / 1 = ", answer];
  return ["(", ...terms, `) / ${cells.length} = ${exact(sum)} / ${cells.length} ${isExact(result) ? "=" : "≈"} `, answer];
}

const exact = (value) => number(value, 4);
const isExact = (value) => Math.abs(value - Number(value.toFixed(4))) < 1e-9;
