// The curves of a training run: a canvas with a cursor that is moved by pointer or arrow keys.

const percent = (share, digits = 1) => (share === null ? "–" : `${(100 * share).toFixed(digits)}%`);
const short = (value) => {
  if (value === null || !Number.isFinite(value)) return "–";
  const text = value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("e+", "e").replaceAll("-", "−");
};
const shown = { loss: short, accuracy: (value) => percent(value) };

// ---------------------------------------------------------------- canvas

// Fit a canvas to its place, in the screen's own pixels; returns what is drawn with.
function fresh(canvas, height) {
  const ratio = devicePixelRatio || 1, width = canvas.parentElement.clientWidth;
  const w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

// ---------------------------------------------------------------- curves

function curvePlot(ctx, kind) {
  const title = el("p", { class: "title" });
  const canvas = el("canvas", { tabindex: "0", role: "img" });
  const readout = el("div", { class: "readout", hidden: "" });
  const log = kind === "loss" ? el("button", { class: "toggle", type: "button", onclick: () => { ctx.state.log = !ctx.state.log; draw(ctx); } }) : null;
  const element = el("figure", { class: "plot" }, title, el("div", { class: "canvas" }, canvas, readout));
  let place = null;  // the last drawing's scales

  const point = (epoch) => { ctx.state.at = epoch; ctx.parts.loss.draw(); ctx.parts.accuracy.draw(); };
  canvas.onpointermove = (event) => { if (place) point(place.epochAt(event.offsetX)); };
  canvas.onpointerdown = canvas.onpointermove;
  canvas.onpointerleave = () => point(null);
  canvas.onblur = () => point(null);
  canvas.onkeydown = (event) => {
    const { run } = ctx.state, last = run.steps / run.stepsPerEpoch, by = 1 / run.stepsPerEpoch;
    const now = ctx.state.at ?? last;
    const to = { ArrowLeft: now - by, ArrowRight: now + by, PageUp: now + 1, PageDown: now - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(Math.max(0, Math.min(last, to)));
    ctx.say(readout.innerText);
  };

  function drawPlot() {
    const { run, ghost, colors, font, at } = ctx.state, { text, data } = ctx;
    const earlier = ghost?.data === run.data ? ghost : null;
    const { pen, width, height } = fresh(canvas, isNarrow(element) ? 180 : 190);
    const box = { left: kind === "loss" ? 48 : 56, right: width - 14, top: 10, bottom: height - 28 };
    const longest = Math.max(run.steps / run.stepsPerEpoch, earlier ? earlier.steps / earlier.stepsPerEpoch : 0);
    const epochs = [1, 2, 3, 5, 8, 12, 16, 20, 30, 40, 60, 80, 100, 150, 200].find((end) => end >= longest) ?? Math.ceil(longest / 100) * 100;
    const x = (epoch) => box.left + (box.right - box.left) * epoch / epochs;
    const scale = kind === "loss" ? lossScale(ctx, [run, earlier], box) : { y: (v) => box.bottom + (box.top - box.bottom) * v, ticks: [0, 0.25, 0.5, 0.75, 1], name: (v) => `${100 * v}%` };
    place = { epochAt: (px) => Math.max(0, Math.min(epochs, (px - box.left) / (box.right - box.left) * epochs)) };

    pen.font = `14px ${font}`;
    pen.lineWidth = 1; pen.strokeStyle = colors.line; pen.fillStyle = colors.faint;
    pen.textAlign = "right"; pen.textBaseline = "middle";
    for (const tick of scale.ticks) {
      line(pen, [[box.left, scale.y(tick)], [box.right, scale.y(tick)]]);
      pen.fillText(scale.name(tick), box.left - 8, scale.y(tick));
    }
    pen.textAlign = "center"; pen.textBaseline = "alphabetic";
    const every = Math.ceil(epochs / 5);
    for (let epoch = 0; x(epochs) - x(epoch) > 85; epoch += every) pen.fillText(epoch, x(epoch), height - 8);
    pen.textAlign = "right";
    pen.fillText(`${text.epoch} ${epochs}`, box.right + 4, height - 8);

    pen.save();
    pen.beginPath(); pen.rect(box.left, box.top - 4, box.right - box.left + 4, box.bottom - box.top + 8); pen.clip();
    if (earlier) {
      pen.setLineDash([5, 4]); pen.lineWidth = 2; pen.strokeStyle = colors.faint;
      line(pen, testPoints(earlier, kind).map(([epoch, value]) => [x(epoch), scale.y(value)]));
      pen.setLineDash([]);
    }
    pen.lineWidth = 1.2; pen.strokeStyle = colors.faint; pen.globalAlpha = 0.55;
    line(pen, batchPoints(run, kind).map(([epoch, value]) => [x(epoch), scale.y(value)]));
    pen.globalAlpha = 1;
    pen.lineWidth = 3; pen.strokeStyle = colors["role-output"]; pen.fillStyle = colors["role-output"]; pen.lineJoin = "round";
    const tests = data.secret ? [] : testPoints(run, kind).map(([epoch, value]) => [x(epoch), scale.y(value)]);
    line(pen, tests);
    if (tests.length) disc(pen, tests.at(-1), 5);
    pen.restore();

    drawMarks(pen, run, x, kind === "loss" ? box.top + 8 : box.bottom - 10, box, colors, font);
    if (at !== null && at !== undefined && run.steps) drawCursor(pen, x, box, scale, at);
    else readout.hidden = true;
    title.replaceChildren(kind === "loss" ? text.loss : text.accuracy, legend(run, earlier), ...(log ? [log] : []));
    if (log) { log.textContent = text.log; log.setAttribute("aria-pressed", String(Boolean(ctx.state.log))); }
    const changes = run.marks.map(({ step, label }) => `${label} (${fill(text.after_step, { step })})`);
    canvas.setAttribute("aria-label", [title.innerText, ...changes, text.walk].join(". "));
  }

  function drawCursor(pen, x, box, scale, at) {
    const { run, ghost, colors } = ctx.state, { text } = ctx;
    const step = Math.max(1, Math.min(run.steps, Math.round(at * run.stepsPerEpoch)));
    const epoch = step / run.stepsPerEpoch;
    pen.strokeStyle = colors.text; pen.lineWidth = 1;
    line(pen, [[x(epoch), box.top], [x(epoch), box.bottom]]);
    const batch = run.batch[kind][Math.min(Math.ceil(step / run.thin), run.batch[kind].length) - 1];
    const nearest = nearestTest(run, step);
    if (!ctx.data.secret) {
      pen.fillStyle = colors["role-output"];
      disc(pen, [x(run.test.steps[nearest] / run.stepsPerEpoch), scale.y(run.test[kind][nearest])], 5);
    }
    const rows = [
      fill(text.at_step, { step, epoch: epoch.toFixed(2) }),
      batch === undefined ? null : fill(text.batch_short, { value: shown[kind](batch) }),
      fill(text.test_short, { value: shown[kind](run.test[kind][nearest]), step: run.test.steps[nearest] }),
    ];
    if (ghost?.data === run.data) {
      const then = nearestTest(ghost, epoch * ghost.stepsPerEpoch);
      rows.push(fill(text.before_short, { name: ghost.name, value: shown[kind](ghost.test[kind][then]) }));
    }
    readout.replaceChildren(...rows.filter(Boolean).map((row) => el("div", {}, row)));
    readout.hidden = false;
    const isRight = x(epoch) > (box.left + box.right) / 2;
    readout.style.left = isRight ? "auto" : `${x(epoch) + 10}px`;
    readout.style.right = isRight ? `${canvas.parentElement.clientWidth - x(epoch) + 10}px` : "auto";
    readout.classList.toggle("low", kind === "accuracy");
  }

  function legend(run, earlier) {
    const { text } = ctx, entry = (kindOfLine, words) => el("span", { class: `entry ${kindOfLine}` }, words);
    return el("small", {},
      entry("test", text.test_images),
      entry("batch", run.thin > 1 ? fill(text.mean_of, { count: run.thin }) : text.each_batch),
      earlier ? entry("earlier", text.before) : null);
  }

  return { element, draw: drawPlot };
}

const isNarrow = (element) => element.clientWidth < 380;

const testPoints = ({ test, stepsPerEpoch }, kind) => Array.from(test.steps, (step, i) => [step / stepsPerEpoch, test[kind][i]]);
const batchPoints = ({ batch, thin, stepsPerEpoch }, kind) => Array.from(batch[kind], (value, i) => [(i + 0.5) * thin / stepsPerEpoch, value]);

function nearestTest({ test }, step) {
  let best = 0;
  test.steps.forEach((s, i) => { if (Math.abs(s - step) < Math.abs(test.steps[best] - step)) best = i; });
  return best;
}

// The loss from 0 to a little above where it began; what explodes leaves at the top. Or by powers of ten.
function lossScale(ctx, [run, earlier], box) {
  const values = [...run.batch.loss, ...run.test.loss, ...earlier?.test.loss ?? [], ctx.data.facts.chanceLoss].filter(Number.isFinite);
  const up = (share) => box.bottom + (box.top - box.bottom) * Math.max(-0.1, Math.min(1.1, share));
  if (ctx.state.log) {
    const top = Math.ceil(Math.log10(Math.max(...values)) - 0.2), low = Math.max(top - 8, Math.floor(Math.log10(Math.max(1e-12, Math.min(...values)))));
    const every = Math.max(1, Math.ceil((top - low) / 4));
    const ticks = []; for (let power = top; power >= low; power -= every) ticks.push(10 ** power);
    return { y: (v) => up((Math.log10(Math.max(v, 1e-30)) - low) / (top - low)), ticks, name: (v) => (v >= 0.01 && v <= 1000 ? String(Number(v.toPrecision(1))) : `1e${Math.round(Math.log10(v))}`).replace("-", "−") };
  }
  const largest = Math.min(Math.max(...values), 2 * ctx.data.facts.chanceLoss);
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2].find((size) => largest / size <= 5) ?? 2;
  const top = Math.ceil(largest / step) * step, ticks = [];
  for (let tick = 0; tick <= top + 1e-9; tick += step) ticks.push(tick);
  return { y: (v) => up((Number.isFinite(v) ? v : 2 * top) / top), ticks, name: (v) => String(Number(v.toFixed(2))) };
}

function drawMarks(pen, run, x, first, box, colors, font) {
  pen.font = `13px ${font}`; pen.strokeStyle = colors.accent; pen.lineWidth = 1.5;
  run.marks.forEach(({ step, label }, i) => {
    const at = x(step / run.stepsPerEpoch);
    pen.setLineDash([2, 3]); line(pen, [[at, box.top], [at, box.bottom]]); pen.setLineDash([]);
    const isRight = at > (box.left + box.right) / 2, width = pen.measureText(label).width;
    const left = isRight ? at - 6 - width : at + 6, y = first + (first < box.top + 20 ? 17 : -17) * (i % 4);
    pen.fillStyle = colors.page; pen.globalAlpha = 0.85; pen.fillRect(left - 2, y - 9, width + 4, 18); pen.globalAlpha = 1;
    pen.fillStyle = colors.accent; pen.textAlign = "left"; pen.textBaseline = "middle";
    pen.fillText(label, left, y);
  });
}

function line(pen, points) {
  pen.beginPath();
  points.forEach(([px, py], i) => (i ? pen.lineTo(px, py) : pen.moveTo(px, py)));
  pen.stroke();
}

function disc(pen, [px, py], radius) { pen.beginPath(); pen.arc(px, py, radius, 0, 2 * Math.PI); pen.fill(); }
