// Which test image is read: its picture, the next one of each digit, and the groups that the two
// networks make of all test images, counted while they learn.

function buildChooser(ctx) {
  const { parts } = ctx, count = ctx.data.arrays.labels.values.length;
  const turn = (by) => showImage(ctx, (ctx.state.image + by + count) % count);
  parts.picture = el("canvas", { class: "picture", tabindex: "0", role: "img", width: 8, height: 8 });
  parts.picture.onkeydown = (event) => {
    const to = { ArrowLeft: ctx.state.image - 1, ArrowRight: ctx.state.image + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    showImage(ctx, (to + count) % count);
  };
  parts.number = el("span");
  parts.truth = el("b");
  parts.turns = [[-1, "M10 3L5 8l5 5"], [1, "M6 3l5 5-5 5"]].map(([by, d]) => el("button", { class: "button turn", type: "button", onclick: () => turn(by) },
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d }))));
  parts.examples = Array.from({ length: 10 }, (_, digit) => el("button", { class: "example", type: "button",
    onclick: () => showImage(ctx, nextImage(ctx, (i) => ctx.data.arrays.labels.values[i] === digit)) }, String(digit)));
  parts.exampleRow = el("div", { class: "examples", role: "group" }, ...parts.examples);
  parts.groups = ctx.data.groups.map((name, place) => {
    const size = el("b"), words = el("span");
    const chip = el("button", { class: `group of-${name}`, type: "button",
      onclick: () => showImage(ctx, nextImage(ctx, (i) => isIn(ctx, i, place))) }, size, words);
    return { name, place, chip, size, words };
  });
  parts.tally = el("p", { class: "tally" });
  return el("div", { class: "chooser" },
    el("div", { class: "image" }, parts.picture, el("p", {}, parts.truth, parts.number, el("span", { class: "turns" }, ...parts.turns))),
    parts.exampleRow,
    el("div", { class: "groups" }, ...parts.groups.map(({ chip }) => chip)),
    parts.tally);
}

const isIn = (ctx, image, place) => Boolean((ctx.data.arrays.marks.values[image] >> place) & 1);

// The next image after this one that is wanted, from the start again after the last; or this one.
function nextImage(ctx, isWanted) {
  const count = ctx.data.arrays.labels.values.length, { image } = ctx.state;
  for (let by = 1; by < count; by += 1) if (isWanted((image + by) % count)) return (image + by) % count;
  return image;
}

function showImage(ctx, image) {
  const { state, parts } = ctx;
  state.image = image;
  drawChooser(ctx);
  parts.bar.ask();
  ctx.say(parts.picture.getAttribute("aria-label"));
  clearTimeout(state.imageTimer);
  state.imageTimer = setTimeout(() => { if (state.image !== state.sentImage) ctx.send("image", (state.sentImage = state.image)); }, 250);
}

function drawChooser(ctx) {
  const { parts, data, text, state } = ctx, { images, labels } = data.arrays;
  const label = labels.values[state.image], number = state.image + 1;
  const [paper, ink] = SCALES[ctx.dark ? "dark" : "light"].image.map(rgb);
  paintPixels(parts.picture, 8, images.values.subarray(64 * state.image, 64 * state.image + 64), (value) => paper.map((from, k) => from + (ink[k] - from) * value / 255));
  parts.picture.setAttribute("aria-label", fill(text.picture, { number, digit: label }));
  parts.truth.textContent = fill(text.is_a, { digit: label });
  parts.number.textContent = fill(text.test_image, { number, count: labels.values.length });
  [text.previous, text.next].forEach((words, i) => { parts.turns[i].setAttribute("aria-label", words); parts.turns[i].title = words; });
  parts.exampleRow.setAttribute("aria-label", text.examples);
  parts.examples.forEach((button, digit) => {
    button.title = fill(text.next_of, { digit });
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", String(digit === label));
  });
  for (const { name, place, chip, size, words } of parts.groups) {
    const isSecret = data.hidden && (name === "none" || name === "several"), count = isSecret ? text.secret : data.counts[name];
    size.textContent = count;
    words.textContent = text[`group_${name}`];
    chip.disabled = !isSecret && count === 0;
    chip.setAttribute("aria-label", fill(text.show_group, { count, group: words.textContent }));
    chip.setAttribute("aria-pressed", String(isIn(ctx, state.image, place)));
  }
  const { right_rest: rest, right_softmax: soft, only_rest: lost, only_softmax: won } = data.counts;
  parts.tally.replaceChildren(el("span", {}, laneKey(0), el("b", {}, String(rest))), `− ${lost} + ${won} =`, el("span", {}, laneKey(1), el("b", {}, String(soft))), fill(text.of_images, { count: labels.values.length }));
}

// Square cells, one pixel each; `tint(value)` are the three channels of a value's colour.
function paintPixels(canvas, side, values, tint) {
  const pixels = new ImageData(side, side);
  values.forEach((value, i) => pixels.data.set([...tint(value), 255], 4 * i));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}
