// What happens, in numbers: how the channel was measured, the way of one number, what the last
// change did, and how the running numbers follow.

function drawWords(ctx, r, c) {
  const { measure, cell, news, follow } = ctx.parts.words;
  measure.replaceChildren(...measuring(ctx, c));
  cell.replaceChildren(...passing(ctx, r, c));
  news.replaceChildren(...newsOf(ctx, c));
  follow.replaceChildren(...following(ctx, c));
}

// μ = (8 + 2 + 6 + 4 + 5) / 5 = 5    σ² = (3² + (−3)² + 1² + (−1)² + 0²) / 5 = 4
function measuring(ctx, c) {
  const { data, text } = ctx, head = el("b", {}, fill(text.channel, { n: c + 1 })), used = usedBy(data), n = data.x.length;
  if (!used) return [head, piece(text.alone)];
  const [mean, variance] = used.map((row) => row[c]);
  if (data.mode === "use") return [head, piece(`μ ${result(mean)},`), piece(`σ² ${result(variance)}:`), piece(text.kept)];
  const sum = data.x.map((row, i) => (i ? `${sign(row[c])} ${exact(Math.abs(row[c]))}` : exact(row[c]))).join(" ");
  const squares = data.steps.centred.map((row) => `${inBrackets(row[c])}²`).join(" + ");
  return [head, piece(`μ = (${sum}) / ${n} ${result(mean)}`), piece(`σ² = (${squares}) / ${n} ${result(variance)}`)];
}

// x̂ = (8 − 5) / √(4 + ε) = 3 / 2 = 1.5    y = 1·1.5 + 0 = 1.5
function passing(ctx, r, c) {
  const { data, text } = ctx, used = usedBy(data), head = el("b", {}, fill(text.sample, { n: r + 1 }));
  if (!data.steps) return [head, piece(`x = ${exact(data.x[r][c])}`)];
  const [mean, variance] = used.map((row) => row[c]), { centred, normalised, y } = data.steps;
  const [gamma, beta] = data.dials.map(({ values }) => values[c]);
  return [
    head,
    piece(`x̂ = (${exact(data.x[r][c])} ${minus(mean)}) / √(${exact(variance)} + ε)`),
    piece(`≈ ${exact(centred[r][c])} / ${exact(data.std[c])} ≈ ${exact(normalised[r][c])}`),
    el("span", { class: "of-y" }, `y = γ·x̂ + β = ${exact(gamma)}·${inBrackets(normalised[r][c])} ${sign(beta)} ${exact(Math.abs(beta))} ≈ `, el("strong", {}, exact(y[r][c]))),
  ];
}

function newsOf(ctx, c) {
  const { data, text } = ctx, { edit, before } = data;
  if (data.has_no_spread[c] && data.mode === "training") return [piece(fill(text.flat, { n: c + 1 }))];
  if (!edit || !before) return [el("span", { class: "hint" }, text.before_edit)];
  if (data.hidden) return [el("span", { class: "hint" }, text.hidden)];
  const sentence = fill(text.edited, { n: edit.row + 1, old: exact(edit.old), new: exact(data.x[edit.row][edit.column]) });
  return [piece(sentence), el("strong", {}, fill(text.others, { changed: before.others, all: data.x.length - 1 }))];
}

// Running mean: 0.9·3 + 0.1·5 = 3.2. Of the variance n/(n − 1) goes in.
function following(ctx, c) {
  const { data, text } = ctx, n = data.x.length;
  if (data.mode !== "training" || !data.followed) return [];
  const keep = exact(1 - data.momentum), take = exact(data.momentum);
  const row = (name, i, factor) => piece(`${text[name]}: ${keep}·${inBrackets(data.run[i][c])} + ${take}·${inBrackets(data.measured[i][c])}${factor} ${result(data.followed[i][c])}`);
  return [el("b", {}, text.train), row("run_mean", 0, ""), row("run_variance", 1, `·${n}/${n - 1}`)];
}
