"""The two ways to a probability against a calculator with sixty digits."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.two_scores import REACHES, TwoScores, curve, power

SCORES = st.integers(-10_000, 10_000).map(lambda tenths: tenths / 10)
TINY = 1e-15


def by_hand(first: float, second: float) -> Decimal:
    """e^second / (e^first + e^second), exact to many digits however large the scores are."""
    with localcontext() as context:
        context.prec = 60
        powers = [Decimal(repr(score)).exp() for score in (first, second)]
        return powers[1] / sum(powers)


@given(SCORES, SCORES)
def test_both_ways_give_the_quotient_of_the_powers(first: float, second: float) -> None:
    scores = TwoScores(first, second)
    expected = float(by_hand(first, second))
    assert scores.softmax[1] == pytest.approx(expected, abs=1e-13)
    assert scores.sigmoid == pytest.approx(expected, abs=1e-13)
    assert scores.softmax.sum() == pytest.approx(1, abs=TINY)
    assert scores.gap == abs(scores.softmax[1] - scores.sigmoid) <= TINY


@given(SCORES, SCORES, st.integers(-99, 99))
def test_what_is_added_to_both_changes_nothing(first: float, second: float, by: int) -> None:
    moved = TwoScores(first + by, second + by)
    np.testing.assert_allclose(moved.softmax, TwoScores(first, second).softmax, atol=1e-12)
    np.testing.assert_allclose(moved.lowered.softmax, moved.softmax, atol=1e-12)


@given(SCORES, SCORES)
def test_powers_are_only_called_plain_where_they_can_be_divided(
    first: float, second: float
) -> None:
    scores = TwoScores(first, second)
    if scores.is_plain:
        one, two = scores.powers
        assert one is not None
        assert two is not None
        assert two / (one + two) == pytest.approx(float(by_hand(first, second)), abs=TINY)
    else:
        assert max(first, second) > 709 or max(first, second) < -740
    assert scores.lowered.is_plain
    assert max(scores.lowered.first, scores.lowered.second) == 0
    assert scores.looks_certain == (f"{min(scores.softmax):.6f}" == "0.000000")
    assert -scores.reach <= min(first, second) <= max(first, second) <= scores.reach


def test_a_power_beyond_all_numbers_is_none_and_one_below_them_is_zero() -> None:
    assert power(709.7) == pytest.approx(1.65e308, rel=0.01)
    assert power(709.8) is None
    assert power(-746) == 0


@pytest.mark.parametrize("reach", REACHES)
def test_the_curve_goes_over_all_differences_that_the_axis_allows(reach: int) -> None:
    values = curve(reach)
    middle = len(values) // 2
    assert values[middle] == 0.5
    ends = [float(by_hand(reach, -reach)), float(by_hand(-reach, reach))]
    assert [values[0], values[-1]] == pytest.approx(ends, abs=TINY)
    quarter = values[middle // 2]  # half way from the left end to the middle
    assert quarter == pytest.approx(float(by_hand(reach, 0)), abs=TINY)
