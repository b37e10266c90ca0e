// The sum written out with its numbers: products, bias, activation.

const inBrackets = (words) => (words.startsWith("−") ? `(${words})` : words);
const isExact = (value) => Math.abs(value - Number(value.toFixed(2))) < 1e-9;
const equals = (...values) => (values.every(isExact) ? " = " : " ≈ ");
const strong = (value) => el("strong", {}, number(value, 2));

// 0 + 8 − 7 + 0.5 = 1.5, then ReLU(1.5) = 1.5; with ≈ where a number on the way was rounded.
function written(ctx, products, sum, result) {
  const { bias, activation } = ctx.data, terms = bias ? [...products, bias] : products;
  const words = terms.map((term, i) => {
    const digits = number(term, 2), isNegative = digits.startsWith("−");
    const signed = i === 0 ? digits : isNegative ? ` − ${digits.slice(1)}` : ` + ${digits}`;
    return i === products.length ? el("b", { class: "bias", title: ctx.text.bias }, signed) : signed;
  });
  if (activation === "none") return [...words, equals(...terms, sum), strong(sum)];
  const name = ctx.text.activations[activation];
  return [...words, equals(...terms, sum), number(sum, 2),
    el("span", { class: "activation" }, `${name}(${number(sum, 2)})${equals(sum, result)}`, strong(result))];
}

// ---------------------------------------------------------------- bias and activation, folded

function buildFinish(ctx) {
  const { parts, text } = ctx;
  parts.bias = el("input", { type: "range", oninput: () => {
    ctx.data.bias = Number(parts.bias.value);
    nameFinish(ctx);
    ctx.send("bias", ctx.data.bias);
  } });
  parts.biasWords = el("span");
  parts.activation = picker(text.activation, (name) => ctx.send("act", name));
  parts.finishWords = el("summary");
  parts.finish = el("details", { class: "finish" }, parts.finishWords,
    el("label", {}, parts.biasWords, parts.bias),
    el("label", {}, el("span", {}, text.activation), parts.activation));
  return parts.finish;
}

function drawFinish(ctx) {
  const { data, parts, text } = ctx;
  parts.finish.hidden = !data.finish;
  Object.assign(parts.bias, { min: data.biases[0], max: data.biases.at(-1), step: data.biases[1] - data.biases[0] });
  parts.bias.value = data.bias;
  choose(parts.activation, Object.entries(text.activations), data.activation);
  nameFinish(ctx);
}

function nameFinish(ctx) {
  const { data, parts, text } = ctx, bias = number(data.bias);
  parts.biasWords.textContent = fill(text.said, { label: text.bias, value: bias });
  parts.bias.setAttribute("aria-label", text.bias);
  parts.bias.setAttribute("aria-valuetext", bias);
  parts.finishWords.textContent = fill(text.finish, { bias, activation: text.activations[data.activation] });
}
