// Two forward passes beside the backward pass, for the cell that was chosen.

const ROWS = ["E(x + ε)", "E(x − ε)", "quotient", "backward", "error"];

function checkPanel() {
  const title = el("p", { class: "check-title" }), table = el("table"), note = el("p", { class: "check-note", role: "status" });
  return { element: el("section", { class: "check" }, title, table, note), title, table, note };
}

function drawCheck(ctx) {
  const { data, state, text, parts } = ctx, { element, title, table, note } = parts.check;
  const isOpen = state.chosen !== "none", checks = data.checks?.name === state.chosen ? data.checks.found : null;
  element.classList.toggle("open", isOpen);
  title.replaceChildren(el("b", {}, text.check), " · ", isOpen ? subject(ctx) : text["check-hint"]);
  const names = POOLINGS.filter((name) => !checks || name in checks);
  const heads = [el("td"), ...ROWS.map((row) => el("th", {}, rowName(ctx, row)))];
  const lines = [heads, ...names.map((name) => [el("th", {}, text[name]), ...ROWS.map((row) => tableCell(ctx, row, name, checks?.[name]))])];
  const isNarrow = ctx.root.clientWidth <= 720; // there the poolings stand side by side
  const rows = isNarrow ? heads.map((_, i) => lines.map((line) => line[i])) : lines;
  table.replaceChildren(...(isOpen ? rows.map((row) => el("tr", {}, ...row)) : []));
  const kink = checks && names.map((name) => [name, checks[name]]).find(([name, found]) => found.kink && !isSecret(ctx, name))?.[1];
  note.textContent = kink ? fill(text.kink, {
    below: exact(kink.slope_below), above: exact(kink.slope_above), numeric: exact(kink.numeric), analytic: exact(kink.analytic),
  }) : "";
}

function subject(ctx) {
  const { data, state, text } = ctx, learned = data.dials.find(({ key }) => key === state.chosen);
  if (learned) return fill(text.checked, { what: `${learned.dials[0].label} = ${exact(turned(ctx, learned))}`, eps: data.eps.toFixed(6) });
  const [r, c] = state.chosen.split("-").map((n) => n - 1);
  const what = fill(text.cell, { row: r + 1, column: c + 1, value: `x = ${exact(data.x[r][c])}` });
  return fill(text.checked, { what, eps: data.eps.toFixed(6) });
}

function rowName({ state, text, data }, row) {
  const learned = data.dials.find(({ key }) => key === state.chosen)?.dials[0].label ?? "x";
  return row.startsWith("E(") ? row.replace("x", learned) : row === "backward" ? text.backward : text[row];
}

function tableCell(ctx, row, name, found) {
  if (!found) return el("td", {}, "…");
  if (isSecret(ctx, name)) return el("td", {}, "?");
  const words = {
    "E(x + ε)": () => number(found.above, 7), "E(x − ε)": () => number(found.below, 7),
    quotient: () => slope(found.numeric), backward: () => slope(found.analytic),
    error: () => (found.kink ? ctx.text["no-slope"] : found.is_rounding ? ctx.text.rounding : power(found.error)),
  }[row]();
  const verdict = row !== "error" ? "" : found.kink ? "kink" : found.verdict;
  return el("td", { "data-verdict": verdict, "data-of": `${row} ${name}` }, words);
}

const slope = (value) => (value && Math.abs(value) < 5e-5 ? power(value) : number(value, 6));

// 3e-9 as 3·10⁻⁹
function power(value) {
  if (!value) return "0";
  const [digits, exponent] = value.toExponential(0).replace("-", value < 0 ? "−" : "-").split("e");
  const raised = [...String(Number(exponent))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("");
  return `${digits}·10${raised}`;
}
