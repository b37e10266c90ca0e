// Pointing at one cell shows everything that it has a part in.

// An input cell: the outputs it feeds show the weight with which it enters each of them.
function feed(ctx, r, c) {
  lens(ctx, r === null ? null : { kind: "input", r, c });
}

// A place (u, v) of the window: its product, its input cell, and its kernel cell, before and after.
// The outputs show the product that this cell contributes to each of them.
function light(ctx, at) {
  lens(ctx, at && { kind: "kernel", u: at[0], v: at[1] });
}

function lens(ctx, next) {
  if (JSON.stringify(ctx.state.lens ?? null) === JSON.stringify(next)) return;
  ctx.state.lens = next;
  drawOutput(ctx);
  markLens(ctx);
}

function markLens(ctx) {
  const { parts, state } = ctx, k = size(ctx);
  for (const lit of ctx.root.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (state.lens?.kind !== "kernel") return;
  const { u, v } = state.lens;
  const elements = [parts.tiles.children[u * k + v], parts.sliding.cell(u, v), parts.kernel.cell(...typedPlace(ctx, u, v)), parts.input.cell(...inputCell(ctx, shown(ctx), u, v))];
  elements.forEach((element) => element?.classList.add("lit"));
}

// What the pointed-at cell has to do with each output: a number, or null for nothing.
function partIn(ctx, { kind, r, c, u, v }, row, column) {
  const { data } = ctx;
  if (kind === "kernel") return data.products[data.mode][row][column][u]?.[v] ?? null;
  const down = (r - row * data.stride) / data.dilation, right = (c - column * data.stride) / data.dilation;
  return data.sliding[data.mode][down]?.[right] ?? null;
}

function drawOutput(ctx) {
  const { data, parts, text, state } = ctx, { lens } = state, isHidden = (r, c) => r * columns(ctx) + c === data.hidden;
  const values = output(ctx).map((row, r) => row.map((value, c) => {
    if (lens) return partIn(ctx, lens, r, c);
    return isHidden(r, c) ? 0 : value;
  }));
  parts.output.draw({
    title: text.output, values,
    detail: !lens ? shape(values) : lens.kind === "input" ? text.enters : text.contributes,
    max: lens ? undefined : Math.max(1e-12, ...Object.values(data.outputs).flat(2).map(Math.abs)), // the same with the flip and without
    text: (r, c, value) => {
      if (value === null) return "";
      if (lens?.kind === "input") return state.outputRoom < 4 ? shorter(value, state.outputRoom) : `×${shorter(value, state.outputRoom - 1)}`;
      return isHidden(r, c) ? "?" : shorter(value, state.outputRoom);
    },
  });
}
