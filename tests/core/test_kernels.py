"""Named kernels: their sums and symmetries, SciPy's filters, and their formulas in plain loops."""

# mypy: disable-error-code="arg-type"

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnn_core import (
    box_blur,
    conv2d,
    emboss,
    gabor,
    gabor_bank,
    gaussian_blur,
    identity_kernel,
    laplacian,
    laplacian_of_gaussian,
    motion_blur,
    prewitt,
    rot180,
    sharpen,
    sobel,
)
from tests.core.arrays import EXACT, normal, relative_error

sizes = st.integers(0, 6).map(lambda half: 2 * half + 1)
angles = st.floats(-7, 7)
widths = st.floats(0.3, 20)


def convolved(x, kernel):
    """Convolve one map; the border is what SciPy's mode "constant" takes it for, zeros."""
    return conv2d(x[None, None], kernel[None, None], padding=len(kernel) // 2)[0, 0]


# --- sums and symmetries ---


@given(sizes, widths, angles)
def test_what_keeps_the_brightness_sums_to_1(size, sigma, angle):
    kernels = [identity_kernel(size), box_blur(size), gaussian_blur(size, sigma)]
    kernels += [motion_blur(size, angle), motion_blur(size + 1, angle), sharpen(), emboss()]
    assert [kernel.sum() for kernel in kernels] == pytest.approx([1] * len(kernels))


@given(sizes, widths, angles)
def test_what_answers_to_change_sums_to_0(size, sigma, theta):
    kernels = [sobel("x"), sobel("y"), prewitt("x"), prewitt("y"), laplacian(4), laplacian(8)]
    kernels += [laplacian_of_gaussian(size, sigma), gabor(size, theta, 4.0, sigma, math.pi / 2)]
    assert [kernel.sum() for kernel in kernels] == pytest.approx([0] * len(kernels), abs=1e-9)


@given(sizes, widths, angles)
def test_round_kernels_do_not_turn_and_lines_repeat_after_half_a_turn(size, sigma, angle):
    for kernel in (gaussian_blur(size, sigma), laplacian_of_gaussian(size, sigma)):
        np.testing.assert_allclose(kernel, np.rot90(kernel), atol=1e-15)
    line = motion_blur(size, angle)
    np.testing.assert_allclose(line, rot180(line), atol=1e-12)
    np.testing.assert_allclose(line, motion_blur(size, angle + math.pi), atol=1e-12)


@pytest.mark.parametrize("length", [1, 2, 5, 8])
def test_motion_blur_lies_in_its_direction(length):
    level, upright = motion_blur(length, 0), motion_blur(length, math.pi / 2)
    middle = len(level) // 2
    assert level[middle].sum() == pytest.approx(1)
    np.testing.assert_allclose(upright, level.T, atol=1e-12)
    rising = motion_blur(7, math.pi / 4)  # counter-clockwise: up to the right
    assert rising[2, 4] > 0
    assert rising[4, 4] == pytest.approx(0, abs=1e-12)


# --- SciPy ---


@pytest.mark.parametrize(("name", "axis"), [("x", 1), ("y", 0)])
def test_slopes_and_laplacians_are_scipys(name, axis):
    x = normal(9, 11)
    for ours, theirs in ((sobel, ndimage.sobel), (prewitt, ndimage.prewitt)):
        expected = theirs(x, axis, mode="constant")
        assert relative_error(convolved(x, ours(name)), expected) < EXACT
    expected = ndimage.laplace(x, mode="constant")
    assert relative_error(convolved(x, laplacian()), expected) < EXACT
    assert relative_error(convolved(x, sharpen()), x - expected) < EXACT


@given(sizes, widths)
def test_blurs_are_scipys(size, sigma):
    x = normal(8, 9)
    expected = ndimage.gaussian_filter(x, sigma, mode="constant", radius=size // 2)
    assert relative_error(convolved(x, gaussian_blur(size, sigma)), expected) < 1e-11
    expected = ndimage.uniform_filter(x, size, mode="constant")
    assert relative_error(convolved(x, box_blur(size)), expected) < 1e-11


def test_a_wide_laplacian_of_gaussian_is_scipys():
    x = normal(20, 20)
    expected = ndimage.gaussian_laplace(x, 3.0, mode="constant", radius=15)
    assert relative_error(convolved(x, laplacian_of_gaussian(31, 3.0)), expected) < 1e-3


# --- signs under a convolution, which flips ---


@pytest.mark.parametrize("kernel", [sobel, prewitt])
def test_brighter_to_the_right_and_downwards_is_positive(kernel):
    down, right = np.mgrid[:9, :9].astype(float)
    assert convolved(right, kernel("x"))[4, 4] > 0
    assert convolved(down, kernel("y"))[4, 4] > 0
    assert convolved(down, kernel("x"))[4, 4] == convolved(right, kernel("y"))[4, 4] == 0


def test_signs_of_emboss_laplacian_and_odd_gabor():
    down, right = np.mgrid[:9, :9].astype(float)
    assert convolved(down + right, emboss())[4, 4] > (down + right)[4, 4]
    step = (right > 4).astype(float)  # dark up to column 4
    assert convolved(step, laplacian(8))[4, 4] > 0 > convolved(step, laplacian(8))[4, 5]
    edge = gabor(5, 0.0, 6.0, 1.5, math.pi / 2)
    assert convolved(right, edge)[4, 4] > 0
    slanted = gabor(5, math.pi / 4, 6.0, 1.5, math.pi / 2)  # clockwise: x' runs down to the right
    assert convolved(right + down, slanted)[4, 4] > 0
    assert convolved(right - down, slanted)[4, 4] == pytest.approx(0, abs=1e-9)


# --- Gabor ---


def gabor_by_loops(size, theta, wavelength, sigma, psi, gamma):
    kernel = np.zeros((size, size))
    for row in range(size):
        for column in range(size):
            x, y = column - (size - 1) / 2, row - (size - 1) / 2
            u = x * math.cos(theta) + y * math.sin(theta)
            v = -x * math.sin(theta) + y * math.cos(theta)
            bell = math.exp(-(u * u + gamma * gamma * v * v) / (2 * sigma * sigma))
            kernel[row, column] = bell * math.cos(2 * math.pi * u / wavelength + psi)
    return kernel


@given(sizes, angles, widths, widths, angles, st.floats(0.1, 2))
def test_gabor_is_its_formula(size, theta, wavelength, sigma, psi, gamma):
    settings = size, theta, wavelength, sigma, psi, gamma
    np.testing.assert_allclose(gabor(*settings), gabor_by_loops(*settings), atol=1e-10)


@given(sizes, angles, widths, widths, angles)
def test_the_flip_changes_the_sign_of_the_phase(size, theta, wavelength, sigma, psi):
    kernel = gabor(size, theta, wavelength, sigma, psi)
    flipped = gabor(size, theta, wavelength, sigma, -psi)
    np.testing.assert_allclose(rot180(kernel), flipped, atol=1e-10)


@given(st.integers(1, 8), angles)
def test_a_bank_divides_half_a_turn(count, theta):
    bank = gabor_bank(count, 9, 5.0, 2.0, 0.3, 0.7, theta=theta)
    assert bank.shape == (count, 9, 9)
    for k, kernel in enumerate(bank):
        expected = gabor(9, theta + k * math.pi / count, 5.0, 2.0, 0.3, 0.7)
        np.testing.assert_allclose(kernel, expected, atol=1e-12)


# --- bad settings ---


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: box_blur(4), "`size` (=4) must be odd, so that the kernel has a middle."),
        (lambda: identity_kernel(0), "`size` (=0) must be at least 1."),
        (lambda: gaussian_blur(3, 0), "`sigma` (=0) must be above 0."),
        (lambda: laplacian_of_gaussian(3, 0.0), "`sigma` (=0.0) must be above 0."),
        (lambda: gabor(3, 0, math.nan, 1), "`wavelength` (=nan) must be above 0."),
        (lambda: gabor(3, 0, 4, 1, 0, -1), "`gamma` (=-1) must be above 0."),
        (lambda: gabor_bank(0, 3, 4, 1), "`orientations` (=0) must be at least 1."),
        (lambda: motion_blur(2.5), "`length` (=2.5) must be a whole number."),
        (lambda: sobel("z"), "`axis` (='z') must be 'x' or 'y'."),
        (lambda: laplacian(6), "`neighbours` (=6) must be 4 or 8."),
    ],
)
def test_bad_settings_are_named(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
