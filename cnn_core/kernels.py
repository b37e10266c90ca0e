"""Kernels with a name: what they do to a picture is known before anything is learned.

All are square (F, F) arrays of float64, and meant for a true convolution, which rotates them by
180° first. For most that makes no difference. Where it does (Sobel, Prewitt, emboss, and a Gabor
kernel that is not even), the signs are chosen such that the *result* of the convolution reads
naturally: bright where the picture gets brighter to the right, or downwards. A cross-correlation
with the same kernel gives the opposite sign.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from .checks import FloatArray
from .geometry import as_whole_number

SMOOTHING, SLOPE = np.array([1.0, 2, 1]), np.array([1.0, 0, -1])


# --- kernels that keep the brightness: their weights sum to 1 ---


def identity_kernel(size: int = 3) -> FloatArray:
    """Return a single 1 among zeros, which leaves the picture as it is.

    Parameters
    ----------
    size : int
        F, odd.

    Returns
    -------
    ndarray (F, F)

    Raises
    ------
    ValueError
        If `size` is not an odd whole number.

    Examples
    --------
    >>> identity_kernel(3)
    array([[0., 0., 0.],
           [0., 1., 0.],
           [0., 0., 0.]])
    """
    kernel = np.zeros((_odd(size), size))
    kernel[size // 2, size // 2] = 1
    return kernel


def box_blur(size: int = 3) -> FloatArray:
    """Return the mean of the window: every weight is 1/F².

    Parameters
    ----------
    size : int
        F, odd.

    Returns
    -------
    ndarray (F, F)
        Sums to 1.

    Raises
    ------
    ValueError
        If `size` is not an odd whole number.

    Examples
    --------
    >>> 9 * box_blur(3)
    array([[1., 1., 1.],
           [1., 1., 1.],
           [1., 1., 1.]])
    """
    return np.full((_odd(size), size), 1 / size**2)


def gaussian_blur(size: int, sigma: float) -> FloatArray:
    """Return a mean that counts what is near more: exp(−(x² + y²) / 2σ²), scaled to the sum 1.

    Parameters
    ----------
    size : int
        F, odd; 6σ + 1 or more holds nearly all of the bell.
    sigma : float
        σ, in pixels.

    Returns
    -------
    ndarray (F, F)
        Sums to 1.

    Raises
    ------
    ValueError
        If `size` is not an odd whole number or `sigma` is not above 0.

    Examples
    --------
    >>> (16 * gaussian_blur(3, 0.8493218)).round(2)
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    x, y = _places(size)
    bell = np.exp(-(x**2 + y**2) / (2 * _positive("sigma", sigma) ** 2))
    return bell / bell.sum()


def motion_blur(length: int, angle: float = 0.0) -> FloatArray:
    """Return the mean along a line, as when the camera moves while it looks.

    `length` points, one pixel apart, lie on a line through the middle. Each gives its weight
    1/length to the four cells around it, in proportion to how near they are.

    Parameters
    ----------
    length : int
        L, how far it moves.
    angle : float
        Of the line against the horizontal, in radians, counter-clockwise.

    Returns
    -------
    ndarray (F, F)
        Sums to 1; F is L, or L + 1 if L is even.

    Raises
    ------
    ValueError
        If `length` is not a whole number of at least 1.

    Examples
    --------
    >>> 3 * motion_blur(3, 0)
    array([[0., 0., 0.],
           [1., 1., 1.],
           [0., 0., 0.]])
    """
    size = as_whole_number("length", length) // 2 * 2 + 1
    steps = np.arange(length) - (length - 1) / 2
    x, y = _places(size)
    across = x - (steps * math.cos(angle))[:, None, None]
    down = y + (steps * math.sin(angle))[:, None, None]
    near = np.maximum(0, 1 - abs(across)) * np.maximum(0, 1 - abs(down))
    return near.sum(axis=0) / length


def sharpen() -> FloatArray:
    """Return the picture minus its Laplacian: differences to the neighbours grow.

    Returns
    -------
    ndarray (3, 3)
        Sums to 1.

    Examples
    --------
    >>> sharpen()
    array([[ 0., -1.,  0.],
           [-1.,  5., -1.],
           [ 0., -1.,  0.]])
    """
    return identity_kernel(3) - laplacian(4)


def emboss() -> FloatArray:
    """Return the picture plus its slope towards the lower right: a relief.

    What gets brighter downwards and to the right stands out bright.

    Returns
    -------
    ndarray (3, 3)
        Sums to 1.

    Examples
    --------
    >>> emboss()
    array([[ 2.,  1.,  0.],
           [ 1.,  1., -1.],
           [ 0., -1., -2.]])
    """
    return np.array([[2.0, 1, 0], [1, 1, -1], [0, -1, -2]])


# --- kernels that answer to change: their weights sum to 0 ---


def sobel(axis: Literal["x", "y"]) -> FloatArray:
    """Return the slope along one axis, smoothed across it with the weights 1, 2, 1.

    Parameters
    ----------
    axis : {"x", "y"}
        The convolution is positive where the picture gets brighter to the right (``"x"``) or
        downwards (``"y"``), negative where it gets darker.

    Returns
    -------
    ndarray (3, 3)
        Sums to 0.

    Raises
    ------
    ValueError
        For any other axis.

    References
    ----------
    Sobel and Feldman, "A 3×3 Isotropic Gradient Operator for Image Processing", talk at the
    Stanford Artificial Intelligence Project, 1968.

    Examples
    --------
    >>> sobel("x")
    array([[ 1.,  0., -1.],
           [ 2.,  0., -2.],
           [ 1.,  0., -1.]])
    """
    return _along(axis, np.outer(SMOOTHING, SLOPE))


def prewitt(axis: Literal["x", "y"]) -> FloatArray:
    """Return the slope along one axis, smoothed across it with the weights 1, 1, 1.

    Parameters
    ----------
    axis : {"x", "y"}
        As for `sobel`.

    Returns
    -------
    ndarray (3, 3)
        Sums to 0.

    Raises
    ------
    ValueError
        For any other axis.

    References
    ----------
    Prewitt, "Object Enhancement and Extraction", in Picture Processing and Psychopictorics, 1970.

    Examples
    --------
    >>> prewitt("y")
    array([[ 1.,  1.,  1.],
           [ 0.,  0.,  0.],
           [-1., -1., -1.]])
    """
    return _along(axis, np.outer(np.ones(3), SLOPE))


def laplacian(neighbours: Literal[4, 8] = 4) -> FloatArray:
    """Return what the neighbours have more than the middle: curvature, whatever its direction.

    Parameters
    ----------
    neighbours : {4, 8}
        Whether the four diagonal ones count, too. The convolution is positive on the dark side of
        an edge and negative on its bright side.

    Returns
    -------
    ndarray (3, 3)
        Sums to 0.

    Raises
    ------
    ValueError
        For any other number of neighbours.

    Examples
    --------
    >>> laplacian(4)
    array([[ 0.,  1.,  0.],
           [ 1., -4.,  1.],
           [ 0.,  1.,  0.]])
    """
    if neighbours not in (4, 8):
        raise ValueError(f"`neighbours` (={neighbours!r}) must be 4 or 8.")
    side, corner = 1.0, float(neighbours == 8)
    return np.array(
        [[corner, side, corner], [side, -neighbours, side], [corner, side, corner]], dtype=float
    )


def laplacian_of_gaussian(size: int, sigma: float) -> FloatArray:
    """Return the Laplacian of a picture blurred with σ: answers to blobs and edges of one scale.

    (x² + y² − 2σ²) / σ⁴ · G(x, y), with G the bell of `gaussian_blur`. Its mean is taken off, so
    that the weights sum to 0 also where the window is too small for the bell.

    Parameters
    ----------
    size : int
        F, odd; 8σ + 1 or more holds nearly all of it.
    sigma : float
        σ, in pixels.

    Returns
    -------
    ndarray (F, F)
        Sums to 0; the middle is negative, as in `laplacian`.

    Raises
    ------
    ValueError
        If `size` is not an odd whole number or `sigma` is not above 0.

    References
    ----------
    Marr and Hildreth, "Theory of Edge Detection", 1980.

    Examples
    --------
    >>> (100 * laplacian_of_gaussian(3, 1)).round(0)
    array([[ 10.,  -2.,  10.],
           [ -2., -31.,  -2.],
           [ 10.,  -2.,  10.]])
    """
    bell = gaussian_blur(size, sigma)
    x, y = _places(size)
    kernel = (x**2 + y**2 - 2 * sigma**2) / sigma**4 * bell
    return kernel - kernel.mean()


def gabor(
    size: int, theta: float, wavelength: float, sigma: float, psi: float = 0.0, gamma: float = 1.0
) -> FloatArray:
    """Return a Gabor kernel: a wave under a bell, which answers to stripes of one direction.

    exp(−(x'² + γ²y'²) / 2σ²) · cos(2πx'/λ + ψ), where x' = x cos θ + y sin θ runs across the
    stripes and y' = −x sin θ + y cos θ along them; x points to the right and y downwards.

    Parameters
    ----------
    size : int
        F, odd; 6σ + 1 or more holds nearly all of the bell.
    theta : float
        θ, the direction in which the wave runs, in radians, clockwise; at 0 the stripes are
        vertical.
    wavelength : float
        λ, from one bright stripe to the next, in pixels.
    sigma : float
        σ, the width of the bell, in pixels.
    psi : float
        ψ, the phase: 0 gives an even kernel, which answers to lines, ±π/2 an odd one, which
        answers to edges; at π/2 the convolution is positive where the picture gets brighter along
        x'. The flip of a convolution changes the sign of ψ.
    gamma : float
        γ, the bell's aspect: at 1 it is round, below 1 long in the direction of the stripes.

    Returns
    -------
    ndarray (F, F)
        An odd one sums to 0, others only nearly, if σ is not small against λ.

    Raises
    ------
    ValueError
        If `size` is not an odd whole number, or `wavelength`, `sigma` or `gamma` is not above 0.

    References
    ----------
    Daugman, "Uncertainty relation for resolution in space, spatial frequency, and orientation
    optimized by two-dimensional visual cortical filters", 1985. Petkov and Kruizinga,
    "Computational models of visual neurons specialised in the detection of periodic and aperiodic
    oriented visual stimuli", 1997, equation 1.

    Examples
    --------
    >>> gabor(3, theta=0, wavelength=2, sigma=1e9).round(0)
    array([[-1.,  1., -1.],
           [-1.,  1., -1.],
           [-1.,  1., -1.]])
    """
    sigma, gamma = _positive("sigma", sigma), _positive("gamma", gamma)
    x, y = _places(size)
    across = x * math.cos(theta) + y * math.sin(theta)
    along = y * math.cos(theta) - x * math.sin(theta)
    bell = np.exp(-(across**2 + (gamma * along) ** 2) / (2 * sigma**2))
    return bell * np.cos(2 * math.pi * across / _positive("wavelength", wavelength) + psi)


def gabor_bank(
    orientations: int,
    size: int,
    wavelength: float,
    sigma: float,
    psi: float = 0.0,
    gamma: float = 1.0,
    *,
    theta: float = 0.0,
) -> FloatArray:
    """Return Gabor kernels whose directions divide half a turn evenly.

    Half a turn is enough: after it an even kernel repeats, and an odd one only changes its sign.

    Parameters
    ----------
    orientations : int
        How many.
    size, wavelength, sigma, psi, gamma
        As for `gabor`.
    theta : float
        The direction of the first, in radians.

    Returns
    -------
    ndarray (orientations, F, F)

    Raises
    ------
    ValueError
        As `gabor` does, and if `orientations` is not a whole number of at least 1.

    Examples
    --------
    >>> gabor_bank(2, 3, wavelength=2, sigma=1e9).round(0)[1]
    array([[-1., -1., -1.],
           [ 1.,  1.,  1.],
           [-1., -1., -1.]])
    """
    count = as_whole_number("orientations", orientations)
    turns = theta + np.arange(count) * math.pi / count
    return np.stack([gabor(size, turn, wavelength, sigma, psi, gamma) for turn in turns])


def _places(size: int) -> tuple[FloatArray, FloatArray]:
    """Return x (to the right) and y (downwards) of each cell, 0 in the middle."""
    places = np.arange(_odd(size)) - size // 2.0
    y, x = np.meshgrid(places, places, indexing="ij")
    return x, y


def _along(axis: str, kernel: FloatArray) -> FloatArray:
    """Return a kernel for slopes along x, or its transpose for slopes along y."""
    if axis not in ("x", "y"):
        raise ValueError(f"`axis` (={axis!r}) must be 'x' or 'y'.")
    return kernel if axis == "x" else kernel.T.copy()


def _odd(size: int) -> int:
    if as_whole_number("size", size) % 2 == 0:
        raise ValueError(f"`size` (={size!r}) must be odd, so that the kernel has a middle.")
    return size


def _positive(name: str, value: float) -> float:
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"`{name}` (={value!r}) must be above 0.")
    return value
