// One grid of numbers; editable when Python asks for it.
export default component(
  (ctx) => {
    const { role, editable, limit } = ctx.data;
    ctx.parts.grid = numberGrid(ctx, {
      role, limit,
      onEdit: editable
        ? (row, column, value) => {
            ctx.data.values[row][column] = value; // shown at once; Python's answer follows
            draw(ctx);
            ctx.send("edit", { row, column, value });
          }
        : undefined,
    });
    ctx.root.append(ctx.parts.grid.element);
  },
  draw,
);

function draw(ctx) {
  const { title, detail, values, scale, max } = ctx.data;
  ctx.parts.grid.draw({ title, detail, values, scale, max: max ?? undefined });
}
