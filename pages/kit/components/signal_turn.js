// The flip: the strip turns around its first number, which stays where it lies.

const MODES = ["correlation", "convolution"]; // the strip's angle is 180° times the index

const isTurned = (ctx) => ctx.data.mode === "convolution";
const restingAngle = (ctx) => 180 * MODES.indexOf(ctx.data.mode);

function buildLever(ctx) {
  const { parts } = ctx;
  parts.lever = el("input", { type: "range", min: 0, max: 180, step: 1, oninput: () => turnTo(ctx, Number(parts.lever.value)), onchange: () => rest(ctx) });
  parts.lever.onkeydown = (event) => {
    const to = { ArrowRight: 180, ArrowUp: 180, End: 180, PageUp: 180, ArrowLeft: 0, ArrowDown: 0, Home: 0, PageDown: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const from = restingAngle(ctx);
    turnTo(ctx, to);
    rest(ctx);
    swing(ctx, from - to);
  };
  parts.angle = el("span");
  return el("label", { class: "lever" }, parts.lever, parts.angle);
}

function drawLever(ctx) {
  tilt(ctx, 0);
  nameAngle(ctx, restingAngle(ctx));
}

// The strip always holds the numbers as they lie; beyond a right angle it is the other operation.
function turnTo(ctx, angle) {
  const nearest = MODES[Math.round(angle / 180)];
  if (nearest !== ctx.data.mode) {
    ctx.data.mode = nearest;
    ctx.data.i = Math.max(first(ctx), Math.min(first(ctx) + count(ctx) - 1, ctx.data.i));
    draw(ctx);
  }
  tilt(ctx, angle - restingAngle(ctx));
  nameAngle(ctx, angle);
}

// Come to rest, and tell Python which operation it is now.
function rest(ctx) {
  const { data, state } = ctx, from = Number(ctx.parts.lever.value) - restingAngle(ctx);
  turnTo(ctx, restingAngle(ctx));
  swing(ctx, from);
  if (data.mode === state.mode) return;
  state.mode = data.mode;
  ctx.send("mode", data.mode);
}

function tilt(ctx, degrees) {
  ctx.parts.track.style.setProperty("--tilt", `${degrees}deg`);
  ctx.parts.track.classList.toggle("turned", isTurned(ctx));
}

function nameAngle(ctx, angle) {
  const { lever, angle: words } = ctx.parts, sentence = fill(ctx.text.turn, { moving: ctx.data.names[1], degrees: angle });
  lever.value = angle;
  lever.setAttribute("aria-label", sentence);
  lever.setAttribute("aria-valuetext", sentence);
  words.textContent = sentence;
}

// The motion from `degrees` away to the resting place; the numbers themselves stay upright.
function swing(ctx, degrees) {
  if (!degrees || calm()) return;
  const strip = ctx.parts.strip.element.querySelector(".cells");
  const timing = { duration: Math.min(300, 60 + Math.abs(degrees) * 1.4), easing: "ease-in-out" };
  strip.animate([{ transform: `rotate(${degrees}deg)` }, { transform: "none" }], timing);
  for (const digits of strip.querySelectorAll(".cell > span")) {
    digits.animate([{ transform: `rotate(${-degrees}deg)` }, { transform: "none" }], timing);
  }
}
