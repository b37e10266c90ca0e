// The numbers of a training run at one moment, and a sentence about it.
//
//   trainingFacts(ctx) -> {element, draw()}
//   trainingStatus(ctx) -> {element, draw()}
const asShare = (share, digits = 1) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits)}%`);
function asLossValue(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("e+", "e").replaceAll("-", "−");
}
const asCount = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ","); // 8000 -> 8,000

const FACTS = ["test", "train", "batch", "progress"]; // each with a label, one large number, and what belongs to it

function trainingFacts(ctx) {
  const facts = Object.fromEntries(FACTS.map((name) => {
    const label = el("span"), value = el("b"), more = el("small");
    return [name, { label, value, more, element: el("div", { class: `fact ${name}` }, label, value, more) }];
  }));
  const past = el("p", { class: "past-note", hidden: true });
  const element = el("div", { class: "training-facts" }, past, ...FACTS.map((name) => facts[name].element));

  function set(name, ...words) {
    const { label, value, more } = facts[name];
    [label, value, more].forEach((part, i) => { if (part.textContent !== words[i]) part.textContent = words[i]; });
  }
  const join = (...words) => words.filter(Boolean).join(" · ");

  function draw() {
    const { run, then, now, secret } = ctx.data, { text } = ctx;
    const results = then ?? now, told = (words) => (secret ? "?" : words);
    const { seconds, evaluations } = then ?? run, step = then ? then.step : run.step;
    const batch = then ? lastBatch(ctx, then.step) : { loss: run.loss, accuracy: run.batchAccuracy, penalty: run.penalty, thin: 1 };
    const images = (count) => fill(text.images, { count: asCount(count) });
    set("test", join(text.test_accuracy, images(run.tests)), told(asShare(results?.testAccuracy)),
      join(fill(text.loss_is, { value: told(asLossValue(results?.testLoss)) }), fill(text.at_step, { step: asCount(results?.step ?? 0) })));
    set("train", join(text.train_accuracy, images(run.looked)), told(asShare(results?.trainAccuracy)),
      fill(text.loss_is, { value: told(asLossValue(results?.trainLoss)) }));
    set("batch", join(text.batch_loss, batch.thin > 1 ? fill(text.mean_of, { count: batch.thin }) : images(run.batch)), asLossValue(batch.loss),
      join(batch.accuracy === null ? "" : fill(text.share_right, { share: asShare(batch.accuracy) }), batch.penalty ? fill(text.and_penalty, { value: asLossValue(batch.penalty) }) : ""));
    set("progress", join(text.step, fill(text.per_epoch, { count: asCount(run.stepsPerEpoch) }), run.searches ? fill(text.evaluations, { count: asCount(evaluations) }) : ""), asCount(step),
      join(fill(text.epoch_is, { epoch: (step / run.stepsPerEpoch).toFixed(2) }), fill(text.seconds_of, { seconds: seconds.toFixed(2) })));
    element.classList.toggle("is-past", then !== null);
    past.hidden = then === null;
    past.textContent = then ? fill(text.past, { step: asCount(then.step) }) : "";
  }
  return { element, draw };
}

// The batch that led to a step of the past: alone, or in the mean that was kept.
function lastBatch(ctx, step) {
  const { thin } = ctx.data.curve, { shape: [, points], values } = ctx.data.arrays["batches-0"];
  const place = Math.ceil(step / thin) - 1;
  const isKept = place >= 0 && place < points;
  return { loss: isKept ? values[place] : null, accuracy: isKept ? values[points + place] : null, thin };
}

function trainingStatus(ctx) {
  const element = el("p", { class: "training-status", role: "status" });
  function draw() {
    const { message, trouble } = ctx.state.isUnanswered ? { message: ctx.text.no_answer, trouble: true } : ctx.data.run;
    if (element.textContent !== message) element.textContent = message;
    element.classList.toggle("trouble", trouble);
  }
  return { element, draw };
}
