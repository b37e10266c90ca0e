// The lens below the chain: one map, large, the kernel that made it, and what its step does.

function buildLens(ctx) {
  const touch = (r, c) => { ctx.state.over = null; ctx.state.cell = r === null ? null : [r, c]; tellCell(); frames(); };
  const grid = numberGrid(ctx, { role: "output", onHover: (r, c) => touch(r, c), onPick: (r, c) => touch(r, c) });
  const kernel = numberGrid(ctx, { role: "kernel", onHover: () => {} });
  const title = el("h4"), sentence = el("p"), facts = el("dl"), link = el("a"), readout = el("output", { class: "readout" });
  const kernels = el("div", { class: "kernels" }), many = el("div", { class: "many" }), kernelTitle = el("p", { class: "grid-title" }), bias = el("p", { class: "note" });
  kernels.append(kernelTitle, kernel.element, many, bias);
  const element = el("div", { class: "lens" },
    el("div", { class: "large" }, grid.element, readout),
    el("div", { class: "words" }, title, sentence, facts, link), kernels);
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    ctx.send("open", link.dataset.url);
  };
  let place = [0, 0];

  function frames() {
    ctx.parts.maps.flat().forEach((map) => { map.lastChild.hidden = true; });
    drawFrames(ctx, ...place, ctx.state.cell);
  }

  function tellCell() {
    const [i, k] = place, { kind, shape } = ctx.data.stages[i], cell = ctx.state.cell;
    const isClasses = kind === "affine" || kind === "softmax";
    const shown = cell ?? (isClasses ? [Math.floor(k / 5), k % 5] : null);
    grid.cursor(...(shown ?? [null]));
    readout.textContent = !shown ? ctx.text.point
      : isClasses ? nameOf(ctx, i, 5 * shown[0] + shown[1])
        : fill(ctx.text.cell_of, { row: shown[0] + 1, column: shown[1] + 1, value: number(grid.values[shown[0]][shown[1]], 3) });
    readout.classList.toggle("empty", !shown);
  }

  function draw(i, k) {
    const stage = ctx.data.stages[i];
    place = [i, k];
    element.style.order = 3 * ctx.state.at[0] + 2;
    const rows = rowsOf(ctx, stage, k), isClasses = stage.count === stage.shape[0] && stage.shape.length < 3;
    const cell = Math.min(48, Math.max(7, Math.floor(232 / Math.max(rows.length, rows[0].length))));
    const small = cell < 38;
    grid.element.style.setProperty("--cell-max", `${cell}px`);
    grid.element.classList.toggle("mute", small);
    grid.draw({
      title: isClasses ? stage.title : nameOf(ctx, i, k), detail: stage.shape.slice(-2).join("×"),
      values: rows, scale: stage.kind === "input" ? "image" : "signed", max: stage.kind === "input" ? 1 : stage.scale,
      text: (_r, _c, value) => (stage.kind === "softmax" ? percent(value) : number(value, small ? 3 : Math.abs(value) < 10 ? 2 : 1)),
    });
    grid.notes((r, c) => (isClasses ? String(5 * r + c) : ""));
    tellCell();
    drawKernels(stage, k);
    title.textContent = [stage.title, ...stage.operation.filter(Boolean)].join(" · ");
    sentence.textContent = stage.sentence;
    facts.replaceChildren(...stage.facts.flatMap(([what, formula]) => [el("dt", {}, what), el("dd", {}, formula)]));
    link.hidden = !stage.link;
    if (stage.link) Object.assign(link, { href: stage.link.href, textContent: stage.link.label }).dataset.url = stage.link.url;
  }

  function drawKernels(stage, k) {
    kernels.hidden = !stage.kernels;
    if (!stage.kernels) return;
    const [, channels, rows, columns] = stage.kernels.shape, size = rows * columns;
    const one = (c) => stage.kernels.weight.subarray((k * channels + c) * size, (k * channels + c + 1) * size);
    kernel.element.hidden = channels > 1;
    many.replaceChildren();
    const before = ctx.data.stages[ctx.data.stages.indexOf(stage) - 1];
    kernelTitle.textContent = channels > 1 ? fill(ctx.text.kernels, { count: channels, layer: before.title }) : ctx.text.kernel;
    bias.textContent = `${fill(ctx.text.bias, { value: number(stage.kernels.bias[k]) })} · ${ctx.text.turned}`;
    if (channels === 1) {
      kernel.element.style.setProperty("--cell-max", "48px");
      kernel.draw({ values: grouped(one(0), columns), max: stage.kernels.scale });
      return;
    }
    const colors = ramp("signed", ctx.dark);
    for (let c = 0; c < channels; c++) {
      const canvas = el("canvas", { "aria-hidden": "true" });
      paintMap(canvas, one(c), rows, columns, colors, -stage.kernels.scale, stage.kernels.scale);
      canvas.onpointermove = (event) => {
        const r = Math.min(rows - 1, Math.floor((event.offsetY / canvas.clientHeight) * rows)), q = Math.min(columns - 1, Math.floor((event.offsetX / canvas.clientWidth) * columns));
        bias.textContent = fill(ctx.text.kernel_cell, { number: c + 1, row: r + 1, column: q + 1, value: number(one(c)[r * columns + q]) });
      };
      many.append(canvas);
    }
  }

  return { element, draw };
}

const grouped = (values, columns) => Array.from({ length: values.length / columns }, (_, r) => [...values.subarray(r * columns, (r + 1) * columns)]);

// A map as rows; a flattened one with a row for each map that it came from; ten classes as 2×5.
function rowsOf(ctx, stage, k) {
  if (stage.shape.length === 3) return grouped(mapOf(stage, k), stage.shape[2]);
  if (stage.kind !== "flatten") return grouped(stage.values, 5);
  const before = ctx.data.stages[ctx.data.stages.indexOf(stage) - 1];
  return grouped(stage.values, stage.values.length / before.shape[0]);
}
