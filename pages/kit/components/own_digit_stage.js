// A sheet to draw on; the last maps with the votes of their cells; the ten classes. While a pen or the
// slider moves, Python is asked directly (see `inquire`) and everything follows; what the hand leaves
// behind goes into the link a moment later.
export default component(build, update);

const REST = 600; // milliseconds without a stroke after which a drawing goes into the link

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { sheet: "", off: 0, look: "", isAhead: false });
  buildSheet(ctx);
  buildMaps(ctx);
  buildSums(ctx);
  parts.speaks = el("p", { class: "speaks" });
  parts.views = el("div", { class: "views", role: "group" },
    ...["alone", "against"].map((name) => el("button", { class: "option", type: "button", onclick: () =>
      choose(ctx, { against: name === "alone" ? "nobody" : "next" }) })));
  parts.rival = el("select", { class: "picker", onchange: () => choose(ctx, { against: parts.rival.value }) });
  parts.says = el("p", { class: "says", role: "status" }, el("span"), el("b"), el("small"));
  parts.head = el("div", { class: "head" }, parts.speaks, parts.views, parts.rival);
  const hand = el("div", { class: "hand" }, parts.sheet, parts.tools, parts.framing);
  ctx.root.append(el("div", { class: "own" }, hand, parts.head, parts.says, parts.maps, parts.bars, parts.cards, parts.note, parts.lines));
  ctx.onRemove(() => { clearTimeout(state.later); clearTimeout(state.settling); });
}

function update(ctx) {
  if (ctx.data !== ctx.state.data) receive(ctx);
  drawSheet(ctx);
  drawHead(ctx);
  drawMaps(ctx);
  drawSums(ctx);
  follow(ctx);
}

// Python drew the page. What the hand did meanwhile stays, unless a link led to another sheet.
function receive(ctx) {
  const { data, state, parts } = ctx, isElsewhere = data.sheet !== state.known && !state.isSent;
  if (!state.isAhead || isElsewhere) {
    clearTimeout(state.later);
    Object.assign(state, { sheet: data.sheet, off: Number(data.off), isAhead: false });
    parts.pad.pixels = data.arrays.pixels.values.slice();
  }
  Object.assign(state, { data, known: data.sheet, isSent: false });
}

// ---------------------------------------------------------------- what is asked and kept

// Everything that the picture depends on, in the order of Python's SETTINGS.
const question = ({ data, state }) => ({
  sheet: state.sheet, framed: data.framed, for: data.for, against: data.against, lit: data.lit, off: state.off, look: state.look,
});

function follow(ctx) {
  const asked = question(ctx);
  if (Object.values(asked).join(" ") !== ctx.data.asked) ctx.inquire(asked);
}

function look(ctx, place) {
  if (ctx.state.look === place) return;
  ctx.state.look = place;
  follow(ctx);
}

// The hand drew: shown at once; into the link when it rests.
function drew(ctx) {
  const { state, parts } = ctx;
  Object.assign(state, { sheet: `p${urlSafe(parts.pad.pixels)}`, off: 0, isAhead: true });
  follow(ctx);
  keepLater(ctx);
}

function keepLater(ctx) {
  const { state, parts } = ctx;
  clearTimeout(state.later);
  state.later = setTimeout(() => {
    if (parts.pad.isBusy) keepLater(ctx);
    else take(ctx, state.sheet);
  }, REST);
}

function take(ctx, sheet) {
  clearTimeout(ctx.state.later);
  Object.assign(ctx.state, { isAhead: false, isSent: true });
  ctx.send("draw", sheet);
}

// `choice` are new values of settings; all votes are back then.
function choose(ctx, choice) {
  Object.assign(ctx.data, choice); // shown at once; Python's answer follows
  if (!("lit" in choice)) ctx.state.off = 0;
  ctx.send("choose", choice);
  update(ctx);
}

const urlSafe = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// ---------------------------------------------------------------- the line above

function drawHead(ctx) {
  const { data, parts, text } = ctx, isAlone = data.against === "nobody", speaks = fill(text.speaks, { digit: data.chosen });
  const [before, after] = text.speaks.split("{digit}");
  parts.speaks.replaceChildren(before, el("b", {}, String(data.chosen)), after);
  parts.views.setAttribute("aria-label", speaks);
  [...parts.views.children].forEach((button, i) => {
    button.textContent = [text.alone, text.against][i];
    button.setAttribute("aria-pressed", String(isAlone === (i === 0)));
  });
  const others = data.scores.map((_, k) => k).filter((k) => String(k) !== data.for && k !== data.chosen);
  const options = [["next", fill(text.next, { digit: data.next })], ...others.map((k) => [String(k), String(k)])];
  parts.rival.setAttribute("aria-label", text.rival);
  if (JSON.stringify(options) !== parts.rival.dataset.options) {
    parts.rival.dataset.options = JSON.stringify(options);
    parts.rival.replaceChildren(...options.map(([value, words]) => el("option", { value }, words)));
  }
  parts.rival.value = isAlone || !options.some(([value]) => value === data.against) ? "next" : data.against;
  parts.rival.classList.toggle("away", isAlone);
  parts.rival.disabled = isAlone;
  const [says, winner, share] = parts.says.children;
  says.textContent = text.says;
  winner.textContent = data.winner;
  share.textContent = percent(data.shares[data.winner]);
}
