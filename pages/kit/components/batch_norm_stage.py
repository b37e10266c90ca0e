"""Batch normalisation step by step, in training and in use, and one number that is changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.batch import EPS, MOMENTUM, Batch, Edit
from pages.kit.batch_settings import (
    BETA,
    CHANNELS,
    GAMMA,
    MODES,
    SAMPLES,
    change,
    train_on,
    turned,
)
from pages.kit.components import pack, register
from pages.kit.controls import store
from pages.kit.dials import described, settle
from pages.kit.language import _
from pages.kit.lesson import arrow

_stage = register("batch_norm_stage", "batch_norm_ways", "batch_norm_lines", "batch_norm_words")

CELLS = SAMPLES * CHANNELS


def batch_norm_stage(batch: Batch, edit: Edit | None, *, at: int, hidden: bool) -> None:
    """Show the way of `batch` from x to y, and what the last `edit` did to the other samples.

    `at` counts the cells in reading order; moving on stores it as "cell". With `hidden` nothing
    says how many outputs have changed.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        return pack(_moving(*turned(batch, texts)), {}, {})

    size = batch.x.shape
    _stage(
        key="batch-norm-stage",
        data={
            **_moving(batch, edit),
            "direct": direct.address("batch-norm", answer),
            "mode": MODES[0] if batch.training else MODES[1],
            "most": SAMPLES,
            "eps": EPS,
            "momentum": MOMENTUM,
            "at": min(at, len(batch.x) * CHANNELS - 1),
            "hidden": hidden,
            "arrows": {
                "shift": arrow("− μ", size, 0),
                "divide": arrow("÷ √(σ² + ε)", size, 0),
                "weigh": arrow("γ·x̂ + β", size, len(GAMMA) + len(BETA)),
            },
        },
        text=_words(),
        on={
            "change": change,
            "settle": settle,
            "mode": lambda name: store("mode", name) if name in MODES else None,
            "move": lambda position: store("cell", int(position)),
            "count": lambda count: store("samples", min(max(int(count), 1), SAMPLES)),
            "train": lambda _event: train_on(batch),
        },
    )


def _moving(batch: Batch, edit: Edit | None) -> dict[str, Any]:
    """What changes with a number that is dragged, and with γ and β."""
    steps = batch.steps._asdict() if batch.can_pass else None
    return {
        "x": batch.x.tolist(),
        "measured": _rows(batch.measured),
        "run": _rows(batch.run),
        "followed": _rows(batch.followed),
        "std": batch.std.tolist() if batch.can_pass else None,
        "steps": steps and {name: values.tolist() for name, values in steps.items()},
        "band": _band(batch) if batch.can_pass else None,
        "has_no_spread": batch.has_no_spread if batch.can_pass else [],
        "edit": edit and edit._asdict(),
        "before": edit and steps and _before(batch, edit),
        "dials": [described("gamma", GAMMA, batch.gamma), described("beta", BETA, batch.beta)],
    }


def _before(batch: Batch, edit: Edit) -> dict[str, Any]:
    """The changed channel as it was, and what has changed with it."""
    before = batch.before(edit)
    columns = {"x": before.x, **before.steps._asdict()}
    return {
        **{name: values[:, edit.column].tolist() for name, values in columns.items()},
        "changed": batch.changed(edit).tolist(),
        "others": batch.others_changed(edit),
    }


def _band(batch: Batch) -> dict[str, list[list[float]]]:
    """The lower end, the upper end and the middle of μ ± σ, and what becomes of them."""
    mean, _var = batch.used
    x = np.stack([mean - batch.std, mean + batch.std, mean])
    steps = replace(batch, x=x, training=False, run=batch.used).steps
    return {"x": x.tolist(), **{name: each.tolist() for name, each in steps._asdict().items()}}


def _rows(pair: np.ndarray | None) -> list[list[float]] | None:
    return None if pair is None else pair.tolist()


def _words() -> dict[str, str]:
    return {
        "input": _("Input x"),
        "normalised": "x̂",
        "y": _("Output y"),
        "sample": _("sample {n}"),
        "channel": _("channel {n}"),
        "training": _("In training"),
        "use": _("In use"),
        "training_from": _("this batch"),
        "use_from": _("from training"),
        "mean": _("mean μ"),
        "variance": _("variance σ²"),
        "train": _("A step towards this batch"),
        "fewer": _("One sample fewer"),
        "more": _("One sample more"),
        "drag": _("drag a point"),
        "run_mean": _("running μ"),
        "run_variance": _("running σ²"),
        "kept": _("In use the running numbers stay as they are, and nobody looks at the batch."),
        "alone": _(
            "A batch of one has no spread: in training there is nothing to divide by. "
            "In use one sample is enough."
        ),
        "flat": _(
            "All numbers of channel {n} are equal, σ² is 0. ε keeps it from a division by 0: "
            "x̂ is 0, and y is β."
        ),
        "before_edit": _("Change one number of x: drag its point, or type."),
        "hidden": _("your guess first"),
        "edited": _("Sample {n} was changed ({old} → {new}; dashed: before)."),
        "others": _("Of the other outputs of this channel {changed} of {all} have changed."),
        "chart": _("Channel {n} from x to y: a line for each sample, a band from μ − σ to μ + σ."),
        "band": _("from μ − σ to μ + σ"),
        "value": _("x of sample {n}"),
    }
