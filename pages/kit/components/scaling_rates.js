// A row for each network, a column for each learning rate. The cells fill while the browser asks
// for more; so nobody computes for a page that was left.
export default component(build, update);


function build(ctx) {
  const { parts, data, state } = ctx;
  Object.assign(state, { isTrying: false, at: [0, 0] });
  parts.go = button("play", "", () => { state.isTrying = !state.isTrying; update(ctx); }, { words: true, primary: true });
  parts.best = el("button", { class: "button", type: "button", onclick: () => ctx.send("best", null) });
  parts.count = el("output");
  parts.corner = el("span", { class: "corner" });
  parts.heads = data.rates.map((rate, i) => el("button", { class: "rate-head", type: "button", onclick: () => ctx.send("all", i) }, rate));
  parts.rows = data.lanes.map((_, lane) => ({
    name: el("span", { class: "lane-name" }),
    cells: data.rates.map((__, rate) => el("button", { class: `trial lane-${lane}`, type: "button", tabindex: "-1",
      onclick: () => { state.at = [lane, rate]; ctx.send("one", { lane, rate }); },
      onfocus: () => aim(ctx, lane, rate), onpointerenter: () => aim(ctx, lane, rate), onpointerleave: () => aim(ctx, null), onblur: () => aim(ctx, null) }, el("span"))),
    sum: el("span", { class: "row-sum" }),
  }));
  parts.grid = el("div", { class: "trials", role: "group" }, parts.corner, ...parts.heads, el("span"),
    ...parts.rows.flatMap(({ name, cells, sum }) => [name, ...cells, sum]));
  parts.grid.onkeydown = (event) => walk(ctx, event);
  parts.info = el("p", { class: "info" });
  parts.legend = el("p", { class: "legend" });
  ctx.root.append(el("div", { class: "steps" }, parts.go, parts.best, parts.count), parts.grid, parts.info, parts.legend);
  ctx.onRemove(() => clearTimeout(state.timer));
}

// One stop for the Tab key; the arrow keys walk through the cells.
function walk(ctx, event) {
  const { parts, state, data } = ctx, [lane, rate] = state.at;
  if (!event.target.classList.contains("trial")) return;
  const to = { ArrowUp: [lane - 1, rate], ArrowDown: [lane + 1, rate], ArrowLeft: [lane, rate - 1], ArrowRight: [lane, rate + 1], Home: [lane, 0], End: [lane, data.rates.length - 1] }[event.key];
  if (!to) return;
  event.preventDefault(); event.stopPropagation();
  const cell = parts.rows[to[0]]?.cells[to[1]];
  if (!cell) return;
  state.at = to;
  drawTabStop(ctx);
  cell.focus();
}

function aim(ctx, lane, rate) {
  ctx.state.spot = lane === null ? null : [lane, rate];
  drawInfo(ctx);
}

function update(ctx) {
  const { data, parts, state, text } = ctx, all = data.lanes.length * data.rates.length, isOver = data.tried === all;
  if (isOver || data.hidden) state.isTrying = false;
  parts.go.replaceChildren(icon(state.isTrying ? "pause" : "play"), el("span", {}, state.isTrying ? text.stop : text.try));
  parts.go.setAttribute("aria-label", state.isTrying ? text.stop : text.try); parts.go.title = parts.go.getAttribute("aria-label");
  parts.go.disabled = isOver || data.hidden;
  parts.best.textContent = text.best;
  parts.best.disabled = !isOver;
  parts.count.textContent = data.hidden ? text.guess_first : fill(text.tried, { tried: data.tried, count: all });
  parts.corner.textContent = text.rate;
  parts.heads.forEach((head, i) => {
    head.title = `${text.rate} = ${data.rates[i]}`;
    head.setAttribute("aria-label", head.title);
    head.setAttribute("aria-pressed", String(data.chosen.every((rate) => rate === data.rates[i])));
  });
  parts.rows.forEach((row, lane) => drawRow(ctx, row, lane));
  parts.legend.textContent = text.legend;
  parts.grid.setAttribute("aria-label", text.legend);
  drawTabStop(ctx);
  drawInfo(ctx);
  goOnTrying(ctx);
}

function trial(ctx, lane, rate) {
  const { arrays, rates, done, diverged } = ctx.data, at = lane * rates.length + rate, state = arrays.state.values[at];
  return { isKnown: state === done, isDiverged: state === diverged, accuracy: arrays.accuracy.values[at] };
}

function drawRow(ctx, { name, cells, sum }, lane) {
  const { data, text } = ctx, { works } = data.rows[lane];
  name.replaceChildren(laneKey(lane), data.lanes[lane]);
  cells.forEach((cell, rate) => {
    const { isKnown, isDiverged, accuracy } = trial(ctx, lane, rate);
    const { fill: background, ink } = color(accuracy, { max: 1, dark: ctx.dark });
    cell.style.background = isKnown ? background : "";
    cell.style.color = isKnown ? ink : "";
    cell.firstChild.textContent = isKnown ? number(100 * accuracy, 0) : isDiverged ? "∞" : data.hidden ? "?" : "";
    cell.classList.toggle("works", works.includes(rate));
    cell.classList.toggle("chosen", data.chosen[lane] === data.rates[rate]);
    cell.setAttribute("aria-label", `${said(ctx, lane, rate)}. ${text.give}`);
  });
  const best = data.rates.every((_, rate) => trial(ctx, lane, rate).isKnown || trial(ctx, lane, rate).isDiverged);
  sum.textContent = best ? fill(text.works, { part: works.length, all: data.rates.length, goal: `${100 * data.goal}%` }) : "";
}

function said(ctx, lane, rate) {
  const { data, text } = ctx, { isKnown, isDiverged, accuracy } = trial(ctx, lane, rate);
  const value = isKnown ? fill(text.reached, { value: asPercent(accuracy) }) : isDiverged ? text.diverged : text.unknown;
  return fill(text.cell, { label: data.lanes[lane], rate: data.rates[rate], value });
}

function drawTabStop(ctx) {
  const { parts, state: { at: [lane, rate] } } = ctx;
  parts.rows.forEach(({ cells }, l) => cells.forEach((cell, r) => { cell.tabIndex = l === lane && r === rate ? 0 : -1; }));
}

function drawInfo(ctx) {
  const { parts, state } = ctx;
  parts.info.textContent = state.spot ? said(ctx, ...state.spot) : "";
}
