// The bar that runs a race: play, an epoch, a new start, how fast. While it plays, the browser asks
// Python for the next laps after each drawing; so nobody computes for a page that was left, or that
// is hidden behind another.
//
//   raceBar(ctx, settings) -> {element, draw(), ask()}
//
//   settings()   what else Python should know with each question, {name: value}
//   draw()       call it in update: it shows how the race stands, and asks for more while it plays
//   ask()        ask Python now, also while nothing plays, because a setting has changed
const FRAME = 60, LOST = 3000; // milliseconds between two questions; and until one counts as lost
const PACE = "cnn-lab-pace";

function raceBar(ctx, settings = () => ({})) {
  const { text, state } = ctx;
  const race = state.race = { isPlaying: false, wish: null, askedAt: 0, timer: null };
  const toggle = button("play", text.play, (event) => { if (event.detail < 2) { race.isPlaying = !race.isPlaying; draw(); } }, { words: true, primary: true });
  const epoch = el("button", { class: "button", type: "button", onclick: () => wish("epoch") });
  const reset = el("button", { class: "button", type: "button", onclick: () => wish("reset") });
  const pace = el("select", { class: "picker", "aria-label": text.speed, title: text.speed, onchange: () => storePace(pace.value) },
    ...["slow", "brisk", "full"].map((name) => el("option", { value: name })));
  pace.value = storedPace();
  const count = el("output");
  const element = el("div", { class: "steps race-bar" }, toggle, epoch, reset, pace, count);
  const onReturn = () => { if (!document.hidden) draw(); };
  document.addEventListener("visibilitychange", onReturn);
  ctx.onRemove(() => { clearTimeout(race.timer); document.removeEventListener("visibilitychange", onReturn); });

  function wish(verb) {
    race.wish = { verb, id: Math.max(Date.now(), (race.lastId ?? 0) + 1) };
    race.lastId = race.wish.id;
    if (verb === "epoch") race.isPlaying = false;
    draw();
  }

  function ask() {
    clearTimeout(race.timer);
    race.askedAt = performance.now();
    ctx.inquire({ ...settings(), pace: pace.value, ...(race.wish ?? (race.isPlaying ? { verb: "play" } : {})) });
    race.timer = setTimeout(ask, LOST);
  }

  function draw() {
    const { data, text } = ctx, { over, heard, epochs } = data.race;
    if (race.wish && heard >= race.wish.id) race.wish = null;
    if (over && !race.wish) race.isPlaying = false;
    const name = race.isPlaying ? "pause" : "play";
    toggle.replaceChildren(icon(name), el("span", {}, text[name]));
    toggle.setAttribute("aria-label", text[name]); toggle.title = text[name];
    toggle.disabled = epoch.disabled = over;
    epoch.textContent = text.one_epoch;
    reset.textContent = text.again;
    [...pace.options].forEach((option) => { option.textContent = text[option.value]; });
    count.textContent = fill(text.epochs_so_far, { epoch: number(data.race.epoch, 1), epochs });
    element.toggleAttribute("data-busy", race.isPlaying || race.wish !== null); // for whoever must wait: tests
    clearTimeout(race.timer);
    if ((race.isPlaying && !document.hidden) || race.wish) race.timer = setTimeout(ask, Math.max(0, race.askedAt + FRAME - performance.now()));
  }
  return { element, draw, ask };
}

function storedPace() {
  try { return ["slow", "brisk", "full"].find((name) => name === localStorage.getItem(PACE)) ?? "brisk"; } catch { return "brisk"; } // no storage: nothing is remembered
}
function storePace(name) {
  try { localStorage.setItem(PACE, name); } catch { /* it lasts until the page is left */ }
}
