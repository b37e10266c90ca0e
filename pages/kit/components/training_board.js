// A training run as one picture. Python's numbers are drawn as they are; the cursor over the curves
// and the kernels is the browser's own. While the run plays, each drawing is followed by a "look",
// and Python answers it with the next steps: so there is always one request on its way, never more.
// When it stands still the board says so once: that the page around it shows it, too, may have been
// lost, because Streamlit drops what it has not sent yet of a run that a look interrupts.
export default component(
  (ctx) => {
    const parts = ctx.parts;
    parts.status = el("p", { class: "status", role: "status" });
    parts.facts = el("div", { class: "facts" });
    parts.loss = curvePlot(ctx, "loss");
    parts.accuracy = curvePlot(ctx, "accuracy");
    parts.kernels = kernelWall(ctx);
    parts.sample = tileRow(ctx);
    parts.wrong = tileRow(ctx);
    parts.layers = el("div", { class: "layers" });
    ctx.root.append(
      parts.facts, parts.status,
      el("div", { class: "pair" }, parts.loss.element, parts.accuracy.element),
      parts.kernels.element,
      el("div", { class: "pair" }, parts.sample.element, parts.wrong.element),
      parts.layers);
    const observer = new ResizeObserver(() => draw(ctx));
    observer.observe(ctx.root);
    const watch = setInterval(() => {  // a look that got lost: the run must not stand still
      if (ctx.data.playing && performance.now() - ctx.state.drawn > 2000) look(ctx);
    }, 1000);
    ctx.onRemove(() => { observer.disconnect(); clearInterval(watch); clearTimeout(ctx.state.next); });
  },
  (ctx) => {
    unpack(ctx);
    draw(ctx);
    ctx.state.drawn = performance.now();
    clearTimeout(ctx.state.next);
    if (!ctx.data.playing && ctx.state.wasPlaying) ctx.state.next = setTimeout(() => ctx.send("rest", null), 250);
    ctx.state.wasPlaying = ctx.data.playing;
    if (ctx.data.playing && ctx.unanswered.length === 0) {
      const isNew = ctx.state.version !== ctx.data.version;  // the controls are still taking it in
      ctx.state.version = ctx.data.version;
      ctx.state.next = setTimeout(() => look(ctx), isNew ? 300 : ctx.data.wait);
    }
  },
);

const look = (ctx) => ctx.send("look", ctx.data.version);

// ---------------------------------------------------------------- numbers

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const floats = (text) => new Float32Array(bytes(text).buffer);

function unpack(ctx) {
  const { run, ghost, kernels } = ctx.data;
  const history = (packed) => packed && {
    ...packed,
    batch: { loss: floats(packed.losses), accuracy: floats(packed.accuracies) },
    test: { steps: floats(packed.testSteps), loss: floats(packed.testLosses), accuracy: floats(packed.testAccuracies) },
  };
  Object.assign(ctx.state, {
    run: history(run), ghost: history(ghost),
    now: floats(kernels.now), first: floats(kernels.first),
  });
}

// ---------------------------------------------------------------- all of it

function draw(ctx) {
  const { parts, data, text } = ctx;
  if (!ctx.state.run) return;
  ctx.state.colors = Object.fromEntries(["text", "faint", "line", "accent", "page", "role-output", "role-kernel"]
    .map((name) => [name, paint(ctx, `--${name}`)]));
  ctx.state.font = getComputedStyle(ctx.root).fontFamily;
  parts.status.textContent = data.message;
  parts.status.classList.toggle("trouble", data.trouble);
  drawFacts(ctx);
  parts.loss.draw();
  parts.accuracy.draw();
  parts.kernels.draw();
  parts.sample.draw(text.sample, data.sample);
  parts.wrong.draw(
    data.secret ? "" : fill(text.wrong, { count: data.facts.wrong, total: data.facts.tests }),
    data.secret ? null : data.wrong);
  drawLayers(ctx);
}

function drawFacts(ctx) {
  const { facts, secret } = ctx.data, { text } = ctx;
  const fact = (key, name, value, more) => el("div", { class: `fact ${key}` }, el("span", {}, name), el("b", {}, value), el("small", {}, more));
  const images = (count) => fill(text.images, { count });
  ctx.parts.facts.replaceChildren(
    fact("test-accuracy", text.test_accuracy, secret ? "?" : percent(facts.testAccuracy), fill(text.after_step, { step: facts.testStep })),
    fact("test-loss", text.test_loss, secret ? "?" : short(facts.testLoss), images(facts.tests)),
    fact("batch-loss", text.batch_loss, short(facts.loss), images(facts.batch)),
    fact("batch-accuracy", text.batch_accuracy, percent(facts.batchAccuracy, facts.batch >= 1000 ? 1 : 0), images(facts.batch)),
    fact("step", text.step, String(facts.step), fill(text.per_epoch, { count: facts.stepsPerEpoch })),
    fact("epoch", text.epoch, facts.epoch.toFixed(2), ""),
    fact("time", text.time, `${facts.seconds.toFixed(2)} s`, text.on_learning));
}

function drawLayers(ctx) {
  const { text, data } = ctx;
  const largest = Math.max(1e-12, ...data.layers.map(({ gradient }) => gradient ?? 0));
  const total = data.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const layers = data.layers.map(({ name, shape, parameters, gradient }) => el("li", {},
    el("b", {}, name), el("span", { class: "faint" }, shape),
    el("span", { class: parameters ? "" : "faint" }, parameters.toLocaleString("en")),
    el("span", { class: parameters ? "" : "faint" }, text.parameters),
    parameters ? el("span", { class: "gradient", title: fill(text.one_gradient, { value: short(gradient) }) },
      el("i", { style: `width:${100 * (gradient ?? 0) / largest}%` }), el("em", {}, short(gradient))) : null));
  ctx.parts.layers.replaceChildren(
    el("p", { class: "title" }, text.network, el("small", {}, fill(text.total, { count: total.toLocaleString("en") }))),
    el("ol", {}, ...layers));
}
