"""The architecture of a network that learns: what it is made of, the text for it, and its layers.

A network is one to three convolutions, each with its activation and perhaps a pooling, then up to
two hidden fully connected layers, then the scores. Its text can stand in a link:
`relu.8k3p1-max.16k3p1-max.f32` has 8 filters of 3×3 with padding 1 and max pooling, then 16, then
32 fully connected neurons. What is usual is not written: stride 1 (else `s2`), padding 0, and no
pooling. So each network has exactly one text.
"""

import re
from collections.abc import Iterator
from math import prod

import numpy as np

from cnn_core import (
    Affine,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Subsample2d,
    Tanh,
    gabor_bank,
)
from pages.kit.controls import UnusableError
from pages.kit.language import N_, _
from pages.kit.trainer.blueprint import (
    MOST_CONVS,
    MOST_WIDTHS,
    WIDTHS,
    WINDOW,
    Architecture,
    Conv,
    Shape,
    fits,
    maps_behind,
    problem,
    repaired,
)

__all__ = [
    "IMAGE_SHAPES",
    "PRESETS",
    "STARTS",
    "Architecture",
    "Conv",
    "Shape",
    "build",
    "fits",
    "parse",
    "presets",
    "repaired",
    "starts",
]

CONV = re.compile(r"([0-9]{1,3})k([0-9])(?:s([0-9]))?(?:p([0-9]))?(?:-(max|avg|sub))?")
WIDTH = re.compile(r"f([0-9]{1,3})")
EXAMPLE = "relu.8k3p1-max.f32"


def parse(text: str, image_shape: Shape) -> Architecture:
    """The network that `text` stands for; `UnusableError` if it is none for images (C, H, W)."""
    activation, *parts = text.split(".")
    widths = [int(part[1:]) for part in parts if WIDTH.fullmatch(part)]
    convs = [_conv(part) for part in parts[: len(parts) - len(widths)]]
    read = Architecture(activation, tuple(convs), tuple(widths))
    if (
        activation not in ACTIVATION_LAYERS
        or not 1 <= len(convs) <= MOST_CONVS
        or len(widths) > MOST_WIDTHS
        or read.text != text
    ):
        raise _no_network()
    for part, is_offered in [
        *((conv.text, conv.is_offered) for conv in convs),
        *((f"f{width}", width in WIDTHS) for width in widths),
    ]:
        if not is_offered:
            reason = _("in which “{part}” holds a number that cannot be chosen")
            raise UnusableError(reason.format(part=part))
    if trouble := problem(read, image_shape):
        reason, numbers = trouble
        raise UnusableError(_(reason).format(**numbers), instead=repaired(read, image_shape).text)
    return read


def _conv(part: str) -> Conv:
    found = CONV.fullmatch(part)
    if not found:
        raise _no_network()
    filters, kernel, stride, padding, pool = found.groups()
    return Conv(int(filters), int(kernel), int(stride or 1), int(padding or 0), pool or "none")


def _no_network() -> UnusableError:
    return UnusableError(_("which is no network (one is {example})").format(example=EXAMPLE))


# ------------------------------------------------------------------ networks to begin with

PRESETS = {
    "classic": N_("Classic"),
    "lenet": "LeNet",
    "one": N_("One convolution"),
    "deep": N_("Three convolutions"),
    "wide": N_("Many filters"),
}
IMAGE_SHAPES: dict[str, Shape] = {"xo": (1, 9, 9), "digits": (1, 8, 8), "mnist": (1, 28, 28)}
_PRESETS = {
    "xo": {
        "classic": "relu.4k3-max",
        "lenet": "tanh.4k2-sub.8k3p1-sub.f16",
        "one": "relu.2k5",
        "deep": "relu.4k3p1.8k3p1-max.16k3p1-max",
        "wide": "relu.24k3p1-max.32k3-max.f32",
    },
    "digits": {
        "classic": "relu.8k3p1-max.16k3p1-max",
        "lenet": "tanh.6k3p1-sub.16k3p1-sub.f32",
        "one": "relu.8k3p1-max",
        "deep": "relu.8k3p1.16k3p1-max.32k3p1-max",
        "wide": "relu.32k3p1-max.32k3p1-max.f64",
    },
    "mnist": {
        "classic": "relu.6k5p2-max.16k5-max",
        "lenet": "tanh.6k5p2-sub.16k5-sub.f120.f84",
        "one": "relu.8k5p2-max",
        "deep": "relu.8k3p1-max.16k3p1-max.32k3p1-max",
        "wide": "relu.16k5p2-max.32k5-max.f64",
    },
}


def presets(data: str) -> dict[str, str]:
    """The texts of networks for a data set, by name; `PRESETS` holds their labels.

    `classic` is the network that `cnn_core.build_network` makes. For other data there are none.
    """
    return dict(_PRESETS.get(data, {}))


# ------------------------------------------------------------------ its layers

ACTIVATION_LAYERS = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}

STARTS = {
    "random": N_("random"),
    "tiny": N_("random × 0.01"),
    "large": N_("random × 5"),
    "zero": N_("all zero"),
    "gabor": N_("Gabor kernels first"),
}
SCALES = {"random": 1.0, "tiny": 0.01, "large": 5.0, "zero": 0.0, "gabor": 1.0}
LEAST_GABOR = 3  # a smaller kernel has no room for a wave


def starts(architecture: Architecture) -> dict[str, str]:
    """How the weights of this network may begin, with labels in the reader's language."""
    roomy = architecture.convs[0].kernel >= LEAST_GABOR
    return {name: _(label) for name, label in STARTS.items() if name != "gabor" or roomy}


def build(
    architecture: Architecture,
    image_shape: Shape,
    classes: int,
    *,
    rng: np.random.Generator,
    start: str = "random",
    squash: bool = False,
) -> Sequential:
    """The untrained network; with `squash` its outputs go through a sigmoid, for squared errors.

    From one seed every `start` draws the same numbers. They are scaled, weights and biases alike;
    what is not drawn stays (subsampling begins as an average). With "zero" all neurons of a layer
    are equal, and nothing can make them differ. "gabor" replaces the first kernels only.
    """
    layers = list(_layers(architecture, image_shape, classes, rng))
    if squash:
        layers.append(Sigmoid())
    for layer in layers:
        if isinstance(layer, Conv2d | Affine):
            for values in layer.params.values():
                values *= SCALES[start]
    if start == "gabor":
        weight = layers[0].params["weight"]
        weight[...] = _gabor_kernels(weight.shape)
    return Sequential(*layers)


def _layers(
    architecture: Architecture, image_shape: Shape, classes: int, rng: np.random.Generator
) -> Iterator[Layer]:
    """All layers in order, which is also the order in which their weights are drawn."""
    activation = ACTIVATION_LAYERS[architecture.activation]
    channels = image_shape[0]
    for conv in architecture.convs:
        yield Conv2d(
            channels, conv.filters, conv.kernel, stride=conv.stride, padding=conv.padding, rng=rng
        )
        yield activation()
        if conv.pool == "max":
            yield MaxPool2d(WINDOW)
        elif conv.pool == "avg":
            yield AvgPool2d(WINDOW)
        elif conv.pool == "sub":
            yield Subsample2d(conv.filters, WINDOW)
            yield activation()  # LeNet-5: f(β · sum + b)
        channels = conv.filters
    yield Flatten()
    inputs = prod(maps_behind(architecture.convs, image_shape))
    for width in architecture.widths:
        yield Affine(inputs, width, rng=rng)
        yield activation()
        inputs = width
    yield Affine(inputs, classes, rng=rng)


def _gabor_kernels(shape: Shape) -> np.ndarray:
    """Kernels for edges, and every second one for lines, in directions that divide half a turn.

    Each is as large (root of the mean square) as uniform random weights are on average, and the
    same for all channels. An even size leaves out the last row and column.
    """
    filters, channels, size, _width = shape
    if size < LEAST_GABOR:
        raise ValueError(f"Gabor kernels need a size of at least {LEAST_GABOR}, not {size}.")
    odd = size if size % 2 else size + 1
    edges, lines = (
        gabor_bank(filters, odd, wavelength=size, sigma=size / 3, psi=psi)
        for psi in (np.pi / 2, 0.0)
    )
    kernels = edges.copy()
    kernels[1::2] = lines[1::2]
    kernels = kernels[:, :size, :size]
    kernels /= np.sqrt((kernels**2).mean(axis=(1, 2), keepdims=True))
    spread = 1 / np.sqrt(3 * channels * size * size)  # see cnn_core.uniform_fan_in
    return np.asarray(np.repeat(spread * kernels[:, None], channels, axis=1))
