// A drawing's twelve numbers vote for the classes; their votes and a bias make scores; a softmax makes
// shares of the scores. A row for each class (on a phone a column), each step with its operation.
// Python computes all numbers, also while something is dragged.
export default component(build, update);

const STEPS = ["name", "score", "scaled", "exponent", "power", "share", "average"];
const LINES = { name: 2, score: 4, scaled: 7, exponent: 9, power: 11, share: 13, average: 16 }; // on a phone

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: 0, look: null, peek: null, wish: null });
  buildSource(ctx);
  buildControls(ctx);
  parts.voters = el("div", { class: "voters" });
  parts.gap = el("p", { class: "arrow-label of-affine" });
  parts.ladder = el("div", { class: "ladder", role: "table" });
  parts.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
  parts.notice = el("p", { class: "notice", role: "status" });
  parts.stage = el("div", { class: "softmax" }, parts.lines, parts.source, parts.voters, parts.gap, parts.controls, parts.ladder);
  ctx.root.append(parts.stage, parts.notice, buildWords(ctx));
  const resized = new ResizeObserver(() => drawLines(ctx));
  resized.observe(parts.stage);
  ctx.onRemove(() => { resized.disconnect(); clearTimeout(state.timer); clearTimeout(state.later); });
}

function update(ctx) {
  const { data, parts, state } = ctx;
  if (data !== state.seen) { // Python's run, not an answer to a moving finger
    state.seen = data;
    if (!state.later && !state.isHeld) state.wish = null;
    if (data.at !== state.sent) state.at = state.sent = data.at; // a link or preset moved it, not this page
    state.peek = null;
  }
  const built = [data.names.length, ctx.text.together].join();
  if (built !== parts.built) {
    parts.built = built;
    buildVoters(ctx);
    buildLadder(ctx);
  }
  drawSource(ctx);
  drawControls(ctx);
  drawLadder(ctx);
  parts.notice.replaceChildren(...raised(data.notice));
  parts.notice.classList.toggle("wrong", data.total === "∞" || data.total === 0);
  show(ctx);
}

// ---------------------------------------------------------------- one row for each class

function buildLadder(ctx) {
  const { data, parts, text } = ctx, classes = data.names.length;
  const put = (tag, attributes, j, i, ...children) => el(tag, { ...attributes, style: `--j:${j};--i:${i};--line:${Object.values(LINES)[j]};` }, ...children);
  parts.arrows = Object.fromEntries(["softmax", "average"].map((name) => [name, el("p", { class: `arrow-label of-${name}` })]));
  parts.heads = STEPS.map((step, j) => put("span", { class: `head of-${step}`, role: "columnheader" }, j, 0));
  parts.reset = el("button", { class: "reset", type: "button", onclick: () => ctx.send("sheet", ctx.data.sheet) });
  parts.rows = data.names.map((name, k) => {
    const cells = STEPS.map((step, j) => put("span", { class: `cell-of of-${step}`, role: step === "name" ? "rowheader" : "cell" }, j, k + 1));
    const pick = el("button", {
      class: "pick", type: "button", onclick: () => moveTo(ctx, k),
      onkeydown: (event) => walk(ctx, event, k), onfocus: () => peek(ctx, k), onblur: () => peek(ctx, null),
    }, name);
    const slider = scoreSlider(ctx, k), bars = ["share", "average"].map(() => el("i", {}));
    const values = Object.fromEntries(STEPS.slice(1).map((step) => [step, el("b", {})]));
    cells.forEach((cell, j) => cell.append(j ? values[STEPS[j]] : pick));
    cells[1].append(slider);
    cells[5].append(el("span", { class: "bar" }, bars[0]));
    cells[6].append(el("span", { class: "bar" }, bars[1]));
    const row = el("div", {
      class: "line", role: "row", onclick: (event) => event.target.closest("input, button") || moveTo(ctx, k),
      onpointerenter: (event) => hovers(event) && peek(ctx, k), onpointerleave: (event) => hovers(event) && peek(ctx, null),
    }, put("span", { class: "band", role: "presentation" }, 0, k + 1), ...cells);
    return { row, pick, slider, values, bars };
  });
  parts.sums = STEPS.map((step, j) => put("span", { class: `sum of-${step}`, role: j ? "cell" : "rowheader" }, j, classes + 1));
  parts.sums[0].textContent = text.together;
  parts.ladder.style.setProperty("--classes", classes);
  parts.ladder.replaceChildren(
    parts.arrows.softmax, parts.arrows.average,
    el("div", { class: "line", role: "row" }, ...parts.heads),
    ...parts.rows.map(({ row }) => row),
    el("div", { class: "line", role: "row" }, ...parts.sums));
}

function drawLadder(ctx) {
  const { data, parts, text } = ctx;
  for (const [name, label] of Object.entries({ ...parts.arrows, affine: parts.gap })) writeArrow(label, data.arrows[name]);
  const plus = `${data.c < 0 ? "−" : "+"} ${number(Math.abs(data.c))}`, e = el("span", {}, "e", el("sup", {}, "□"));
  const heads = {
    name: [], score: [text.score, parts.reset],
    scaled: [`(z ${plus}) / ${exact(data.t)}`],
    exponent: [data.shift ? "− max" : "− 0"],
    power: [e], share: ["/ Σ"], average: [text.averages],
  };
  STEPS.forEach((step, j) => parts.heads[j].replaceChildren(...heads[step]));
  parts.reset.textContent = "↺";
  parts.reset.title = text.reset;
  parts.reset.setAttribute("aria-label", text.reset);
  parts.reset.disabled = data.z.every((value) => value === null);
  parts.heads[3].classList.toggle("off", !data.shift);
  const numbers = { score: data.scores.map(fixed), scaled: data.scaled.map(fixed), exponent: data.exponents.map(fixed), power: data.powers.map(brief), share: data.shares.map(portion), average: data.averages.map(portion) };
  parts.rows.forEach(({ row, pick, slider, values, bars }, k) => {
    for (const [step, words] of Object.entries(numbers)) {
      values[step].textContent = words[k];
      values[step].classList.toggle("broken", !/\d/.test(words[k]));
    }
    values.share.classList.toggle("broken", data.winner === null);
    row.classList.toggle("winner", k === data.winner);
    row.classList.toggle("elected", k === data.elected);
    row.classList.toggle("by-hand", data.z[k] !== null);
    row.classList.toggle("unshifted", !data.shift);
    row.classList.toggle("largest", data.shift && data.scaled[k] === data.largest);
    slider.show(data.scores[k]);
    bars[0].style.width = `${100 * (Number(data.shares[k]) || 0)}%`;
    bars[1].style.width = `${100 * data.averages[k]}%`;
    pick.setAttribute("aria-label", fill(text.row, { name: data.names[k], score: numbers.score[k], share: numbers.share[k], average: numbers.average[k] }));
  });
  const sums = { score: fixed(data.scores_sum), power: brief(data.total), share: whole(data.shares_sum), average: fixed(data.averages_sum) };
  STEPS.slice(1).forEach((step, j) => {
    parts.sums[j + 1].textContent = sums[step] ?? "";
    parts.sums[j + 1].classList.toggle("broken", step in sums && (!/\d/.test(sums[step]) || (step === "share" && data.winner === null)));
  });
}

function writeArrow(label, words) {
  const [operation, parameters] = words.split(" · ");
  label.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
}

// ---------------------------------------------------------------- what a reader looks at

function moveTo(ctx, k) {
  const { state, parts } = ctx;
  state.at = k;
  state.peek = null;
  show(ctx);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => { if (state.at !== state.sent) ctx.send("at", (state.sent = state.at)); }, 250);
  ctx.say(parts.rows[k].pick.getAttribute("aria-label"));
}

function walk(ctx, event, k) {
  const last = ctx.data.names.length - 1;
  const to = { ArrowUp: k - 1, ArrowLeft: k - 1, ArrowDown: k + 1, ArrowRight: k + 1, Home: 0, End: last }[event.key];
  if (to === undefined || to < 0 || to > last) return;
  event.preventDefault(); event.stopPropagation();
  moveTo(ctx, to);
  ctx.parts.rows[to].pick.focus();
}

// A finger does not hover, nor does a mouse that drags a score past other rows.
const hovers = (event) => event.pointerType !== "touch" && !event.buttons;

function peek(ctx, k) {
  if (ctx.state.peek === k) return;
  ctx.state.peek = k;
  show(ctx);
}

// Which of the twelve numbers is looked at: all four votes of it are written out.
function look(ctx, n) {
  if (ctx.state.look === n) return;
  ctx.state.look = n;
  show(ctx);
}

function show(ctx) {
  const { parts, state, data } = ctx;
  const k = state.shown = Math.min(state.peek ?? state.at, data.names.length - 1);
  parts.rows.forEach(({ row, pick }, i) => {
    row.classList.toggle("chosen", i === k);
    pick.setAttribute("aria-pressed", String(i === state.at));
    pick.tabIndex = i === state.at ? 0 : -1;
  });
  drawVoters(ctx);
  drawWords(ctx);
  drawLines(ctx);
}
