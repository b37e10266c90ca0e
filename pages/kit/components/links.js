// Links to settings of this page. A plain click keeps the session; a new tab gets the address.
export default component(
  () => {},
  (ctx) => {
    const list = el("ul", { class: "links" }, ...ctx.data.links.map(({ name, label, href }) =>
      el("li", {}, el("a", {
        href,
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
          event.preventDefault();
          ctx.send("go", name);
        },
      }, label))));
    ctx.parts.list?.remove();
    ctx.parts.list = list;
    ctx.root.prepend(list);
  },
);
