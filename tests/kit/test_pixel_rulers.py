"""A ruler for each pixel, against the definition."""

from fractions import Fraction
from itertools import pairwise
from statistics import fmean, pstdev

import numpy as np
import pytest

from cnn_core import load_dataset
from pages.kit.pixel_rulers import loudest, rulers, with_ink


def column(pixel: int) -> list[int]:
    """This pixel in all training images."""
    data = load_dataset("digits", scale=False, rng=np.random.default_rng(0))
    return [int(value) for value in data.train_images.reshape(-1, 64)[:, pixel]]


@pytest.mark.parametrize("pixel", [0, 16, 20, 63])
def test_zero_and_unit_of_a_ruler_are_mean_and_spread(pixel: int) -> None:
    values = column(pixel)
    assert rulers().mean[pixel] == pytest.approx(fmean(values), rel=1e-5)
    assert rulers().std[pixel] == pytest.approx(pstdev(values), rel=1e-4)
    assert rulers().counts[pixel].tolist() == [values.count(ink) for ink in range(17)]
    assert with_ink(pixel) == sum(value > 0 for value in values)


def test_the_marks_of_a_ruler_lie_between_no_ink_and_full_ink() -> None:
    for pixel in range(64):
        mean, std = float(rulers().mean[pixel]), float(rulers().std[pixel])
        marks = rulers().marks(pixel)
        if std == 0:
            assert marks == []
            continue
        assert 0.0 in marks
        assert 3 <= len(marks) <= 8
        assert all(-0.01 <= mean + mark * std <= 16.01 for mark in marks)
        steps = {round(b - a, 6) for a, b in pairwise(marks)}
        assert len(steps) == 1


def test_the_loudest_pixel_has_ink_in_one_training_image() -> None:
    pixel, number = loudest()
    values = column(pixel)
    assert sum(value > 0 for value in values) == 1
    # Ink of 1 in one of n images: σ² = (n − 1) / n², and a test image with 2 is (2 − 1/n) / σ.
    n = len(values)
    square = (2 - Fraction(1, n)) ** 2 / Fraction(n - 1, n**2)
    assert number**2 == pytest.approx(float(square), rel=1e-3)
