// The test image that is chosen, and the weights as pictures: those of the two neurons, their sum,
// their difference beside the single neuron's. A pixel that is pointed at shows its numbers in all.

const [FIRST, SECOND, DIFFERENCE, ALONE, SUM] = [0, 1, 2, 3, 4]; // rows of Python's arrays
const PICTURES = [FIRST, SECOND, DIFFERENCE, ALONE, SUM];
const SIDE = 8;
const EQUAL = 1e-9; // what rounding adds up to stays far below

function buildWeights(ctx) {
  const { parts } = ctx;
  parts.pictures = PICTURES.map(() => pixelPicture(ctx));
  parts.captions = PICTURES.map(() => el("p", { class: "caption" }));
  parts.teams = [0, 1].map((i) => el("p", { class: `team team-${i}` }));
  parts.pixelWords = el("p", { class: "pixel-words" });
  const picture = (i) => el("div", { class: `picture picture-${i}` }, parts.pictures[i].element, parts.captions[i]);
  return el("div", { class: "weights" },
    el("div", { class: "row-of-pictures" },
      el("div", { class: "group" }, parts.teams[0], el("div", { class: "pictures" }, ...[FIRST, SECOND, SUM, DIFFERENCE].map(picture))),
      (parts.sign = el("span", { class: "sign" })),
      el("div", { class: "group" }, parts.teams[1], el("div", { class: "pictures" }, picture(ALONE)))),
    parts.pixelWords);
}

function drawWeights(ctx) {
  const { data, parts, text } = ctx, { w } = data.names;
  const titles = [w[0], w[1], `${w[1]} − ${w[0]}`, "w", `${w[0]} + ${w[1]}`];
  PICTURES.forEach((row, i) => {
    const all = rowOf(ctx, "weights", row);
    parts.pictures[i].draw(titles[i], all.subarray(0, SIDE * SIDE), { scale: "signed", max: data.largest });
    parts.captions[i].textContent = `${text.bias} ${number(all[SIDE * SIDE])}`;
  });
  parts.captions[SUM].textContent = data.hidden ? text.stays : fill(text.superfluous, { count: data.parameters[0] - data.parameters[1] });
  parts.sign.textContent = data.gaps.weights[ctx.state.step] < EQUAL ? "=" : "≠";
  parts.teams.forEach((team, i) => {
    const [step, parameters] = data.arrows[i].split(" · ");
    team.replaceChildren(el("b", {}, i ? text.regression : text.network), el("span", {}, `${step} · ${parameters}`));
  });
  drawPixel(ctx);
}

function point(ctx, pixel) {
  ctx.state.pixel = pixel;
  drawPixel(ctx);
}

function drawPixel(ctx) {
  const { data, parts, state, text } = ctx, { w } = data.names;
  [...parts.pictures, parts.digit].forEach((picture) => picture.frame(state.pixel));
  if (!state.pixel) { parts.pixelWords.textContent = text.point_at; return; }
  const [r, c] = state.pixel, at = r * SIDE + c, [first, second, difference, alone, sum] = PICTURES.map((row) => exact(rowOf(ctx, "weights", row)[at]));
  parts.pixelWords.replaceChildren(...[
    fill(text.pixel, { row: r + 1, column: c + 1 }), fill(text.ink, { value: exact(inkOf(ctx, at)) }),
    `${w[0]} = ${first}`, `${w[1]} = ${second}`, `${w[0]} + ${w[1]} = ${sum}`, `${w[1]} − ${w[0]} = ${difference}`, `w = ${alone}`,
  ].map((words) => el("span", {}, words)));
}

// A picture of 8×8 pixels on a canvas, light enough to be drawn many times a second.
function pixelPicture(ctx, isWalked = false) {
  const title = el("p", { class: "grid-title" }), canvas = el("canvas", { width: SIDE, height: SIDE }), mark = el("i", { class: "pixel-mark", hidden: "" });
  const box = el("div", { class: "pixels", role: "img", tabindex: isWalked ? 0 : false }, canvas, mark);
  const under = (event) => {
    const { left, top, width } = canvas.getBoundingClientRect(), place = (along) => Math.max(0, Math.min(SIDE - 1, Math.floor((along / width) * SIDE)));
    return [place(event.clientY - top), place(event.clientX - left)];
  };
  box.onpointermove = box.onpointerdown = (event) => point(ctx, under(event));
  box.onpointerleave = (event) => { if (event.pointerType !== "touch") point(ctx, null); }; // a finger leaves, and what it showed stays
  box.onkeydown = (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -SIDE], End: [0, SIDE] }[event.key];
    if (!by || !isWalked) return;
    event.preventDefault(); event.stopPropagation();
    const from = ctx.state.pixel ?? [0, 0].map((zero, i) => zero - by[i]);
    point(ctx, from.map((place, i) => Math.max(0, Math.min(SIDE - 1, place + by[i]))));
    ctx.say(ctx.parts.pixelWords.textContent);
  };
  box.onblur = () => point(ctx, null);
  return {
    element: el("div", { class: "pixel-picture" }, title, box),
    draw(words, values, look) {
      title.textContent = words;
      box.setAttribute("aria-label", isWalked ? `${words}. ${ctx.text.walk}` : words);
      const brush = canvas.getContext("2d");
      values.forEach((value, i) => {
        brush.fillStyle = color(value, { ...look, dark: ctx.dark }).fill;
        brush.fillRect(i % SIDE, Math.floor(i / SIDE), 1, 1);
      });
    },
    frame(pixel) {
      mark.hidden = pixel === null;
      if (pixel) Object.assign(mark.style, { top: `${(pixel[0] * 100) / SIDE}%`, left: `${(pixel[1] * 100) / SIDE}%` });
    },
  };
}

const inkOf = (ctx, pixel) => ctx.data.arrays.images.values[ctx.state.at * SIDE * SIDE + pixel] / 16;

// ---------------------------------------------------------------- the digit

function buildDigit(ctx) {
  const { parts } = ctx;
  ctx.state.pixel = null;
  parts.digit = pixelPicture(ctx, true);
  parts.digit.element.classList.add("of-input");
  parts.truth = el("b", { class: "wrong" });
  parts.lines = [el("p", { class: "answer" }), el("p", { class: "answer" })];
  parts.nextWrong = el("button", { class: "button", type: "button", onclick: () => nextWrong(ctx) });
  return el("div", { class: "digit-box" }, parts.digit.element,
    el("div", { class: "digit-side" }, el("p", { class: "truth" }, parts.truth), ...parts.lines, parts.nextWrong));
}

function drawDigit(ctx) {
  const { data, parts, state, text } = ctx, { z } = data.names, [, second] = data.digits, { at } = state;
  parts.digit.draw(fill(text.truth, { digit: truthOf(ctx, at) }), Array.from({ length: SIDE * SIDE }, (_, pixel) => inkOf(ctx, pixel)), { scale: "image", max: 1 });
  const [first, other, difference, alone] = [FIRST, SECOND, DIFFERENCE, ALONE].map((row) => rowOf(ctx, "scores", row)[at]), [bySoftmax, bySigmoid] = [0, 1].map((row) => rowOf(ctx, "probabilities", row)[at]);
  const answer = (key, share, ...steps) => [key, el("span", {}, ...steps.map((step) => el("span", {}, step)), el("b", {}, `P(${second}) = ${share.toFixed(4)}`))];
  parts.truth.textContent = isWrong(ctx, at) ? text.wrong : "";
  parts.lines[0].replaceChildren(...answer(ringKey(), bySoftmax, `${z[1]} − ${z[0]} =`, `${fixed(other)} − ${first < 0 ? `(${fixed(first)})` : fixed(first)}`, `= ${fixed(difference)}`));
  parts.lines[1].replaceChildren(...answer(dotKey(), bySigmoid, `z = ${fixed(alone)}`));
  const wrong = wrongOnes(ctx).length;
  parts.nextWrong.textContent = wrong ? text.next_wrong : text.none_wrong;
  parts.nextWrong.disabled = !wrong;
  if (state.pixel) drawPixel(ctx);
}

const wrongOnes = (ctx) => [...ctx.data.arrays.is_second.values.keys()].filter((image) => isWrong(ctx, image));

function nextWrong(ctx) {
  const wrong = wrongOnes(ctx);
  moveTo(ctx, wrong.find((image) => image > ctx.state.at) ?? wrong[0]);
}

function digitSentence(ctx) {
  const { data, state, text } = ctx;
  return `${fill(text.truth, { digit: truthOf(ctx, state.at) })}, P(${data.digits[1]}) = ${rowOf(ctx, "probabilities", 1)[state.at].toFixed(4)}`;
}
