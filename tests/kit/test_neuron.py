"""One neuron: its line, its learning, and what no weights can do, against plain arithmetic."""

import math
from fractions import Fraction
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from pages.kit.neuron import (
    HIGH,
    LEARNING_RATE,
    LIMIT,
    LOW,
    STEPS,
    Neuron,
    best_with_bias,
    best_without_bias,
    descend,
    learned,
)
from pages.kit.segments import Task

weights = st.floats(-LIMIT, LIMIT).map(lambda value: round(value, 2))
neurons = st.builds(Neuron, st.tuples(weights, weights), weights)
grid = st.integers(0, 6)
clouds = st.lists(st.tuples(grid, grid, st.booleans()), min_size=1, max_size=12)


def score(neuron: Neuron, x: float, y: float) -> float:
    return neuron.weight[0] * x + neuron.weight[1] * y + neuron.bias


@given(neurons, st.sampled_from([-4.0, 0.0, 4.0]))
def test_the_line_has_its_score_at_both_ends_and_ends_at_the_border(
    neuron: Neuron, wanted: float
) -> None:
    line = neuron.line(wanted)
    corners = [score(neuron, x, y) - wanted for x in (LOW, HIGH) for y in (LOW, HIGH)]
    if line is None:
        assert min(corners) > -1e-6 or max(corners) < 1e-6 or neuron.norm == 0
        return
    assert min(corners) < 1e-6 < max(corners) + 2e-6
    for x, y in line:
        assert score(neuron, x, y) == pytest.approx(wanted, abs=1e-6)
        assert LOW - 1e-6 <= min(x, y) <= max(x, y) <= HIGH + 1e-6
        assert min(abs(place - side) for place in (x, y) for side in (LOW, HIGH)) < 1e-6


def test_a_diagonal_line_by_hand() -> None:
    ends = [[LOW, (2.5 + 3 * 0.4) / 4], [HIGH, (2.5 - 3 * 1.05) / 4]]
    np.testing.assert_allclose(np.array(Neuron((3, 4), -2.5).line()), ends)
    assert Neuron((3, 4), -2.5).distance == 0.5
    assert Neuron((3, 4), -2.5).foot() == pytest.approx((0.3, 0.4))
    assert Neuron((0, 2), -1).line() == ((LOW, 0.5), (HIGH, 0.5))
    assert Neuron((2, 0), -1).line() == ((0.5, LOW), (0.5, HIGH))


def test_what_cancels_exactly_is_no_yes() -> None:
    """0.1 + 0.2 − 0.3 is not 0 in binary fractions."""
    point = np.array([[1.0, 1.0]])
    assert Neuron((0.1, 0.2), -0.3).scores(point).tolist() == [0]
    assert Neuron((0.1, 0.2), -0.3).right(point, np.array([False])).all()
    assert not Neuron((0.1, 0.2), -0.29).right(point, np.array([False])).any()


def test_without_weights_there_is_no_line() -> None:
    for bias in (-3.0, 0.0, 2.0):
        nothing = Neuron((0.0, 0.0), bias)
        assert (nothing.line(), nothing.foot(), nothing.distance) == (None, None, None)
        assert nothing.scores(np.array([[0.2, 0.9]])).tolist() == [bias]


@given(neurons, st.sampled_from([-1.0, 0.5, 2.0]))
def test_what_is_scaled_keeps_its_line(neuron: Neuron, factor: float) -> None:
    assume(neuron.norm > 0.1)
    first, second = neuron.weight
    scaled = Neuron((factor * first, factor * second), factor * neuron.bias)
    assert scaled.foot() == pytest.approx(neuron.foot())
    assert (scaled.line() is None) == (neuron.line() is None)


@given(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), st.floats(-60, 60))
def test_sliders_show_the_same_line(weight: tuple[float, float], bias: float) -> None:
    neuron = Neuron(weight, bias)
    shown = neuron.for_sliders()
    numbers = (*shown.weight, shown.bias)
    assert all(abs(number) <= LIMIT and round(number, 2) == number for number in numbers)
    scale = max(1.0, *(abs(value) / LIMIT for value in (*weight, bias)))
    for number, exact in zip(numbers, (*weight, bias), strict=True):
        assert number == pytest.approx(exact / scale, abs=0.00501)


@given(clouds)
def test_the_best_without_a_bias_is_the_best_cut_through_the_slopes(
    cloud: list[tuple[int, int, bool]],
) -> None:
    """In one quadrant a neuron without a bias compares the slope of a point with a number."""
    points = np.array([[x, y] for x, y, _yes in cloud], float)
    is_yes = np.array([yes for _x, _y, yes in cloud])
    slopes = [Fraction(y, x + y) if x + y else None for x, y, _yes in cloud]  # 0: flat, 1: steep
    cuts = {Fraction(-1), Fraction(2), *(slope for slope in slopes if slope is not None)}
    cuts |= {cut + Fraction(1, 1000) for cut in cuts}
    best = max(
        sum((slope is not None and (slope < cut) == below) == yes for slope, yes in answers)
        for cut in cuts
        for below in (True, False)
        for answers in [[(slope, bool(yes)) for slope, yes in zip(slopes, is_yes, strict=True)]]
    )
    assert best_without_bias(points, is_yes) == best


def can_be_right(points: np.ndarray, wanted: tuple[bool, ...]) -> bool:
    """Whether some line has exactly the wanted points on its yes side: a linear program."""
    sides = np.where(wanted, 1.0, -1.0)
    rows = -sides[:, None] * np.column_stack([points, np.ones(len(points))])
    bounds = [(None, None)] * 3
    found = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(points)), bounds=bounds)
    return bool(found.status == 0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(grid, grid, st.booleans()), min_size=1, max_size=5))
def test_the_best_with_a_bias_is_the_best_of_all_separations(
    cloud: list[tuple[int, int, bool]],
) -> None:
    points = np.array([[x, y] for x, y, _yes in cloud], float)
    is_yes = np.array([yes for _x, _y, yes in cloud])
    best = max(
        int((np.array(wanted) == is_yes).sum())
        for wanted in product([True, False], repeat=len(points))
        if can_be_right(points, wanted)
    )
    assert best_with_bias(points, is_yes) == best


def test_what_a_bias_is_worth_on_real_digits() -> None:
    """Figures that the words of the lesson rest on: the best there is, and what is learned."""
    cases = {
        ("6", "2", "lower-left", "lower-right"): (264, 178, 261),
        ("0", "4", "top", "bottom"): (266, 155, 264),
        ("6", "9", "lower-left", "upper-right"): (271, 271, 271),
        ("0", "1", "middle", "lower-left"): (265, 263, 263),
    }
    for (yes, no, first, second), (best, nailed, taught) in cases.items():
        task = Task((yes, no), (first, second))
        points, is_yes = task.lessons
        assert task.best == (best, nailed)
        path = learned(Neuron((0.0, 0.0), 0.0), points, is_yes, has_bias=True)
        assert path[-1][1].right(points, is_yes).sum() == taught
        tried = np.random.default_rng(0).normal(size=(3, 3000))  # nothing that is tried does better
        for limit, bias in ((best, tried[2]), (nailed, 0)):
            answers = points @ tried[:2] + bias > 0
            assert (answers == is_yes[:, None]).sum(axis=0).max() <= limit


def mean_loss(flat: np.ndarray, points: np.ndarray, is_yes: np.ndarray) -> float:
    """How unlikely the right answers are, −log p, on average."""
    total = 0.0
    for (x, y), yes in zip(points.tolist(), is_yes.tolist(), strict=True):
        z = flat[0] * x + flat[1] * y + flat[2]
        total += math.log1p(math.exp(-z if yes else z))
    return total / len(points)


def test_a_step_goes_down_the_slope_that_differences_measure() -> None:
    points, is_yes = Task(("3", "8"), ("upper-left", "lower-left")).lessons
    start = np.array([2.0, -1.5, 0.7])
    slope = np.array(
        [
            (mean_loss(start + step, points, is_yes) - mean_loss(start - step, points, is_yes))
            / 2e-5
            for step in 1e-5 * np.eye(3)
        ]
    )
    for has_bias in (True, False):
        after = next(descend(Neuron((2.0, -1.5), 0.7), points, is_yes, has_bias=has_bias))
        moved = np.array([*after.weight, after.bias]) - start
        wanted = -LEARNING_RATE * slope * [1, 1, has_bias]
        np.testing.assert_allclose(moved, wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("has_bias", [True, False])
def test_it_ends_where_scipy_ends(has_bias: bool) -> None:
    points, is_yes = Task(("3", "8"), ("upper-left", "lower-left")).lessons
    steps = descend(Neuron((5.0, 5.0), 0.0), points, is_yes, has_bias=has_bias)
    *_before, last = islice(steps, 6000)
    free = np.array([1, 1, has_bias])
    best = minimize(lambda flat: mean_loss(flat * free, points, is_yes), np.zeros(3)).x * free
    np.testing.assert_allclose([*last.weight, last.bias], best, atol=0.02)


def test_the_stops_on_the_way() -> None:
    points, is_yes = Task(("6", "2"), ("lower-left", "lower-right")).lessons
    start = Neuron((-14.0, 15.0), 15.0)
    path = learned(start, points, is_yes, has_bias=True)
    steps = [step for step, _neuron in path]
    assert path[0] == (0, start)
    assert steps == sorted(set(steps))
    assert steps[-1] == STEPS
    assert len(steps) < 45
    exact = list(islice(descend(start, points, is_yes), STEPS))
    for step, neuron in path[1:]:
        assert neuron == exact[step - 1].for_sliders()
    assert path[-1][1].right(points, is_yes).sum() >= 258  # of 269, from the worst of places
    nailed = learned(Neuron((8.0, 3.0), 0.0), points, is_yes, has_bias=False)
    assert {neuron.bias for _step, neuron in nailed} == {0.0}
