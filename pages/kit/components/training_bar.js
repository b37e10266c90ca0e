// The bar that runs a training: play, one step, one epoch, a new start, how fast. While it plays,
// the browser asks Python for the next steps after each answer; so nobody computes for a page that
// was left, or that is hidden behind another.
//
//   trainingBar(ctx, settings) -> {element, draw(), ask(), wish(verb, which), isPlaying}
//
//   settings()    what else Python should know with each question, {name: value}
//   draw()        call it in update: it asks for more while it plays. True if what came is an answer,
//                 false if a run of the page drew what may be older; then an answer is on its way
//   ask()         ask Python now, also while nothing plays, because one looks at something else
//   wish(verb)    what a button stands for; it is sent until Python has heard it. `which` of several
const SOON = 120, LOST = 3000; // milliseconds between questions at a slow pace; until one counts as lost
const MOST_WISHES = 20;
const PACES = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, Infinity]; // steps a second; about evenly by their logarithms
const USUAL_PACE = 50;
const PACE_MEMORY = "cnn-lab-training-pace";
const VERB_KEYS = { p: "toggle", s: "step", e: "epoch", n: "reset" };

function trainingBar(ctx, settings) {
  const wishes = []; // not heard yet, the oldest first
  let isPlaying = false, lastId = 0, askedAt = -Infinity, timer = null, seen = null, isOutdated = false, isGone = false;
  const toggle = button("play", ctx.text.play, (event) => { if (event.detail < 2) run("toggle"); }, { words: true, primary: true });
  const verb = (name) => el("button", { class: "button", type: "button", onclick: () => run(name) });
  const step = verb("step"), epoch = verb("epoch"), reset = verb("reset");
  const pace = el("input", { type: "range", min: 0, max: PACES.length - 1, step: 1, oninput: () => { storeTrainingPace(pace.value); draw(); } });
  pace.value = storedTrainingPace();
  const slow = el("span", { class: "end" }), full = el("span", { class: "end" }), speed = el("span"), output = el("output");
  const element = el("div", { class: "steps training-bar" }, toggle, step, epoch, reset,
    el("span", { class: "pace" }, speed, slow, pace, full, output));

  const onKey = (event) => {
    const name = VERB_KEYS[event.key.toLowerCase()];
    if (!name || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
    event.preventDefault();
    if (!event.repeat || (name === "step" && !wishes.length)) run(name); // a held key never piles up steps
  };
  const onReturn = () => { if (!document.hidden) draw(); };
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", onReturn);
  ctx.onRemove(() => {
    isGone = true; // an answer may still be on its way: it must not lead to another question
    clearTimeout(timer);
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("visibilitychange", onReturn);
  });

  const run = (name) => wish(name === "toggle" ? (isPlaying ? "pause" : "play") : name);

  function wish(name, which = 0) {
    if (["play", "pause", "reset"].includes(name)) wishes.length = 0; // what waits is of no use any more
    if (wishes.length >= MOST_WISHES) return;
    lastId = Math.max(Date.now(), lastId + 1, ctx.data.run.heard + 1);
    wishes.push({ verb: name, id: lastId, which });
    isPlaying = name === "play"; // it shows at once what will be
    ctx.state.then = null; // who acts looks at what comes of it
    ask();
    show();
  }

  function ask() {
    if (isGone) return;
    clearTimeout(timer);
    askedAt = performance.now();
    const count = PACES[pace.value];
    ctx.inquire({ of: ctx.data.of, pace: Number.isFinite(count) ? count : "max", ...settings(), ...(wishes[0] ?? { verb: "look" }) });
    timer = setTimeout(askAgain, LOST);
  }

  function askAgain() {
    ctx.state.isUnanswered = true;
    ctx.parts.status.draw();
    ask();
  }

  function draw() {
    const { data } = ctx, { heard, playing } = data.run, waited = wishes.length;
    while (wishes.length && wishes[0].id <= heard) wishes.shift();
    if (!wishes.length) isPlaying = playing;
    ctx.state.isUnanswered = false;
    isOutdated = seen !== null && seen !== data;
    seen = data;
    clearTimeout(timer);
    if (isOutdated || (wishes.length && waited > wishes.length)) ask();
    else if (wishes.length) timer = setTimeout(ask, Math.max(0, askedAt + LOST - performance.now()));
    else if (isPlaying && !document.hidden) {
      const rest = PACES[pace.value] <= 10 ? askedAt + SOON - performance.now() : 0;
      if (rest > 0) timer = setTimeout(ask, rest);
      else ask();
    }
    show();
    return !isOutdated;
  }

  function show() {
    const { text } = ctx, name = isPlaying ? "pause" : "play";
    if (toggle.dataset.shows !== text[name]) {
      toggle.dataset.shows = text[name];
      toggle.replaceChildren(icon(name), el("span", {}, text[name]));
      tell(toggle, text[name], "P");
      for (const [element, words, key] of [[step, text.one_step, "S"], [epoch, text.one_epoch, "E"], [reset, text.again, "N"]]) {
        element.textContent = words;
        tell(element, words, key);
      }
      Object.assign(speed, { textContent: text.speed });
      Object.assign(slow, { textContent: text.slowest });
      Object.assign(full, { textContent: text.fastest });
      pace.setAttribute("aria-label", text.speed);
    }
    const count = PACES[pace.value];
    output.textContent = !Number.isFinite(count) ? text.full : count === 1 ? text.one_a_second : fill(text.steps_a_second, { count });
    pace.setAttribute("aria-valuetext", output.textContent);
    element.toggleAttribute("data-busy", isPlaying || isOutdated || wishes.length > 0); // for whoever must wait: tests
  }
  const tell = (element, words, key) => {
    element.setAttribute("aria-label", words);
    element.setAttribute("aria-keyshortcuts", key);
    element.title = fill(ctx.text.with_key, { words, key });
  };

  return { element, draw, ask, wish, get isPlaying() { return isPlaying; } };
}

// Letters belong to a field in which one writes, also to a list that is searched by typing.
function isTyping(event) {
  const field = event.composedPath()[0];
  if (field.isContentEditable || field.tagName === "TEXTAREA" || field.tagName === "SELECT") return true;
  return field.tagName === "INPUT" && !["range", "checkbox", "radio", "button", "color", "file"].includes(field.type);
}

function storedTrainingPace() {
  const usual = PACES.indexOf(USUAL_PACE);
  try {
    const kept = Number(localStorage.getItem(PACE_MEMORY) ?? usual);
    return kept in PACES ? kept : usual;
  } catch { return usual; } // no storage: nothing is remembered
}
function storeTrainingPace(place) {
  try { localStorage.setItem(PACE_MEMORY, place); } catch { /* it lasts until the page is left */ }
}
