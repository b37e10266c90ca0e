// Histograms of a batch before and after, and means and spreads over the batches.

const INSET = { left: 44, right: 12, top: 8, bottom: 26 };

function chart(name, attributes = {}) {
  const title = el("p", { class: "chart-title" }), area = el("div", { class: "area", ...attributes });
  return { element: el("div", { class: `chart ${name}` }, title, area), title, area };
}

function frame(area) {
  const width = area.clientWidth, height = area.clientHeight;
  return { width, height, left: INSET.left, right: width - INSET.right, top: INSET.top, bottom: height - INSET.bottom };
}

function drawCharts(ctx) {
  const { data, parts, text } = ctx, { histograms, batch } = data;
  const key = (name, words) => el("span", { class: `key of-${name}` }, el("i"), words);
  parts.before.title.replaceChildren(el("b", {}, fill(text.before, { n: batch })), key("batch", text.this), key("all", fill(text.all, { n: data.samples })));
  parts.after.title.replaceChildren(el("b", {}, fill(text.after, { n: batch })), key("batch", text.training), key("use", text.use));
  drawHistogram(ctx, parts.before.area, { bars: histograms.batch, line: histograms.all, role: "all", ends: data.ends, ticks: data.end_ticks });
  const far = data.farthest, whole = [-4, -2, 0, 2, 4];
  drawHistogram(ctx, parts.after.area, { bars: histograms.training, line: histograms.use, role: "use", ends: [-far, far], ticks: whole });
  ["means", "stds"].forEach((name, i) => {
    parts[name].title.replaceChildren(el("b", {}, text[name]), el("span", { class: "scatter" }, fill(text.scatter, { value: number(data.scatter[i]) })),
      key("running", text.running), key("whole", text.whole));
    drawOverBatches(ctx, parts[name].area, i);
    parts[name].area.setAttribute("aria-label", text.batch);
    parts[name].area.setAttribute("aria-valuenow", batch);
  });
}

// Bars for the batch, a stepped line for what it is compared with, each as high as the room is.
function drawHistogram(ctx, area, { bars, line, role, ends, ticks }) {
  const { width, height, right, top, bottom } = frame(area), left = INSET.right;
  if (!width) return;
  const x = (value) => left + ((value - ends[0]) / (ends[1] - ends[0])) * (right - left);
  const step = (right - left) / bars.length, high = (share, all) => (share / Math.max(...all)) * (bottom - top);
  const outline = line.flatMap((share, i) => [0, 1].map((end) => `${(left + (i + end) * step).toFixed(1)},${(bottom - high(share, line)).toFixed(1)}`));
  area.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": ctx.text.shares },
    ...ticks.flatMap((value) => [
      svg("line", { class: "tick", x1: x(value), x2: x(value), y1: top, y2: bottom }),
      svg("text", { class: "below", x: x(value), y: bottom + 18 }, number(value)),
    ]),
    ...bars.map((share, i) => svg("rect", { class: "bar", x: left + i * step + 0.5, width: Math.max(step - 1, 1), y: bottom - high(share, bars), height: high(share, bars) })),
    svg("polyline", { class: `outline of-${role}`, points: `${left},${bottom} ${outline.join(" ")} ${right},${bottom}` }),
    svg("line", { class: "ground", x1: left, x2: right, y1: bottom, y2: bottom })));
}

// A dot for each batch; the running number up to the batch at hand; the truth as a dashed line.
function drawOverBatches(ctx, area, row) {
  const { data } = ctx, { width, height, left, right, top, bottom } = frame(area), [least, most] = data.spans[row];
  if (!width) return;
  const clip = (value) => Math.min(most, Math.max(least, value));
  const x = (batch) => left + (batch / data.batches) * (right - left), y = (value) => bottom - ((clip(value) - least) / (most - least)) * (bottom - top);
  const measured = rowsOf(data.arrays.measured)[row], running = rowsOf(data.arrays.running)[row], at = data.batch;
  const path = (from, to) => [...running.subarray(from, to + 1)].map((value, i) => `${x(from + i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  area.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    ...data.span_ticks[row].flatMap((value) => [
      svg("line", { class: "tick", x1: left, x2: right, y1: y(value), y2: y(value) }),
      svg("text", { class: "beside", x: left - 8, y: y(value) + 5 }, number(value)),
    ]),
    ...[1, 20, 40, 60].map((batch) => svg("text", { class: "below", x: x(batch), y: bottom + 18 }, String(batch))),
    svg("line", { class: "whole", x1: left, x2: right, y1: y(data.whole[row]), y2: y(data.whole[row]) }),
    svg("line", { class: "here", x1: x(at), x2: x(at), y1: top, y2: bottom }),
    ...[...measured].map((value, i) => svg("circle", { class: `of-one${i + 1 > at ? " later" : ""}${i + 1 === at ? " lit" : ""}`, cx: x(i + 1), cy: y(value), r: i + 1 === at ? 7 : 4 })),
    svg("polyline", { class: "running later", points: path(at, data.batches) }),
    svg("polyline", { class: "running", points: path(0, at) })));
}
