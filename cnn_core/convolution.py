"""Convolution: one small kernel that slides over the whole image.

True convolution rotates the kernel by 180° before it slides; cross-correlation, which
deep-learning libraries call "conv", does not. The whole difference is the call of `rot180`:
on the kernel as it comes in, and on its gradient as it goes out.
"""

from __future__ import annotations

from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .checks import FloatArray, as_float_array, check_shape
from .geometry import Padding, Pair, as_padding, as_pair, output_size, window_span


def rot180(kernel: FloatArray) -> FloatArray:
    """Rotate the last two axes by 180°: upside down and left to right.

    Parameters
    ----------
    kernel : ndarray (..., kH, kW)
        One kernel, or many.

    Returns
    -------
    ndarray (..., kH, kW)
        A view.

    Examples
    --------
    >>> rot180(np.array([[1, 2], [3, 4]]))
    array([[4, 3],
           [2, 1]])
    """
    return kernel[..., ::-1, ::-1]


def samples_innermost(x: FloatArray) -> FloatArray:
    """Return the same array (N, C, H, W) with the samples next to each other in memory.

    Shape and values stay; only the order in memory becomes (H, C, W, N). Then whatever is done
    to all samples at once runs through memory in long straight runs.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Any order in memory.

    Returns
    -------
    ndarray (N, C, H, W)
        A copy, unless it is in that order already.

    Examples
    --------
    >>> samples_innermost(np.zeros((2, 1, 1, 3))).transpose(2, 1, 3, 0).flags.c_contiguous
    True
    """
    return np.ascontiguousarray(x.transpose(2, 1, 3, 0)).transpose(3, 1, 0, 2)


class Convolution:
    """A convolution prepared for one shape of input: forward, and backward right below it.

    Once the window of every output cell stands in a column of a matrix, a convolution is a matrix
    product. The windows of neighbouring rows share most of their cells, so only the shifts along
    the width are copied; along the height the matrices, one for each strip of output rows, are
    overlapping views of the same memory. A strip is one row, or a few where the product would be
    too flat to be fast; then the kernel stands in the weight matrix once for each of them, every
    time a row lower, among zeros. Samples are innermost, so that everything runs through memory
    in long straight runs.

    `conv2d` makes one for a single use. A layer keeps its own from step to step, because making
    the arrays anew costs as much as filling them; what it returns is then overwritten by the next
    call.

    Parameters
    ----------
    input_shape : (N, C, H, W)
        Shape of the inputs.
    weight_shape : (O, C, kH, kW)
        Shape of the kernels.
    stride, padding, dilation, flip
        As for `conv2d`.
    dtype : dtype
        Of inputs and kernels.
    strips : bool
        Whether a strip may have several rows. A NaN or an infinity then reaches all of them.

    Raises
    ------
    ValueError
        If a setting is out of range or the kernel does not fit.

    Examples
    --------
    >>> convolution = Convolution((1, 1, 1, 3), (1, 1, 1, 2), dtype=np.float64)
    >>> convolution.forward(np.array([[[[1.0, 2, 4]]]]), np.array([[[[1.0, 10]]]]))
    array([[[[12., 24.]]]])
    """

    def __init__(
        self,
        input_shape: tuple[int, ...],
        weight_shape: tuple[int, ...],
        *,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        flip: bool = True,
        dtype: Any = np.float32,
        strips: bool = False,
    ) -> None:
        n, channels, height, width = input_shape
        filters, _, kh, kw = weight_shape
        (sh, sw), (dh, dw) = as_pair("stride", stride), as_pair("dilation", dilation)
        (top, bottom), (left, right) = as_padding(padding)
        oh = output_size(height, kh, stride=sh, padding=(top, bottom), dilation=dh)
        ow = output_size(width, kw, stride=sw, padding=(left, right), dilation=dw)
        self.output_shape, self.flip = (n, filters, oh, ow), flip
        columns = ow * n
        strip = _strip_height(oh, filters, columns) if strips and dh == 1 else 1
        rows = (strip - 1) * sh + kh

        # The padded input as (rows, channels, columns, samples). Its border stays zero.
        self._padded = np.zeros((top + height + bottom, channels, left + width + right, n), dtype)
        self._input = self._padded[top : top + height, :, left : left + width]
        # Its kW shifts along the width beside each other: (rows, C, kW, oW, N), to be copied.
        row, channel, column, sample = self._padded.strides
        self._shifts = as_strided(
            self._padded,
            (len(self._padded), channels, kw, ow, n),
            (row, channel, column * dw, column * sw, sample),
        )
        self._shifted = np.empty(self._shifts.shape, dtype)
        # The rows that a strip sees below each other: (strips, rows, C, kW, oW, N), a view.
        self._seen = _stack_rows(self._shifted, oh // strip, rows, stride=strip * sh, dilation=dh)

        # The weight matrix, its gradient, and where the kernel stands in them.
        self._weights, self._grad_weights = np.zeros((2, strip, filters, rows, channels, kw), dtype)
        self._kernels, self._grad_kernels = (
            [matrix[i, :, i * sh : i * sh + kh].transpose(0, 2, 1, 3) for i in range(strip)]
            for matrix in (self._weights, self._grad_weights)
        )
        self._weight_matrix = self._weights.reshape(strip * filters, -1)
        self._grad_weight_matrix = self._grad_weights.reshape(strip * filters, -1).T
        # The output: as the product of both, row by row, and as (N, O, oH, oW).
        self._product = np.empty((oh // strip, strip * filters, columns), dtype)
        self._rows = self._product.reshape(oh, filters, columns)
        self._y = self._product.reshape(oh, filters, ow, n).transpose(3, 1, 0, 2)
        self._ones = np.ones(columns, dtype)
        self._settings = input_shape, weight_shape, stride, padding, dilation

    def forward(
        self, x: FloatArray, weight: FloatArray, bias: FloatArray | None = None
    ) -> FloatArray:
        """Return y (N, O, oH, oW): every kernel times every window, plus the bias."""
        windows = self.unfold(x)
        for kernel in self._kernels:
            kernel[...] = rot180(weight) if self.flip else weight
        np.matmul(self._weight_matrix, windows, out=self._product)
        if bias is not None:
            self._rows += bias[:, None]
        return self._y

    def backward(
        self, grad_output: FloatArray, weight: FloatArray, *, needs_input_grad: bool = True
    ) -> tuple[FloatArray | None, FloatArray, FloatArray]:
        """Return (grad_x, grad_weight, grad_bias) at the input of the last `forward`."""
        delta = grad_output.transpose(2, 1, 3, 0).reshape(self._rows.shape)
        grad_bias = np.add.reduce(delta @ self._ones)

        grad_products = self._windows @ delta.reshape(self._product.shape).transpose(0, 2, 1)
        np.add.reduce(grad_products, out=self._grad_weight_matrix)
        grad_kernel = reduce(np.add, self._grad_kernels)
        grad_weight = rot180(grad_kernel) if self.flip else grad_kernel

        if not needs_input_grad:
            return None, grad_weight, grad_bias
        kernel = rot180(weight) if self.flip else weight
        return self._input_gradient(delta, kernel), grad_weight, grad_bias

    @cached_property
    def _input_gradient(self) -> _InputGradient:
        """The way back to the input, prepared when it is first needed."""
        return _InputGradient(*self._settings, dtype=self._product.dtype)

    def unfold(self, x: FloatArray) -> FloatArray:
        """Return the windows of x (N, C, H, W) as matrices, a column for each output cell."""
        self._input[...] = x.transpose(2, 1, 3, 0)
        np.copyto(self._shifted, self._shifts)
        strips, rows, channels, kw, ow, n = self._seen.shape
        self._windows = self._seen.reshape(strips, rows * channels * kw, ow * n)
        return self._windows


class _InputGradient:
    """From δ back to the input: slide the kernel over δ along the height, fold along the width."""

    def __init__(
        self,
        input_shape: tuple[int, ...],
        weight_shape: tuple[int, ...],
        stride: Pair,
        padding: Padding,
        dilation: Pair,
        *,
        dtype: Any,
    ) -> None:
        n, channels, height, width = input_shape
        filters, _, kh, kw = weight_shape
        (sh, sw), (dh, dw) = as_pair("stride", stride), as_pair("dilation", dilation)
        (top, bottom), (left, right) = as_padding(padding)
        oh = output_size(height, kh, stride=sh, padding=(top, bottom), dilation=dh)
        ow = output_size(width, kw, stride=sw, padding=(left, right), dilation=dw)

        # δ with zeros between its rows (stride) and around them, and stacked such that the rows
        # that an input row has served stand below each other: (H, kH, O, oW·N), a view.
        span = window_span(kh, dh)
        self._delta = np.zeros((height + span - 1, filters, ow * n), dtype)
        self._steps = _steps(span - 1 - top, sh, oh, len(self._delta))
        self._served = _stack_rows(self._delta, height, kh, stride=1, dilation=dh)
        # The gradient of the kW shifts of the input, and where each belongs on the padded input.
        shifted = np.empty((height, channels, kw, ow, n), dtype)
        self._product = shifted.reshape(height, channels * kw, ow * n)
        self._padded = np.empty((height, channels, left + width + right, n), dtype)
        self._folds = [
            (self._padded[:, :, v * dw : v * dw + (ow - 1) * sw + 1 : sw], shifted[:, :, v])
            for v in range(kw)
        ]
        self._grad_x = self._padded[:, :, left : left + width].transpose(3, 1, 0, 2)

    def __call__(self, delta: FloatArray, kernel: FloatArray) -> FloatArray:
        """Return grad_x (N, C, H, W) for δ (oH, O, oW·N) and the kernel as it slid."""
        into, taken = self._steps
        self._delta[into] = delta[taken]
        height, kh, filters, columns = self._served.shape
        served = self._served.reshape(height, kh * filters, columns)
        upside_down = kernel[:, :, ::-1].transpose(1, 3, 2, 0).reshape(-1, kh * filters)
        np.matmul(upside_down, served, out=self._product)

        self._padded.fill(0)
        for cells, shift in self._folds:
            cells += shift
        return self._grad_x


def _strip_height(rows: int, filters: int, columns: int) -> int:
    """Return how many output rows to compute in one matrix product.

    Few filters over many columns make a flat product that is slow; a few rows together make it
    less flat. One row where there is little to gain: few columns, or a single filter, which is a
    product with a vector and fast as it is.
    """
    if columns < 1024 or filters == 1:
        return 1
    return max(h for h in range(1, rows + 1) if rows % h == 0 and (h == 1 or h * filters <= 24))


def _stack_rows(
    rows: FloatArray, outputs: int, kernel_size: int, *, stride: int, dilation: int
) -> FloatArray:
    """View rows (R, ...) as (outputs, kernel_size, ...): for each output the rows it sees."""
    row, *rest = rows.strides
    return as_strided(
        rows, (outputs, kernel_size, *rows.shape[1:]), (row * stride, row * dilation, *rest)
    )


def _steps(start: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Say where rows go that are placed at start, start + step, ..., and which fit into `size`.

    Returns the places and the rows that have one, as slices.
    """
    first = max(0, -(start // step))
    places = range(start + first * step, min(size, start + count * step), step)
    return slice(places.start, max(places.stop, 0), step), slice(first, first + len(places))


def conv2d(
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray | None = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    flip: bool = True,
) -> FloatArray:
    """Slide every kernel over every image: y[n, o] = Σ_c x[n, c] * weight[o, c] + bias[o].

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Images; N may be 0.
    weight : ndarray (O, C, kH, kW)
        Kernels, one for every pair of output and input channel.
    bias : ndarray (O,), optional
        Added to every cell of an output channel.
    stride : int or (int, int)
        Cells from one window to the next, along height and width.
    padding : int, (int, int) or ((int, int), (int, int))
        Cells of zeros around the image: on all sides, (height, width), or
        ((top, bottom), (left, right)).
    dilation : int or (int, int)
        Distance between neighbouring cells of the kernel on the image.
    flip : bool
        True: convolution, the kernel is rotated by 180° first. False: cross-correlation.

    Returns
    -------
    ndarray (N, O, oH, oW)
        Sizes as `geometry.output_size` gives them. float32 if x and weight are float32, else
        float64. NaN and infinity spread as IEEE 754 has it: into every window they are in.

    Raises
    ------
    ValueError
        If an array has a wrong shape or dtype, a setting is out of range or no window fits.

    References
    ----------
    Goodfellow, Bengio & Courville, *Deep Learning*, 2016, equations 9.4 and 9.6.

    Examples
    --------
    A single 1 paints the kernel itself; without the flip, the kernel upside down.

    >>> impulse = np.array([[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]])
    >>> kernel = np.array([[[[1, 2], [3, 4]]]])
    >>> conv2d(impulse, kernel)[0, 0]
    array([[1., 2.],
           [3., 4.]])
    >>> conv2d(impulse, kernel, flip=False)[0, 0]
    array([[4., 3.],
           [2., 1.]])
    """
    x, weight = _check(x, weight)
    if bias is not None:
        bias = as_float_array("bias", bias, axes="O").astype(x.dtype, copy=False)
        check_shape("bias", bias, (len(weight),), "one number for each output channel")
    convolution = Convolution(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        flip=flip,
        dtype=x.dtype,
    )
    return convolution.forward(x, weight, bias)


def conv2d_backward(
    grad_output: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    flip: bool = True,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how the loss changes with the image, the kernels and the bias of `conv2d`.

    With δ = grad_output and stride 1, for a convolution: grad_x correlates δ, padded by
    kernel size − 1, with the kernel, and grad_weight is the correlation of x with δ, rotated by
    180°. For a cross-correlation the flip moves into grad_x: it stands in exactly one of the two
    directions.

    Parameters
    ----------
    grad_output : ndarray (N, O, oH, oW)
        Gradient of the loss with respect to the output, δ.
    x : ndarray (N, C, H, W)
        The images of the forward pass.
    weight : ndarray (O, C, kH, kW)
        The kernels of the forward pass.
    stride, padding, dilation, flip
        As for `conv2d`.

    Returns
    -------
    grad_x : ndarray (N, C, H, W)
    grad_weight : ndarray (O, C, kH, kW)
    grad_bias : ndarray (O,)
        Summed over the batch.

    Raises
    ------
    ValueError
        As `conv2d` does, and if `grad_output` does not have the shape of the output.

    References
    ----------
    Bouvrie, "Notes on Convolutional Neural Networks", 2006, section 3.

    Examples
    --------
    >>> x = np.array([[[[1, 2, 3]]]])
    >>> weight = np.array([[[[1, 10]]]])
    >>> grad_x, grad_weight, grad_bias = conv2d_backward([[[[1, 0]]]], x, weight)
    >>> grad_x[0, 0], grad_weight[0, 0], grad_bias
    (array([[10.,  1.,  0.]]), array([[2., 1.]]), array([1.]))
    """
    x, weight = _check(x, weight)
    grad_output = as_float_array("grad_output", grad_output, axes="N, O, oH, oW")
    convolution = Convolution(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        flip=flip,
        dtype=x.dtype,
    )
    check_shape(
        "grad_output", grad_output, convolution.output_shape, "the shape of the layer's output"
    )
    convolution.unfold(x)
    grad_x, grad_weight, grad_bias = convolution.backward(
        grad_output.astype(x.dtype, copy=False), weight
    )
    assert grad_x is not None
    return grad_x, grad_weight, grad_bias


def _check(x: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return images and kernels as float arrays of one dtype that fit each other."""
    x = as_float_array("x", x, axes="N, C, H, W")
    weight = as_float_array("weight", weight, axes="O, C, kH, kW")
    if weight.shape[1] != x.shape[1]:
        raise ValueError(
            f"`weight` has shape {weight.shape}, kernels for {weight.shape[1]} input channels, "
            f"but `x` has {x.shape[1]}."
        )
    if 0 in weight.shape or 0 in x.shape[1:]:
        raise ValueError(
            f"`x` has shape {x.shape} and `weight` {weight.shape}; only the batch may be empty."
        )
    dtype = np.result_type(x, weight)
    return x.astype(dtype, copy=False), weight.astype(dtype, copy=False)
