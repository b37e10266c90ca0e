// How hard each layer is learning: the lengths of its gradient, of the last update and of its
// weights on one logarithmic scale, and how the first two went over the run.
const LENGTHS = ["gradient", "update", "weights", "ratio"];
const RULE_OF_THUMB = -3; // the power of ten that an update is of the weights, as is often said
const CURVE_SIZE = [220, 44];

function layersView(ctx) {
  const head = { cells: LENGTHS.map((name) => el("span", { class: `length ${name}` }, el("b"), el("small", { class: "ends" }, el("i"), el("i")))), curve: el("span", { class: "curve-head" }) };
  const list = el("ol", { class: "layer-rows" }), when = el("p", { class: "view-head" }, el("b"), el("small")), note = el("p", { class: "view-note" });
  const element = el("div", { class: "layers-view" }, when,
    el("div", { class: "layer-row layer-head", "aria-hidden": "true" }, ...head.cells, head.curve), list, note);
  let rows = [], signature = "";

  function draw() {
    const { layers, step, measured, total } = ctx.data.shown, { text } = ctx, { shape: [lines, points], values } = ctx.data.arrays.lengths;
    const now = layers.map(({ name, shape, operation }) => name + shape + operation).join();
    if (now !== signature) { signature = now; build(layers); }
    write(when.firstChild, total);
    write(when.lastChild, measured === step ? fill(text.lengths_at, { step }) : fill(text.lengths_nearest, { step, measured }));
    write(head.curve, text.over_the_run);
    const scale = scaleOf(layers, values, points);
    head.cells.forEach((cell, i) => {
      write(cell.firstChild, text[`length_${LENGTHS[i]}`]);
      [scale.low, scale.high].forEach((power, k) => write(cell.lastChild.children[k], powerWords(power)));
    });
    element.style.setProperty("--powers", scale.high - scale.low);
    element.style.setProperty("--thumb", scale.share(10 ** RULE_OF_THUMB));
    write(note, text.rule_of_thumb);
    let learning = 0;
    const count = (lines - 1) / 2;
    rows.forEach((row, i) => {
      if (!row.cells) return;
      LENGTHS.forEach((name, k) => {
        const value = layers[i][name], { bar, told } = row.cells[k];
        write(told, valueWords(value));
        bar.style.transform = `scaleX(${value > 0 ? scale.share(value) : 0})`;
      });
      const line = (which) => values.subarray((1 + which) * points, (2 + which) * points);
      drawCurve(row.curve, values.subarray(0, points), line(learning), line(count + learning), scale);
      row.curve.setAttribute("aria-label", fill(text.curve_of, { layer: layers[i].name }));
      learning += 1;
    });
  }

  function build(layers) {
    rows = layers.map((layer) => {
      const words = el("span", { class: "layer-words" }, el("b", {}, layer.name), el("span", {}, layer.operation),
        el("small", {}, `→ ${layer.shape}`), layer.parameters ? el("small", { title: layer.formula }, fill(ctx.text.count_of_parameters, { count: layer.parameters.toLocaleString("en") })) : null);
      if (!layer.parameters) return { element: el("li", { class: "layer-row plain" }, words) };
      const cells = LENGTHS.map((name) => {
        const bar = el("i"), told = el("span", { class: "told" });
        const element = el("span", { class: `length ${name}` }, el("span", { class: "name" }, ctx.text[`length_${name}`]), told, el("span", { class: "scale", "aria-hidden": "true" }, bar));
        return { bar, told, element };
      });
      const curve = el("canvas", { class: "length-curve", role: "img" });
      return { cells, curve, element: el("li", { class: "layer-row" }, words, ...cells.map((cell) => cell.element), curve) };
    });
    list.replaceChildren(...rows.map((row) => row.element));
  }

  // From the power of ten below the smallest length of the whole run to the one above the largest.
  function scaleOf(layers, values, points) {
    let least = Infinity, most = 0;
    const count = (value) => {
      if (!(value > 0) || value === Infinity) return;
      if (value < least) least = value;
      if (value > most) most = value;
    };
    for (let i = points; i < values.length; i++) count(values[i]);
    for (const layer of layers) for (const name of LENGTHS) count(layer[name]);
    const high = most ? Math.max(Math.ceil(Math.log10(most)), -2) : 1, low = Math.max(high - 12, Math.min(most ? Math.floor(Math.log10(least)) : -4, high - 4, -4));
    return { low, high, share: (value) => Math.max(0, Math.min(1, (Math.log10(value) - low) / (high - low))) };
  }

  function drawCurve(canvas, steps, gradients, updates, scale) {
    const [width, height] = CURVE_SIZE, inks = inksOf(ctx), pen = penOn(canvas, width, height);
    const last = Math.max(1, steps.at(-1)), x = (step) => 2 + (width - 6) * step / last, y = (value) => height - 2 - (height - 4) * scale.share(value);
    pen.strokeStyle = inks.line;
    for (let power = scale.low; power <= scale.high; power++) {
      const at = Math.round(y(10 ** power)) + 0.5;
      pen.beginPath(); pen.moveTo(0, at); pen.lineTo(width, at); pen.stroke();
    }
    for (const [line, ink, thick] of [[gradients, inks["role-gradient"], 1.8], [updates, inks.accent, 1.8]]) {
      pen.strokeStyle = ink; pen.lineWidth = thick; pen.beginPath();
      let isDown = false;
      line.forEach((value, i) => {
        const isKnown = value > 0;
        if (isKnown) pen[isDown ? "lineTo" : "moveTo"](x(steps[i]), y(value));
        isDown = isKnown;
      });
      pen.stroke();
    }
    pen.lineWidth = 1;
    if (!ctx.data.then) return;
    pen.strokeStyle = inks.text; pen.beginPath(); pen.moveTo(x(ctx.data.shown.step), 0); pen.lineTo(x(ctx.data.shown.step), height); pen.stroke();
  }

  return { element, draw, texts: () => ({}) };
}
