"""The race with five seeds: how low the training loss got, and what was read of unseen images."""

from collections.abc import Mapping
from statistics import mean
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.optimizer_words import lane_labels
from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.optimizer_race import LANES, LAP
from pages.kit.optimizer_seeds import SEED_LAPS, SEEDS, Results, SeedRaces, middle

_seeds = register("optimizer_seeds", "race_curves", "trying")


def optimizer_seeds(races: SeedRaces, *, goal: float) -> None:
    """Show how far the races have come. `goal` is the training loss whose seconds are told."""

    def answer(texts: Mapping[str, str]) -> bytes:
        if texts.get("verb") == "try":
            races.go_on()
        return pack(*_moving(races, goal), {})

    fields, arrays = _moving(races, goal)
    _seeds(
        key="optimizer-seeds",
        data={**fields, "direct": direct.address("optimizer-seeds", answer)},
        arrays=arrays,
        text=_words(races, goal),
    )


def _moving(races: SeedRaces, goal: float) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Everything about the seeds that are through."""
    labels, results = lane_labels(), races.results
    fields = {
        "done": races.laps,
        "all": races.last_lap,
        "seeds": len(results.curves),
        "lanes": [{"label": labels[lane], **_summary(results, lane, goal)} for lane in LANES],
    }
    ends = [
        [results.finishes(lane, measure) for measure in ("train_loss", "test_accuracy")]
        for lane in LANES
    ]
    return fields, {"ends": np.array(ends, np.float32).reshape(len(LANES), 2, -1)}


def _summary(results: Results, lane: str, goal: float) -> dict[str, Any]:
    """The middle or mean over the seeds, None while there are none."""
    if not results.curves:
        return dict.fromkeys(("seconds", "reached", "train_loss", "train", "test", "least", "most"))
    seconds = results.seconds_to(lane, goal)
    unseen = results.finishes(lane, "test_accuracy")
    return {
        "seconds": middle(seconds),
        "reached": sum(each is not None for each in seconds),
        "train_loss": middle(list(results.finishes(lane, "train_loss"))),
        "train": mean(results.finishes(lane, "train_accuracy")),
        "test": mean(unseen),
        "least": min(unseen),
        "most": max(unseen),
    }


def _words(races: SeedRaces, goal: float) -> dict[str, str]:
    seconds = f"{SEED_LAPS * LAP[races.setup.data]:g}"
    return {
        "go": _("Race with {count} seeds").format(count=len(SEEDS)),
        "stop": _("Pause"),
        "progress": _("{percent}% done"),
        "to_goal": _("Seconds to a training loss of {goal}").format(goal=format_number(goal)),
        "of_seeds": _("{part} of {all}"),
        "train_loss": _("Final training loss"),
        "train": _("Training accuracy"),
        "test": _("Test accuracy"),
        "range": _("{least} to {most}"),
        "loss_axis": _("Final training loss: further left fits better"),
        "test_axis": _("Test accuracy: higher up reads better"),
        "dot": _("{label}: final training loss {loss}, test accuracy {value}"),
        "lane_says": _("{label}: {value}"),
        "empty": _("One dot for each network and seed will stand here."),
        "legend": _(
            "The race above with the seeds 0 to {last}, {seconds} s of training each. Losses and "
            "seconds are medians, accuracies are means; in brackets the worst and the best seed."
        ).format(last=SEEDS[-1], seconds=seconds),
    }
