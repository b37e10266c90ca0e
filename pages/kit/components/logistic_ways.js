// The two ways to the probability, at one height: a column whose parts are the shares of the two
// powers in their sum, and the curve of the sigmoid over the difference. Below, both as fractions.

const WAYS = { top: 24, below: 46, axis: 96, right: 16, column: 150, narrow: 600 };

function buildWays(ctx) {
  const { parts } = ctx;
  parts.heads = [el("p", { class: "way-title of-softmax" }), el("p", { class: "way-title of-sigmoid" })];
  parts.point = svg("g", { class: "point", tabindex: 0, role: "slider" }, svg("circle", { r: 18, class: "halo" }), svg("circle", { r: 9 }));
  parts.column = svg("g", { class: "column", role: "img" });
  parts.plot = svg("g", { class: "plot" });
  parts.chartSvg = svg("svg", { class: "chart-svg", role: "group" }, parts.plot, parts.column, parts.point);
  parts.chart = el("div", { class: "chart" }, parts.chartSvg);
  parts.formulas = [el("div", { class: "formula-line of-softmax" }), el("div", { class: "formula-line of-sigmoid" })];
  parts.odds = el("p", { class: "odds" });
  parts.point.onkeydown = (event) => lineKey(ctx, event, (by) => turnDifference(ctx, differenceOf(ctx) + by));
  listenToCurve(ctx);
  return el("div", { class: "ways" }, ...parts.heads, parts.chart, parts.formulas[0], el("div", { class: "second-way" }, parts.formulas[1], parts.odds));
}

function differenceOf(ctx) {
  const [first, second] = scoresOf(ctx);
  return rounded(second - first);
}

function wayScale(ctx) {
  const { parts, data } = ctx, width = parts.chart.clientWidth, isNarrow = width < WAYS.narrow, split = isNarrow ? 76 : parts.heads[0].offsetWidth - WAYS.axis;
  const height = isNarrow ? 214 : 256, left = split + (isNarrow ? 58 : WAYS.axis), right = width - WAYS.right, bottom = height - WAYS.below, wide = 2 * data.reach;
  return {
    width, height, isNarrow, split, left, right, bottom, top: WAYS.top,
    x: (d) => left + ((d + wide) / (2 * wide)) * (right - left),
    y: (p) => bottom - p * (bottom - WAYS.top),
    d: (x) => ((x - left) / (right - left)) * 2 * wide - wide,
  };
}

function listenToCurve(ctx) {
  const { chartSvg, point } = ctx.parts;
  follow(ctx, chartSvg, {
    take(event) {
      const { left, top } = chartSvg.getBoundingClientRect(), scale = wayScale(ctx);
      if (event.clientX - left < scale.left - 12 || event.clientY - top > scale.bottom + 8) return false;
      point.focus({ preventScroll: true });
      return true;
    },
    move(event) {
      const { d } = wayScale(ctx), x = event.clientX - chartSvg.getBoundingClientRect().left;
      turnDifference(ctx, Math.round(d(x) / ctx.data.step) * ctx.data.step);
    },
  });
}

function drawWays(ctx) {
  const { data, parts, text } = ctx, scale = wayScale(ctx);
  if (scale.width < 120) return;
  [["softmax", 0], ["sigmoid", 1]].forEach(([name, i]) => parts.heads[i].replaceChildren(el("b", {}, text[name]), " ", el("span", {}, data.arrows[name])));
  parts.chartSvg.setAttribute("width", scale.width);
  parts.chartSvg.setAttribute("height", scale.height);
  drawPlot(ctx, scale);
  drawColumn(ctx, scale);
  const words = `${data.names[1]} − ${data.names[0]} = ${score(data.difference)}, P(${data.digits[1]}) = ${share(data.sigmoid)}`;
  parts.point.setAttribute("transform", `translate(${scale.x(data.difference)} ${scale.y(data.sigmoid)})`);
  describe(parts.point, fill(text.difference, { first: data.names[0], second: data.names[1] }), data.difference, 2 * data.reach, words);
}

function drawPlot(ctx, scale) {
  const { data, parts, text } = ctx, { x, y, left, right, top, bottom } = scale, wide = 2 * data.reach;
  const line = (name, x1, y1, x2, y2) => svg("line", { class: name, x1, y1, x2, y2 });
  const words = (name, at, over, shown) => svg("text", { class: name, x: at, y: over }, shown);
  const points = [...data.arrays.curve.values].map((value, i, all) => `${x(-wide + (i / (all.length - 1)) * 2 * wide).toFixed(1)},${y(value).toFixed(1)}`);
  const every = scale.isNarrow ? 2 : 1, middle = (data.difference_ticks.length - 1) / 2;
  parts.plot.replaceChildren(
    ...data.difference_ticks.filter((_, i) => (i - middle) % every === 0).flatMap((d) => [line("tick", x(d), top, x(d), bottom), words("below", x(d), bottom + 19, number(d))]),
    ...[0, 0.5, 1].map((p) => line(`tick at-${p}`, left, y(p), right, y(p))),
    line("middle", x(0), top, x(0), bottom),
    words("axis", (left + right) / 2, scale.height - 5, fill(text.difference, { first: data.names[0], second: data.names[1] })),
    svg("polyline", { class: "sigmoid", points: points.join(" ") }),
    svg("path", { class: "guide", d: `M${x(data.difference)} ${bottom}V${y(data.sigmoid)}` }),
    svg("path", { class: "joint", d: `M${columnEnds(scale)[1]} ${y(data.sigmoid)}H${x(data.difference)}` }),
    ...[0, 0.5, 1].map((p) => words("beside", left - 8, y(p) + 5, number(p))),
    words("axis of-p", left, 14, `P(${data.digits[1]})`),
    words("height", left + 12, heightOfLabel(scale, data.sigmoid), share(data.sigmoid)));
}

// The number stands on the line, or below it where the plot ends.
const heightOfLabel = ({ y, top }, p) => (y(p) - 8 < top + 14 ? y(p) + 20 : y(p) - 8);

const columnEnds = ({ split, isNarrow }) => (isNarrow ? [0, split - 14] : [split - WAYS.column - 20, split - 20]);

// The sum of both powers as one column: the share of the second below, that of the first on top.
function drawColumn(ctx, scale) {
  const { data, parts, text } = ctx, { y } = scale, [from, to] = columnEnds(scale), [, second] = data.probabilities;
  const part = (name, low, high) => svg("rect", { class: name, x: from, width: to - from, y: y(high), height: Math.max(0, y(low) - y(high)) });
  const inside = (low, high, i) => (y(low) - y(high) < 20 ? null : svg("text", { class: "share", x: (from + to) / 2, y: (y(low) + y(high)) / 2 + 6 },
    scale.isNarrow ? data.probabilities[i].toFixed(2) : `P(${data.digits[i]}) = ${data.probabilities[i].toFixed(4)}`));
  const powers = scale.isNarrow ? [] : powerLabels(data, scale, from - 14);
  parts.column.setAttribute("aria-label", text.column);
  parts.column.replaceChildren(...[
    part("of-first", second, 1), part("of-second", 0, second),
    inside(second, 1, 0), inside(0, second, 1),
    svg("line", { class: "cut", x1: from, x2: to, y1: y(second), y2: y(second) }),
    scale.isNarrow ? null : svg("text", { class: "sum", x: (from + to) / 2, y: scale.bottom + 19 }, `${text.sum} ${scientific(sumOf(data))}`),
    ...powers].filter(Boolean));
}

// The powers that are really added: those of the scores, or of the lowered ones.
const powersOf = (data) => (data.is_plain ? data.powers : data.lowered_powers);
const sumOf = (data) => powersOf(data)[0] + powersOf(data)[1];

// Beside each part the power that it stands for; they keep clear of each other.
function powerLabels(data, { y, top, bottom }, x) {
  const [, second] = data.probabilities, exponents = data.is_plain ? data.z : data.lowered, powers = powersOf(data);
  const high = Math.max(top + 20, Math.min(bottom - 62, (y(second) + y(1)) / 2)), low = Math.max(high + 44, Math.min(bottom - 14, (y(0) + y(second)) / 2));
  return [high, low].flatMap((height, i) => [
    svg("text", { class: `power of-${i ? "second" : "first"}`, x, y: height + 5 },
      svg("tspan", {}, "e"), svg("tspan", { dy: -7, class: "small" }, score(exponents[i])), svg("tspan", { dy: 7 }, ` = ${scientific(powers[i])}`)),
  ]);
}

// ---------------------------------------------------------------- the formulas, with their numbers

function drawFormulas(ctx) {
  const { data, parts, text } = ctx, [first, second] = data.digits, e = (exponent) => el("span", {}, "e", el("sup", {}, exponent));
  const name = (digit) => el("i", { class: "probability" }, `P(${digit})`), result = (value) => el("strong", {}, share(value));
  const two = (scores) => fraction([e(score(scores[1]))], [e(score(scores[0])), " + ", e(score(scores[1]))]);
  const powers = powersOf(data);
  parts.formulas[0].replaceChildren(name(second), " = ", two(data.z), " = ",
    data.is_plain ? fraction([scientific(powers[1])], [scientific(powers[0]), " + ", scientific(powers[1])]) : two(data.lowered), " = ", result(data.probabilities[1]));
  const opposite = data.one_over_odds;
  parts.formulas[1].replaceChildren(name(second), " = ", fraction(["1"], ["1 + ", e(score(-data.difference))]), " = ",
    ...(opposite === null ? [] : [fraction(["1"], ["1 + ", scientific(opposite)]), " = "]), result(data.sigmoid));
  parts.odds.replaceChildren(text.odds, " ", el("span", {}, `P(${second}) : P(${first}) = `, e(score(data.difference)),
    ...(data.odds === null ? [] : [" = ", el("b", {}, fill(text.to_one, { odds: scientific(data.odds) }))])));
}

function fraction(over, under) {
  return el("span", { class: "fraction" }, el("span", {}, ...over), el("span", {}, ...under));
}
