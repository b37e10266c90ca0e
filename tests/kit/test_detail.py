"""What /detail measures, against loops and SciPy that know nothing of windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from pages.kit.detail import Subject, alias_length, edges, farthest, moved, rings, stripes


def test_an_edge_map_is_scipys_gradient_magnitude() -> None:
    x = np.random.default_rng(0).random((17, 23), np.float32)
    across, along = (ndimage.sobel(x, axis, mode="nearest") for axis in (1, 0))
    np.testing.assert_allclose(edges(x), np.hypot(across, along), atol=1e-5)


@given(st.integers(16, 90), st.integers(16, 90), st.integers(0, 99), st.data())
def test_patches_consist_of_whole_windows_inside_of_the_picture(
    height: int, width: int, seed: int, data: st.DataObject
) -> None:
    window = data.draw(st.integers(2, min(16, min(height, width) // 2)))
    x = np.random.default_rng(seed).random((height, width), np.float32)
    for patch in Subject("", x).patches(window).values():
        assert patch.top % window == patch.left % window == patch.side % window == 0
        assert patch.side >= 2 * window
        assert 0 <= patch.top <= height // window * window - patch.side
        assert 0 <= patch.left <= width // window * window - patch.side


def test_the_patches_are_where_little_and_where_much_happens() -> None:
    x = np.zeros((96, 120), np.float32)
    x[64:80, 16:48] = np.random.default_rng(0).random((16, 32))
    x[:32] = np.linspace(0, 1, 120)  # a slope: not quite even
    patches = Subject("", x).patches(4)
    assert abs(patches["busy"].top - 64) <= 8
    assert 8 <= patches["busy"].left <= 40
    assert np.ptp(patches["quiet"].of(x)) == 0


@pytest.mark.parametrize("window", [2, 3, 4, 8])
@pytest.mark.parametrize("length", [2.25, 3, 4.5, 5.25, 7, 16])
def test_aliases_are_as_long_as_the_spectrum_of_every_kth_sample_says(
    window: int, length: float
) -> None:
    samples = np.cos(2 * np.pi * np.arange(0, 4096 * window, window) / length)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(4096)))
    peak = spectrum.argmax() / 4096  # waves per sample
    assert window / alias_length(length, window) == pytest.approx(peak, abs=1 / 4096)


def test_waves_as_long_as_the_stride_vanish() -> None:
    assert alias_length(4, 4) == alias_length(2, 8) == float("inf")


def test_patterns_and_pictures_move_to_the_right() -> None:
    np.testing.assert_allclose(rings(3)[:, 3:], rings(0)[:, :-3], atol=1e-6)
    np.testing.assert_allclose(stripes(2, 4.5)[:, 2:], stripes(0, 4.5)[:, :-2], atol=1e-6)
    x = np.arange(3 * 28, dtype=np.float32).reshape(3, 28)
    assert farthest(x) == 7
    np.testing.assert_array_equal(moved(x, 5)[:, 5:], moved(x, 0)[:, :-5])
    np.testing.assert_array_equal(moved(x, 7), x[:, :21])
