// The curves of a race, a line for each network, and a card that says how each one stands.
//
//   raceCurves(ctx, kind, {height, closeUp}) -> {element, draw()}    kind: "loss" (training) or "accuracy" (test)
//   raceCards(ctx) -> {element, draw()}
//
// With `closeUp` an accuracy can be seen from 80% on, and at first is.
//
// Every network has a colour and a sign of its own, so nobody needs to tell colours apart.
const MEASURES = ["epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"];
const RIM = { left: 54, right: 22, top: 12, bottom: 44 };
const SIGNS = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0", "M-4.5 -4.5H4.5V4.5H-4.5Z", "M0 -6L6 5H-6Z", "M0 -6.5L6.5 0L0 6.5L-6.5 0Z"];

// What was measured of a lane: series(ctx, 0).test_accuracy is an array over the laps.
function series(ctx, lane) {
  const { shape: [, points], values } = ctx.data.arrays[`lane-${lane}`];
  return Object.fromEntries(MEASURES.map((name, i) => [name, values.subarray(i * points, (i + 1) * points)]));
}

const laneSign = (lane, x = 7, y = 7) => svg("path", { class: `sign lane-${lane}`, d: SIGNS[lane], transform: `translate(${x} ${y})` });
const laneKey = (lane) => svg("svg", { class: "lane-key", viewBox: "0 0 14 14", "aria-hidden": "true" }, laneSign(lane));

const asPercent = (share) => `${number(100 * share, 1)}%`;
function asLoss(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = value !== 0 && (size < 1e-4 || size >= 1e4) ? value.toExponential(0) : String(Number(value.toPrecision(size < 0.01 ? 2 : 3)));
  return text.replace("e+", "e").replaceAll("-", "−");
}

function raceCards(ctx) {
  const element = el("div", { class: "race-cards" });
  function draw() {
    const { data, text } = ctx;
    element.replaceChildren(...data.race.lanes.map(({ label }, i) => {
      const { train_accuracy: train, test_accuracy: test, train_loss: loss } = series(ctx, i);
      return el("div", { class: "race-card" },
        el("span", { class: "lane-name" }, laneKey(i), label),
        el("strong", {}, asPercent(test.at(-1)), el("small", {}, text.of_test)),
        el("small", {}, `${fill(text.train_share, { value: asPercent(train.at(-1)) })} · ${fill(text.loss, { value: asLoss(loss.at(-1)) })}`));
    }), ...data.race.lanes.filter(({ trouble }) => trouble).map(({ trouble }) => el("p", { class: "trouble", role: "status" }, trouble)));
  }
  return { element, draw };
}

function raceCurves(ctx, kind, { height: tall, closeUp = false } = {}) {
  const measure = kind === "loss" ? "train_loss" : "test_accuracy", show = kind === "loss" ? asLoss : asPercent;
  const title = el("b", {}), readout = el("span", { class: "readout" });
  const zoom = el("button", { class: "log-switch", type: "button", onclick: () => { isZoomed = !isZoomed; draw(); } });
  const plot = svg("svg", { tabindex: "0", role: "img" });
  const chart = el("div", { class: "race-chart" }, el("p", { class: "race-title" }, title, readout, kind === "loss" || closeUp ? zoom : null), plot);
  const resized = new ResizeObserver(() => { if (ctx.data) draw(); });
  resized.observe(chart);
  ctx.onRemove(() => resized.disconnect());
  let isZoomed = closeUp, at = null;

  const point = (epoch) => { at = epoch; draw(); };
  plot.onpointermove = plot.onpointerdown = (event) => point(scales().epochAt(event.clientX - plot.getBoundingClientRect().left));
  plot.onpointerleave = plot.onblur = () => point(null);
  plot.onkeydown = (event) => {
    const { epoch } = series(ctx, longest()), now = at === null ? epoch.length - 1 : nearest(epoch, at);
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: epoch.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    point(epoch[Math.max(0, Math.min(epoch.length - 1, to))]);
    ctx.say(readout.textContent);
  };
  const longest = () => ctx.data.race.lanes.map((_, i) => series(ctx, i).epoch.length).reduce((best, length, i, all) => (length > all[best] ? i : best), 0);

  function scales() {
    const width = chart.clientWidth, height = tall ?? (width < 420 ? 210 : 236), { epochs, epoch } = ctx.data.race;
    const end = [1, 2, 3, 5, 10, 15, 20, 30, 40, 60, 80, 100].find((stop) => stop >= epoch) ?? epochs;
    const left = RIM.left, right = width - RIM.right, top = RIM.top, bottom = height - RIM.bottom;
    const values = ctx.data.race.lanes.flatMap((_, i) => [...series(ctx, i)[measure]]).filter(Number.isFinite);
    const isLog = kind === "loss" && isZoomed;
    const { low, high, ticks } = kind === "accuracy" ? accuracyAxis(isZoomed) : isLog ? powers(values) : steps(values);
    const place = (value) => (isLog ? Math.log10(Math.max(value, 1e-30)) : value);
    const share = (value) => Math.max(-0.2, Math.min(1.2, (place(value) - place(low)) / (place(high) - place(low))));
    return {
      width, height, left, right, top, bottom, end, ticks,
      x: (epoch) => left + (right - left) * epoch / end,
      y: (value) => bottom - (bottom - top) * (Number.isFinite(value) ? share(value) : 1.2),
      epochAt: (px) => Math.max(0, Math.min(end, (px - left) / (right - left) * end)),
    };
  }

  function draw() {
    const { data, text } = ctx, to = scales();
    title.textContent = text[`${kind}_title`];
    zoom.textContent = kind === "loss" ? text.log : "80–100%";
    zoom.setAttribute("aria-pressed", String(isZoomed));
    if (to.width < 80) return;
    const words = (name, x, y, shown) => svg("text", { class: name, x, y }, shown);
    const every = to.end <= 5 ? 1 : to.end / 5;
    const epochs = Array.from({ length: Math.floor(to.end / every) + 1 }, (_, i) => i * every);
    const lines = data.race.lanes.map((lane, i) => ({ lane, i, epoch: series(ctx, i).epoch, values: series(ctx, i)[measure] }));
    const ends = lines.map(({ epoch, values, i }) => laneSign(i, to.x(epoch.at(-1)), to.y(values.at(-1))));
    plot.setAttribute("width", to.width); plot.setAttribute("height", to.height);
    plot.replaceChildren(
      ...to.ticks.flatMap((value) => [
        svg("path", { class: "gridline", d: `M${to.left} ${to.y(value)}H${to.right}` }),
        words("beside", to.left - 8, to.y(value) + 5, kind === "loss" ? asLoss(value) : `${number(100 * value)}%`)]),
      ...epochs.map((epoch) => words("below", to.x(epoch), to.bottom + 18, number(epoch))),
      words("axis", (to.left + to.right) / 2, to.height - 6, text.epoch),
      svg("clipPath", { id: `inside-${kind}` }, svg("rect", { x: to.left - 8, y: to.top - 8, width: to.right - to.left + 16, height: to.bottom - to.top + 16 })),
      svg("g", { "clip-path": `url(#inside-${kind})` },
        ...lines.map(({ epoch, values, i }) => svg("polyline", { class: `curve lane-${i}`, points: [...values].map((value, p) => `${to.x(epoch[p]).toFixed(1)},${to.y(value).toFixed(1)}`).join(" ") })),
        ...ends));
    drawReadout(lines, to);
  }

  function drawReadout(lines, to) {
    const { text } = ctx;
    if (at !== null) plot.append(svg("path", { class: "cursor", d: `M${to.x(at)} ${to.top}V${to.bottom}` }));
    const values = lines.map(({ lane, epoch, values, i }) => {
      const p = at === null ? values.length - 1 : nearest(epoch, at);
      return { i, words: fill(text.lane_says, { label: lane.label, value: show(values[p]) }), short: show(values[p]), epoch: epoch[p] };
    });
    plot.setAttribute("aria-label", [text[`${kind}_title`], ...values.map(({ words }) => words), text.walk].join(". "));
    readout.replaceChildren(...(at === null ? [] : [el("span", {}, `${text.epoch} ${number(values[longest()].epoch, 1)}`)]),
      ...values.map(({ i, short, words }) => el("span", { "aria-label": words }, laneKey(i), short)));
  }
  return { element: chart, draw };
}

// The measured point whose epoch is nearest.
function nearest(epochs, at) {
  let best = 0;
  epochs.forEach((epoch, p) => { if (Math.abs(epoch - at) < Math.abs(epochs[best] - at)) best = p; });
  return best;
}

const accuracyAxis = (isZoomed) => (isZoomed ? { low: 0.8, high: 1, ticks: [0.8, 0.85, 0.9, 0.95, 1] } : { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] });

// An axis from 0 in round steps; what explodes leaves at the top.
function steps(values) {
  const largest = Math.min(Math.max(0.1, ...values), 2.5 * Math.max(...values.slice(0, 1), 1));
  const step = [0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10].find((size) => largest / size <= 5) ?? largest / 4;
  const count = Math.ceil(largest / step - 1e-9);
  return { low: 0, high: count * step, ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
}

// An axis of powers of ten, eight at most.
function powers(values) {
  const high = Math.ceil(Math.log10(Math.max(1e-8, ...values)) - 0.1), low = Math.max(high - 8, Math.floor(Math.log10(Math.max(1e-12, Math.min(...values)))));
  const every = Math.max(1, Math.ceil((high - low) / 5));
  const ticks = []; for (let power = high; power >= low; power -= every) ticks.push(10 ** power);
  return { low: 10 ** Math.min(low, high - 1), high: 10 ** high, ticks };
}
