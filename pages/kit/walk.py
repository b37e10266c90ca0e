"""A kernel's walk over one input: every window, product and output, with the flip and without."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnn_core import conv2d, leftover, relu, rot180, sigmoid, tanh, window_span
from pages.kit.controls import Numbers

CONVOLUTION, CORRELATION = MODES = ("convolution", "correlation")
ACTIVATIONS = {"none": lambda u: u, "relu": relu, "sigmoid": sigmoid, "tanh": tanh}
ACTIVATION_NAMES = {"relu": "ReLU", "sigmoid": "sigmoid", "tanh": "tanh"}


@dataclass(frozen=True)
class Walk:
    """A square kernel (F, F) on a square input (W, W).

    `padding` counts the zeros on every side, or (before, after) along both axes; `activation` is
    one of `ACTIVATIONS` and acts on each sum of products plus `bias`.
    """

    x: Numbers
    kernel: Numbers
    stride: int = 1
    padding: int | tuple[int, int] = 0
    dilation: int = 1
    bias: float = 0.0
    activation: str = "none"

    @property
    def sides(self) -> tuple[int, int]:
        """The padding before and after the input."""
        return self.padding if isinstance(self.padding, tuple) else (self.padding, self.padding)

    @property
    def span(self) -> int:
        """Cells from the first to the last one of a window, gaps included."""
        return window_span(len(self.kernel), self.dilation)

    @cached_property
    def outputs(self) -> dict[str, Numbers]:
        """The output (oH, oW) of each of the two operations."""
        activate = ACTIVATIONS[self.activation]
        return {mode: activate(sums) for mode, sums in self.sums.items()}

    @cached_property
    def sums(self) -> dict[str, Numbers]:
        """The output before the activation."""
        return {mode: self._conv2d(flip=mode == CONVOLUTION) for mode in MODES}

    def _conv2d(self, *, flip: bool) -> Numbers:
        return conv2d(
            self.x[None, None],
            self.kernel[None, None],
            np.array([self.bias]),
            stride=self.stride,
            padding=(self.sides, self.sides),
            dilation=self.dilation,
            flip=flip,
        )[0, 0]

    @cached_property
    def padded(self) -> Numbers:
        """The input with its zeros around it."""
        return np.pad(self.x, self.sides)

    @cached_property
    def sliding(self) -> dict[str, Numbers]:
        """The kernel as it lies on the input."""
        return {CONVOLUTION: rot180(self.kernel), CORRELATION: self.kernel}

    @cached_property
    def products(self) -> dict[str, np.ndarray]:
        """What each output cell adds up, (oH, oW, F, F)."""
        windows = sliding_window_view(self.padded, (self.span, self.span))
        steps, cells = slice(None, None, self.stride), slice(None, None, self.dilation)
        return {mode: windows[steps, steps, cells, cells] * self.sliding[mode] for mode in MODES}

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
        line[np.add.outer(starts, np.arange(0, self.span, self.dilation))] = True
        return np.logical_and.outer(line, line)

    def formula(self, mode: str) -> str:
        """One output cell at stride 1 without padding, in LaTeX, with the settings in it."""
        last = len(self.kernel) - 1
        place = rf"{last}-u,\,{last}-v" if mode == CONVOLUTION else r"u,\,v"
        sums = rf"\sum_{{u=0}}^{{{last}}}\sum_{{v=0}}^{{{last}}}"
        total = rf"{sums} x_{{i+u,\,j+v}}\; k_{{{place}}}" + (
            f" {self.bias:+g}" if self.bias else ""
        )
        if self.activation != "none":
            total = rf"\mathrm{{{ACTIVATION_NAMES[self.activation]}}}\Big({total}\Big)"
        return f"y_{{i,j}} = {total}"

    @property
    def size_formula(self) -> str:
        """The number of windows in each direction, in LaTeX, with the settings in it."""
        before, after = self.sides
        zeros = rf"2\cdot{before}" if before == after else f"({before} + {after})"
        cells = f"{len(self.x)} + {zeros} - {self.dilation}({len(self.kernel)}-1) - 1"
        return (
            r"\begin{aligned}&\left\lfloor\frac{W + 2P - D(F-1) - 1}{S}\right\rfloor + 1 \\[4pt]"
            rf"={{}}&\left\lfloor\frac{{{cells}}}{{{self.stride}}}\right\rfloor + 1"
            rf" = {len(self.changed)}\end{{aligned}}"
        )

    @property
    def unread(self) -> int:
        """How many cells of the input itself no window reads."""
        inside = slice(self.sides[0], self.sides[0] + len(self.x))
        return int((~self.read[inside, inside]).sum())

    @property
    def left_over(self) -> int:
        """Rows (and columns) behind the last window."""
        return leftover(
            len(self.x),
            len(self.kernel),
            stride=self.stride,
            padding=self.sides,
            dilation=self.dilation,
        )
