// What one can look at below the curves of a training: four views behind tabs.
//
//   trainingViews(ctx) -> {element, draw(), texts()}
//
//   draw()    call it in update
//   texts()   what Python should know with each question, for the view that is chosen
//
// A view is a function (ctx, look) -> {element, draw(), texts()}; `look()` asks Python again, when
// something else is looked at. What the views share is in ctx.state.views: the chosen `view` and
// `image`, the `drawings` by the size of the images, and how wide (`width`) a view may be.
const TRAINING_VIEWS = { inside: insideView, layers: layersView, mistakes: mistakesView, draw: drawView };
const TAB_STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function trainingViews(ctx) {
  const shared = (ctx.state.views = { view: null, image: 0, drawings: {}, width: 0 });
  const look = () => ctx.state.ask?.();
  const names = Object.keys(TRAINING_VIEWS), seen = {};
  shared.choose = choose;
  shared.chooseImage = chooseImage;
  const views = Object.fromEntries(names.map((name) => [name, TRAINING_VIEWS[name](ctx, look)]));
  const tabs = names.map((name) => el("button", { class: "view-tab", type: "button", role: "tab", id: `tab-${name}`,
    "aria-controls": "training-view", onclick: () => choose(name) }));
  const bar = el("div", { class: "view-tabs", role: "tablist" }, ...tabs);
  const panel = el("div", { class: "view-panel", role: "tabpanel", id: "training-view" });
  const element = el("section", { class: "training-views" }, bar, panel);
  const resized = new ResizeObserver(() => {
    shared.width = panel.clientWidth;
    if (ctx.data && shared.isDrawn) views[ctx.data.view]?.draw();
  });
  resized.observe(panel);
  ctx.onRemove(() => resized.disconnect());

  bar.onkeydown = (event) => {
    const at = names.indexOf(shared.view), by = TAB_STEPS[event.key];
    const to = by ? (at + by + names.length) % names.length : { Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    choose(names[to]);
    tabs[to].focus();
  };

  function choose(name) {
    if (name === shared.view) return;
    shared.view = name;
    drawTabs();
    look();
    ctx.send("show", name);
  }

  // A test image by its number, or "own", the drawing, which no link can name.
  function chooseImage(image) {
    if (image === shared.image) return;
    shared.image = image;
    look();
    if (image !== "own") ctx.send("image", image);
  }

  // What Python says anew counts: the page has taken up a choice, or a link or a control has moved it.
  // What it said before does not: many answers come until the page has taken up a choice.
  function follow() {
    const { show, image } = ctx.data;
    if (show !== seen.show) shared.view = seen.show = show;
    if (image !== seen.image) shared.image = seen.image = image;
    if (shared.image === "own" && !shared.drawings[ctx.data.size]?.text) shared.image = ctx.data.image;
  }

  function drawTabs() {
    names.forEach((name, i) => {
      const isChosen = name === shared.view;
      write(tabs[i], ctx.text[`view_${name}`]);
      tabs[i].setAttribute("aria-selected", String(isChosen));
      tabs[i].tabIndex = isChosen ? 0 : -1;
    });
    bar.setAttribute("aria-label", ctx.text.views);
    panel.setAttribute("aria-labelledby", `tab-${shared.view}`);
  }

  function draw() {
    follow();
    drawTabs();
    const view = views[ctx.data.view]; // what the answer is about; the one that was just chosen comes soon
    if (!view || !ctx.data.shown) return;
    if (panel.firstChild !== view.element) panel.replaceChildren(view.element);
    if (!shared.width) shared.width = panel.clientWidth;
    shared.isDrawn = true;
    view.draw();
  }

  function texts() {
    follow(); // it is asked before what came is drawn
    return { view: shared.view, ...views[shared.view].texts() };
  }
  return { element, draw, texts };
}

// The bytes of some test images, which Python sends only when they are others than before.
function heldPictures(ctx, name) {
  const held = { version: "", values: new Uint8Array(), sizes: [0, 0] };
  held.take = ({ version }) => {
    if (held.version === version) return;
    const { shape: [, rows, columns], values } = ctx.data.arrays[name];
    Object.assign(held, { version, values, sizes: [rows, columns] });
  };
  held.at = (i) => held.values.subarray(i * held.sizes[0] * held.sizes[1], (i + 1) * held.sizes[0] * held.sizes[1]);
  return held;
}
