// The curves over all steps, and a line where the slider stands; they can be dragged as well.
const EDGE = { left: 54, right: 16, top: 12, bottom: 52 };

// Each curve has a sign of its own, so that nobody needs to tell colours apart.
function mark(name, x, y) {
  if (name === "average") return svg("rect", { class: `mark ${name}`, x: x - 4, y: y - 4, width: 8, height: 8 });
  if (name === "max" || name === "answers") return svg("circle", { class: `mark ${name}`, cx: x, cy: y, r: 4.5 });
  return null;
}

function buildCurves(ctx) {
  const { parts, state } = ctx;
  parts.caption = el("p", { class: "caption" });
  parts.plot = svg("svg", { role: "img" });
  parts.chart = el("div", { class: "chart" }, parts.caption, parts.plot);
  let isDragged = false;
  const follow = (event) => { state.isTurning = true; go(ctx, plotOf(ctx).stepAt(event.clientX - parts.plot.getBoundingClientRect().left)); };
  parts.plot.onpointerdown = (event) => {
    if (event.button > 0) return;
    parts.plot.setPointerCapture(event.pointerId);
    isDragged = true;
    follow(event);
  };
  parts.plot.onpointermove = (event) => { if (isDragged) follow(event); };
  parts.plot.onpointerup = parts.plot.onpointercancel = () => { if (isDragged) settle(ctx); isDragged = false; };
  const resized = new ResizeObserver(() => drawCurves(ctx));
  resized.observe(parts.chart);
  ctx.onRemove(() => resized.disconnect());
  return el("section", { class: "curves" }, parts.choices.measured, parts.chart);
}

// Where a step and a share lie, in pixels, and which step lies at a pixel.
function plotOf(ctx) {
  const { data, parts } = ctx, width = parts.chart.clientWidth, height = width < 360 ? 270 : 330;
  const last = data.steps.length - 1, across = width - EDGE.left - EDGE.right, down = height - EDGE.top - EDGE.bottom;
  const top = data.measured === "answers" ? 1 : Math.max(1.1, ...Object.values(data.curves).flat());
  return {
    width, height, top, bottom: height - EDGE.bottom,
    x: (step) => EDGE.left + across * step / last,
    y: (share) => height - EDGE.bottom - down * share / top,
    stepAt: (x) => Math.max(0, Math.min(last, Math.round((x - EDGE.left) / across * last))),
  };
}

function drawCurves(ctx) {
  const { data, state, parts, text } = ctx, plot = plotOf(ctx), isAnswers = data.measured === "answers";
  if (!plot.width || state.step === null) return;
  const curves = Object.entries(data.curves).filter(([name]) => !isSecret(ctx, name));
  const signs = ([name, values]) => values.map((value, i) => mark(name, plot.x(i), plot.y(value))).filter(Boolean);
  const line = ([name, values]) => svg("path", { class: `curve ${name}`, d: `M${values.map((value, i) => `${plot.x(i)} ${plot.y(value)}`).join("L")}` });
  const here = ([name, values]) => svg("circle", { class: `here ${name}`, cx: plot.x(state.step), cy: plot.y(values[state.step]), r: 7 });
  Object.entries({ width: plot.width, height: plot.height, "aria-label": sentence(ctx, curves) }).forEach(([name, value]) => parts.plot.setAttribute(name, value));
  parts.plot.replaceChildren(...axes(ctx, plot, isAnswers),
    svg("path", { class: "cursor", d: `M${plot.x(state.step)} ${EDGE.top - 6}V${plot.bottom}` }),
    ...curves.map(line), ...curves.flatMap(signs), ...curves.map(here));
  parts.caption.replaceChildren(el("b", {}, isAnswers ? text.answers_title : text.change_title),
    el("output", {}, isAnswers ? percent(data.curves.answers[state.step]) : ""), el("span", {}, isAnswers ? text.examined : text.unit));
}

function axes(ctx, plot, isAnswers) {
  const { data } = ctx, [dial] = data.row.dials, { width, bottom } = plot;
  const words = (label, x, y, anchor) => svg("text", { x, y, "text-anchor": anchor }, label);
  const shares = Array.from({ length: Math.floor(plot.top / 0.25) + 1 }, (_, i) => i / 4).filter((share) => plot.top < 1.3 || share % 0.5 === 0);
  const every = data.steps.length < 10 ? 1 : width < 360 ? 4 : 3;
  const ticks = data.steps.map((_, i) => i).filter((i) => (i - data.unmoved) % every === 0);
  return [
    ...shares.flatMap((share) => [
      svg("path", { class: share === 1 && !isAnswers ? "gridline unit" : "gridline", d: `M${EDGE.left} ${plot.y(share)}H${width - EDGE.right}` }),
      words(percent(share), EDGE.left - 9, plot.y(share) + 5, "end")]),
    ...ticks.map((i) => words(number(data.steps[i]), plot.x(i), bottom + 21, "middle")),
    words(`${dial.label} (${dial.unit.trim()})`, (EDGE.left + width - EDGE.right) / 2, bottom + 44, "middle"),
  ];
}

function sentence(ctx, curves) {
  const titles = Object.fromEntries(ctx.data.poolings.map(({ name, title }) => [name, title]));
  const values = curves.map(([name, each]) => `${titles[name] ?? ctx.text.answers_title} ${percent(each[ctx.state.step])}`);
  return `${spoken(ctx, ctx.state.step)}: ${values.join(", ")}`;
}
