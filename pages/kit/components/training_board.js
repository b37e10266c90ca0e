// A training run as one picture that moves: verbs, numbers, curves, the past, and a view inside.
//
// Python's numbers are drawn as they are. While the run plays, each answer is followed at once by
// the next question; what came is drawn in the meantime, with the screen's next frame.
export default component(
  (ctx) => {
    ctx.state.then = null;
    const { parts } = ctx;
    const bar = parts.bar = trainingBar(ctx, () => ({ ways: ctx.data.ways.version, ...parts.time.texts(), ...parts.views.texts() }));
    ctx.state.ask = bar.ask; // for the views: what they want to see has changed
    parts.facts = trainingFacts(ctx);
    parts.status = trainingStatus(ctx);
    parts.loss = trainingPlot(ctx, "loss");
    parts.accuracy = trainingPlot(ctx, "accuracy");
    parts.save = trainingSave(ctx, [parts.loss, parts.accuracy]);
    parts.legend = trainingLegend(ctx);
    parts.time = trainingTime(ctx, bar);
    parts.views = trainingViews(ctx);
    ctx.root.append(
      parts.facts.element, bar.element, parts.status.element,
      el("div", { class: "legend-row" }, parts.legend.element, parts.save.element),
      el("div", { class: "training-plots" }, parts.loss.element, parts.accuracy.element),
      parts.time.element, parts.views.element);
    ctx.onRemove(() => { cancelAnimationFrame(ctx.state.frame); clearTimeout(ctx.state.late); });
  },
  (ctx) => {
    const { state } = ctx, isAnswer = ctx.parts.bar.draw();
    if (isAnswer) drawSoon(ctx);
    else if (!state.late) state.late = setTimeout(() => drawSoon(ctx), LATE); // the answer usually is earlier
  },
);

const LATE = 400; // milliseconds until what may be outdated is drawn after all

function drawSoon(ctx) {
  const { state } = ctx;
  clearTimeout(state.late);
  state.late = null;
  cancelAnimationFrame(state.frame);
  state.frame = requestAnimationFrame(() => {
    const { parts } = ctx;
    parts.time.draw(); // first: it knows which ways there are
    for (const name of ["facts", "status", "loss", "accuracy", "legend", "save", "views"]) parts[name].draw();
    state.drawings = (state.drawings ?? 0) + 1;
    ctx.root.dataset.drawings = state.drawings; // for whoever counts: tests
  });
}
