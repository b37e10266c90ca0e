// The chain: for each of seven arrows a button, and below it what comes out; a row for each kernel.
// What no arrow has led to yet is an empty outline.
const UNIT = 72; // a map is drawn as large as it is shown, so that its letters have their size
const MAPS = [["match", 7], ["rectified", 7], ["pooled", 4], ["small", 2]];

function buildChain(ctx, { onArrow, onKernel, onCell, onNeuron, onLook, onAll }) {
  const { parts, data } = ctx;
  parts.arrows = data.arrows.map((_, i) => el("button", { class: "arrow", type: "button", onclick: () => onArrow(i + 1) }));
  parts.kernels = data.kernels.map((_, k) => el("button", { class: "kernel", type: "button", onclick: () => onKernel(k) }));
  parts.minis = MAPS.map(([, size], i) => data.kernels.map((_, k) => miniMap(size, (r, c) => onCell(i + 1, k, r, c))));
  parts.neurons = data.inputs.map((_, n) => el("button", {
    class: "neuron", type: "button", onclick: () => onNeuron(n),
    onpointerenter: (event) => event.pointerType !== "touch" && onLook(n), onpointerleave: () => onLook(null),
    onfocus: () => onLook(n), onblur: () => onLook(null),
  }, el("span"), el("i")));
  parts.scores = data.class_names.map(() => el("div", { class: "score" }));
  parts.shares = data.class_names.map(() => el("div", { class: "share" }));
  parts.all = el("button", { class: "button all", type: "button", onclick: onAll });
  const step = (i, ...inside) => el("section", { class: `step step-${i}`, style: `--turn:${10 * i}` }, parts.arrows[i - 1], ...inside);
  parts.steps = [
    step(1, ...data.kernels.map((_, k) => el("div", { class: "outcome pair" }, parts.kernels[k], parts.minis[0][k].element))),
    ...[1, 2, 3].map((i) => step(i + 1, ...parts.minis[i].map(({ element }) => el("div", { class: "outcome" }, element)))),
    step(5, el("div", { class: "neurons" }, ...parts.neurons)),
    step(6, el("div", { class: "scores" }, ...parts.scores)),
    step(7, el("div", { class: "shares" }, parts.shares[0], parts.all, parts.shares[1])),
  ];
  return el("div", { class: "chain" }, ...parts.steps);
}

function drawChain(ctx) {
  const { data, parts, state, text } = ctx;
  drawArrows(ctx);
  parts.kernels.forEach((button, k) => {
    button.replaceChildren(kernelPicture(data.kernels[k], (value) => color(value, { dark: ctx.dark }).fill), el("span", {}, data.kernel_names[k]));
    button.setAttribute("aria-label", `${text.kernel} ${data.kernel_names[k]}`);
    button.setAttribute("aria-pressed", String(k === state.kernel));
  });
  parts.minis.forEach((row, i) => row.forEach((mini, k) => {
    const [name, size] = MAPS[i];
    mini.element.classList.toggle("todo", state.step <= i);
    mini.element.disabled = state.step <= i;
    mini.element.setAttribute("aria-label", `${text[name]} ${size}×${size}, ${data.kernel_names[k]}`);
    if (state.step > i) mini.draw(data[name][k], ctx.dark);
    else mini.clear();
  }));
  drawNeurons(ctx);
  parts.scores.forEach((box, j) => {
    box.classList.toggle("todo", state.step < 6);
    box.classList.toggle("winner", state.step >= 6 && j === data.winner);
    box.replaceChildren(el("b", {}, data.class_names[j]), el("span", {}, state.step < 6 ? "" : two(data.scores[j])));
  });
  parts.shares.forEach((box, j) => {
    const share = data.probabilities[j];
    box.classList.toggle("todo", state.step < 7);
    box.classList.toggle("winner", state.step >= 7 && j === data.winner);
    box.replaceChildren(el("strong", {}, state.step < 7 ? "" : percent(share)),
      el("div", { class: "meter" }, el("i", { style: `width:${state.step < 7 ? 0 : 100 * share}%` })));
  });
  parts.all.textContent = state.step < 7 ? text.all : text.again;
}

function drawNeurons(ctx) {
  const { data, parts, state, text } = ctx;
  const letters = Object.fromEntries((state.step < 6 ? [] : data.evidence).map(({ neuron, letter }) => [neuron, letter]));
  parts.neurons.forEach((button, n) => {
    const isThere = state.step >= 5 && !(n > state.flown), [value, letter] = button.children;
    const { fill: background, ink } = color(data.inputs[n], { dark: ctx.dark });
    button.classList.toggle("todo", !isThere);
    button.disabled = state.step < 5;
    button.classList.toggle("spoke", n in letters);
    value.style.cssText = isThere ? `background:${background};color:${ink}` : "";
    value.textContent = isThere ? ninths(data.inputs[n]) : "";
    letter.textContent = letters[n] ?? "";
    button.setAttribute("aria-label", fill(text.neuron_label, { n: n + 1, name: neuronName(ctx, n), value: isThere ? ninths(data.inputs[n]) : "" }));
  });
}

// "match → 3×7×7 · 27 numbers, given": what is done, what comes out, what it takes.
function drawArrows(ctx) {
  const { data, parts, state } = ctx;
  parts.arrows.forEach((button, i) => {
    const [done, takes] = data.arrows[i].split(" · "), [name, shape] = done.split(" → "), number = i + 1;
    button.classList.toggle("next", number === state.step + 1);
    button.classList.toggle("later", number > state.step + 1);
    button.classList.toggle("open", number === state.lens);
    button.setAttribute("aria-expanded", String(number === state.lens));
    button.replaceChildren(
      el("b", {}, el("i", {}, String(number)), ` ${name}`), el("span", {}, `→ ${shape}`), el("span", {}, takes));
  });
}

// ---------------------------------------------------------------- a small map

function miniMap(size, onPick) {
  const cell = UNIT / size, cells = svg("g"), marks = svg("g");
  const picture = svg("svg", { viewBox: `0 0 ${UNIT} ${UNIT}`, "aria-hidden": "true" }, cells, marks);
  const element = el("button", {
    class: "mini", type: "button",
    onclick: (event) => {
      if (!event.detail) return onPick(null); // by key: the cell that is open anyway
      const box = picture.getBoundingClientRect(), at = (place, length) => Math.min(size - 1, Math.max(0, Math.floor(place / length * size)));
      onPick(at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width));
    },
  }, picture);
  const gap = size > 4 ? 0.5 : 1;
  const box = (r, c, h, w, name) => svg("rect", { class: name, x: c * cell, y: r * cell, width: w * cell, height: h * cell, rx: 3 });
  const spots = Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size]);
  const squares = spots.map(([r, c]) => svg("rect", { x: c * cell + gap, y: r * cell + gap, width: cell - 2 * gap, height: cell - 2 * gap, rx: size > 4 ? 1.5 : 4 }));
  const words = size > 2 ? [] : spots.map(([r, c]) => svg("text", { x: (c + 0.5) * cell, y: (r + 0.5) * cell + 5 })); // there is room for numbers
  return {
    element,
    draw: (values, dark) => {
      if (!cells.children.length) cells.append(...squares, ...words);
      spots.forEach(([r, c], i) => {
        const { fill: background, ink } = color(values[r][c], { dark });
        squares[i].setAttribute("fill", background);
        if (!words.length) return;
        words[i].setAttribute("fill", ink);
        words[i].textContent = ninths(values[r][c]);
      });
    },
    clear: () => { cells.replaceChildren(); marks.replaceChildren(); },
    // Cells that led to the verdict, and the cells that the lens shows.
    mark: (found, frame) => marks.replaceChildren(
      ...found.map(([r, c]) => box(r, c, 1, 1, "found")),
      ...(frame ? [box(...frame, "frame")] : [])),
  };
}

function kernelPicture(values, paint) {
  const cell = UNIT / values.length;
  return svg("svg", { viewBox: `0 0 ${UNIT} ${UNIT}`, "aria-hidden": "true" }, ...values.flatMap((row, r) => row.map((value, c) =>
    svg("rect", { x: c * cell + 1.5, y: r * cell + 1.5, width: cell - 3, height: cell - 3, rx: 3, fill: paint(value) }))));
}

// ---------------------------------------------------------------- lines

// From each small map to its neurons; from each neuron to each class a line as thick as its vote.
function drawLines(ctx) {
  const { parts, data, state } = ctx, stage = parts.stage.getBoundingClientRect();
  if (!stage.width) return;
  const rect = (element) => {
    const box = element.getBoundingClientRect();
    return { left: box.left - stage.left, right: box.right - stage.left, top: box.top - stage.top, bottom: box.bottom - stage.top, x: (box.left + box.right) / 2 - stage.left, y: (box.top + box.bottom) / 2 - stage.top };
  };
  const places = parts.neurons.map(rect), isRow = places[1].top === places[0].top, lines = [];
  if (state.step >= 5 && !isRow) {
    parts.minis[3].forEach(({ element }, k) => {
      const a = rect(element), b = places[4 * k], c = places[4 * k + 3];
      lines.push(svg("path", { class: "funnel", d: `M${a.right + 3} ${a.top}L${b.left - 3} ${b.top}V${c.bottom}L${a.right + 3} ${a.bottom}Z` }));
    });
  }
  if (state.step >= 6) {
    const largest = Math.max(1e-9, ...data.votes.flat().map(Math.abs)), isLit = litVotes(ctx), below = rect(parts.arrows[5]).bottom;
    const votes = data.class_names.flatMap((_, j) => places.map((_, n) => [n, j])).sort((a, b) => isLit(...a) - isLit(...b)); // the lit ones on top
    const targets = parts.scores.map(rect);
    for (const [n, j] of votes) {
      const target = targets[j];
      const vote = data.votes[j][n], spread = (n - 5.5) * 3.4, width = Math.max(0.8, 8 * Math.abs(vote) / largest);
      const [x, y, X, Y] = isRow ? [places[n].x, below + 4, target.x + spread * 2, target.top - 2] : [places[n].right + 18, places[n].y, target.left - 3, target.y + spread];
      const path = isRow ? `C${x} ${(y + Y) / 2} ${X} ${(y + Y) / 2}` : `C${(x + X) / 2} ${y} ${(x + X) / 2} ${Y}`;
      lines.push(svg("path", { class: `vote${isLit(n, j) ? " lit" : ""}`, "stroke-width": width, stroke: color(Math.sign(vote), { dark: ctx.dark }).fill, d: `M${x} ${y}${path} ${X} ${Y}` }));
    }
  }
  parts.lines.setAttribute("viewBox", `0 0 ${stage.width} ${stage.height}`);
  parts.lines.replaceChildren(...lines);
}
