"""What the buttons of a page ask of a run: each wish is granted once, and a look lets it go on."""

import math
from collections.abc import Callable, Mapping
from time import monotonic

from pages.kit.controls import UnusableError
from pages.kit.trainer.run import Run
from pages.kit.trainer.turns import turn
from pages.kit.wishes import whole

FULL_SPEED = "max"
SLOWEST, FASTEST = 0.5, 1000.0  # steps a second

WISHES: Mapping[str, Callable[[Run, int], None]] = {
    "play": lambda run, _which: run.play(),
    "pause": lambda run, _which: run.pause(),
    "step": lambda run, _which: run.step(),
    "epoch": lambda run, _which: run.epoch(),
    "reset": lambda run, _which: run.reset(),
    "rewind": lambda run, step: run.rewind(step),
    "switch": lambda run, index: run.switch(index),
}


def obey(run: Run, texts: Mapping[str, str]) -> None:
    """Grant a wish: a `verb` with an `id` that grows, and `which` where there is a choice.

    A wish that got lost may be sent again. The verb `look` asks for what is due at a `pace`, in
    steps a second: nothing computes when nobody looks.
    """
    verb = texts.get("verb", "")
    if verb == "look":
        _go_on(run, _pace(texts.get("pace", FULL_SPEED)))
    elif verb in WISHES and (wish := whole(texts.get("id", ""))) > run.heard:
        run.heard = wish  # even one that cannot be granted: it need not come again
        which = whole(texts.get("which", "0"))
        if verb == "switch" and which >= len(run.others):
            raise UnusableError("which is no earlier way of this run")
        WISHES[verb](run, which)
        if verb == "epoch":
            _go_on(run, math.inf)  # a short one is over at once


def _go_on(run: Run, pace: float) -> None:
    if not run.playing:
        return
    at_full_speed = math.isinf(pace) or run.ends_with_epoch
    due = math.inf if at_full_speed else run.pace.due(pace, monotonic())
    if due >= 1:
        with turn(run) as seconds:
            run.advance(due, seconds)


def _pace(text: str) -> float:
    if text == FULL_SPEED:
        return math.inf
    try:
        pace = float(text)
    except ValueError:
        pace = math.nan
    if not SLOWEST <= pace <= FASTEST:
        raise UnusableError("which is no number of steps a second")
    return pace
