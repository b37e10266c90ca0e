// How this lesson writes numbers that may be very small or very large.

const rounded = (value) => Math.round(10 * value) / 10 + 0;
const score = (value) => number(value, 1);
const share = (value) => value.toFixed(6);
const exact = (value) => number(value, 4);
const fixed = (value) => value.toFixed(4).replace("-", "−");
const percent = (value) => `${(100 * value).toFixed(1)}%`;

// 4.4817, 0.0498, or where that says nothing 2.2·10⁻¹⁶.
function scientific(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.001 && size < 1e5)) return number(value, size < 0.1 ? 5 : 4);
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits}·10${[...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;
}
