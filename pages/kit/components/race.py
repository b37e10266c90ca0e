"""A reader's race, and what components show of it: its bar, its curves, how each network stands."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np

from pages.kit import state
from pages.kit.language import _
from pages.kit.race import Race

RACE_PARTS = ("race_bar", "race_curves")  # for `register`


def current_race(setup: Hashable, start: Callable[[], Race]) -> Race:
    """The reader's race on this page; a new one when `setup` is a new one."""
    kept: tuple[Hashable, Race] | None = state.keep("race", lambda: None)
    if kept is None or kept[0] != setup:
        kept = setup, start()
        state.replace("race", kept)
    return kept[1]


def race_fields(race: Race, labels: Mapping[str, str]) -> dict[str, Any]:
    """The race for a component's `data["race"]`; `labels` name the networks for the reader."""
    return {
        "step": race.step,
        "epoch": race.epoch,
        "epochs": race.epochs,
        "over": race.is_over,
        "heard": race.heard,
        "lanes": [
            {
                "name": name,
                "label": labels[name],
                "trouble": _trouble(labels[name], runner.diverged_after),
                "gradients": {name: _told(norm) for name, norm in runner.grad_norms.items()},
            }
            for name, runner in race.runners.items()
        ],
    }


def race_arrays(race: Race) -> dict[str, np.ndarray]:
    """The curves for a component's `arrays`: lane-0, lane-1, ... each (measures, points)."""
    return {f"lane-{i}": runner.curves for i, runner in enumerate(race.runners.values())}


def race_words() -> dict[str, str]:
    """The words that the scripts of the race need."""
    return {
        "one_epoch": _("One epoch"),
        "again": _("Reset"),
        "slow": _("1 epoch a second"),
        "brisk": _("5 epochs a second"),
        "full": _("full speed"),
        "epochs_so_far": _("epoch {epoch} of {epochs}"),
        "epoch": _("Epoch"),
        "loss_title": _("Training loss"),
        "accuracy_title": _("Test accuracy"),
        "log": _("log"),
        "lane_says": _("{label}: {value}"),
        "walk": _("Arrow keys walk through it."),
        "of_test": _("test images"),
        "train_share": _("training {value}"),
        "loss": _("loss {value}"),
    }


def _told(length: float) -> float | None:
    """A length for JSON, which has no word for infinity."""
    return length if math.isfinite(length) else None


def _trouble(label: str, diverged_after: int | None) -> str:
    if diverged_after is None:
        return ""
    return _(
        "{label}: after step {step} the loss was no longer a number, so this network has stopped."
    ).format(label=label, step=diverged_after)
