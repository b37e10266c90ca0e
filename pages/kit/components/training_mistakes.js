// The confusion matrix, and the images behind a cell of it; without a choice, the most wrong ones.
const MOST_TILES = 30;

function mistakesView(ctx, look) {
  const shared = ctx.state.views, shelf = heldPictures(ctx, "shelf");
  const title = el("p", { class: "view-head" }, el("b"), el("small")), axes = el("p", { class: "matrix-axes" });
  const matrix = el("div", { class: "matrix", role: "grid", tabindex: "0" });
  const tilesTitle = el("p", { class: "view-head" }, el("b"), el("small")), tiles = el("div", { class: "wrong-tiles" });
  const back = el("button", { class: "button", type: "button", onclick: () => choose(null) });
  const hidden = el("p", { class: "secret-note" }), note = el("p", { class: "view-note" });
  const open = el("div", { class: "mistakes" },
    el("section", { class: "confusion" }, title, axes, matrix, note),
    el("section", { class: "wrong-ones" }, el("div", { class: "wrong-head" }, tilesTitle, back), tiles));
  const element = el("div", {}, hidden, open);
  let cells = [], recalls = [], names = "", chosen = null, cursor = [0, 0], last = [];

  function choose(cell) {
    chosen = cell;
    if (cell) cursor = cell;
    mark();
    look();
  }
  const at = (event) => event.target.closest?.("[data-cell]")?.dataset.cell.split("-").map(Number);
  matrix.onclick = (event) => { const cell = at(event); if (cell) choose(String(cell) === String(chosen) ? null : cell); };
  matrix.onkeydown = (event) => {
    const step = ARROW_STEPS[event.key], end = cells.length - 1, jump = { Home: [cursor[0], 0], End: [cursor[0], end], PageUp: [0, cursor[1]], PageDown: [end, cursor[1]] }[event.key];
    if (!step && !jump && !["Enter", " ", "Escape"].includes(event.key)) return;
    event.preventDefault(); event.stopPropagation();
    if (event.key === "Escape") return choose(null);
    if (event.key === "Enter" || event.key === " ") return choose(String(cursor) === String(chosen) ? null : cursor);
    choose(jump ?? cursor.map((place, axis) => Math.max(0, Math.min(end, place + step[axis]))));
  };
  matrix.onfocus = matrix.onblur = () => mark();

  function draw() {
    const { shown, classes, secret } = ctx.data, { text } = ctx;
    hidden.hidden = !secret; open.hidden = secret;
    write(hidden, text.hidden_while_guessing);
    if (secret) return;
    shelf.take(shown.images);
    if (classes.join() !== names) build(classes);
    drawMatrix(shown);
    drawTiles(shown);
  }

  function build(classes) {
    names = classes.join();
    chosen = null; cursor = [0, 0]; last = [];
    const corner = () => el("span", { class: "corner", role: "columnheader" });
    recalls = classes.map(() => el("span", { class: "recall", role: "gridcell" }));
    cells = classes.map((_, row) => classes.map((_, column) => el("span", { class: `cell-of${row === column ? " hit" : ""}`, role: "gridcell", id: `confusion-${row}-${column}`, "data-cell": `${row}-${column}` })));
    matrix.style.setProperty("--classes", classes.length);
    if (classes.length < 5) matrix.style.setProperty("--widest", "72px");
    else matrix.style.removeProperty("--widest");
    matrix.replaceChildren(
      el("span", { role: "row", class: "matrix-row" }, corner(), ...classes.map((name) => el("span", { class: "said-name", role: "columnheader" }, name)), el("span", { class: "recall-name", role: "columnheader" })),
      ...classes.map((name, i) => el("span", { role: "row", class: "matrix-row" }, el("span", { class: "true-name", role: "rowheader" }, name), ...cells[i], recalls[i])));
  }

  function drawMatrix({ confusion, recall, step }) {
    const { text, data: { classes }, dark } = ctx;
    const hits = confusion.reduce((sum, row, i) => sum + row[i], 0), count = confusion.flat().reduce((a, b) => a + b, 0);
    const most = Math.max(1, ...confusion.flatMap((row, i) => row.filter((_, k) => k !== i)));
    write(title.firstChild, text.confusion_matrix);
    write(title.lastChild, fill(text.misread_of, { wrong: count - hits, count, step }));
    write(axes, text.matrix_axes);
    write(note, text.matrix_note);
    write(matrix.querySelector(".recall-name"), text.recall);
    matrix.setAttribute("aria-label", `${text.confusion_matrix}. ${text.matrix_axes}. ${text.walk_matrix}`);
    const state = String(dark) + text.recall;
    confusion.forEach((row, i) => {
      const total = row.reduce((a, b) => a + b, 0);
      row.forEach((value, k) => {
        const share = i === k ? value / Math.max(1, total) : -Math.sqrt(value / most), look = `${value} ${share} ${state}`;
        if (last[i * row.length + k] === look) return;
        last[i * row.length + k] = look;
        const cell = cells[i][k], { fill: background, ink } = color(share, { scale: "signed", max: 1, dark });
        write(cell, value ? String(value) : i === k ? "0" : "");
        Object.assign(cell.style, value || i === k ? { background, color: ink } : { background: "", color: "" });
        cell.setAttribute("aria-label", fill(text.matrix_cell, { name: classes[i], said: classes[k], count: value }));
      });
      write(recalls[i], recall[i] === null ? "–" : shareWords(recall[i]));
    });
    mark();
  }

  function mark() {
    const isFocused = matrix.matches(":focus-visible");
    matrix.querySelectorAll(".chosen, .cursor").forEach((cell) => { cell.classList.remove("chosen", "cursor"); cell.removeAttribute("aria-selected"); });
    const cell = chosen && cells[chosen[0]]?.[chosen[1]];
    cell?.classList.add("chosen");
    cell?.setAttribute("aria-selected", "true");
    const here = cells[cursor[0]]?.[cursor[1]];
    if (here) matrix.setAttribute("aria-activedescendant", here.id);
    if (isFocused) here?.classList.add("cursor");
  }

  function drawTiles({ cell, found, images, said, shares, rightShares, isProbability }) {
    const { text, data: { classes }, dark } = ctx, { indices, labels } = images;
    const pair = cell && { name: classes[cell[0]], said: classes[cell[1]] };
    write(tilesTitle.firstChild, !cell ? text.most_wrong : fill(cell[0] === cell[1] ? text.read_rightly : text.taken_for, pair));
    write(tilesTitle.lastChild, !found ? (cell ? text.none_of_them : text.none_misread) : fill(cell ? text.surest_first : text.least_right_first, { shown: indices.length, count: found }));
    write(back, text.back_to_most_wrong);
    back.classList.toggle("away", !cell);
    while (tiles.children.length > indices.length) tiles.lastChild.remove();
    while (tiles.children.length < indices.length) {
      const tile = el("button", { class: "wrong-tile", type: "button", onclick: () => { shared.chooseImage(tile.image); shared.choose("inside"); } }, el("canvas"), el("b"), el("small"));
      tiles.append(tile);
    }
    [...tiles.children].forEach((tile, i) => {
      const [canvas, words, share] = tile.children, look = `${shelf.version} ${i} ${dark}`;
      tile.image = indices[i];
      if (tile.look !== look) { tile.look = look; paintPictures(canvas, shelf.at(i), shelf.sizes[1], shadeTable("image", dark)); }
      const name = classes[labels[i]], answer = classes[said[i]];
      write(words, name === answer ? answer : `${name} → ${answer}`);
      write(share, answerWords(shares[i], isProbability));
      const sentence = fill(text.wrong_tile, { number: indices[i], name, said: answer, share: answerWords(shares[i], isProbability), right: answerWords(rightShares[i], isProbability) });
      if (tile.title !== sentence) { tile.title = sentence; tile.setAttribute("aria-label", `${sentence} ${text.see_inside}`); }
    });
  }

  const texts = () => {
    if (names !== ctx.data.classes.join()) chosen = null; // other images have other classes
    return { shelf: shelf.version, ...(chosen && { cell: chosen.join("-") }) };
  };
  return { element, draw, texts };
}
