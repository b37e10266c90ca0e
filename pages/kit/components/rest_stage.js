// Ten yes-or-no questions beside one softmax: they learn side by side from the same images, and what
// they say of one test image is seen in every number.
export default component(build, update);

function build(ctx) {
  const { parts, state, data } = ctx;
  state.image = data.image; // the bar asks about it from its first question on
  parts.bar = raceBar(ctx, () => ({ image: state.image }));
  parts.rate = el("span");
  parts.lr = picker("", (value) => ctx.send("choose", { key: "lr", value }));
  parts.seed = el("button", { class: "button", type: "button", onclick: () => ctx.send("choose", { key: "seed", value: (ctx.data.seed + 1) % 10000 }) });
  parts.accuracy = raceCurves(ctx, "accuracy", { closeUp: true });
  parts.losses = el("p", { class: "losses" });
  ctx.root.append(
    el("div", { class: "rest" },
      el("div", { class: "controls" }, parts.bar.element, el("label", { class: "choice" }, parts.rate, parts.lr), parts.seed),
      buildChooser(ctx), buildTable(ctx),
      el("div", { class: "side" }, parts.accuracy.element, buildMaps(ctx))),
    buildSums(ctx), parts.losses);
  ctx.onRemove(() => [state.imageTimer, state.classTimer, state.pauseTimer].forEach(clearTimeout));
}

function update(ctx) {
  const { data, parts, text, state } = ctx;
  // A link or a preset moved it, not this page.
  if (data.image !== state.sentImage) state.image = state.sentImage = data.image;
  if (data.class !== state.sentClass) state.digit = state.sentClass = data.class;
  if (data.step !== state.toldStep) state.sentStep = state.toldStep = data.step;
  parts.rate.textContent = text.learning_rate;
  choose(parts.lr, data.rates, data.lr);
  parts.lr.setAttribute("aria-label", text.learning_rate);
  parts.seed.textContent = text.new_weights;
  parts.seed.title = fill(text.seed, { seed: data.seed });
  parts.losses.replaceChildren(el("span", {}, text.half), el("span", {}, text.losses));
  drawChooser(ctx);
  drawTable(ctx);
  parts.accuracy.draw();
  drawClass(ctx);
  parts.bar.draw();
  rest(ctx);
}

// What belongs to the class that is chosen or pointed at.
function drawClass(ctx) {
  const { parts, state } = ctx, digit = shownClass(ctx);
  parts.rows.forEach(({ element }, row) => {
    element.classList.toggle("shown", row === digit);
    element.setAttribute("aria-selected", String(row === state.digit));
  });
  parts.list.setAttribute("aria-activedescendant", `class-${state.digit}`);
  drawWeights(ctx);
  drawMaps(ctx);
  drawSums(ctx);
}

// Where the race stands still, the address shall say so.
function rest(ctx) {
  const { data, state } = ctx, { step } = data.race;
  clearTimeout(state.pauseTimer);
  if (state.race.isPlaying || state.race.wish || step === state.sentStep) return;
  state.pauseTimer = setTimeout(() => ctx.send("pause", (state.sentStep = step)), 300);
}
