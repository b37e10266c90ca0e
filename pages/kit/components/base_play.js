// Play, pause, step: one bar for everything that moves.

const ICONS = {
  restart: "M3 2h2v12H3zM14 2v12L6 8z", back: "M12 2v12L3 8z",
  forward: "M4 2v12l9-6z", play: "M4 2v12l9-6z", pause: "M3 2h4v12H3zM9 2h4v12H9z",
};
const icon = (name) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

function button(name, label, onclick, { words = false, primary = false } = {}) {
  return el("button", { class: `button${primary ? " primary" : ""}`, type: "button", "aria-label": label, title: label, onclick },
    icon(name), words ? el("span", {}, label) : null);
}

// How fast everything plays; the browser remembers it for all lessons.
const SPEEDS = { "½×": 0.5, "1×": 1, "3×": 3 };
const SPEED = "cnn-lab-speed";
function storedSpeed() {
  try { return localStorage.getItem(SPEED) in SPEEDS ? localStorage.getItem(SPEED) : "1×"; } catch { return "1×"; } // no storage: nothing is remembered
}
function storeSpeed(name) {
  try { localStorage.setItem(SPEED, name); } catch { /* it lasts until the page is left */ }
}

// onStep(position) is called when the position changes by hand or by playing, not by set(). `first` is
// what position 0 is called: step 1 of what is done one after the other, step 0 before any is done.
function playBar(ctx, { onStep, interval = 700, first = 1 }) {
  let position = 0, count = 1, timer = null;
  const go = (to) => { position = Math.max(0, Math.min(count - 1, to)); show(); onStep(position); };
  const stop = () => { clearTimeout(timer); timer = null; show(); };
  const play = () => {
    if (timer) return stop();
    if (position >= count - 1) go(0);
    next();
    show();
  };
  const next = () => {
    timer = setTimeout(() => {
      go(position + 1);
      if (position >= count - 1) stop();
      else if (timer) next();
    }, interval / SPEEDS[speed.value]);
  };
  const toggle = button("play", ctx.text.play, play, { words: true, primary: true });
  const slider = el("input", { type: "range", min: 0, step: 1, oninput: () => { stop(); go(Number(slider.value)); } });
  const counter = el("output");
  const speed = el("select", { class: "picker", "aria-label": ctx.text.speed, title: ctx.text.speed, onchange: () => storeSpeed(speed.value) },
    ...Object.keys(SPEEDS).map((name) => el("option", { value: name }, name)));
  speed.value = storedSpeed();
  const element = el("div", { class: "steps" },
    button("restart", ctx.text.restart, () => { stop(); go(0); }),
    button("back", ctx.text.back, () => { stop(); go(position - 1); }),
    toggle,
    button("forward", ctx.text.forward, () => { stop(); go(position + 1); }),
    slider, counter, speed);
  function show() {
    const name = timer ? "pause" : "play", words = ctx.text[name];
    toggle.replaceChildren(icon(name), el("span", {}, words));
    toggle.setAttribute("aria-label", words); toggle.title = words;
    slider.max = count - 1; slider.value = position;
    const step = position + first, last = count - 1 + first;
    const sentence = fill(ctx.text.position, { step, count: last });
    slider.setAttribute("aria-label", sentence); slider.setAttribute("aria-valuetext", sentence);
    counter.textContent = `${step} / ${last}`;
  }
  ctx.onRemove(() => clearTimeout(timer));
  return {
    element, stop, play,
    step: (by) => { stop(); go(position + by); },
    set: (to, of) => { count = Math.max(1, of); position = Math.max(0, Math.min(count - 1, to)); show(); },
    get position() { return position; },
    get playing() { return timer !== null; },
  };
}
