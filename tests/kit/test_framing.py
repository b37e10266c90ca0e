"""Framing does to a drawing what MNIST's makers did, and hands contributions back exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import affine_transform, center_of_mass, find_objects

from cnn_core import load_dataset
from pages.kit.framing import AS_DRAWN, Frame, as_mnist

frames = st.builds(Frame, st.floats(0.4, 8), down=st.integers(-60, 30), right=st.integers(-60, 30))


def strokes(seed: int) -> np.ndarray:
    """Two lines somewhere on the sheet, from a corner on; as faint as the seed wants."""
    rng = np.random.default_rng(seed)
    top, left = rng.integers(1, 15, 2)
    height, width = rng.integers(4, 12, 2)
    sheet = np.zeros((28, 28))
    sheet[top : top + height, left : left + 2] = 1
    sheet[top : top + 2, left : left + width] = 1
    return sheet * rng.uniform(0.5, 1)


def test_mnists_own_digits_stay_as_they_are() -> None:
    images = load_dataset("mnist", rng=np.random.default_rng(0)).test_images[:, 0].astype(float)
    for image in images:
        assert (as_mnist(image).apply(image) == image).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_longer_side_is_twenty_and_the_mass_in_the_middle(seed: int) -> None:
    sheet = strokes(seed)
    framed = as_mnist(sheet).apply(sheet)
    assert center_of_mass(framed) == pytest.approx((14, 14), abs=0.51)
    (box,) = find_objects((framed > framed.max() / 2).astype(int))
    assert max(side.stop - side.start for side in box) == pytest.approx(20, abs=1)


@pytest.mark.parametrize("scale", [1, 1.25, 2.5])
def test_enlarging_is_linear_interpolation(scale: float) -> None:
    sheet, frame = strokes(3), Frame(scale, down=-4, right=2)
    # Pixel i of the framed sheet has its middle at (i + ½ − start) / scale on the old one.
    offset = [(0.5 - start) / scale - 0.5 for start in (-4, 2)]
    oracle = affine_transform(
        sheet, [1 / scale] * 2, offset, order=1, mode="grid-constant", output=float
    )
    np.testing.assert_allclose(frame.apply(sheet), oracle, atol=1e-12)


def test_shrinking_keeps_the_ink() -> None:
    sheet = np.zeros((28, 28))
    sheet[4:24, 6:22] = 1
    small = Frame(0.5, down=5, right=6).apply(sheet)
    assert small[9:15, 11:15] == pytest.approx(1)
    assert small.sum() == pytest.approx(sheet.sum() / 4, rel=0.02)


@given(frames, st.integers(0, 1000))
def test_gradients_come_back_by_the_same_way(frame: Frame, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sheet, gradient = rng.random((28, 28)), rng.normal(size=(3, 28, 28))
    there = (gradient * frame.apply(sheet)).sum(axis=(1, 2))
    back = (frame.back(gradient) * sheet).sum(axis=(1, 2))
    np.testing.assert_allclose(there, back, rtol=1e-9, atol=1e-9)


def test_a_box_lies_where_its_ink_came_from() -> None:
    frame = Frame(2.0, down=-10, right=6)
    sheet = np.zeros((28, 28))
    sheet[9, 3] = 1  # rows 18 to 20 after scaling, 8 to 10 after moving; columns 12 to 14
    assert np.argwhere(frame.apply(sheet) > 0.5).mean(axis=0) == pytest.approx([8.5, 12.5])
    assert frame.box(8, 12, 2) == (9, 3, 1)


@pytest.mark.parametrize("value", [0, 0.4, 1])
def test_a_sheet_without_a_stroke_stays_as_it_is(value: float) -> None:
    assert as_mnist(np.full((28, 28), value)) is AS_DRAWN
