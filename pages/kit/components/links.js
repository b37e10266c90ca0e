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
          showStage();
        },
      }, label))));
    ctx.parts.list?.remove();
    ctx.parts.list = list;
    ctx.root.prepend(list);
  },
);

// What the link changes stands right below the lesson's question; on the way there nothing scrolls down.
function showStage() {
  const { bottom } = document.querySelector(".st-key-opening").getBoundingClientRect(), line = 60;
  document.querySelector("[data-testid=stMain]").scrollBy({ top: Math.min(0, bottom - line), behavior: calm() ? "auto" : "smooth" });
}
