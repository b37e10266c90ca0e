"""A small grid of numbers that is a named pattern until the reader types into it.

In the URL: `x=edge`, or `x=0,1;2,3` once a number was changed. `pictures` and `kernels` are the
named patterns of the lessons on convolution.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from cnn_core import load_dataset
from pages.kit.controls import Numbers, UnusableError, bound, format_grid, parse_grid
from pages.kit.language import _

LIMIT = 99

# The example that lectures on convolution have worked through for years.
CLASSIC_INPUT = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
CLASSIC_KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])


@dataclass(frozen=True)
class Pattern:
    """A square grid of numbers; `name` is empty when the reader typed them."""

    name: str
    values: Numbers
    names: tuple[str, ...]  # all that could be chosen


def pattern(key: str, named: Mapping[str, Numbers], default: str, *, label: str = "") -> Pattern:
    """The pattern in the URL parameter `key`; draws nothing.

    All patterns of `named` have the same shape. Numbers that were typed for another shape are kept
    as far as they fit.
    """
    rows, columns = shape = named[default].shape
    names = tuple(named)

    def parse(text: str) -> Pattern:
        if text in named:
            return Pattern(text, named[text], names)
        values = parse_grid(text, LIMIT)
        if values.shape != shape:
            fitted = np.zeros(shape)
            fitted[: values.shape[0], : values.shape[1]] = values[:rows, :columns]
            raise UnusableError(
                _("which has {shape} numbers instead of {wanted}").format(
                    shape="×".join(map(str, values.shape)), wanted=f"{rows}×{columns}"
                ),
                instead=format_grid(fitted),
            )
        return Pattern("", values, names)

    def encode(pattern: Pattern) -> str:
        return pattern.name or format_grid(pattern.values)

    return bound(key, Pattern(default, named[default], names), parse, encode, label=label)


def pictures(size: int, seed: int) -> dict[str, Numbers]:
    """Inputs of `size`×`size`: each shows something else about a kernel."""
    row, column = np.indices((size, size))
    middle = (size - 1) // 2
    stem = column == 1
    upper_bar = (row == 0) & (column >= 1) & (column < size - 1)
    lower_bar = (row == middle) & (column >= 1) & (column < size - 2)
    drawings = {
        "letter": stem | upper_bar | lower_bar,  # an F: it has no symmetry that could hide a flip
        "digit": _digit(size, seed),
        "cross": (row == column) | (row + column == size - 1),
        "edge": column >= size // 2,
        "impulse": (row == size // 2) & (column == size // 2),
        "ramp": column,
        "random": np.random.default_rng(seed).integers(-3, 4, (size, size)),
    }
    if size == len(CLASSIC_INPUT):
        drawings["classic"] = CLASSIC_INPUT
    return {name: drawing.astype(float) for name, drawing in drawings.items()}


def _digit(size: int, seed: int) -> Numbers:
    """A handwritten digit, resampled by linear interpolation and rounded to whole numbers."""
    digits = _digits()
    image = digits[seed % len(digits)]
    places = np.linspace(0, len(image) - 1, size)
    for _axis in range(2):  # the columns first, then the rows
        image = np.array([np.interp(places, np.arange(len(line)), line) for line in image]).T
    return image.round()


@cache
def _digits() -> np.ndarray:
    data = load_dataset("digits", rng=np.random.default_rng(0), scale=False)
    return data.test_images[:, 0].astype(float)


def kernels(size: int) -> dict[str, Numbers]:
    """Kernels of `size`×`size`."""
    count = np.arange(1.0, size**2 + 1).reshape(size, size)  # a number for every place
    edge, shift = np.zeros((2, size, size))
    edge[:, 0], edge[:, -1] = -1, 1
    shift[0, 0] = 1
    named = {
        "count": count,
        "edge": edge,
        "blur": np.full((size, size), 1 / size**2),
        "shift": shift,
    }
    if size == len(CLASSIC_KERNEL):
        named["classic"] = CLASSIC_KERNEL.astype(float)
    return named
