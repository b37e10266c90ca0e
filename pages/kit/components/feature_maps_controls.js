// Choices that show their kernels, and dials that act while they are turned.

function drawChoices(ctx) {
  const { data, parts, state } = ctx, look = JSON.stringify([data.choices, ctx.dark]);
  if (look === state.choicesLook) return;
  state.choicesLook = look;
  const focused = ctx.root.getRootNode().activeElement?.dataset?.option;
  parts.choices.replaceChildren(...data.choices.map((choice) => el("div", { class: "choice", role: "group", "aria-label": choice.label },
    data.choices.length > 1 ? el("span", { class: "choice-label" }, choice.label) : null,
    ...choice.options.map((option) => el("button", {
      class: `option${option.kernels.length ? " with-kernels" : ""}`, type: "button", "data-option": `${choice.key}-${option.name}`,
      "aria-pressed": String(option.name === choice.value),
      onclick: () => ctx.send("choose", { key: choice.key, name: option.name }),
    }, el("span", {}, option.label), option.kernels.length ? el("span", { class: "minis" }, ...option.kernels.map(() => el("canvas"))) : null)))));
  data.choices.forEach((choice, i) => choice.options.forEach((option, j) => option.kernels.forEach((kernel, k) => {
    const button = parts.choices.children[i].querySelectorAll(".option")[j];
    drawKernel(ctx, button.querySelectorAll("canvas")[k], kernel.flat(), kernel.length, false);
  })));
  if (focused) parts.choices.querySelector(`[data-option="${focused}"]`)?.focus();
}

function drawDials(ctx) {
  const { row } = ctx.data, { parts, state } = ctx, look = [row.key, ...row.dials.map(({ label }) => label)].join();
  if (look !== state.dialsLook) {
    state.dialsLook = look;
    state.values = [...row.values];
    state.isTurning = false;
    parts.sliders = row.dials.map((dial, i) => makeDial(ctx, dial, i));
    parts.dials.style.setProperty("--count", row.dials.length);
    parts.dials.replaceChildren(...parts.sliders.map(({ element }) => element));
  }
  if (!state.isTurning) state.values = [...row.values];
  parts.sliders.forEach((slider, i) => slider.show(row.dials[i], state.values[i]));
}

function makeDial(ctx, { label, step }, i) {
  const input = el("input", { type: "range", step, "aria-label": label }), shown = el("output");
  const slider = {
    element: el("label", { class: "dial" }, el("span", {}, label, shown), input),
    show({ low, high, unit }, value) {
      Object.assign(input, { min: low, max: high, value });
      input.disabled = low === high;
      shown.textContent = `${number(value)}${unit}`;
      input.setAttribute("aria-valuetext", shown.textContent);
    },
  };
  const turn = () => {
    const { row } = ctx.data;
    ctx.state.isTurning = true;
    ctx.state.values[i] = Number(input.value);
    slider.show(row.dials[i], ctx.state.values[i]);
  };
  input.oninput = () => { turn(); inquireDials(ctx); };
  input.onchange = () => { turn(); later(ctx, ctx.data.row.key, [...ctx.state.values]); };
  return slider;
}

const inquireDials = (ctx) => ctx.inquire({ [ctx.data.row.key]: ctx.state.values.join() });

// Tell Python to keep the values, once they rest.
function later(ctx, key, values) {
  const { state } = ctx;
  clearTimeout(state.later?.[key]);
  state.later = { ...state.later, [key]: setTimeout(() => {
    state.isTurning = state.isTurning && key === "zoom";
    if (key === "zoom") state.sentZoom = values.join();
    ctx.send("settle", { key, values });
  }, SOON) };
}
