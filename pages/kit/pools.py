"""One grid of numbers, and what every kind of pooling makes of the same windows, both ways."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from cnn_core import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    sigmoid,
    sigmoid_backward,
    subsample2d,
    subsample2d_backward,
    tanh,
    tanh_backward,
)
from cnn_core.pooling import Windows, window_sum, window_sum_backward
from pages.kit.controls import Numbers

# Each with its way back, which takes the gradient and the output.
Function = Callable[..., Numbers]
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "none": (lambda u: u, lambda grad_output, _y: grad_output),
    "sigmoid": (sigmoid, sigmoid_backward),
    "tanh": (tanh, tanh_backward),
}


class Gradients(NamedTuple):
    """How a loss changes with the cells of the grid, and with what the subsampling learns.

    `largest`, `average` and `trained` are (H, W). `delta` (oH, oW) is the gradient before the
    activation of the subsampling, from which `trained`, `beta` and `bias` are made.
    """

    largest: Numbers
    average: Numbers
    trained: Numbers
    delta: Numbers
    beta: float
    bias: float


@dataclass(frozen=True)
class Pools:
    """A grid (H, W), pooled by maximum, by average, and by LeNet's f(β·Σ + b).

    `activation` is one of `ACTIVATIONS`. The zeros of the padding count in averages and sums, and
    never win a maximum.
    """

    x: Numbers
    size: int
    stride: int
    padding: int = 0
    beta: float = 0.25
    bias: float = 0.0
    activation: str = "none"

    @property
    def largest(self) -> Numbers:
        """The maximum of every window (oH, oW)."""
        return max_pool2d(self._maps, self.size, **self._where)[0, 0]

    @property
    def average(self) -> Numbers:
        """The mean of every window (oH, oW)."""
        return avg_pool2d(self._maps, self.size, **self._where)[0, 0]

    @cached_property
    def weighted(self) -> Numbers:
        """The subsampling before its activation, u = β·Σ + b (oH, oW)."""
        learned = np.array([self.beta]), np.array([self.bias])
        return subsample2d(self._maps, *learned, self.size, **self._where)[0, 0]

    @cached_property
    def trained(self) -> Numbers:
        """The subsampling after its activation, f(u) (oH, oW)."""
        activate, _backward = ACTIVATIONS[self.activation]
        return activate(self.weighted)

    def backward(self, grad_output: Numbers) -> Gradients:
        """Send one gradient (oH, oW) back through every pooling."""
        _activate, activation_backward = ACTIVATIONS[self.activation]
        delta = activation_backward(grad_output, self.trained)
        trained, (beta,), (bias,) = subsample2d_backward(
            delta[None, None], self._maps, np.array([self.beta]), self.size, **self._where
        )
        arguments = grad_output[None, None], self._maps, self.size
        return Gradients(
            largest=max_pool2d_backward(*arguments, **self._where)[0, 0],
            average=avg_pool2d_backward(*arguments, **self._where)[0, 0],
            trained=trained[0, 0],
            delta=delta,
            beta=float(beta),
            bias=float(bias),
        )

    @property
    def sums(self) -> Numbers:
        """The sum of every window (oH, oW)."""
        return window_sum(self._windows, self._windows.pad(self._maps, 0))[0, 0]

    @property
    def cells(self) -> np.ndarray:
        """The numbers in every window, zeros of the padding among them (oH, oW, size, size)."""
        return self._by_window(self._windows.shifts(self._windows.pad(self._maps, 0)))

    @property
    def winners(self) -> np.ndarray:
        """True where a window's cell equals its maximum: ties, too (oH, oW, size, size)."""
        cells = self._windows.shifts(self._windows.pad(self._maps, -np.inf))
        return self._by_window(cells == self.largest)

    @property
    def reached(self) -> np.ndarray:
        """True where a cell lies in any window (H, W)."""
        ones = np.ones((1, 1, *self._windows.output_size))
        return window_sum_backward(self._windows, ones)[0, 0] > 0

    @property
    def layout(self) -> dict[str, Any]:
        """Where the windows lie and who wins in them, as pooling_windows.js is given it."""
        return {
            "size": self.size,
            "stride": self.stride,
            "padding": self.padding,
            "outputs": self._windows.output_size,
            "winners": self.winners,
        }

    @property
    def is_average(self) -> bool:
        """Whether the subsampling is, with these numbers, the average of every window."""
        return bool(np.allclose(self.trained, self.average, rtol=1e-9, atol=1e-12))

    @property
    def _maps(self) -> Numbers:
        return self.x[None, None]

    @property
    def _where(self) -> dict[str, Any]:
        return {"stride": self.stride, "padding": self.padding}

    @cached_property
    def _windows(self) -> Windows:
        return Windows(self._maps.shape, self.size, self.stride, self.padding, ceil_mode=False)

    @staticmethod
    def _by_window(shifts: np.ndarray) -> np.ndarray:
        return shifts[:, :, 0, 0].transpose(2, 3, 0, 1)
