// The same race with several seeds: a table, and a dot for each network and seed. The races go on
// while the browser asks for more; so nobody computes for a page that was left.
export default component(build, update);

const LEAST = 1e-10; // the smallest loss that the plane shows
const PLANE = { left: 60, right: 18, top: 14, bottom: 46, height: 300 };

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { isTrying: false });
  parts.go = button("play", "", () => { state.isTrying = !state.isTrying; update(ctx); }, { words: true, primary: true });
  parts.progress = el("output");
  parts.head = el("tr"); parts.body = el("tbody");
  parts.title = el("b");
  parts.plane = svg("svg", { role: "img" });
  parts.chart = el("div", { class: "race-chart" }, el("p", { class: "race-title" }, parts.title), parts.plane);
  parts.legend = el("p", { class: "legend" });
  ctx.root.append(
    el("div", { class: "steps" }, parts.go, parts.progress),
    el("div", { class: "seeds" }, el("div", { class: "seed-table" }, el("table", {}, el("thead", {}, parts.head), parts.body), parts.legend), parts.chart));
  const resized = new ResizeObserver(() => { if (ctx.data) drawPlane(ctx); });
  resized.observe(parts.chart);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); });
}

function update(ctx) {
  const { data, parts, state, text } = ctx, isOver = data.done >= data.all;
  if (isOver) state.isTrying = false;
  const words = state.isTrying ? text.stop : text.go;
  parts.go.replaceChildren(icon(state.isTrying ? "pause" : "play"), el("span", {}, words));
  parts.go.setAttribute("aria-label", words); parts.go.title = words;
  parts.go.disabled = isOver;
  parts.progress.textContent = data.done ? fill(text.progress, { percent: Math.floor(100 * data.done / data.all) }) : "";
  parts.legend.textContent = text.legend;
  drawTable(ctx);
  drawPlane(ctx);
  goOnTrying(ctx);
}

function drawTable(ctx) {
  const { data, parts, text } = ctx;
  parts.head.replaceChildren(...["", text.to_goal, text.train_loss, text.train, text.test].map((words) => el("th", { scope: "col" }, words)));
  parts.body.replaceChildren(...data.lanes.map((lane, i) => {
    const known = data.seeds > 0, few = known && lane.reached < data.seeds;
    const cells = [
      !known ? "" : [lane.seconds === null ? "–" : lane.seconds.toFixed(lane.seconds < 0.1 ? 3 : 2), few ? ` (${fill(text.of_seeds, { part: lane.reached, all: data.seeds })})` : ""].join(""),
      known ? asLoss(lane.train_loss) : "",
      known ? asPercent(lane.train) : "",
      known ? [el("b", {}, asPercent(lane.test)), ` (${fill(text.range, { least: asPercent(lane.least), most: asPercent(lane.most) })})`] : "",
    ];
    return el("tr", {}, el("th", { scope: "row" }, el("span", { class: "lane-name" }, laneKey(i), lane.label)), ...cells.map((content) => el("td", {}, ...[content].flat())));
  }));
}

function drawPlane(ctx) {
  const { data, parts, text } = ctx, { shape: [, , count], values } = data.arrays.ends, width = parts.chart.clientWidth;
  parts.title.textContent = text.test_axis;
  if (width < 80) return;
  const left = PLANE.left, right = width - PLANE.right, top = PLANE.top, bottom = PLANE.height - PLANE.bottom;
  const dots = data.lanes.flatMap(({ label }, lane) => Array.from({ length: count }, (_, seed) => ({ label, lane, loss: values[(2 * lane) * count + seed], test: values[(2 * lane + 1) * count + seed] })));
  const words = (name, x, y, shown) => svg("text", { class: name, x, y }, shown);
  parts.plane.setAttribute("width", width); parts.plane.setAttribute("height", PLANE.height);
  parts.plane.replaceChildren();
  if (!dots.length) {
    parts.plane.append(svg("rect", { class: "empty", x: 1, y: top, width: width - 2, height: bottom - top, rx: 8 }), words("axis", width / 2, (top + bottom) / 2, text.empty));
    parts.plane.setAttribute("aria-label", text.empty);
    return;
  }
  // A loss too small for the axis lies on its left edge, and so does 0.
  const powersOf = dots.map(({ loss }) => Math.log10(Math.max(loss, LEAST))), low = Math.floor(Math.min(...powersOf)), high = Math.max(low + 1, Math.ceil(Math.max(...powersOf)));
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((size) => (1 - Math.min(...dots.map(({ test }) => test))) / size <= 5) ?? 0.25;
  const floor = Math.max(0, Math.floor((Math.min(...dots.map(({ test }) => test)) - 1e-6) / step) * step);
  const x = (loss) => left + (right - left) * (Math.log10(Math.max(loss, LEAST)) - low) / (high - low), y = (share) => bottom - (bottom - top) * (share - floor) / (1 - floor);
  const lines = []; for (let share = floor; share <= 1 + 1e-9; share += step) lines.push(share);
  const every = Math.max(1, Math.ceil((high - low) / 5)), ticks = []; for (let power = low; power <= high; power += every) ticks.push(10 ** power);
  parts.plane.append(
    ...lines.flatMap((share) => [svg("path", { class: "gridline", d: `M${left} ${y(share)}H${right}` }), words("beside", left - 8, y(share) + 5, asPercent(share))]),
    ...ticks.map((loss) => words("below", x(loss), bottom + 18, loss <= LEAST && dots.some((dot) => dot.loss < LEAST) ? "0" : asLoss(loss))),
    words("axis", (left + right) / 2, PLANE.height - 6, text.loss_axis),
    ...dots.map((dot) => svg("g", {}, svg("title", {}, dotWords(text, dot)), laneSign(dot.lane, x(dot.loss), y(dot.test)))));
  parts.plane.setAttribute("aria-label", [text.test_axis, ...dots.map((dot) => dotWords(text, dot))].join(". "));
}

const dotWords = (text, { label, loss, test }) => fill(text.dot, { label, loss: asLoss(loss), value: asPercent(test) });
