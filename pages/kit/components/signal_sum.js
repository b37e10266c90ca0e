// One output written out: the numbers that meet, their products, and the sum.

const inBrackets = (words) => (words.startsWith("−") ? `(${words})` : words);
const isExact = (value) => Math.abs(value - Number(value.toFixed(2))) < 1e-9;
const subscripted = (name, index) => name + number(index).replace(/./g, (digit) => (digit === "−" ? "₋" : "₀₁₂₃₄₅₆₇₈₉"[digit]));

// What meets at output i, from left to right; what lies on the zeros around the still row is left out.
function terms(ctx, i) {
  const { data } = ctx, left = leftEnd(ctx, i), reach = data.reach;
  return data.products[data.mode][i - first(ctx)]
    .map((product, u) => ({ a: left + u, j: isTurned(ctx) ? reach - u : u, weight: data.sliding[data.mode][u], product }))
    .filter(({ a }) => a >= 0 && a < data.still.length && (!isPainting(ctx) || a < data.count));
}

function showSum(ctx, i, isHidden) {
  const { data, parts, text } = ctx, met = terms(ctx, i), [still, moving] = data.names;
  const result = isPainting(ctx) ? data.painted[data.mode][data.count][i - first(ctx)] : outputs(ctx)[i - first(ctx)];
  const added = (words) => words.join(" + ");
  const lines = !met.length ? [[text.nothing]] : [
    [added(met.map(({ a, j }) => `${subscripted(still, a)}·${subscripted(moving, j)}`))],
    ["= ", added(met.map(({ a, weight }) => `${inBrackets(number(data.still[a]))}·${inBrackets(number(weight))}`))],
    [[...met.map(({ product }) => product), result].every(isExact) ? "= " : "≈ ",
      ...(met.length > 1 ? [added(met.map(({ product }) => inBrackets(number(product)))), " = "] : []), el("strong", {}, number(result))],
  ];
  parts.sum.replaceChildren(
    el("span", { class: "name" }, `${subscripted("y", i)} =`),
    el("span", { class: "lines" }, ...(isHidden ? [el("span", {}, text.hidden)] : lines.map((line) => el("span", {}, ...line)))));
  const weights = met.map(({ weight }) => `×${number(weight)}`).join(", ");
  parts.reads.textContent = met.length < 2 || isHidden ? "" : fill(text.reads[`${data.view}_${data.mode}`], { weights, still, moving });
}
