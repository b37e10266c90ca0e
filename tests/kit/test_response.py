"""The curve of LeNet's subsampling: its axes hold every window, its straight part is straight."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.pools import ACTIVATIONS, Pools
from pages.kit.response import SAMPLES, SPANS, Response, ticks

GRIDS = st.lists(st.integers(-99, 99), min_size=16, max_size=16)


def response(
    x: list[int] | np.ndarray, beta: float, bias: float, activation: str = "none"
) -> Response:
    grid = np.reshape(np.asarray(x, float), (4, 4))
    return Response(Pools(grid, 2, 2, beta=beta, bias=bias, activation=activation))


@given(GRIDS, st.floats(-1, 6), st.floats(-24, 24), st.sampled_from(list(ACTIVATIONS)))
def test_every_window_lies_on_the_curve_within_both_axes(
    x: list[int], beta: float, bias: float, activation: str
) -> None:
    shown = response(x, beta, bias, activation)
    low, high = shown.domain
    least, most = shown.span
    assert low <= shown.pools.sums.min() <= shown.pools.sums.max() <= high
    assert least <= shown.pools.trained.min() <= shown.pools.trained.max() <= most
    sums = np.linspace(low, high, SAMPLES)
    step = (high - low) / (SAMPLES - 1)
    for total, y in zip(shown.pools.sums.flat, shown.pools.trained.flat, strict=True):
        # A line between two samples misses a bend by less than the largest curvature allows.
        miss = (beta * step) ** 2 / 8 * 0.8
        assert abs(np.interp(total, sums, shown.curve) - y) <= miss + 1e-9


@pytest.mark.parametrize("activation", SPANS)
@pytest.mark.parametrize(("beta", "bias"), [(0.2, -2.5), (-1, 8), (6, -21), (0, 0.25)])
def test_where_it_is_called_nearly_straight_the_tangent_is_near(
    activation: str, beta: float, bias: float
) -> None:
    shown = response([1, 1, 2, 4, 5, 6, 7, 8, 3, 2, 1, 0, 1, 2, 3, 4], beta, bias, activation)
    assert shown.straight is not None
    sums = np.linspace(*shown.straight, 9)
    slope, start = (0.25, 0.5) if activation == "sigmoid" else (1, 0)
    tangent = start + slope * (beta * sums + bias)
    largest = np.abs(tangent - shown.to(sums)).max() / np.ptp(SPANS[activation])
    assert largest < 0.02
    low, high = shown.domain
    if beta and low < shown.straight[0] and shown.straight[1] < high:
        assert largest > 0.018  # no narrower than it need be


def test_without_an_activation_or_far_from_the_middle_no_part_is_called_straight() -> None:
    assert response(np.ones(16), 0.5, 0).straight is None
    assert response(np.ones(16), 0, 3, "tanh").straight is None
    assert response(np.ones(16), 0.05, 24, "sigmoid").straight is None


def test_ones_are_counted_only_where_there_are_zeros_and_ones() -> None:
    ones = response([0, 1, 1, 1] * 4, 6, -9, "sigmoid")
    assert [count for count, _y in ones.counts] == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(
        [y for _count, y in ones.counts], [1 / (1 + np.exp(9 - 6 * n)) for n in range(5)]
    )
    assert not Response(replace(ones.pools, x=2 * ones.pools.x)).counts


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.integers(3, 9))
def test_ticks_are_round_and_few(low: float, length: float, most: int) -> None:
    places = ticks(low, low + length, most=most)
    assert len(places) <= most + 1
    slack = 2e-9 * length + 1e-9  # an end that rounding moved is still an end
    assert all(low - slack <= place <= low + length + slack for place in places)
    steps = {round(b - a, 6) for a, b in pairwise(places)}
    assert len(steps) <= 1
    assert {f"{step:e}"[0] for step in steps if step >= 1e-3} <= {"1", "2", "5"}


def test_ticks_of_a_sum_of_ones_are_whole() -> None:
    assert ticks(0, 4, most=7) == [0, 1, 2, 3, 4]
    assert ticks(-1, 1, most=5) == [-1, -0.5, 0, 0.5, 1]
