// With two inputs everything can be seen: where nobody says yes, where two do, and that a softmax
// gives every place to somebody. One ring stands in both planes, at the same place.
export default component(build, update);

function build(ctx) {
  const { parts } = ctx;
  parts.label = el("span");
  parts.scene = picker("", (key) => ctx.send("choose", key));
  parts.planes = ["rest", "softmax"].map((network, lane) => buildPlane(ctx, network, lane));
  parts.here = el("p", { class: "here" });
  parts.rows = [0, 1, 2].map((k) => {
    const lanes = [0, 1].map(() => ({ bar: el("i"), value: el("span") }));
    const name = el("b", { class: `name of-class-${k}` });
    return { name, lanes, elements: [name, ...lanes.map(({ bar, value }, lane) => el("div", { class: `answer of-class-${k} in-lane-${lane}` }, el("div", { class: "track" }, bar), value))] };
  });
  parts.heads = [0, 1].map((lane) => el("span", { class: "head" }, laneKey(lane), el("b")));
  parts.sums = [0, 1].map(() => el("div", { class: "total" }));
  parts.legend = el("p", { class: "legend" });
  ctx.root.append(el("div", { class: "planes" },
    ...parts.planes.map(({ element }) => element),
    el("div", { class: "panel" },
      el("label", { class: "choice" }, parts.label, parts.scene),
      parts.here,
      el("div", { class: "answers" }, el("span"), ...parts.heads,
        ...parts.rows.flatMap(({ elements }) => elements), el("span"), ...parts.sums),
      parts.legend)));
  ctx.onRemove(() => clearTimeout(ctx.state.timer));
}

function update(ctx) {
  const { data, parts, text, state } = ctx, settled = data.place.at.join();
  if (!state.isMoving && settled !== state.sent) { state.at = data.place.at; state.sent = settled; }
  parts.label.textContent = text.digits;
  choose(parts.scene, data.scenes, data.scene);
  parts.scene.setAttribute("aria-label", text.digits);
  for (const part of parts.planes) {
    part.title.children[1].textContent = text[part.network];
    part.title.lastChild.textContent = data.arrow;
    drawPlane(ctx, part);
    drawCounts(ctx, part);
    drawRing(ctx, part);
  }
  drawHere(ctx);
  drawLegend(ctx);
}

// While a pointer holds the ring, nothing but these numbers follows it.
function movePlace(ctx, place, isHeld = false) {
  const { state, parts, data } = ctx;
  state.at = place.map((value) => Number(Math.min(1, Math.max(0, Math.round(value / data.step) * data.step)).toFixed(2)));
  state.isMoving = true;
  for (const part of parts.planes) drawRing(ctx, part);
  ctx.inquire({ place: state.at.join() });
  clearTimeout(state.timer);
  if (!isHeld) settlePlace(ctx);
}

function settlePlace(ctx) {
  const { state } = ctx;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.isMoving = false;
    if (state.at.join() === state.sent) return;
    state.sent = state.at.join();
    ctx.send("settle", { key: "place", values: state.at });
  }, 250);
}

function drawHere(ctx) {
  const { data, parts, text } = ctx, { lanes, claims } = data.place;
  const says = claims === 0 ? text.says_none : claims === 1 ? text.says_one : fill(text.says_more, { count: claims });
  parts.here.replaceChildren(el("b", {}, text.here));
  parts.heads.forEach((head, lane) => { head.lastChild.textContent = lane ? text.softmax : "σ"; });
  parts.rows.forEach(({ name, lanes: cells }, k) => {
    name.textContent = data.digits[k];
    cells.forEach(({ bar, value }, lane) => {
      bar.style.width = `${100 * lanes[lane].answers[k]}%`;
      value.textContent = decimals(lanes[lane].answers[k]);
      value.parentElement.classList.toggle("yes", lane ? k === lanes[lane].reads : lanes[lane].scores[k] > 0);
    });
  });
  parts.sums.forEach((total, lane) => total.replaceChildren(el("span", {}, `${text.sum} `, el("b", {}, decimals(lanes[lane].sum))), el("span", {}, lane ? fill(text.reads, { digit: data.digits[lanes[1].reads] }) : says)));
}

function drawCounts(ctx, { network, counts }) {
  const { data, text } = ctx, { [`right_${network}`]: right, none, several, images } = data.counts, isRest = network === "rest";
  counts.replaceChildren(el("b", {}, fill(text.right, { right, count: images })), ...(isRest
    ? [el("span", {}, fill(text.unclaimed, { none, several })),
      ...data.classes.map(({ own, claimed }, k) => el("span", {}, fill(text.claims, { digit: data.digits[k], claimed, own })))]
    : [el("span", {}, text.always),
      ...data.classes.map(({ own, read }, k) => el("span", {}, fill(text.reads_own, { digit: data.digits[k], read, own })))]));
}

function drawLegend(ctx) {
  const { parts, text } = ctx, entry = (name, words) => el("span", {}, el("i", { class: name }), words);
  parts.legend.replaceChildren(entry("nobody", text.nobody), entry("both", text.both), entry("wrong", text.wrong));
}
