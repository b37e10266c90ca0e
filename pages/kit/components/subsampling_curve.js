// The output y over the sum Σ: the curve of this pooling, the line of the average, and the windows.

const INSET = { left: 46, right: 14, top: 14, bottom: 44 };

function drawCurve(ctx) {
  const { data, parts, text } = ctx, { chart } = parts;
  const width = chart.clientWidth, height = chart.clientHeight;
  if (!width) return;
  const [low, high] = data.domain, [least, most] = data.span;
  const left = INSET.left, right = width - INSET.right, top = INSET.top, bottom = height - INSET.bottom, rim = 12;
  // Points at the ends of both axes keep clear of the frame.
  const x = (sum) => left + rim + ((sum - low) / (high - low)) * (right - left - 2 * rim);
  const y = (value) => bottom - rim - ((value - least) / (most - least)) * (bottom - top - 2 * rim);
  const line = (name, x1, y1, x2, y2) => svg("line", { class: name, x1, y1, x2, y2 });
  const words = (name, at, over, shown) => svg("text", { class: name, x: at, y: over }, shown);
  const path = [...data.arrays.curve.values].map((value, i, all) => `${x(low + (i / (all.length - 1)) * (high - low)).toFixed(1)},${y(value).toFixed(1)}`);
  const [start, end] = data.average_ends;
  chart.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": text.chart },
    svg("clipPath", { id: "inside" }, svg("rect", { x: left, y: top, width: right - left, height: bottom - top })),
    data.straight ? svg("rect", { class: "straight", x: x(data.straight[0]), y: top, width: x(data.straight[1]) - x(data.straight[0]), height: bottom - top }) : null,
    ...data.domain_ticks.flatMap((sum) => [line("tick", x(sum), top, x(sum), bottom), words("below", x(sum), bottom + 19, number(sum))]),
    ...data.span_ticks.flatMap((value) => [line("tick", left, y(value), right, y(value)), words("beside", left - 8, y(value) + 5, number(value))]),
    svg("rect", { class: "border", x: left, y: top, width: right - left, height: bottom - top }),
    words("axis", (left + right) / 2, height - 5, text.domain),
    words("axis of-output", 9, (top + bottom) / 2 - 14, "y"),
    svg("g", { "clip-path": "url(#inside)" },
      svg("polyline", { class: "curve", points: path.join(" ") }),
      line(`mean${data.is_average && !data.hidden ? " same" : ""}`, x(low), y(start), x(high), y(end))),
    guide(ctx, x, y, left, bottom),
    ...countMarks(data, x, y, (top + bottom) / 2),
    ...windowMarks(ctx, x, y),
  ));
}

// From the chosen window's point to both axes.
function guide(ctx, x, y, left, bottom) {
  const { row, column } = place(ctx, shown(ctx)), sum = ctx.data.sums[row][column], value = ctx.data.trained[row][column];
  return svg("path", { class: "guide", d: `M${x(sum)} ${bottom}V${y(value)}H${left}` });
}

// With zeros and ones there are only five sums; what comes out is written at each.
function countMarks({ counts }, x, y, middle) {
  return counts.flatMap(([ones, value]) => [
    svg("circle", { class: "count", cx: x(ones), cy: y(value), r: 5 }),
    svg("text", { class: "count-value", x: x(ones), y: y(value) + (y(value) < middle ? 30 : -20) }, number(value)),
  ]);
}

// Windows with the same sum lie on each other: the later ones are smaller.
function windowMarks(ctx, x, y) {
  const { data } = ctx, before = new Map(), at = shown(ctx);
  const points = windows(ctx).map((p) => {
    const { row, column } = place(ctx, p), sum = data.sums[row][column], value = data.trained[row][column];
    const below = before.get(sum) ?? 0;
    before.set(sum, below + 1);
    return { p, cx: x(sum), cy: y(value), r: [9, 6, 4, 2][below] };
  });
  const { cx, cy } = points[at];
  return [
    ...points.map(({ p, ...circle }) => svg("circle", { class: "window-mark", "data-tint": tintOf(ctx, p), ...circle })),
    svg("circle", { class: "chosen", cx, cy, r: 13 }),
  ];
}
