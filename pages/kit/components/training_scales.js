// Where the curves of a training lie: axes whose ends move in round steps, and what is on them.
//
//   epochAxis(longest) -> {end, ticks}
//   lossAxis(values, chance, isLog), shareAxis(isClose) -> {low, high, ticks, at(value), name(value)}
//       at(value) is 0 at the low end and 1 at the high end; what explodes leaves at the top
//   trainingLines(ctx, kind) -> the lines to draw, the earlier ones first; kind: "loss" or "accuracy"
//   valueAt(line, step) -> {step, value}, or null if nothing was measured yet
const EPOCH_ENDS = [1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600, 800, 1000];
const EXAM_ROW = { loss: { test: 1, train: 3 }, accuracy: { test: 2, train: 4 } };

function epochAxis(longest) {
  const end = EPOCH_ENDS.find((epochs) => epochs >= longest) ?? Math.ceil(longest / 1000) * 1000;
  const every = [0.25, 0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200].find((size) => end / size <= 5) ?? end / 5;
  return { end, ticks: Array.from({ length: Math.floor(end / every + 1e-9) + 1 }, (_, i) => i * every) };
}

function lossAxis(values, chance, isLog) {
  let largest = 0, smallest = Infinity;
  for (const list of values) for (const value of list) {
    if (!Number.isFinite(value)) continue;
    if (value > largest) largest = value;
    if (value > 0 && value < smallest) smallest = value;
  }
  if (largest === 0) largest = chance; // nothing is known yet
  return isLog ? powersOfTen(smallest, largest) : roundSteps(Math.min(largest, 2 * chance));
}

function roundSteps(largest) {
  const every = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((size) => largest / size <= 5) ?? 20;
  const count = Math.ceil(largest / every - 1e-9), high = count * every;
  return {
    low: 0, high, ticks: Array.from({ length: count + 1 }, (_, i) => i * every),
    at: (value) => (Number.isFinite(value) ? value / high : 2),
    name: (value) => String(Number(value.toFixed(2))),
  };
}

// Eight powers at most: what is smaller counts as nothing.
function powersOfTen(smallest, largest) {
  const top = Math.ceil(Math.log10(largest) - 0.1);
  const low = Math.min(top - 1, Math.max(top - 8, Math.floor(Math.log10(Math.min(smallest, largest)))));
  const every = Math.ceil((top - low) / 5), ticks = [];
  for (let power = top; power >= low; power -= every) ticks.push(10 ** power);
  return {
    low: 10 ** low, high: 10 ** top, ticks,
    at: (value) => (Number.isFinite(value) ? (Math.log10(Math.max(value, 1e-30)) - low) / (top - low) : 2),
    name: (value) => (value >= 0.001 && value < 1e5 ? String(Number(value.toPrecision(1))) : `1e${Math.round(Math.log10(value))}`.replace("-", "−")),
  };
}

function shareAxis(isClose) {
  const low = isClose ? 0.8 : 0, every = isClose ? 0.05 : 0.25;
  return {
    low, high: 1, ticks: Array.from({ length: 5 }, (_, i) => low + i * every),
    at: (value) => (value - low) / (1 - low),
    name: (value) => `${Math.round(100 * value)}%`,
  };
}

// A line: {look, name, short, steps, values, perEpoch, key}; `short` is its name where there is
// little room, and `key` changes when its points do.
function trainingLines(ctx, kind) {
  const { curve, ways, arrays, run, secret } = ctx.data, { text } = ctx;
  const exam = (i, owner, row, more) => {
    const { shape: [, points], values, version } = arrays[`exams-${i}`];
    const told = secret && !i ? 0 : points; // of the network whose start is being guessed, nothing
    const part = (r) => values.subarray(r * points, r * points + told);
    return { steps: part(0), values: part(row), perEpoch: owner.stepsPerEpoch, key: version, ...more };
  };
  const earlier = ways.curves.map((way, i) => {
    const letter = i < ways.branches ? wayLetter(ctx, way.key) : "";
    const name = letter || fill(text.run_before, { name: way.name });
    return exam(i + 1, way, EXAM_ROW[kind].test, { look: "earlier", letter, name, short: letter || text.before, way });
  });
  const { shape: [, points], values, version } = arrays["batches-0"], { thin } = curve;
  const first = kind === "loss" ? 0 : points, batches = thin > 1 ? fill(text.mean_of, { count: thin }) : text.each_batch;
  return [
    ...earlier,
    {
      look: "batch", key: version, name: batches, short: thin > 1 ? batches : text.batch, perEpoch: run.stepsPerEpoch, spacing: thin,
      steps: Float32Array.from({ length: points }, (_, i) => (i + 0.5) * thin), values: values.subarray(first, first + points),
    },
    exam(0, curve, EXAM_ROW[kind].train, { look: "train", name: text.training_images, short: text.training }),
    exam(0, curve, EXAM_ROW[kind].test, { look: "test", name: text.test_images, short: text.test }),
  ];
}

// Ways that can be taken up again have letters, which they keep as long as there is more than one.
function wayLetter(ctx, key) {
  const letters = ctx.state.letters ??= new Map(), { branches, curves } = ctx.data.ways;
  if (!branches) letters.clear();
  else if (!letters.size) for (const way of curves.slice(0, branches)) letters.set(way.key, letters.size);
  if (!letters.has(key)) letters.set(key, letters.size);
  return String.fromCharCode(65 + letters.get(key) % 26);
}

// The measured point nearest to a step.
function valueAt({ steps, values }, step) {
  if (!values.length) return null;
  let low = 0, high = steps.length - 1;
  while (low < high) { // the first point that is not before the step
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1; else high = middle;
  }
  if (low && step - steps[low - 1] < steps[low] - step) low -= 1;
  return { step: steps[low], value: values[low] };
}
