// The numbers of a network's stages, painted as maps, scores and bars.

const unpack = (text, Type) => (typeof text === "string" ? new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer) : text);

// 256 colours of a scale, from its lowest to its highest value.
function ramp(scale, dark) {
  const stops = SCALES[dark ? "dark" : "light"][scale];
  return Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (stops.length - 1), below = Math.min(stops.length - 2, Math.floor(place));
    return mix(stops[below], stops[below + 1], place - below);
  });
}

function paintMap(canvas, values, rows, columns, colors, low, high) {
  canvas.width = columns; canvas.height = rows;
  const pixels = new ImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const share = (values[i] - low) / (high - low || 1);
    pixels.data.set(colors[Math.max(0, Math.min(255, Math.round(share * 255)))], 4 * i);
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function mapOf(stage, k) {
  const [, rows, columns] = stage.shape;
  return stage.values.subarray(k * rows * columns, (k + 1) * rows * columns);
}

function drawStages(ctx) {
  const signed = ramp("signed", ctx.dark), ink = ramp("image", ctx.dark);
  ctx.data.stages.forEach((stage, i) => ctx.parts.maps[i].forEach((map, k) => {
    const canvas = map.firstChild, value = stage.values[k];
    if (stage.kind === "input") paintMap(canvas, stage.values, stage.shape[1], stage.shape[2], ink, 0, 1);
    else if (stage.kind === "flatten") paintMap(canvas, stage.values, ...(ctx.state.isStack ? [1, stage.shape[0]] : [stage.shape[0], 1]), signed, -stage.scale, stage.scale);
    else if (stage.kind === "affine") {
      const { fill: background, ink: text } = color(value, { max: stage.scale, dark: ctx.dark });
      Object.assign(map.style, { background, color: text });
      map.firstChild.textContent = number(value, 1);
    } else if (stage.kind === "softmax") {
      map.querySelector("i").style.width = `${100 * value}%`;
      map.querySelector(".share").textContent = percent(value);
      map.classList.toggle("winner", k === ctx.data.reading);
      map.classList.toggle("truth", k === ctx.data.candidates.digit && k !== ctx.data.reading);
    } else paintMap(canvas, mapOf(stage, k), stage.shape[1], stage.shape[2], signed, -stage.scale, stage.scale);
    map.setAttribute("aria-label", nameOf(ctx, i, k));
  }));
}

// 99.97 % is not 100 %: rounded down near the top.
const percent = (share) => `${share < 0.0005 ? 0 : Math.min(99.9, 100 * share).toFixed(1)}%`;

function nameOf(ctx, i, k) {
  const stage = ctx.data.stages[i];
  if (stage.kind === "softmax") return fill(ctx.text.class_is, { number: k, value: percent(stage.values[k]) });
  if (stage.kind === "affine") return fill(ctx.text.class_is, { number: k, value: number(stage.values[k]) });
  return stage.count > 1 ? fill(ctx.text.layer, { layer: stage.title, number: k + 1, count: stage.count }) : stage.title;
}
