"""What a layer costs, three ways: fully connected, local, and local with shared weights.

All three lead from the same input cells to the same output cells. As a matrix, with a row for each
output cell and a column for each input cell, the first is full, the second is a band, and the third
is the same band with the same few numbers in it again and again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .checks import FloatArray, as_float_array
from .convolution import conv2d
from .geometry import Padding, Pair, as_padding, as_pair, as_whole_number, output_size


class LayerCost(NamedTuple):
    """What a layer learns, and what it computes for one sample.

    Attributes
    ----------
    parameters : int
        Weights and biases.
    multiplications : int
        Every window counts in full, with the zeros of the padding.
    by_padding : int
        Those among the multiplications whose factor is one of these zeros.
    """

    parameters: int
    multiplications: int
    by_padding: int


def affine_cost(in_features: int, out_features: int) -> LayerCost:
    """Return the cost of a fully connected layer: every output has a weight for every input.

    Parameters
    ----------
    in_features, out_features : int
        Cells of the input and of the output.

    Returns
    -------
    LayerCost

    Raises
    ------
    ValueError
        If a size is not a whole number from 1.

    Examples
    --------
    >>> affine_cost(4, 3)
    LayerCost(parameters=15, multiplications=12, by_padding=0)
    """
    inputs = as_whole_number("in_features", in_features)
    outputs = as_whole_number("out_features", out_features)
    return LayerCost(outputs * (inputs + 1), outputs * inputs, 0)


def local2d_cost(
    input_shape: Sequence[int],
    out_channels: int,
    kernel_size: Pair,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
) -> LayerCost:
    """Return the cost of a local layer that shares nothing: each output has weights of its own.

    Parameters
    ----------
    input_shape : (int, int, int)
        C, H, W of one sample.
    out_channels : int
        Number of output maps.
    kernel_size, stride, padding, dilation
        As for `conv2d`.

    Returns
    -------
    LayerCost
        The weights that only ever meet the padding are counted too.

    Raises
    ------
    ValueError
        If a setting is out of range or no window fits.

    Examples
    --------
    >>> local2d_cost((1, 4, 4), 1, 3)
    LayerCost(parameters=40, multiplications=36, by_padding=0)
    """
    channels, height, width = _checked_shape(input_shape)
    filters = as_whole_number("out_channels", out_channels)
    kernel = as_pair("kernel_size", kernel_size)
    windows, inside = (
        [],
        [],
    )  # along each axis: how many, and how many of their cells are no padding
    for size, k, s, p, d in zip(
        (height, width),
        kernel,
        as_pair("stride", stride),
        as_padding(padding),
        as_pair("dilation", dilation),
        strict=True,
    ):
        windows.append(output_size(size, k, stride=s, padding=p, dilation=d))
        cells = np.add.outer(np.arange(windows[-1]) * s - p[0], np.arange(k) * d)
        inside.append(int(((cells >= 0) & (cells < size)).sum()))
    outputs = filters * math.prod(windows)
    fan_in = channels * math.prod(kernel)
    multiplications = outputs * fan_in
    return LayerCost(
        outputs * (fan_in + 1),
        multiplications,
        multiplications - filters * channels * math.prod(inside),
    )


def conv2d_cost(
    input_shape: Sequence[int],
    out_channels: int,
    kernel_size: Pair,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
) -> LayerCost:
    """Return the cost of a convolution: as many products as a local layer, one set of weights.

    Parameters
    ----------
    input_shape, out_channels, kernel_size, stride, padding, dilation
        As for `local2d_cost`.

    Returns
    -------
    LayerCost

    Raises
    ------
    ValueError
        If a setting is out of range or no window fits.

    Examples
    --------
    LeNet-5's first layer learns 156 numbers; unshared it would learn 122,304.

    >>> conv2d_cost((1, 32, 32), 6, 5)
    LayerCost(parameters=156, multiplications=117600, by_padding=0)
    >>> local2d_cost((1, 32, 32), 6, 5).parameters
    122304
    """
    unshared = local2d_cost(
        input_shape, out_channels, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    fan_in = input_shape[0] * math.prod(as_pair("kernel_size", kernel_size))
    return unshared._replace(parameters=out_channels * (fan_in + 1))


def convolution_matrix(
    weight: FloatArray,
    input_shape: Sequence[int],
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    flip: bool = True,
) -> FloatArray:
    """Return the matrix M of a convolution: M @ x.ravel() is conv2d(x, weight).ravel().

    A column is the answer to a single 1 at one input cell, and that is how it is found. It is a
    picture for small inputs: almost all of it is zero.

    Parameters
    ----------
    weight : ndarray (O, C, kH, kW)
        Kernels of finite numbers.
    input_shape : (int, int, int)
        C, H, W of one sample.
    stride, padding, dilation, flip
        As for `conv2d`.

    Returns
    -------
    ndarray (O·oH·oW, C·H·W)
        A row for each output cell and a column for each input cell, both in reading order. Zeros
        of the padding have no column. dtype as of `conv2d`.

    Raises
    ------
    ValueError
        If `weight` is not finite, a setting is out of range or no window fits.

    References
    ----------
    Goodfellow, Bengio & Courville, *Deep Learning*, 2016, section 9.1: a doubly block circulant
    matrix, where the padding is circular.

    Examples
    --------
    >>> convolution_matrix(np.array([[[[1, 2]]]]), (1, 1, 3), flip=False)
    array([[1., 2., 0.],
           [0., 1., 2.]])
    """
    weight = as_float_array("weight", weight, axes="O, C, kH, kW")
    if not np.isfinite(weight).all():
        raise ValueError("`weight` must be finite: NaN and infinity times 0 are not 0.")
    shape = _checked_shape(input_shape)
    cells = math.prod(shape)
    impulses = np.eye(cells, dtype=weight.dtype).reshape(cells, *shape)
    answers = conv2d(impulses, weight, stride=stride, padding=padding, dilation=dilation, flip=flip)
    return answers.reshape(cells, -1).T.copy()


def _checked_shape(input_shape: Sequence[int]) -> tuple[int, int, int]:
    if len(input_shape) != 3:
        raise ValueError(f"`input_shape` (={tuple(input_shape)}) must be (C, H, W).")
    channels, height, width = (as_whole_number("input_shape", size) for size in input_shape)
    return channels, height, width
