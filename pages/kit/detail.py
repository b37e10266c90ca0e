"""What is left of a picture after pooling, and what a shift of one pixel does to it.

Three ways to keep one value of each window of K×K pixels: its maximum, its average, and simply the
pixel in its middle, which is what a stride without pooling does. Pixels at the lower and right
edge that fill no window are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnn_core import avg_pool2d, conv2d, max_pool2d, sobel
from pages.kit.language import N_

Map = NDArray[np.float32]  # (H, W)

WAYS = {"max": N_("Maximum"), "average": N_("Average"), "every": N_("Every K-th pixel")}
SIDE = 128  # pixels of a test pattern


def pooled(x: Map, window: int) -> dict[str, Map]:
    """One value for each window: the largest, the mean, and the pixel in its middle."""
    rows, columns = (side // window for side in x.shape)
    maps, middle = x[None, None], window // 2
    from_the_middle = maps[..., middle:, middle:]
    return {
        "max": max_pool2d(maps, window)[0, 0],
        "average": avg_pool2d(maps, window)[0, 0],
        "every": max_pool2d(from_the_middle, 1, stride=window)[0, 0, :rows, :columns],
    }


def enlarged(small: Map, window: int) -> Map:
    """Back to the old size: every value fills its window."""
    return small.repeat(window, axis=0).repeat(window, axis=1)


def rms(values: Map) -> float:
    """The root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values), dtype=float)))


# ------------------------------------------------------------------ pooled and back


@dataclass(frozen=True)
class Loss:
    """A picture (H, W), pooled and enlarged again."""

    x: Map
    window: int

    @cached_property
    def pooled(self) -> dict[str, Map]:
        """What is left of the picture, by way."""
        return pooled(self.x, self.window)

    @cached_property
    def differences(self) -> dict[str, Map]:
        """What came back minus what was there, where there are windows."""
        small = next(iter(self.pooled.values()))
        rows, columns = (side * self.window for side in small.shape)
        was = self.x[:rows, :columns]
        return {way: enlarged(each, self.window) - was for way, each in self.pooled.items()}

    @property
    def errors(self) -> dict[str, float]:
        """How far what came back is from what was there, as root mean square."""
        return {way: rms(each) for way, each in self.differences.items()}

    @property
    def drifts(self) -> dict[str, float]:
        """How much brighter the whole has become."""
        return {way: float(each.mean(dtype=float)) for way, each in self.differences.items()}


# ------------------------------------------------------------------ texture and background


def edges(x: Map) -> Map:
    """How steep the picture is at each pixel: the length of Sobel's two answers."""
    framed = np.pad(x, 1, mode="edge")[None, None]  # a border of zeros would be an edge
    kernels = np.stack([sobel("x"), sobel("y")])[:, None].astype(x.dtype)
    across, along = conv2d(framed, kernels)[0]
    return np.asarray(np.hypot(across, along))


@dataclass(frozen=True)
class Patch:
    """A square of the picture that consists of whole windows."""

    top: int
    left: int
    side: int

    def of(self, values: Map, step: int = 1) -> Map:
        """This part of a map whose cells are `step` pixels wide."""
        top, left, side = self.top // step, self.left // step, self.side // step
        return values[top : top + side, left : left + side]


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture (H, W), and what need be found only once for all windows."""

    title: str
    x: Map

    @cached_property
    def edges(self) -> Map:
        """Its edge map (H, W)."""
        return edges(self.x)

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Row and column where it is most even ("quiet") and where it is steepest ("busy")."""
        step = max(1, self.reach // 2)
        looked_at = avg_pool2d(self.edges[None, None], self.reach, stride=step)[0, 0]
        found = {"quiet": looked_at.argmin(), "busy": looked_at.argmax()}
        corners = {name: np.unravel_index(at, looked_at.shape) for name, at in found.items()}
        return {
            name: (int(row) * step, int(column) * step) for name, (row, column) in corners.items()
        }

    @property
    def reach(self) -> int:
        """About how many pixels wide the patches are."""
        return min(self.x.shape) // 6

    def patches(self, window: int) -> dict[str, Patch]:
        """Patches of whole windows at the two places."""
        cells = max(2, round(self.reach / window))

        def snapped(place: int, size: int) -> int:
            return min(round(place / window), size // window - cells) * window

        height, width = self.x.shape
        return {
            name: Patch(snapped(row, height), snapped(column, width), cells * window)
            for name, (row, column) in self.places.items()
        }


MEASURES: dict[str, Callable[[Map], float]] = {
    "mean": lambda values: float(values.mean(dtype=float)),
    "contrast": lambda values: float(values.std(dtype=float)),
    "strongest": lambda values: float(values.max()),
}


# ------------------------------------------------------------------ aliasing


def rings(shift: int) -> Map:
    """Waves that get finer outwards: 3.3 pixels long where the middle of each side is."""
    row, column = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    squares = row**2 + (column - shift) ** 2
    return _waves(0.3 * squares / SIDE)


def stripes(shift: int, wavelength: float) -> Map:
    """Upright waves, all of one length."""
    return _waves(np.tile((np.arange(SIDE) - shift) / wavelength, (SIDE, 1)))


def _waves(turns: np.ndarray) -> Map:
    return np.asarray(0.5 + 0.5 * np.cos(2 * np.pi * turns), dtype=np.float32)


def moved(x: Map, shift: int) -> Map:
    """A picture moved to the right; a margin is cut off, so that nothing has to be invented."""
    margin = farthest(x)
    return x[:, margin - shift : x.shape[1] - shift]


def farthest(x: Map) -> int:
    """How far `moved` can move this picture."""
    return min(16, x.shape[1] // 4)


def alias_length(wavelength: float, window: int) -> float:
    """How long the waves seem, in pixels, when only every `window`-th pixel is seen."""
    turns = window / wavelength  # from one pixel that is seen to the next
    gap = abs(turns - round(turns))
    return window / gap if gap > 1e-9 else float("inf")
