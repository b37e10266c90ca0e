// A picture that moves under a slider; its maps behind each pooling; the curves. Every step is here
// already, so the slider only chooses which one to show.
export default component(build, update);

function build(ctx) {
  const { parts, text, state } = ctx;
  Object.assign(state, { step: null, cell: null, isTurning: false });
  parts.title = el("b"); parts.shape = el("span");
  parts.picture = el("canvas", { role: "img" });
  parts.label = el("span"); parts.value = el("output");
  parts.slider = el("input", { type: "range", oninput: () => { state.isTurning = true; go(ctx, stepOf(ctx, Number(parts.slider.value))); }, onchange: () => settle(ctx) });
  parts.choices = Object.fromEntries(ctx.data.choices.map(({ key }) => [key, el("div", { class: "choices", role: "group" })]));
  buildMaps(ctx);
  buildAnswers(ctx);
  ctx.root.append(el("div", { class: "stage" },
    el("section", { class: "source" }, parts.choices.motion, el("p", { class: "head" }, parts.title, parts.shape), parts.picture,
      el("label", { class: "dial" }, el("span", {}, parts.label, parts.value), parts.slider), parts.choices.map),
    parts.maps, parts.answers, buildCurves(ctx)));
}

function update(ctx) {
  const { parts, data, state } = ctx, [dial] = data.row.dials;
  if (!state.isTurning) state.step = stepOf(ctx, data.row.values[0]);
  parts.title.textContent = data.title;
  parts.shape.textContent = data.arrays.pictures.shape.slice(1).join("×");
  parts.label.textContent = dial.label;
  Object.assign(parts.slider, { min: dial.low, max: dial.high, step: dial.step });
  parts.slider.setAttribute("aria-label", dial.label);
  drawChoices(ctx);
  const isMaps = data.measured !== "answers";
  parts.maps.hidden = parts.choices.map.hidden = !isMaps;
  parts.answers.hidden = isMaps;
  if (isMaps) describeMaps(ctx);
  draw(ctx);
}

// Each row of buttons stands above what it changes.
function drawChoices(ctx) {
  for (const choice of ctx.data.choices) {
    const { key, label, options, value } = choice;
    const row = ctx.parts.choices[key], focused = [...row.children].indexOf(ctx.root.getRootNode().activeElement);
    row.setAttribute("aria-label", label);
    row.replaceChildren(el("span", {}, label), ...Object.entries(options).map(([name, words]) => el("button", {
      class: "button", type: "button", "aria-pressed": String(name === value), onclick: () => {
        choice.value = name; // shown at once; what it changes follows
        drawChoices(ctx);
        ctx.send("choose", { key, name });
      },
    }, words)));
    row.children[focused]?.focus();
  }
}

// Everything that follows the slider.
function draw(ctx) {
  const { parts, data, state } = ctx, amount = spoken(ctx, state.step);
  parts.slider.value = data.steps[state.step];
  parts.slider.setAttribute("aria-valuetext", amount);
  parts.value.textContent = amount;
  parts.picture.setAttribute("aria-label", `${data.title}, ${data.row.dials[0].label} ${amount}`);
  drawPicture(ctx);
  if (data.measured === "answers") drawAnswers(ctx);
  else drawMaps(ctx);
  drawCurves(ctx);
}

// ---------------------------------------------------------------- steps

const stepOf = (ctx, value) => ctx.data.steps.reduce((best, step, i, steps) => (Math.abs(step - value) < Math.abs(steps[best] - value) ? i : best), 0);
const spoken = (ctx, step) => `${number(ctx.data.steps[step])}${ctx.data.row.dials[0].unit}`;
const percent = (share) => `${number(100 * share, 0)}%`;

function go(ctx, step) {
  if (step === ctx.state.step) return;
  ctx.state.step = step;
  draw(ctx);
}

// The finger rests: the page's link remembers the place.
function settle(ctx) {
  const { row, steps } = ctx.data;
  ctx.state.isTurning = false;
  row.values = [steps[ctx.state.step]];
  ctx.send("settle", { key: row.key, values: row.values });
}

// ---------------------------------------------------------------- pixels

function paintPixels(canvas, rows, columns, colorOf) {
  Object.assign(canvas, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set([...colorOf(i), 255], 4 * i);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// The moved picture in ink, over a shadow of the picture as it was.
function drawPicture(ctx) {
  const { data, state, parts } = ctx, { shape: [, rows, columns], values } = data.arrays.pictures;
  const size = rows * columns, before = data.unmoved * size, now = state.step * size;
  const [paper, ink] = SCALES[ctx.dark ? "dark" : "light"].image.map(rgb), shadow = paint(ctx, "--role-input").match(/\d+/g).map(Number);
  paintPixels(parts.picture, rows, columns, (i) => paper.map((from, k) => {
    const shaded = from + (shadow[k] - from) * 0.5 * values[before + i] / 255;
    return shaded + (ink[k] - shaded) * values[now + i] / 255;
  }));
}
