"""A gradient on the output of the poolings, sent back window by window, and checked."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cnn_core import check_cell
from cnn_core.gradcheck import CellCheck
from pages.kit.controls import Numbers
from pages.kit.language import _
from pages.kit.pools import ACTIVATIONS, Gradients, Pools

POOLINGS = ("largest", "average", "trained")
LEARNED = ("beta", "bias")
EPS = 1e-6  # the grid's numbers and their sums are of the order of 10


@dataclass(frozen=True)
class PoolGradients:
    """The gradient `grad_output` (oH, oW) on its way back through `pools`.

    The loss that belongs to it is E = Σ grad_output · y.
    """

    pools: Pools
    grad_output: Numbers

    @cached_property
    def total(self) -> Gradients:
        """What arrives from all outputs together."""
        return self.pools.backward(self.grad_output)

    @cached_property
    def shares(self) -> list[Gradients]:
        """What arrives from each output alone, in reading order."""
        alone = []
        for at in np.ndindex(self.grad_output.shape):
            one = np.zeros_like(self.grad_output)
            one[at] = self.grad_output[at]
            alone.append(self.pools.backward(one))
        return alone

    @property
    def slopes(self) -> Numbers:
        """f′(u) of the subsampling's activation (oH, oW)."""
        _activate, backward = ACTIVATIONS[self.pools.activation]
        return backward(np.ones_like(self.grad_output), self.pools.trained)

    def loss(self, pooling: str, pools: Pools | None = None) -> float:
        """E of one pooling, or E with other numbers than the present ones."""
        return float(np.sum(self.grad_output * getattr(pools or self.pools, pooling)))

    def runner_up(self) -> tuple[int, int, int]:
        """Row and column of the second largest cell in the top right window, and that window."""
        window = self.grad_output.shape[1] - 1
        cells = self.pools.cells[0, window].ravel()
        second = int(np.argsort(-cells, kind="stable")[min(1, cells.size - 1)])
        row, column = divmod(second, self.pools.size)
        return row, column + window * self.pools.stride, window

    def formula(self, at: int) -> str:
        """The slopes of output number `at` with respect to a cell of its window, in LaTeX."""
        beta, slope = self.pools.beta, float(self.slopes.flat[at])
        cases = {
            _("maximum, the winner"): "1",
            _("maximum, all others"): "0",
            _("Average"): rf"1/K^2 = 1/{self.pools.size**2}",
            _("Trainable"): rf"\beta \cdot f'(u) = {_latex(beta)} \cdot {_latex(slope)} "
            f"= {_latex(beta * slope)}",
        }
        rows = r" \\ ".join(rf"{value} & \text{{{name}}}" for name, value in cases.items())
        return rf"\frac{{\partial y}}{{\partial x}} = \begin{{cases}} {rows} \end{{cases}}"

    def check(self, name: str) -> dict[str, CellCheck]:
        """Nudge a cell ("2-3") or a learned number ("beta") and compare, for each pooling it is in.

        Everything else stays as it is: two forward passes say how E changes.
        """
        if name in LEARNED:
            return {"trained": self._check_learned(name)}
        row, column = (int(number) - 1 for number in name.split("-"))
        return {pooling: self._check_cell(pooling, (row, column)) for pooling in POOLINGS}

    def _check_cell(self, pooling: str, cell: tuple[int, int]) -> CellCheck:
        def loss_at(x: Numbers) -> float:
            return self.loss(pooling, replace(self.pools, x=x))

        return check_cell(loss_at, self.pools.x, getattr(self.total, pooling), cell, eps=EPS)

    def _check_learned(self, name: str) -> CellCheck:
        def loss_at(value: Numbers) -> float:
            changed: dict[str, Any] = {name: float(value[0])}
            return self.loss("trained", replace(self.pools, **changed))

        value, gradient = getattr(self.pools, name), getattr(self.total, name)
        return check_cell(loss_at, [value], [gradient], (0,), eps=EPS)


def checkable(pools: Pools) -> list[str]:
    """The names of all that can be checked: the cells by row and column from 1, β and b."""
    return [f"{r + 1}-{c + 1}" for r, c in np.ndindex(*pools.x.shape)] + list(LEARNED)


def _latex(value: float) -> str:
    """Three digits: 0.0125, 1 · 10⁻⁹."""
    digits, _e, exponent = f"{value:.3g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits
