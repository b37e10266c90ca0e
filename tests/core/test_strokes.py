"""X, O, + and /: the drawings themselves, and what moving, thickening and noise do to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import label as connected_parts

from cnn_core.strokes import STROKES, canonical_x, draw_strokes


def rng(seed=0):
    return np.random.default_rng(seed)


def drawn(kind, **options):
    """One drawing as rows of text, # for ink."""
    options = {"shift": 0, "thickness": 1, "noise": 0, "rng": rng()} | options
    image = draw_strokes([STROKES.index(kind)], **options)[0, 0]
    return ["".join("#" if pixel > 0 else "." for pixel in row) for row in image]


def test_the_canonical_x():
    expected = np.full((9, 9), -1)
    for i in range(1, 8):
        expected[i, i] = expected[i, 8 - i] = 1
    np.testing.assert_array_equal(canonical_x(), expected)
    assert canonical_x().dtype == np.float32
    canonical_x()[:] = 0  # a copy: it spoils nobody else's
    np.testing.assert_array_equal(canonical_x(), expected)


def test_the_canonical_x_is_the_plain_drawing():
    image = draw_strokes([0], shift=0, thickness=1, noise=0, rng=rng())
    np.testing.assert_array_equal(image[0, 0], canonical_x())


def test_o_plus_and_slash():
    assert drawn("O") == [
        ".........",
        "...###...",
        "..#...#..",
        ".#.....#.",
        ".#.....#.",
        ".#.....#.",
        "..#...#..",
        "...###...",
        ".........",
    ]
    assert drawn("+") == [
        ".........",
        *["....#...."] * 3,
        ".#######.",
        *["....#...."] * 3,
        ".........",
    ]
    assert drawn("/") == ["." * 9, *["." * (8 - i) + "#" + "." * i for i in range(1, 8)], "." * 9]


def test_every_o_is_a_closed_ring_whatever_the_pen():
    images = draw_strokes([1] * 50, shift=1, thickness=3, noise=0, rng=rng())
    for image in images[:, 0]:
        paper = np.pad(image < 0, 1, constant_values=True)  # the pen may reach the edge
        assert connected_parts(paper)[1] == 2  # inside and outside do not touch


def test_a_two_pixel_pen_adds_the_neighbours_below_and_to_the_right():
    images = draw_strokes([0] * 20, shift=0, thickness=2, noise=0, rng=rng())[:, 0]
    thin = canonical_x() > 0
    thick = thin.copy()
    thick[1:] |= thin[:-1]
    thick[:, 1:] |= thin[:, :-1]
    thick[1:, 1:] |= thin[:-1, :-1]
    assert {image.tobytes() for image in images > 0} == {thin.tobytes(), thick.tobytes()}


def test_a_three_pixel_pen_adds_all_eight_neighbours():
    thin = np.pad(canonical_x(), 1, constant_values=-1)
    thick = np.lib.stride_tricks.sliding_window_view(thin, (3, 3)).max(axis=(2, 3))
    images = draw_strokes([0] * 50, shift=0, thickness=3, noise=0, rng=rng())[:, 0]
    assert images.sum(axis=(1, 2)).max() == thick.sum()
    assert any(np.array_equal(image, thick) for image in images)


@pytest.mark.parametrize("shift", [0, 1, 2, 4])
def test_every_move_up_to_the_shift_and_none_beyond(shift):
    images = draw_strokes([0] * 2000, shift=shift, thickness=1, noise=0, rng=rng())[:, 0]
    paper = np.pad(canonical_x(), shift, constant_values=-1)
    windows = np.lib.stride_tricks.sliding_window_view(paper, (9, 9)).reshape(-1, 9, 9)
    assert len(windows) == (2 * shift + 1) ** 2
    assert {image.tobytes() for image in images} == {window.tobytes() for window in windows}


@given(
    st.lists(st.integers(0, 3), max_size=8),
    st.integers(0, 4),
    st.integers(1, 3),
    st.floats(0, 0.5),
    st.integers(0, 2**32),
)
def test_any_drawing_is_ink_and_paper_and_repeats_with_its_seed(
    kinds, shift, thickness, noise, seed
):
    first, again = (
        draw_strokes(kinds, shift=shift, thickness=thickness, noise=noise, rng=rng(seed))
        for _ in range(2)
    )
    assert first.shape == (len(kinds), 1, 9, 9)
    assert first.dtype == np.float32
    assert (abs(first) == 1).all()
    np.testing.assert_array_equal(first, again)


def test_noise_flips_its_share_of_pixels_and_more_noise_flips_more_of_the_same():
    clean, some, much = (
        draw_strokes([0, 1] * 500, noise=noise, rng=rng(3)) for noise in (0, 0.05, 0.3)
    )
    flipped_by_some, flipped_by_much = some != clean, much != clean
    np.testing.assert_allclose(flipped_by_some.mean(), 0.05, atol=0.005)
    np.testing.assert_allclose(flipped_by_much.mean(), 0.3, atol=0.01)
    assert flipped_by_much[flipped_by_some].all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"shift": -1}, "`shift` (=-1) must be a whole number from 0 to 4."),
        ({"shift": 5}, "`shift` (=5) must be a whole number from 0 to 4."),
        ({"shift": 0.5}, "`shift` (=0.5) must be a whole number from 0 to 4."),
        ({"thickness": 0}, "`thickness` (=0) must be a whole number from 1 to 3."),
        ({"thickness": 4}, "`thickness` (=4) must be a whole number from 1 to 3."),
        ({"noise": -0.1}, "`noise` (=-0.1) must be a probability from 0 to 0.5."),
        ({"noise": 0.6}, "`noise` (=0.6) must be a probability from 0 to 0.5."),
        ({"noise": float("nan")}, "`noise` (=nan) must be a probability from 0 to 0.5."),
        ({"kinds": [0, 4]}, "`kinds` must lie in 0 … 3, but go from 0 to 4."),
        ({"kinds": [-1]}, "`kinds` must lie in 0 … 3, but go from -1 to -1."),
        ({"kinds": [[0]]}, "`kinds` must be a 1-D array of integers, not int64 of shape (1, 1)."),
        ({"kinds": [0.5]}, "`kinds` must be a 1-D array of integers, not float64 of shape (1,)."),
    ],
)
def test_a_wrong_request_gets_one_sentence(options, sentence):
    options = {"kinds": [0], "rng": rng()} | options
    with pytest.raises(ValueError) as error:
        draw_strokes(options.pop("kinds"), **options)
    assert str(error.value) == sentence
