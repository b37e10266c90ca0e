// Three charts over one horizontal axis, which is what learning is paid with: steps, evaluations,
// images or seconds. Pointing at one points at all of them.
//
//   optimizerCurves(ctx, choose) -> {element, draw()}
const CHARTS = ["train_loss", "train_accuracy", "test_accuracy"];
const FIRST_LAPS = 5; // the clock's axis is never shorter
const FRAME_OF = { left: 52, right: 16, top: 10, bottom: 24, height: 196 };

function optimizerCurves(ctx, pick) {
  const state = { at: null, isLog: { steps: true, evaluations: true, images: false, seconds: false }, isZoomed: { train_loss: true, train_accuracy: true, test_accuracy: true } };
  const label = el("span", { class: "axis-label", id: "axis-label" });
  const buttons = ctx.data.costs.map((cost) => el("button", { class: "axis-choice", type: "button", role: "radio", onclick: () => pickAxis(cost) }));
  const group = el("div", { class: "axis-group", role: "radiogroup", "aria-labelledby": "axis-label" }, ...buttons);
  const log = el("button", { class: "log-switch", type: "button", onclick: () => { state.isLog[ctx.data.axis] = !state.isLog[ctx.data.axis]; draw(); } });
  const key = el("span", { class: "axis-key" });
  const charts = CHARTS.map(buildChart);
  const element = el("div", { class: "curves" },
    el("div", { class: "axis-bar" }, label, group, log, key),
    el("div", { class: "charts" }, ...charts.map((chart) => chart.element)));
  const resized = new ResizeObserver(() => { if (ctx.data) draw(); });
  resized.observe(element);
  ctx.onRemove(() => resized.disconnect());

  group.onkeydown = (event) => {
    const now = ctx.data.costs.indexOf(ctx.data.axis), last = ctx.data.costs.length - 1;
    const to = { ArrowLeft: now - 1, ArrowUp: now - 1, ArrowRight: now + 1, ArrowDown: now + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    pickAxis(ctx.data.costs[Math.max(0, Math.min(last, to))]);
    buttons[ctx.data.costs.indexOf(ctx.data.axis)].focus();
  };

  function pickAxis(cost) {
    if (cost === ctx.data.axis) return;
    ctx.data.axis = cost; state.at = null; // seen at once; the address follows
    draw();
    pick("axis", cost);
  }

  function buildChart(measure) {
    const title = el("b"), readout = el("span", { class: "readout" }), plot = svg("svg", { tabindex: "0", role: "img" });
    const zoom = el("button", { class: "log-switch", type: "button", onclick: () => { state.isZoomed[measure] = !state.isZoomed[measure]; draw(); } });
    const element = el("div", { class: "race-chart" }, el("p", { class: "race-title" }, title, zoom, readout), plot);
    const point = (at) => { state.at = at; draw(); };
    plot.onpointermove = plot.onpointerdown = (event) => point(horizontal(element.clientWidth).costAt(event.clientX - plot.getBoundingClientRect().left));
    plot.onpointerleave = plot.onblur = () => point(null);
    plot.onkeydown = (event) => {
      const costs = lanes().reduce((best, { cost }) => (cost.length > best.length ? cost : best), []);
      const now = state.at === null ? costs.length - 1 : nearest([...costs], state.at);
      const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: costs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault(); event.stopPropagation();
      point(costs[Math.max(0, Math.min(costs.length - 1, to))]);
      ctx.say(readout.textContent);
    };
    return { measure, element, title, readout, plot, zoom };
  }

  const lanes = () => ctx.data.race.lanes.map(({ label: words }, i) => ({ words, i, curves: measured(ctx, i), cost: measured(ctx, i)[ctx.data.axis] }));

  // Where a cost lies. On a logarithmic axis the start, where nothing is paid yet, is the left edge.
  function horizontal(width) {
    const { axis } = ctx.data, left = FRAME_OF.left, right = width - FRAME_OF.right;
    const costs = lanes().flatMap(({ cost }) => [...cost]), largest = Math.max(...costs, axis === "seconds" ? FIRST_LAPS * ctx.data.lap / 1000 : 1);
    const isLog = state.isLog[axis] && Math.max(...costs) > 0;
    if (isLog) {
      const low = Math.floor(Math.log10(Math.min(...costs.filter((cost) => cost > 0)))), high = Math.max(low + 1, Math.log10(largest));
      const ticks = []; for (let power = low; power <= high + 1e-9; power++) ticks.push(10 ** power);
      const place = (cost) => (Math.max(low, Math.log10(Math.max(cost, 1e-12))) - low) / (high - low);
      return { left, right, ticks, x: (cost) => left + (right - left) * place(cost), costAt: (px) => 10 ** (low + (high - low) * Math.max(0, Math.min(1, (px - left) / (right - left)))) };
    }
        const unit = 10 ** Math.floor(Math.log10(largest));
    const step = [0.2, 0.25, 0.5, 1, 2, 2.5].map((share) => share * unit).find((size) => largest / size <= 5) ?? 5 * unit;
    const end = Math.max(largest, step), ticks = []; for (let i = 0; i * step <= end * 1.001; i++) ticks.push(i * step);
    return { left, right, ticks, x: (cost) => left + (right - left) * cost / end, costAt: (px) => end * Math.max(0, Math.min(1, (px - left) / (right - left))) };
  }

  function vertical(measure) {
    const top = FRAME_OF.top, bottom = FRAME_OF.height - FRAME_OF.bottom, isZoomed = state.isZoomed[measure];
    const values = lanes().flatMap(({ curves }) => [...curves[measure]]).filter(Number.isFinite);
    const isLoss = measure === "train_loss", isLog = isLoss && isZoomed;
    const { low, high, ticks } = !isLoss ? accuracyAxis(isZoomed) : isLog ? powers(values) : steps(values);
    const place = (value) => (isLog ? Math.log10(Math.max(value, 1e-30)) : value);
    const share = (value) => Math.max(-0.2, Math.min(1.2, (place(value) - place(low)) / (place(high) - place(low))));
    return { top, bottom, ticks, isIn: (value) => share(value) >= 0 && share(value) <= 1, y: (value) => bottom - (bottom - top) * (Number.isFinite(value) ? share(value) : 1.2) };
  }

  function draw() {
    const { data, text } = ctx;
    label.textContent = text.axis;
    data.costs.forEach((cost, i) => {
      buttons[i].textContent = text[cost];
      buttons[i].setAttribute("aria-checked", String(cost === data.axis));
      buttons[i].tabIndex = cost === data.axis ? 0 : -1;
    });
    log.textContent = text.log;
    log.setAttribute("aria-pressed", String(state.isLog[data.axis]));
    log.setAttribute("aria-label", `${text[data.axis]}: ${text.log}`);
    key.replaceChildren(...data.race.lanes.map(({ label: words }, i) => el("span", {}, laneKey(i), words)));
    charts.forEach(drawChart);
  }

  function drawChart({ measure, element, title, readout, plot, zoom }) {
    const { data, text } = ctx, width = element.clientWidth, isLoss = measure === "train_loss";
    title.textContent = text[measure];
    zoom.textContent = isLoss ? text.log : "80–100%";
    zoom.setAttribute("aria-pressed", String(state.isZoomed[measure]));
    if (width < 80) return;
    const across = horizontal(width), up = vertical(measure), words = (name, x, y, shown) => svg("text", { class: name, x, y }, shown);
    const lines = lanes(), goal = Number(data.goals[data.goal]);
    plot.setAttribute("width", width); plot.setAttribute("height", FRAME_OF.height);
    plot.replaceChildren(
      ...up.ticks.flatMap((value) => [
        svg("path", { class: "gridline", d: `M${across.left} ${up.y(value)}H${across.right}` }),
        words("beside", across.left - 8, up.y(value) + 5, isLoss ? asLoss(value) : `${number(100 * value)}%`)]),
      ...across.ticks.map((cost) => words("below", across.x(cost), up.bottom + 18, shortCost(cost))),
      svg("clipPath", { id: `inside-${measure}` }, svg("rect", { x: across.left - 8, y: up.top - 8, width: across.right - across.left + 16, height: up.bottom - up.top + 16 })),
      svg("g", { "clip-path": `url(#inside-${measure})` },
        isLoss && up.isIn(goal) ? svg("path", { class: "goal-line", d: `M${across.left} ${up.y(goal)}H${across.right}` }) : null,
        ...lines.map(({ i, cost, curves }) => svg("polyline", { class: `curve lane-${i}`, points: [...curves[measure]].map((value, p) => `${across.x(cost[p]).toFixed(1)},${up.y(value).toFixed(1)}`).join(" ") })),
        ...lines.map(({ i, cost, curves }) => laneSign(i, across.x(cost.at(-1)), up.y(curves[measure].at(-1))))));
    if (state.at !== null) plot.append(svg("path", { class: "cursor", d: `M${across.x(state.at)} ${up.top}V${up.bottom}` }));
    const values = lines.map(({ i, cost, curves, words: name }) => {
      const value = asMeasure(measure, curves[measure][state.at === null ? cost.length - 1 : nearest([...cost], state.at)]);
      return { i, value, words: fill(text.lane_says, { label: name, value }) };
    });
    plot.setAttribute("aria-label", [text[measure], ...values.map((each) => each.words), text.walk].join(". "));
    readout.replaceChildren(...values.map((each) => el("span", { "aria-label": each.words }, laneKey(each.i), each.value)));
    if (state.at !== null && isLoss) key.replaceChildren(el("b", {}, `${asCost(data.axis, state.at)} ${text[data.axis]}`));
  }
  return { element, draw };
}

// A tick: 0.05, 20, 5k, 300k.
function shortCost(cost) {
  return cost >= 1e6 ? `${number(cost / 1e6, 1)}M` : cost >= 1000 ? `${number(cost / 1000, 1)}k` : String(Number(cost.toPrecision(3)));
}
