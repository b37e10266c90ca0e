// Tells the browser the page's language, and Python when the reader changes the theme: figures
// that were drawn for the other one are drawn again. And brings the open lesson's link into view, which
// in a low window may lie below the menu's end.
export default component(
  () => {},
  (ctx) => {
    document.documentElement.lang = ctx.data.language;
    if (ctx.state.path !== location.pathname) showInMenu();
    ctx.state.path = location.pathname;
    const theme = ctx.dark ? "dark" : "light";
    if (theme !== ctx.data.theme && theme !== ctx.state.sent) {
      ctx.state.sent = theme;
      ctx.send("theme", theme);
    }
  },
);

// The menu is drawn after this; so it may have to be waited for. Its link to the landing page has no
// path of its own, and so the one of every page: the last that fits is meant.
function showInMenu(tries = 25) {
  const menu = document.querySelector("[data-testid=stSidebarContent]");
  const link = [...document.querySelectorAll(".st-key-menu a")].findLast(({ pathname }) => pathname === location.pathname);
  if (!menu || !link) {
    if (tries) setTimeout(showInMenu, 200, tries - 1);
    return;
  }
  const { bottom } = link.getBoundingClientRect(), room = menu.getBoundingClientRect().bottom - 16;
  if (bottom > room) menu.scrollTop += bottom - room;
}
