// Which picture: photos and digits as buttons, a file of one's own, a drawing of one's own.
// A file goes to Python as it is; only there it is opened.
export default component(build, update);

const ACCEPTED = "image/png,image/jpeg,image/webp"; // with these, phones offer the camera as well
const MEGABYTE = 1e6;

function build(ctx) {
  const { parts, data } = ctx;
  parts.photos = data.photos.map(({ name }) => tile(() => choose(ctx, name)));
  parts.digit = tile(() => choose(ctx, digitName(ctx.data.digit)));
  parts.own = tile(() => choose(ctx, "own"));
  parts.draw = tile(() => (ctx.data.drawing === null ? sendDrawing(ctx) : choose(ctx, "drawing")));
  parts.draw.image.replaceWith(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: "M2 14l1-4 8-8 3 3-8 8zM10 3l3 3" })));

  parts.file = el("input", { class: "unseen", type: "file", accept: ACCEPTED,
    onchange: () => { upload(ctx, parts.file.files[0]); parts.file.value = ""; } });
  parts.uploadWords = el("span");
  parts.upload = el("label", { class: "tile upload" }, parts.file,
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M8 11V2M4 6l4-4 4 4M2 11v3h12v-3" })),
    parts.uploadWords);

  parts.classes = data.digit.counts.map((_, label) => el("button", { class: "button digit", type: "button",
    onclick: () => choose(ctx, digitName({ label, index: 0 })) }, String(label)));
  parts.another = el("button", { class: "button", type: "button", onclick: () => {
    const { label, index, counts } = ctx.data.digit;
    choose(ctx, digitName({ label, index: (index + 1) % counts[label] }));
  } });
  parts.digits = el("div", { class: "tiles", role: "group" }, ...parts.classes, parts.another);

  parts.pad = drawingPad(ctx, { size: data.size, onChange: () => { ctx.state.isDirty = true; sendNewest(ctx); } });
  if (data.drawing !== null) parts.pad.pixels = bytes(data.drawing);

  parts.facts = el("p", { class: "facts", role: "status" });
  parts.problem = el("p", { class: "message", role: "alert" });
  parts.tiles = el("div", { class: "tiles", role: "group" },
    ...[...parts.photos, parts.digit, parts.draw, parts.own].map(({ element }) => element), parts.upload);
  ctx.root.append(el("div", { class: "source" }, parts.tiles, parts.facts), parts.problem, parts.digits, parts.pad.element);
  ctx.root.classList.toggle("digits-only", data.digits_only);
  parts.upload.hidden = data.digits_only;
  if (!data.digits_only) acceptFiles(ctx);
}

function update(ctx) {
  const { parts, data, text, state } = ctx;
  if (!ctx.unanswered.length) state.isReading = false;
  sendNewest(ctx);
  parts.tiles.setAttribute("aria-label", text.picture);
  parts.tiles.inert = Boolean(state.isReading);
  parts.photos.forEach((part, i) => part.show(data.photos[i], data.choice === data.photos[i].name));
  parts.digit.show({ title: text.digits, image: data.digit.image }, isDigit(data.choice));
  parts.draw.show({ title: text.draw }, data.choice === "drawing");
  parts.own.show({ title: text.own, image: data.own }, data.choice === "own");
  parts.own.element.hidden = !data.own;
  parts.uploadWords.textContent = text.upload;
  parts.upload.title = fill(text.upload_help, { limit: data.limit });
  parts.file.setAttribute("aria-label", text.upload);
  parts.file.setAttribute("aria-description", parts.upload.title);

  parts.digits.hidden = !isDigit(data.choice);
  parts.digits.setAttribute("aria-label", text.digits);
  parts.classes.forEach((part, label) => {
    part.setAttribute("aria-label", fill(text.digit, { digit: label }));
    part.setAttribute("aria-pressed", String(label === data.digit.label));
  });
  parts.another.textContent = text.another;

  parts.pad.element.hidden = data.choice !== "drawing";
  parts.pad.set(parts.pad.pixels);
  parts.facts.textContent = state.isReading ? text.reading : data.facts;
  parts.problem.textContent = state.isReading ? "" : state.problem || data.problem;
}

// A picture with its name, to choose it.
function tile(onclick) {
  const image = el("img", { alt: "", draggable: "false" }), words = el("span");
  const element = el("button", { class: "tile", type: "button", onclick }, image, words);
  return {
    element, image,
    show({ title, image: address }, isChosen) {
      if (address && image.getAttribute("src") !== address) image.src = address;
      words.textContent = element.title = title;
      element.setAttribute("aria-label", title);
      element.setAttribute("aria-pressed", String(isChosen));
    },
  };
}

const digitName = ({ label, index }) => `mnist-${label}-${index}`;
const isDigit = (name) => name.startsWith("mnist-");

function choose(ctx, name) {
  ctx.state.problem = ctx.data.problem = "";
  ctx.data.choice = name; // shown at once; Python's answer follows
  if (isDigit(name)) [ctx.data.digit.label, ctx.data.digit.index] = name.split("-").slice(1).map(Number);
  ctx.send("choose", name);
  update(ctx);
}

// ---------------------------------------------------------------- drawing

// The maps follow the pen: one message on its way, and the newest drawing next.
function sendNewest(ctx) {
  if (ctx.state.isDirty && !ctx.unanswered.length) sendDrawing(ctx);
}

function sendDrawing(ctx) {
  ctx.state.isDirty = false;
  ctx.state.problem = ctx.data.problem = "";
  ctx.data.choice = "drawing";
  ctx.data.drawing = btoa(String.fromCharCode(...ctx.parts.pad.pixels));
  ctx.send("draw", ctx.data.drawing);
  update(ctx);
}

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

// ---------------------------------------------------------------- files

async function upload(ctx, file) {
  const { state, data, text } = ctx;
  if (!file || state.isReading) return;
  const isTooBig = file.size > data.limit * MEGABYTE;
  state.problem = isTooBig ? fill(text.too_big, { size: number(file.size / MEGABYTE, 1), limit: data.limit }) : "";
  state.isReading = !isTooBig;
  update(ctx);
  if (isTooBig) return;
  try {
    const content = await base64(file);
    ctx.send("upload", content);
  } catch {
    state.problem = text.unreadable; // a folder, or a file that is gone
    state.isReading = false;
    update(ctx);
  }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// A file may be dropped anywhere on the page (a browser would leave the page and open it), or pasted.
function acceptFiles(ctx) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const listen = (name, listener) => {
    document.addEventListener(name, listener);
    ctx.onRemove(() => document.removeEventListener(name, listener));
  };
  const mark = (isOver) => ctx.parts.upload.classList.toggle("over", isOver);
  listen("dragover", (event) => { if (hasFiles(event)) { event.preventDefault(); mark(true); } });
  listen("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  listen("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    mark(false);
    upload(ctx, event.dataTransfer.files[0]);
  });
  listen("paste", (event) => {
    const file = event.clipboardData?.files[0];
    if (file) { event.preventDefault(); upload(ctx, file); }
  });
}
