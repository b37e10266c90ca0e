// Ten digits in a row. The one that is shown is the chosen one, or another as long as it is pointed at.
//
//   digitThumbs(ctx, {paint, onShow}) -> {element, draw()}
//
//   paint(canvas, digit)  draws a digit's picture; again when the theme has changed
//   onShow()              another digit is shown
//   draw()                call it in update; ctx.data.digit is the chosen one, "digit" tells Python of another
const DIGITS = 10;

const shownDigit = (ctx) => ctx.state.look ?? ctx.state.digit;

function digitThumbs(ctx, { paint, onShow }) {
  const { state } = ctx;
  const thumbs = Array.from({ length: DIGITS }, (_, digit) => el("button", { class: "thumb", type: "button",
    onclick: () => choose(digit), onpointerenter: () => look(digit), onpointerleave: () => look(null) }, el("canvas")));
  let sent = null, timer = null, isPaintedDark = null;
  ctx.onRemove(() => clearTimeout(timer));

  function look(digit) {
    state.look = digit;
    mark();
    onShow();
  }
  function choose(digit) {
    state.digit = digit;
    look(null);
    clearTimeout(timer);
    timer = setTimeout(() => { if (state.digit !== sent) ctx.send("digit", (sent = state.digit)); }, 250);
  }
  function mark() {
    thumbs.forEach((thumb, digit) => {
      thumb.setAttribute("aria-pressed", String(digit === state.digit));
      thumb.classList.toggle("looked-at", digit === shownDigit(ctx));
    });
  }
  function draw() {
    if (ctx.data.digit !== sent) state.digit = sent = ctx.data.digit; // a link or preset moved it, not this page
    thumbs.forEach((thumb, digit) => {
      if (isPaintedDark !== ctx.dark) paint(thumb.firstChild, digit);
      thumb.title = fill(ctx.text.digit, { digit });
      thumb.setAttribute("aria-label", thumb.title);
    });
    isPaintedDark = ctx.dark;
    mark();
  }
  return { element: el("div", { class: "thumb-row", role: "group" }, ...thumbs), draw };
}
