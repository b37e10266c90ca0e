// One of the two planes: the ground in the colours of the classes that claim it, the borders, the
// test images as digits, and a ring that can be moved.

const MARGIN = { left: 52, right: 8, top: 8, bottom: 42 };
const CLASS_COLOURS = ["--role-input", "--role-kernel", "--role-output"];
const STRIPE = 9; // pixels

function buildPlane(ctx, network, lane) {
  const ground = el("canvas", { class: "ground" }), layer = (name) => svg("g", { class: name });
  const layers = Object.fromEntries(["axes", "borders", "cloud", "ring"].map((name) => [name, layer(name)]));
  const clip = svg("rect"), id = `inside-${network}`;
  layers.borders.setAttribute("clip-path", `url(#${id})`);
  const plane = svg("svg", { class: "plane", tabindex: "0", role: "img" }, svg("clipPath", { id }, clip), ...Object.values(layers));
  const frame = el("div", { class: "plane-frame" }, ground, plane);
  const title = el("p", { class: "plane-title" }, laneKey(lane), el("b"), el("span")), counts = el("p", { class: "plane-counts" });
  const rings = ["rim", "line", "grip"].map((name) => svg("circle", { class: name, r: name === "grip" ? 24 : 12 }));
  layers.ring.append(...rings);
  const part = { rings, network, lane, ground, plane, clip, layers, frame, title, counts, element: el("div", { class: "of-network" }, title, frame, counts) };
  const place = (event) => {
    const box = frame.getBoundingClientRect(), { from } = placing(part);
    movePlace(ctx, from(event.clientX - box.left, event.clientY - box.top), event.type !== "click");
  };
  // A finger beside the ring may want to scroll the page: only a tap moves the ring there.
  plane.onpointerdown = (event) => {
    if (event.button !== 0 || (event.pointerType === "touch" && event.target !== rings[2])) return;
    plane.setPointerCapture(event.pointerId);
    place(event);
  };
  plane.onlostpointercapture = () => settlePlace(ctx);
  plane.onclick = place;
  plane.onpointermove = (event) => { if (plane.hasPointerCapture(event.pointerId)) place(event); };
  plane.onkeydown = (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault(); event.stopPropagation();
    movePlace(ctx, ctx.state.at.map((value, i) => value + (event.shiftKey ? 10 : 1) * ctx.data.step * way[i]));
    ctx.say(plane.getAttribute("aria-label"));
  };
  const resized = new ResizeObserver(() => { if (ctx.data) { drawPlane(ctx, part); drawRing(ctx, part); } });
  resized.observe(frame);
  ctx.onRemove(() => resized.disconnect());
  return part;
}

// Pixels of the frame for a place in the plane, and back.
function placing({ frame }) {
  const side = frame.clientWidth - MARGIN.left - MARGIN.right;
  return {
    side,
    at: ([x, y]) => [MARGIN.left + x * side, MARGIN.top + (1 - y) * side],
    from: (left, top) => [(left - MARGIN.left) / side, 1 - (top - MARGIN.top) / side],
  };
}

function drawPlane(ctx, part) {
  const { data } = ctx, { network, plane, clip, frame } = part, to = placing(part);
  if (to.side < 40) return;
  const look = [to.side, ctx.dark, data.scene, ...data.segments].join();
  if (look === part.look) return;
  part.look = look;
  const width = frame.clientWidth, height = to.side + MARGIN.top + MARGIN.bottom;
  frame.style.height = `${height}px`;
  plane.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const [name, value] of Object.entries({ x: MARGIN.left, y: MARGIN.top, width: to.side, height: to.side })) clip.setAttribute(name, value);
  drawGround(ctx, part, to);
  drawAxes(ctx, part, to);
  part.layers.borders.replaceChildren(...data.lines[network].map(([start, end], i) => {
    const [[x1, y1], [x2, y2]] = [start, end].map(to.at);
    return svg("line", { x1, y1, x2, y2, class: network === "rest" ? `of-class-${i}` : "" });
  }));
  drawCloud(ctx, part, to);
}

// Who claims a place: nobody (paper), one (its colour), two (stripes of both).
function drawGround(ctx, { network, ground }, { side }) {
  const { shape: [rows, columns], values } = ctx.data.arrays[`map-${network}`], ratio = devicePixelRatio || 1;
  const size = Math.round(side * ratio), image = new ImageData(size, size);
  const [page, ...tints] = ["--page", ...CLASS_COLOURS].map((name) => channels(paint(ctx, name)));
  const washed = tints.map((tint) => page.map((from, k) => from + (tint[k] - from) * 0.26));
  for (let top = 0; top < size; top += 1) {
    for (let left = 0; left < size; left += 1) {
      const code = values[Math.floor(top * rows / size) * columns + Math.floor(left * columns / size)];
      const who = network === "softmax" ? [code] : [0, 1, 2].filter((k) => (code >> k) & 1);
      const stripe = Math.floor((left + top) / (STRIPE * ratio)) % Math.max(1, who.length);
      image.data.set([...(who.length ? washed[who[stripe]] : page), 255], 4 * (top * size + left));
    }
  }
  Object.assign(ground, { width: size, height: size });
  Object.assign(ground.style, { left: `${MARGIN.left}px`, top: `${MARGIN.top}px`, width: `${side}px`, height: `${side}px` });
  ground.getContext("2d").putImageData(image, 0, 0);
}

const channels = (resolved) => resolved.match(/[\d.]+/g).slice(0, 3).map(Number);

function drawAxes(ctx, { layers, plane }, { side, at }) {
  const { data, text } = ctx, [x0, y0] = at([0, 0]);
  const words = (shown, x, y, anchor, name) => svg("text", { x, y, "text-anchor": anchor, class: name }, shown);
  layers.axes.replaceChildren(
    svg("rect", { x: x0, y: y0 - side, width: side, height: side }),
    ...[0, 0.5, 1].flatMap((tick) => {
      const [x, y] = at([tick, tick]);
      return [words(number(tick), x, y0 + 18, tick === 1 ? "end" : "middle"), words(number(tick), x0 - 7, y + (tick === 1 ? 12 : 5), "end")];
    }),
    words(fill(text.axis, { segment: data.segments[0] }), x0 + side / 2, y0 + 37, "middle", "name"),
    svg("text", { class: "name", "text-anchor": "middle", transform: `translate(14 ${y0 - side / 2}) rotate(-90)` }, fill(text.axis, { segment: data.segments[1] })),
  );
}

function drawCloud(ctx, { network, layers }, { at }) {
  const { data } = ctx, { points, labels } = data.arrays, wrong = data.arrays[`wrong-${network}`].values;
  layers.cloud.replaceChildren(...[...labels.values].map((label, i) => {
    const [x, y] = at([points.values[2 * i], points.values[2 * i + 1]]);
    return svg("text", { x: x.toFixed(1), y: (y + 5).toFixed(1), "text-anchor": "middle", class: `of-class-${label}${wrong[i] ? " wrong" : ""}` }, String(data.digits[label]));
  }));
}

function drawRing(ctx, part) {
  const { data, text, state } = ctx, [cx, cy] = placing(part).at(state.at), [rest, soft] = data.place.lanes;
  for (const circle of part.rings) { circle.setAttribute("cx", cx); circle.setAttribute("cy", cy); }
  const here = fill(text.place, { x: decimals(state.at[0]), y: decimals(state.at[1]), sum: decimals(rest.sum), digit: data.digits[soft.reads] });
  part.plane.setAttribute("aria-label", `${fill(text.plane, { label: text[part.network] })} ${here}`);
}

const decimals = (value) => { const words = value.toFixed(2); return (Number(words) === 0 ? "0.00" : words).replace("-", "−"); };
