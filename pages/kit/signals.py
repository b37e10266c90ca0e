"""A row of numbers and another one that slides along it: convolution in one dimension."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnn_core import conv2d, rot180
from pages.kit.controls import Numbers
from pages.kit.walk import CONVOLUTION, CORRELATION, MODES

DIE = 6  # faces


@dataclass(frozen=True)
class Slide:
    """`moving` (F,) slides along `still` (N,); every overlap counts, so N + F − 1 outputs.

    The first number of `moving` lies on still[i] while it makes output i. In a convolution the
    others lie to its left, in a cross-correlation to its right.
    """

    still: np.ndarray
    moving: np.ndarray

    @property
    def reach(self) -> int:
        """How many zeros lie before and behind `still`."""
        return len(self.moving) - 1

    @property
    def first(self) -> dict[str, int]:
        """The place i of the first output."""
        return {CONVOLUTION: 0, CORRELATION: -self.reach}

    @cached_property
    def outputs(self) -> dict[str, np.ndarray]:
        """The output (N + F − 1,) of each of the two operations."""
        return {mode: self._full(self.still[None], mode)[0] for mode in MODES}

    @cached_property
    def sliding(self) -> dict[str, np.ndarray]:
        """`moving` as it lies on `still`."""
        return {CONVOLUTION: rot180(self.moving[None])[0], CORRELATION: self.moving}

    @cached_property
    def products(self) -> dict[str, np.ndarray]:
        """What each output adds up, (N + F − 1, F)."""
        windows = sliding_window_view(np.pad(self.still, self.reach), len(self.moving))
        return {mode: windows * self.sliding[mode] for mode in MODES}

    @cached_property
    def copies(self) -> dict[str, np.ndarray]:
        """What each single number of `still` makes of it, (N, N + F − 1), all others being zero."""
        return {mode: self._full(np.diag(self.still), mode) for mode in MODES}

    @cached_property
    def painted(self) -> dict[str, np.ndarray]:
        """The sum of the first 0, 1, ..., N copies, (N + 1, N + F − 1)."""
        nothing = np.zeros((1, len(self.still) + self.reach))
        return {mode: np.vstack([nothing, np.cumsum(self.copies[mode], axis=0)]) for mode in MODES}

    def formula(self, mode: str, names: tuple[str, str]) -> str:
        """One output, in LaTeX; `names` are two letters, for `still` and `moving`."""
        still, moving = names
        sign = "-" if mode == CONVOLUTION else "+"
        return rf"y_i = \sum_{{j=0}}^{{{self.reach}}} {still}_{{i{sign}j}}\; {moving}_j"

    def _full(self, rows: np.ndarray, mode: str) -> np.ndarray:
        """Each of the rows (M, N) as an image of height 1: (M, N + F − 1)."""
        kernel = self.moving[None, None, None]
        padding = (0, self.reach)
        y = conv2d(rows[:, None, None], kernel, padding=padding, flip=mode == CONVOLUTION)
        return y[:, 0, 0]


def signals(size: int, seed: int) -> dict[str, Numbers]:
    """Signals of `size` numbers, as grids of one row."""
    place = np.arange(size)
    named = {
        "claps": 2 * (place == 1) + (place == 3),
        "impulse": place == 2,
        "step": place >= size // 2,
        "ramp": place,
        "pulse": (place >= 2) & (place < size - 2),
        "noise": np.random.default_rng(seed).integers(-3, 4, size),
    }
    if size == DIE:
        named["die"] = np.full(size, 1 / size)
    return {name: values.astype(float)[None] for name, values in named.items()}


def strips(size: int) -> dict[str, Numbers]:
    """Kernels of `size` numbers, as grids of one row."""
    difference, echo = np.zeros((2, size))
    difference[:2] = 1, -1
    echo[0], echo[-1] = 1, 0.5
    named = {
        "count": np.arange(1.0, size + 1),
        "difference": difference,
        "average": np.full(size, 1 / size),
        "echo": echo,
    }
    return {name: values[None] for name, values in named.items()}
