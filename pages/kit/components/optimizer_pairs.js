// What L-BFGS remembers: s·y of the last iterations, those in memory up to the chosen one in colour.
//
//   optimizerPairs(ctx, show) -> {element, draw()}      show(number): an iteration was chosen
const PAIRS = { left: 52, right: 10, top: 12, bottom: 42, height: 262, window: 30 };

function optimizerPairs(ctx, show) {
  const title = el("b"), plot = svg("svg", { tabindex: "0", role: "img" }), key = el("p", { class: "cut-note pair-key" });
  const element = el("div", { class: "pairs" }, el("p", { class: "race-title" }, title), plot, key);
  const resized = new ResizeObserver(() => { if (ctx.data) draw(); });
  resized.observe(element);
  ctx.onRemove(() => resized.disconnect());
  plot.onkeydown = (event) => {
    const { inside } = ctx.data, now = inside?.number;
    const to = inside && { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 1, End: inside.count }[event.key];
    if (!to) return;
    event.preventDefault(); event.stopPropagation();
    show(Math.min(inside.count, to));
  };

  function draw() {
    const { data, text } = ctx, { inside } = data, width = element.clientWidth;
    title.textContent = text.pairs_title;
    plot.setAttribute("width", Math.max(0, width)); plot.setAttribute("height", PAIRS.height);
    plot.replaceChildren(); key.replaceChildren();
    if (width < 80 || !inside) return;
    const { shape: [, count], values } = data.arrays.pairs;
    // While an answer is on its way the chosen iteration may be one that the arrays do not have yet.
    const last = Math.min(count, Math.max(inside.number, PAIRS.window)), first = Math.max(1, last - PAIRS.window + 1), memory = new Set(inside.memory);
    const shown = Array.from({ length: last - first + 1 }, (_, i) => first + i).map((number) => ({ number, value: values[number - 1], isKept: values[count + number - 1] > 0, isLater: number > inside.number }));
    const positive = shown.filter(({ isKept }) => isKept).map(({ value }) => value), { low, high, ticks } = powers(positive.length ? positive : [1]);
    const left = PAIRS.left, right = width - PAIRS.right, top = PAIRS.top, bottom = PAIRS.height - PAIRS.bottom;
    const x = (number) => left + (right - left) * (number - first + 0.5) / PAIRS.window;
    const y = (value) => bottom - (bottom - top) * Math.max(0, Math.min(1, (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))));
    const words = (name, px, py, shownWords) => svg("text", { class: name, x: px, y: py }, shownWords);
    plot.append(
      ...ticks.flatMap((value) => [svg("path", { class: "gridline", d: `M${left} ${y(value)}H${right}` }), words("beside", left - 6, y(value) + 5, asLoss(value))]),
      ...[first, last].filter((number, i, all) => all.indexOf(number) === i).map((number) => words("below", x(number), bottom + 18, String(number))),
      words("axis", (left + right) / 2, PAIRS.height - 4, fill(text.iteration, { number: inside.number, count: inside.count })),
      ...shown.map((each) => {
        const name = each.isLater ? "later" : memory.has(each.number) ? "remembered" : "forgotten", cross = bottom - 8;
        return svg("g", { class: `pair ${name}${each.number === inside.number ? " chosen" : ""}`, onclick: () => show(each.number) },
          svg("title", {}, fill(text.pair_says, { number: each.number, value: asLoss(each.value) })),
          svg("rect", { class: "pair-area", x: x(each.number) - (right - left) / PAIRS.window / 2, y: top, width: (right - left) / PAIRS.window, height: bottom - top }),
          ...(each.isKept
            ? [svg("path", { class: "stem", d: `M${x(each.number)} ${bottom}V${y(each.value)}` }), svg("circle", { cx: x(each.number), cy: y(each.value), r: 4.5 })]
            : [svg("path", { class: "skipped", d: `M${x(each.number) - 4} ${cross - 4}l8 8m0 -8l-8 8` })]));
      }));
    key.append(...["remembered", "forgotten"].map((name) => el("span", { class: `pair-name ${name}` }, text[name])),
      ...(shown.some(({ isKept }) => !isKept) ? [el("span", { class: "pair-name" }, svg("svg", { class: "lane-key", viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { class: "skipped", d: "M3 3l8 8m0 -8l-8 8" })), text.skipped)] : []));
    plot.setAttribute("aria-label", `${text.pairs_title}. ${fill(text.pair_says, { number: inside.number, value: asLoss(inside.curvature) })}. ${text.walk}`);
  }
  return { element, draw };
}
