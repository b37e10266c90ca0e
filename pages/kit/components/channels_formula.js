// The layer's formula with the chosen filter's indices, and below it the chosen cell's numbers.

function drawFormula(ctx) {
  const { data, parts, text } = ctx, k = data.filter, position = cellAt(ctx), [row, column] = place(position);
  const here = (name) => ofFilter(ctx, name)[row][column];
  const partials = range(data.channels).map((n) => ofFilter(ctx, "partials")[n][row][column]), bias = data.bias[0][k - 1];
  const before = here("raised"), result = here("outputs"), isPlain = data.activation === "none";
  const name = { relu: "ReLU" }[data.activation] ?? data.activation;

  const cells = [[`C${low(k)}`, placeWords(ctx, position), "place"], ["=", "=", "sign"]];
  if (!isPlain) cells.push([`${name}(`, `${name}(`, "sign"]);
  const terms = [...partials.map((value, n) => [`x${low(n + 1)}∗w${low(k)}${low(n + 1)}`, value]), [`b${low(k)}`, bias]];
  terms.forEach(([symbol, value], i) => {
    if (i) cells.push(["+", "+", "sign"]);
    cells.push([symbol, i ? inBrackets(number(value)) : number(value), i < data.channels ? "term" : "term bias"]);
  });
  if (!isPlain) cells.push([")", ")", "sign"]);
  const isCurved = ["sigmoid", "tanh"].includes(data.activation) && before !== 0; // never a short number, only near one
  const becomes = isCurved ? " ≈ " : equals(before, result);
  const sum = equals(...partials, bias, before), end = isPlain ? [sum] : [`${sum}${name}(${number(before)})${becomes}`];
  const said = cells.slice(2).map(([, words]) => words).join(" ") + end[0] + number(result);
  parts.formula.style.setProperty("--columns", cells.length);
  parts.formula.replaceChildren(
    ...cells.map(([symbol, , kind]) => el("span", { class: kind }, symbol)), el("span"),
    ...cells.map(([, words, kind]) => el("span", { class: `${kind} here` }, words)),
    el("span", { class: "end", "data-said": said }, ...end, el("strong", {}, number(result))));
}

const inBrackets = (words) => (words.startsWith("−") ? `(${words})` : words);
const isExact = (value) => Math.abs(value - Number(value.toFixed(2))) < 1e-9;
const equals = (...values) => (values.every(isExact) ? " = " : " ≈ ");
