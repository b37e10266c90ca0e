"""L-BFGS against SciPy's, and its behaviour where there is nothing to gain."""

import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LbfgsInvHessProduct, minimize, rosen, rosen_der

from cnn_core.lbfgs import LBFGS, CurvaturePair, two_loop


def problem(function, gradient, start, dtype=np.float64):
    """Return a model whose parameters are the function's argument, and a closure that counts."""
    params = np.array(start, dtype=dtype)
    model = SimpleNamespace(flat_params=params, flat_grads=np.zeros_like(params), calls=0)

    def closure():
        model.calls += 1
        model.flat_grads[:] = gradient(model.flat_params)
        return function(model.flat_params)

    return model, closure


def minimise(model, closure, optimizer=None, iterations=2000, tolerance=1e-8):
    optimizer = optimizer or LBFGS()
    reports = []
    loss = None
    for _ in range(iterations):
        reports.append(optimizer.step(model, closure, loss))
        loss = reports[-1].loss
        if reports[-1].converged or np.abs(model.flat_grads).max() <= tolerance:
            break
    return reports


def quadratic(size, condition):
    rng = np.random.default_rng(size)
    rotation = np.linalg.qr(rng.normal(size=(size, size)))[0]
    hessian = (rotation * np.geomspace(1, condition, size)) @ rotation.T
    target = rng.normal(size=size)
    return (
        lambda x: 0.5 * (x - target) @ hessian @ (x - target),
        lambda x: hessian @ (x - target),
        np.zeros(size),
    )


def logistic_regression():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 20))
    sign = np.sign(x @ rng.normal(size=20) + rng.normal(size=200))
    return (
        lambda w: np.logaddexp(0, -sign * (x @ w)).sum() + 0.5 * w @ w,
        lambda w: w - x.T @ (sign / (1 + np.exp(sign * (x @ w)))),
        np.zeros(20),
    )


PROBLEMS = {
    "Rosenbrock, 2 parameters": (rosen, rosen_der, [-1.2, 1]),
    "Rosenbrock, 10 parameters": (rosen, rosen_der, [-1.0] * 10),
    "quadratic, condition 100": quadratic(50, 1e2),
    "quadratic, condition 10000": quadratic(100, 1e4),
    "logistic regression": logistic_regression(),
    "cosh from afar": (lambda x: np.cosh(x).sum(), np.sinh, [30.0, 20.0, 10.0]),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_same_minimum_as_scipy_for_a_comparable_price(name):
    function, gradient, start = PROBLEMS[name]
    options = {"maxcor": 10, "gtol": 1e-6, "ftol": 0, "maxiter": 5000, "maxfun": 20000}
    oracle = minimize(function, start, jac=gradient, method="L-BFGS-B", options=options)

    model, closure = problem(function, gradient, start)
    reports = minimise(model, closure, tolerance=1e-6)

    np.testing.assert_allclose(model.flat_params, oracle.x, rtol=1e-5, atol=1e-5)
    assert reports[-1].loss == pytest.approx(oracle.fun, rel=1e-9, abs=1e-9)
    assert model.calls <= 1.2 * oracle.nfev + 2


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_step_goes_down_and_says_what_it_did(name, dtype):
    function, gradient, start = PROBLEMS[name]
    model, closure = problem(function, gradient, start, dtype)
    reports = minimise(model, closure, iterations=150)

    assert model.flat_params.dtype == dtype
    assert sum(report.evaluations for report in reports) == model.calls
    for before, report in pairwise(reports):
        assert report.loss_before == before.loss
    for report in reports:
        assert report.slope <= 0
        assert report.converged == (report.step_length == 0)
        assert (report.loss < report.loss_before) != report.converged
        accepted = [t for t in report.trials if t.step_length == report.step_length]
        assert report.converged or accepted[0].loss == report.loss
        if report.wolfe:
            c1, c2 = 1e-4, 0.9
            allowed = report.loss_before + c1 * report.step_length * report.slope
            assert report.loss <= allowed
            assert abs(accepted[0].slope) <= -c2 * report.slope


def test_float32_comes_close_to_the_minimum():
    model, closure = problem(rosen, rosen_der, [-1.0] * 10, np.float32)
    reports = minimise(model, closure, iterations=500)
    assert reports[-1].converged
    np.testing.assert_allclose(model.flat_params, 1, atol=1e-4)


pairs_of_vectors = st.lists(
    st.tuples(*[st.lists(st.floats(-10, 10), min_size=4, max_size=4).map(np.array)] * 2),
    max_size=6,
)


@given(vectors=pairs_of_vectors)
def test_two_loop_is_scipys_inverse_hessian(vectors):
    """SciPy starts from the identity; scaling s and y by 1/√γ and √γ starts it from γ."""
    pairs = [CurvaturePair(s, y) for s, y in vectors if s @ y > 0.1]
    gradient = np.array([1.0, -2.0, 3.0, 0.5])
    if not pairs:
        np.testing.assert_array_equal(two_loop(gradient, pairs), gradient)
        return
    gamma = pairs[-1].curvature / (pairs[-1].y @ pairs[-1].y)
    s = np.array([pair.s for pair in pairs]) / math.sqrt(gamma)
    y = np.array([pair.y for pair in pairs]) * math.sqrt(gamma)
    expected = gamma * LbfgsInvHessProduct(s, y).matvec(gradient)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(two_loop(gradient, pairs), expected, rtol=1e-6, atol=1e-9 * scale)


def test_the_newest_pair_is_reproduced():
    """The secant equation: what changed the gradient by y was the step s."""
    rng = np.random.default_rng(0)
    pairs = [CurvaturePair(s, s * rng.uniform(1, 2, size=5)) for s in rng.normal(size=(4, 5))]
    np.testing.assert_allclose(two_loop(pairs[-1].y, pairs), pairs[-1].s)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_direction_is_the_line_on_which_the_trials_lie(name):
    function, gradient, start = PROBLEMS[name]
    model, closure = problem(function, gradient, start)
    optimizer, origin = LBFGS(), model.flat_params.copy()
    for _ in range(8):
        report = optimizer.step(model, closure)
        line, slope = report.direction, gradient(origin) @ report.direction
        assert report.slope == slope
        for trial in report.trials:
            point = origin + trial.step_length * line
            assert trial.loss == function(point)
            assert trial.slope == pytest.approx(gradient(point) @ line, rel=1e-12)
        np.testing.assert_array_equal(model.flat_params, origin + report.step_length * line)
        origin = model.flat_params.copy()


def test_history_is_bounded():
    model, closure = problem(*PROBLEMS["quadratic, condition 100"])
    optimizer = LBFGS(history_size=3)
    reports = minimise(model, closure, optimizer, iterations=6)
    assert [report.pairs for report in reports] == [1, 2, 3, 3, 3, 3]
    assert all(report.pair_kept and report.curvature > 0 for report in reports)
    assert [report.steepest_descent for report in reports] == [True] + [False] * 5


def test_at_the_minimum_it_says_converged_and_changes_nothing():
    model, closure = problem(lambda x: x @ x, lambda x: 2 * x, [0.0, 0.0])
    report = LBFGS().step(model, closure)
    assert report.converged
    assert report.evaluations == 1
    assert report.trials == ()
    np.testing.assert_array_equal(model.flat_params, [0, 0])


def test_a_gradient_that_points_uphill_is_survived():
    """Nothing along a wrong gradient is lower: the parameters stay, to the last bit."""
    start = [0.1, -0.7]
    model, closure = problem(lambda x: x @ x, lambda x: -2 * x, start)
    report = LBFGS().step(model, closure)
    assert report.converged
    assert report.loss == report.loss_before
    np.testing.assert_array_equal(model.flat_params, start)
    np.testing.assert_array_equal(model.flat_grads, [-0.2, 1.4])


def test_misleading_pairs_are_thrown_away():
    """A pair from a stiff direction of another function sends the step nowhere."""
    model, closure = problem(lambda x: x @ x, lambda x: 2 * x, [3.0, 4.0])
    optimizer = LBFGS()
    optimizer.pairs.append(CurvaturePair(np.array([1e-9, 0]), np.array([1e9, 0])))
    report = optimizer.step(model, closure)
    assert report.restarted
    assert report.steepest_descent
    assert report.loss < 25
    assert report.pairs == 1


def test_pairs_without_curvature_are_skipped():
    """Along a straight line the gradient does not change: s·y is 0."""
    model, closure = problem(lambda x: -x[0], lambda x: np.array([-1.0]), [0.0])
    report = LBFGS(max_line_search=3).step(model, closure)
    assert report.loss < 0
    assert not report.wolfe
    assert report.curvature == 0
    assert not report.pair_kept
    assert report.pairs == 0


def test_a_known_loss_saves_a_call():
    model, closure = problem(rosen, rosen_der, [-1.2, 1])
    first = LBFGS().step(model, closure)
    other, other_closure = problem(rosen, rosen_der, [-1.2, 1])
    second = LBFGS().step(other, other_closure, other_closure())
    np.testing.assert_array_equal(other.flat_params, model.flat_params)
    assert second.trials == first.trials
    assert second.evaluations == first.evaluations - 1


def test_the_last_call_is_at_the_accepted_parameters():
    seen = []

    def falling(x):
        seen.append(x.copy())
        return 1.0 if x[0] > 5 else -x[0]

    model, closure = problem(falling, lambda x: np.array([-1.0]), [0.0])
    report = LBFGS(max_line_search=2).step(model, closure)
    assert report.loss == -model.flat_params[0]
    np.testing.assert_array_equal(seen[-1], model.flat_params)
    assert report.trials[-1].step_length != report.step_length


def test_too_far_is_no_warning():
    """The first trial overflows float32; pytest would make a warning an error."""
    model, closure = problem(
        lambda x: np.exp(np.float32(200) * x[0]) + np.exp(-x[0]),
        lambda x: 200 * np.exp(np.float32(200) * x) - np.exp(-x),
        [-0.3],
        np.float32,
    )
    reports = minimise(model, closure, iterations=20)
    assert math.isinf(reports[0].trials[0].loss)
    assert reports[-1].loss < 1.05


@pytest.mark.parametrize(("loss", "slope"), [(math.nan, 1), (math.inf, 1), (1, math.nan)])
def test_it_does_not_start_where_nothing_is_finite(loss, slope):
    model, closure = problem(lambda x: loss, lambda x: np.array([slope]), [1.0])
    with pytest.raises(ValueError, match=r"must be finite to begin with"):
        LBFGS().step(model, closure)
    assert model.flat_params == [1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"history_size": 0}, r"`history_size` \(=0\)"),
        ({"max_line_search": 0}, r"`max_line_search` \(=0\)"),
        ({"c1": 0}, r"`c1` \(=0\) and `c2` \(=0.9\)"),
        ({"c1": 0.5, "c2": 0.1}, "0 < c1 < c2 < 1"),
        ({"c2": 1}, "0 < c1 < c2 < 1"),
        ({"c2": math.nan}, "0 < c1 < c2 < 1"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        LBFGS(**options)
