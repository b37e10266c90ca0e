// The weights of a class, one for each pixel, as a picture: small ones in the table, and both
// networks' of the chosen class side by side.

function buildMaps(ctx) {
  const { parts } = ctx;
  parts.mapsTitle = el("b");
  parts.maps = ctx.data.race.lanes.map((_, lane) => {
    const canvas = el("canvas", { class: "large-weights", width: 8, height: 8, role: "img" }), words = el("p");
    return { canvas, words, element: el("div", { class: "large" }, el("span", {}, laneKey(lane)), canvas, words) };
  });
  parts.ink = el("p", { class: "ink" });
  return el("div", { class: "maps" }, parts.mapsTitle, ...parts.maps.map(({ element }) => element), parts.ink);
}

// All weights share one scale; nearly all of them lie within three times their mean size.
function drawWeights(ctx) {
  const { parts, data } = ctx, lanes = data.race.lanes.map((_, lane) => data.arrays[`weights-${lane}`].values);
  const squares = lanes.flatMap((values) => [...values]).reduce((sum, value) => sum + value * value, 0);
  const full = Math.max(1e-6, 3 * Math.sqrt(squares / (640 * lanes.length)));
  const [against, none, speaking] = SCALES[ctx.dark ? "dark" : "light"].signed.map(rgb);
  const tint = (weight) => { const end = weight < 0 ? against : speaking, share = Math.min(1, Math.abs(weight) / full); return none.map((from, k) => from + (end[k] - from) * share); };
  lanes.forEach((values, lane) => {
    const of = (digit) => values.subarray(64 * digit, 64 * digit + 64);
    parts.rows.forEach(({ lanes: cells }, digit) => paintPixels(cells[lane].map, 8, of(digit), tint));
    paintPixels(parts.maps[lane].canvas, 8, of(shownClass(ctx)), tint);
  });
}

function drawMaps(ctx) {
  const { parts, data, text } = ctx, digit = shownClass(ctx);
  const { own, claimed, claimed_others, read, read_others } = data.classes[digit];
  parts.mapsTitle.textContent = fill(text.looks_for, { digit });
  parts.ink.textContent = text.ink;
  parts.maps.forEach(({ canvas, words }, lane) => {
    words.textContent = lane ? fill(text.read, { read, own, digit, others: read_others }) : fill(text.claimed, { claimed, own, others: claimed_others });
    canvas.setAttribute("aria-label", fill(text.weights_of, { label: data.race.lanes[lane].label, digit }));
  });
}
