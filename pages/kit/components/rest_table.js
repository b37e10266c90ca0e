// Ten classes, a row each, for both networks: the weights as a picture, the score, and the answer
// that a sigmoid or the softmax makes of it; below, the sum of the ten answers.

function buildTable(ctx) {
  const { parts } = ctx;
  parts.cards = raceCards(ctx);
  parts.arrows = ctx.data.race.lanes.map(() => el("p", { class: "arrows" }));
  parts.rows = Array.from({ length: 10 }, (_, digit) => {
    const lanes = ctx.data.race.lanes.map((_, lane) => {
      const map = el("canvas", { class: "weights", width: 8, height: 8 }), score = el("span", { class: "score" }), bar = el("i"), value = el("span", { class: "value" });
      return { map, score, bar, value, element: el("div", { class: `answers lane-of-${lane}` }, map, score, el("div", { class: "track" }, bar), value) };
    });
    const name = el("span", { class: "digit" }, String(digit));
    const element = el("div", { class: "class-row", role: "option", id: `class-${digit}` }, name, ...lanes.map(({ element }) => element));
    element.onclick = () => chooseClass(ctx, digit);
    element.onpointerenter = (event) => { if (event.pointerType === "mouse") lookAt(ctx, digit); };
    return { element, lanes };
  });
  parts.list = el("div", { class: "class-rows", role: "listbox", tabindex: "0" }, ...parts.rows.map(({ element }) => element));
  parts.list.onpointerleave = () => lookAt(ctx, null);
  parts.list.onkeydown = (event) => {
    const now = ctx.state.digit, to = { ArrowUp: now - 1, ArrowDown: now + 1, Home: 0, End: 9 }[event.key];
    if (to === undefined) return;
    event.preventDefault(); event.stopPropagation();
    chooseClass(ctx, Math.max(0, Math.min(9, to)));
  };
  parts.feet = ctx.data.race.lanes.map((_, lane) => {
    const verdict = el("span", { class: "verdict" }), sum = el("output", { class: "sum" });
    return { verdict, sum, element: el("div", { class: `foot lane-of-${lane}` }, verdict, sum) };
  });
  return el("div", { class: "table" },
    parts.cards.element, ...parts.arrows, parts.list, ...parts.feet.map(({ element }) => element));
}

const shownClass = (ctx) => ctx.state.look ?? ctx.state.digit;

function lookAt(ctx, digit) {
  if (ctx.state.look === digit) return;
  ctx.state.look = digit;
  drawClass(ctx);
}

function chooseClass(ctx, digit) {
  const { state, parts } = ctx;
  state.digit = digit;
  state.look = null;
  drawClass(ctx);
  ctx.say(parts.rows[digit].element.getAttribute("aria-label"));
  clearTimeout(state.classTimer);
  state.classTimer = setTimeout(() => { if (state.digit !== state.sentClass) ctx.send("class", (state.sentClass = state.digit)); }, 250);
}

function drawTable(ctx) {
  const { parts, data, text } = ctx, { shown } = data;
  parts.cards.draw();
  parts.arrows.forEach((arrows, lane) => arrows.replaceChildren(...[data.affine, lane ? text.softmax : text.sigmoids].map((words) => {
    const [operation, parameters] = words.split(" · ");
    return el("span", {}, el("b", {}, operation), el("span", {}, parameters));
  })));
  parts.list.setAttribute("aria-label", text.rows);
  parts.list.setAttribute("data-image", shown.image); // for whoever must wait: tests
  parts.rows.forEach(({ element, lanes }, digit) => {
    element.classList.toggle("true", digit === shown.label);
    lanes.forEach(({ score, bar, value, element }, lane) => {
      const { scores, answers, reads } = shown.lanes[lane];
      score.textContent = decimals(scores[digit]);
      bar.style.width = `${100 * answers[digit]}%`;
      value.textContent = decimals(answers[digit]);
      element.classList.toggle("yes", lane ? digit === reads : scores[digit] > 0);
      element.classList.toggle("highest", digit === reads);
    });
    element.setAttribute("aria-label", fill(text.row, { digit, yes: lanes[0].value.textContent, share: lanes[1].value.textContent }));
  });
  parts.feet.forEach(({ verdict, sum }, lane) => {
    const { reads, sum: total } = shown.lanes[lane], isRight = reads === shown.label;
    const says = shown.claims === 0 ? text.says_none : shown.claims === 1 ? text.says_one : fill(text.says_more, { count: shown.claims });
    verdict.replaceChildren(...(lane ? [] : [el("span", {}, says)]), el("b", { class: isRight ? "right" : "wrong" }, fill(isRight ? text.reads_right : text.reads_wrong, { digit: reads })));
    sum.replaceChildren(`${text.sum} `, el("b", {}, decimals(total)));
  });
}

// Two decimals, always: columns of numbers stand still while they change.
const decimals = (value) => { const words = value.toFixed(2); return (Number(words) === 0 ? "0.00" : words).replace("-", "−"); };
