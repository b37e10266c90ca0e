// How numbers and names are written, and what the drawing's side says about the verdict.

// A mean of nine products is a whole number of ninths: 5/9, or 1.
function ninths(value) {
  const whole = Math.round(value * 9);
  if (Math.abs(value * 9 - whole) > 1e-6) return number(value);
  return whole % 9 === 0 ? number(whole / 9) : `${whole < 0 ? "−" : ""}${Math.abs(whole)}/9`;
}

const two = (value) => value.toFixed(2).replace("-", "−").replace(/^−(0\.00)$/, "$1");

// Never 100% of what is not quite certain.
const percent = (share) => (share > 0.9995 ? ">99.9%" : share < 0.0005 ? "<0.1%" : `${(100 * share).toFixed(1)}%`);

// Four digits that count: 20.10, 0.05757; null is beyond what a computer can hold.
function power(value) {
  if (value === null) return ">10³⁰⁸";
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value.toPrecision(4);
}

const signed = (value) => (value < 0 ? `− ${two(-value)}` : `+ ${two(value)}`);
const place = (n) => ({ map: Math.floor(n / 4), row: Math.floor((n % 4) / 2), column: n % 2 });

function neuronName(ctx, n) {
  return `${ctx.data.kernel_names[Math.floor(n / 4)]}, ${ctx.data.corners[n % 4]}`;
}

// ---------------------------------------------------------------- the verdict, beside the drawing

// What is lit: from the sixth arrow on, the strongest votes for the winner, or the one that is pointed at.
function shownEvidence(ctx) {
  const { data, state } = ctx;
  if (state.step < 6) return [];
  return data.evidence.filter(({ neuron }) => state.pointed === null || neuron === state.pointed);
}

// Which votes are lit: of a neuron that is looked at all, of the strongest those for the winner.
function litVotes(ctx) {
  const { data, state } = ctx, looked = state.look ?? (state.isWalking && (state.lens === 5 || state.lens === 6) ? state.neuron : null);
  const strongest = new Set(shownEvidence(ctx).map(({ neuron }) => neuron));
  return (n, j) => (looked === null ? j === data.winner && strongest.has(n) : n === looked);
}

function buildVerdict(ctx, { onPoint, onNeuron }) {
  const { parts, state } = ctx, neuron = (i) => ctx.data.evidence[i].neuron;
  parts.spoken = [0, 1, 2].map((i) => el("button", {
    class: "spoken", type: "button", onclick: () => onNeuron(neuron(i)),
    onpointerenter: (event) => event.pointerType !== "touch" && onPoint(neuron(i)), onpointerleave: () => onPoint(null),
    onfocus: () => onPoint(neuron(i)), onblur: () => onPoint(null),
  }));
  Object.assign(parts, { says: el("p", { class: "says" }), notice: el("p", { class: "notice" }), heading: el("p", { class: "heading" }), own: el("p", { class: "spoken own" }) });
  return el("div", { class: "verdict" }, parts.says, parts.notice, parts.heading, ...parts.spoken, parts.own);
}

function drawVerdict(ctx) {
  const { data, parts, state, text } = ctx, winner = data.class_names[data.winner], other = 1 - data.winner, isThere = state.step >= 6;
  parts.says.replaceChildren(...(!isThere ? [] : state.step >= 7
    ? [el("b", {}, winner), el("strong", {}, percent(data.probabilities[data.winner]))]
    : [fill(text.ahead, { name: winner, score: two(data.scores[data.winner]), other: two(data.scores[other]) })]));
  parts.notice.textContent = isThere ? data.notice : "";
  parts.heading.textContent = isThere && data.evidence.length ? fill(text.strongest, { name: winner }) : "";
  parts.spoken.forEach((button, i) => {
    const said = isThere ? data.evidence[i] : undefined;
    button.hidden = !said;
    if (said) button.replaceChildren(el("i", {}, said.letter), el("span", {}, said.words, said.remark && !data.notice ? el("small", {}, said.remark) : null), el("b", {}, signed(said.vote)));
  });
  const bias = data.bias[data.winner], isLoudest = !(data.evidence[0]?.vote > bias); // then it stands first
  parts.own.hidden = !isThere;
  parts.own.classList.toggle("loudest", isLoudest);
  parts.own.replaceChildren(el("i"), el("span", {}, text.own_bias), el("b", {}, signed(bias)));
}
