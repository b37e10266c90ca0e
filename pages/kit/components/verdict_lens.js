// The arrow that is open, large: matching, ReLU and the two poolings for the chosen kernel. The last
// three arrows are in verdict_votes.js.
const CELLS = [0, 49, 49, 16, 4, 12, 12, 1]; // so many steps has the walk through each lens
const SIDES = [0, 7, 7, 4, 2]; // of the map that comes out

function buildLens(ctx, { onCell, onNeuron, onLook, onWalk, onPeek }) {
  const { parts } = ctx;
  parts.title = el("h4", { class: "lens-title" });
  parts.bar = playBar(ctx, { interval: 400, onStep: onWalk });
  const target = (r, c) => onCell(ctx.state.lens, ctx.state.kernel, r, c);
  const peek = (r, c) => onPeek(r === null ? null : cellOf(ctx.state.lens, r, c));
  const source = (act) => (r, c) => act(r === null ? null : ctx.state.lens < 3 ? r : r >> 1, ctx.state.lens < 3 ? c : c >> 1);
  parts.seen = numberGrid(ctx, { role: "input" });
  parts.kernelGrid = numberGrid(ctx, { role: "kernel" });
  parts.products = numberGrid(ctx);
  parts.matches = numberGrid(ctx, { role: "output", onPick: target, onHover: peek });
  parts.before = numberGrid(ctx, { role: "neutral", onPick: source(target), onHover: source(peek) });
  parts.after = numberGrid(ctx, { role: "output", onPick: target, onHover: peek });
  parts.agree = el("p", { class: "arithmetic" });
  parts.between = el("div", { class: "between" });
  const sign = (words) => el("span", { class: "sign", "aria-hidden": "true" }, words);
  parts.bodies = {
    begin: el("div", { class: "body begin" }),
    match: el("div", { class: "body matching" },
      el("div", { class: "sum" },
        el("div", { class: "product" }, parts.seen.element, sign("×"), parts.kernelGrid.element, sign("="), parts.products.element),
        parts.agree),
      parts.matches.element),
    pair: el("div", { class: "body pairing" }, parts.before.element, parts.between, parts.after.element),
    flat: buildFlatten(ctx, { onNeuron, onLook }),
    votes: buildVotes(ctx),
    shares: buildShares(ctx),
  };
  parts.head = el("div", { class: "lens-head" }, parts.title, parts.bar.element);
  parts.lens = el("section", { class: "lens" }, parts.head, ...Object.values(parts.bodies));
  return parts.lens;
}

const bodyOf = (lens) => ["begin", "match", "pair", "pair", "pair", "flat", "votes", "shares"][lens];
// A cell of the map that comes out, as the cell of the 7×7 map at its upper left; and back.
const scaleOf = (lens) => [1, 1, 1, 2, 4][lens];
const cellOf = (lens, r, c) => scaleOf(lens) * (7 * r + c);
const spotOf = (lens, cell) => [Math.floor(cell / 7), cell % 7].map((place) => Math.floor(place / scaleOf(lens)));

function drawLens(ctx) {
  const { data, parts, state, text } = ctx, { lens } = state;
  const name = data.arrows[lens - 1]?.split(" → ")[0];
  parts.title.replaceChildren(...(lens ? [el("i", {}, String(lens)), ` ${name}`] : []));
  parts.lens.setAttribute("aria-label", parts.title.textContent);
  parts.head.hidden = lens === 0;
  parts.bar.element.hidden = CELLS[lens] < 2;
  for (const [each, body] of Object.entries(parts.bodies)) body.hidden = each !== bodyOf(lens);
  parts.lens.style.setProperty("--turn", 10 * lens + 5);
  if (lens === 0) parts.bodies.begin.textContent = text.begin;
  if (lens === 1) drawMatch(ctx);
  if (lens > 1 && lens < 5) drawPair(ctx);
  if (lens === 5) drawFlatten(ctx);
  if (lens === 6) drawVotes(ctx);
  if (lens === 7) drawShares(ctx);
  focusLens(ctx);
}

function drawMatch(ctx) {
  const { data, parts, state, text } = ctx, k = state.kernel;
  parts.kernelGrid.draw({ title: text.kernel, values: data.kernels[k], max: 1 });
  parts.matches.draw({ title: text.match, detail: `7×7 · ${data.kernel_names[k]}`, values: data.match[k], max: 1, text: (r, c, v) => ninths(v) });
}

function drawPair(ctx) {
  const { data, parts, state, text } = ctx, { lens, kernel: k } = state;
  const [from, to] = [["match", "rectified"], ["rectified", "pooled"], ["pooled", "small"]][lens - 2];
  const hangs = lens === 3, values = data[from][k], side = values.length;
  parts.pairing = { from: values, to: data[to][k] };
  parts.bodies.pair.dataset.lens = lens;
  parts.before.draw({
    title: text[from === "small" ? "map" : from], detail: `${side}×${side} · ${data.kernel_names[k]}`, max: 1, text: (r, c, v) => (v === null ? "" : ninths(v)),
    values: hangs ? [...values.map((row) => [...row, null]), Array(side + 1).fill(null)] : values, padding: hangs ? [0, 1, 0, 1] : 0,
  });
  const out = data[to][k];
  parts.after.draw({ title: text[to === "small" ? "map" : to], detail: `${out.length}×${out.length}`, values: out, max: 1, text: (r, c, v) => ninths(v) });
}

// ---------------------------------------------------------------- the cell that is looked at

function focusLens(ctx) {
  const { state } = ctx, { lens } = state;
  if (lens === 1) focusMatch(ctx);
  if (lens > 1 && lens < 5) focusPair(ctx);
  if (lens === 5) focusFlatten(ctx);
  if (lens === 6) focusVotes(ctx);
}

const focus = (ctx) => spotOf(ctx.state.lens, ctx.state.peek ?? ctx.state.cell);

function focusMatch(ctx) {
  const { data, parts, state, text } = ctx, [r, c] = focus(ctx), k = state.kernel;
  const rows = [0, 1, 2], products = data.products[k][r][c], same = data.agreements[k][r][c];
  const seen = rows.map((u) => rows.map((v) => data.drawing[r + u][c + v]));
  parts.seen.draw({ title: text.window, values: seen.map((row) => row.map((pixel) => (pixel + 1) / 2)), scale: "image", max: 1, text: (u, v) => number(seen[u][v]) });
  parts.products.draw({ title: text.products, values: rows.map((u) => products.slice(3 * u, 3 * u + 3)), max: 1 });
  parts.matches.window(r, c, 1, 1, "kernel");
  parts.agree.replaceChildren(
    el("span", {}, `${fill(text.place, { row: r + 1, column: c + 1 })} · ${fill(text.agree, { same, other: 9 - same })}`),
    el("span", {}, `${text.mean} `, el("strong", {}, `(${same} − ${9 - same}) / 9 = ${ninths(data.match[k][r][c])}`)));
}

function focusPair(ctx) {
  const { data, parts, state, text } = ctx, { lens, kernel: k } = state, [r, c] = focus(ctx), { from, to } = parts.pairing;
  const y = ninths(to[r][c]), isRelu = lens === 2, size = isRelu ? 1 : 2;
  parts.before.window(size * r, size * c, size, size, "kernel");
  parts.after.window(r, c, 1, 1, "kernel");
  parts.before.element.querySelector(".ringed")?.classList.remove("ringed");
  const where = el("p", {}, fill(text.place, { row: r + 1, column: c + 1 }));
  if (isRelu) {
    parts.between.replaceChildren(where, el("strong", {}, `max(0, ${ninths(from[r][c])}) = ${y}`), el("p", {}, fill(text.negative, { n: data.negative[k] })));
    return;
  }
  const inside = [0, 1].flatMap((u) => [0, 1].map((v) => from[size * r + u]?.[size * c + v])).filter((value) => value !== undefined);
  parts.before.cell(...data.winners[lens - 3][k][r][c]).classList.add("ringed");
  parts.between.replaceChildren(where, el("strong", {}, `max(${inside.map(ninths).join(", ")}) = ${y}`),
    el("p", {}, inside.length < 4 ? fill(text.hangs, { n: inside.length }) : text.largest));
}

// The rows and columns of the drawing that the open cell saw.
function frameOnDrawing(ctx) {
  const { data, state } = ctx, { lens } = state;
  const n = state.look ?? (lens === 5 || (lens === 6 && state.isWalking) ? state.neuron : null);
  if (n !== null) return data.origins[n] && [...data.origins[n][1], 3, 3];
  if (lens === 0 || lens > 5) return null;
  const [r, c] = focus(ctx), scale = scaleOf(lens);
  const [bottom, right] = [r, c].map((place) => Math.min(7, scale * (place + 1)));
  return [scale * r, scale * c, bottom - scale * r + 2, right - scale * c + 2];
}
