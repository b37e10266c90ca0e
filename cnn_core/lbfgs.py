"""L-BFGS: a step that knows the curvature, as long as a line search finds good.

SGD and Adam take one step per gradient: `optimizer.step(model)`. L-BFGS tries several step
lengths before it settles on one, and needs the loss and the gradient at each of them; so it
alone is also given a way to ask: `optimizer.step(model, closure)`.
"""

from __future__ import annotations

import copy
import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .line_search import LineSearch, Trial, strong_wolfe
from .optim import HasParameters

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CurvaturePair:
    """What a step taught about the curvature: the move `s` changed the gradient by `y`."""

    s: Vector
    y: Vector

    @property
    def curvature(self) -> float:
        """The product s·y: positive where the loss curves upwards along the step."""
        return float(self.s @ self.y)


@dataclass(frozen=True)
class LBFGSReport:
    """What one L-BFGS iteration did.

    Attributes
    ----------
    loss_before, loss : float
        The loss at the start and at the end of the iteration; never higher at the end.
    step_length : float
        The accepted multiple of the direction; 0 if no trial lowered the loss.
    slope : float
        The slope of the loss along the direction at step length 0; never positive.
    direction : (n,) ndarray of float64
        Where the line search looked: the parameters moved by `step_length * direction`.
    trials : tuple of Trial
        The (step_length, loss, slope) of every trial of the line search (of the second one,
        if `restarted`).
    wolfe : bool
        Whether the accepted trial meets the strong Wolfe conditions; if not, it is only lower.
    evaluations : int
        Calls of the closure in this iteration; each computes a loss and a gradient.
    steepest_descent : bool
        Whether the direction was the negative gradient: there was no curvature pair to use.
    restarted : bool
        Whether the direction that the pairs gave led nowhere, so that they were thrown away.
    curvature : float
        The product s·y of this step.
    pair_kept : bool
        Whether the step's pair joined the history; without positive curvature it is skipped.
    pairs : int
        The number of pairs in the history now.
    converged : bool
        Whether not even the negative gradient leads lower, as far as the loss can show.
    """

    loss_before: float
    loss: float
    step_length: float
    slope: float
    trials: tuple[Trial, ...]
    wolfe: bool
    evaluations: int
    steepest_descent: bool
    restarted: bool
    curvature: float
    pair_kept: bool
    pairs: int
    converged: bool
    direction: Vector = field(repr=False, compare=False)  # as many numbers as the model has


def two_loop(gradient: Vector, pairs: Iterable[CurvaturePair]) -> Vector:
    """Multiply a gradient by the inverse Hessian that curvature pairs suggest.

    The matrix is never formed. The first loop takes out of the gradient, newest pair first,
    what each pair explains. The rest is scaled by the newest pair's s·y / y·y. The second loop
    puts in, oldest pair first, the moves that belong to what was taken out.

    Parameters
    ----------
    gradient : (n,) ndarray of float64
    pairs : iterable of CurvaturePair
        From the oldest to the newest, each with positive curvature.

    Returns
    -------
    (n,) ndarray of float64
        Its negative leads downhill. Without pairs it is the gradient itself.

    References
    ----------
    Nocedal and Wright, *Numerical Optimization*, 2nd edition, 2006, algorithm 7.4.

    Examples
    --------
    A move by 1 changed the slope by 4, so a slope of 8 is a distance of 2 from the minimum:

    >>> two_loop(np.array([8.0]), [CurvaturePair(s=np.array([1.0]), y=np.array([4.0]))])
    array([2.])
    """
    pairs = list(pairs)
    result = gradient.copy()
    weights = []
    for pair in reversed(pairs):
        weight = pair.s @ result / pair.curvature
        result -= weight * pair.y
        weights.append(weight)

    if pairs:
        newest = pairs[-1]
        result *= newest.curvature / (newest.y @ newest.y)

    for pair, weight in zip(pairs, reversed(weights), strict=True):
        result += (weight - pair.y @ result / pair.curvature) * pair.s
    return result


class LBFGS:
    """L-BFGS: a quasi-Newton method that learns the curvature from its own last steps.

    The direction comes from the gradient and the last `history_size` curvature pairs
    (`two_loop`), the step length from a line search (`strong_wolfe`). There is no learning rate,
    and the loss never rises. It computes in float64, whatever the model's dtype.

    Give it the whole training set, or large batches: a curvature pair compares two gradients of
    one batch, and what a small batch says of the curvature is mostly chance.

    Parameters
    ----------
    history_size : int
        The number of curvature pairs to keep.
    max_line_search : int
        The most trials of a line search.
    c1, c2 : float
        The constants of the strong Wolfe conditions, 0 < c1 < c2 < 1.

    Attributes
    ----------
    pairs : deque of CurvaturePair
        The history, from the oldest to the newest.

    Raises
    ------
    ValueError
        If a parameter is out of range.

    References
    ----------
    Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.

    Examples
    --------
    The loss p² from p = 3. The first trial moves by a distance of 1 along the negative gradient;
    the curvature pair of that step then leads straight to the minimum:

    >>> from types import SimpleNamespace
    >>> model = SimpleNamespace(flat_params=np.array([3.0]), flat_grads=np.zeros(1))
    >>> def closure():
    ...     model.flat_grads[:] = 2 * model.flat_params
    ...     return model.flat_params[0] ** 2
    >>> lbfgs = LBFGS()
    >>> lbfgs.step(model, closure).loss
    4.0
    >>> lbfgs.step(model, closure).loss
    0.0
    """

    def __init__(
        self,
        history_size: int = 10,
        *,
        max_line_search: int = 25,
        c1: float = 1e-4,
        c2: float = 0.9,
    ) -> None:
        if history_size < 1:
            raise ValueError(f"`history_size` (={history_size}) must be at least 1.")
        if max_line_search < 1:
            raise ValueError(f"`max_line_search` (={max_line_search}) must be at least 1.")
        if not 0 < c1 < c2 < 1:
            raise ValueError(f"`c1` (={c1}) and `c2` (={c2}) must satisfy 0 < c1 < c2 < 1.")
        self.max_line_search = max_line_search
        self.c1, self.c2 = c1, c2
        self.pairs: deque[CurvaturePair] = deque(maxlen=history_size)

    def copy(self) -> Self:
        """Return one that would go on exactly like this one; pairs never change, so they share."""
        twin = copy.copy(self)
        twin.pairs = deque(self.pairs, self.pairs.maxlen)
        return twin

    @property
    def memory(self) -> tuple[Vector, ...]:
        """All vectors that it keeps from step to step."""
        return tuple(vector for pair in self.pairs for vector in (pair.s, pair.y))

    @np.errstate(all="ignore")  # a trial may go too far; the line search then comes back
    def step(
        self, model: HasParameters, closure: Callable[[], float], loss: float | None = None
    ) -> LBFGSReport:
        """Make one iteration: a direction, a line search along it, a curvature pair.

        Parameters
        ----------
        model : Sequential
        closure : callable
            Computes the loss at the model's present parameters, leaves the gradients in the
            model and returns the loss. All its calls must compute the same function.
        loss : float, optional
            The loss at the present parameters, if it is known and the model holds its gradients:
            saves one call. From step to step of one function, pass the last report's `loss`.

        Returns
        -------
        LBFGSReport
            The closure's last call was at the accepted parameters, if it was called at all.

        Raises
        ------
        ValueError
            If the loss or the gradient is inf or nan to begin with.
        """
        objective = _Objective(model, closure)
        origin = objective.point
        if loss is None:
            loss = objective(origin)
        before = objective.gradient()
        if not (math.isfinite(loss) and np.isfinite(before).all()):
            raise ValueError(f"The loss (={loss}) and its gradient must be finite to begin with.")

        direction, search = self._search(objective, origin, before, loss)
        restarted = bool(self.pairs) and search.accepted.step_length == 0
        if restarted:
            self.pairs.clear()
            direction, search = self._search(objective, origin, before, loss)
        accepted, steepest_descent = search.accepted, not self.pairs
        end = origin + accepted.step_length * direction if accepted.step_length else origin
        if not np.array_equal(objective.point, end):
            objective(end)  # the best trial was not the last

        pair = CurvaturePair(model.flat_params - origin, objective.gradient() - before)
        lengths = np.linalg.norm(pair.s) * np.linalg.norm(pair.y)
        pair_kept = bool(pair.curvature > 1e-10 * lengths)
        if pair_kept:
            self.pairs.append(pair)
        return LBFGSReport(
            loss_before=loss,
            loss=accepted.loss,
            step_length=accepted.step_length,
            slope=float(direction @ before),
            trials=search.trials,
            wolfe=search.wolfe,
            evaluations=objective.evaluations,
            steepest_descent=steepest_descent,
            restarted=restarted,
            curvature=pair.curvature,
            pair_kept=pair_kept,
            pairs=len(self.pairs),
            converged=accepted.step_length == 0,
            direction=direction,
        )

    def _search(
        self, objective: _Objective, origin: Vector, gradient: Vector, loss: float
    ) -> tuple[Vector, LineSearch]:
        """Choose a direction and search along it."""
        direction = -two_loop(gradient, self.pairs)
        length = np.linalg.norm(direction)
        # The pairs scale the direction: its full length is the natural first step. The negative
        # gradient has no such scale: move by a distance of 1.
        first_step = 1.0 if self.pairs or not length else 1.0 / float(length)

        def look(step_length: float) -> tuple[float, float]:
            loss = objective(origin + step_length * direction)
            return loss, float(direction @ objective.gradient())

        search = strong_wolfe(
            look,
            Trial(0.0, loss, slope=float(direction @ gradient)),
            first_step,
            c1=self.c1,
            c2=self.c2,
            max_trials=self.max_line_search,
            resolution=objective.precision * abs(loss),
        )
        return direction, search


class _Objective:
    """The loss as a function of the parameter vector, and how often it was computed."""

    def __init__(self, model: HasParameters, closure: Callable[[], float]) -> None:
        self.model = model
        self.closure = closure
        self.point = model.flat_params.astype(np.float64)
        self.evaluations = 0
        self.precision = float(np.finfo(model.flat_params.dtype).eps)

    def __call__(self, point: Vector) -> float:
        self.model.flat_params[...] = point
        self.point = point
        self.evaluations += 1
        return float(self.closure())

    def gradient(self) -> Vector:
        """Copy the gradient that the last call left."""
        return self.model.flat_grads.astype(np.float64)
