// A picture, what kernels make of it, and the controls above. Python computes every map.
export default component(build, update);

function build(ctx) {
  const { parts, state } = ctx;
  Object.assign(state, { at: null, over: null, zoom: { by: 1, x: 0.5, y: 0.5 } });
  parts.choices = el("div", { class: "choices" });
  parts.dials = el("div", { class: "dials" });
  parts.stage = el("div", { class: "stage" });
  parts.panels = [];
  ctx.root.append(el("div", { class: "bar" }, parts.choices, parts.dials, zoomBar(ctx)), parts.stage,
    hint(ctx));
  const resized = new ResizeObserver(() => paintAll(ctx));
  resized.observe(parts.stage);
  ctx.onRemove(() => { resized.disconnect(); Object.values(state.later ?? {}).forEach(clearTimeout); });
}

function update(ctx) {
  const { data, parts, state } = ctx;
  drawChoices(ctx);
  drawDials(ctx);
  if (parts.panels.length !== data.maps.length + 1 || state.isChain !== data.chain) makePanels(ctx);
  parts.stage.classList.toggle("secret", data.hidden);
  followZoom(ctx);
  const [picture, ...panels] = parts.panels;
  Object.assign(picture, { ...pictureOf(ctx) });
  panels.forEach((panel, i) => Object.assign(panel, mapOf(ctx, i)));
  parts.panels.forEach((panel) => { fillPixels(ctx, panel); describe(ctx, panel); });
  paintAll(ctx);
}

// ---------------------------------------------------------------- panels

// A panel is a canvas, the words around it, and where its pixels lie on the picture: the middle of
// pixel i is at start + i · step + 0.5.
function makePanels(ctx) {
  const { data, parts, state } = ctx;
  state.isChain = data.chain;
  parts.panels = Array.from({ length: data.maps.length + 1 }, (_, i) => makePanel(ctx, i));
  parts.stage.className = `stage ${data.chain ? "chained" : "forked"} of-${parts.panels.length}`;
  parts.stage.replaceChildren(...parts.panels.map(({ element }) => element));
}

function makePanel(ctx, i) {
  const canvas = el("canvas", { tabindex: 0, role: "img" }), overlay = el("canvas", { class: "overlay", "aria-hidden": "true" });
  const kernel = el("canvas", { class: "kernel" }), title = el("b"), arrow = el("span", { class: "arrow" });
  const remark = el("p", { class: "remark" }), value = el("output", { class: "value" });
  const legend = { low: el("span"), bar: el("i"), high: el("span") };
  const element = el("section", { class: `panel ${i ? "map" : "source"}` },
    el("div", { class: "head" }, ...(i ? [kernel] : []), el("div", { class: "words" }, title, arrow)),
    el("div", { class: "frame" }, canvas, overlay),
    el("div", { class: "foot" }, el("span", { class: "legend" }, legend.low, legend.bar, legend.high), value),
    remark);
  const panel = { i, element, canvas, overlay, kernel, title, arrow, remark, value, legend };
  explore(ctx, panel);
  return panel;
}

function pictureOf(ctx) {
  const { shape, values, version } = ctx.data.arrays.picture;
  const unit = values instanceof Uint8Array ? 255 : 1;
  const [channels, rows, columns] = shape;
  return { words: ctx.data.title, detail: shape.join("×"), note: "", values, unit, channels, rows, columns, version, scale: "photo", largest: 1, step: 1, start: 0, sees: 1 };
}

function mapOf(ctx, i) {
  const { shape, values, version } = ctx.data.arrays[`map${i}`], map = ctx.data.maps[i];
  return { ...map, words: map.title, title: ctx.parts.panels[i + 1].title, detail: map.arrow, arrow: ctx.parts.panels[i + 1].arrow,
    note: map.remark, remark: ctx.parts.panels[i + 1].remark, values, unit: 1, channels: 1, rows: shape[0], columns: shape[1], version,
    weights: ctx.data.arrays[`kernel${i}`] };
}

function describe(ctx, panel) {
  const { words, detail, note, scale, largest, legend } = panel, look = [words, detail, note, scale, largest, panel.weights?.version, ctx.dark].join();
  if (panel.described === look) return;
  panel.described = look;
  panel.title.textContent = words;
  panel.arrow.replaceChildren(...detail.split(" · ").map((line) => el("span", {}, line)));
  panel.remark.textContent = note;
  panel.canvas.setAttribute("aria-label", [words, detail].filter(Boolean).join(", "));
  legend.low.textContent = scale === "signed" ? `≤ ${number(-largest)}` : "0";
  legend.high.textContent = scale === "signed" ? `≥ ${number(largest)}` : number(largest);
  legend.bar.style.background = `linear-gradient(to right, ${SCALES[ctx.dark ? "dark" : "light"][scale]})`;
  panel.element.classList.toggle("has-kernel", Boolean(panel.weights));
  if (panel.weights) drawKernel(ctx, panel.kernel, panel.weights.values, panel.weights.shape[0]);
}
