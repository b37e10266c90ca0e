// A row for each network: what it learns with, where it stands, and what it has paid until its
// training loss was at most the goal.
//
//   optimizerTable(ctx, choose) -> {element, draw()}      choose(key, value): a setting was picked
//   measured(ctx, lane) -> {steps: [...], train_loss: [...], ...}   arrays over the laps
//   asCost(cost, value) -> "1,347"
const SETTINGS_OF = { sgd: ["sgd"], momentum: ["mom"], adam: ["adam"], lbfgs: ["m", "lbatch"] };
const STANDINGS = ["train_loss", "train_accuracy", "test_accuracy"];

function measured(ctx, lane) {
  const { shape: [, points], values } = ctx.data.arrays[`lane-${lane}`];
  return Object.fromEntries(ctx.data.measures.map((name, i) => [name, values.subarray(i * points, (i + 1) * points)]));
}

const asCost = (cost, value) => (cost === "seconds" ? value.toFixed(value < 0.1 ? 3 : 2) : Math.round(value).toLocaleString("en"));
const asMeasure = (name, value) => (name === "train_loss" ? asLoss(value) : asPercent(value));

function optimizerTable(ctx, pick) {
  const cell = (name) => el("span", { class: name });
  const rows = ctx.data.race.lanes.map(({ name }, lane) => {
    const pickers = SETTINGS_OF[name].map((key) => picker("", (value) => pick(key, value)));
    return {
      name, pickers,
      label: el("span", { class: "lane-name" }), settings: el("span", { class: "lane-settings" }, ...pickers),
      now: STANDINGS.map((each) => ({ value: el("b"), note: el("small") })),
      costs: ctx.data.costs.map(() => ({ value: el("b"), note: el("small") })),
      lane,
    };
  });
  const goal = picker("", (value) => pick("goal", value));
  const until = el("span", { class: "until" }, cell(""), goal);
  const heads = [...STANDINGS, ...ctx.data.costs].map((name) => el("span", { class: `head ${ctx.data.costs.includes(name) ? "cost" : ""}` }));
  const trouble = el("p", { class: "trouble", role: "status" });
  const element = el("div", { class: "standing" },
    el("div", { class: "standing-table" },
      el("div", { class: "standing-row heads" }, el("span", { class: "corner" }), ...heads.slice(0, STANDINGS.length), until, ...heads.slice(STANDINGS.length)),
      ...rows.map((row) => el("div", { class: "standing-row" }, row.label, row.settings,
        ...row.now.map(({ value, note }) => el("span", { class: "figure" }, note, value)),
        ...row.costs.map(({ value, note }) => el("span", { class: "figure cost" }, note, value))))),
    trouble);

  function draw() {
    const { data, text } = ctx, { lanes } = data.race, goalWords = data.goals[data.goal];
    until.firstChild.textContent = text.until;
    goal.setAttribute("aria-label", text.goal); goal.title = text.goal;
    choose(goal, data.goals.map((name) => [name, `≤ ${name}`]), goalWords);
    [...STANDINGS, ...data.costs].forEach((name, i) => { heads[i].textContent = text[name]; });
    const paid = lanes.map(({ reached }, lane) => (reached[data.goal] === null ? null : Object.fromEntries(data.costs.map((cost) => [cost, measured(ctx, lane)[cost][reached[data.goal]]]))));
    rows.forEach((row, lane) => drawRow(row, lanes[lane], paid));
    const troubles = lanes.map((each) => each.trouble).filter(Boolean).join(" ");
    if (trouble.textContent !== troubles) trouble.textContent = troubles; // said once
  }

  function drawRow({ name, label, pickers, now, costs, lane }, { label: words }, paid) {
    const { data, text } = ctx, curves = measured(ctx, lane);
    label.replaceChildren(laneKey(lane), words);
    SETTINGS_OF[name].forEach((key, i) => {
      const { options, value } = data.choices[key], says = `${words}: ${text[key] ?? text.rate}`;
      pickers[i].setAttribute("aria-label", says); pickers[i].title = says;
      choose(pickers[i], options, value);
    });
    STANDINGS.forEach((measure, i) => {
      now[i].note.textContent = text[measure];
      now[i].value.textContent = asMeasure(measure, curves[measure].at(-1));
    });
    data.costs.forEach((cost, i) => {
      const least = Math.min(...paid.filter(Boolean).map((each) => each[cost]));
      costs[i].note.textContent = text[cost];
      costs[i].value.textContent = paid[lane] ? asCost(cost, paid[lane][cost]) : "–";
      costs[i].value.classList.toggle("least", paid[lane]?.[cost] === least);
      costs[i].value.setAttribute("aria-label", paid[lane] ? asCost(cost, paid[lane][cost]) : text.not_yet);
    });
  }
  return { element, draw };
}
