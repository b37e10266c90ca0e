"""Pooling: one number for each window, so that the next layer sees a smaller, coarser map.

A window of kH×kW cells is handled as kH·kW shifted copies of the whole map (`Windows.shifts`):
the maximum of those copies is max pooling, their sum is average pooling and LeNet's subsampling.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .checks import FloatArray, as_float_array, check_shape
from .geometry import Padding, Pair, as_padding, as_pair, output_size


class Windows:
    """Where the windows of a pooling lie on maps of (N, C, H, W).

    Parameters
    ----------
    input_shape : (N, C, H, W)
        Shape of the maps.
    kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`.

    Raises
    ------
    ValueError
        If a setting is out of range or no window fits.

    Examples
    --------
    >>> windows = Windows((1, 1, 2, 3), 2, 1, 0, False)
    >>> windows.shifts(np.arange(6).reshape(1, 1, 2, 3))[:, :, 0, 0].tolist()
    [[[[0, 1]], [[1, 2]]], [[[3, 4]], [[4, 5]]]]
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        kernel_size: Pair,
        stride: Pair | None,
        padding: Padding,
        ceil_mode: bool,
    ) -> None:
        *_, height, width = self.input_shape = input_shape
        kernel = self.kernel_size = as_pair("kernel_size", kernel_size)
        stride = self.stride = as_pair("stride", kernel if stride is None else stride)
        self.padding = as_padding(padding)
        for size, sides in zip(kernel, self.padding, strict=True):
            if max(sides) >= size:
                raise ValueError(
                    f"`padding` (={padding!r}) must be smaller than `kernel_size` "
                    f"(={kernel_size!r}); otherwise a window holds nothing but padding."
                )
        self.output_size = oh, ow = tuple(
            output_size(size, k, stride=s, padding=p, ceil_mode=ceil_mode)
            for size, k, s, p in zip((height, width), kernel, stride, self.padding, strict=True)
        )
        self.output_shape = (*input_shape[:-2], oh, ow)
        self.overlap = stride[0] < kernel[0] or stride[1] < kernel[1]
        (top, bottom), (left, right) = self.padding
        reach = ((oh - 1) * stride[0] + kernel[0], (ow - 1) * stride[1] + kernel[1])
        self.padded_size = (max(reach[0], top + height), max(reach[1], left + width))
        self.is_padded = self.padded_size != (height, width)
        self._inside = np.s_[..., top : top + height, left : left + width]
        self._counted = np.s_[..., : top + height + bottom, : left + width + right]

    def pad(self, x: FloatArray, fill: float) -> FloatArray:
        """Return the maps with `fill` around them, as far as the windows reach."""
        if not self.is_padded:
            return x
        padded = self.full(x, fill)
        padded[self._inside] = x
        return padded

    def full(self, like: FloatArray, fill: float) -> FloatArray:
        """Return padded maps that hold `fill`, with the samples innermost in memory."""
        (n, channels), (height, width) = self.input_shape[:2], self.padded_size
        return np.full((height, channels, width, n), fill, like.dtype).transpose(3, 1, 0, 2)

    def crop(self, padded: FloatArray) -> FloatArray:
        """Undo `pad`."""
        return padded[self._inside] if self.is_padded else padded

    def shifts(self, padded: FloatArray) -> FloatArray:
        """Return, for every cell (u, v) of the window, that cell of all windows.

        A view of shape (kH, kW, N, C, oH, oW).
        """
        (kh, kw), (sh, sw), (oh, ow) = self.kernel_size, self.stride, self.output_size
        n, channels, *_ = padded.shape
        if (sh, sw) == (kh, kw):  # the windows are tiles: cut both axes into pieces
            tiles = padded[..., : oh * kh, : ow * kw].reshape(n, channels, oh, kh, ow, kw)
            return tiles.transpose(3, 5, 0, 1, 2, 4)
        *outer, row, column = padded.strides
        strides = (row, column, *outer, row * sh, column * sw)
        return as_strided(padded, (kh, kw, n, channels, oh, ow), strides)

    def cells(self, *, count_include_pad: bool) -> FloatArray:
        """Return how many cells each window (oH, oW) counts."""
        counted = np.zeros((1, 1, *self.padded_size), np.float32)
        counted[self._counted if count_include_pad else self._inside] = 1
        return window_sum(self, counted)[0, 0]


# --- maximum ---------------------------------------------------------------------------------


def max_pool2d(
    x: FloatArray,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
) -> FloatArray:
    """Return the maximum of every window.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Feature maps; N may be 0.
    kernel_size : int or (int, int)
        Size of the window.
    stride : int or (int, int), optional
        Cells from one window to the next; the size of the window if left out.
    padding : int, (int, int) or ((int, int), (int, int))
        Cells around the maps that never win.
    ceil_mode : bool
        Whether a window that hangs over the far edge counts too.

    Returns
    -------
    ndarray (N, C, oH, oW)
        Same dtype; a window that holds NaN yields NaN.

    Raises
    ------
    ValueError
        If x has a wrong shape or dtype, a setting is out of range or no window fits.

    References
    ----------
    Riesenhuber & Poggio, "Hierarchical models of object recognition in cortex", 1999.

    Examples
    --------
    >>> x = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    >>> max_pool2d(x, 2)[0, 0]
    array([[6., 8.],
           [3., 4.]])
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode)
    return MaxPooling(windows, windows.pad(x, -np.inf)).forward()


def max_pool2d_backward(
    grad_output: FloatArray,
    x: FloatArray,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
) -> FloatArray:
    """Send every gradient back to the winner of its window.

    Parameters
    ----------
    grad_output : ndarray (N, C, oH, oW)
        Gradient of the loss with respect to the output.
    x : ndarray (N, C, H, W)
        The maps of the forward pass.
    kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`.

    Returns
    -------
    ndarray (N, C, H, W)
        Zero but for the winners. Of equal maxima the first in reading order wins. A window
        has no winner if its maximum is NaN, or −∞ and no larger than its padding.

    Raises
    ------
    ValueError
        As `max_pool2d` does, and if `grad_output` does not have the shape of the output.

    Examples
    --------
    >>> x = np.array([[[[1, 7], [7, 2]]]])
    >>> max_pool2d_backward(np.array([[[[5]]]]), x, 2)[0, 0]
    array([[0., 5.],
           [0., 0.]])
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode)
    grad_output = _check_gradient(grad_output, x, windows)
    pooling = MaxPooling(windows, windows.pad(x, -np.inf))
    pooling.forward()
    return pooling.backward(grad_output)


class MaxPooling:
    """Max pooling prepared for one array of padded maps: forward, and backward right below it.

    `max_pool2d` makes one for a single use. A layer keeps its own while it is handed the same
    array, filled anew at every step; what it returns is then overwritten by the next call.

    Parameters
    ----------
    windows : Windows
        Where the windows lie.
    padded : ndarray (N, C, Hp, Wp)
        The maps, padded with −∞.

    Examples
    --------
    >>> maps = np.array([[[[1.0, 3.0, 2.0]]]])
    >>> MaxPooling(Windows(maps.shape, (1, 2), 1, 0, False), maps).forward()
    array([[[[3., 3.]]]])
    """

    def __init__(self, windows: Windows, padded: FloatArray) -> None:
        self.windows, self.padded = windows, padded
        self._cells = windows.shifts(padded)
        kh, kw, n, channels, oh, ow = self._cells.shape
        sh, sw = windows.stride
        # Cells that lie beside each other in a window, their maxima, and these below each other.
        self._beside = [padded[..., v : v + (ow - 1) * sw + 1 : sw] for v in range(kw)]
        row_maxima = np.empty((padded.shape[2], channels, ow, n), padded.dtype)
        self._row_maxima = row_maxima.transpose(3, 1, 0, 2)
        self._below = [self._row_maxima[:, :, u : u + (oh - 1) * sh + 1 : sh] for u in range(kh)]
        self._y = np.empty((oh, channels, ow, n), padded.dtype).transpose(3, 1, 0, 2)
        # Who wins: as it lies in memory, and the same as (kH, kW, N, C, oH, oW).
        self._wins_in_memory = np.empty((kh * kw, oh, channels, ow, n), bool)
        wins = self._wins_in_memory.reshape(kh, kw, oh, channels, ow, n)
        self._wins = wins.transpose(0, 1, 5, 3, 2, 4)
        self._grad = np.zeros_like(padded)
        self._grad_cells = windows.shifts(self._grad)

    def forward(self) -> FloatArray:
        """Return y (N, C, oH, oW): of each window the maximum of its rows' maxima."""
        _largest(self._beside, out=self._row_maxima)
        return _largest(self._below, out=self._y)

    def backward(self, grad_output: FloatArray) -> FloatArray:
        """Return grad_x (N, C, H, W): each gradient where its window has its first maximum."""
        np.equal(self._cells, self._y, out=self._wins)
        first, *others = self._wins_in_memory
        undecided = ~first
        for wins in others:
            wins &= undecided
            undecided ^= wins
        if self.windows.overlap:
            self._grad.fill(0)
            for grad_cell, wins in zip(
                _in_reading_order(self._grad_cells), _in_reading_order(self._wins), strict=True
            ):
                grad_cell += grad_output * wins
        else:
            np.multiply(grad_output, self._wins, out=self._grad_cells)
        return self.windows.crop(self._grad)


def _largest(arrays: list[FloatArray], out: FloatArray) -> FloatArray:
    """Return the cell by cell maximum of one or more arrays."""
    first, *others = arrays
    if not others:
        np.copyto(out, first)
    for other in others:
        first = np.maximum(first, other, out=out)
    return out


# --- average ---------------------------------------------------------------------------------


def avg_pool2d(
    x: FloatArray,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    """Return the mean of every window.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Feature maps; N may be 0.
    kernel_size, stride, ceil_mode
        As for `max_pool2d`.
    padding : int, (int, int) or ((int, int), (int, int))
        Cells of zeros around the maps.
    count_include_pad : bool
        Whether cells of the padding count in the mean. What hangs over the edge beyond the
        padding (`ceil_mode`) never does.

    Returns
    -------
    ndarray (N, C, oH, oW)
        Same dtype.

    Raises
    ------
    ValueError
        If x has a wrong shape or dtype, a setting is out of range or no window fits.

    Examples
    --------
    >>> x = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    >>> avg_pool2d(x, 2)[0, 0]
    array([[3.25, 5.25],
           [2.  , 2.  ]])
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode)
    return mean(windows, windows.pad(x, 0), windows.cells(count_include_pad=count_include_pad))


def avg_pool2d_backward(
    grad_output: FloatArray,
    x: FloatArray,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> FloatArray:
    """Share every gradient equally among the cells of its window.

    Parameters
    ----------
    grad_output : ndarray (N, C, oH, oW)
        Gradient of the loss with respect to the output.
    x : ndarray (N, C, H, W)
        The maps of the forward pass; only their shape and dtype matter.
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d`.

    Returns
    -------
    ndarray (N, C, H, W)
        The gradient with respect to x.

    Raises
    ------
    ValueError
        As `avg_pool2d` does, and if `grad_output` does not have the shape of the output.

    Examples
    --------
    >>> avg_pool2d_backward(np.array([[[[8]]]]), np.zeros((1, 1, 2, 2)), 2)[0, 0]
    array([[2., 2.],
           [2., 2.]])
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode)
    grad_output = _check_gradient(grad_output, x, windows)
    return mean_backward(windows, grad_output, windows.cells(count_include_pad=count_include_pad))


def mean(windows: Windows, padded: FloatArray, cells: FloatArray) -> FloatArray:
    """Return the sum of every window, divided by the number of its cells."""
    y = window_sum(windows, padded)
    y /= cells
    return y


def mean_backward(windows: Windows, grad_output: FloatArray, cells: FloatArray) -> FloatArray:
    """Give every cell of a window its share."""
    share = np.divide(grad_output, cells, dtype=grad_output.dtype.type)
    return window_sum_backward(windows, share)


def window_sum(windows: Windows, padded: FloatArray) -> FloatArray:
    """Return the sum of the shifted copies."""
    first, *others = _in_reading_order(windows.shifts(padded))
    y = first.copy(order="K")
    for shift in others:
        y += shift
    return y


def window_sum_backward(windows: Windows, grad_output: FloatArray) -> FloatArray:
    """Give the gradient of a sum to every cell of its window."""
    grad = windows.full(grad_output, 0)
    for grad_shift in _in_reading_order(windows.shifts(grad)):
        grad_shift += grad_output
    return windows.crop(grad)


# --- LeNet-5's trainable subsampling ---------------------------------------------------------


def subsample2d(
    x: FloatArray,
    coefficient: FloatArray,
    bias: FloatArray,
    kernel_size: Pair = 2,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
) -> FloatArray:
    """Return u = coefficient[c] · (sum of the window) + bias[c], before the activation.

    In LeNet-5 windows are 2×2 and do not overlap. Cells that fill no whole window are left out.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Feature maps; N may be 0.
    coefficient, bias : ndarray (C,)
        β and b, one of each for a map.
    kernel_size : int or (int, int)
        Size of the window.
    stride : int or (int, int), optional
        Cells from one window to the next; the size of the window if left out.
    padding : int, (int, int) or ((int, int), (int, int))
        Cells of zeros around the maps.

    Returns
    -------
    ndarray (N, C, oH, oW)
        Same dtype as x.

    Raises
    ------
    ValueError
        If an array has a wrong shape or dtype, a setting is out of range or no window fits.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
    1998, section II.B.

    Examples
    --------
    With β = ¼ and b = 0 it is average pooling.

    >>> x = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8]]]])
    >>> subsample2d(x, [0.25], [0])[0, 0]
    array([[3.25, 5.25]])
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode=False)
    beta, b = _per_map("coefficient", coefficient, x), _per_map("bias", bias, x)
    return beta * window_sum(windows, windows.pad(x, 0)) + b


def subsample2d_backward(
    grad_output: FloatArray,
    x: FloatArray,
    coefficient: FloatArray,
    kernel_size: Pair = 2,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how the loss changes with the maps, the coefficients and the biases.

    Parameters
    ----------
    grad_output : ndarray (N, C, oH, oW)
        Gradient of the loss with respect to u, δ.
    x : ndarray (N, C, H, W)
        The maps of the forward pass.
    coefficient : ndarray (C,)
        β of the forward pass.
    kernel_size, stride, padding
        As for `subsample2d`.

    Returns
    -------
    grad_x : ndarray (N, C, H, W)
        β·δ for every cell of the window; where windows overlap, the sum of their shares.
    grad_coefficient : ndarray (C,)
        Σ δ · (sum of the window).
    grad_bias : ndarray (C,)
        Σ δ.

    Raises
    ------
    ValueError
        As `subsample2d` does, and if `grad_output` does not have the shape of the output.

    Examples
    --------
    >>> x = np.array([[[[1, 2], [3, 4]]]])
    >>> grad_x, grad_coefficient, grad_bias = subsample2d_backward([[[[2]]]], x, [3])
    >>> grad_x[0, 0], grad_coefficient, grad_bias
    (array([[6., 6.],
           [6., 6.]]), array([20.]), array([2.]))
    """
    x, windows = _prepare(x, kernel_size, stride, padding, ceil_mode=False)
    grad_output = _check_gradient(grad_output, x, windows)
    beta = _per_map("coefficient", coefficient, x)
    grad_x = window_sum_backward(windows, beta * grad_output)
    grad_coefficient = (grad_output * window_sum(windows, windows.pad(x, 0))).sum(axis=(0, 2, 3))
    grad_bias = grad_output.sum(axis=(0, 2, 3))
    return grad_x, grad_coefficient, grad_bias


def _in_reading_order(shifts: FloatArray) -> list[FloatArray]:
    """Return the shifted copies of (kH, kW, ...) one by one, row by row."""
    return [shift for row in shifts for shift in row]


# --- the arguments ---------------------------------------------------------------------------


def _prepare(
    x: FloatArray, kernel_size: Pair, stride: Pair | None, padding: Padding, ceil_mode: bool
) -> tuple[FloatArray, Windows]:
    """Return the maps as floats, and where the windows lie on them."""
    x = as_float_array("x", x, axes="N, C, H, W")
    return x, Windows(x.shape, kernel_size, stride, padding, ceil_mode)


def _check_gradient(grad_output: FloatArray, x: FloatArray, windows: Windows) -> FloatArray:
    """Return the gradient in the dtype of x, once it has the shape of the output."""
    grad_output = as_float_array("grad_output", grad_output, axes="N, C, oH, oW")
    check_shape("grad_output", grad_output, windows.output_shape, "the shape of the output")
    return grad_output.astype(x.dtype, copy=False)


def _per_map(name: str, value: Any, x: FloatArray) -> FloatArray:
    """Return one number per map, shaped to multiply maps of (N, C, H, W)."""
    value = as_float_array(name, value, axes="C")
    check_shape(name, value, (x.shape[1],), "one number for each map")
    return value.astype(x.dtype, copy=False)[:, None, None]
