"""A small grid of numbers that is a named pattern until the reader types into it.

In the URL: `x=edge`, or `x=0,1;2,3` once a number was changed. `pictures` and `kernels` are the
named patterns of the lessons on convolution.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pages.kit.controls import Numbers, UnusableError, bound, format_grid, parse_grid
from pages.kit.language import _

LIMIT = 99


@dataclass(frozen=True)
class Pattern:
    """A square grid of numbers; `name` is empty when the reader typed them."""

    name: str
    values: Numbers


def pattern(key: str, named: Mapping[str, Numbers], default: str, *, label: str = "") -> Pattern:
    """The pattern in the URL parameter `key`; draws nothing.

    All patterns of `named` have the same shape. Numbers that were typed for another shape are kept
    as far as they fit.
    """
    rows, columns = shape = named[default].shape

    def parse(text: str) -> Pattern:
        if text in named:
            return Pattern(text, named[text])
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
        return Pattern("", values)

    def encode(pattern: Pattern) -> str:
        return pattern.name or format_grid(pattern.values)

    return bound(key, Pattern(default, named[default]), parse, encode, label=label)


def pictures(size: int, seed: int) -> dict[str, Numbers]:
    """Inputs of `size`×`size`: each shows something else about a kernel."""
    row, column = np.indices((size, size))
    middle = (size - 1) // 2
    stem = column == 1
    upper_bar = (row == 0) & (column >= 1) & (column < size - 1)
    lower_bar = (row == middle) & (column >= 1) & (column < size - 2)
    drawings = {
        "letter": stem | upper_bar | lower_bar,  # an F: it has no symmetry that could hide a flip
        "cross": (row == column) | (row + column == size - 1),
        "edge": column >= size // 2,
        "impulse": (row == size // 2) & (column == size // 2),
        "ramp": column,
        "random": np.random.default_rng(seed).integers(-3, 4, (size, size)),
    }
    return {name: drawing.astype(float) for name, drawing in drawings.items()}


def kernels(size: int) -> dict[str, Numbers]:
    """Kernels of `size`×`size`."""
    count = np.arange(1.0, size**2 + 1).reshape(size, size)  # a number for every place
    edge, shift = np.zeros((2, size, size))
    edge[:, 0], edge[:, -1] = -1, 1
    shift[0, 0] = 1
    return {
        "count": count,
        "edge": edge,
        "blur": np.full((size, size), 1 / size**2),
        "shift": shift,
    }
