"""One filter of a layer at work: every channel's window, their partial results, and the sum."""

from typing import Any

import numpy as np

from pages.kit.channels import BRIGHTEST, KERNEL_SIZE, MOST_CHANNELS, MOST_FILTERS, ChannelSums
from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.patterns import LIMIT, Pattern
from pages.kit.walk import ACTIVATIONS

_stage = register("channels_stage", "pickers", "channels_formula", "channels_wires")


def channels_stage(
    layer: ChannelSums,
    x: Pattern,
    weight: Pattern,
    bias: np.ndarray,
    *,
    at_filter: int,
    at_cell: int,
    seed: int,
    hidden: bool,
) -> None:
    """Show filter number `at_filter` (from 1) of `layer` at its output cell `at_cell`.

    `x`, `weight` and `bias` (1, 4) are the settings that `layer` was cut from. What the reader does
    is stored under x, w, b, act, channels, depth, filter, cell and seed. While `hidden`, the
    numbers of parameters are left out.
    """
    filters, channels = layer.weight.shape[:2]
    per_filter = _("Filters: {filters} × ({channels}×{side}×{side} weights + 1 bias)")
    _stage(
        key="channels-stage",
        data={
            "channels": channels,
            "depth": filters,
            "filter": at_filter,
            "cell": at_cell,
            "x": x.values,
            "picture": x.name,
            "pictures": list(x.names),
            "weight": weight.values,
            "kernels": weight.name,
            "sets": list(weight.names),
            "bias": bias,
            "activation": layer.activation,
            "activations": list(ACTIVATIONS),
            "sliding": layer.sliding,
            "products": layer.products,
            "partials": layer.partials,
            "sums": layer.sums,
            "raised": layer.raised,
            "outputs": layer.outputs,
            "most": [MOST_CHANNELS, MOST_FILTERS],
            "brightest": BRIGHTEST,
            "limit": LIMIT,
            "seed": seed,
        },
        text=_words()
        | {
            "arrow": arrow(
                _("Convolution"), layer.outputs.shape, None if hidden else layer.parameters
            ),
            "count": _("How many parameters? Your guess first.")
            if hidden
            else per_filter.format(filters=filters, channels=channels, side=KERNEL_SIZE),
        },
        on={
            "x": lambda new: _store_numbers("x", new),
            "w": lambda new: _store_numbers("w", new),
            "b": lambda new: _store_numbers("b", new),
            **{name: _keeper(name) for name in ("act", "channels", "depth", "seed")},
            "place": _store_place,
        },
    )


def _words() -> dict[str, Any]:
    return {
        "input": _("Input"),
        "output": _("Output"),
        "pictures": {"photo": _("Photo"), "edge": _("Colour edge"), "random": _("Random")},
        "sets": {"edges": _("Edges and colours"), "random": _("Random")},
        "typed": _("Your own"),
        "choose_input": _("Choose an input"),
        "choose_kernels": _("Choose the kernels"),
        "next_seed": _("Another (seed {seed})"),
        "channels": _("Channels"),
        "channel_count": [_("1 channel"), _("2 channels"), _("3 channels")],
        "colours": [_("red"), _("green"), _("blue")],
        "slides": _("as it slides"),
        "products": _("products: sum"),
        "bias": _("Bias"),
        "one_bias": _("one for all cells"),
        "activation": _("Activation"),
        "none": _("none"),
        "depth": _("Depth: {filters}"),
        "place": _("Row {row}, column {column}"),
        "said": _("{label}: {value}"),
    }


def _keeper(name: str) -> Any:
    return lambda value: store(name, value)


def _store_numbers(key: str, new: Any) -> None:
    store(key, new if isinstance(new, str) else np.asarray(new, dtype=float))


def _store_place(place: dict[str, int]) -> None:
    store("filter", place["filter"])
    store("cell", place["cell"])
