// What comes out of a layer, as a small picture: a stack of maps, or a column of neurons.

const PICTURE = 60; // px, its width and height
const LARGEST = 40, SMALLEST = 5, SHIFT = 3; // px: the side of the image and of the smallest map, and from one map to the next

function buildResult(kind) {
  const picture = svg("svg", { class: `picture ${kind}`, viewBox: `0 0 ${PICTURE} ${PICTURE}`, "aria-hidden": "true" });
  const size = el("b"), costs = el("span");
  return {
    element: el("div", { class: "result" }, picture, size, costs),
    draw(shape, image) {
      picture.replaceChildren(...(shape.length === 3 ? stackOfMaps(shape, image) : columnOfNeurons(shape[0])));
    },
    caption(words, parameters) { size.textContent = words; costs.textContent = parameters; },
  };
}

// One square for one map, then one more each time that their number doubles.
function stackOfMaps([channels, height], [, imageHeight]) {
  const count = 1 + Math.round(Math.log2(channels)), side = Math.max(SMALLEST, Math.min(LARGEST + 2, LARGEST * height / imageHeight));
  const whole = side + SHIFT * (count - 1);
  return Array.from({ length: count }, (_, i) => svg("rect", {
    x: (PICTURE - whole) / 2 + SHIFT * i, y: (PICTURE - whole) / 2 + SHIFT * i, width: side, height: side, rx: 2,
  }));
}

// One cell for each neuron up to 12, never more.
function columnOfNeurons(neurons) {
  const count = Math.min(12, neurons), cell = (PICTURE - 4) / 12, top = (PICTURE - cell * count) / 2;
  return Array.from({ length: count }, (_, i) => svg("rect", { x: PICTURE / 2 - 6, y: top + i * cell, width: 12, height: cell - 1, rx: 1 }));
}
