// The loss along one direction: the curve, the points where the line search looked, and the table of
// what each was worth.
//
//   optimizerCut(ctx) -> {element, draw()}
//   trialTable(ctx) -> {element, draw()}
const CUT = { left: 56, right: 14, top: 14, bottom: 42, height: 262 };

function optimizerCut(ctx) {
  const title = el("b"), plot = svg("svg", { role: "img" }), note = el("p", { class: "cut-note" });
  const element = el("div", { class: "cut" }, el("p", { class: "race-title" }, title), plot, note);
  const resized = new ResizeObserver(() => { if (ctx.data) draw(); });
  resized.observe(element);
  ctx.onRemove(() => resized.disconnect());

  function curve() {
    const { inside, cut_of: number, arrays } = ctx.data;
    if (!inside || number !== inside.number || !arrays.cut) return null;
    const { shape: [, points], values } = arrays.cut, row = (i) => [...values.subarray(i * points, (i + 1) * points)];
    return { isKept: points > 0, steps: row(0), own: row(1), every: row(2) };
  }

  function draw() {
    const { data, text } = ctx, { inside } = data, width = element.clientWidth;
    title.textContent = text.cut_title;
    if (width < 80) return;
    plot.setAttribute("width", width); plot.setAttribute("height", CUT.height);
    plot.replaceChildren();
    note.textContent = "";
    if (!inside) return;
    const cut = curve(), { before, slope, c1, trials } = inside;
    note.textContent = !cut ? text.wait : cut.isKept ? "" : text.too_old;
    const furthest = Math.max(...trials.map(({ step }) => step), 1e-300), left = CUT.left, right = width - CUT.right, top = CUT.top, bottom = CUT.height - CUT.bottom;
    const low = cut?.isKept ? cut.steps[0] : -0.12 * furthest, high = cut?.isKept ? cut.steps.at(-1) : 1.12 * furthest;
    const seen = [before, ...trials.map(({ loss }) => loss), ...(cut ? cut.own.concat(inside.small ? cut.every : []) : [])].filter(Number.isFinite);
    // What lies far above the start is cut off: the interesting part is below it, if there is any.
    const least = Math.min(...seen), largest = Math.max(...seen), hasFallen = trials.some(({ accepted }) => accepted);
    const drop = Math.max((hasFallen ? before : largest) - least, Math.abs(before) * 1e-7, 1e-12), most = Math.min(largest, before + 1.5 * drop);
    const floor = least - 0.1 * drop, ceiling = Math.max(most, before) + 0.15 * drop;
    const x = (step) => left + (right - left) * (step - low) / (high - low);
    const y = (loss) => (Number.isFinite(loss) ? Math.max(top - 30, bottom - (bottom - top) * (loss - floor) / (ceiling - floor)) : top - 30);
    const path = (steps, losses) => steps.map((step, i) => `${x(step).toFixed(1)},${y(losses[i]).toFixed(1)}`).join(" ");
    const words = (name, px, py, shown) => svg("text", { class: name, x: px, y: py }, shown);
    const short = (value) => asLoss(Math.abs(value) < 1e-12 * furthest ? 0 : value);
    plot.append(
      ...[0, furthest].map((step) => words("below", x(step), bottom + 18, short(step))),
      words("axis", (left + right) / 2, CUT.height - 4, text.step_length),
      ...[before, least].map((loss) => words("beside", left - 6, y(loss) + 5, asLoss(loss))),
      svg("path", { class: "gridline", d: `M${left} ${bottom}H${right}M${x(0)} ${top}V${bottom}` }),
      svg("clipPath", { id: "inside-cut" }, svg("rect", { x: left, y: top, width: right - left, height: bottom - top })),
      svg("g", { "clip-path": "url(#inside-cut)" },
        svg("path", { class: "armijo", d: `M${x(0)} ${y(before)}L${x(high)} ${y(before + c1 * high * slope)}` }),
        cut && inside.small ? svg("polyline", { class: "cut-line every", points: path(cut.steps, cut.every) }) : null,
        cut ? svg("polyline", { class: "cut-line", points: path(cut.steps, cut.own) }) : null));
    const tangent = (step, loss, rate) => {
      const run = 26, rise = -rate * (bottom - top) / (ceiling - floor) / ((right - left) / (high - low)), size = Math.hypot(1, rise);
      return svg("path", { class: "tangent", d: `M${x(step) - run / size} ${y(loss) - run * rise / size}L${x(step) + run / size} ${y(loss) + run * rise / size}` });
    };
    const looks = [{ step: 0, loss: before, rate: slope, name: "start", shown: "0" },
      ...trials.map(({ step, loss, slope: rate, accepted }, i) => ({ step, loss: loss ?? Infinity, rate, name: accepted ? "accepted" : "", shown: String(i + 1) }))]
      .map((each) => ({ ...each, px: x(each.step), py: Math.max(top - 2, y(each.loss)) }));
    const numbered = apart(looks);
    const dot = (each) => svg("g", { class: `trial-dot ${each.name}`, transform: `translate(${each.px} ${each.py})` },
      svg("circle", { r: numbered.has(each) ? 10 : 4 }), numbered.has(each) ? words("", 0, 5, each.shown) : null);
    plot.append(
      svg("g", { "clip-path": "url(#inside-cut)" }, ...looks.filter((each) => numbered.has(each) && each.rate !== null && y(each.loss) >= top).map(({ step, loss, rate }) => tangent(step, loss, rate))),
      ...looks.filter((each) => !numbered.has(each)).map(dot), ...[...numbered].reverse().map(dot));
    if (inside.small) plot.append(words("curve-name every", right, top + 10, text.whole_curve), words("curve-name", right, top + 28, text.batch_curve));
    plot.setAttribute("aria-label", [text.cut_title, ...trials.map((each, i) => trialWords(ctx, each, i))].join(". "));
  }
  return { element, draw };
}

// The points with room for a number: first of all the accepted one and the start.
function apart(looks) {
  const numbered = new Set(), rank = ({ name }) => ["accepted", "start", ""].indexOf(name);
  for (const each of [...looks].sort((a, b) => rank(a) - rank(b))) {
    if ([...numbered].every(({ px, py }) => Math.hypot(px - each.px, py - each.py) > 14)) numbered.add(each);
  }
  return numbered;
}

function trialWords(ctx, { step, loss, slope, lower, flat, accepted }, i) {
  const { text } = ctx, yes = (is) => (is ? text.yes : text.no);
  return `${text.trial} ${i + 1}: α ${asLoss(step)}, ${text.loss_here} ${asLoss(loss ?? Infinity)}, ${text.slope_here} ${asLoss(slope ?? Infinity)}, ${text.lower} ${yes(lower)}, ${text.flat} ${yes(flat)}${accepted ? `, ${text.accepted}` : ""}`;
}

function trialTable(ctx) {
  const body = el("tbody"), head = el("tr"), stands = el("p", { class: "cut-note" });
  const element = el("div", { class: "trials" }, el("table", {}, el("thead", {}, head), body), stands);
  const mark = (is, words) => el("td", { class: is ? "mark is-met" : "mark" }, svg("svg", { viewBox: "0 0 16 16", role: "img", "aria-label": words }, svg("path", { d: is ? "M2 9l4 4l8 -10" : "M3 3l10 10m0 -10l-10 10" })));
  function draw() {
    const { data: { inside }, text } = ctx;
    head.replaceChildren(...[text.trial, "α", text.loss_here, text.slope_here, text.lower, text.flat, ""].map((words) => el("th", { scope: "col" }, words)));
    body.replaceChildren(...(inside ? inside.trials : []).map((each, i) => el("tr", { class: each.accepted ? "accepted" : "" },
      el("td", {}, String(i + 1)), el("td", {}, asLoss(each.step)), el("td", {}, asLoss(each.loss ?? Infinity)), el("td", {}, asLoss(each.slope ?? Infinity)),
      mark(each.lower, each.lower ? text.yes : text.no), mark(each.flat, each.flat ? text.yes : text.no), el("td", {}, each.accepted ? text.accepted : ""))));
    stands.textContent = inside && !inside.trials.some(({ accepted }) => accepted) ? text.stands : "";
  }
  return { element, draw };
}
