"""How many numbers each kind of pooling learns, for any number of maps, and in LeNet-5."""

from typing import Any

import numpy as np

from cnn_core import AvgPool2d, Conv2d, Layer, MaxPool2d, Subsample2d
from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _

_counts = register("pooling_counts")

MOST_MAPS = 64


def pooling_counts(maps: int) -> None:
    """Show the parameters of each pooling on `maps` feature maps; moving the slider stores it."""
    layers = [(MaxPool2d(2), AvgPool2d(2), Subsample2d(n)) for n in range(1, MOST_MAPS + 1)]
    _counts(
        key="pooling-counts",
        data={
            "maps": maps,
            "parameters": [[layer.parameter_count for layer in row] for row in layers],
            "lenet": lenet(),
        },
        text={
            "maps": _("Feature maps"),
            "kind0": _("max pooling"),
            "kind1": _("average pooling"),
            "kind2": _("subsampling that learns"),
            "lenet": _("In LeNet-5"),
            "layer": _("Layer"),
            "parameters": _("Parameters"),
            "connections": _("Connections"),
        },
        on={"move": lambda number: store("maps", int(number))},
    )


def lenet() -> list[dict[str, Any]]:
    """LeNet-5's first layers: the numbers that each learns, and how often it uses them."""
    any_numbers = np.random.default_rng(0)  # how many there are does not depend on them
    layers: dict[str, tuple[Layer, tuple[int, int, int]]] = {
        _("C1, convolution 5×5, 6 maps"): (Conv2d(1, 6, 5, rng=any_numbers), (1, 32, 32)),
        _("S2, subsampling, 6 maps"): (Subsample2d(6), (6, 28, 28)),
        _("S4, subsampling, 16 maps"): (Subsample2d(16), (16, 10, 10)),
    }
    return [
        {
            "layer": name,
            "parameters": layer.parameter_count,
            "connections": layer.connection_count(input_shape),
        }
        for name, (layer, input_shape) in layers.items()
    ]
