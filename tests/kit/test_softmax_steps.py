"""From scores to shares: identities, and where the formula as it is written leaves the floats."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.softmax_steps import LIMIT, LIMIT_32, Steps, naive_softmax

SCORES = st.lists(st.floats(-10, 10), min_size=2, max_size=4).map(np.array)
ADDED = st.floats(-1000, 1000)
TEMPERATURE = st.floats(0.1, 10)
TROUBLES = ("overflow", "overflow of the sum", "underflow")


def exact_shares(scores: list[float], added: float, temperature: float) -> list[float]:
    """The formula in arithmetic that does not overflow."""
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 60, 10**8, -(10**8)
        exponents = [(Decimal(z) + Decimal(added)) / Decimal(temperature) for z in scores]
        powers = [exponent.exp() for exponent in exponents]
        return [float(power / sum(powers)) for power in powers]


@given(scores=SCORES, added=ADDED, temperature=TEMPERATURE)
def test_shifted_shares_are_the_formulas_whatever_is_added(
    scores: np.ndarray, added: float, temperature: float
) -> None:
    steps = Steps(scores, added, temperature, is_shifted=True)
    expected = exact_shares(scores.tolist(), added, temperature)
    np.testing.assert_allclose(steps.shares, expected, rtol=1e-9, atol=1e-300)
    assert steps.shares.sum() == pytest.approx(1, abs=1e-14)
    assert steps.powers.max() == 1
    assert 1 <= steps.total <= len(scores)
    assert steps.trouble is None
    np.testing.assert_allclose(steps.powers / steps.total, steps.shares, rtol=1e-12)


@given(scores=SCORES, added=st.floats(-60, 60), temperature=TEMPERATURE)
def test_as_it_is_written_the_formula_gives_the_same_where_it_gives_anything(
    scores: np.ndarray, added: float, temperature: float
) -> None:
    steps = Steps(scores, added, temperature)
    np.testing.assert_array_equal(steps.exponents, (scores + added) / temperature)
    if steps.trouble in (None, "overflow in float32") and steps.exponents.max() > -600:
        expected = exact_shares(scores.tolist(), added, temperature)
        np.testing.assert_allclose(steps.shares, expected, rtol=1e-9, atol=1e-80)


@given(scores=SCORES, temperature=TEMPERATURE)
def test_the_temperature_does_not_change_who_is_ahead(
    scores: np.ndarray, temperature: float
) -> None:
    steps = Steps(scores, temperature=temperature, is_shifted=True)
    assert steps.winner is not None
    assert steps.shares[steps.winner] == steps.shares[np.argmax(scores)]


@pytest.mark.parametrize(
    ("scores", "trouble", "powers", "shares"),
    [
        ([1000, 1000], "overflow", [np.inf, np.inf], [np.nan, np.nan]),
        ([710, 0], "overflow", [np.inf, 1], [np.nan, 0]),
        ([709.5, 709.5], "overflow of the sum", [np.exp(709.5)] * 2, [0, 0]),
        ([-746, -1000], "underflow", [0, 0], [np.nan, np.nan]),
        ([88.8, 88.8], "overflow in float32", [np.exp(88.8)] * 2, [0.5, 0.5]),
        ([88.7, 88.7], None, [np.exp(88.7)] * 2, [0.5, 0.5]),
        ([-744, -2000], None, [np.exp(-744.0), 0], [1, 0]),
    ],
)
def test_where_the_powers_leave_the_range_of_a_float(
    scores: list[float], trouble: str | None, powers: list[float], shares: list[float]
) -> None:
    steps = Steps(np.array(scores, float))
    assert steps.trouble == trouble
    np.testing.assert_array_equal(steps.powers, powers)
    np.testing.assert_array_equal(steps.shares, shares)
    np.testing.assert_array_equal(naive_softmax(steps.scaled), shares)
    assert steps.winner == (None if trouble in TROUBLES else 0)
    shifted = Steps(np.array(scores, float), is_shifted=True)
    assert shifted.trouble is None
    assert np.isfinite(shifted.shares).all()


def test_the_limits_are_where_floats_end() -> None:
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(np.float64(LIMIT) - 1e-9))
        assert np.isinf(np.exp(np.float64(LIMIT) + 1e-9))
        assert np.isfinite(np.exp(np.float32(LIMIT_32) - np.float32(1e-4)))
        assert np.isinf(np.exp(np.float32(LIMIT_32) + np.float32(1e-4)))


def test_a_rival_is_the_best_of_the_others() -> None:
    steps = Steps(np.array([1.0, 4.0, 3.0, 2.0]))
    assert [steps.rival(k) for k in range(4)] == [1, 2, 1, 1]
