// A picture and three small versions of it, below them what each way lost or how it changed, and
// the measures. Python computes every map and every number.
export default component(build, update);

const COLOURS = { quiet: "--role-input", busy: "--role-gradient" }; // of the two patches

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: null, over: null, zoom: { by: 1, x: 0.5, y: 0.5 } });
  parts.choices = el("div", { class: "choices" });
  parts.dials = el("div", { class: "dials" });
  parts.remarks = el("div", { class: "remarks" });
  parts.legend = { low: el("span"), bar: el("i"), high: el("span") };
  parts.key = el("p", { class: "legend" }, parts.legend.low, parts.legend.bar, parts.legend.high);
  parts.side = el("div", { class: "side" }, parts.choices, parts.dials, parts.remarks, parts.key);
  parts.zooms = zoomBar(ctx);
  parts.table = el("div", { class: "measures", role: "table" });
  parts.stage = el("div", { class: "stage" });
  parts.panels = [];
  ctx.root.append(parts.stage, hint(ctx));
  const resized = new ResizeObserver(() => paintAll(ctx));
  resized.observe(parts.stage);
  ctx.onRemove(() => { resized.disconnect(); Object.values(state.later ?? {}).forEach(clearTimeout); });
}

function update(ctx) {
  const { data, parts, state } = ctx;
  drawChoices(ctx);
  drawDials(ctx);
  if (state.view !== data.view) makePanels(ctx);
  parts.stage.classList.toggle("secret", data.hidden);
  state.patches = Object.entries(data.patches).map(([name, patch]) => ({ ...patch, ink: paint(ctx, COLOURS[name]) }));
  followZoom(ctx);
  parts.panels.forEach((panel) => { Object.assign(panel, read(ctx, panel.i)); fillPixels(ctx, panel); describe(ctx, panel); });
  parts.remarks.replaceChildren(...data.remarks.map((sentence) => el("p", {}, sentence)));
  drawLegend(ctx);
  drawTable(ctx);
  paintAll(ctx);
}

// ---------------------------------------------------------------- panels

function makePanels(ctx) {
  const { data, parts, state } = ctx;
  state.view = data.view;
  parts.panels = data.panels.map((panel, i) => makePanel(ctx, panel, i));
  parts.stage.className = `stage ${data.view}`;
  parts.panels[0].element.querySelector(".head").append(parts.zooms);
  parts.stage.replaceChildren(parts.panels[0].element, parts.side, ...parts.panels.slice(1).map(({ element }) => element), parts.table);
}

function makePanel(ctx, { row, column }, i) {
  const canvas = el("canvas", { tabindex: 0, role: "img" }), overlay = el("canvas", { class: "overlay", "aria-hidden": "true" });
  const title = el("b"), value = el("output", { class: "value" }), detail = el("span", { class: "arrow" });
  const element = el("section", { class: `panel row-${row} column-${column} ${i ? "map" : "source"}` },
    el("div", { class: "head" }, title, value, detail), el("div", { class: "frame" }, canvas, overlay));
  const panel = { i, element, canvas, overlay, title, value, detail };
  explore(ctx, panel);
  return panel;
}

// One map as the lens wants it (see feature_maps_paint.js).
function read(ctx, i) {
  const { shape, values, version } = ctx.data.arrays[`panel${i}`], panel = ctx.data.panels[i];
  const [rows, columns] = shape, unit = values instanceof Uint8Array ? 255 : 1;
  const { title, ...place } = panel;
  return { ...place, words: title || ctx.text.change, values, unit, channels: 1, rows, columns, version };
}

function describe(ctx, panel) {
  const { words, arrow, rows, columns } = panel;
  panel.title.textContent = words;
  panel.detail.textContent = panel.i ? arrow : `${rows}×${columns}`;
  panel.canvas.setAttribute("aria-label", [words, arrow].filter(Boolean).join(", "));
}

// ---------------------------------------------------------------- words and numbers

function drawLegend(ctx) {
  const { data, parts, text, dark } = ctx, signed = data.panels.find(({ scale }) => scale === "signed");
  parts.key.hidden = !signed || data.hidden;
  if (!signed) return;
  parts.legend.low.textContent = `${text.darker} ${number(-signed.largest)}`;
  parts.legend.high.textContent = `+${number(signed.largest)} ${text.brighter}`;
  parts.legend.bar.style.background = `linear-gradient(to right, ${SCALES[dark ? "dark" : "light"].signed})`;
}

// A measure in each row: of the original beside its name, and of every version below its picture.
function drawTable(ctx) {
  const { data, parts, text } = ctx, names = data.panels.filter(({ row, column }) => row === 0 && column > 0);
  const heads = el("div", { class: "line heads", role: "row" }, el("span", { role: "columnheader" }),
    ...names.map(({ title }) => el("span", { role: "columnheader" }, title)));
  const lines = data.rows.map(({ label, values: [before, ...after], patch }) => {
    const most = Math.max(...after, 1e-9), chip = patch ? el("i", { class: `chip ${patch}` }, text[patch]) : null;
    const cell = (value) => el("span", { class: "measure", role: "cell" }, el("output", {}, value.toFixed(3)),
      el("span", { class: "rail", "aria-hidden": "true" }, el("i", { style: `width:${(100 * value) / most}%` })));
    return el("div", { class: "line", role: "row" },
      el("span", { class: "label", role: "rowheader" }, chip, label, before === null ? null : el("output", { "data-before": text.before }, before.toFixed(3))), ...after.map(cell));
  });
  parts.table.replaceChildren(...(lines.length ? [heads, ...lines] : []));
}
