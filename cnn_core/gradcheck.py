"""Is the gradient right? Nudge the input, watch the output, compare.

Backpropagation computes a gradient from formulas; a slip in a formula rarely shows, the network
just learns a little worse. But a slope can also be measured, formula or not: the central
difference (f(x + ε) − f(x − ε)) / 2ε. Where both agree to seven digits, the formula is right.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .evaluation import Loss
from .losses import cross_entropy
from .network import Sequential

Array = NDArray[np.float64]

EXCELLENT = 1e-7  # the largest relative error that raises no question


class Verdict(StrEnum):
    """What a relative error says about a gradient, from the best to the worst."""

    EXCELLENT = "excellent"
    SUSPICIOUS = "suspicious"  # good enough only where the function has kinks
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


def verdict(relative_error: float) -> Verdict:
    """Judge a relative error that was measured in float64.

    Up to 1e-7 it is excellent, up to 1e-4 suspicious (a smooth function does better; a kink, as
    ReLU and max pooling have them, explains it), up to 1e-2 doubtful, above that, or nan, wrong.

    Examples
    --------
    >>> print(verdict(1e-9), verdict(1e-2), verdict(float("nan")))
    excellent doubtful wrong
    """
    if relative_error <= EXCELLENT:
        return Verdict.EXCELLENT
    if relative_error <= 1e-4:
        return Verdict.SUSPICIOUS
    if relative_error <= 1e-2:
        return Verdict.DOUBTFUL
    return Verdict.WRONG


def _worst(verdicts: Iterator[Verdict]) -> Verdict:
    return max(verdicts, key=list(Verdict).index)


@dataclass(frozen=True)
class Comparison:
    """A measured slope beside the computed one.

    Attributes
    ----------
    numeric, analytic : float
        The slope by central difference, and by the gradient under test.
    relative_error : float
        Their difference over the larger of the two; at most 1e-7 if rounding explains it.
    kink : bool
        Whether the function bends sharply here: the slopes to the left and to the right differ,
        there is no derivative, and the comparison proves nothing either way.
    """

    numeric: float
    analytic: float
    relative_error: float
    kink: bool

    @property
    def verdict(self) -> Verdict:
        """The verdict on the relative error; at a kink, only a suspicion."""
        return Verdict.SUSPICIOUS if self.kink else verdict(self.relative_error)


@dataclass(frozen=True)
class CellCheck(Comparison):
    """The check of a single cell, with the three evaluations that it was made from.

    Attributes
    ----------
    cell : tuple of int
        Which cell of the array was nudged.
    eps : float
        How far.
    below, here, above : float
        What the function gives with the cell at x − ε, at x, and at x + ε.
    """

    cell: tuple[int, ...]
    eps: float
    below: float
    here: float
    above: float

    @property
    def slope_below(self) -> float:
        """The slope to the left, (f(x) − f(x − ε)) / ε; at a kink it is not the one above."""
        return (self.here - self.below) / self.eps

    @property
    def slope_above(self) -> float:
        """The slope to the right, (f(x + ε) − f(x)) / ε."""
        return (self.above - self.here) / self.eps


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The check of one array: along one random direction, and cell by cell.

    Attributes
    ----------
    name : str
        "x", or in a model "input" or for example "conv1.weight".
    directional : Comparison
        The slope along a random direction: two evaluations look at all cells at once.
    numeric, analytic, relative_error : ndarray of float64
        The comparisons of the cells, in the array's shape; numeric and relative_error are nan
        where `cells` left a cell out.
    kinks : ndarray of bool
        Where a kink was met.
    """

    name: str
    directional: Comparison
    numeric: Array
    analytic: Array
    relative_error: Array
    kinks: NDArray[np.bool_]

    @property
    def worst_error(self) -> float:
        """The largest relative error of the direction and the cells, kinks left out."""
        directional = 0.0 if self.directional.kink else self.directional.relative_error
        looked_at = ~(np.isnan(self.numeric) | self.kinks)
        return float(np.max(self.relative_error[looked_at], initial=directional))

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the direction and the cells."""
        kinks = self.directional.kink or self.kinks.any()
        at_best = Verdict.SUSPICIOUS if kinks else Verdict.EXCELLENT
        return _worst(iter((at_best, verdict(self.worst_error))))


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The checks of all arrays; print it for a table with both numbers."""

    checks: tuple[GradientCheck, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all checks."""
        return _worst(check.verdict for check in self.checks)

    def __getitem__(self, name: str) -> GradientCheck:
        """Return the check of one array by its name."""
        return {check.name: check for check in self.checks}[name]

    def __str__(self) -> str:
        """Write a line per array: the directional slopes, and the worst of its errors."""
        lines = [f"{'':16}{'numeric':>14}{'analytic':>14}{'worst error':>13}{'kinks':>7}  verdict"]
        for check in self.checks:
            line = check.directional
            lines.append(
                f"{check.name:16}{line.numeric:14.6g}{line.analytic:14.6g}"
                f"{check.worst_error:13.1e}{check.kinks.sum() + line.kink:7}  {check.verdict}"
            )
        return "\n".join(lines)


def check_gradients(
    model_or_function: Sequential | Callable[[Array], Any],
    x: ArrayLike,
    grad_or_target: ArrayLike,
    /,
    *,
    rng: np.random.Generator,
    loss: Loss = cross_entropy,
    eps: float = 1e-5,
    cells: int | None = None,
) -> GradientReport:
    """Compare a gradient with central differences, in float64.

    Either ``check_gradients(function, x, grad, rng=rng)`` for a function of one array, or
    ``check_gradients(model, x, labels, rng=rng)`` for every parameter and the input of a model.

    Parameters
    ----------
    model_or_function : callable or Sequential
        A function that maps `x` to one number, or a model with float64 parameters.
    x : array_like
        Where to check: the function's argument, or a batch (N, C, H, W) for the model. Its
        numbers should be of the order of 1.
    grad_or_target : array_like
        The gradient under test, in the shape of `x`; for a model what `loss` compares the output
        with, as a rule the labels.
    rng : numpy.random.Generator
        Draws the directions, and the cells.
    loss : callable
        For a model: (output, target) -> (loss, grad_output).
    eps : float
        How far to nudge.
    cells : int, optional
        How many cells of each array to check one by one, drawn at random. All by default.

    Returns
    -------
    GradientReport
        One check, of "x", for a function; for a model "input" and "layer.parameter" each.
        The model's parameters, gradients and statistics are as they were before.

    Raises
    ------
    ValueError
        If the shapes of x and gradient differ, x is empty, the function does not return one
        finite number, the model is not float64, or another parameter does not fit.

    Notes
    -----
    A cell that fails is looked at again with half the nudge. The slopes to the left and to the
    right come together in proportion where the function is smooth; at a kink they do not.

    Examples
    --------
    The gradient of Σx² is 2x; let us claim x for the last cell:

    >>> rng = np.random.default_rng(0)
    >>> report = check_gradients(lambda x: (x**2).sum(), [1.0, 2, 3], [2.0, 4, 3], rng=rng)
    >>> check = report["x"]
    >>> check.numeric.round(6), check.analytic
    (array([2., 4., 6.]), array([2., 4., 3.]))
    >>> [str(verdict(error)) for error in check.relative_error]
    ['excellent', 'excellent', 'wrong']
    """
    _check_eps(eps)
    if cells is not None and cells < 0:
        raise ValueError(f"`cells` (={cells}) must not be negative.")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"`rng` (={rng!r}) must be a generator, as np.random.default_rng(0) is.")
    point = np.array(x, dtype=np.float64)
    if not point.size:
        raise ValueError(f"`x` has shape {point.shape}; there is nothing to check.")
    options: dict[str, Any] = {"rng": rng, "eps": eps, "cells": cells}
    if isinstance(model_or_function, Sequential):
        return _check_model(model_or_function, point, grad_or_target, loss, options)
    grad = np.array(grad_or_target, dtype=np.float64)
    return GradientReport((_check_array("x", model_or_function, point, grad, **options),))


def check_cell(
    function: Callable[[Array], Any],
    x: ArrayLike,
    grad: ArrayLike,
    cell: tuple[int, ...],
    *,
    eps: float = 1e-5,
) -> CellCheck:
    """Compare one cell of a gradient with the central difference, in float64.

    Parameters
    ----------
    function : callable
        Maps `x` to one number.
    x, grad : array_like
        Where to check, and the gradient under test in the same shape.
    cell : tuple of int
        The index of the cell in `x`.
    eps : float
        How far to nudge.

    Returns
    -------
    CellCheck
        Both slopes, and the function's values below, here and above.

    Raises
    ------
    ValueError
        If the shapes differ, x has no such cell, the function does not return one finite number,
        or eps is out of range.

    Examples
    --------
    The larger of two cells has slope 1, the other 0; of two equal ones neither has a slope:

    >>> report = check_cell(np.max, [1.0, 7], [0, 1.0], (1,))
    >>> round(report.numeric, 6), report.analytic, report.kink
    (1.0, 1.0, False)
    >>> report = check_cell(np.max, [7.0, 7], [1.0, 0], (0,))
    >>> round(report.slope_below, 6), round(report.slope_above, 6), report.kink
    (0.0, 1.0, True)
    """
    _check_eps(eps)
    point, grad = np.array(x, dtype=np.float64), np.array(grad, dtype=np.float64)
    _check_same_shape(point, grad)
    is_inside = [0 <= i < size for i, size in zip(cell, point.shape, strict=False)]
    if len(cell) != point.ndim or not all(is_inside):
        raise ValueError(f"`x` has shape {point.shape} and no `cell` (={cell}).")

    def along(step: float) -> float:
        nudged = point.copy()
        nudged[cell] += step
        return _number(function(nudged))

    found = _compare(along, float(grad[cell]), eps)
    return CellCheck(
        **vars(found), cell=cell, eps=eps, below=along(-eps), here=along(0.0), above=along(eps)
    )


def _check_model(
    model: Sequential, x: Array, target: ArrayLike, loss: Loss, options: dict[str, Any]
) -> GradientReport:
    """Check the input and each parameter of a model, and leave it as it was."""
    params, grads = model.flat_params, model.flat_grads
    if params.dtype != np.float64:
        raise ValueError(
            f"`model` has {params.dtype} parameters, too coarse for central differences; "
            "build its layers with dtype=np.float64."
        )

    def loss_at(x: Array) -> Any:
        return loss(model.forward(x), target)[0]

    kept_params, kept_grads = params.copy(), grads.copy()
    kept_statistics = {name: value.copy() for name, value in model.statistics.items()}
    try:
        grad_output = loss(model.forward(x), target)[1]
        grad_input = np.array(model.backward(grad_output))
        computed = {
            f"{name}.{key}": (layer.params[key], grad.copy())
            for name, layer in zip(model.names, model.layers, strict=True)
            for key, grad in layer.grads.items()
        }
        checks = [_check_array("input", loss_at, x, grad_input, **options)]
        for name, (param, grad) in computed.items():

            def loss_with(value: Array, param: Array = param) -> Any:
                param[...] = value
                return loss_at(x)

            checks.append(_check_array(name, loss_with, param.copy(), grad, **options))
            params[...] = kept_params
    finally:
        params[...] = kept_params
        grads[...] = kept_grads
        for name, value in kept_statistics.items():
            model.statistics[name][...] = value
    return GradientReport(tuple(checks))


def _check_array(
    name: str,
    function: Callable[[Array], Any],
    x: Array,
    grad: Array,
    *,
    rng: np.random.Generator,
    eps: float,
    cells: int | None,
) -> GradientCheck:
    """Check the gradient of a function of one array."""
    _check_same_shape(x, grad)

    def compare(direction: Array, analytic: float) -> Comparison:
        return _compare(lambda step: _number(function(x + step * direction)), analytic, eps)

    direction = rng.normal(size=x.shape)
    direction /= np.linalg.norm(direction)
    directional = compare(direction, float(np.sum(direction * grad)))

    numeric, relative_error = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    kinks = np.zeros(x.shape, dtype=bool)
    chosen = np.arange(x.size)
    if cells is not None and cells < x.size:
        chosen = rng.choice(x.size, size=cells, replace=False)
    for cell in chosen:
        one_cell = np.zeros(x.shape)
        one_cell.flat[cell] = 1
        found = compare(one_cell, float(grad.flat[cell]))
        numeric.flat[cell], relative_error.flat[cell] = found.numeric, found.relative_error
        kinks.flat[cell] = found.kink
    return GradientCheck(name, directional, numeric, grad, relative_error, kinks)


def _compare(along: Callable[[float], float], analytic: float, eps: float) -> Comparison:
    """Compare the slope of a function of one number at 0 with what it is said to be."""
    right, left = along(eps), along(-eps)
    numeric = (right - left) / (2 * eps)
    difference = abs(numeric - analytic)
    relative_error = difference / max(abs(numeric), abs(analytic)) if difference else 0.0
    # The function's last digits are chance. A difference that they explain is no fault.
    noise = 10 * float(np.finfo(np.float64).eps) * max(abs(right), abs(left)) / eps
    if difference <= noise:
        relative_error = min(relative_error, EXCELLENT)
    kink = False
    if verdict(relative_error) is not Verdict.EXCELLENT:
        here = along(0.0)
        bend = (right - 2 * here + left) / eps  # right slope − left slope
        half = (along(eps / 2) - 2 * here + along(-eps / 2)) / (eps / 2)
        kink = bool(abs(bend - 2 * half) > 0.1 * abs(bend) + 20 * noise)
    return Comparison(numeric, analytic, relative_error, kink)


def _check_eps(eps: float) -> None:
    if not 0 < eps < 1:
        raise ValueError(f"`eps` (={eps}) must lie between 0 and 1.")


def _check_same_shape(x: Array, grad: Array) -> None:
    if grad.shape != x.shape:
        raise ValueError(f"The gradient has shape {grad.shape}, but `x` has shape {x.shape}.")


def _number(value: Any) -> float:
    if np.size(value) != 1 or not np.isfinite(value).all():
        raise ValueError(f"The function must return one finite number, not {value}.")
    return float(np.reshape(value, ()))
