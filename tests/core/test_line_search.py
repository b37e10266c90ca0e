"""The line search: its two conditions, hostile functions, and what it says when it fails."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.line_search import Trial, strong_wolfe

C1, C2 = 1e-4, 0.9


def search(loss, slope, first_step=1.0, **options):
    start = Trial(0.0, loss(0.0), slope(0.0))
    return start, strong_wolfe(lambda a: (loss(a), slope(a)), start, first_step, **options)


def assert_wolfe(start, result, c1=C1, c2=C2):
    accepted = result.accepted
    assert result.wolfe
    assert accepted is result.trials[-1]
    assert accepted.loss <= start.loss + c1 * accepted.step_length * start.slope
    assert abs(accepted.slope) <= c2 * abs(start.slope)


@given(
    minimum=st.floats(1e-3, 1e3),
    curvature=st.floats(1e-3, 1e3),
    first_step=st.floats(1e-3, 1e3),
    c2=st.sampled_from([0.1, 0.5, 0.9]),
)
def test_parabolas(minimum, curvature, first_step, c2):
    start, result = search(
        lambda a: curvature * (a - minimum) ** 2,
        lambda a: 2 * curvature * (a - minimum),
        first_step,
        c2=c2,
    )
    assert_wolfe(start, result, c2=c2)
    assert len(result.trials) <= 9


# The test functions of Moré and Thuente (1994), section 5: flat, crooked and noisy valleys.
def wolfe_1(a, b=2.0):
    return -a / (a * a + b), (a * a - b) / (a * a + b) ** 2


def wolfe_2(a, b=0.004):
    return (a + b) ** 5 - 2 * (a + b) ** 4, 5 * (a + b) ** 4 - 8 * (a + b) ** 3


def wiggles(a, b=0.01, k=39):
    if a <= 1 - b:
        valley, valley_slope = 1 - a, -1.0
    elif a >= 1 + b:
        valley, valley_slope = a - 1, 1.0
    else:
        valley, valley_slope = (a - 1) ** 2 / (2 * b) + b / 2, (a - 1) / b
    wave = 2 * (1 - b) / (k * math.pi) * math.sin(k * math.pi / 2 * a)
    return valley + wave, valley_slope + (1 - b) * math.cos(k * math.pi / 2 * a)


@pytest.mark.parametrize("function", [wolfe_1, wolfe_2, wiggles])
@pytest.mark.parametrize("first_step", [1e-3, 1e-1, 1e1, 1e3])
def test_functions_of_more_and_thuente(function, first_step):
    start = Trial(0.0, *function(0.0))
    result = strong_wolfe(function, start, first_step, c2=0.5)
    assert_wolfe(start, result, c2=0.5)


def test_a_loss_that_overflows_means_too_far():
    def cliff(a):
        return ((a - 1) ** 2, 2 * (a - 1)) if a < 1.5 else (math.inf, math.nan)

    start = Trial(0.0, *cliff(0.0))
    result = strong_wolfe(cliff, start, first_step=100.0)
    assert_wolfe(start, result)
    assert [t.loss for t in result.trials[:-1]] == [math.inf] * (len(result.trials) - 1)


def test_without_a_good_step_the_lowest_trial_is_taken():
    """A line that falls for ever has no step with a flat slope."""
    start, result = search(lambda a: -a, lambda a: -1.0, max_trials=4)
    assert not result.wolfe
    assert len(result.trials) == 4
    assert result.accepted == min(result.trials, key=lambda t: t.loss)
    assert result.accepted.loss < start.loss


def test_where_nothing_is_lower_the_start_is_kept():
    """The slope promises a descent that the loss does not keep, as rounding can have it."""
    start, result = search(lambda a: abs(a), lambda a: -1.0)
    assert result.accepted is start
    assert not result.wolfe


def test_it_stops_below_what_the_loss_can_show():
    start, result = search(lambda a: abs(a), lambda a: -1.0, resolution=1e-3)
    assert result.accepted is start
    assert all(t.step_length > 1e-3 for t in result.trials)
    assert len(result.trials) < 10


@pytest.mark.parametrize("slope", [0.0, 1.0, math.nan])
def test_uphill_there_is_nothing_to_search(slope):
    start, result = search(lambda a: a, lambda a: slope)
    assert result.accepted is start
    assert result.trials == ()
