// Time: a slider over the moments of a run that were kept, and the ways that it took.
//
//   trainingTime(ctx, bar) -> {element, draw(), texts()}     texts(): the moment to look at, for Python
//
// ctx.state.then is the step that one looks at, null for now. What is looked at may be gone from
// memory when the run has grown longer: Python shows the nearest moment that is left.
function trainingTime(ctx, bar) {
  const label = el("output");
  const slider = el("input", { type: "range", min: 0, step: 1, oninput: () => look(moments()[slider.value] ?? null) });
  const plain = (onclick) => el("button", { class: "button", type: "button", onclick });
  const now = plain(() => look(null)), best = plain(() => look(ctx.data.best));
  const go = plain(() => { if (ctx.state.then !== null) bar.wish("rewind", chosen()); }); // not twice
  best.classList.add("best");
  const row = el("div", { class: "steps training-time" }, label, slider, now, best, go);
  const ways = el("ul", { class: "training-ways" });
  const element = el("div", {}, row, ways);

  const chosen = () => moments()[nearestPlace(moments(), ctx.state.then)];
  const moments = () => ctx.data.moments.filter((step) => step < ctx.data.run.step);

  function look(step) {
    ctx.state.then = step !== null && step < ctx.data.run.step ? step : null;
    show();
    bar.ask();
  }

  // In a new run, or on a way that is shorter, that moment has not been yet.
  function forgetWhatIsNotYet() {
    if (ctx.state.then !== null && ctx.state.then >= ctx.data.run.step) ctx.state.then = null;
  }

  function texts() {
    forgetWhatIsNotYet(); // it is asked before what came is drawn
    return ctx.state.then === null ? {} : { at: ctx.state.then };
  }

  function draw() {
    forgetWhatIsNotYet();
    show();
    drawWays();
  }

  function show() {
    const { text, data } = ctx, { then } = ctx.state, steps = moments();
    const words = then === null ? fill(text.time_now, { step: asCount(data.run.step) })
      : fill(text.time_past, { step: asCount(chosen()), count: asCount(data.run.step) });
    label.textContent = words;
    slider.max = steps.length;
    slider.value = then === null ? steps.length : nearestPlace(steps, then);
    slider.setAttribute("aria-label", text.time_slider);
    slider.setAttribute("aria-valuetext", words);
    slider.disabled = !steps.length;
    now.textContent = text.now;
    now.disabled = then === null;
    best.textContent = fill(text.best, { step: asCount(data.best) });
    best.title = text.best_help;
    best.disabled = data.secret || (then ?? data.run.step) === data.best;
    go.textContent = text.go_on;
    go.title = text.go_on_help;
    go.disabled = then === null;
    go.classList.toggle("primary", then !== null);
    row.classList.toggle("offered", data.run.stopped === "diverged" && then === null);
  }

  let waysKey = null;
  function drawWays() {
    const { text, data } = ctx, { branches, curves, version } = data.ways;
    ways.hidden = !branches;
    const key = branches ? [version, data.curve.key, data.curve.marks.length, text.take_up].join(" ") : "";
    if (key !== waysKey) {
      waysKey = key;
      const way = (curve, action) => el("li", { title: curve.name }, el("b", {}, wayLetter(ctx, curve.key)), el("span"), el("small", {}, curve.marks.at(-1)?.label ?? ""), action);
      const each = branches ? [
        ...curves.slice(0, branches).map((curve, i) => way(curve, el("button", { class: "button", type: "button", onclick: (event) => { if (event.detail < 2) bar.wish("switch", i); } }, text.take_up))),
        way(data.curve, el("em", {}, text.this_way)),
      ] : [];
      ways.replaceChildren(...each);
    }
    [...ways.children].forEach((item, i) => {
      const steps = i < branches ? curves[i].steps : data.run.step, exams = data.arrays[`exams-${i < branches ? i + 1 : 0}`];
      item.querySelector("span").textContent = fill(text.way_so_far, { steps: asCount(steps), share: asShare(exams.values[3 * exams.shape[1] - 1]) });
    });
  }

  return { element, draw, texts };
}

function nearestPlace(steps, step) {
  return steps.reduce((best, each, i) => (Math.abs(each - step) < Math.abs(steps[best] - step) ? i : best), 0);
}
