"""A digit as MNIST's makers framed it: its longer side 20 pixels, its centre of mass in the middle.

Both are one linear step along the rows and one along the columns. So what a pixel of the framed
digit contributes to anything can be handed back to the pixels that it was mixed from, exactly.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pages.kit.pictures import PAD

Plane = NDArray[np.float64]

LONGER_SIDE = 20
MIDDLE = 14  # the row and the column where the centre of mass comes to lie, counted from 0


@dataclass(frozen=True, eq=False)
class Frame:
    """Pixels of a sheet are scaled by `scale`, then moved by whole pixels `down` and `right`."""

    scale: float = 1.0
    down: int = 0
    right: int = 0

    @cached_property
    def rows(self) -> Plane:
        """How much of each old row (second axis) is in each new one (first axis)."""
        return _spread(self.scale, self.down)

    @cached_property
    def columns(self) -> Plane:
        """The same for the columns."""
        return _spread(self.scale, self.right)

    def apply(self, sheet: np.ndarray) -> Plane:
        """The framed sheet."""
        return self.rows @ sheet @ self.columns.T

    def back(self, gradients: np.ndarray) -> Plane:
        """How anything changes with the old pixels, if so with the new ones (..., 28, 28)."""
        return self.rows.T @ gradients @ self.columns

    def box(self, top: float, left: float, side: float) -> tuple[float, float, float]:
        """Where a square of the framed sheet lies on the sheet itself: top, left, side."""
        return (top - self.down) / self.scale, (left - self.right) / self.scale, side / self.scale


AS_DRAWN = Frame()


def as_mnist(ink: Plane) -> Frame:
    """The frame for a sheet; one without a stroke (all pixels equal) stays as it is.

    MNIST's own digits stay as they are, to the last bit.
    """
    if ink.min() == ink.max():
        return AS_DRAWN
    scaled = Frame(LONGER_SIDE / max(extent(ink)))
    rows, columns = (scaled.scale * (place + 0.5) - 0.5 for place in centre_of_mass(ink))
    return replace(scaled, down=round(MIDDLE - rows), right=round(MIDDLE - columns))


def extent(ink: Plane) -> tuple[int, int]:
    """Height and width of the ink, in pixels."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def centre_of_mass(ink: Plane) -> tuple[float, float]:
    """The mean row and column, each pixel counted as much as it has ink."""
    places = np.arange(len(ink))
    down, right = (float(ink.sum(axis=axis) @ places / ink.sum()) for axis in (1, 0))
    return down, right


def _spread(scale: float, start: int) -> Plane:
    """Linear interpolation along one axis; where it shrinks, the mean of all that falls together.

    Beyond the sheet lies paper.
    """
    reach = max(1.0, 1 / scale)  # how far from its middle a new pixel takes something
    middles = (np.arange(PAD) + 0.5 - start) / scale - 0.5  # of the new pixels, on the sheet
    margin = math.ceil(2 * reach)  # of paper that belongs to the means at the edge
    places = np.arange(-margin, PAD + margin)
    shares = np.maximum(0, 1 - np.abs(places - middles[:, None]) / reach)
    total = shares.sum(axis=1, keepdims=True)
    return shares[:, margin:-margin] / np.where(total > 0, total, 1)
