"""What the first activation is given, counted by hand."""

import json
import math

import numpy as np
import pytest

from pages.kit.first_layer import BINS, FLAT, REACH, before_activation, curve, look
from pages.kit.scalings import LANES, digits, line_up, one_of_each, places

FUNCTIONS = {
    "relu": (lambda u: max(u, 0.0), lambda u: float(u > 0)),
    "sigmoid": (
        lambda u: 1 / (1 + math.exp(-u)),
        lambda u: 1 / (1 + math.exp(-u)) * (1 - 1 / (1 + math.exp(-u))),
    ),
    "tanh": (math.tanh, lambda u: 1 - math.tanh(u) ** 2),
}


def by_hand(lane: str, seed: int) -> np.ndarray:
    """u for all test images, in float64; a batch normalisation at its start has γ = 1 and β = 0."""
    x = digits(lane).test_images.reshape(-1, 64).astype(float)
    rng = np.random.default_rng(seed)
    u = x @ rng.uniform(-1 / 8, 1 / 8, (32, 64)).T + rng.uniform(-1 / 8, 1 / 8, 32)
    return (u - u.mean(axis=0)) / np.sqrt(u.var(axis=0) + 1e-5) if lane == "norm" else u


@pytest.mark.parametrize("activation", list(FUNCTIONS))
@pytest.mark.parametrize("lane", LANES)
def test_numbers_and_bars_are_counted_one_by_one(lane: str, activation: str) -> None:
    model = line_up(lane, activation, 0.1, 3).model
    before = {name: value.copy() for name, value in model.state().items()}
    glance = look(model, activation, digits(lane).test_images, places())
    u = by_hand(lane, 3)
    function, slope = FUNCTIONS[activation]
    assert glance.mean == pytest.approx(u.mean(), abs=1e-4)
    assert glance.spread == pytest.approx(u.std(), rel=1e-4)

    steepest = {"relu": 1, "sigmoid": 0.25, "tanh": 1}[activation]
    flat = [[slope(value) < FLAT * steepest for value in row] for row in u]
    assert glance.flat == pytest.approx(np.mean(flat), abs=1e-3)
    assert glance.stuck == sum(all(column) for column in zip(*flat, strict=True))

    counts = [0] * (BINS + 2)
    for value in u.ravel():
        place = math.floor((value + REACH) / (2 * REACH / BINS)) + 1
        counts[min(max(place, 0), BINS + 1)] += 1
    np.testing.assert_allclose(glance.bars, np.array(counts) / u.size, atol=3 / u.size)
    assert float(glance.bars.sum()) == pytest.approx(1)

    np.testing.assert_allclose(glance.given, u[places()], rtol=1e-3, atol=1e-3)
    answers = [[function(value) for value in row] for row in u[places()]]
    np.testing.assert_allclose(glance.answers, answers, atol=1e-3)
    slopes = [[slope(value) for value in row] for row in u[places()]]
    np.testing.assert_allclose(glance.slopes, slopes, atol=1e-3)
    for name, value in model.state().items():  # looking leaves no mark
        np.testing.assert_array_equal(value, before[name])


def test_a_batch_normalisation_measures_the_images_it_is_shown() -> None:
    model = line_up("norm", "relu", 0.1, 0).model
    model.params["batchnorm1.weight"][:] = np.linspace(0.5, 2, 32)
    model.params["batchnorm1.bias"][:] = np.linspace(-1, 1, 32)
    for images in (digits("norm").test_images, one_of_each("norm").reshape(-1, 1, 8, 8)):
        u = before_activation(model, images)
        np.testing.assert_allclose(u.mean(axis=0), np.linspace(-1, 1, 32), atol=1e-3)
        np.testing.assert_allclose(u.std(axis=0), np.linspace(0.5, 2, 32), rtol=1e-2)


@pytest.mark.parametrize(
    ("activation", "bound"),
    # sigmoid: s(1 − s) = 0.05/4; tanh: 1 − t² = 0.05
    [
        ("sigmoid", math.log((1 + math.sqrt(0.95)) / (1 - math.sqrt(0.95)))),
        ("tanh", math.atanh(math.sqrt(0.95))),
    ],
)
def test_an_s_is_flat_at_both_ends(activation: str, bound: float) -> None:
    (low, left), (right, high) = curve(activation).flat
    assert (low, high) == (-REACH, REACH)
    assert -left == pytest.approx(right)
    assert bound <= right <= bound + 0.1  # the next of the curve's samples


def test_a_relu_is_flat_up_to_zero() -> None:
    assert curve("relu").flat == [(-REACH, 0)]
    assert curve("relu").steepest == 1


@pytest.mark.parametrize("value", [1e30, 3e38, np.inf, np.nan])
def test_a_network_that_has_diverged_is_looked_at_all_the_same(value: float) -> None:
    model = line_up("raw", "tanh", 0.1, 0).model
    model.params["affine1.weight"][0] = value
    glance = look(model, "tanh", digits("raw").test_images, places())
    told = [glance.mean, glance.spread, glance.flat, glance.stuck]
    json.dumps(told, allow_nan=False)  # JSON has no word for nan and infinity
