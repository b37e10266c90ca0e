"""How far to go: a line search along a direction that leads downhill.

Along a direction d the loss is a function of one number, the step length α. A good α is long
enough to make progress and short enough to end lower. The strong Wolfe conditions say so:

- sufficient decrease: loss(α) ≤ loss(0) + c1·α·slope(0)
- curvature: |slope(α)| ≤ c2·|slope(0)|: most of the descent along d has been used up

Nocedal and Wright, *Numerical Optimization*, 2nd edition, 2006, algorithms 3.5 and 3.6, here
in one loop.
"""

import math
from collections.abc import Callable
from typing import NamedTuple


class Trial(NamedTuple):
    """One look along the line: the loss and its slope at a step length."""

    step_length: float
    loss: float
    slope: float


class LineSearch(NamedTuple):
    """Where a line search ended: the accepted trial, all trials, and whether it is good."""

    accepted: Trial
    trials: tuple[Trial, ...]
    wolfe: bool


def strong_wolfe(
    evaluate: Callable[[float], tuple[float, float]],
    start: Trial,
    first_step: float,
    *,
    c1: float = 1e-4,
    c2: float = 0.9,
    max_trials: int = 25,
    resolution: float = 0.0,
) -> LineSearch:
    """Find a step length that satisfies the strong Wolfe conditions.

    Parameters
    ----------
    evaluate : callable
        Step length -> (loss, slope); a loss or slope of inf or nan means "too far".
    start : Trial
        The loss and the (negative) slope at step length 0.
    first_step : float
        The step length to try first.
    c1, c2 : float
        The constants of the two conditions, 0 < c1 < c2 < 1.
    max_trials : int
        Give up after so many trials.
    resolution : float
        The smallest difference that the loss can show; searching stops below it.

    Returns
    -------
    LineSearch
        When no trial meets the conditions, `accepted` is the lowest trial that lies below
        `start`, and `start` itself when there is none.

    Examples
    --------
    The loss (α − 3)² starts at 9 with slope −6. A step of 1 is too short: the slope is still −4.

    >>> parabola = lambda step: ((step - 3) ** 2, 2 * (step - 3))
    >>> search = strong_wolfe(parabola, Trial(0, 9, -6), first_step=1, c2=0.5)
    >>> [trial.step_length for trial in search.trials]
    [1, 3.0]
    >>> search.accepted
    Trial(step_length=3.0, loss=0.0, slope=0.0)
    """
    low = start  # the best trial so far, with a slope that leads towards `far`
    far: Trial | None = None  # a trial beyond the minimum, once there is one
    step = first_step
    trials: list[Trial] = []

    while len(trials) < max_trials and abs(step - low.step_length) * -start.slope > resolution:
        trial = Trial(step, *evaluate(step))
        trials.append(trial)
        allowed = start.loss + c1 * step * start.slope
        lower = trial.loss <= allowed and trial.loss < low.loss and math.isfinite(trial.slope)

        if not lower:
            far = trial
        elif abs(trial.slope) <= -c2 * start.slope:
            return LineSearch(trial, tuple(trials), wolfe=True)
        else:
            outwards = 1.0 if far is None else far.step_length - low.step_length
            if trial.slope * outwards >= 0:  # uphill from here: the minimum lies behind
                far = low
            elif far is None:
                step = _extrapolate(low, trial)
            low = trial
        if far is not None:
            step = _interpolate(low, far)

    lowest = min((t for t in trials if math.isfinite(t.slope)), key=lambda t: t.loss, default=start)
    accepted = lowest if lowest.loss < start.loss else start
    return LineSearch(accepted, tuple(trials), wolfe=False)


def _interpolate(low: Trial, far: Trial) -> float:
    """Where between two trials to look next: never too near to either."""
    width = far.step_length - low.step_length
    fraction = (_cubic_minimum(low, far) - low.step_length) / width
    if math.isnan(fraction):
        fraction = 0.5
    return low.step_length + width * min(max(fraction, 0.1), 0.9)


def _extrapolate(before: Trial, trial: Trial) -> float:
    """Where beyond `trial` to look next: between 2 and 10 times as far."""
    step = _cubic_minimum(before, trial)
    if math.isnan(step) or step <= trial.step_length:
        step = math.inf
    return min(max(step, 2 * trial.step_length), 10 * trial.step_length)


def _cubic_minimum(a: Trial, b: Trial) -> float:
    """Minimum of the cubic with the loss and slope of `a` and `b` (eq. 3.59); nan if none."""
    width = b.step_length - a.step_length
    d1 = a.slope + b.slope - 3 * (b.loss - a.loss) / width
    radicand = d1 * d1 - a.slope * b.slope
    if not 0 <= radicand < math.inf:
        return math.nan
    d2 = math.copysign(math.sqrt(radicand), width)
    denominator = b.slope - a.slope + 2 * d2
    if denominator == 0:
        return math.nan
    return b.step_length - width * (b.slope + d2 - d1) / denominator
