// What both ways through a batch normalisation share: arrows between grids, and how numbers are said.

// An arrow: what it does above its line, what it takes below.
function way(name) {
  const label = el("p", { class: "arrow-label" }), foot = el("div", { class: "foot" });
  return { label, foot, element: el("div", { class: `way ${name}` }, label, el("i", { class: "line" }), foot) };
}

// Words as "− μ → 5×2 · 0 parameters", in two lines.
function nameWays(ways, arrows) {
  for (const [name, { label }] of Object.entries(ways)) {
    const [operation, parameters] = arrows[name].split(" · ");
    label.replaceChildren(el("b", {}, operation), el("span", {}, parameters));
  }
}

// The cell at hand in all grids; the other channel stands aside.
function showCell(grids, r, c) {
  for (const grid of grids) {
    grid.cursor(r, c);
    grid.values.forEach((row, i) => row.forEach((_, j) => grid.cell(i, j).classList.toggle("aside", j !== c)));
  }
}

const exact = (value) => number(value, 4);
const piece = (words) => el("span", {}, words);
const sign = (value) => (value < 0 ? "−" : "+");
const inBrackets = (value) => (value < 0 ? `(${exact(value)})` : exact(value));
const minus = (value) => `${value < 0 ? "+" : "−"} ${exact(Math.abs(value))}`;
const result = (value) => `${Math.abs(value - Number(value.toFixed(4))) < 1e-9 ? "=" : "≈"} ${exact(value)}`;
