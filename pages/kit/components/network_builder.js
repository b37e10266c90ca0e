// A network as a chain of cards, from the image to the scores. Python gives each possible change
// together with the text of the network it leads to; a change sends that text and nothing else.
export default component(build, update);

function build(ctx) {
  const { parts } = ctx;
  Object.assign(parts, { selects: {}, buttons: {} });
  parts.presets = el("div", { class: "presets", role: "group" });
  parts.presetsLabel = el("span", { class: "label", "aria-hidden": "true" });
  parts.activation = el("span", { class: "label", "aria-hidden": "true" });
  parts.chain = el("ol", { class: "chain" });
  parts.add = el("div", { class: "add" });
  parts.total = el("p", { class: "total" });
  parts.rule = el("p", { class: "rule" });
  ctx.root.append(
    el("div", { class: "top" }, parts.presetsLabel, parts.presets, el("label", { class: "field" }, parts.activation, selectOf(ctx, "activation"))),
    parts.chain,
    el("div", { class: "bottom" }, parts.add, parts.total),
    parts.rule);
}

function update(ctx) {
  const { data, parts, state } = ctx, focused = ctx.root.getRootNode().activeElement?.dataset.name;
  const plan = JSON.stringify([ctx.text, data.cards.map(({ kind }) => kind), data.presets]);
  if (plan !== state.plan) layOut(ctx);
  state.plan = plan;
  for (const [name, { label, name: full, options, value }] of Object.entries(data.pickers)) {
    const select = parts.selects[name];
    choose(select, options, value);
    select.setAttribute("aria-label", full);
    select.title = full;
  }
  for (const [name, { label, text: leadsTo, why }] of Object.entries(data.moves)) {
    const button = buttonOf(ctx, name);
    button.disabled = !leadsTo;
    if (name.startsWith("fewer")) button.setAttribute("aria-label", label);
    button.title = leadsTo ? label : `${label}. ${why}`;
  }
  data.presets.forEach(({ move, text: network }) => buttonOf(ctx, move).setAttribute("aria-pressed", network === data.network));
  parts.cards.forEach((card, i) => drawCard(ctx, card, data.cards[i]));
  parts.image.draw(data.image.shape, data.image.shape);
  parts.image.caption(data.image.size, "");
  parts.total.replaceChildren(el("b", {}, data.total), ` · ${data.connections}`);
  if (focused) focusAgain(ctx, focused);
  if (state.network && state.network !== data.network) ctx.say(data.total);
  state.network = data.network;
  followWish(ctx);
}

// The elements change only when layers come or go, or the language does.
function layOut(ctx) {
  const { data, parts, text } = ctx;
  parts.presetsLabel.textContent = text.presets;
  parts.presets.setAttribute("aria-label", text.presets);
  parts.presets.replaceChildren(...data.presets.map(({ move, label }) => fillButton(buttonOf(ctx, move), label)));
  parts.activation.textContent = text.activation;
  parts.chain.setAttribute("aria-label", text.chain);
  parts.image = buildResult("image");
  parts.cards = data.cards.map((card) => buildCard(ctx, card));
  parts.chain.replaceChildren(
    el("li", { class: "unit first" }, el("b", { class: "title" }, text.image), parts.image.element),
    ...parts.cards.map(({ element }) => element));
  parts.add.replaceChildren(text.add, ...["more-conv", "more-dense"].map((name) => fillButton(buttonOf(ctx, name), `+ ${data.moves[name].label}`)));
  parts.rule.textContent = text.rule;
}

// Whoever uses the keyboard stays where they were, or near it if that is gone.
function focusAgain({ parts, root }, name) {
  if (root.getRootNode().activeElement?.dataset.name === name) return;
  const controls = { ...parts.selects, ...parts.buttons };
  [name, "more-conv", "more-dense", "activation"].map((each) => controls[each]).find((control) => control?.isConnected && !control.disabled).focus();
}

function fillButton(button, words) {
  button.replaceChildren(words);
  return button;
}

// ---------------------------------------------------------------- changes

function selectOf(ctx, name) {
  return ctx.parts.selects[name] ??= namedPicker(ctx, name);
}

function namedPicker(ctx, name) {
  const select = picker("", (value) => change(ctx, { name, value }));
  select.dataset.name = name;
  return select;
}

function buttonOf(ctx, name) {
  return ctx.parts.buttons[name] ??= el("button", { class: "button", type: "button", "data-name": name, onclick: () => change(ctx, { name }) });
}

// The text of the network that a wish leads to, if the present network allows it.
function networkOf({ data }, { name, value }) {
  const found = data.pickers[name]?.options.find(([option]) => option === value)?.[2];
  return found ?? data.moves[name]?.text ?? data.presets.find(({ move }) => move === name)?.text;
}

// Texts are those of networks one change away from what is shown. A change that comes before the
// last one has been answered waits, for it must be a change of what comes then.
function change(ctx, wish) {
  if (ctx.unanswered.length) { (ctx.state.wishes ??= []).push(wish); return; }
  const network = networkOf(ctx, wish);
  if (network && network !== ctx.data.network) ctx.send("change", network);
}

function followWish(ctx) {
  while (ctx.state.wishes?.length && !ctx.unanswered.length) change(ctx, ctx.state.wishes.shift());
}
