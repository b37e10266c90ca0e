// The ten classes with score and probability, the votes that are silenced, and the sums in numbers.

function buildSums(ctx) {
  const { parts, data } = ctx;
  parts.barsTitle = el("div", { class: "arrow-label" });
  parts.columns = el("p", { class: "columns" }, el("span"), el("span"), el("span"));
  parts.rows = data.scores.map((_, k) => el("button", { class: "bar", type: "button", onclick: () =>
    choose(ctx, { for: ctx.data.for === String(k) ? "winner" : String(k), ...(ctx.data.against === String(k) ? { against: "next" } : {}) }) },
  el("b", {}, String(k)), el("span", { class: "track" }, el("i")), el("span", { class: "share" }), el("span", { class: "score" }), el("span", { class: "part" })));
  parts.silence = el("input", { type: "range", min: 0, step: 1 });
  parts.silence.oninput = () => {
    Object.assign(ctx.state, { off: Number(parts.silence.value), isAhead: true });
    follow(ctx);
  };
  parts.silence.onchange = () => {
    clearTimeout(ctx.state.settling);
    ctx.state.settling = setTimeout(() => { ctx.state.isAhead = false; ctx.send("silence", ctx.state.off); }, 250);
  };
  parts.silencer = el("label", { class: "silencer" }, el("span", {}, el("span"), el("output")), parts.silence);
  parts.bars = el("section", { class: "bars" }, parts.barsTitle, parts.columns, ...parts.rows, parts.silencer);
  parts.lit = el("span", { class: "views", role: "group" },
    ...["strongest", "all"].map((name) => el("button", { class: "option", type: "button", onclick: () => choose(ctx, { lit: name }) })));
  parts.sum = el("p", { class: "arithmetic" });
  parts.litSum = el("p", { class: "arithmetic" });
  parts.litLine = el("div", { class: "lit-line" }, el("span", { class: "lit-title" }), parts.lit, parts.litSum);
  parts.looked = el("p", { class: "looked" });
  parts.note = el("p", { class: "note", role: "status" });
  parts.lines = el("section", { class: "lines" }, parts.sum, parts.litLine, parts.looked);
}

function drawSums(ctx) {
  const { data, parts, state, text } = ctx;
  parts.barsTitle.replaceChildren(...["scores", "shares"].map((name) => {
    const [operation, parameters] = data.arrows[name].split(" · ");
    return el("span", {}, el("b", {}, operation), ` · ${parameters}`);
  }));
  const looked = data.looked.pixel !== undefined ? text.pixel : data.looked.cell !== undefined ? text.cell : "";
  [...parts.columns.children].forEach((column, i) => { column.textContent = [text.bars_help, text.scores, looked][i]; });
  parts.rows.forEach((row, k) => drawRow(ctx, row, k));
  const [words, count] = parts.silencer.firstChild.children;
  words.textContent = text.silence;
  count.textContent = fill(text.silence_count, { count: Math.min(state.off, data.most), most: data.most });
  parts.silence.max = data.most;
  parts.silence.value = state.off;
  parts.silence.setAttribute("aria-valuetext", count.textContent);
  parts.silence.disabled = data.hidden;
  parts.silencer.classList.toggle("away", data.hidden);
  drawLines(ctx);
}

function drawRow(ctx, row, k) {
  const { data, text } = ctx, [, track, share, score, part] = row.children, vote = data.looked.classes?.[k];
  row.classList.toggle("winner", k === data.winner);
  row.classList.toggle("rival", k === data.rival);
  row.setAttribute("aria-pressed", String(k === data.chosen));
  row.setAttribute("aria-label", fill(text.class, { digit: k, share: percent(data.shares[k]), score: number(data.scores[k]) }));
  track.firstChild.style.width = `${100 * data.shares[k]}%`;
  share.textContent = percent(data.shares[k]);
  score.textContent = decimals(data.scores[k]);
  part.textContent = vote === undefined ? "" : signedDecimals(vote);
  const { fill: background, ink } = vote === undefined ? { fill: "transparent", ink: "" } : color(vote, { max: Math.max(...data.looked.classes.map(Math.abs), 1e-9), dark: ctx.dark });
  Object.assign(part.style, { background, color: ink });
}

// ---------------------------------------------------------------- the sums

const decimals = (value, count = 2) => (Math.abs(value) < 0.5 * 10 ** -count ? 0 : value).toFixed(count).replace("-", "−");
const term = (value, words, kind = "") => el("span", { class: `term ${kind}` }, `${value < 0 ? "−" : "+"} ${decimals(Math.abs(value))}`, el("small", {}, words));
// Rounded numbers need not add up: then the sign says so.
const equals = (parts, total) => (Math.abs(parts.reduce((sum, part) => sum + Math.round(100 * part), 0) - Math.round(100 * total)) < 0.5 ? "=" : "≈");

function drawLines(ctx) {
  const { data, parts, state, text } = ctx, { gain, loss, bias, total } = data.sums, { chosen, rival, looked } = data, isAlone = rival === null;
  parts.note.textContent = data.note;
  parts.sum.replaceChildren(
    el("b", {}, fill(isAlone ? text.score_of : text.lead_of, { digit: chosen, rival })),
    term(gain, text.votes_for, "pro"), term(loss, text.votes_against, "con"), term(bias, isAlone ? text.bias : text.biases),
    el("span", { class: "total" }, `${equals([gain, loss, bias], total)} `, el("strong", {}, decimals(total))),
    ...(isAlone ? [] : [el("span", { class: "ratio" }, `P(${chosen}) / P(${rival}) = e`, el("sup", {}, decimals(total)), ` ≈ ${times(data.ratio)}`)]));
  const [title] = parts.litLine.children, { votes, ink, rest } = data.lit_sum;
  title.textContent = text.lit;
  [...parts.lit.children].forEach((button, i) => {
    button.textContent = [text.lit_strongest, text.lit_all][i];
    button.setAttribute("aria-pressed", String(["strongest", "all"][i] === data.lit));
  });
  parts.litLine.classList.toggle("away", Boolean(data.note));
  parts.litSum.replaceChildren(term(ink, text.ink, "pro"), term(rest, text.rest), el("span", { class: "total" }, `${equals([ink, rest], votes)} ${decimals(votes)}`));
  parts.looked.replaceChildren(...wordsOf(ctx, looked));
  const words = [...parts.looked.children].map((each) => each.textContent).join(", ");
  if (words && words !== state.told) ctx.say(words);
  state.told = words;
}

// − 7.43 or + 7.43, as the next part of a sum.
const bracketed = (value) => `${value < 0 ? "−" : "+"} ${decimals(Math.abs(value))}`;

// How many times: 3.2, 48,000, 4.9 · 10⁷.
function times(ratio) {
  if (ratio >= 0.001 && ratio < 1e6) return ratio < 100 ? number(ratio, ratio < 1 ? 4 : 1) : Math.round(ratio).toLocaleString("en-US");
  const power = Math.floor(Math.log10(ratio)), superscript = String(power).replace("-", "−").replace(/[0-9−]/g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789−".indexOf(c)]);
  return `${(ratio / 10 ** power).toFixed(1)} · 10${superscript}`;
}

// The cell or the pixel that is pointed at, in numbers.
function wordsOf(ctx, looked) {
  const { text, data } = ctx, isAlone = data.rival === null;
  const whom = fill(isAlone ? text.score_of : text.lead_of, { digit: data.chosen, rival: data.rival });
  if (looked.cell !== undefined) {
    const { place: [map, row, column], number: value, weights, vote, ink, rest } = looked;
    return [el("b", {}, fill(text.cell_is, { map: map + 1, row: row + 1, column: column + 1 })),
      el("span", {}, `${decimals(value)} × ${factor(weights)} ≈ ${signedDecimals(vote)}`),
      el("span", {}, `= ${decimals(ink)} `, el("small", {}, text.ink), ` ${bracketed(rest)} `, el("small", {}, text.rest))];
  }
  if (looked.pixel === undefined) return [];
  const { place: [row, column], value, vote } = looked;
  return [el("b", {}, fill(text.pixel_is, { row: row + 1, column: column + 1, value: number(value) })), el("span", {}, `${whom}: ${signedDecimals(vote)}`)];
}

// A weight, or the difference of two, in brackets where it needs them.
function factor([own, other]) {
  const first = decimals(own, 3);
  if (other === undefined) return own < 0 ? `(${first})` : first;
  return `(${first} ${other < 0 ? "+" : "−"} ${decimals(Math.abs(other), 3)})`;
}

const signedDecimals = (value) => (value > 0 ? `+${decimals(value)}` : decimals(value));
