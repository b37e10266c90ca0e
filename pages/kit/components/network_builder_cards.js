// The cards of the chain: on each what a layer is made of, and behind it what comes out.

const CONV_FIELDS = ["filters", "kernel", "stride", "padding"];

function buildCard(ctx, { kind, number }) {
  const title = el("b", { class: "title" });
  const remove = kind === "scores" ? null : removeButton(ctx, `${kind}${number}`);
  const steps = el("div", { class: "steps-done" }), pooled = el("div", { class: "steps-done" });
  const fields = kind === "conv" ? CONV_FIELDS : kind === "dense" ? ["width"] : [];
  const labels = Object.fromEntries(fields.map((field) => [field, el("span", { class: "label", "aria-hidden": "true" })]));
  const pickers = fields.map((field) => el("label", { class: "field" }, labels[field], selectOf(ctx, `${kind}${number}-${field}`)));
  const flatten = el("p", { class: "flatten" });
  const pool = kind === "conv" ? el("div", { class: "pool" }, selectOf(ctx, `conv${number}-pool`), pooled) : null;
  const result = buildResult(kind);
  const card = el("div", { class: `card ${kind}`, role: "group" },
    el("div", { class: "head" }, title, remove), flatten, el("div", { class: "fields" }, ...pickers), steps, pool);
  const element = el("li", { class: `unit of-${kind}` }, arrowHead("lead"), card, arrowHead(""), result.element);
  return { element, card, title, labels, flatten, steps, pooled, result };
}

function removeButton(ctx, layer) {
  const button = buttonOf(ctx, `fewer-${layer}`);
  button.classList.add("remove");
  button.replaceChildren(svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "M2 2L10 10M10 2L2 10" })));
  return button;
}

function drawCard(ctx, parts, card) {
  parts.title.textContent = card.title;
  parts.card.setAttribute("aria-label", `${card.title}. ${card.sentence}`);
  for (const [field, label] of Object.entries(parts.labels)) label.textContent = ctx.data.pickers[`${card.kind}${card.number}-${field}`].label;
  parts.flatten.replaceChildren(...(card.flatten ?? []).map((words) => el("span", {}, words)));
  drawSteps(parts.steps, card.steps);
  drawSteps(parts.pooled, card.pool_steps ?? []);
  parts.result.draw(card.shape, ctx.data.image.shape);
  parts.result.caption(card.size, card.parameters);
}

// Formulas of what is learned, and the activation with the shape that goes on to the pooling.
function drawSteps(element, steps) {
  element.replaceChildren(...steps.map(({ formula, total, activation, shape }) => (formula
    ? el("p", {}, el("span", {}, formula), " ", el("span", {}, `= ${total}`))
    : el("p", {}, el("span", { class: "activation" }, activation), shape ? el("span", { class: "shape" }, ` → ${shape}`) : null))));
}

function arrowHead(name) {
  return svg("svg", { class: `arrow ${name}`, viewBox: "0 0 24 12", "aria-hidden": "true" },
    svg("path", { d: "M1 6H17" }), svg("path", { class: "head-of", d: "M15 1L24 6L15 11z" }));
}
