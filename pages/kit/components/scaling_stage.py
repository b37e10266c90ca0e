"""The same network on differently scaled pixels, four times side by side: inputs, activations."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.race import RACE_PARTS, race_arrays, race_fields, race_words
from pages.kit.controls import format_number, store
from pages.kit.first_layer import REACH, Glance, curve, look
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.race import Race
from pages.kit.scalings import (
    CLASSES,
    FIRST,
    HIDDEN,
    INK,
    LANES,
    LEARNING_RATES,
    PIXELS,
    Setup,
    digits,
    numbers,
    one_of_each,
    places,
)
from pages.kit.stacks import ACTIVATIONS

_stage = register("scaling_stage", "pickers", "digit_thumbs", *RACE_PARTS, "scaling_rows")


def lane_labels() -> dict[str, str]:
    """What the four networks are called."""
    return {
        "raw": _("raw, 0 to 16"),
        "unit": _("÷ 16, 0 to 1"),
        "standard": _("standardised"),
        "norm": _("raw, batch norm"),
    }


def scaling_stage(setup: Setup, race: Race, *, digit: int) -> None:
    """Show the race of the four.

    `digit` is the image whose activations are seen; moving on stores it as "image". The other
    settings are `lr`, `f` and `seed`.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        with race.lock:
            race.obey(texts)
            return pack(*_moving(setup, race), {})

    with race.lock:
        fields, arrays = _moving(setup, race)
    bend = curve(setup.activation)
    _stage(
        key="scaling-stage",
        data={
            **fields,
            "direct": direct.address("scalings", answer),
            "digit": digit,
            "rates": [format_number(lr) for lr in LEARNING_RATES],
            "lrs": [format_number(lr) for lr in setup.lrs],
            "activation": setup.activation,
            "activations": [(name, each.name) for name, each in ACTIVATIONS.items()],
            "seed": setup.seed,
            "reach": REACH,
            "flat": bend.flat,
            "hidden": HIDDEN,
            "inputs": [_input(lane, race) for lane in LANES],
            "arrows": _arrows(race),
        },
        arrays=arrays
        | {f"pixels-{i}": one_of_each(lane) for i, lane in enumerate(LANES)}
        | {"curve": np.stack([bend.u, bend.f, bend.slope]).astype(np.float32)},
        text=race_words() | _words(),
        on={"choose": _choose, "digit": lambda digit: store("image", int(digit))},
    )


def _moving(setup: Setup, race: Race) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    glances = [
        look(runner.entry.model, setup.activation, digits(lane).test_images, places())
        for lane, runner in race.runners.items()
    ]
    fields = {
        "race": race_fields(race, lane_labels()),
        "glances": [
            {"mean": each.mean, "spread": each.spread, "flat": each.flat, "stuck": each.stuck}
            for each in glances
        ],
        "first": FIRST,
    }
    return fields, race_arrays(race) | _arrays(glances)


def _arrays(glances: list[Glance]) -> dict[str, np.ndarray]:
    arrays = {f"bars-{i}": each.bars for i, each in enumerate(glances)}
    for i, each in enumerate(glances):
        arrays[f"neurons-{i}"] = np.stack([each.given, each.answers, each.slopes])
    return arrays


def _input(lane: str, race: Race) -> dict[str, Any]:
    size, shape = numbers(lane), (8, 8)
    measured = _("{count} numbers measured").format(count=2 * PIXELS)
    rows = {row.name: row for row in race.runners["norm"].entry.model.summary((1, *shape))}
    done = {
        "raw": _("as in the file"),
        "unit": arrow(f"÷ {INK}", shape, 0),
        "standard": f"{arrow('(x − μ) / σ', shape)} · {measured}",
        "norm": arrow("BatchNorm1d", (HIDDEN,), rows["batchnorm1"].parameters),
    }
    return {
        "done": done[lane],
        "least": size.least,
        "most": size.most,
        "mean": size.mean,
        "spread": size.spread,
    }


def _arrows(race: Race) -> dict[str, str]:
    rows = {row.name: row for row in race.runners["norm"].entry.model.summary((1, 8, 8))}
    first, last = rows[FIRST], rows["affine2"]
    return {
        "first": arrow(f"Affine {PIXELS}", (HIDDEN,), first.parameters),
        "bend": arrow("f", (HIDDEN,), 0),
        "last": arrow(f"Affine {HIDDEN}", (CLASSES,), last.parameters),
    }


def _choose(choice: Mapping[str, Any]) -> None:
    if choice["key"] in ("lr", "f", "seed"):
        store(choice["key"], str(choice["value"]))


def _words() -> dict[str, str]:
    images = len(digits("raw").test_images)
    return {
        "rate": _("Learning rate η"),
        "rates_differ": _("each network its own"),
        "activation": _("Activation"),
        "new_weights": _("Other first weights"),
        "seed": _("Seed {seed}"),
        "image": _("Test image"),
        "digit": _("Digit {digit}"),
        "range": _("{least} to {most}"),
        "mean": _("mean"),
        "spread": _("spread"),
        "then": _("then"),
        "flat": _("flat"),
        "stuck": _("stuck"),
        "of": _("{part} of {all}"),
        "gradient": _("gradient"),
        "curve": _("f and its slope f′ over u"),
        "slope": _("slope f′"),
        "largest": _("up to {value}"),
        "neuron": _("neuron {n}: u = {u}, f(u) = {f}, slope {slope}"),
        "bin": _("u from {low} to {high}"),
        "given": _("u, what f is given: {count} numbers").format(count=f"{images * HIDDEN:,}"),
        "legend": _(
            "Bars: how often each u occurs, {neurons} neurons and {images} test images at a time; "
            "in every row the highest bar is as high as the row. Shaded: here f is flat, its slope "
            "below a twentieth of the steepest. Stuck: neurons that are flat for all {images} "
            "images. Gradient: its length in the first layer, for the last batch. Batch "
            "normalisation measures the images that it is shown, as it does in training."
        ).format(neurons=HIDDEN, images=images),
    }
