// Two stacks of layers side by side, from the image at the top to ten probabilities at the bottom:
// what their neurons answer, and how much of the gradient arrives at each layer.
export default component(build, update);

const CLASSES = 10, DECADES = { low: -7, high: 1 };

function build(ctx) {
  const { parts, data } = ctx;
  parts.bar = raceBar(ctx);
  parts.cards = raceCards(ctx);
  parts.loss = raceCurves(ctx, "loss");
  parts.accuracy = raceCurves(ctx, "accuracy");
  parts.pickers = Object.fromEntries(Object.keys(data.choices).map((key) => [key, picker("", (value) => ctx.send("choose", { key, value }))]));
  parts.rate = el("span");
  parts.seed = el("button", { class: "button", type: "button", onclick: () => ctx.send("choose", { key: "seed", value: (ctx.data.seed + 1) % 10000 }) });
  parts.thumbs = digitThumbs(ctx, { paint: (canvas, digit) => paintThumb(ctx, canvas, digit), onShow: () => drawStrips(ctx) });
  parts.rows = data.layers.map((layer, i) => buildRow(ctx, layer, i));
  parts.softmax = el("p", { class: "arrow-label" });
  parts.shares = data.race.lanes.map(() => el("div", { class: "shares" }, ...Array.from({ length: CLASSES }, (_, digit) => el("div", { class: "share" }, el("i"), el("span", {}, String(digit))))));
  parts.info = el("p", { class: "info", role: "status" });
  parts.legend = el("p", { class: "legend" });
  parts.sums = el("p", { class: "legend" });
  parts.imageLabel = el("span");

  ctx.root.append(
    el("div", { class: "stack" },
      el("div", { class: "controls" }, parts.bar.element, el("label", { class: "choice" }, parts.rate, parts.pickers.lr), parts.seed),
      el("div", { class: "table" },
        el("span"), ...["a", "b"].map((key, i) => el("div", { class: "network" }, laneKey(i), parts.pickers[key], el("span", {}, `×${data.widths.length}`))),
        el("span"), parts.cards.element,
        el("div", { class: "thumbs" }, parts.imageLabel, parts.thumbs.element),
        ...parts.rows.flatMap(({ label, lanes }) => [label, ...lanes.map(({ element }) => element)]),
        parts.softmax, ...parts.shares),
      el("div", { class: "charts" }, parts.accuracy.element, parts.loss.element)),
    parts.info, parts.legend, parts.sums);
  const resized = new ResizeObserver(() => drawStrips(ctx));
  resized.observe(ctx.root);
  ctx.onRemove(() => resized.disconnect());
}

// A layer: its arrow and width at the left, then a strip and a gradient for each network.
function buildRow(ctx, layer, i) {
  const words = el("span"), key = `w${i + 1}`;
  const label = el("div", { class: "arrow-label" }, words, ctx.parts.pickers[key] ?? null);
  const lanes = ctx.data.race.lanes.map((_, lane) => {
    const canvas = el("canvas", { class: "strip", tabindex: "0", role: "img" });
    const bar = el("i"), value = el("output"), slope = el("output", { class: "slope" });
    const element = el("div", { class: "cell-of-lane" },
      canvas, el("div", { class: "gradient" }, el("div", { class: "track" }, bar), value), slope);
    const neuronAt = (event) => Math.max(0, Math.min(ctx.data.layers[i].size - 1, Math.floor(event.offsetX / canvas.clientWidth * ctx.data.layers[i].size)));
    canvas.onpointermove = canvas.onpointerdown = (event) => aim(ctx, { lane, i, neuron: neuronAt(event) });
    canvas.onpointerleave = canvas.onblur = () => aim(ctx, null);
    canvas.onkeydown = (event) => {
      const last = ctx.data.layers[i].size - 1, now = ctx.state.spot?.neuron ?? -1;
      const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault(); event.stopPropagation();
      aim(ctx, { lane, i, neuron: Math.max(0, Math.min(last, to)) });
      ctx.say(ctx.parts.info.textContent);
    };
    return { element, canvas, bar, value, slope };
  });
  return { label, words, lanes };
}

function update(ctx) {
  const { data, parts, text } = ctx;
  for (const [key, { label, options, value }] of Object.entries(data.choices)) {
    choose(parts.pickers[key], options, value);
    parts.pickers[key].setAttribute("aria-label", label); parts.pickers[key].title = label;
  }
  parts.rate.textContent = data.choices.lr.label;
  parts.seed.textContent = text.new_weights;
  parts.seed.title = fill(text.seed, { seed: data.seed });
  parts.imageLabel.textContent = text.image;
  parts.rows.forEach(({ words }, i) => {
    const [operation, parameters] = data.layers[i].arrow.split(" · ");
    words.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
  });
  const [operation, parameters] = text.softmax.split(" · ");
  parts.softmax.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
  parts.legend.textContent = text.legend;
  const count = (value) => value.toLocaleString("en-US");
  parts.sums.replaceChildren(el("b", {}, fill(text.total, { count: count(data.total) })), " · ", fill(text.instead, { count: count(data.convolution) }));
  parts.thumbs.draw();
  parts.bar.draw();
  parts.cards.draw();
  parts.loss.draw();
  parts.accuracy.draw();
  drawGradients(ctx);
  drawStrips(ctx);
}

// The digit as it is in the data set.
function paintThumb(ctx, canvas, digit) {
  const { shape: [, side], values } = ctx.data.arrays.images, image = new ImageData(side, side);
  const [paper, ink] = SCALES[ctx.dark ? "dark" : "light"].image;
  values.subarray(digit * side * side, (digit + 1) * side * side).forEach((value, i) => image.data.set([...mix(paper, ink, value / 255), 255], 4 * i));
  canvas.width = canvas.height = side;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// ---------------------------------------------------------------- the layers

// What the neurons of layer i answer to the shown image.
function answers(ctx, lane, i) {
  const { shape: [, width], values } = ctx.data.arrays[`strips-${lane}`], start = shownDigit(ctx) * width;
  const before = ctx.data.layers.slice(0, i).reduce((sum, { size }) => sum + size, 0);
  return values.subarray(start + before, start + before + ctx.data.layers[i].size);
}

function drawStrips(ctx) {
  const { parts, data, state, text } = ctx;
  if (!parts.rows[0].lanes[0].canvas.clientWidth) return;
  const ratio = devicePixelRatio || 1, ring = paint(ctx, "--text");
  parts.rows.slice(0, -1).forEach(({ lanes }, i) => lanes.forEach(({ canvas }, lane) => {
    const values = answers(ctx, lane, i), largest = Math.max(1e-9, ...values.map(Math.abs));
    const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio), cell = width / values.length;
    Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d"), gap = cell > 6 * ratio ? ratio : 0;
    values.forEach((value, n) => {
      pen.fillStyle = color(value, { max: largest, dark: ctx.dark }).fill;
      pen.fillRect(Math.round(n * cell), 0, Math.round((n + 1) * cell) - Math.round(n * cell) - gap, height);
    });
    const spot = state.spot;
    if (spot && spot.lane === lane && spot.i === i) {
      pen.strokeStyle = ring; pen.lineWidth = 2 * ratio;
      pen.strokeRect(spot.neuron * cell, ratio, Math.max(cell - gap, 3 * ratio), height - 2 * ratio);
    }
    canvas.setAttribute("aria-label", `${data.race.lanes[lane].label}, ${data.layers[i].arrow}. ${text.walk}`);
  }));
  parts.shares.forEach((element, lane) => {
    const shares = answers(ctx, lane, data.layers.length - 1), best = shares.indexOf(Math.max(...shares));
    [...element.children].forEach((share, digit) => {
      share.firstChild.style.height = `${100 * shares[digit]}%`;
      share.classList.toggle("best", digit === best);
      share.title = fill(text.share, { digit, value: asPercent(shares[digit]) });
    });
    element.setAttribute("aria-label", fill(text.share, { digit: best, value: asPercent(shares[best]) }));
    element.setAttribute("role", "img");
  });
  const last = parts.rows.at(-1).lanes;
  last.forEach(({ canvas }) => { canvas.hidden = true; });
  drawInfo(ctx);
}

function aim(ctx, spot) {
  ctx.state.spot = spot;
  drawStrips(ctx);
}

function drawInfo(ctx) {
  const { parts, data, state, text } = ctx, spot = state.spot;
  if (spot) {
    const values = answers(ctx, spot.lane, spot.i);
    parts.info.textContent = `${data.race.lanes[spot.lane].label} · ${fill(text.neuron, { layer: spot.i + 1, neuron: spot.neuron + 1, size: values.length, value: asLoss(values[spot.neuron]) })}`;
    return;
  }
  const products = data.race.lanes.map(({ label }, lane) => {
    const slopes = data.slopes[lane], product = slopes.reduce((a, b) => a * b, 1);
    return el("span", {}, laneKey(lane), data.hidden ? "?" : `${slopes.map((slope) => number(slope)).join(" · ")} ≈ `, data.hidden ? "" : el("b", {}, asLoss(product)));
  });
  parts.info.replaceChildren(el("span", {}, `${text.product}:`), ...products);
}

function drawGradients(ctx) {
  const { parts, data, text } = ctx;
  parts.rows.forEach(({ lanes }, i) => lanes.forEach(({ bar, value, slope }, lane) => {
    const length = data.race.lanes[lane].gradients[data.layers[i].name], shownSlope = data.slopes[lane][i];
    const share = (Math.log10(Math.max(length, 1e-30)) - DECADES.low) / (DECADES.high - DECADES.low);
    bar.style.width = data.hidden ? "0" : `${100 * Math.max(0, Math.min(1, share))}%`;
    value.textContent = data.hidden ? text.secret : asLoss(length);
    value.setAttribute("aria-label", fill(text.gradient, { value: value.textContent }));
    slope.textContent = shownSlope === undefined ? "" : fill(text.slope, { value: data.hidden ? text.secret : number(shownSlope) });
  }));
}
