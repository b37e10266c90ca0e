"""The four networks: the same start, the same order, and nothing but the pixels' size differs."""

import numpy as np
import pytest

from cnn_core import load_dataset
from pages.kit.scalings import (
    LANES,
    Setup,
    digits,
    first_length,
    line_up,
    numbers,
    one_of_each,
    steepness,
)


def file() -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the file, training and test images, (N, 64) float64."""
    data = load_dataset("digits", scale=False, rng=np.random.default_rng(0))
    parts = data.train_images, data.test_images
    train, test = (part.reshape(-1, 64).astype(float) for part in parts)
    return train, test


def test_the_pixels_are_those_of_the_file_once_scaled_and_once_standardised() -> None:
    train, test = file()
    mean, std = train.mean(axis=0), train.std(axis=0)
    std[std == 0] = 1
    wanted = {
        "raw": (train, test),
        "unit": (train / 16, test / 16),
        "standard": ((train - mean) / std, (test - mean) / std),
        "norm": (train, test),
    }
    for lane in LANES:
        for found, part in zip(
            (digits(lane).train_images, digits(lane).test_images), wanted[lane], strict=True
        ):
            np.testing.assert_allclose(found.reshape(-1, 64), part, rtol=1e-4, atol=1e-4)
        size = numbers(lane)
        part = wanted[lane][0]
        told = [size.least, size.most, size.mean, size.spread]
        np.testing.assert_allclose(
            told, [part.min(), part.max(), part.mean(), part.std()], atol=1e-3
        )


def test_one_digit_of_each_class_is_the_same_image_for_all() -> None:
    _train, test = file()
    labels = digits("raw").test_labels.tolist()
    first = test[[labels.index(digit) for digit in range(10)]]
    np.testing.assert_array_equal(one_of_each("raw"), first)
    np.testing.assert_allclose(one_of_each("unit"), first / 16)


@pytest.mark.parametrize("seed", [0, 7])
def test_all_four_start_with_the_weights_that_the_seed_draws(seed: int) -> None:
    rng, bounds = np.random.default_rng(seed), (1 / 8, 1 / np.sqrt(32))
    shapes = ((32, 64), (32,)), ((10, 32), (10,))
    drawn = [
        rng.uniform(-bound, bound, shape)
        for bound, pair in zip(bounds, shapes, strict=True)
        for shape in pair
    ]
    for lane in LANES:
        params = line_up(lane, "tanh", 0.1, seed).model.params
        found = [params[f"affine{i}.{name}"] for i in (1, 2) for name in ("weight", "bias")]
        for each, wanted in zip(found, drawn, strict=True):
            np.testing.assert_allclose(each, wanted, rtol=1e-6)
        assert ("batchnorm1.weight" in params) == (lane == "norm")


def test_each_lane_has_its_own_learning_rate_and_all_the_same_order() -> None:
    race = Setup("relu", (0.003, 0.01, 0.03, 0.1), 4).race()
    assert [runner.entry.optimizer.lr for runner in race.runners.values()] == [
        0.003,
        0.01,
        0.03,
        0.1,
    ]
    assert all(runner.entry.optimizer.momentum == 0 for runner in race.runners.values())
    assert list(race.runners) == list(LANES)
    assert race.seed == 4


@pytest.mark.parametrize("lane", ["raw", "unit", "standard"])
def test_the_first_gradient_is_that_of_plain_numpy(lane: str) -> None:
    """δ·x for the first fifty training images, with the weights of seed 0."""
    x = digits(lane).train_images[:50].reshape(50, 64).astype(float)
    labels = digits(lane).train_labels[:50]
    rng = np.random.default_rng(0)
    weight, bias = rng.uniform(-1 / 8, 1 / 8, (32, 64)), rng.uniform(-1 / 8, 1 / 8, 32)
    bound = 32**-0.5
    last, end = rng.uniform(-bound, bound, (10, 32)), rng.uniform(-bound, bound, 10)
    u = x @ weight.T + bias
    powers = np.exp(np.maximum(u, 0) @ last.T + end)
    delta = (powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[labels]) / 50 @ last * (u > 0)
    gradient = np.concatenate([(delta.T @ x).ravel(), delta.sum(axis=0)])
    assert first_length(lane) == pytest.approx(float(np.linalg.norm(gradient)), rel=1e-4)


def test_stretching_all_pixels_changes_no_shape_and_standardising_does() -> None:
    """The eigenvalues of ⟨x xᵀ⟩ are the squares of the singular values of the images, by count."""
    for lane in LANES:
        x = digits(lane).train_images.reshape(-1, 64).astype(float)
        squares = np.linalg.svd(x, compute_uv=False) ** 2
        assert steepness(lane) == pytest.approx(squares[0] / (squares.sum() / 64), rel=1e-6)
    assert steepness("unit") == pytest.approx(steepness("raw"), rel=1e-6)
    assert steepness("standard") < steepness("raw") / 5
