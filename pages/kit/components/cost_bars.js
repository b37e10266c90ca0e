// Two panels of bars on the same logarithmic axis; a line at every power of a thousand.
export default component(
  (ctx) => {
    ctx.parts.panels = el("div", { class: "panels" });
    ctx.parts.axis = el("p", { class: "axis" });
    ctx.root.append(ctx.parts.panels, ctx.parts.axis);
  },
  (ctx) => {
    const largest = Math.max(...ctx.data.panels.flatMap(({ bars }) => bars.map(({ value }) => value)));
    const decades = 3 * Math.max(1, Math.ceil(Math.log10(largest) / 3));
    ctx.parts.panels.replaceChildren(...ctx.data.panels.map((panel) => drawPanel(ctx, panel, decades)));
    ctx.parts.axis.textContent = ctx.text.axis;
  },
);

function drawPanel(ctx, { role, title, bars }, decades) {
  const lines = Array.from({ length: decades / 3 }, (_, i) => 3 * (i + 1));
  return el("section", { class: "panel", style: `--role:var(--role-${role})` },
    el("h4", {}, title),
    ...bars.map((bar) => el("div", { class: "cost" },
      el("p", {}, el("span", {}, bar.name), el("strong", {}, bar.value.toLocaleString("en-US"))),
      el("div", { class: "track" },
        el("i", { class: "bar", style: `width:${(100 * Math.log10(Math.max(1, bar.value))) / decades}%` }),
        ...lines.map((power) => el("i", { class: "line", style: `left:${(100 * power) / decades}%` }))),
      el("small", {}, [
        bar.remark && fill(ctx.text.memory, { size: bar.remark }),
        bar.ratio > 1 && fill(ctx.text.times, { ratio: readable(bar.ratio) }),
      ].filter(Boolean).join(" · ")))),
    el("div", { class: "ticks" }, ...lines.map((power) => el("span", { style: `left:${(100 * power) / decades}%` }, "10", el("sup", {}, power)))));
}

const readable = (ratio) => (ratio < 100 ? Number(ratio.toPrecision(3)) : Math.round(ratio)).toLocaleString("en-US");
