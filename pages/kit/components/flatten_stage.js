// Drawing -> maps -> 12 neurons -> two scores -> softmax. A map's cell, its neuron and its weights
// light up together; playing sends the cells to their neurons one after the other.
export default component(build, update);

function build(ctx) {
  const { parts, data } = ctx;
  parts.drawing = drawingPad(ctx);
  parts.rows = data.kernels.map((_, k) => ({
    kernel: numberGrid(ctx, { role: "kernel", label: `${ctx.text.kernel} ${k + 1}` }),
    match: numberGrid(ctx, { role: "output", label: `${ctx.text.match} ${k + 1}`, onHover: (r, c) => tell(ctx, k, r, c), onPick: (r, c) => tell(ctx, k, r, c) }),
    map: numberGrid(ctx, {
      role: "output", label: `${ctx.text.map} ${k + 1}`,
      onHover: (r, c) => look(ctx, r === null ? null : 4 * k + 2 * r + c),
      onPick: (r, c) => moveTo(ctx, 4 * k + 2 * r + c),
    }),
    name: el("p", { class: "kernel-name" }),
  }));
  parts.neurons = data.inputs.map((_, n) => el("button", {
    class: "neuron", type: "button",
    onclick: () => moveTo(ctx, n), onpointerenter: () => look(ctx, n), onpointerleave: () => look(ctx, null),
    onfocus: () => look(ctx, n), onblur: () => look(ctx, null),
  }));
  parts.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
  parts.classes = data.classNames.map(() => el("div", { class: "class" }));
  parts.labels = Object.fromEntries(Object.keys(data.arrows).map((name) => [name, el("p", { class: "arrow-label" })]));
  parts.info = el("p", { class: "info" });
  parts.table = el("div", { class: "votes", role: "table" });
  parts.bar = playBar(ctx, { interval: 700, onStep: (n) => { moveTo(ctx, n); fly(ctx, n); } });

  const { labels } = parts, step = (name, ...inside) => el("div", { class: `step ${name}` }, ...inside);
  parts.stage = el("div", { class: "stage" },
    parts.lines,
    step("drawn", parts.drawing.element),
    step("mapped",
      el("div", { class: "map-labels" }, labels.match, labels.pool),
      ...parts.rows.map(({ name, kernel, match, map }) => el("div", { class: "map-row" },
        name, el("div", { class: "map-grids" }, kernel.element, arrowhead(), match.element, arrowhead(), map.element)))),
    step("flat", labels.flatten, el("div", { class: "neurons" }, ...parts.neurons)),
    step("judged", el("div", { class: "judged-labels" }, labels.affine, labels.softmax), el("div", { class: "classes" }, ...parts.classes)));
  ctx.root.append(parts.stage, parts.bar.element, parts.info, parts.table);
  const watcher = new ResizeObserver(() => drawLines(ctx));
  watcher.observe(parts.stage);
  ctx.onRemove(() => { watcher.disconnect(); clearTimeout(ctx.state.timer); });
}

const arrowhead = () => svg("svg", { class: "arrowhead", viewBox: "0 0 24 12", "aria-hidden": "true" }, svg("path", { d: "M1 6H19M14 1.5L20 6L14 10.5" }));

function update(ctx) {
  const { data, state, parts, text } = ctx;
  if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
  parts.drawing.receive();
  parts.rows.forEach(({ name, kernel, match, map }, k) => {
    name.textContent = data.kernelNames[k];
    kernel.draw({ values: data.kernels[k], max: 1, text: (r, c, v) => (v > 0 ? "+" : "−") });
    match.draw({ values: data.matches[k], max: 1, text: () => "" }); // too small for numbers
    data.matches[k].forEach((row, r) => row.forEach((v, c) => match.cell(r, c).setAttribute(
      "aria-label", fill(text.cell, { row: r + 1, column: c + 1, value: fraction(v) }))));
    map.draw({ values: data.maps[k], max: 1, text: (r, c, v) => fraction(v) });
  });
  for (const [name, label] of Object.entries(parts.labels)) {
    label.replaceChildren(...data.arrows[name].split(" · ").map((line) => el("span", {}, line)));
  }
  parts.neurons.forEach((neuron, n) => {
    const { fill: background, ink } = color(data.inputs[n], { dark: ctx.dark });
    neuron.style.background = background;
    neuron.style.color = ink;
    neuron.textContent = fraction(data.inputs[n]);
    neuron.setAttribute("aria-label", sentence(ctx, n));
  });
  parts.bar.set(state.at, data.inputs.length);
  drawClasses(ctx);
  drawTable(ctx);
  show(ctx);
}

// ---------------------------------------------------------------- moving

function moveTo(ctx, n) {
  const { state, parts } = ctx;
  state.at = n;
  state.look = null;
  parts.bar.set(n, ctx.data.inputs.length);
  show(ctx);
  ctx.say(parts.info.textContent);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    if (state.at !== state.sent) ctx.send("move", (state.sent = state.at));
  }, parts.bar.playing ? 1500 : 250);
}

function look(ctx, n) {
  if (ctx.state.look === n) return;
  ctx.state.look = n;
  show(ctx);
}

// A copy of the map's cell flies to its neuron.
function fly(ctx, n) {
  if (calm()) return;
  const { parts } = ctx, from = cellOf(ctx, n), to = parts.neurons[n];
  const [a, b] = [from, to].map((element) => element.getBoundingClientRect());
  const frame = parts.stage.getBoundingClientRect();
  const ghost = from.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.removeAttribute("id");
  Object.assign(ghost.style, { left: `${a.left - frame.left}px`, top: `${a.top - frame.top}px`, width: `${a.width}px`, height: `${a.height}px` });
  parts.stage.append(ghost);
  const shift = `translate(${b.left - a.left}px, ${b.top - a.top}px) scale(${b.width / a.width}, ${b.height / a.height})`;
  ghost.animate([{ transform: "none" }, { transform: shift }], { duration: 300, easing: "ease-in-out" }).onfinish = () => ghost.remove();
}

function cellOf(ctx, n) {
  const { map, row, column } = place(n);
  return ctx.parts.rows[map].map.cell(row, column);
}

const place = (n) => ({ map: Math.floor(n / 4), row: Math.floor((n % 4) / 2), column: n % 2 });

function sentence(ctx, n) {
  const { map, row, column } = place(n);
  return fill(ctx.text.neuron, { n: n + 1, map: map + 1, row: row + 1, column: column + 1, value: fraction(ctx.data.inputs[n]) });
}

function tell(ctx, k, r, c) {
  const { drawing, info } = ctx.parts;
  if (r === null) { drawing.grid.window(null); return show(ctx); }
  drawing.grid.window(r, c, 3, 3, "kernel");
  info.textContent = fill(ctx.text.place, { map: k + 1, row: r + 1, column: c + 1, value: fraction(ctx.data.matches[k][r][c]) });
}

// ---------------------------------------------------------------- drawing

function show(ctx) {
  const { parts, state, data } = ctx, n = state.look ?? state.at;
  const { map, row, column } = place(n);
  parts.rows.forEach((each, k) => (k === map ? each.map.window(row, column, 1, 1, "input") : each.map.window(null)));
  parts.neurons.forEach((neuron, i) => neuron.classList.toggle("lit", i === n));
  parts.table.querySelectorAll(".neuron-column").forEach((element, i) => element.classList.toggle("lit", i === n));
  const votes = data.classNames.map((label, j) => fill(ctx.text.vote, { label, value: `${fraction(data.inputs[n])} × ${two(data.weight[j][n])} = ${two(data.votes[j][n])}` }));
  parts.info.replaceChildren(el("b", {}, sentence(ctx, n)), el("span", {}, votes.join("  ·  ")));
  drawLines(ctx);
}

// One line from every neuron to every class: as thick as its vote, blue for and rust against.
function drawLines(ctx) {
  const { parts, data, state } = ctx, frame = parts.stage.getBoundingClientRect();
  if (!frame.width || !parts.classes[0].firstChild) return;
  const lit = state.look ?? state.at, largest = Math.max(1e-9, ...data.votes.flat().map(Math.abs));
  const lines = [];
  const rect = (element) => {
    const box = element.getBoundingClientRect();
    return { left: box.left - frame.left, right: box.right - frame.left, top: box.top - frame.top, bottom: box.bottom - frame.top, middle: (box.top + box.bottom) / 2 - frame.top };
  };
  parts.rows.forEach(({ kernel, map }, k) => { // from the drawing to each kernel, from each map to its neurons
    const pad = rect(parts.drawing.grid.element.querySelector(".cells")), to = rect(kernel.element.querySelector(".cells"));
    const bend = (to.left - pad.right) / 2;
    if (bend > 0) lines.push(svg("path", { class: "feed", d: `M${pad.right + 2} ${pad.middle}C${pad.right + bend} ${pad.middle} ${to.left - bend} ${to.middle} ${to.left - 4} ${to.middle}m-6 -4l6 4l-6 4` }));
    const a = rect(map.element.querySelector(".cells")), b = rect(parts.neurons[4 * k]), c = rect(parts.neurons[4 * k + 3]);
    if (b.left < a.right) return; // stacked on a phone
    lines.push(svg("path", { class: "funnel", d: `M${a.right + 3} ${a.top}L${b.left - 4} ${b.top}V${c.bottom}L${a.right + 3} ${a.bottom}Z` }));
  });
  const order = [...data.inputs.keys()].sort((a, b) => (a === lit) - (b === lit)); // the lit ones on top
  data.classNames.forEach((_, j) => {
    const target = rect(parts.classes[j]);
    order.forEach((n) => {
      const from = rect(parts.neurons[n]), vote = data.votes[j][n], bend = (target.left - from.right) / 2;
      const end = target.middle + (n - 5.5) * 4;
      const width = 1 + 7 * Math.abs(vote) / largest;
      lines.push(svg("path", {
        class: `vote${n === lit ? " lit" : ""}`, "stroke-width": width,
        stroke: color(Math.sign(vote), { dark: ctx.dark }).fill,
        d: `M${from.right + 2} ${from.middle}C${from.right + bend} ${from.middle} ${target.left - bend} ${end} ${target.left - 4} ${end}`,
      }));
    });
  });
  parts.lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  parts.lines.replaceChildren(...lines);
}

function drawClasses(ctx) {
  const { data, text, parts } = ctx, winner = data.scores[0] >= data.scores[1] ? 0 : 1;
  parts.classes.forEach((element, j) => {
    const percent = `${number(100 * data.probabilities[j], 1)}%`;
    const line = (label, value, name = "") => el("p", { class: name }, el("span", {}, label), el("span", {}, value));
    element.classList.toggle("winner", j === winner);
    element.replaceChildren(
      el("div", { class: "score" },
        el("h4", {}, data.classNames[j]),
        line(text.sum, two(data.sums[j])),
        line(text.bias, two(data.bias[j])),
        line(text.score, two(data.scores[j]), "total")),
      arrowhead(),
      el("div", { class: "share" },
        el("strong", {}, percent),
        el("div", { class: "meter" }, el("i", { style: `width:${100 * data.probabilities[j]}%` }))));
  });
}

// The twelve votes as numbers: a column each (a row each on a phone).
function drawTable(ctx) {
  const { data, text, parts } = ctx;
  const cell = (words, attributes = {}) => el("span", { role: "cell", ...attributes }, words);
  const tinted = (value) => { const { fill: background, ink } = color(value, { max: largest, dark: ctx.dark }); return { class: "tinted", style: `background:${background};color:${ink}` }; };
  const largest = Math.max(1e-9, ...data.votes.flat().map(Math.abs));
  const head = el("div", { class: "heads", role: "row" }, cell(text.input),
    ...data.classNames.flatMap((name) => [cell(text.weight), cell(fill(text.votes_for, { name }), { class: "for" })]));
  const columns = data.inputs.map((input, n) => el("div", {
    class: "neuron-column", role: "row", onclick: () => moveTo(ctx, n),
    onpointerenter: () => look(ctx, n), onpointerleave: () => look(ctx, null),
  }, cell(fraction(input), { class: "in" }),
    ...data.classNames.flatMap((_, j) => [cell(two(data.weight[j][n])), cell(two(data.votes[j][n]), tinted(data.votes[j][n]))])));
  const totals = el("div", { class: "totals", role: "row" }, cell(""),
    ...data.classNames.flatMap((_, j) => [cell(""), cell(two(data.sums[j]))]));
  parts.table.replaceChildren(head, ...columns, totals);
}

const two = (value) => value.toFixed(2).replace("-", "−").replace(/^−(0\.00)$/, "$1");

// Ninths are written as ninths: 5/9; a whole number as it is.
function fraction(value) {
  const ninths = value * 9, whole = Math.round(ninths);
  if (Math.abs(ninths - whole) > 1e-6) return number(value);
  return whole % 9 === 0 ? number(whole / 9) : `${whole < 0 ? "−" : ""}${Math.abs(whole)}/9`;
}

// ---------------------------------------------------------------- the drawing pad

function drawingPad(ctx) {
  const grid = numberGrid(ctx, { role: "input", label: ctx.text.drawing });
  const buttons = el("div", { class: "drawings" });
  const element = el("div", { class: "pad" }, grid.element, buttons, el("p", { class: "hint" }, ctx.text.draw));
  const cells = grid.element.querySelector(".cells");
  let pen = null, timer = null, latest = null, sent = null, received = null;
  const paint = (r, c, value) => {
    ctx.data.drawing[r][c] = value;
    draw();
    if (timer) return; // the last stroke is sent when the timer ends
    send();
    timer = setTimeout(() => { timer = null; if (String(latest) !== sent) send(); }, 80);
  };
  const send = () => {
    sent = String(ctx.data.drawing);
    ctx.state.drawn = sent === received ? null : sent;
    ctx.send("draw", ctx.data.drawing);
  };
  const at = (event) => cells.getRootNode().elementsFromPoint(event.clientX, event.clientY).find((e) => cells.contains(e) && e.classList.contains("cell"))?.dataset.at.split(",").map(Number);
  const toggle = (r, c) => paint(r, c, ctx.data.drawing[r][c] > 0 ? -1 : 1);
  cells.addEventListener("pointerdown", (event) => {
    const spot = at(event);
    if (!spot || event.button) return;
    pen = ctx.data.drawing[spot[0]][spot[1]] > 0 ? -1 : 1;
    grid.cursor(...spot);
    paint(...spot, pen);
  });
  cells.addEventListener("pointermove", (event) => {
    const spot = pen !== null && at(event);
    if (spot && ctx.data.drawing[spot[0]][spot[1]] !== pen) paint(...spot, pen);
  });
  const lift = () => { pen = null; };
  addEventListener("pointerup", lift);
  addEventListener("pointercancel", lift);
  ctx.onRemove(() => { clearTimeout(timer); removeEventListener("pointerup", lift); removeEventListener("pointercancel", lift); });
  cells.addEventListener("keydown", (event) => {
    if (!grid.at || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    toggle(...grid.at);
  });
  function draw() {
    const { drawing, drawings } = ctx.data;
    latest = drawing;
    grid.draw({
      title: ctx.text.drawing, detail: `9×9 · ${ctx.text.ink}`, scale: "image", max: 1,
      values: drawing.map((row) => row.map((v) => (v + 1) / 2)), text: (r, c) => number(drawing[r][c]),
    });
    drawing.forEach((row, r) => row.forEach((v, c) => grid.cell(r, c).classList.toggle("paper", v < 0)));
    buttons.replaceChildren(...drawings.map(({ label, pixels }) => el("button", {
      class: "button", type: "button", onclick: () => { ctx.data.drawing = pixels.map((row) => [...row]); draw(); send(); },
    }, label)));
  }
  // While the pen is faster than Python, an answer to an older drawing must not undo newer strokes.
  function receive() {
    received = String(ctx.data.drawing);
    if (received === ctx.state.drawn) ctx.state.drawn = null;
    if (latest && (pen !== null || timer || ctx.state.drawn)) ctx.data.drawing = latest;
    draw();
  }
  return { element, grid, receive };
}
