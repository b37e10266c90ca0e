// Four copies of a network, a row each: the digit as it gets it, what its first layer makes of that,
// how well it does; beside them the curves, above them the learning rate.
export default component(build, update);

const CHART = 172;

function build(ctx) {
  const { parts, data } = ctx, send = (key) => (value) => ctx.send("choose", { key, value });
  parts.bar = raceBar(ctx);
  parts.loss = raceCurves(ctx, "loss", { height: CHART });
  parts.accuracy = raceCurves(ctx, "accuracy", { height: CHART });
  parts.activation = picker("", send("f"));
  parts.seed = el("button", { class: "button", type: "button", onclick: () => send("seed")((ctx.data.seed + 1) % 10000) });
  buildRates(ctx, send("lr"));
  parts.imageLabel = el("span");
  parts.thumbs = digitThumbs(ctx, { paint: (canvas, digit) => drawDigit(ctx, canvas, 0, digit), onShow: () => drawRows(ctx) });
  parts.head = buildHead(ctx);
  parts.rows = data.race.lanes.map((_, lane) => buildRow(ctx, lane));
  parts.troubles = el("div", { class: "troubles unseen", role: "status" });
  parts.info = el("p", { class: "info" });
  parts.legend = el("p", { class: "legend" });

  ctx.root.append(
    el("div", { class: "scaling" },
      el("div", { class: "controls" }, parts.bar.element, parts.rates),
      el("div", { class: "table" },
        el("div", { class: "thumbs" }, parts.seed, parts.imageLabel, parts.thumbs.element),
        parts.head.element, el("div", { class: "of-bend" }, parts.activation, parts.head.bend),
        ...parts.rows.map(({ element }) => element)),
      parts.info, el("div", { class: "charts" }, parts.accuracy.element, parts.loss.element)),
    parts.troubles, parts.legend);
  const resized = new ResizeObserver(() => { if (ctx.data) drawRows(ctx); });
  resized.observe(parts.head.element);
  ctx.onRemove(() => resized.disconnect());
}

function update(ctx) {
  const { data, parts, text, state } = ctx;
  parts.activation.setAttribute("aria-label", text.activation); parts.activation.title = text.activation;
  choose(parts.activation, data.activations, data.activation);
  parts.seed.textContent = text.new_weights;
  parts.seed.title = fill(text.seed, { seed: data.seed });
  parts.imageLabel.textContent = text.image;
  parts.legend.textContent = text.legend;
  state.troubles = data.race.lanes.filter(({ trouble }) => trouble).map(({ trouble }) => trouble).join(" ");
  if (parts.troubles.textContent !== state.troubles) parts.troubles.textContent = state.troubles; // said once
  drawRates(ctx);
  parts.thumbs.draw();
  parts.bar.draw();
  parts.loss.draw();
  parts.accuracy.draw();
  drawRows(ctx);
}

// ---------------------------------------------------------------- the learning rate

function buildRates(ctx, pick) {
  const { parts, data } = ctx;
  parts.rateButtons = data.rates.map((rate) => el("button", { class: "rate", type: "button", role: "radio", onclick: () => pick(rate) }, rate));
  parts.ratesLabel = el("span", { class: "rates-label", id: "rates-label" });
  const group = el("div", { class: "rate-group", role: "radiogroup", "aria-labelledby": "rates-label" }, ...parts.rateButtons);
  parts.rates = el("div", { class: "rates" }, parts.ratesLabel, group);
  group.onkeydown = (event) => {
    const from = parts.rateButtons.indexOf(event.target), last = data.rates.length - 1;
    const to = { ArrowLeft: from - 1, ArrowUp: from - 1, ArrowRight: from + 1, ArrowDown: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    const button = parts.rateButtons[Math.max(0, Math.min(last, to))];
    button.focus();
    if (button.getAttribute("aria-checked") !== "true") pick(button.textContent);
  };
}

function drawRates(ctx) {
  const { data, parts, text } = ctx, [first] = data.lrs, isCommon = data.lrs.every((lr) => lr === first);
  parts.ratesLabel.textContent = text.rate;
  parts.rateButtons.forEach((button, i) => {
    const isChosen = isCommon && button.textContent === first;
    button.setAttribute("aria-checked", String(isChosen));
    button.tabIndex = isChosen || (!isCommon && i === 0) ? 0 : -1;
  });
  parts.rates.title = isCommon ? "" : text.rates_differ;
}

// ---------------------------------------------------------------- the image

// The digit as a network gets it: ink from 0 to its largest number, or blue and rust around 0.
function drawDigit(ctx, canvas, lane, digit) {
  const { shape: [, size], values } = ctx.data.arrays[`pixels-${lane}`], side = Math.sqrt(size);
  const pixels = values.subarray(digit * size, (digit + 1) * size), max = Math.max(...pixels.map(Math.abs));
  const scale = pixels.some((value) => value < 0) ? "signed" : "image";
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  pixels.forEach((value, i) => {
    pen.fillStyle = color(value, { scale, max, dark: ctx.dark }).fill;
    pen.fillRect(i % side, Math.floor(i / side), 1, 1);
  });
}
