"""Two stacks of fully connected layers that learn side by side: activations and gradients."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.race import RACE_PARTS, race_arrays, race_fields, race_words
from pages.kit.controls import format_number, store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.race import Race
from pages.kit.stacks import (
    ACTIVATIONS,
    CLASSES,
    WIDTHS,
    Setup,
    convolution_instead,
    look_inside,
    one_of_each,
)

LEARNING_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)

_stage = register("stack_stage", "pickers", "digit_thumbs", *RACE_PARTS)


def stack_stage(setup: Setup, race: Race, *, digit: int, hidden: bool) -> None:
    """Show the race of both stacks.

    `digit` is the image whose activations are seen; moving on stores it as "image". The other
    settings are `a`, `b`, `w1` to `w4`, `lr` and `seed`. With `hidden` the gradients and slopes
    stay secret.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        with race.lock:
            race.obey(texts)
            return pack(_moving(setup, race), _arrays(setup, race), {})

    with race.lock:
        moving, arrays = _moving(setup, race), _arrays(setup, race)
    _stage(
        key="stack-stage",
        data={
            **moving,
            "direct": direct.address("stack", answer),
            "digit": digit,
            "hidden": hidden,
            "widths": setup.widths,
            "layers": _layers(setup, race),
            "total": race.runners["a"].entry.model.parameter_count,
            "convolution": convolution_instead(setup.widths[0]),
            "choices": _choices(setup),
            "seed": setup.seed,
        },
        arrays=arrays | {"images": np.round(one_of_each()[:, 0] * 255).astype(np.uint8)},
        text=race_words() | _words(),
        on={"choose": _choose, "digit": lambda digit: store("image", int(digit))},
    )


def _moving(setup: Setup, race: Race) -> dict[str, Any]:
    labels = {name: _label(name, setup) for name in race.runners}
    slopes = [view.slopes for view in _views(setup, race)]
    return {"race": race_fields(race, labels), "slopes": slopes}


def _arrays(setup: Setup, race: Race) -> dict[str, np.ndarray]:
    views = _views(setup, race)
    return race_arrays(race) | {f"strips-{i}": view.strips for i, view in enumerate(views)}


def _views(setup: Setup, race: Race) -> list[Any]:
    images = one_of_each()
    return [
        look_inside(runner.entry.model, activation, images)
        for runner, activation in zip(race.runners.values(), setup.activations, strict=True)
    ]


def _label(name: str, setup: Setup) -> str:
    activation = setup.activations["ab".index(name)]
    return f"{ACTIVATIONS[activation].name} ×{len(setup.widths)}"


def _layers(setup: Setup, race: Race) -> list[dict[str, Any]]:
    rows = race.runners["a"].entry.model.summary((1, 8, 8))
    affine = [row for row in rows if row.name.startswith("affine")]
    return [
        {
            "name": row.name,
            "arrow": arrow(f"Affine {row.input_shape[0]}", row.output_shape, row.parameters),
            "size": row.output_shape[0],
        }
        for row in affine
    ]


def _choices(setup: Setup) -> dict[str, dict[str, Any]]:
    """The pickers: what they are called, what they offer, what is chosen."""
    activations = {name: activation.name for name, activation in ACTIVATIONS.items()}
    rates = {format_number(lr): format_number(lr) for lr in LEARNING_RATES}
    sizes = {str(width): str(width) for width in WIDTHS}
    return {
        "a": _picker(_("First network"), activations, setup.activations[0]),
        "b": _picker(_("Second network"), activations, setup.activations[1]),
        "lr": _picker(_("Learning rate η"), rates, format_number(setup.lr)),
        **{
            f"w{i}": _picker(_("Neurons in layer {layer}").format(layer=i), sizes, str(width))
            for i, width in enumerate(setup.widths, start=1)
        },
    }


def _picker(label: str, options: Mapping[str, str], value: str) -> dict[str, Any]:
    return {"label": label, "options": list(options.items()), "value": value}


def _choose(choice: Mapping[str, str]) -> None:
    if choice["key"] in ("a", "b", "lr", "seed", *(f"w{i}" for i in range(1, 5))):
        store(choice["key"], str(choice["value"]))


def _words() -> dict[str, str]:
    return {
        "image": _("Test image"),
        "digit": _("Digit {digit}"),
        "new_weights": _("Other first weights"),
        "seed": _("Seed {seed}"),
        "gradient": _("gradient {value}"),
        "slope": _("slope {value}"),
        "secret": "?",
        "neuron": _("Layer {layer}, neuron {neuron} of {size}: {value}"),
        "share": _("The network gives {digit} {value}"),
        "softmax": arrow("softmax", (CLASSES,), 0),
        "product": _("All four slopes multiplied"),
        "legend": _(
            "Strips: what the neurons answer to the chosen image. Bars: how long the gradient of a "
            "layer’s parameters is; each mark is a factor of 10. Slope: f′, averaged."
        ),
        "total": _("{count} parameters in all"),
        "instead": _("As many 3×3 filters in place of the first layer: {count} parameters"),
    }
