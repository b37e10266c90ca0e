// One bar for each network, as long as all others: what counts is how it is divided.
export default component(
  (ctx) => {
    ctx.parts.key = el("p", { class: "share-key" });
    ctx.parts.rows = el("div", { class: "share-rows" });
    ctx.root.append(ctx.parts.key, ctx.parts.rows);
  },
  (ctx) => {
    const { data, text, parts } = ctx, count = (value) => value.toLocaleString("en-US");
    parts.key.replaceChildren(...["kernels", "dense"].map((kind) => el("span", { class: kind }, el("i"), text[kind])));
    parts.rows.replaceChildren(...data.rows.map(({ name, kernels, dense, share }) => el("div", { class: "share-row" },
      el("b", {}, name), el("span", { class: "all" }, fill(text.parameters, { count: count(kernels + dense) })),
      el("div", { class: "whole", "aria-hidden": "true" }, el("i", { class: "kernels", style: `width:${100 * (1 - share)}%` }), el("i", { class: "dense", style: `width:${100 * share}%` })),
      el("span", { class: "holds" }, fill(text.holds, { share: `${number(100 * share, 1)}%`, count: count(dense) })))));
  },
);
