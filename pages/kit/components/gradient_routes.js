// The way back through one pooling: the gradient of one output, its arrows into the cells of the
// window, what has arrived there, and the arithmetic. Below the trainable one: β and b.

function route(ctx, name) {
  const grid = numberGrid(ctx, {
    role: "gradient",
    label: fill(ctx.text.arriving, { pooling: ctx.text[name] }),
    onPick: (r, c) => moveTo(ctx, windowOf(ctx, r, c) ?? ctx.state.at, { chosen: `${r + 1}-${c + 1}` }),
    onHover: (r, c) => point(ctx, r === null ? null : [r, c]),
  });
  const title = el("p", { class: "route-title" }), sent = el("span", { class: "sent" });
  const arrows = svg("svg", { class: "arrows", "aria-hidden": "true" });
  const share = el("p", { class: "share" }), cell = el("p", { class: "cell-sum" }), balance = el("p", { class: "balance" });
  const element = el("section", { class: `route ${name}` },
    title, el("div", { class: "drop" }, sent), grid.element, arrows, share, cell, balance);
  return { element, grid, title, sent, arrows, share, cell, balance };
}

function point(ctx, at) {
  if (String(at) === String(ctx.state.hover)) return;
  ctx.state.hover = at;
  look(ctx, at && windowOf(ctx, ...at));
  show(ctx);
}

function drawRoute(ctx, name) {
  const { data, state, parts, text } = ctx, { grid, title, sent, share, cell, balance, element } = parts.routes[name];
  const p = shown(ctx), { row, column, top, left } = place(ctx, p), back = data.back[name];
  const isHidden = isSecret(ctx, name), values = state.until === null ? back.total : back.so_far[state.until];
  title.replaceChildren(text[name], el("small", {}, text[`${name}-arrow`]));
  sent.textContent = exact(data.gradient[row][column]);
  grid.draw({ values, scale: "none", text: (r, c, value) => (isHidden ? "?" : short(value)) });
  grid.notes((r, c) => number(data.x[r][c]));
  const found = markWindows(ctx, grid, () => name === "largest" && !isHidden);
  values.forEach((line, r) => line.forEach((value, c) => {
    const cell = grid.cell(r, c);
    cell.title = isHidden || short(value) === number(value, 6) ? "" : number(value, 6);
    cell.classList.toggle("zero", value === 0 && !isHidden);
    cell.classList.toggle("checked", state.chosen === `${r + 1}-${c + 1}`);
  }));
  grid.window(top, left, data.size, data.size, "gradient");
  element.classList.toggle("secret", isHidden);
  share.replaceChildren(...(isHidden ? [text.hidden] : shareWords(ctx, name, p)));
  cell.textContent = isHidden ? "" : sumWords(ctx, name);
  const last = state.until ?? count(ctx) - 1, arrived = back.sums[last], isKept = Math.abs(arrived - data.put[last]) < 1e-9;
  balance.textContent = isHidden ? "" : `Σ ∂E/∂x = ${exact(arrived)} ${isKept ? "=" : "≠"} Σ ∂E/∂y`;
  drawArrows(ctx, name);
  return found;
}

const isSecret = (ctx, name) => ctx.data.hidden && name === "largest";
const exact = (value) => (value && Math.abs(value) < 5e-5 ? power(value) : number(value, 4));
const short = (value) => (value && Math.abs(value) < 5e-3 ? power(value) : number(value));
const equals = (value) => (Math.abs(value - Number(value.toFixed(4))) < 1e-12 ? "=" : "≈");
const factor = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
const signed = (value, i) => (i ? `${value < 0 ? "−" : "+"} ${exact(Math.abs(value))}` : exact(value));
const strong = (value) => el("strong", {}, exact(value));

// Which cells of window p get a share, and how much.
function receivers(ctx, name, p) {
  const shares = ctx.data.back[name].shares[p], cells = cellsOf(ctx, p);
  return (name === "largest" ? [cells.find(({ wins }) => wins)] : cells).map((cell) => ({ ...cell, share: shares[cell.r][cell.c] }));
}

// max: all of 2 to the winner, 8     average: 2 / 4 = 0.5     trained: β·δ = 0.25 · 2 = 0.5
function shareWords(ctx, name, p) {
  const { data, text } = ctx, { row, column } = place(ctx, p), g = data.gradient[row][column];
  const [{ share, value }] = receivers(ctx, name, p), cells = data.size ** 2;
  if (name === "largest") {
    const ties = cellsOf(ctx, p).filter(({ wins }) => wins).length > 1;
    return [fill(text[ties ? "to-first" : "to-winner"], { g: exact(g), x: exact(value) })];
  }
  const each = (words) => (cells > 1 ? fill(text.each, { sum: words, count: cells }) : words).split("#").flatMap((part, i) => (i ? [strong(share), part] : [part]));
  if (name === "average") return each(`${exact(g)} / ${cells} ${equals(share)} #`);
  const { values: [beta] } = data.dials[0], delta = data.delta[row][column], slope = data.slopes[row][column];
  const product = `β·δ = ${factor(beta)} · ${factor(delta)} ${equals(share)} #`;
  if (data.activation === "none") return each(product);
  const inner = `δ = ∂E/∂y · f′(u) = ${exact(g)} · ${exact(slope)} ${equals(delta)} ${exact(delta)}`;
  return [inner, el("br"), ...each(product)];
}

// Where windows overlap, a cell gets the sum of several shares: the one pointed at, checked, or won.
function sumWords(ctx, name) {
  if (isTiled(ctx)) return "";
  const { state, data } = ctx, last = state.until ?? count(ctx) - 1;
  const chosen = state.chosen.includes("-") ? state.chosen.split("-").map((n) => n - 1) : null;
  const winner = cellsOf(ctx, shown(ctx)).find(({ wins }) => wins);
  const [r, c] = state.hover ?? chosen ?? [winner.r, winner.c];
  const { shares, so_far } = data.back[name];
  const terms = windows(ctx).filter((p) => p <= last && receivers(ctx, name, p).some((cell) => cell.r === r && cell.c === c)).map((p) => shares[p][r][c]);
  const sum = so_far[last][r][c], written = terms.length > 1 ? `${terms.map(signed).join(" ")} ${equals(sum)} ` : "";
  return fill(ctx.text.cell, { row: r + 1, column: c + 1, value: written + exact(sum) });
}

// ---------------------------------------------------------------- arrows

function ends(ctx, name) {
  const { element, grid, sent } = ctx.parts.routes[name], box = element.getBoundingClientRect(), start = sent.getBoundingClientRect();
  const from = [start.left + start.width / 2 - box.left, start.bottom - box.top];
  return receivers(ctx, name, shown(ctx)).map(({ r, c }) => {
    const cell = grid.cell(r, c).getBoundingClientRect();
    return { from, to: [cell.left + cell.width / 2 - box.left, cell.top + cell.height * 0.2 - box.top] };
  });
}

function drawArrows(ctx, name) {
  const { arrows } = ctx.parts.routes[name];
  if (isSecret(ctx, name)) return arrows.replaceChildren();
  const found = ends(ctx, name), width = found.length === 1 ? 4 : found.length < 5 ? 2.5 : 1.5;
  arrows.replaceChildren(...found.flatMap(({ from: [x, y], to: [u, v] }) => {
    const length = Math.hypot(u - x, v - y) || 1, [a, b] = [(u - x) / length, (v - y) / length], head = 5 + width;
    const [m, n] = [u - a * head, v - b * head], half = head * 0.55;
    return [
      svg("line", { x1: x, y1: y, x2: m, y2: n, "stroke-width": width }),
      svg("path", { d: `M${u} ${v}L${m - b * half} ${n + a * half}L${m + b * half} ${n - a * half}z` }),
    ];
  }));
}

// A dot runs along every arrow.
function travel(ctx) {
  if (calm()) return;
  for (const name of POOLINGS.filter((each) => !isSecret(ctx, each))) {
    for (const { from, to } of ends(ctx, name)) {
      const dot = svg("circle", { r: 6 }), at = ([x, y]) => ({ transform: `translate(${x}px, ${y}px)` });
      ctx.parts.routes[name].arrows.append(dot);
      dot.animate([at(from), at(to)], { duration: 280, easing: "ease-in" }).onfinish = () => dot.remove();
    }
  }
}

// ---------------------------------------------------------------- β and b

function learnedPart(ctx) {
  return el("div", { class: "learned" }, ...ctx.data.dials.map((dial, i) => {
    const { key, dials: [{ label, low, high, step }] } = dial, value = el("output");
    const input = el("input", { type: "range", min: low, max: high, step, "aria-label": label });
    input.oninput = () => { ctx.state.turned = { ...ctx.state.turned, [key]: Number(input.value) }; value.textContent = number(Number(input.value)); askNow(ctx); };
    input.onchange = () => ctx.send("settle", { key, values: [Number(input.value)] });
    input.onpointerup = input.onkeyup = input.onblur = () => setTimeout(() => { ctx.state.turned = undefined; }); // after onchange
    const gradient = el("button", { type: "button", class: "button", onclick: () => moveTo(ctx, ctx.state.at, { chosen: key }) });
    return el("div", { class: "dial", "data-key": key }, el("label", {}, el("span", {}, `${label} = `, value), input), gradient, el("span", { class: "term" }));
  }));
}

const turned = (ctx, { key, values }) => ctx.state.turned?.[key] ?? values[0];

function drawLearned(ctx) {
  ctx.data.dials.forEach((dial, i) => {
    const row = ctx.parts.learned.children[i], value = turned(ctx, dial);
    row.querySelector("input").value = value;
    row.querySelector("input").setAttribute("aria-valuetext", number(value));
    row.querySelector("output").textContent = number(value);
  });
}

// ∂E/∂β = 84, of which this window gave δ·Σ = 2 · 21 = 42
function showLearned(ctx, last) {
  const { data, state, parts, text } = ctx, p = shown(ctx), { row, column } = place(ctx, p);
  const delta = data.delta[row][column], give = { beta: `δ·Σ = ${exact(delta)} · ${factor(data.sums[row][column])} = ${exact(data.back.beta.shares[p])}`, bias: `δ = ${exact(delta)}` };
  data.dials.forEach(({ key, dials: [{ label }] }, i) => {
    const line = parts.learned.children[i], button = line.querySelector("button"), total = state.until === null ? data.back[key].total : data.back[key].so_far[last];
    button.textContent = `∂E/∂${label} = ${exact(total)}`;
    button.title = fill(text["check-it"], { what: `∂E/∂${label}` });
    button.classList.toggle("checked", state.chosen === key);
    line.querySelector(".term").textContent = `+ ${give[key]}`;
  });
}
