// The sheet: a pad whose ink shows what it says, digits to start from, and the frame.

function buildSheet(ctx) {
  const { parts, data } = ctx;
  parts.pad = drawingPad(ctx, {
    size: data.size, scale: "image", inkOf: (i) => inkOf(ctx, i), onChange: () => drew(ctx), onPoint: (i) => pointAt(ctx, i),
  });
  parts.field = el("i", { class: "field", hidden: "" });
  parts.padTitle = el("p", { class: "grid-title" });
  const [frame, tools] = parts.pad.element.children;
  frame.append(parts.field);
  parts.sheet = el("section", { class: "sheet" }, parts.padTitle, frame);
  parts.digits = data.counts.map((count, label) => el("button", { class: "button digit", type: "button",
    onclick: () => take(ctx, `mnist-${label}-0`) }, String(label)));
  parts.another = el("button", { class: "button", type: "button", onclick: () => {
    const [label, index] = digitOf(ctx) ?? [0, -1];
    take(ctx, `mnist-${label}-${(index + 1) % ctx.data.counts[label]}`);
  } });
  tools.append(parts.another);
  parts.digitRow = el("div", { class: "digits", role: "group" }, ...parts.digits);
  parts.tools = el("section", { class: "tools" }, tools, parts.digitRow);
  parts.seen = el("canvas", { role: "img" });
  parts.switch = el("input", { type: "checkbox", role: "switch", onchange: () => choose(ctx, { framed: parts.switch.checked ? "1" : "0" }) });
  parts.framing = el("section", { class: "framing" }, parts.seen,
    el("div", {}, el("label", {}, parts.switch, el("span")), el("p"), el("p", { class: "arrow-label" })));
}

// Class and number of the digit of MNIST on the sheet.
function digitOf({ state }) {
  const [set, label, index] = state.sheet.split("-");
  return set === "mnist" ? [Number(label), Number(index)] : null;
}

function drawSheet(ctx) {
  const { data, parts, text, state } = ctx, digit = digitOf(ctx);
  parts.padTitle.replaceChildren(text.sheet, el("small", {}, `${data.title} · ${data.size}×${data.size}`));
  state.hues = hues(ctx);
  parts.pad.set(parts.pad.pixels);
  parts.another.textContent = text.another;
  parts.digitRow.setAttribute("aria-label", text.digits);
  parts.digits.forEach((button, label) => {
    button.setAttribute("aria-label", fill(text.digit, { digit: label }));
    button.setAttribute("aria-pressed", String(digit?.[0] === label));
  });
  const { shape: [rows, columns], values } = data.arrays.seen, [label, words, arrowLabel] = parts.framing.lastChild.children;
  paintMap(parts.seen, values, rows, columns, ramp("image", ctx.dark), 0, 1);
  parts.seen.setAttribute("aria-label", text.seen);
  parts.seen.title = text.seen;
  label.lastChild.textContent = text.framed;
  parts.switch.checked = data.framed === "1";
  words.textContent = data.frame.words;
  arrowLabel.textContent = data.arrows.frame;
  drawField(ctx);
}

// The part of the sheet that the cell sees that is looked at.
function drawField(ctx) {
  const { data, parts } = ctx, { box } = data.looked;
  parts.field.hidden = !box;
  if (!box) return;
  const [top, left, side] = box, size = data.size, clip = (at) => Math.max(0, Math.min(size, at));
  const [y, x, bottom, right] = [top, left, top + side, left + side].map(clip), percents = (cells) => `${(100 * cells) / size}%`;
  Object.assign(parts.field.style, { top: percents(y), left: percents(x), height: percents(bottom - y), width: percents(right - x) });
}

// ---------------------------------------------------------------- ink that is lit

// The colours of the ink: from a grey to what a pixel says for (+1) or against (−1), in 51 steps.
const STEPS = 25;
function hues(ctx) {
  const [against, , pro] = SCALES[ctx.dark ? "dark" : "light"].signed, [paper, ink] = SCALES[ctx.dark ? "dark" : "light"].image;
  const grey = `#${mix(paper, ink, 0.42).map((c) => Math.round(c).toString(16).padStart(2, "0")).join("")}`;
  return Array.from({ length: 2 * STEPS + 1 }, (_, i) => mix(grey, i < STEPS ? against : pro, Math.abs(i - STEPS) / STEPS));
}

const largest = (values, least = 0.01) => values.reduce((most, value) => Math.max(most, Math.abs(value)), least);
// Small shares stay visible beside a large one.
const softened = (share) => Math.sign(share) * Math.abs(share) ** 0.7;
const hueAt = (ctx, value, most) => ctx.state.hues[STEPS + Math.round(STEPS * softened(value / most))];

function inkOf(ctx, i) {
  const { values } = ctx.data.arrays.ink;
  if (ctx.state.most?.of !== values) ctx.state.most = { of: values, value: largest(values) };
  return hueAt(ctx, values[i], ctx.state.most.value);
}

// What a pixel says is told where there is ink, while nobody draws.
function pointAt(ctx, i) {
  const { parts, state } = ctx;
  if (i === null) return state.look.startsWith("pixel") ? look(ctx, "") : undefined;
  look(ctx, parts.pad.pixels[i] && !parts.pad.isBusy ? `pixel-${i}` : "");
}
