// The flip: a plate that holds the kernel as it slides, a lever that turns it, and what that changes.

const MODES = ["correlation", "convolution"]; // the kernel's angle is 180° times the index

const isTurned = (ctx) => ctx.data.mode === "convolution";
const restingAngle = (ctx) => 180 * MODES.indexOf(ctx.data.mode);
// Where a cell of the kernel lies once it has turned, and back.
const mirrored = (ctx, u, v) => (isTurned(ctx) ? [size(ctx) - 1 - u, size(ctx) - 1 - v] : [u, v]);

function buildTurn(ctx) {
  const { parts } = ctx;
  parts.lever = el("input", { type: "range", min: 0, max: 180, step: 1, oninput: () => turnTo(ctx, Number(parts.lever.value)), onchange: () => letGo(ctx) });
  parts.lever.onkeydown = (event) => leverKey(ctx, event);
  parts.angle = el("span", {});
  parts.turn = el("div", { class: "turn", "aria-hidden": "true" },
    svg("svg", { viewBox: "0 0 40 24" },
      svg("g", { class: "arc" }, svg("path", { d: "M3 21A17 17 0 0 1 33 12" }), svg("path", { d: "M38 5l-2 12-9-6z", class: "head" })),
      svg("g", { class: "straight" }, svg("path", { d: "M3 16h26" }), svg("path", { d: "M28 10l10 6-10 6z", class: "head" }))),
    el("span"));
  parts.map = el("div", { class: "map", "aria-hidden": "true", onpointerleave: () => look(ctx, null) });
  parts.meter = el("p", { class: "meter" });
  parts.here = el("p", {});
  return [parts.turn, el("div", { class: "plate" }, parts.sliding.element, el("label", { class: "lever" }, parts.lever, parts.angle))];
}

// The plate always holds the numbers as they slide; `angle` is how far the kernel has turned.
function turnTo(ctx, angle) {
  const nearest = MODES[Math.round(angle / 180)];
  if (nearest !== ctx.data.mode) {
    ctx.data.mode = nearest;
    draw(ctx);
  }
  ctx.parts.sliding.element.style.setProperty("--tilt", `${angle - restingAngle(ctx)}deg`);
  nameAngle(ctx, angle);
}

function nameAngle(ctx, angle) {
  const { lever, angle: words, turn } = ctx.parts, sentence = fill(ctx.text.turn, { degrees: angle });
  lever.value = angle;
  lever.setAttribute("aria-label", sentence);
  lever.setAttribute("aria-valuetext", sentence);
  words.textContent = sentence;
  turn.lastChild.textContent = `${angle}°`;
  turn.classList.toggle("still", angle === 0);
}

function letGo(ctx) {
  rest(ctx, Number(ctx.parts.lever.value) - restingAngle(ctx));
}

function leverKey(ctx, event) {
  const to = { ArrowRight: 180, ArrowUp: 180, End: 180, PageUp: 180, ArrowLeft: 0, ArrowDown: 0, Home: 0, PageDown: 0 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const before = restingAngle(ctx);
  turnTo(ctx, to);
  rest(ctx, before - to);
}

// Come to rest from `degrees` away, and tell Python which operation it is now.
function rest(ctx, degrees) {
  turnTo(ctx, restingAngle(ctx));
  swing(ctx, degrees);
  if (ctx.data.mode === ctx.state.mode) return;
  ctx.state.mode = ctx.data.mode;
  ctx.send("mode", ctx.data.mode);
}

// The motion from `degrees` away to the resting place; the numbers themselves stay upright.
function swing(ctx, degrees) {
  if (!degrees || calm()) return;
  const plate = ctx.parts.sliding.element.querySelector(".cells");
  const timing = { duration: Math.min(300, 60 + Math.abs(degrees) * 1.4), easing: "ease-in-out" };
  plate.animate([{ transform: `rotate(${degrees}deg)` }, { transform: "none" }], timing);
  for (const digits of plate.querySelectorAll(".cell > span")) {
    digits.animate([{ transform: `rotate(${-degrees}deg)` }, { transform: "none" }], timing);
  }
}

function drawTurn(ctx) {
  const { data, parts, text } = ctx;
  parts.sliding.draw({ title: text.sliding, detail: isTurned(ctx) ? text.turned : text.unturned, values: data.sliding[data.mode], text: (r, c, value) => shorter(value, ctx.state.kernelRoom) });
  nameAngle(ctx, restingAngle(ctx));
  const cells = data.changed.flat(), changed = cells.filter(Boolean).length;
  const isSymmetric = data.kernel.every((row, u) => row.every((value, v) => value === data.sliding.convolution[u][v]));
  parts.meter.textContent = fill(isSymmetric ? text.flip_symmetric : text.flip, { changed, count: cells.length });
  drawMap(ctx);
}

// The difference map: by how much the flip raises or lowers each output cell.
function drawMap(ctx) {
  const { data, parts } = ctx, without = data.outputs.correlation.flat();
  const differences = data.outputs.convolution.flat().map((value, i) => (data.changed.flat()[i] ? value - without[i] : 0));
  const max = Math.max(1e-12, ...differences.map(Math.abs));
  parts.map.style.setProperty("--columns", columns(ctx));
  parts.map.replaceChildren(...differences.map((difference, i) => el("i", {
    class: difference ? "changed" : "",
    style: difference && data.hidden !== i ? `background:${color(difference, { max, dark: ctx.dark }).fill}` : "",
    onpointerenter: () => look(ctx, i), onclick: () => moveTo(ctx, i),
  })));
}

function showTurn(ctx, position) {
  const { data, parts, text } = ctx, [row, column] = place(ctx, position);
  [...parts.map.children].forEach((spot, i) => spot.classList.toggle("here", i === position));
  const turned = number(data.outputs.convolution[row][column]), unturned = number(data.outputs.correlation[row][column]);
  parts.here.textContent = position === data.hidden ? "" : fill(text.flip_here, { turned, unturned });
}
