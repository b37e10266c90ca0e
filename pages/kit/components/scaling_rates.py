"""Which learning rates work: a cell for each network and rate, filled while one watches."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.scaling_stage import lane_labels
from pages.kit.controls import format_number, store
from pages.kit.language import _
from pages.kit.rate_sweep import DIVERGED, DONE, EPOCHS, GOAL, Sweep
from pages.kit.scaling_settings import give_rate, written
from pages.kit.scalings import LANES, LEARNING_RATES, Setup

_map = register("scaling_rates", "race_curves", "trying")


def scaling_rates(setup: Setup, sweep: Sweep, *, hidden: bool) -> None:
    """Show how far `sweep` has come; choosing stores learning rates as "lr".

    With `hidden` nothing is shown, and nothing tried.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        if not hidden and texts.get("verb") == "try":
            sweep.go_on()
        return pack(*_moving(sweep, hidden=hidden), {})

    fields, arrays = _moving(sweep, hidden=hidden)
    labels = lane_labels()
    _map(
        key="scaling-rates",
        data={
            **fields,
            "direct": direct.address("rates", answer),
            "hidden": hidden,
            "lanes": [labels[lane] for lane in LANES],
            "rates": [format_number(lr) for lr in LEARNING_RATES],
            "chosen": [format_number(lr) for lr in setup.lrs],
            "goal": GOAL,
        },
        arrays=arrays,
        text=_words(),
        on={
            "all": lambda rate: give_rate(rate, range(len(LANES))),
            "one": lambda event: give_rate(event["rate"], [event["lane"]]),
            "best": lambda _event: None if hidden else store("lr", written(sweep.best())),
        },
    )


def _moving(sweep: Sweep, *, hidden: bool) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What is known so far."""
    state, accuracy = sweep.state.copy(), sweep.accuracy.copy()
    if hidden:
        state[:] = accuracy[:] = 0
    fields = {
        "tried": int((state != 0).sum()),
        "rows": [
            {"works": [int(i) for i in np.flatnonzero(row >= GOAL)], "best": int(row.argmax())}
            for row in accuracy
        ],
        "done": DONE,
        "diverged": DIVERGED,
    }
    return fields, {"state": state, "accuracy": accuracy}


def _words() -> dict[str, str]:
    cells = len(LANES) * len(LEARNING_RATES)
    return {
        "rate": _("Learning rate η"),
        "try": _("Try all {count}").format(count=cells),
        "stop": _("Pause"),
        "tried": _("{tried} of {count} tried"),
        "guess_first": _("First your guess, at the top of the page."),
        "best": _("Let each learn with its best"),
        "works": _("{part} of {all} reach {goal}"),
        "cell": _("{label}, η = {rate}: {value}"),
        "reached": _("{value} of the test images"),
        "unknown": _("not tried yet"),
        "diverged": _("the loss was no longer a number"),
        "give": _("Enter gives this network this rate."),
        "legend": _(
            "Test accuracy in % after {epochs} epochs. Framed: {goal}% or more. A dot marks the "
            "rates that the networks above learn with: the head of a column sets all four, a cell "
            "its own network."
        ).format(epochs=EPOCHS, goal=f"{100 * GOAL:g}"),
    }
