// What is dragged: each score, what is added to all, the temperature; and whether the maximum goes.

// What the reader wants the setting to be; the page follows while a finger moves.
function wish(ctx, changes, isDone) {
  const { data, state } = ctx;
  state.wish = { ...(state.wish ?? { z: data.z, c: data.c, t: data.t, shift: data.shift }), ...changes };
  const { z, c, t, shift } = state.wish;
  // The classes that are not shown keep what they have.
  const cells = data.hand ? data.hand.split(",") : ["", "", "", ""];
  z.forEach((value, k) => { cells[k] = value === null ? "" : String(value); });
  const texts = { z: cells.some((cell) => cell) ? cells.join(",") : "", c, t, shift: shift ? 1 : 0 };
  ctx.inquire(texts);
  clearTimeout(state.later);
  state.later = 0;
  state.isHeld = !isDone;
  if (isDone) state.later = setTimeout(() => { state.later = 0; ctx.send("settle", texts); }, 250);
}

// A slider that is let go where it was taken up has not changed, but it is let go.
function follow(ctx, slider, change) {
  const letGo = () => { if (ctx.state.isHeld) wish(ctx, {}, true); };
  slider.oninput = () => wish(ctx, change(), false);
  slider.onchange = () => wish(ctx, change(), true);
  slider.addEventListener("pointerup", letGo);
  slider.addEventListener("blur", letGo);
}

function scoreSlider(ctx, k) {
  const slider = el("input", { class: "score-slider", type: "range" });
  follow(ctx, slider, () => ({ z: (ctx.state.wish?.z ?? ctx.data.z).map((value, i) => (i === k ? Number(slider.value) : value)) }));
  slider.addEventListener("change", () => moveTo(ctx, k));
  slider.onfocus = () => peek(ctx, k);
  slider.onblur = () => peek(ctx, null);
  slider.show = (value) => {
    const { highest, step } = ctx.data.scale, mine = ctx.state.wish?.z[k] ?? value;
    Object.assign(slider, { min: -highest, max: highest, step });
    slider.setAttribute("aria-label", fill(ctx.text.score_of, { name: ctx.data.names[k] }));
    slider.setAttribute("aria-valuetext", two(mine));
    slider.value = mine;
  };
  return slider;
}

function buildControls(ctx) {
  const { parts } = ctx;
  parts.dials = Object.fromEntries(["t", "c"].map((key) => [key, stopDial(ctx, key)]));
  parts.switch = el("button", { class: "switch", type: "button", role: "switch", onclick: () => wish(ctx, { shift: !(ctx.state.wish?.shift ?? ctx.data.shift) }, true) },
    el("i", {}), el("span", {}));
  parts.locked = el("p", { class: "locked" });
  parts.freed = el("div", { class: "freed" }, parts.dials.c.element, parts.switch, parts.locked);
  parts.controls = el("div", { class: "controls" }, parts.dials.t.element, parts.freed);
}

// A slider over a few stops, which need not be evenly spaced.
function stopDial(ctx, key) {
  const slider = el("input", { type: "range", min: 0, step: 1 }), output = el("output"), label = el("span");
  const ends = el("small", { class: "ends" });
  follow(ctx, slider, () => ({ [key]: ctx.data.stops[key][Number(slider.value)] }));
  return {
    element: el("label", { class: `dial of-${key}` }, el("span", { class: "dial-name" }, label, output), slider, ends),
    show: (name, low, high) => {
      const stops = ctx.data.stops[key], value = ctx.state.wish?.[key] ?? ctx.data[key];
      slider.max = stops.length - 1;
      slider.value = stops.indexOf(value);
      label.textContent = name;
      output.textContent = exact(value);
      ends.replaceChildren(el("span", {}, low), el("span", {}, high));
      slider.setAttribute("aria-label", name);
      slider.setAttribute("aria-valuetext", exact(value));
    },
  };
}

function drawControls(ctx) {
  const { data, parts, text } = ctx, [least, most] = [data.stops.c[0], data.stops.c.at(-1)];
  parts.dials.t.show(text.temperature, text.cold, text.hot);
  parts.dials.c.show(text.added, exact(least), exact(most));
  parts.switch.lastChild.textContent = text.shift;
  parts.switch.setAttribute("aria-checked", String(ctx.state.wish?.shift ?? data.shift));
  parts.locked.textContent = text.locked;
  parts.freed.classList.toggle("hidden", data.hidden);
  for (const each of parts.freed.querySelectorAll("input, button")) each.disabled = data.hidden;
}
