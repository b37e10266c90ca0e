"""A real channel over batches of real digits: what a batch measures, and what is remembered."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.activity import BATCHES, FARTHEST, KINDS, SIZES, Draws, activations, digits
from pages.kit.components import pack, register
from pages.kit.controls import UnusableError, store, stored_choice, stored_integer
from pages.kit.dials import Dial, dials, parse
from pages.kit.language import _
from pages.kit.response import ticks

_activity = register("batch_norm_activity", "batch_norm_charts")

SHOWN = 8  # images of a batch
MOMENTUM = (Dial("m", 0.1, 0.02, 1, 0.02),)
NAMES = tuple(map(str, SIZES))


def batch_norm_activity() -> None:
    """Show one channel's batches; all its settings are in the URL."""
    kind = stored_choice("layer", tuple(KINDS), "map", label=_("Layer"))
    count = activations(kind).shape[1]
    channel = stored_integer("channel", min(2, count), 1, count, label=_("Channel"))
    size = int(stored_choice("size", NAMES, "16", label=_("Batch size")))
    (momentum,) = dials("m", MOMENTUM, label=_("Share m of a batch"))
    batch = stored_integer("batch", 20, 1, BATCHES, label=_("Batch"))
    seed = stored_integer("seed", 0, 0, 9999, label=_("Seed"))

    def answer(texts: Mapping[str, str]) -> bytes:
        (momentum,) = parse(texts.get("m", ""), MOMENTUM)
        now = Draws(
            kind,
            _whole(texts, "channel", 1, count) - 1,
            _among_sizes(texts),
            momentum,
            seed,
        )
        at = _whole(texts, "batch", 1, BATCHES)
        return pack(_moving(now, at - 1), _arrays(now, at - 1), {})

    draws = Draws(kind, channel - 1, size, momentum, seed)
    _activity(
        key="batch-norm-activity",
        data={
            **_moving(draws, batch - 1),
            "direct": direct.address("batch-norm-activity", answer),
            "kind": kind,
            "channels": count,
            "sizes": SIZES,
            "batches": BATCHES,
            "farthest": FARTHEST,
            "momenta": {"low": MOMENTUM[0].low, "high": MOMENTUM[0].high, "step": MOMENTUM[0].step},
            "samples": len(digits()),
        },
        arrays=_arrays(draws, batch - 1),
        text=_words(),
        on={"set": _set, "draw": lambda _event: store("seed", (seed + 1) % 10_000)},
    )


def _set(values: Mapping[str, Any]) -> None:
    """What was dragged has come to rest."""
    for name in ("layer", "channel", "size", "m", "batch"):
        if name in values:
            store(name, str(values[name]))


def _moving(draws: Draws, batch: int) -> dict[str, Any]:
    least, most = float(draws.values.min()), float(draws.values.max())
    spans = draws.spans
    return {
        "channel": draws.channel + 1,
        "size": draws.size,
        "m": draws.momentum,
        "batch": batch + 1,
        "places": list(draws.values.shape[1:]),
        "whole": draws.whole.tolist(),
        "scatter": draws.measured.std(axis=1).tolist(),
        "histograms": draws.histograms(batch),
        "ends": [least, most],
        "end_ticks": ticks(least, most, most=6),
        "spans": spans,
        "span_ticks": [ticks(low, high, most=5) for low, high in spans],
    }


def _arrays(draws: Draws, batch: int) -> dict[str, np.ndarray]:
    shown = draws.chosen[batch][:SHOWN]
    return {
        "images": digits()[shown].astype(np.float32),
        "maps": draws.values[shown].astype(np.float32),
        "measured": draws.measured.astype(np.float32),
        "running": draws.running.astype(np.float32),
    }


def _whole(texts: Mapping[str, str], name: str, low: int, high: int) -> int:
    text = texts.get(name, "")
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise UnusableError(_("which is not possible here"))
    return int(text)


def _among_sizes(texts: Mapping[str, str]) -> int:
    if texts.get("size") not in NAMES:
        raise UnusableError(_("which is not possible here"))
    return int(texts["size"])


def _words() -> dict[str, str]:
    return {
        "layer": _("Layer"),
        "map": _("a map of the second convolution"),
        "neuron": _("a neuron of the last layer"),
        "channel": _("Channel"),
        "size": _("Batch size"),
        "momentum": _("Share m of a batch"),
        "draw": _("Draw other batches"),
        "next": _("One more batch"),
        "of_map": _("{n} samples × {h}·{w} places = {all} numbers: one μ, one σ"),
        "of_neuron": _("{n} samples, {n} numbers: one μ, one σ"),
        "before": _("x in batch {n}"),
        "after": _("x̂ in batch {n}"),
        "all": _("all {n} training images"),
        "whole": _("all images"),
        "this": _("this batch"),
        "training": _("in training"),
        "use": _("in use"),
        "means": _("Mean μ of each batch"),
        "stds": _("Standard deviation σ of each batch"),
        "scatter": _("scatter ±{value}"),
        "running": _("running"),
        "pointed": _("Batch {n}: μ = {mean}, σ = {std}"),
        "remembered": _("running after it: μ = {mean}, σ = {std}"),
        "truth": _("all images: μ = {mean}, σ = {std}"),
        "batch": _("Batch"),
        "shares": _("Share of the numbers over their size"),
    }
