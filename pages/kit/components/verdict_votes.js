// The last three arrows: the cells that fly into a column, their votes, and the two shares.

function buildFlatten(ctx, { onNeuron, onLook }) {
  const { parts, data } = ctx;
  parts.flatMaps = data.kernels.map((_, k) => numberGrid(ctx, {
    role: "output",
    onPick: (r, c) => onNeuron(4 * k + 2 * r + c),
    onHover: (r, c) => onLook(r === null ? null : 4 * k + 2 * r + c),
  }));
  parts.flatCells = data.inputs.map((_, n) => el("button", {
    class: "flat-cell", type: "button", onclick: () => onNeuron(n),
    onpointerenter: (event) => event.pointerType !== "touch" && onLook(n), onpointerleave: () => onLook(null),
    onfocus: () => onLook(n), onblur: () => onLook(null),
  }, el("span"), el("small", {}, String(n + 1))));
  parts.flatWords = el("p", { class: "arithmetic" });
  return el("div", { class: "body flattening" },
    el("div", { class: "flat-maps" }, ...parts.flatMaps.map(({ element }) => element)),
    el("div", { class: "flat-row" }, ...data.kernels.map((_, k) => el("div", { class: "flat-group" }, ...parts.flatCells.slice(4 * k, 4 * k + 4)))),
    parts.flatWords);
}

function drawFlatten(ctx) {
  const { data, parts, state, text } = ctx;
  parts.flatMaps.forEach((grid, k) => grid.draw({ title: data.kernel_names[k], detail: "2×2", values: data.small[k], max: 1, text: (r, c, v) => ninths(v) }));
  parts.flatCells.forEach((cell, n) => {
    const isThere = !(n > state.flown), { fill: background, ink } = color(data.inputs[n], { dark: ctx.dark });
    cell.classList.toggle("todo", !isThere);
    cell.firstChild.textContent = isThere ? ninths(data.inputs[n]) : "";
    cell.firstChild.style.cssText = isThere ? `background:${background};color:${ink}` : "";
    cell.setAttribute("aria-label", fill(text.neuron_label, { n: n + 1, name: neuronName(ctx, n), value: ninths(data.inputs[n]) }));
  });
}

function focusFlatten(ctx) {
  const { data, parts, state, text } = ctx, n = state.look ?? state.neuron, { map, row, column } = place(n);
  parts.flatMaps.forEach((grid, k) => (k === map ? grid.window(row, column, 1, 1, "kernel") : grid.window(null)));
  parts.flatCells.forEach((cell, i) => cell.classList.toggle("lit", i === n));
  parts.flatWords.replaceChildren(
    el("b", {}, fill(text.neuron, { n: n + 1, name: neuronName(ctx, n), value: ninths(data.inputs[n]) })),
    el("span", {}, text.unrolled));
}

// A copy of the map's cell flies to its neuron.
function fly(ctx, n) {
  if (calm() || ctx.state.lens !== 5) return;
  const { parts } = ctx, { map, row, column } = place(n), frame = parts.stage.getBoundingClientRect();
  const from = parts.flatMaps[map].cell(row, column), to = parts.flatCells[n].firstChild;
  const [a, b] = [from, to].map((element) => element.getBoundingClientRect());
  const ghost = from.cloneNode(true);
  ghost.className = "cell ghost";
  ghost.removeAttribute("id");
  ghost.removeAttribute("data-at");
  Object.assign(ghost.style, { left: `${a.left - frame.left}px`, top: `${a.top - frame.top}px`, width: `${a.width}px`, height: `${a.height}px` });
  parts.stage.append(ghost);
  to.animate([{ opacity: 0 }, { opacity: 0, offset: 0.9 }, { opacity: 1 }], { duration: 300 });
  const end = `translate(${b.left - a.left}px, ${b.top - a.top}px) scale(${b.width / a.width}, ${b.height / a.height})`;
  ghost.animate([{ transform: "none" }, { transform: end }], { duration: 300, easing: "ease-in-out" }).onfinish = () => ghost.remove();
}

// ---------------------------------------------------------------- votes

function buildVotes(ctx) {
  const { parts } = ctx;
  parts.table = el("div", { class: "votes", role: "table" });
  parts.voteWords = el("p", { class: "arithmetic" });
  parts.learned = el("p", { class: "remark" });
  return el("div", { class: "body voting" }, parts.table, parts.voteWords, parts.learned);
}

// A column for each neuron (a row on a phone): its number, and for each class weight and vote.
function drawVotes(ctx) {
  const { data, parts, text } = ctx, largest = Math.max(1e-9, ...data.votes.flat().map(Math.abs));
  const letters = Object.fromEntries(data.evidence.map(({ neuron, letter }) => [neuron, letter]));
  const cell = (words, name = "", style) => el("span", { role: "cell", class: name, style }, words);
  const tinted = (value) => { const { fill: background, ink } = color(value, { max: largest, dark: ctx.dark }); return `background:${background};color:${ink}`; };
  const classes = [...data.class_names.keys()];
  const heads = el("div", { class: "heads", role: "row" }, cell(""), cell(text.input),
    ...classes.flatMap((j) => [cell(text.weight), cell(fill(text.votes_for, { name: data.class_names[j] }), "for")]));
  const columns = data.inputs.map((input, n) => el("div", {
    class: `column${n % 4 ? "" : " first"}`, role: "row", onclick: () => parts.onNeuron(n),
    onpointerenter: (event) => event.pointerType !== "touch" && parts.onLook(n), onpointerleave: () => parts.onLook(null),
  }, el("span", { role: "cell", class: "who", title: neuronName(ctx, n) }, n % 4 ? null : el("small", { class: "group" }, data.kernel_names[n / 4]), corner(n % 4), letters[n] ? el("i", { class: "letter" }, letters[n]) : null),
    cell(ninths(input), "in"),
    ...classes.flatMap((j) => [cell(two(data.weight[j][n])), cell(two(data.votes[j][n]), "vote-cell", tinted(data.votes[j][n]))])));
  const total = (name, words, values) => el("div", { class: `column total ${name}`, role: "row" }, cell(""), cell(words),
    ...classes.flatMap((j) => [cell(""), cell(two(values[j]), j === data.winner ? "won" : "")]));
  parts.table.replaceChildren(heads, ...columns,
    total("sum-of", text.sum, data.sums), total("plus", text.bias, data.bias), total("makes", text.score, data.scores));
  parts.learned.textContent = text.learned;
}

function focusVotes(ctx) {
  const { data, parts, state, text } = ctx, n = state.look ?? state.neuron;
  parts.table.querySelectorAll(".column:not(.total)").forEach((column, i) => column.classList.toggle("lit", i === n));
  parts.voteWords.replaceChildren(
    el("b", {}, fill(text.neuron, { n: n + 1, name: neuronName(ctx, n), value: ninths(data.inputs[n]) })),
    ...data.class_names.map((name, j) => el("span", {}, fill(text.vote, { name, value: `${ninths(data.inputs[n])} × ${bracketed(two(data.weight[j][n]))} = ${two(data.votes[j][n])}` }))));
}

const bracketed = (words) => (words.startsWith("−") ? `(${words})` : words);

// Which cell of a 2×2 map it is.
function corner(i) {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, ...[0, 1, 2, 3].map((at) =>
    svg("rect", { class: at === i ? "here" : "", x: 1 + 7 * (at % 2), y: 1 + 7 * (at >> 1), width: 6, height: 6, rx: 1 })));
}

// ---------------------------------------------------------------- softmax

function buildShares(ctx) {
  const { parts } = ctx;
  parts.shareTable = el("div", { class: "share-table", role: "table" });
  parts.formula = el("p", { class: "formula" });
  return el("div", { class: "body sharing" }, parts.shareTable, parts.formula);
}

function drawShares(ctx) {
  const { data, parts, text } = ctx, w = data.winner;
  const cell = (words, name = "") => el("span", { role: "cell", class: name }, words);
  const row = (name, ...cells) => el("div", { class: `line ${name}`, role: "row" }, ...cells);
  const e = (exponent) => el("span", {}, "e", el("sup", {}, two(exponent)));
  parts.shareTable.replaceChildren(
    row("head", cell(""), cell(text.score), cell(text.power), cell(text.share), cell("")),
    ...data.class_names.map((name, j) => row(j === w ? "winner" : "", cell(name, "name"), cell(two(data.scores[j])),
      el("span", { role: "cell", class: "power" }, e(data.scores[j]), ` = ${power(data.powers[j])}`),
      cell(percent(data.probabilities[j]), "percent"),
      el("span", { role: "cell", class: "meter" }, el("i", { style: `width:${100 * data.probabilities[j]}%` })))),
    row("totals", cell(text.total, "name"), cell(""), cell(power(data.total), "power"), cell("100%", "percent"), cell("")));
  const fraction = (top, bottom) => el("span", { class: "fraction" }, el("span", {}, ...top), el("span", {}, ...bottom));
  parts.formula.replaceChildren(el("span", {}, `P(${data.class_names[w]}) = `),
    fraction([e(data.scores[w])], [e(data.scores[0]), " + ", e(data.scores[1])]), " = ",
    fraction([power(data.powers[w])], [power(data.total)]), " = ", el("strong", {}, percent(data.probabilities[w])));
}
