// The arithmetic of the chosen class with its numbers in it, and how numbers are written.

function buildWords(ctx) {
  const { parts } = ctx;
  parts.formulas = Object.fromEntries(["score", "average", "share", "odds"].map((name) => [name, el("p", { class: `formula of-${name}` })]));
  return el("div", { class: "formulas" }, ...Object.values(parts.formulas));
}

function drawWords(ctx) {
  const { data, parts, state, text } = ctx, k = state.shown, name = data.names[k], { score, average, share, odds } = parts.formulas;
  const term = (exponent) => el("span", {}, "e", el("sup", {}, two(exponent)));
  if (state.look !== null) {
    score.replaceChildren(el("b", {}, fill(text.vote_of, { input: data.input_names[state.look] })));
    average.replaceChildren(...data.names.map((each, i) => el("span", { class: "piece" }, el("b", {}, each), ` ${product(data, i, state.look)}`)));
  } else {
    score.replaceChildren(el("b", {}, fill(text.score_of, { name })), ...(data.z[k] === null
      ? [scoreSum(ctx, k), " ≈ ", el("strong", {}, two(data.own[k]))]
      : [el("strong", {}, two(data.z[k])), ` ${fill(text.by_hand, { value: two(data.own[k]) })}`]));
    average.replaceChildren(el("b", {}, fill(text.averages_of, { name })),
      fill(text.averages_sum, { in_favour: two(data.in_favour[k]), possible: two(data.possible[k]) }), ` ≈ ${portion(data.averages[k])}`);
  }
  share.replaceChildren(el("b", {}, `p(${name})`), " = ",
    fraction([term(data.exponents[k])], data.exponents.flatMap((exponent, i) => (i ? [" + ", term(exponent)] : [term(exponent)]))), equals(data.total),
    fraction([brief(data.powers[k])], [brief(data.total)]), equals(data.shares[k]), el("strong", {}, portion(data.shares[k])));
  const rival = data.rivals[k], gap = data.scaled[k] - data.scaled[rival];
  odds.replaceChildren(...(data.hidden || state.look !== null ? [] : [ // the votes looked at take its room
    el("b", {}, fill(text.odds, { name, other: data.names[rival] })),
    el("span", {}, "e", el("sup", {}, `${two(data.scaled[k])} − ${bracketed(data.scaled[rival])}`)), " = ", term(gap), equals(data.odds[k]), fill(text.odds_sum, { odds: brief(data.odds[k]) })]));
}

// 6.14 votes for − 1.05 against − 1.12 bias, each number with a word below or beside it
function scoreSum(ctx, k) {
  const { data, text } = ctx, signed = (value) => `${value < 0 ? "−" : "+"} ${two(Math.abs(value))}`;
  return fill(text.score_sum, { in_favour: two(data.in_favour[k]), against: signed(data.against[k]), bias: signed(data.bias[k]) });
}

const fraction = (top, bottom) => el("span", { class: "fraction" }, el("span", {}, ...top), el("span", {}, ...bottom));
const product = (data, k, n) => `${ninths(data.inputs[n])} × ${bracketed(data.weight[k][n])} ≈ ${fixed(data.votes[k][n])}`;

// ---------------------------------------------------------------- numbers; a text is one already

const fixed = (value) => value.toFixed(2).replace(/^-(?=0\.00$)/, "").replace("-", "−");
const two = (value) => number(value, 2);
const exact = (value) => number(value, 6);
const bracketed = (value) => (value < 0 ? `(${two(value)})` : two(value));

// Numbers are rounded; ∞, NaN, 0, 1 and the quarters of equal scores are not.
const equals = (value) => (typeof value === "string" || Number.isInteger(value * 4) ? " = " : " ≈ ");

// Three digits that count: 52.8, 0.0773, 2.71·10⁴⁵.
function brief(value) {
  if (typeof value === "string" || value === 0) return String(value);
  if (value < 0.001 || value >= 100000) {
    const [digits, power] = value.toExponential(2).split("e");
    return `${digits}·10${[...String(Number(power))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;
  }
  return String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}

// A share: three decimals, or its first digits if they would all be 0.
const portion = (value) => (typeof value === "string" || value < 0.0005 ? brief(value) : value.toFixed(3));
// A sentence from Python, in which e^709.78 is a power.
const raised = (sentence) => sentence.split(/(e\^−?[\d.]*\d)/).map((piece) => (piece.startsWith("e^") ? el("span", {}, "e", el("sup", {}, piece.slice(2))) : piece));

// Their sum, but for the last bits of a float.
const whole = (value) => (typeof value === "string" ? value : number(value, 9));

// Ninths are written as ninths: 5/9; a whole number as it is.
function ninths(value) {
  const times = value * 9, near = Math.round(times);
  if (Math.abs(times - near) > 1e-6) return two(value);
  return near % 9 === 0 ? two(near / 9) : `${near < 0 ? "−" : ""}${Math.abs(near)}/9`;
}
