// The curves of a training over epochs: each batch, the images it learns from, the test images, and
// dotted the ways that it took before. Two plots share one pointer.
//
//   trainingPlot(ctx, kind) -> {element, draw(), drawPointer(), picture(width, height)}
//   trainingLegend(ctx) -> {element, draw()}
//
//   kind       "loss" or "accuracy"
//   draw()     draws what has changed since it was last called
//   picture()  the same curves as an <svg> of a given size, for saving; it is not on the page
const RIM_OF_PLOT = { left: 52, right: 24, top: 10, bottom: 24 };
const PLOT_HEIGHT = 176;
const LINES_OF_NOTES = 4;

function trainingPlot(ctx, kind) {
  const title = el("b");
  const zoom = el("button", { class: "plot-switch", type: "button", onclick: () => { isZoomed = !isZoomed; draw(); } });
  const live = plotCanvas(`live-${kind}`);
  const readout = el("div", { class: "plot-readout", hidden: true });
  const place = el("div", { class: "plot-place" }, live.element, readout);
  const element = el("figure", { class: `training-plot ${kind}` }, el("div", { class: "plot-head" }, title, zoom), place);
  let isZoomed = false, width = 0;
  live.element.setAttribute("tabindex", "0"); live.element.setAttribute("role", "img");

  const resized = new ResizeObserver(() => { width = place.clientWidth; if (ctx.data) draw(); });
  resized.observe(place);
  ctx.onRemove(() => resized.disconnect());

  // The pointer stands at a step of the present way.
  const point = (step) => { ctx.state.pointer = step; ctx.parts.loss.drawPointer(); ctx.parts.accuracy.drawPointer(); };
  const last = () => Math.max(ctx.data.run.step, 1);
  live.element.onpointermove = live.element.onpointerdown = (event) => {
    if (live.stepAt) point(live.stepAt(event.clientX - live.element.getBoundingClientRect().left));
  };
  live.element.onpointerleave = live.element.onblur = () => point(null);
  live.element.onkeydown = (event) => {
    const { curve, run } = ctx.data, now = ctx.state.pointer ?? last();
    const by = Math.max(curve.thin, Math.round(live.end * run.stepsPerEpoch / 400));
    const to = { ArrowLeft: now - by, ArrowRight: now + by, PageUp: now + run.stepsPerEpoch, PageDown: now - run.stepsPerEpoch, Home: 0, End: last() }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    point(Math.max(0, Math.min(last(), to)));
    ctx.say(readout.innerText.replaceAll("\n", " "));
  };

  function scene(width, height) {
    const { run, ways, curve } = ctx.data, lines = trainingLines(ctx, kind);
    const longest = Math.max(curve.steps / run.stepsPerEpoch, ...ways.curves.map(({ steps, stepsPerEpoch }) => steps / stepsPerEpoch));
    const across = epochAxis(longest);
    const up = kind === "loss" ? lossAxis(lines.map(({ values }) => values), run.chanceLoss, isZoomed) : shareAxis(isZoomed);
    const left = RIM_OF_PLOT.left, right = width - RIM_OF_PLOT.right, top = RIM_OF_PLOT.top, bottom = height - RIM_OF_PLOT.bottom;
    return {
      lines, across, up, width, height, left, right, top, bottom,
      x: (epoch) => left + (right - left) * epoch / across.end,
      y: (value) => bottom - (bottom - top) * Math.max(-0.2, Math.min(1.2, up.at(value))),
      key: [width, height, across.end, up.low, up.high, ctx.text.epochs].join(" "),
      marks: curve.marks, perEpoch: run.stepsPerEpoch, kind, epochs: ctx.text.epochs,
    };
  }

  let seen = null;
  function draw() {
    if (width < 80) return;
    const { text, data } = ctx, now = scene(width, PLOT_HEIGHT);
    title.textContent = text[kind];
    zoom.textContent = kind === "loss" ? text.log : text.close_up;
    zoom.setAttribute("aria-pressed", String(isZoomed));
    live.draw(now);
    live.end = now.across.end;
    live.stepAt = (px) => Math.max(0, Math.min(last(), Math.round((px - now.left) / (now.right - now.left) * now.across.end * now.perEpoch)));
    seen = now;
    drawPointer();
    const changes = data.curve.marks.map(({ step, label }) => `${label} (${fill(text.after_step, { step })})`);
    const label = [text[kind], ...now.lines.filter(({ values }) => values.length).map((line) => `${line.name}: ${shown(line.values.at(-1))}`), ...changes, text.walk].join(". ");
    if (!data.run.playing) live.element.setAttribute("aria-label", label); // nobody listens so quickly
  }

  const shown = (value) => (kind === "loss" ? asLossValue(value) : asShare(value));

  function drawPointer() {
    const { then, run } = ctx.data, { pointer = null } = ctx.state;
    if (!seen) return;
    live.rule("past", then ? seen.x(then.step / run.stepsPerEpoch) : null, seen);
    live.rule("cursor", pointer === null ? null : seen.x(pointer / run.stepsPerEpoch), seen);
    readout.hidden = pointer === null;
    if (pointer === null) return;
    const { text } = ctx, epoch = pointer / run.stepsPerEpoch;
    const rows = [...seen.lines].reverse().flatMap((line) => {
      const step = epoch * line.perEpoch, found = valueAt(line, step), isOver = !found || step > line.steps.at(-1) + Math.max(1, line.spacing ?? 0);
      if (isOver) return [];
      const isThere = line.look === "batch" || Math.abs(found.step - step) < 1; // or was measured somewhat before or after
      return [lineKey(line.look), el("span", {}, isThere ? line.short : `${line.short} (${fill(text.at_step, { step: asCount(found.step) })})`), el("b", {}, shown(found.value))];
    });
    const near = run.stepsPerEpoch * 6 * (seen.across.end / (seen.right - seen.left));
    const marks = seen.marks.filter(({ step }) => Math.abs(step - pointer) <= near).map(({ label }) => el("em", {}, label));
    readout.replaceChildren(el("strong", {}, fill(text.at_moment, { step: asCount(pointer), epoch: epoch.toFixed(2) })), ...rows, ...marks);
    const px = seen.x(epoch), room = readout.offsetWidth + 12; // beside the line if there is room, else over it
    readout.style.left = `${px + room <= width ? px + 12 : px >= room ? px - room : width - room + 12}px`;
  }

  function picture(width, height) {
    const canvas = plotCanvas(`saved-${kind}`);
    canvas.draw(scene(width, height));
    return { element: canvas.element, title: ctx.text[kind] };
  }

  return { element, draw, drawPointer, picture };
}

// One entry for each kind of line that is drawn.
function trainingLegend(ctx) {
  const element = el("p", { class: "training-legend" });
  let shown = null;
  function draw() {
    const { text } = ctx, lines = trainingLines(ctx, "loss"), earlier = lines.filter(({ look }) => look === "earlier").map(({ name }) => name).join(text.comma);
    const entries = ["test", "train", "batch", "earlier"].map((look) => lines.find((line) => line.look === look)).filter(Boolean)
      .map(({ look, name }) => [look, look === "earlier" ? fill(text.earlier, { ways: earlier }) : name]);
    if (shown === String(entries)) return;
    shown = String(entries);
    element.replaceChildren(...entries.map(([look, name]) => el("span", {}, lineKey(look), name)));
  }
  return { element, draw };
}

const lineKey = (look) => svg("svg", { class: "line-key", viewBox: "0 0 26 12", "aria-hidden": "true" }, svg("path", { class: `curve ${look}`, d: "M0 6H26" }), endSign(look, 19, 6));

// Nobody needs to tell colours apart: the test line ends in a disc, the other in a square.
function endSign(look, x, y) {
  if (look === "test") return svg("circle", { class: "end test", cx: x, cy: y, r: 4.5 });
  if (look === "train") return svg("rect", { class: "end train", x: x - 4, y: y - 4, width: 8, height: 8 });
  return null;
}

// An <svg> that remembers what it shows and changes only what must be.
function plotCanvas(name) {
  const grid = svg("g"), curves = svg("g", { "clip-path": `url(#${name})` }), ends = svg("g"), notes = svg("g"), clip = svg("rect");
  const rules = { past: svg("path", { class: "past" }), cursor: svg("path", { class: "cursor" }) };
  const element = svg("svg", {}, svg("clipPath", { id: name }, clip), grid, curves, notes, ends, rules.past, rules.cursor);
  const paths = []; // {element, key} by place
  let gridKey = null, notesKey = null;

  function draw(scene) {
    if (scene.key !== gridKey) drawGrid(scene);
    while (paths.length > scene.lines.length) paths.pop().element.remove();
    scene.lines.forEach((line, i) => {
      if (!paths[i]) { paths[i] = { element: svg("polyline") }; curves.append(paths[i].element); }
      const key = `${line.look} ${line.key} ${line.values.length} ${scene.key}`;
      if (paths[i].key === key) return;
      paths[i].key = key;
      paths[i].element.setAttribute("class", `curve ${line.look}`);
      paths[i].element.setAttribute("points", trail(line, scene));
    });
    ends.replaceChildren(...scene.lines.flatMap((line) => {
      const isInside = line.values.length && scene.up.at(line.values.at(-1)) > -0.02 && scene.up.at(line.values.at(-1)) < 1.02;
      if (!isInside) return [];
      const x = scene.x(line.steps.at(-1) / line.perEpoch), y = scene.y(line.values.at(-1));
      if (line.look === "earlier") return [svg("text", { class: "way", x: x + 5, y: y + 5 }, line.letter)];
      return [endSign(line.look, x, y)].filter(Boolean);
    }));
    const key = `${scene.key} ${JSON.stringify(scene.marks)}`;
    if (key !== notesKey) { notesKey = key; notes.replaceChildren(...tuningNotes(scene)); }
  }

  function drawGrid(scene) {
    const { left, right, top, bottom, across, up, x, y } = scene;
    gridKey = scene.key;
    element.setAttribute("width", scene.width); element.setAttribute("height", scene.height);
    for (const [attribute, value] of Object.entries({ x: left - 2, y: top - 3, width: right - left + 24, height: bottom - top + 6 })) clip.setAttribute(attribute, value);
    const words = (name, x, y, shown) => svg("text", { class: name, x, y }, shown);
    const end = words("axis", right + 22, bottom + 18, `${scene.epochs} ${across.end}`);
    grid.replaceChildren(
      ...up.ticks.flatMap((value) => [svg("path", { class: "gridline", d: `M${left} ${y(value)}H${right}` }), words("beside", left - 7, y(value) + 5, up.name(value))]),
      ...across.ticks.filter((epoch) => right - x(epoch) > 74).map((epoch) => words("below", x(epoch), bottom + 18, number(epoch))), end);
  }

  function rule(name, x, { top, bottom }) { rules[name].setAttribute("d", x === null ? "" : `M${x} ${top}V${bottom}`); }

  return { element, draw, rule };
}

function trail({ steps, values, perEpoch }, { x, y }) {
  const points = new Array(values.length);
  for (let i = 0; i < values.length; i++) points[i] = `${Math.round(10 * x(steps[i] / perEpoch)) / 10},${Math.round(10 * y(values[i])) / 10}`;
  return points.join(" ");
}

// What was tuned, at its moment: in the loss with words, as long as they find room in some line.
function tuningNotes(scene) {
  const ends = new Array(LINES_OF_NOTES).fill(-Infinity); // how far the words of each line reach
  return scene.marks.flatMap(({ step, label }) => {
    const x = scene.x(step / scene.perEpoch), rule = svg("path", { class: "mark", d: `M${x} ${scene.top}V${scene.bottom}` });
    if (scene.kind !== "loss") return [rule];
    const width = 7.2 * label.length, isRight = x + width + 6 > scene.right, left = isRight ? x - 6 - width : x + 6;
    const line = ends.findIndex((end) => end < left);
    if (line < 0) return [rule];
    ends[line] = left + width + 8;
    return [rule, svg("text", { class: `mark${isRight ? " ends" : ""}`, x: isRight ? x - 6 : x + 6, y: scene.top + 12 + 18 * line }, label)];
  });
}
