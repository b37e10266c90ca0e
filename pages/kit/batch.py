"""A batch on its way through batch normalisation, step by step, and a gradient on its way back."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cnn_core import BatchNorm1d, batch_norm, batch_norm_backward, batch_statistics, check_cell
from cnn_core.gradcheck import CellCheck
from pages.kit.controls import Numbers
from pages.kit.dials import Values

EPS = 1e-5
MOMENTUM = 0.1
NUDGE = 3e-5  # of a gradient check, in standard deviations: less drowns in rounding
SAME = 1e-4  # outputs that differ by less look the same; ε alone moves them by 1e-6


class Edit(NamedTuple):
    """One number of the batch that was changed, and what it was."""

    row: int
    column: int
    old: float


class Steps(NamedTuple):
    """What stands between the input and the output, each (N, C)."""

    centred: Numbers  # x − μ
    normalised: Numbers  # x̂
    y: Numbers


class WayBack(NamedTuple):
    """How E = Σ δ·y changes with the input, γ and β; in training what is taken out of δ first."""

    centred: Numbers  # δ − ⟨δ⟩
    freed: Numbers  # δ − ⟨δ⟩ − x̂·⟨δ·x̂⟩
    grad_x: Numbers
    grad_gamma: Numbers
    grad_beta: Numbers


@dataclass(frozen=True)
class Batch:
    """The batch x (N, C), a row for each sample, in a layer with γ and β for each channel.

    `run` (2, C) are the layer's running means and variances. In training the batch is measured
    against itself, and that takes two samples; `can_pass` says whether there are enough.
    """

    x: Numbers
    gamma: Values
    beta: Values
    run: Numbers
    training: bool = True

    @property
    def can_pass(self) -> bool:
        """Whether μ and σ² are known: a single sample has no spread."""
        return len(self.x) > 1 or not self.training

    @cached_property
    def measured(self) -> Numbers | None:
        """μ and σ² of this batch, (2, C)."""
        return np.stack(batch_statistics(self.x)) if len(self.x) > 1 else None

    @property
    def used(self) -> Numbers:
        """The μ and σ² that this batch is normalised with, (2, C)."""
        assert self.can_pass
        return self.measured if self.training and self.measured is not None else self.run

    @property
    def std(self) -> Numbers:
        """√(σ² + ε), (C,)."""
        return np.sqrt(self.used[1] + EPS)

    @property
    def has_no_spread(self) -> list[bool]:
        """In which channels nothing but ε stands between the deviations and a division by 0."""
        flat = np.ptp(self.x, axis=0) == 0 if self.training else self.run[1] == 0
        return [bool(each) for each in flat]

    @cached_property
    def steps(self) -> Steps:
        """Each step on the way from x to y."""
        mean, var = self.used
        ones, zeros = np.ones_like(mean), np.zeros_like(mean)
        return Steps(
            self.x - mean,
            batch_norm(self.x, ones, zeros, mean=mean, var=var, eps=EPS),
            self._layer().forward(self.x),
        )

    @property
    def followed(self) -> Numbers | None:
        """The running means and variances after one step of training on this batch, (2, C)."""
        if self.measured is None:
            return None
        layer = replace(self, training=True)._layer()
        layer.forward(self.x)
        return np.stack(list(layer.statistics.values()))

    def before(self, edit: Edit) -> "Batch":
        """The batch as it was."""
        x = self.x.copy()
        x[edit.row, edit.column] = edit.old
        return replace(self, x=x)

    def changed(self, edit: Edit) -> np.ndarray:
        """Which outputs have changed with the edit, (N, C)."""
        return np.abs(self.steps.y - self.before(edit).steps.y) > SAME

    def others_changed(self, edit: Edit) -> int:
        """How many outputs have changed that are not the changed sample's."""
        return int(np.delete(self.changed(edit), edit.row, axis=0).sum())

    def back(self, grad_output: Numbers) -> WayBack:
        """What of a gradient at y arrives at x, γ and β."""
        measured = self.training
        given = {} if measured else dict(zip(("mean", "var"), self.run, strict=True))
        gamma = np.array(self.gamma)
        grads = batch_norm_backward(grad_output, self.x, gamma, eps=EPS, **given)
        normalised = self.steps.normalised
        centred = grad_output - measured * grad_output.mean(axis=0)
        along = (grad_output * normalised).mean(axis=0)
        return WayBack(centred, centred - measured * normalised * along, *grads)

    def check(self, grad_output: Numbers, cell: tuple[int, int]) -> CellCheck:
        """Nudge one input by a power of ten, watch E, and compare with the way back."""
        eps = 10.0 ** math.floor(math.log10(NUDGE * self.std[cell[1]]))

        def loss_at(x: Numbers) -> float:
            return float(np.sum(grad_output * replace(self, x=x).steps.y))

        return check_cell(loss_at, self.x, self.back(grad_output).grad_x, cell, eps=eps)

    def _layer(self) -> BatchNorm1d:
        layer = BatchNorm1d(len(self.gamma), eps=EPS, momentum=MOMENTUM, dtype=np.float64)
        layer.params["weight"][:], layer.params["bias"][:] = self.gamma, self.beta
        running = layer.statistics
        running["running_mean"][:], running["running_var"][:] = self.run
        layer.train(self.training)
        return layer


def others_that_notice(x: Numbers) -> int:
    """In training the first number grows by 1: how many of the others' outputs change."""
    grown = x.copy()
    grown[0, 0] += 1
    channels = x.shape[1]
    batch = Batch(grown, (1,) * channels, (0,) * channels, np.ones((2, channels)))
    return batch.others_changed(Edit(0, 0, float(x[0, 0])))
