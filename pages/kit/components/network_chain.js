// A network as a chain of maps. Python sends every stage's numbers; here they are only drawn
// (network_maps.js paints them, network_lens.js shows one of them large).
//
// A place is [stage, map]. `ctx.state.at` is the place that was chosen, `ctx.state.over` the one
// under the pointer; the lens below the chain shows the latter if there is one.

const ROOM = 368; // px, the height of every column of maps on a desk

// How wide the gaps before the stages are, such that the words above them have room.
const GAPS = { conv: 76, conv1: 50, relu: 36, relu1: 42, pool: 38, pool1: 44, flatten: 58, affine: 78, softmax: 40 };

export default component(build, update);

function build(ctx) {
  const chain = el("div", { class: "chain", role: "group" });
  const lens = buildLens(ctx);
  Object.assign(ctx.parts, { chain, lens });
  ctx.root.append(chain);

  chain.onclick = (event) => { const at = placeOf(event); if (at) choose(ctx, at); };
  chain.onpointermove = (event) => {
    if (event.pointerType === "touch") return;
    const at = placeOf(event);
    if (at) lookAt(ctx, at, cellUnder(ctx, event, at));
  };
  chain.onpointerleave = () => lookAt(ctx, null);
  chain.onkeydown = (event) => walk(ctx, event);
  const observer = new ResizeObserver(() => {
    const isStack = getComputedStyle(chain).display === "flex";
    if (isStack !== ctx.state.isStack) { ctx.state.isStack = isStack; drawStages(ctx); }
    drawLines(ctx);
  });
  observer.observe(chain);
  ctx.onRemove(() => observer.disconnect());
  ctx.onRemove(() => clearTimeout(ctx.state.telling));
}

function update(ctx) {
  const { stages, at } = ctx.data;
  for (const stage of stages) {
    stage.values = unpack(stage.values, Float32Array);
    stage.count = stage.shape.length === 3 ? stage.shape[0] : 1;
    if (stage.kind === "affine" || stage.kind === "softmax") stage.count = stage.shape[0];
    if (stage.kernels) stage.kernels.weight = unpack(stage.kernels.weight, Float32Array);
  }
  const plan = JSON.stringify([ctx.text, stages.map((s) => [s.name, s.shape, s.operation, s.parameters])]);
  if (plan !== ctx.state.plan) layOut(ctx);
  ctx.state.plan = plan;
  if (at !== ctx.state.told || !ctx.state.at) {
    ctx.state.told = at;
    ctx.state.at = parsePlace(ctx, at);
  }
  drawStages(ctx);
  drawInput(ctx);
  show(ctx);
}

// ---------------------------------------------------------------- places

function placeOf(event) {
  return event.target.closest?.(".map")?.dataset.at.split("-").map(Number) ?? null;
}

function parsePlace(ctx, name) {
  const [layer, number] = name.split("-");
  const stage = ctx.data.stages.findIndex((s) => s.name === layer);
  return [Math.max(0, stage), Math.max(0, Number(number) - 1)];
}

function choose(ctx, at) {
  ctx.state.at = at;
  ctx.state.over = null;
  ctx.state.cell = null;
  show(ctx);
  const name = `${ctx.data.stages[at[0]].name}-${at[1] + 1}`;
  clearTimeout(ctx.state.telling);
  ctx.state.telling = setTimeout(() => { ctx.state.told = name; ctx.send("select", name); }, 250);
}

function lookAt(ctx, at, cell = null) {
  if (String([at, cell]) === String([ctx.state.over, ctx.state.cell])) return;
  ctx.state.over = at;
  ctx.state.cell = cell;
  show(ctx);
}

function walk(ctx, event) {
  const map = event.target.closest?.(".map");
  if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
  const { stages } = ctx.data, [i, k] = ctx.state.at;
  const last = stages.length - 1;
  const to = {
    ArrowLeft: [i - 1, k], ArrowRight: [i + 1, k], ArrowUp: [i, k - 1], ArrowDown: [i, k + 1],
    Home: [0, 0], End: [last, ctx.data.reading],
  }[event.key];
  if (!to) return;
  event.preventDefault();
  const stage = Math.max(0, Math.min(last, to[0]));
  choose(ctx, [stage, Math.max(0, Math.min(stages[stage].count - 1, to[1]))]);
  mapAt(ctx, ...ctx.state.at).focus();
}

const mapAt = (ctx, i, k) => ctx.parts.maps[i][k];

// Which row and column of a map lies under the pointer.
function cellUnder(ctx, event, [i, k]) {
  const stage = ctx.data.stages[i];
  if (stage.shape.length < 3) return null;
  const box = mapAt(ctx, i, k).getBoundingClientRect(), [, rows, columns] = stage.shape;
  const clip = (share, n) => Math.max(0, Math.min(n - 1, Math.floor(share * n)));
  return [clip((event.clientY - box.top) / box.height, rows), clip((event.clientX - box.left) / box.width, columns)];
}

// The maps of the stage before that a map is made from.
function sourcesOf(ctx, i, k) {
  if (i === 0) return [];
  const { stages } = ctx.data;
  const single = ["relu", "pool"].includes(stages[i].kind);
  return single ? [k] : stages[i - 1].kind === "flatten" ? [0] : [...Array(stages[i - 1].count).keys()];
}

// ---------------------------------------------------------------- the plan: which element stands where

function layOut(ctx) {
  const { stages } = ctx.data, { chain, lens } = ctx.parts;
  ctx.parts.maps = stages.map((stage, i) => Array.from({ length: stage.count }, (_, k) => makeMap(stage, i, k)));
  const lines = ctx.parts.lines = svg("svg", { class: "lines", "aria-hidden": "true" },
    svg("path", { class: "all" }), svg("path", { class: "chosen" }));
  chain.replaceChildren(lines);
  chain.style.setProperty("--columns", stages.map(({ kind, name }, i) => (i === 0 ? "auto" : `minmax(0, ${GAPS[name] ?? GAPS[kind]}fr) auto`)).join(" "));
  stages.forEach((stage, i) => {
    const place = (row, column) => `grid-row:${row};grid-column:${column};order:${3 * i + row - 1}`;
    if (i > 0) {
      chain.append(el("div", { class: `arrow ${stage.name}`, style: place(1, 2 * i) },
        ...stage.operation.map((words) => el("b", {}, words)), el("span", {}, stage.parameters),
        svg("svg", { viewBox: "0 0 52 12", "aria-hidden": "true" }, svg("path", { d: "M1 6H44" }), svg("path", { class: "head", d: "M42 1L52 6L42 11z" }))));
    }
    chain.append(
      i === 0 ? buildInput(ctx, place(2, 1)) : el("div", { class: "maps", "data-kind": stage.kind, style: place(2, 2 * i + 1) + columnStyle(stage) }, ...ctx.parts.maps[i]),
      el("div", { class: "caption", style: place(3, 2 * i + 1) }, el("b", {}, stage.title), el("span", {}, stage.shape.join("×"))));
  });
  ctx.parts.verdict = el("p", { class: "verdict", "aria-live": "polite" });
  ctx.parts.summary = el("p", { class: "summary" });
  chain.append(el("div", { class: "result" }, ctx.parts.verdict, ctx.parts.summary), lens.element);
}

function makeMap(stage, i, k) {
  const map = el("div", { class: `map ${stage.kind}`, "data-at": `${i}-${k}`, role: "button", tabindex: "-1" });
  if (stage.kind === "softmax") {
    map.append(el("b", {}, String(k)), el("span", { class: "track" }, el("i")), el("span", { class: "share" }));
  } else {
    map.append(el(stage.kind === "affine" ? "span" : "canvas"));
  }
  map.append(el("div", { class: "frame", hidden: "" }));
  return map;
}

// Maps keep their row from layer to layer; they shrink as the layers do, in whole pixels per cell.
function columnStyle(stage) {
  const columns = stage.shape.length === 3 && stage.count > 8 ? 2 : 1;
  let style = `;--across:${columns}`;
  if (stage.shape.length === 3) {
    const pitch = Math.min(62, ROOM / Math.ceil(stage.count / columns));
    const wanted = (pitch - 6) * { 8: 1, 4: 0.7, 2: 0.5, 28: 1, 14: 0.72, 10: 0.78, 5: 0.6 }[stage.shape[1]];
    style += `;--side:${stage.shape[1] * Math.max(1, Math.round(wanted / stage.shape[1]))}px`;
  }
  return style;
}

function buildInput(ctx, style) {
  const move = (down, right) => () => {
    const { moved: [d, r], reach } = ctx.data;
    const clip = (value) => Math.max(-reach, Math.min(reach, value));
    ctx.send("move", { down: clip(d + down), right: clip(r + right) });
    ctx.data.moved = [clip(d + down), clip(r + right)];
  };
  const nudge = (name, down, right, path) => {
    const label = ctx.text[name];
    return el("button", { class: `nudge ${name}`, type: "button", "aria-label": label, title: label, onclick: move(down, right) },
      svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path })));
  };
  const home = el("button", { class: "nudge home", type: "button", "aria-label": ctx.text.home, title: ctx.text.home,
    onclick: () => { ctx.data.moved = [0, 0]; ctx.send("move", { down: 0, right: 0 }); } },
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("circle", { cx: 8, cy: 8, r: 6.5, fill: "none", stroke: "currentColor", "stroke-width": 2 }), svg("circle", { cx: 8, cy: 8, r: 2.5 })));
  const sheet = el("div", { class: "sheet" }), where = el("span", { class: "where" });
  const turn = (name, by) => el("button", { class: "button small", type: "button", "aria-label": ctx.text[name], title: ctx.text[name], onclick: () => turnSheet(ctx, by) },
    icon(name === "next" ? "forward" : "back"));
  const random = el("button", { class: "button small", type: "button", onclick: () => pickRandom(ctx) }, ctx.text.random);
  Object.assign(ctx.parts, { sheet, where, home });
  return el("div", { class: "source", style },
    el("div", { class: "pad" }, nudge("up", -1, 0, "M8 4l6 8H2z"), nudge("left", 0, -1, "M4 8l8-6v12z"), ctx.parts.maps[0][0],
      nudge("right", 0, 1, "M12 8L4 2v12z"), nudge("down", 1, 0, "M8 12L2 4h12z"), home),
    where, sheet, el("div", { class: "pager" }, turn("previous", -1), random, turn("next", 1)));
}

const SHEET = 12;

function pick(ctx, digit, n) { ctx.send("pick", { digit, n }); }

function turnSheet(ctx, by) {
  const { digit, first, counts } = ctx.data.candidates;
  const sheets = Math.ceil(counts[digit] / SHEET);
  pick(ctx, digit, ((first / SHEET + by + sheets) % sheets) * SHEET);
}

function pickRandom(ctx) {
  const { counts } = ctx.data.candidates;
  const digit = Math.floor(Math.random() * counts.length);
  pick(ctx, digit, Math.floor(Math.random() * counts[digit]));
}

function drawInput(ctx) {
  const { candidates, moved: [down, right], reach, stages } = ctx.data;
  const [, rows, columns] = stages[0].shape, ink = ramp("image", ctx.dark);
  const pixels = unpack(candidates.images, Uint8Array);
  ctx.parts.sheet.replaceChildren(...candidates.readings.map((reading, i) => {
    const n = candidates.first + i, canvas = el("canvas");
    paintMap(canvas, pixels.subarray(i * rows * columns, (i + 1) * rows * columns), rows, columns, ink, 0, 255);
    const isWrong = reading !== candidates.digit;
    const label = fill(isWrong ? ctx.text.misread : ctx.text.image, { number: n + 1, count: candidates.counts[candidates.digit], reading });
    return el("button", { class: `candidate${isWrong ? " wrong" : ""}`, type: "button", title: label, "aria-label": label,
      "aria-pressed": String(n === candidates.chosen), onclick: () => pick(ctx, candidates.digit, n) },
      canvas, isWrong ? el("span", {}, String(reading)) : null);
  }));
  ctx.parts.where.textContent = fill(ctx.text.image, { number: candidates.chosen + 1, count: candidates.counts[candidates.digit] });
  ctx.parts.home.hidden = down === 0 && right === 0;
  for (const [name, blocked] of [["up", down <= -reach], ["down", down >= reach], ["left", right <= -reach], ["right", right >= reach]]) {
    ctx.root.querySelector(`.nudge.${name}`).disabled = blocked;
  }
  ctx.parts.verdict.textContent = ctx.data.verdict;
  ctx.parts.verdict.classList.toggle("wrong", ctx.data.reading !== candidates.digit);
  ctx.parts.summary.replaceChildren(...ctx.data.summary.map((words) => el("span", {}, words)));
}

// ---------------------------------------------------------------- what is looked at: lines and frames

function show(ctx) {
  const [i, k] = ctx.state.over ?? ctx.state.at;
  ctx.parts.maps.flat().forEach((map) => {
    map.classList.remove("at", "over");
    map.tabIndex = -1;
    map.lastChild.hidden = true;
  });
  const chosen = mapAt(ctx, ...ctx.state.at);
  chosen.classList.add("at");
  chosen.tabIndex = 0;
  if (ctx.state.over) mapAt(ctx, i, k).classList.add("over");
  ctx.parts.lens.draw(i, k);
  drawLines(ctx);
  drawFrames(ctx, i, k, ctx.state.cell);
}

// Lines from the maps that a map is made from, and to those it helps to make.
function drawLines(ctx) {
  const { chain, lines, maps } = ctx.parts;
  if (!maps || !ctx.state.at) return;
  const origin = chain.getBoundingClientRect(), boxes = maps.map((column) => column.map((map) => map.getBoundingClientRect()));
  const { stages } = ctx.data, [at, number] = ctx.state.over ?? ctx.state.at;
  const part = (box, n, count) => ({ left: box.left, right: box.right, top: box.top + (box.height * n) / count, height: box.height / count });
  const curve = (from, to) => {
    const [x, y] = [from.right + 2 - origin.left, from.top + from.height / 2 - origin.top];
    const [dx, dy] = [to.left - from.right - 4, to.top + to.height / 2 - from.top - from.height / 2];
    return `M${x.toFixed(1)} ${y.toFixed(1)}c${[dx / 2, 0, dx / 2, dy, dx, dy].map((v) => v.toFixed(1)).join(" ")}`;
  };
  // The flattened row has a part for each map that it was made from.
  const ends = (i, k, j) => {
    const from = boxes[i - 1][j], to = boxes[i][k];
    if (stages[i].kind === "flatten") return curve(from, part(to, j, stages[i - 1].count));
    if (stages[i - 1].kind !== "flatten") return curve(from, to);
    const parts = stages[i - 2].count;
    return Array.from({ length: parts }, (_, n) => curve(part(from, n, parts), to)).join("");
  };
  let all = "", chosen = "";
  stages.forEach((stage, i) => maps[i].forEach((_, k) => sourcesOf(ctx, i, k).forEach((j) => {
    const line = ends(i, k, j);
    all += line;
    if ((i === at && k === number) || (i - 1 === at && j === number)) chosen += line;
  })));
  lines.querySelector(".all").setAttribute("d", all);
  lines.querySelector(".chosen").setAttribute("d", chosen);
}

// The window that made a cell, on the maps before it, and all that the cell sees of the input.
function drawFrames(ctx, i, k, cell) {
  const { stages } = ctx.data, stage = stages[i];
  if (!cell || !stage.sees) return;
  const frame = (map, [, rows, columns], top, left, size) => {
    const [r0, c0] = [Math.max(0, top), Math.max(0, left)];
    const box = map.lastChild;
    box.hidden = false;
    Object.assign(box.style, {
      top: `${(100 * r0) / rows}%`, left: `${(100 * c0) / columns}%`,
      height: `${(100 * (Math.min(rows, top + size) - r0)) / rows}%`, width: `${(100 * (Math.min(columns, left + size) - c0)) / columns}%`,
    });
  };
  const [r, c] = cell, [size, stride, start] = stage.sees;
  frame(mapAt(ctx, i, k), stage.shape, r, c, 1);
  frame(mapAt(ctx, 0, 0), stages[0].shape, start + r * stride, start + c * stride, size);
  if (i < 2 || !stage.window) return;
  const [span, step, padding] = stage.window;
  sourcesOf(ctx, i, k).forEach((j) => frame(mapAt(ctx, i - 1, j), stages[i - 1].shape, r * step - padding, c * step - padding, span));
}
