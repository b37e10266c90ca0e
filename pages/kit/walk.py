"""A kernel's walk over one input: every window, product and output, with the flip and without."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnn_core import conv2d, leftover, rot180
from pages.kit.controls import Numbers

CONVOLUTION, CORRELATION = MODES = ("convolution", "correlation")


@dataclass(frozen=True)
class Walk:
    """A square kernel (F, F) on a square input (W, W); `padding` zeros on every side."""

    x: Numbers
    kernel: Numbers
    stride: int
    padding: int

    @cached_property
    def outputs(self) -> dict[str, Numbers]:
        """The output (oH, oW) of each of the two operations."""
        return {mode: self._conv2d(flip=mode == CONVOLUTION) for mode in MODES}

    def _conv2d(self, *, flip: bool) -> Numbers:
        images, kernels = self.x[None, None], self.kernel[None, None]
        return conv2d(images, kernels, stride=self.stride, padding=self.padding, flip=flip)[0, 0]

    @cached_property
    def padded(self) -> Numbers:
        """The input with its zeros around it."""
        return np.pad(self.x, self.padding)

    @cached_property
    def sliding(self) -> dict[str, Numbers]:
        """The kernel as it lies on the input."""
        return {CONVOLUTION: rot180(self.kernel), CORRELATION: self.kernel}

    @cached_property
    def products(self) -> dict[str, np.ndarray]:
        """What each output cell adds up, (oH, oW, F, F)."""
        windows = sliding_window_view(self.padded, self.kernel.shape)
        return {
            mode: windows[:: self.stride, :: self.stride] * self.sliding[mode] for mode in MODES
        }

    @cached_property
    def changed(self) -> np.ndarray:
        """True for the output cells that the flip changes by more than rounding does."""
        with_flip, without = self.outputs.values()
        return np.abs(with_flip - without) > 1e-9 * max(1.0, float(np.abs(with_flip).max()))

    @cached_property
    def read(self) -> np.ndarray:
        """True for the cells of the padded input that any window reads."""
        starts = np.arange(len(self.outputs[CONVOLUTION])) * self.stride
        line = np.zeros(len(self.padded), bool)
        line[np.add.outer(starts, np.arange(len(self.kernel)))] = True
        return np.logical_and.outer(line, line)

    @property
    def unread(self) -> int:
        """How many cells of the input itself no window reads."""
        inside = slice(self.padding, self.padding + len(self.x))
        return int((~self.read[inside, inside]).sum())

    @property
    def left_over(self) -> int:
        """Rows (and columns) behind the last window."""
        return leftover(len(self.x), len(self.kernel), stride=self.stride, padding=self.padding)
