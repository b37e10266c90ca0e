// Six small pictures: the input and its map, both shifted, the map of the shifted input, and what
// is left of the difference. Python has computed all 81 shifts; this script only chooses one.
export default component(build, update);

const PICTURES = { input: "input", map: "output", moved_map: "output", moved_input: "input", new_map: "output", gap: "gradient" };
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const MAPS = ["moved_map", "new_map", "gap"];

function build(ctx) {
  const { parts } = ctx;
  parts.kernel = numberGrid(ctx, { role: "kernel" });
  parts.pictures = Object.fromEntries(Object.entries(PICTURES).map(([name, role]) => [name, picture(ctx, name, role)]));
  const { input, map, moved_map, moved_input, new_map, gap } = parts.pictures;
  parts.arrows = ["first", "second", "shift-map", "shift-input", "minus"].map((name) => el("p", { class: `way ${name}` }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: "M1 8H14M9 3l5 5-5 5" })), el("span")));
  const [first, second, shiftMap, shiftInput, minus] = parts.arrows;
  first.prepend(parts.kernel.element);
  parts.pad = pad(ctx);
  parts.count = el("p", { class: "count" });
  parts.details = el("p", { class: "details" });
  parts.cell = el("p", { class: "cell-readout" });
  ctx.root.append(el("div", { class: "square" },
    input.element, first, map.element, shiftMap, moved_map.element,
    shiftInput,
    moved_input.element, second, new_map.element, minus, gap.element,
    el("div", { class: "verdict" }, parts.pad, parts.count, parts.details, parts.cell)));
  enableDrag(ctx, moved_input);
  ctx.root.onkeydown = (event) => {
    const step = KEYS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(ctx, ctx.state.down + step[0], ctx.state.right + step[1]);
  };
  ctx.onRemove(() => clearTimeout(ctx.state.timer));
}

function picture(ctx, name, role) {
  const canvas = el("canvas"), frame = el("i", { class: "frame", hidden: "" }), spot = el("i", { class: "spot", hidden: "" });
  const title = el("p", { class: "grid-title" });
  const area = el("div", { class: "pixels", role: "img" }, canvas, frame, spot, el("span", { class: "veil" }));
  if (MAPS.includes(name)) {
    area.onpointermove = area.onpointerdown = (event) => point(ctx, cellAt(area, event, ctx.data.out));
    area.onpointerleave = () => point(ctx, null);
  }
  return { element: el("div", { class: `grid picture ${name}`, "data-role": role }, title, area), title, area, canvas, frame, spot };
}

function pad(ctx) {
  const step = (name, path, down, right) => el("button", { class: `button ${name}`, type: "button", onclick: () => move(ctx, ctx.state.down + down, ctx.state.right + right) },
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: path })));
  const reset = el("button", { class: "button reset", type: "button", onclick: () => move(ctx, 0, 0) }, el("output"));
  return el("div", { class: "pad", role: "group" },
    step("up", "M8 3l6 9H2z", -1, 0), step("left", "M3 8l9-6v12z", 0, -1), reset,
    step("right", "M13 8L4 2v12z", 0, 1), step("down", "M8 13L2 4h12z", 1, 0));
}

function enableDrag(ctx, { area }) {
  let start = null;
  area.tabIndex = 0;
  area.setAttribute("role", "application"); // its arrow keys are its own
  area.onpointerdown = (event) => {
    start = { x: event.clientX, y: event.clientY, down: ctx.state.down, right: ctx.state.right };
    area.setPointerCapture(event.pointerId);
  };
  area.onpointermove = (event) => {
    if (!start) return;
    const cell = area.clientWidth / ctx.data.side;
    move(ctx, start.down + Math.round((event.clientY - start.y) / cell), start.right + Math.round((event.clientX - start.x) / cell));
  };
  area.onpointerup = area.onpointercancel = () => { start = null; };
}

function update(ctx) {
  const { data, state, parts, text } = ctx;
  if (data !== state.data) {
    state.data = data;
    for (const [name, { values }] of Object.entries(data.arrays)) state[name] = values;
    const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    state.largestInput = largest(state.inputs);
    state.largestMap = largest(state.maps);
    if (data.down !== state.sent?.dy || data.right !== state.sent?.dx) {
      Object.assign(state, { down: data.down, right: data.right, sent: { dx: data.right, dy: data.down } });
    }
  }
  parts.kernel.draw({ title: "", values: data.kernel, scale: "none" });
  for (const name of ["up", "down", "left", "right"]) {
    const button = parts.pad.querySelector(`.${name}`);
    button.setAttribute("aria-label", text[`${name}_name`]);
    button.title = text[`${name}_name`];
  }
  parts.pad.querySelector(".reset").title = text.reset;
  draw(ctx);
}

// ---------------------------------------------------------------- moving

function move(ctx, down, right) {
  const { state, data } = ctx, within = (step) => Math.max(-data.reach, Math.min(data.reach, step));
  if (within(down) === state.down && within(right) === state.right) return;
  Object.assign(state, { down: within(down), right: within(right) });
  draw(ctx);
  ctx.say(`${spoken(ctx)}: ${ctx.parts.count.textContent}`);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => ctx.send("move", (state.sent = { dx: state.right, dy: state.down })), 250);
}

function cellAt(area, event, count) {
  const box = area.getBoundingClientRect();
  const inside = (share) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return { i: inside((event.clientY - box.top) / box.height), j: inside((event.clientX - box.left) / box.width) };
}

function point(ctx, at) {
  if (ctx.data.hidden) return;
  ctx.state.at = at;
  drawSpot(ctx);
}

// ---------------------------------------------------------------- drawing

const index = ({ data, state }) => (state.down + data.reach) * (2 * data.reach + 1) + state.right + data.reach;
const slice = (values, n, side) => values.subarray(n * side ** 2, (n + 1) * side ** 2);

function draw(ctx) {
  const { data, state, parts, text } = ctx, n = index(ctx), middle = 2 * data.reach * (data.reach + 1);
  const shown = {
    input: slice(state.inputs, middle, data.side), map: slice(state.maps, middle, data.out),
    moved_map: slice(state.moved_maps, n, data.out), moved_input: slice(state.inputs, n, data.side),
    new_map: slice(state.maps, n, data.out), gap: slice(state.gaps, n, data.out),
  };
  const colors = ramp("signed", ctx.dark);
  for (const [name, values] of Object.entries(shown)) {
    const { title, area, canvas, element } = parts.pictures[name], isInput = name.endsWith("input");
    const side = isInput ? data.side : data.out, largest = isInput ? state.largestInput : state.largestMap;
    const isHidden = data.hidden && (name === "new_map" || name === "gap");
    paintMap(canvas, isHidden ? new Float32Array(values.length) : values, side, side, colors, -largest, largest);
    area.style.setProperty("--side", side);
    element.classList.toggle("hidden", isHidden);
    area.querySelector(".veil").textContent = isHidden ? text.hidden : name === "moved_input" && !isMoved(ctx) ? text.drag : "";
    title.replaceChildren(text[name], el("small", {}, `${side}×${side}`));
    area.setAttribute("aria-label", text[name]);
  }
  drawWords(ctx, n);
  drawFrame(ctx, n);
  drawSpot(ctx);
}

// A step with its direction; no arrow without its number.
const written = (step, forward, back) => `${Math.abs(step)}\u00a0${step < 0 ? back : forward}`;

// What is said aloud has words for the arrows.
function spoken({ state, text }) {
  const across = state.right < 0 ? text.left_name : text.right_name, along = state.down < 0 ? text.up_name : text.down_name;
  return `${across} ${Math.abs(state.right)}, ${along} ${Math.abs(state.down)}`;
}

const isMoved = ({ state }) => state.down !== 0 || state.right !== 0;

function drawWords(ctx, n) {
  const { data, state, parts, text } = ctx;
  const inMap = { right: data.steps[state.right + data.reach], down: data.steps[state.down + data.reach] };
  const shift = ({ right, down }) => fill(text.shift, { right: written(right, "→", "←"), down: written(down, "↓", "↑") });
  const convolution = data.arrow.replace(/ (?=→)| · /g, "\n"); // one line each: what, shape, parameters
  const words = [convolution, convolution, shift(inMap), shift(state), text.minus];
  parts.arrows.forEach((arrow, i) => { arrow.querySelector(":scope > span").textContent = words[i]; });
  parts.pad.querySelector(".reset").setAttribute("aria-label", `${text.reset}: ${spoken(ctx)}`);
  parts.pad.querySelector("output").textContent = `${written(state.right, "→", "←")}  ${written(state.down, "↓", "↑")}`;
  const gaps = slice(state.gaps, n, data.out), inside = slice(state.inside, n, data.out);
  const counted = { true: [0, 0], false: [0, 0] }; // inside or not: how many differ, of how many
  gaps.forEach((gap, i) => {
    const counts = counted[inside[i] === 1];
    counts[0] += gap !== 0;
    counts[1] += 1;
  });
  const [within, border] = [counted.true, counted.false];
  const say = (sentence, [count, all]) => fill(sentence, { count, all });
  parts.count.textContent = data.hidden ? "" : say(text.differ, [within[0] + border[0], within[1] + border[1]]);
  parts.count.classList.toggle("equal", within[0] + border[0] === 0);
  const broken = [state.right, state.down].filter((step) => step % data.stride);
  parts.details.replaceChildren(...(data.hidden ? [] : [
    el("span", {}, say(text.inside, within)), el("span", {}, say(text.border, border)),
    ...broken.slice(0, 1).map((step) => el("span", { class: "broken" }, fill(text.halves, {
      shift: Math.abs(step), stride: data.stride, exact: number(Math.abs(step / data.stride)), whole: Math.abs(data.steps[step + data.reach]),
    }))),
  ]));
}

// The frame around the cells that the border cannot reach: they always form a rectangle.
function drawFrame(ctx, n) {
  const { data, state, parts } = ctx, inside = slice(state.inside, n, data.out);
  const places = [...inside.keys()].filter((i) => inside[i]);
  const rows = places.map((i) => Math.floor(i / data.out)), columns = places.map((i) => i % data.out);
  const top = Math.min(...rows), left = Math.min(...columns);
  put(parts.pictures.gap.frame, data.out, places.length && !data.hidden ? [top, left, Math.max(...rows) - top + 1, Math.max(...columns) - left + 1] : null);
}

function drawSpot(ctx) {
  const { data, state, parts, text } = ctx, { at } = state;
  MAPS.forEach((name) => put(parts.pictures[name].spot, data.out, at && [at.i, at.j, 1, 1]));
  const size = data.kernel.length;
  put(parts.pictures.moved_input.frame, data.side, at && [at.i * data.stride - data.padding, at.j * data.stride - data.padding, size, size]);
  if (!at) return void (parts.cell.textContent = "");
  const value = (values) => slice(values, index(ctx), data.out)[at.i * data.out + at.j];
  parts.cell.textContent = fill(text.cell, {
    i: at.i + 1, j: at.j + 1, new: number(value(state.maps)), moved: number(value(state.moved_maps)), gap: number(value(state.gaps)),
  });
}

function put(box, side, place) {
  box.hidden = !place;
  if (!place) return;
  const [top, left, height, width] = place.map((cells) => `${(100 * cells) / side}%`);
  Object.assign(box.style, { top, left, height, width });
}
