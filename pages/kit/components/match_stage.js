// Hover, tap or walk over any map: the window it came from is framed on the map before it.
export default component(build, update);

function build(ctx) {
  const { parts } = ctx;
  const point = (level) => (r, c) => aim(ctx, r === null ? null : { level, r, c });
  const make = (role, level) => numberGrid(ctx, { role, onPick: level === undefined ? undefined : point(level), onHover: level === undefined ? undefined : point(level) });
  parts.drawing = make("input");
  parts.kernel = make("kernel");
  parts.maps = [make("output", 0), make("output", 1), make("output", 2)];
  parts.arrows = parts.maps.map(() => el("div", { class: "step-arrow" }));
  parts.info = el("p", { class: "info" });
  ctx.root.append(
    el("div", { class: "matching" },
      el("div", { class: "sources" }, parts.drawing.element, parts.kernel.element),
      ...parts.maps.flatMap((map, i) => [parts.arrows[i], map.element])),
    parts.info);
}

function update(ctx) {
  const { data, parts, text } = ctx;
  const maps = [data.match, ...data.pooled];
  parts.drawing.draw({ title: text.drawing, detail: "9×9", values: data.drawing.map((row) => row.map((v) => (v + 1) / 2)), scale: "image", max: 1, text: (r, c) => number(data.drawing[r][c]) });
  data.drawing.forEach((row, r) => row.forEach((v, c) => parts.drawing.cell(r, c).classList.toggle("paper", v < 0)));
  parts.kernel.draw({ title: text.kernel, detail: "3×3", values: data.kernel, max: 1 });
  maps.forEach((values, i) => parts.maps[i].draw({
    title: i ? text.pooled : text.match, detail: `${values.length}×${values[0].length}`, values, max: 1, text: (r, c, v) => ninths(v),
  }));
  parts.arrows.forEach((element, i) => element.replaceChildren(
    ...data.arrows[i].split(" · ").map((line) => el("span", {}, line)),
    svg("svg", { viewBox: "0 0 60 12", "aria-hidden": "true" }, svg("path", { d: "M1 6H57M51 1.5L57 6L51 10.5" }))));
  ctx.state.spot ??= { level: 0, r: 0, c: 0 };
  aim(ctx, ctx.state.spot);
}

function aim(ctx, spot) {
  if (!spot) return;
  const { parts, data, text } = ctx, { level, r, c } = spot;
  ctx.state.spot = spot;
  [parts.drawing, ...parts.maps].forEach((grid) => grid.window(null));
  parts.maps[level].window(r, c, 1, 1, "input");
  if (level) {
    parts.maps[level - 1].window(2 * r, 2 * c, 2, 2, "input");
    parts.info.textContent = fill(text.pooling, { row: r + 1, column: c + 1, value: ninths(data.pooled[level - 1][r][c]) });
  } else {
    const same = data.agreements[r][c];
    parts.drawing.window(r, c, 3, 3, "kernel");
    parts.info.replaceChildren(
      el("span", {}, fill(text.window, { row: r + 1, column: c + 1, same, other: 9 - same })),
      el("b", {}, `(${same} − ${9 - same}) / 9 = ${ninths(data.match[r][c])}`));
  }
  ctx.say(parts.info.textContent);
}

// A mean of nine products is a whole number of ninths: 5/9, or 1.
function ninths(value) {
  const whole = Math.round(value * 9);
  return whole % 9 === 0 ? number(whole / 9) : `${whole < 0 ? "−" : ""}${Math.abs(whole)}/9`;
}
