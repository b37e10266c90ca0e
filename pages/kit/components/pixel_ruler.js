// One pixel in all training images: how often it has which ink, and below it two rulers: the ink, and
// the same stretch counted from μ in units of σ.
//
//   pixelRuler(ctx) -> {element, draw(pixel)}
const RULER = { left: 34, right: 30, top: 16, bars: 96, first: 20, second: 50, height: 190 };

function pixelRuler(ctx) {
  const title = el("p", { class: "ruler-title" }), plot = svg("svg", { role: "img" });
  const element = el("div", { class: "pixel-ruler" }, title, plot);
  let shown = 0;
  const resized = new ResizeObserver(() => { if (ctx.data) draw(shown); });
  resized.observe(element);
  ctx.onRemove(() => resized.disconnect());

  function draw(pixel) {
    shown = pixel;
    const { data: { arrays, ink, marks, digit }, text } = ctx, width = element.clientWidth;
    title.textContent = text.ruler;
    if (width < 120) return;
    const counts = arrays.counts.values.subarray(pixel * (ink + 1), (pixel + 1) * (ink + 1)), most = Math.max(...counts);
    const mean = arrays.mean.values[pixel], std = arrays.std.values[pixel], value = arrays.raw.values[digit * 64 + pixel];
    const step = (width - RULER.left - RULER.right) / ink, x = (v) => RULER.left + v * step, bottom = RULER.top + RULER.bars;
    const tall = (count) => (count ? Math.max(2, RULER.bars * count / most) : 0), words = (name, at, y, shownText) => svg("text", { class: name, x: at, y }, shownText);
    const inside = (v) => Math.max(RULER.left - step / 2, Math.min(width - RULER.right + step / 2, x(v)));
    plot.setAttribute("width", width); plot.setAttribute("height", RULER.height);
    const bars = [...counts].map((count, i) => fill(text.bar, { ink: i, count })).filter((_, i) => counts[i]);
    plot.setAttribute("aria-label", `${text.ruler}. ${bars.join(", ")}`);
    const first = bottom + RULER.first, second = bottom + RULER.second;
    plot.replaceChildren(
      ...(std > 0 ? [svg("rect", { class: "one-sigma", x: inside(mean - std), y: RULER.top, width: Math.max(2, inside(mean + std) - inside(mean - std)), height: RULER.bars })] : []),
      ...[...counts].map((count, i) => svg("rect", { class: `ink${i === value ? " here" : ""}`, x: x(i) - step * 0.38, y: bottom - tall(count), width: step * 0.76, height: tall(count) })),
      svg("path", { class: "mu", d: `M${x(mean)} ${RULER.top - 4}V${std > 0 ? second : bottom}` }),
      svg("path", { class: "scale", d: `M${RULER.left - step / 2} ${bottom}H${width - RULER.right + step / 2}` }),
      ...[0, 4, 8, 12, 16].map((v) => words("ink-mark", x(v), first - 3, String(v))),
      words("axis-name", 2, first - 3, "x"),
      ...(std > 0 ? [
        svg("path", { class: "scale second", d: `M${RULER.left - step / 2} ${second}H${width - RULER.right + step / 2}` }),
        ...marks[pixel].map((t) => svg("path", { class: "scale second", d: `M${x(mean + t * std)} ${second - 5}v10` })),
        ...marks[pixel].map((t) => words("unit-mark", x(mean + t * std), second + 20, number(t))),
        words("axis-name second", 2, second + 20, "x′")] : []),
      words("mu-name", Math.min(x(mean) + 6, width - 60), RULER.top + 8, `μ ${number(mean, mean < 0.1 ? 4 : 2)}`),
    );
  }
  return { element, draw };
}
