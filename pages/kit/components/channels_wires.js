// The lines from every partial result into the sum, and on through bias and activation to the map.

function drawWires(ctx) {
  const { parts, data } = ctx, board = parts.board.getBoundingClientRect();
  if (getComputedStyle(parts.wires).display === "none") return;
  const edge = (element, side) => {
    const box = element.getBoundingClientRect();
    return [box[side] - board.left, (box.top + box.bottom) / 2 - board.top];
  };
  const cells = (grid) => grid.element.querySelector(".cells");
  const wire = (from, to) => {
    const [x, y] = edge(from, "right"), [toX, toY] = edge(to, "left"), middle = (x + toX) / 2;
    return svg("path", { d: `M${x + 3} ${y}H${middle}V${toY}H${toX - 9}` });
  };
  const head = (to) => {
    const [x, y] = edge(to, "left");
    return svg("path", { class: "tip", d: `M${x - 2} ${y}l-10 -6v12z` });
  };
  const total = cells(parts.total), chosen = parts.outputs[data.filter - 1].element;
  const partials = parts.channels.slice(0, data.channels).map((channel) => cells(channel.partial));
  const products = parts.channels.slice(0, data.channels).map((channel) => channel.tiles[5]);
  parts.wires.setAttribute("viewBox", `0 0 ${board.width} ${board.height}`);
  parts.wires.replaceChildren(
    ...partials.map((partial) => wire(partial, total)), head(total),
    ...products.flatMap((tile, n) => [wire(tile, partials[n]), head(partials[n])]),
    wire(total, parts.finish), head(parts.finish), wire(parts.finish, chosen), head(chosen));
}
