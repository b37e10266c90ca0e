// The library that every component's script starts with. A component is:
//
//   export default component(build, update)
//
//     build(ctx)   once per place on the page: make the elements, put them in ctx.root, and keep
//                  what `update` needs in ctx.parts.
//     update(ctx)  after build and at every change of data or theme: draw ctx.data.
//
//   ctx.root  the <div class="lab">     ctx.data  what Python gave        ctx.text  translated words
//   ctx.dark  true in the dark theme    ctx.parts {} yours to fill        ctx.state {} yours to fill
//   ctx.send(event, payload)            tell Python (a handler in `on={event: ...}`); every one arrives
//                                       once and in order. Until Python has answered the last one,
//                                       older answers are not drawn: show your own change at once.
//   ctx.inquire(settings)               while a finger moves: ask Python at the address in
//                                       ctx.data.direct. The newest question takes the place of one
//                                       that still waits; the answer changes ctx.data and is drawn.
//   ctx.data.arrays[name]                {shape, values} of what Python gave as `arrays`
//   ctx.say(sentence)                   speak to screen readers (polite live region)
//   ctx.onRemove(f)                     clean up (timers) when the component leaves the page
//
// Elements    el("div", {class: "row", onclick: f}, child, "text")      svg("rect", {x: 0})
// Words       fill("Step {step}", {step: 3})        number(0.12345) -> "0.12"
// Colours     color(value, {scale, max, dark}) -> {fill, ink};  scale: "signed" (±max), "image"
//             or "photo" (0..max) or "none".  In CSS roles are variables, var(--role-kernel); for a
//             canvas, paint(ctx, "--role-kernel") is the colour of the present theme.
// Grid        numberGrid(ctx, options) -> grid; see base_grid.js
// Play bar    playBar(ctx, {onStep, interval, first}) -> {element, set(position, count), stop(), step(by)};
//             see base_play.js
// Motion      calm() is true when the reader wants no motion.

const places = new WeakMap();
const PATIENCE = 3000; // milliseconds until an unanswered message is sent again

function component(build, update) {
  return ({ data: sent, parentElement, setTriggerValue }) => {
    const root = parentElement.querySelector(".lab");
    if (!places.has(parentElement)) places.set(parentElement, newContext(root));
    const ctx = places.get(parentElement);
    ctx.trigger = setTriggerValue;
    ctx.redraw = () => update(ctx);
    if (sent !== ctx.sent) takeNews(ctx, sent); // the same again: the theme has changed, and nothing else
    ctx.dark = isDark(root);
    if (ctx.data) {
      if (!ctx.isBuilt) build(ctx);
      ctx.isBuilt = true;
      update(ctx);
    }
    return () => {
      ctx.cleanUps.forEach((f) => f());
      ctx.redraw = () => {}; // an answer may still be on its way
      places.delete(parentElement);
      root.replaceChildren();
    };
  };
}

function takeNews(ctx, sent) {
  const data = sent instanceof Uint8Array ? unpackArrays(ctx, sent) : sent;
  ctx.sent = sent;
  ctx.unanswered = ctx.unanswered.filter(({ id }) => id > data.answered);
  ctx.root.toggleAttribute("data-unanswered", ctx.unanswered.length > 0); // for whoever must wait: tests
  if (data.answered >= ctx.asked) hear(ctx);
  if (sent instanceof Uint8Array) ctx.held = data.arrays;
  if (data.misses) ctx.send("again", null);
  else if (!ctx.unanswered.length) Object.assign(ctx, { data, text: data.text });
}

function newContext(root) {
  const live = el("div", { class: "unseen", "aria-live": "polite" });
  root.append(live);
  const ctx = { root, parts: {}, state: {}, cleanUps: [], unanswered: [], held: {} };
  ctx.say = (sentence) => { live.textContent = sentence; };
  ctx.onRemove = (f) => ctx.cleanUps.push(f);
  ctx.inquire = (settings) => inquire(ctx, settings);
  ctx.send = (event, payload) => {
    const id = Math.max(Date.now(), (ctx.lastId ?? 0) + 1);
    ctx.lastId = id;
    ctx.unanswered.push({ id, event, payload });
    root.toggleAttribute("data-unanswered", true);
    ask(ctx);
  };
  return ctx;
}

// One message at a time, with everything that waits. Streamlit keeps only the last of several quick
// events, and every message carries what the page's other controls show: one that overtakes an
// answer would set them back.
function ask(ctx) {
  if (performance.now() - ctx.askedAt < PATIENCE) return;
  const last = ctx.unanswered.at(-1);
  last.held = Object.fromEntries(Object.entries(ctx.held).filter(([, { values }]) => values).map(([name, { version }]) => [name, version]));
  ctx.askedAt = performance.now();
  ctx.asked = last.id;
  ctx.trigger("events", ctx.unanswered);
}

// The other controls show the answer a moment later; then the next message may go.
function hear(ctx) {
  ctx.asked = undefined;
  setTimeout(() => {
    ctx.askedAt = undefined;
    if (ctx.unanswered.length) ask(ctx);
  }, 50);
}

// One question at a time. Without an answer nothing is drawn: what the finger leaves behind is sent
// as an event, and that one arrives.
async function inquire(ctx, settings) {
  ctx.question = settings;
  if (ctx.isInquiring) return;
  ctx.isInquiring = true;
  while (ctx.question) {
    const { data } = ctx, question = new URLSearchParams(ctx.question);
    ctx.question = undefined;
    const bytes = await fetch(`${data.direct}?${question}`).then((answer) => answer.status === 200 && answer.arrayBuffer()).catch(() => null);
    if (!bytes || data !== ctx.data) continue; // meanwhile Python drew something else
    const { arrays, ...fields } = unpackArrays(ctx, new Uint8Array(bytes));
    Object.assign(ctx.held, arrays);
    Object.assign(data, fields, { arrays: { ...data.arrays, ...arrays } });
    ctx.redraw();
  }
  ctx.isInquiring = false;
}

// Python's message: the length of the text, the text, and the arrays that changed (see `pack`).
const TYPES = { float32: Float32Array, uint8: Uint8Array };

function unpackArrays(ctx, bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), start = 4 + length;
  const data = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
  for (const [name, array] of Object.entries(data.arrays)) {
    const Type = TYPES[array.type], size = array.shape.reduce((a, b) => a * b, 1) * Type.BYTES_PER_ELEMENT;
    if (array.offset !== undefined) array.values = new Type(bytes.slice(start + array.offset, start + array.offset + size).buffer);
    else if (ctx.held[name]?.version === array.version) array.values = ctx.held[name].values;
    else data.misses = name; // the page was drawn anew meanwhile
  }
  return data;
}

// Streamlit marks its theme as the page's color-scheme, which every element inherits.
const isDark = (root) => getComputedStyle(root).colorScheme.includes("dark");

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// ---------------------------------------------------------------- elements and words

function el(tag, attributes = {}, ...children) {
  return decorate(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return decorate(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function decorate(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Short enough for a cell: at most two decimals, fewer for large numbers; a true minus sign.
function number(value, decimals = Math.abs(value) < 100 ? 2 : Math.abs(value) < 1000 ? 1 : 0) {
  if (value === null || value === undefined) return "";
  const text = String(Number(value.toFixed(decimals)));
  return text === "-0" ? "0" : text.replace("-", "−");
}

// What a person may type: 3, -0.5, −2, 0,5, 1/9. Anything else is null.
function parseNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const match = plain.match(/^([+-]?(?:\d+\.?\d*|\.\d+))(?:\/(\d+\.?\d*))?$/);
  if (!match) return null;
  const value = Number(match[1]) / Number(match[2] ?? 1);
  return Number.isFinite(value) ? value : null;
}

// ---------------------------------------------------------------- colours

function color(value, { scale = "signed", max = 1, dark = false }) {
  if (scale === "none" || value === null || value === undefined) return { fill: "transparent", ink: "var(--text)" };
  const stops = SCALES[dark ? "dark" : "light"][scale];
  const share = max > 0 ? value / max : 0;
  const filled = scale === "signed"
    ? mix(stops[1], share >= 0 ? stops[2] : stops[0], Math.min(1, Math.abs(share)))
    : mix(stops[0], stops[1], Math.min(1, Math.max(0, share)));
  return { fill: `rgb(${filled.map(Math.round)})`, ink: INKS.reduce((a, b) => (contrast(rgb(b), filled) > contrast(rgb(a), filled) ? b : a)) };
}

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (from, to, share) => { const end = rgb(to); return rgb(from).map((c, i) => c + (end[i] - c) * share); };
function contrast(a, b) {
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}
function luminance(channels) {
  const [r, g, b] = channels.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function paint(ctx, variable) {
  const probe = el("span", { style: `color:var(${variable})` });
  ctx.root.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
