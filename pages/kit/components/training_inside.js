// The way of one image through the network: kernels, the maps of every layer, the answer. Everything
// but the bars is painted; a cell that is pointed at, or walked to, is told in numbers.
const ANSWERS_WIDE = 272, INSIDE_GAP = 26, STACKED = 700; // CSS pixels; narrower than that all stand in one column

function insideView(ctx, look) {
  const shared = ctx.state.views, row = heldPictures(ctx, "row");
  const chooser = el("div", { class: "image-row", role: "group" });
  const seen = el("canvas", { class: "seen", role: "img" }), seenTitle = el("p", { class: "view-head" });
  const kernels = kernelWall(ctx), answers = answerBars(ctx), arrowWords = el("p", { class: "view-head last-arrow" });
  const chain = el("div", { class: "maps-chain" });
  const left = el("div", { class: "inside-left" },
    el("div", { class: "first-layer" }, el("figure", {}, seenTitle, seen), kernels.element), chain);
  const right = el("div", { class: "inside-right" }, arrowWords, answers.element);
  const element = el("div", { class: "inside" }, chooser, left, right);
  let stages = [], signature = "", point = "", thumbs = [], painted = "";

  function pointAt(place) {
    if (place === point) return;
    point = place;
    look();
  }

  function draw() {
    const { shown, arrays, classes, secret } = ctx.data, { text } = ctx;
    const width = shared.width < STACKED ? shared.width : shared.width - ANSWERS_WIDE - INSIDE_GAP;
    row.take(shown.row);
    drawChooser(shown);
    const [rows, columns] = arrays.seen.shape;
    paintPictures(seen, arrays.seen.values, columns, shadeTable("image", ctx.dark));
    write(seenTitle, `${shown.image === null ? text.own_drawing : fill(text.test_image, { number: shown.image })} · ${rows}×${columns}`);
    seen.setAttribute("aria-label", shown.label === null ? text.own_drawing : fill(text.image_of, { number: shown.image, name: classes[shown.label] }));
    kernels.draw(width - (shared.width < 420 ? 0 : 172));
    const now = signatureOf(shown);
    if (now !== signature) rebuild(now);
    stages.forEach((stage, i) => stage.draw(shown.stages[i], arrays[`maps-${i}`].values, width, shown.point));
    write(arrowWords, shown.arrow);
    answers.draw(shown.answer, { label: shown.label, sentence: sentenceOf(shown, classes, text), isHidden: secret });
  }

  // Another network has other maps: nothing of it may be pointed at any more.
  function rebuild(now) {
    signature = now;
    point = "";
    stages = ctx.data.shown.stages.map(() => mapRow(ctx, pointAt));
    chain.replaceChildren(...stages.map((stage) => stage.element));
  }

  function drawChooser(shown) {
    const { text, data } = ctx, drawing = shared.drawings[data.size], { indices, labels } = shown.row;
    const images = [...indices, ...(drawing?.text ? ["own"] : [])];
    chooser.setAttribute("aria-label", text.choose_image);
    while (thumbs.length > images.length) thumbs.pop().remove(); // the others keep the focus, if they have it
    while (thumbs.length < images.length) {
      const thumb = el("button", { class: "image-thumb", type: "button", onclick: () => shared.chooseImage(thumb.image) }, el("canvas"), el("span"));
      thumbs.push(thumb);
      chooser.append(thumb);
    }
    const look = [shown.row.version, images.length, images.at(-1) === "own" && drawing.text, ctx.dark, text.own_drawing].join();
    thumbs.forEach((thumb, i) => {
      thumb.image = images[i];
      thumb.setAttribute("aria-pressed", String(images[i] === shared.image));
      if (look === painted) return;
      const isOwn = images[i] === "own", [canvas, label] = thumb.children;
      if (isOwn) paintPictures(canvas, drawing.pixels, Math.sqrt(drawing.pixels.length), shadeTable("image", ctx.dark));
      else paintPictures(canvas, row.at(i), row.sizes[1], shadeTable("image", ctx.dark));
      write(label, isOwn ? text.drawn : data.classes[labels[i]]);
      thumb.title = isOwn ? text.own_drawing : fill(text.image_of, { number: images[i], name: data.classes[labels[i]] });
      thumb.setAttribute("aria-label", thumb.title);
    });
    painted = look;
  }

  // A place in the maps of a network that is gone would be no place.
  const isThere = () => point && ctx.data.view === "inside" && signatureOf(ctx.data.shown) === signature;
  const texts = () => ({ image: shared.image, row: row.version, ...(isThere() && { point }),
    ...(shared.image === "own" && { ink: shared.drawings[ctx.data.size].text }) });
  return { element, draw, texts };
}

const signatureOf = ({ stages }) => stages.map(({ name, shape }) => `${name} ${shape}`).join();

function sentenceOf({ label, answer }, classes, text) {
  const { said, shares, isProbability } = answer, values = { said: classes[said], share: answerWords(shares[said], isProbability) };
  if (label === null) return fill(text.says_of_drawing, values);
  return fill(said === label ? text.says_right : text.says_wrong, { ...values, name: classes[label] });
}
