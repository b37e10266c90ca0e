// A computation that goes on while the reader watches: Python is asked for more after each drawing.
//
//   goOnTrying(ctx)   call it at the end of update; it goes on as long as ctx.state.isTrying
const FRAME = 60, LOST = 3000; // milliseconds between two questions; and until one counts as lost

function goOnTrying(ctx) {
  const { state } = ctx;
  ctx.root.toggleAttribute("data-trying", state.isTrying); // for whoever must wait: tests
  clearTimeout(state.timer);
  if (state.isTrying) state.timer = setTimeout(() => askForMore(ctx), Math.max(0, (state.askedAt ?? 0) + FRAME - performance.now()));
}

function askForMore(ctx) {
  const { state } = ctx;
  state.askedAt = performance.now();
  ctx.inquire({ verb: "try" });
  state.timer = setTimeout(() => askForMore(ctx), LOST);
}
