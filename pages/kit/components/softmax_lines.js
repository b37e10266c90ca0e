// The drawing, its twelve numbers, and a line for each vote: as thick as the vote, blue for, rust against.

function buildSource(ctx) {
  const { parts, text } = ctx;
  parts.picture = el("div", { class: "picture" });
  parts.sheets = el("div", { class: "sheets", role: "group", "aria-label": text.drawing });
  parts.classes = el("div", { class: "options", role: "group" });
  parts.source = el("div", { class: "source" }, parts.picture, parts.sheets, parts.classes);
}

function drawSource(ctx) {
  const { data, parts, text } = ctx, chosen = data.sheets.find(({ name }) => name === data.sheet);
  const look = [data.sheet, data.names.length, ctx.dark, text.drawing].join();
  if (look === parts.sourceLook) return;
  parts.sourceLook = look;
  parts.picture.replaceChildren(picture(ctx, chosen.pixels, `${text.drawing}: ${chosen.label}`));
  replaceKeepingFocus(parts.sheets, data.sheets.map(({ name, label, pixels }) => el("button", {
    class: "sheet", type: "button", "aria-label": label, title: label, "aria-pressed": String(name === data.sheet),
    onclick: () => ctx.send("sheet", name),
  }, picture(ctx, pixels))));
  parts.classes.setAttribute("aria-label", text.classes);
  replaceKeepingFocus(parts.classes, [2, 4].map((count) => el("button", {
    class: "option", type: "button", "aria-pressed": String(count === data.names.length), onclick: () => ctx.send("classes", count),
  }, ["X", "O", "+", "/"].slice(0, count).join(" "))));
}

// Their buttons are made anew; whoever stood on one stands there still.
function replaceKeepingFocus(parent, children) {
  const at = [...parent.children].indexOf(parent.getRootNode().activeElement);
  parent.replaceChildren(...children);
  children[at]?.focus();
}

function picture(ctx, pixels, label) {
  const shade = (value) => color(value, { scale: "image", dark: ctx.dark }).fill;
  const ink = pixels.flatMap((row, r) => row.map((value, c) => (value > 0 ? `M${c} ${r}h1v1h-1z` : ""))).join("");
  return svg("svg", { viewBox: "0 0 9 9", ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }) },
    svg("rect", { width: 9, height: 9, fill: shade(0) }), svg("path", { d: ink, fill: shade(1) }));
}

// ---------------------------------------------------------------- who votes

const GLYPHS = ["M3 3L15 15", "M3 3L15 15M15 3L3 15", "M15 3L3 15"]; // the strokes of the three kernels

function buildVoters(ctx) {
  const { data, parts } = ctx;
  parts.voterHead = el("p", { class: "voter-head" });
  parts.voter = data.inputs.map((_, n) => {
    const each = Object.fromEntries(["input", "weight", "vote"].map((name) => [name, el("span", { class: name })]));
    each.element = el("button", {
      class: "voter", type: "button", onclick: () => look(ctx, n), onfocus: () => look(ctx, n), onblur: () => look(ctx, null),
      onpointerenter: (event) => hovers(event) && look(ctx, n), onpointerleave: () => look(ctx, null),
    }, cornerOf(n % 4), each.input, each.weight, each.vote);
    return each;
  });
  parts.voters.replaceChildren(parts.voterHead, ...GLYPHS.map((d, map) => el("div", { class: "ward" },
    svg("svg", { class: "glyph", viewBox: "0 0 18 18", "aria-hidden": "true" }, svg("path", { d })),
    ...parts.voter.slice(4 * map, 4 * map + 4).map(({ element }) => element))));
}

const cornerOf = (i) => svg("svg", { class: "corner", viewBox: "0 0 16 16", "aria-hidden": "true" }, ...[0, 1, 2, 3].map((at) =>
  svg("rect", { class: at === i ? "here" : "", x: 1 + 7 * (at % 2), y: 1 + 7 * (at >> 1), width: 6, height: 6, rx: 1 })));

function drawVoters(ctx) {
  const { data, parts, state, text } = ctx, k = state.shown;
  parts.voterHead.replaceChildren(...["input", "weight", "vote"].map((name) => el("span", { class: name }, text[name])));
  const largest = largestVote(data);
  parts.voter.forEach(({ element, input, weight, vote }, n) => {
    const shade = color(data.inputs[n], { dark: ctx.dark }), tint = color(data.votes[k][n], { max: largest, dark: ctx.dark });
    input.textContent = ninths(data.inputs[n]);
    input.style.cssText = `background:${shade.fill};color:${shade.ink}`;
    weight.textContent = fixed(data.weight[k][n]);
    vote.textContent = fixed(data.votes[k][n]);
    vote.style.cssText = `background:${tint.fill};color:${tint.ink}`;
    element.classList.toggle("lit", n === state.look);
    element.setAttribute("aria-label", `${data.input_names[n]}: ${product(data, k, n)}`);
    element.title = data.input_names[n];
  });
}

const largestVote = (data) => Math.max(1e-9, ...data.votes.flat().map(Math.abs));

// ---------------------------------------------------------------- a line for each vote

function drawLines(ctx) {
  const { data, parts, state } = ctx, frame = parts.stage.getBoundingClientRect();
  if (!frame.width || !parts.voter) return;
  const box = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left: left - frame.left, right: right - frame.left, top: top - frame.top, bottom: bottom - frame.top, x: (left + right) / 2 - frame.left, y: (top + bottom) / 2 - frame.top };
  };
  const from = parts.voter.map(({ element }) => box(element)), to = parts.rows.map(({ pick }) => box(pick));
  const key = JSON.stringify([frame.width, frame.height, from, to, data.sheet, data.votes[0], state.shown, state.look, ctx.dark, data.z.map((by) => by === null)]);
  if (key === parts.linesKey) return; // while scores are dragged nothing here moves
  parts.linesKey = key;
  const isDown = to[0].top > from.at(-1).bottom, // a phone
    largest = largestVote(data), spread = isDown ? 4 : 44 / 12;
  const line = (n, k) => {
    const vote = data.votes[k][n], a = from[n], b = to[k], end = (n - 5.5) * spread;
    const [x1, y1, x2, y2] = isDown ? [a.x, a.bottom + 2, b.x + end, b.top - 3] : [a.right + 3, a.y, b.left - 4, b.y + end];
    const bend = isDown ? (y2 - y1) / 2 : (x2 - x1) / 2;
    const curve = isDown ? `C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` : `C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    const isLit = state.look === null ? k === state.shown : n === state.look;
    return svg("path", {
      class: `vote-line${isLit ? " lit" : ""}${data.z[k] === null ? "" : " idle"}`, d: `M${x1} ${y1}${curve}`,
      stroke: color(Math.sign(vote), { dark: ctx.dark }).fill, "stroke-width": (isDown ? 0.4 : 0.5) + (isDown ? 4.5 : 7) * Math.abs(vote) / largest,
    });
  };
  const all = to.flatMap((_, k) => from.map((_, n) => line(n, k)));
  parts.lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  parts.lines.replaceChildren(...all.filter((each) => !each.classList.contains("lit")), ...all.filter((each) => each.classList.contains("lit")));
}
