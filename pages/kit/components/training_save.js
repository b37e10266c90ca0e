// The curves as a file of their own: SVG, or PNG with twice as many pixels.
//
//   trainingSave(ctx, plots) -> {element, draw()}
const PICTURE = { width: 620, height: 340, margin: 28, head: 66, foot: 44 }; // of each plot, and around both
const FONTS = "Helvetica, Arial, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"; // no file brings its own
// What a drawing needs when no style sheet is at hand.
const INLINED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "paint-order"];

function trainingSave(ctx, plots) {
  const save = (kind) => el("button", { class: "plot-switch", type: "button", onclick: () => (kind === "svg" ? saveVector() : savePixels()) }, kind.toUpperCase());
  const vector = save("svg"), pixels = save("png");
  const element = el("span", { class: "training-save" }, vector, pixels);

  function draw() {
    for (const [part, kind] of [[vector, "SVG"], [pixels, "PNG"]]) {
      part.title = fill(ctx.text.save, { kind });
      part.setAttribute("aria-label", part.title);
    }
  }

  const fileName = (kind) => `training-step-${ctx.data.run.step}.${kind}`;
  const saveVector = () => download(new Blob([trainingPicture(ctx, plots).source], { type: "image/svg+xml" }), fileName("svg"));

  async function savePixels() {
    const { source, width, height } = trainingPicture(ctx, plots), address = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = el("canvas", { width: 2 * width, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => download(blob, fileName("png")), "image/png");
  }
  return { element, draw };
}

function download(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser has taken it by then
}

// Both plots side by side with a title and a legend, as text that any viewer of SVG can show.
function trainingPicture(ctx, plots) {
  const { text, data } = ctx, { width, height, margin, head, foot } = PICTURE;
  const all = { width: 2 * width + 3 * margin, height: head + height + foot + margin };
  const words = (x, y, shown, more = {}) => svg("text", { x, y, ...more }, shown);
  const picture = svg("svg", { xmlns: "http://www.w3.org/2000/svg", class: "saved-picture", style: `font-family:${FONTS}`, ...all, viewBox: `0 0 ${all.width} ${all.height}` },
    svg("rect", { width: all.width, height: all.height, style: "fill:var(--page)" }),
    words(margin, 34, `${data.size}×${data.size} · ${data.curve.name} · ${fill(text.at_moment, { step: asCount(data.run.step), epoch: data.run.epoch.toFixed(2) })}`, { style: "fill:var(--text);font-size:19px;font-weight:600" }));
  plots.forEach((plot, i) => {
    const { element, title } = plot.picture(width, height), left = margin + i * (width + margin);
    picture.append(words(left, head, title, { style: "fill:var(--text);font-size:16px;font-weight:600" }), svg("g", { transform: `translate(${left} ${head + 4})` }, ...element.children));
  });
  const holder = el("div", { class: "unseen", "aria-hidden": "true" }, picture); // styles reach only what is on the page
  ctx.root.append(holder);
  let x = margin;
  for (const line of trainingLines(ctx, "loss").reverse()) {
    const sign = endSign(line.look, x + 25, all.height - margin - 5), name = words(x + 42, all.height - margin, line.name);
    picture.append(svg("path", { class: `curve ${line.look}`, d: `M${x} ${all.height - margin - 5}h34` }), ...(sign ? [sign] : []), name);
    x += 70 + name.getComputedTextLength();
  }
  inlineStyles([picture, ...picture.querySelectorAll("*")]);
  holder.remove();
  return { source: `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}`, ...all };
}

function inlineStyles(parts) {
  const styles = parts.map((part) => { // all of them first: the classes of one decide over others
    const style = getComputedStyle(part);
    return INLINED.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value && value !== "auto");
  });
  parts.forEach((part, i) => {
    part.removeAttribute("style");
    part.removeAttribute("class");
    for (const [name, value] of styles[i]) part.setAttribute(name, value);
  });
}
