"""The price on large weights: its gradient by differences, and what training does with it."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import L2, LBFGS, SGD, Adam, build_network, fit, load_dataset

DATA = load_dataset("xo", rng=np.random.default_rng(0), train_size=40, test_size=4)


@given(
    st.floats(0, 10),
    st.lists(st.floats(-100, 100), min_size=1, max_size=8),
    st.integers(0, 2**32 - 1),
)
def test_the_gradient_is_the_slope(strength, params, seed) -> None:
    params = np.array(params)
    direction = np.random.default_rng(seed).normal(size=params.size)
    price = L2(strength)
    value, grad = price(params)
    assert value == pytest.approx(strength * sum(p * p for p in params) / 2)
    step = 1e-3
    slope = (price(params + step * direction)[0] - price(params - step * direction)[0]) / 2 / step
    assert grad @ direction == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_float32_stays_float32_and_the_parameters_stay() -> None:
    params = np.array([1, -2], np.float32)
    _value, grad = L2(0.1)(params)
    assert grad.dtype == np.float32
    np.testing.assert_array_equal(params, np.array([1, -2], np.float32))


@pytest.mark.parametrize("strength", [-0.1, math.nan, math.inf])
def test_a_strength_that_makes_no_sense_is_named(strength: float) -> None:
    with pytest.raises(ValueError, match="`strength`"):
        L2(strength)


def train(optimizer, steps, penalty=None, change=None):
    rng = np.random.default_rng(1)
    model = build_network("xo", rng=rng)
    run = fit(
        model, DATA, optimizer=optimizer, batch_size=40, epochs=steps, rng=rng, penalty=penalty
    )
    reports = []
    for step, report in enumerate(run):
        reports.append(report)
        if change:
            change(step, penalty)
    return model, reports


def test_sgd_with_it_is_weight_decay() -> None:
    """Each step takes λ·η of the weights away, beside what the loss asks for."""
    plain, _ = train(SGD(0.1), 1)
    start = build_network("xo", rng=np.random.default_rng(1)).flat_params
    decayed, (report,) = train(SGD(0.1), 1, L2(0.5))
    expected = plain.flat_params - 0.1 * 0.5 * start
    np.testing.assert_allclose(decayed.flat_params, expected, rtol=1e-5, atol=1e-7)
    assert report.penalty == pytest.approx(0.25 * float(np.vdot(start, start)))


@pytest.mark.parametrize("make", [lambda: SGD(0.1, 0.9), lambda: Adam(0.01), LBFGS])
def test_strength_zero_is_no_penalty(make) -> None:
    plain, reports = train(make(), 6)
    free, priced = train(make(), 6, L2(0.0))
    np.testing.assert_array_equal(plain.flat_params, free.flat_params)
    assert [r.loss for r in reports] == [r.loss for r in priced]
    assert {r.penalty for r in priced} == {0.0}


@pytest.mark.parametrize("make", [lambda: SGD(0.1, 0.9), lambda: Adam(0.01), LBFGS])
def test_it_keeps_the_weights_small(make) -> None:
    free, _ = train(make(), 30)
    held, _ = train(make(), 30, L2(0.1))
    assert np.linalg.norm(held.flat_params) < 0.8 * np.linalg.norm(free.flat_params)


def test_lbfgs_lowers_loss_and_penalty_together_even_when_the_strength_changes() -> None:
    def change(step, penalty):
        if step == 5:
            penalty.strength = 0.5

    _model, reports = train(LBFGS(), 15, L2(0.01), change)
    totals = [r.loss + r.penalty for r in reports]
    assert all(after <= before for before, after in itertools.pairwise(totals[:6]))
    assert all(after <= before for before, after in itertools.pairwise(totals[6:]))
    for report in reports[:6] + reports[7:]:
        assert report.line_search.loss_before == pytest.approx(report.loss + report.penalty)
    last = reports[6]  # the kept loss was that of another strength: it is not used
    assert last.penalty / reports[5].penalty > 20
