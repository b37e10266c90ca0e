"""Moved pictures and the change of their maps, against SciPy, NumPy and loops."""

import numpy as np
import pytest

from cnn_core import load_pretrained
from pages.kit.tolerance import (
    UNKNOWN,
    Tolerance,
    features,
    mean_change,
    pooled,
    right_answers,
    warped,
)
from tests.kit.change import DATA, behind, change, digit, maps_of, shifted

every_pooling = pytest.mark.parametrize("how", ["none", "every", "average", "max"])


def blob(down: float, right: float) -> np.ndarray:
    """A smooth spot so far from the middle of 28×28 pixels, as a batch of one."""
    row, column = np.indices((28, 28)) - 13.5
    return np.exp(-((row - down) ** 2 + (column - right) ** 2) / 8)[None]


def place(image: np.ndarray) -> tuple[float, float]:
    """Where the mass of an image lies, seen from the middle: down, right."""
    row, column = np.indices((28, 28)) - 13.5
    return (image * row).sum() / image.sum(), (image * column).sum() / image.sum()


@pytest.mark.parametrize("by", [-4, -1, 0, 3])
def test_a_shift_is_the_plain_one(by: int) -> None:
    image = digit(3)
    moved = warped(image[None], "shift", by)[0]
    np.testing.assert_allclose(moved, shifted(image, by), atol=1e-5)


def test_a_quarter_turn_goes_clockwise() -> None:
    image = digit(7)
    turned = warped(image[None], "turn", 90)[0]
    np.testing.assert_allclose(turned, np.rot90(image, -1), atol=1e-5)


def test_small_turns_and_sizes_move_a_spot_where_geometry_says() -> None:
    turned = warped(blob(-5, 0), "turn", 30)[0]  # from the top towards the right
    assert place(turned) == pytest.approx((-5 * np.sqrt(3) / 2, 2.5), abs=0.02)
    larger = warped(blob(2, -4), "scale", 1.4)[0]
    assert place(larger) == pytest.approx((2.8, -5.6), abs=0.02)
    assert larger.sum() / blob(2, -4).sum() == pytest.approx(1.4**2, rel=0.01)


def test_the_maps_are_scipys_convolutions_pooled_by_hand() -> None:
    maps = features(digit(4)[None].astype(np.float32))
    np.testing.assert_allclose(maps[0], maps_of(digit(4)), atol=1e-5)
    for window in (2, 7):
        for how, each in pooled(maps, window).items():
            expected = behind(how, maps_of(digit(4)), window)
            np.testing.assert_allclose(each[0], expected, atol=1e-5)


@every_pooling
def test_a_change_is_measured_in_distances_to_other_digits(how: str) -> None:
    image = digit(5, 2)
    changes = Tolerance(image.astype(np.float32), 5, "shift", 4).changes[how]
    assert changes[4] == 0
    for by in (-2, 1):
        expected = change(image, shifted(image, by), 5, how, 4)
        assert changes[4 + by] == pytest.approx(expected, rel=1e-4)


def test_a_mean_change_is_the_mean_of_changes() -> None:
    images, labels = DATA.test_images[:200, 0], DATA.test_labels[:200]
    still, moved = (
        np.array([behind("max", maps_of(shifted(image, by)), 14).ravel() for image in images])
        for by in (0, -1)
    )
    distances = np.linalg.norm(still[:, None] - still, axis=2)
    units = [distances[i][labels != label].mean() for i, label in enumerate(labels)]
    expected = (np.linalg.norm(moved - still, axis=1) / units).mean()
    assert mean_change("shift", -1, 14)["max"] == pytest.approx(expected, rel=1e-4)


def test_the_whole_networks_answers_are_counted() -> None:
    network = load_pretrained("mnist")
    moved = np.array([shifted(image[0], 3) for image in DATA.test_images[:500]], np.float32)
    right = network.forward(moved[:, None]).argmax(axis=1) == DATA.test_labels[:500]
    assert right_answers("shift")[4 + 3] == pytest.approx(right.mean(), abs=0.004)


def test_an_empty_drawing_changes_nothing() -> None:
    empty = np.zeros((28, 28), np.float32)
    for changes in Tolerance(empty, UNKNOWN, "scale", 28).changes.values():
        np.testing.assert_array_equal(changes, 0)


def test_what_the_lesson_says_is_true() -> None:
    """Small windows help a little, against small shifts and small turns alike."""
    shift, turn, far = (
        mean_change(*step, 2) for step in (("shift", 1), ("turn", 10), ("turn", 30))
    )
    for small in (shift, turn, mean_change("scale", 1.1, 2)):
        assert small["every"] == pytest.approx(small["none"], rel=0.03)
        assert 0.8 < small["max"] / small["none"] < 0.9
        assert 0.8 < small["average"] / small["none"] < 0.9
    assert far["max"] / far["none"] > 0.95
    # Shifted by one window, a pooled map moves by one cell.
    maps = Tolerance(digit(3).astype(np.float32), 3, "shift", 2).maps["max"]
    np.testing.assert_allclose(maps[6][..., 1:], maps[4][..., :-1], atol=1e-5)
    # A window over everything sees no shift, but turns and sizes.
    for by in (-4.0, 3.0):
        whole = mean_change("shift", by, 28)
        assert whole["max"] < 0.01
        assert whole["average"] < 0.05
    for motion, by in (("turn", -30), ("turn", 30), ("scale", 0.7), ("scale", 1.4)):
        whole = mean_change(motion, by, 28)
        assert min(whole["max"], whole["average"]) > 0.4
    assert mean_change("scale", 1.4, 28)["average"] > 1
    turned = mean_change("turn", 15, 28)
    assert turned["average"] < turned["max"]
    answers = right_answers("shift")
    assert answers[5] > 0.95
    assert answers[[0, -1]].max() < 0.65
