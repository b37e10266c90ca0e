// One tile for every feature map; in it, the numbers that a pooling learns for it. Python has
// counted all of them in advance, so the slider need not wait.
export default component(build, update);

function build(ctx) {
  const { parts, state } = ctx;
  parts.maps = el("input", { type: "range", min: 1, max: ctx.data.parameters.length, step: 1, oninput: () => { state.maps = Number(parts.maps.value); draw(ctx); } });
  parts.maps.onchange = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => ctx.send("move", (state.sent = state.maps)), 250);
  };
  parts.number = el("output");
  parts.name = el("span");
  parts.rows = ctx.data.parameters[0].map(() => {
    const name = el("span", { class: "kind" }), tiles = el("span", { class: "tiles", "aria-hidden": "true" }), total = el("b", { class: "total" });
    return { name, tiles, total, element: el("div", { class: "count-row" }, name, total, tiles) };
  });
  parts.table = el("table");
  ctx.root.append(el("div", { class: "counts" },
    el("div", { class: "per-maps" }, el("label", { class: "maps" }, parts.name, parts.maps, parts.number), ...parts.rows.map(({ element }) => element)),
    parts.table));
  ctx.onRemove(() => clearTimeout(state.timer));
}

function update(ctx) {
  const { data, state, parts, text } = ctx;
  if (data.maps !== state.sent) state.maps = state.sent = data.maps;
  parts.name.textContent = text.maps;
  parts.maps.setAttribute("aria-label", text.maps);
  parts.rows.forEach(({ name }, i) => { name.textContent = text[`kind${i}`]; });
  const cell = (tag, words) => el(tag, {}, typeof words === "number" ? words.toLocaleString("en") : words);
  parts.table.replaceChildren(
    el("caption", {}, text.lenet),
    el("thead", {}, el("tr", {}, ...["layer", "parameters", "connections"].map((name) => cell("th", text[name])))),
    el("tbody", {}, ...data.lenet.map((row) => el("tr", {}, ...[row.layer, row.parameters, row.connections].map((value) => cell("td", value))))));
  draw(ctx);
}

function draw(ctx) {
  const { data, state, parts } = ctx, { maps } = state;
  parts.maps.value = maps;
  parts.number.textContent = maps;
  parts.rows.forEach(({ tiles, total }, i) => {
    const learned = data.parameters[maps - 1][i], each = learned / maps;
    total.textContent = each ? `${each}·${maps} = ${learned}` : learned;
    total.classList.toggle("none", !each);
    tiles.replaceChildren(...Array.from({ length: maps }, () => el("i", {}, ...(each ? ["β", "b"] : []).map((name) => el("small", {}, name)))));
  });
}
