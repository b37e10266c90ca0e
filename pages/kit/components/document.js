// Tells the browser the page's language, and Python when the reader changes the theme: figures
// that were drawn for the other one are drawn again.
export default component(
  () => {},
  (ctx) => {
    document.documentElement.lang = ctx.data.language;
    const theme = ctx.dark ? "dark" : "light";
    if (theme !== ctx.data.theme && theme !== ctx.state.sent) {
      ctx.state.sent = theme;
      ctx.send("theme", theme);
    }
  },
);
