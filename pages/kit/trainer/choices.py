"""What may be changed in a network such that it stays one, and what each of its layers costs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from cnn_core import Affine, AvgPool2d, Conv2d, LayerSummary, MaxPool2d, Subsample2d
from pages.kit.language import _
from pages.kit.trainer.architecture import build
from pages.kit.trainer.blueprint import (
    ACTIVATIONS,
    FILTERS,
    KERNELS,
    MOST_CONVS,
    MOST_WIDTHS,
    PADDINGS,
    POOLS,
    STRIDES,
    WIDTHS,
    Architecture,
    Conv,
    Shape,
    fits,
)

FIELDS: dict[str, Sequence[int] | Sequence[str]] = {
    "filters": FILTERS,
    "kernel": KERNELS,
    "stride": STRIDES,
    "padding": PADDINGS,
    "pool": POOLS,
}
ACTIVATION_NAMES = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}
FIRST_WIDTH = 32  # of the first hidden layer that is added

Value = int | str
Options = dict[Value, str]  # each possible value, and the text of the network with it


@dataclass(frozen=True)
class Choices:
    """Every change that leads to a network that fits, as the text of that network.

    The values that a network has are among its options. `None` stands for a layer that cannot be
    added or removed.
    """

    activation: Options
    convs: tuple[dict[str, Options], ...]
    widths: tuple[Options, ...]
    more_convs: str | None
    fewer_convs: tuple[str | None, ...]
    more_widths: str | None
    fewer_widths: tuple[str | None, ...]


@lru_cache(maxsize=256)
def choices(architecture: Architecture, image_shape: Shape) -> Choices:
    """All that may be changed in one move; everything in it is safe to offer."""

    def offered(changed: Mapping[Value, Architecture]) -> Options:
        return {value: new.text for value, new in changed.items() if fits(new, image_shape)}

    def first(changed: Iterable[Architecture]) -> str | None:
        return next((new.text for new in changed if fits(new, image_shape)), None)

    convs, widths = architecture.convs, architecture.widths
    return Choices(
        activation=offered({name: replace(architecture, activation=name) for name in ACTIVATIONS}),
        convs=tuple(
            {
                field: offered({value: swapped(architecture, i, field, value) for value in values})
                for field, values in FIELDS.items()
            }
            for i in range(len(convs))
        ),
        widths=tuple(
            offered({width: _with_width(architecture, i, width) for width in WIDTHS})
            for i in range(len(widths))
        ),
        more_convs=first(_with_one_more_conv(architecture)),
        fewer_convs=tuple(
            first([replace(architecture, convs=(*convs[:i], *convs[i + 1 :]))])
            if len(convs) > 1
            else None
            for i in range(len(convs))
        ),
        more_widths=first(_with_one_more_width(architecture)),
        fewer_widths=tuple(
            first([replace(architecture, widths=(*widths[:i], *widths[i + 1 :]))])
            for i in range(len(widths))
        ),
    )


def swapped(architecture: Architecture, at: int, field: str, value: Value) -> Architecture:
    """The network with one value of a convolution changed.

    A padding must be smaller than the kernel: it shrinks with it.
    """
    conv = replace(architecture.convs[at], **{field: value})  # type: ignore[arg-type]
    if field == "kernel":
        conv = replace(conv, padding=min(conv.padding, conv.kernel - 1))
    convs = architecture.convs
    return replace(architecture, convs=(*convs[:at], conv, *convs[at + 1 :]))


def _with_width(architecture: Architecture, at: int, width: int) -> Architecture:
    widths = architecture.widths
    return replace(architecture, widths=(*widths[:at], width, *widths[at + 1 :]))


def _with_one_more_conv(architecture: Architecture) -> Iterator[Architecture]:
    """With a convolution behind the last one; the first that fits is the one to add."""
    if len(architecture.convs) == MOST_CONVS:
        return
    last = architecture.convs[-1]
    wished = min((n for n in FILTERS if n >= 2 * last.filters), default=FILTERS[-1])
    for filters in reversed([n for n in FILTERS if n <= wished]):
        for pool in dict.fromkeys((last.pool if last.pool != "none" else "max", "none")):
            new = Conv(filters, 3, padding=1, pool=pool)
            yield replace(architecture, convs=(*architecture.convs, new))


def _with_one_more_width(architecture: Architecture) -> Iterator[Architecture]:
    """With a hidden layer behind the last one, at most as wide."""
    if len(architecture.widths) == MOST_WIDTHS:
        return
    wished = architecture.widths[-1] if architecture.widths else FIRST_WIDTH
    for width in reversed([n for n in WIDTHS if n <= wished]):
        yield replace(architecture, widths=(*architecture.widths, width))


# ------------------------------------------------------------------ what stands on the arrows


@dataclass(frozen=True)
class Row:
    """One layer: what happens, the shape that comes out, and what it costs."""

    name: str  # conv1, relu1, pool1, subsample1, flatten1, affine1
    operation: str
    shape: Shape
    parameters: int
    formula: str  # how many parameters, with the numbers in it; empty where there are none
    connections: int


def rows(architecture: Architecture, image_shape: Shape, classes: int) -> list[Row]:
    """Layer by layer from the image to the scores, in the reader's language."""
    model = build(architecture, image_shape, classes, rng=np.random.default_rng(0))
    return [
        Row(
            layer.name,
            _operation(layer),
            layer.output_shape,
            layer.parameters,
            _formula(layer),
            layer.connections,
        )
        for layer in model.summary(image_shape)
    ]


def _operation(row: LayerSummary) -> str:
    match row.layer:
        case Conv2d(kernel_size=(size, _width)):
            return _("Convolution {size}×{size}").format(size=size)
        case MaxPool2d(kernel_size=(size, _width)):
            return _("Max pooling {size}×{size}").format(size=size)
        case AvgPool2d(kernel_size=(size, _width)):
            return _("Average pooling {size}×{size}").format(size=size)
        case Subsample2d(kernel_size=(size, _width)):
            return _("Trainable pooling {size}×{size}").format(size=size)
        case Affine():
            return _("Fully connected")
    return ACTIVATION_NAMES.get(type(row.layer).__name__.lower(), _("Flatten"))


def _formula(row: LayerSummary) -> str:
    total = f"{row.parameters:,}"
    match row.layer:
        case Conv2d(kernel_size=(height, width)):
            return f"({height}·{width}·{row.input_shape[0]} + 1)·{row.output_shape[0]} = {total}"
        case Affine():
            return f"({row.input_shape[0]} + 1)·{row.output_shape[0]} = {total}"
        case Subsample2d():
            return f"2·{row.output_shape[0]} = {total}"
    return ""
