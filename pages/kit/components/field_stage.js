// An image, and beside it the same image on two ways through the layers. What is looked at is a
// depth of the network and a spot on the image; in each chain it is the cell at that depth that
// has the spot in the middle of its view. Python has computed all maps and all views.
export default component(build, update);

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const DEEPER = { PageDown: 1, "+": 1, PageUp: -1, "-": -1 };

function build(ctx) {
  const { parts, state, data } = ctx;
  Object.assign(state, { picked: null, over: null });
  parts.bar = playBar(ctx, { onStep: (position) => goTo(ctx, depthsOf(ctx)[position]), interval: 1200 });
  parts.choices = el("div", { class: "choices", role: "group" }, el("span"),
    ...Object.keys(data.choices).map((name) => el("button", { class: "button", type: "button", "data-name": name, onclick: () => ctx.send("pixels", name) })));
  parts.title = el("p", { class: "grid-title" });
  parts.picture = el("canvas");
  parts.heat = el("canvas", { class: "heat" });
  parts.frames = el("div", { class: "frames" });
  parts.area = el("div", { class: "area", role: "application", tabindex: 0 }, parts.picture, parts.heat, parts.frames);
  parts.readout = el("p", { class: "readout" });
  parts.measured = el("p", { class: "measured", role: "status" });
  parts.ways = el("div", { class: "ways" });
  ctx.root.append(el("div", { class: "bar" }, parts.bar.element, parts.choices),
    el("div", { class: "stage" }, el("section", { class: "image" }, parts.title, parts.area, parts.readout), parts.ways, parts.measured));
  enablePicture(ctx);
  ctx.onRemove(() => clearTimeout(state.later));
}

function update(ctx) {
  const { data, parts, state, text } = ctx;
  const plan = JSON.stringify([data.chains, text]);
  if (plan !== state.plan) layOut(ctx);
  state.plan = plan;
  parts.choices.firstChild.textContent = text.matter;
  parts.choices.setAttribute("aria-label", text.matter);
  parts.area.setAttribute("aria-label", text.image);
  for (const button of parts.choices.querySelectorAll("button")) {
    button.textContent = data.choices[button.dataset.name];
    button.setAttribute("aria-pressed", String(button.dataset.name === data.pixels));
  }
  if (data !== state.data && !state.later) {
    state.picked = { depth: Math.min(data.open, data.depths.indexOf(data.layer)), way: data.way, spot: data.spot };
  }
  state.data = data;
  parts.title.replaceChildren(data.title, el("small", {}, data.arrays.picture.shape.join("×")));
  paintMaps(ctx);
  show(ctx);
}

// ---------------------------------------------------------------- what is looked at

const looked = ({ state }) => state.over ?? state.picked;

// The depths at which some chain has maps and that are open.
function depthsOf({ data }) {
  const names = new Set(Object.values(data.chains).flatMap(({ places }) => places.map(({ name }) => name)));
  return data.depths.flatMap((name, depth) => (names.has(name) && depth <= data.open ? [depth] : []));
}

// The last place of a chain that is not deeper.
function placeAt({ data }, way, depth) {
  const { places } = data.chains[way];
  return places.reduce((found, place, i) => (data.depths.indexOf(place.name) <= depth ? i : found), 0);
}

const depthOf = ({ data }, way, n) => data.depths.indexOf(data.chains[way].places[n].name);
const isOpen = (ctx, way, n) => depthOf(ctx, way, n) <= ctx.data.open;

function within({ data }, way, n, cell) {
  const { shape } = data.chains[way].places[n];
  return cell.map((at, axis) => Math.max(0, Math.min(shape[1 + axis] - 1, at)));
}

// The cell of a place whose view of the image has its middle nearest to the spot.
function cellAt(ctx, way, n, spot) {
  const [size, stride, start] = ctx.data.chains[way].places[n].views[0];
  return within(ctx, way, n, spot.map((at) => Math.round((at - start - (size - 1) / 2) / stride)));
}

function middleOf({ data }, way, n, cell) {
  const [size, stride, start] = data.chains[way].places[n].views[0];
  return cell.map((at) => start + at * stride + (size - 1) / 2);
}

function pick(ctx, picked) {
  const { state, data } = ctx;
  Object.assign(state, { picked, over: null });
  show(ctx);
  ctx.say(ctx.parts.readout.textContent);
  clearTimeout(state.later);
  state.later = setTimeout(() => {
    state.later = undefined;
    ctx.send("pick", { layer: data.depths[picked.depth], way: picked.way, spot: picked.spot });
  }, 250);
}

function hover(ctx, over) {
  ctx.state.over = over;
  show(ctx);
}

function goTo(ctx, depth) {
  pick(ctx, { ...ctx.state.picked, depth });
}

// Arrow keys go to the next cell of a place, + and − to the next layer.
function walk(ctx, event, way, n, depth = depthOf(ctx, way, n)) {
  const { picked } = ctx.state, { data, parts } = ctx, step = KEYS[event.key], deeper = DEEPER[event.key];
  if (event.ctrlKey || event.altKey || event.metaKey || !(step || deeper)) return;
  event.preventDefault();
  if (step) {
    const cell = within(ctx, way, n, cellAt(ctx, way, n, picked.spot).map((at, axis) => at + step[axis]));
    return pick(ctx, { way, depth, spot: middleOf(ctx, way, n, cell) });
  }
  const isMap = event.currentTarget !== parts.area;
  parts.bar.step(deeper);
  if (isMap) (parts.maps[way][placeAt(ctx, way, ctx.state.picked.depth)]?.canvas ?? parts.area).focus();
}

// ---------------------------------------------------------------- pointing

function share(element, event, rows, columns) {
  const box = element.getBoundingClientRect(), inside = (part, count) => Math.max(0, Math.min(count - 1, Math.floor(part * count)));
  return [inside((event.clientY - box.top) / box.height, rows), inside((event.clientX - box.left) / box.width, columns)];
}

// `at(event)` is what lies under the pointer, or null.
function enablePointer(ctx, element, at) {
  let isPressed = false;
  const on = (event, f) => { const found = at(event); if (found) f(ctx, found); };
  element.onpointerdown = (event) => { isPressed = true; on(event, pick); };
  element.onpointermove = (event) => on(event, isPressed ? pick : hover);
  element.onpointerup = element.onpointercancel = () => { isPressed = false; };
  element.onpointerleave = () => { isPressed = false; if (ctx.state.over) hover(ctx, null); };
}

function enablePicture(ctx) {
  const { area } = ctx.parts;
  enablePointer(ctx, area, (event) => {
    const [rows, columns] = ctx.data.arrays.picture.shape;
    return { ...ctx.state.picked, spot: share(area, event, rows, columns) };
  });
  area.onkeydown = (event) => {
    const { way, depth } = ctx.state.picked;
    walk(ctx, event, way, placeAt(ctx, way, depth), depth);
  };
}

// ---------------------------------------------------------------- the plan of the chains

const ARROW = () => svg("svg", { viewBox: "0 0 20 12", "aria-hidden": "true" }, svg("path", { d: "M1 6H15M11 2l5 4-5 4" }));

function layOut(ctx) {
  const { data, parts } = ctx;
  parts.maps = {};
  parts.rules = {};
  parts.ways.replaceChildren(...Object.entries(data.chains).map(([way, chain]) => {
    parts.rules[way] = el("span", { class: "rule" });
    const steps = data.depths.slice(1).map((name) => {
      const n = chain.places.findIndex((place) => place.name === name);
      return n < 0 ? el("div", { class: `step ${name} through` }, el("span", { class: "line" })) : layOutStep(ctx, way, n);
    });
    return el("section", { class: `way ${way}` },
      el("p", { class: "head" }, el("b", {}, chain.title), parts.rules[way]),
      el("div", { class: "steps-row" }, ...steps, layOutEnd(ctx, chain)));
  }));
}

function layOutStep(ctx, way, n) {
  const { text, data } = ctx, place = data.chains[way].places[n], [count, rows, columns] = place.shape;
  const canvas = el("canvas", { role: "application", tabindex: 0 }), frame = el("i", { class: "frame", hidden: "" });
  const sees = el("span", { class: "sees" });
  const map = el("div", { class: "map", style: `--rows:${rows};--columns:${columns}` }, canvas, frame);
  (ctx.parts.maps[way] ??= {})[n] = { canvas, frame, sees, map };
  enablePointer(ctx, canvas, (event) => (isOpen(ctx, way, n)
    ? { way, depth: depthOf(ctx, way, n), spot: middleOf(ctx, way, n, share(canvas, event, rows, columns)) } : null));
  canvas.onkeydown = (event) => { if (isOpen(ctx, way, n)) walk(ctx, event, way, n); };
  canvas.setAttribute("aria-label", `${data.chains[way].title}, ${place.name}, ${rows}×${columns}, ${fill(text.map, { number: place.map, count })}`);
  canvas.title = fill(text.map, { number: place.map, count });
  return el("div", { class: `step ${place.name}` },
    el("p", { class: "operation" }, el("b", {}, place.operation), el("span", {}, place.parameters)),
    el("div", { class: "room" }, ARROW(), map),
    el("p", { class: "caption" }, el("span", {}, `${fill(text.maps, { count })} ${rows}×${columns}`), sees));
}

// What the fully connected layer behind the last maps learns.
function layOutEnd({ text, data }, chain) {
  const all = Object.values(data.chains).map(({ dense }) => dense), times = chain.dense / Math.min(...all);
  return el("div", { class: "step end" },
    el("p", { class: "operation" }, el("b", {}, text.flatten), el("span", {}, `${chain.flat} = ${fill(text.values, { values: chain.values.toLocaleString("en") })}`)),
    el("div", { class: "room" }, ARROW(), el("div", { class: "cost" },
      el("output", {}, chain.dense.toLocaleString("en")), el("span", {}, text.parameters), el("i", { style: `--share:${chain.dense / Math.max(...all)}` }))),
    el("p", { class: "caption" }, el("span", {}, times > 1 ? fill(text.times, { times: number(times, times < 10 ? 1 : 0) }) : "")));
}
