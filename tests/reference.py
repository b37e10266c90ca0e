"""The operations of a CNN as loops that can be checked by reading: slow, and the tests' oracle.

Nothing here is shared with cnn_core. A convolution or a pooling is a list of connections, said
once; forward follows each connection one way, backward follows the same ones the other way.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

Sides = tuple[tuple[int, int], tuple[int, int]]  # ((top, bottom), (left, right))
NO_PADDING: Sides = ((0, 0), (0, 0))


def window_starts(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    ceil_mode: bool = False,
) -> list[int]:
    """List where along one axis the windows start; input cell 0 is at 0, padding lies before it.

    With `ceil_mode` the windows go on until the last cell of the padded input is covered, but
    none may start behind the input.
    """
    before, after = padding
    starts: list[int] = []
    end = 0
    for start in range(-before, size + after, stride):
        covered = bool(starts) and end >= size + after
        end = start + dilation * (kernel_size - 1) + 1
        fits = end <= size + after
        if not fits and not (ceil_mode and starts and not covered and start < size):
            break
        starts.append(start)
    return starts


# --- convolution ---


def connections(
    x_shape, weight_shape, *, stride=(1, 1), padding=NO_PADDING, dilation=(1, 1), flip=True
):
    """Return the output's shape, and (output cell, padded input cell, weight) of each product."""
    (n, channels, *size), (filters, _, *kernel) = x_shape, weight_shape
    rows, columns = (
        window_starts(*each, stride=s, padding=p, dilation=d)
        for *each, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    )
    products = []
    for sample, o, i, j, c, u, v in np.ndindex(
        n, filters, len(rows), len(columns), channels, *kernel
    ):
        seen = (sample, c, i * stride[0] + u * dilation[0], j * stride[1] + v * dilation[1])
        weight = (o, c, kernel[0] - 1 - u, kernel[1] - 1 - v) if flip else (o, c, u, v)
        products.append(((sample, o, i, j), seen, weight))
    return (n, filters, len(rows), len(columns)), products


def conv2d(x, weight, bias=None, **settings):
    padded = _pad(x, settings)
    shape, products = connections(x.shape, weight.shape, **settings)
    y = np.zeros(shape)
    for output, seen, k in products:
        y[output] += padded[seen] * weight[k]
    if bias is not None:
        for output in np.ndindex(shape):
            y[output] += bias[output[1]]
    return y


def conv2d_backward(grad_output, x, weight, **settings):
    padded = _pad(x, settings)
    grad_padded, grad_weight = np.zeros(padded.shape), np.zeros(weight.shape)
    grad_bias = np.zeros(len(weight))
    shape, products = connections(x.shape, weight.shape, **settings)
    for output, seen, k in products:
        grad_padded[seen] += grad_output[output] * weight[k]
        grad_weight[k] += grad_output[output] * padded[seen]
    for output in np.ndindex(shape):
        grad_bias[output[1]] += grad_output[output]
    (top, _), (left, _) = settings.get("padding", NO_PADDING)
    height, width = x.shape[2:]
    return grad_padded[:, :, top : top + height, left : left + width], grad_weight, grad_bias


def _pad(x, settings):
    return np.pad(x, ((0, 0), (0, 0), *settings.get("padding", NO_PADDING)))


# --- pooling ---


class Windows:
    """The windows of a pooling: for each output cell its input cells in reading order."""

    def __init__(self, size, kernel_size, *, stride, padding=NO_PADDING, ceil_mode=False):
        self.size, self.kernel_size, self.padding = size, kernel_size, padding
        self.rows, self.columns = (
            window_starts(*each, stride=s, padding=p, ceil_mode=ceil_mode)
            for *each, s, p in zip(size, kernel_size, stride, padding, strict=True)
        )

    def __iter__(self) -> Iterator[tuple[tuple[int, int], list[tuple[int, int]]]]:
        for i, j in np.ndindex(len(self.rows), len(self.columns)):
            yield (
                (i, j),
                [(self.rows[i] + u, self.columns[j] + v) for u, v in np.ndindex(*self.kernel_size)],
            )

    def is_inside(self, cell) -> bool:
        return all(0 <= place < size for place, size in zip(cell, self.size, strict=True))

    def is_in_padding(self, cell) -> bool:
        return not self.is_inside(cell) and all(
            -before <= place < size + after
            for place, size, (before, after) in zip(cell, self.size, self.padding, strict=True)
        )


def max_pool2d(x, kernel_size, **settings):
    y, winners = _winners(x, kernel_size, **settings)
    for output, cell in winners:
        y[output] = x[cell]
    return y


def max_pool2d_backward(grad_output, x, kernel_size, **settings):
    _, winners = _winners(x, kernel_size, **settings)
    grad_x = np.zeros(x.shape)
    for output, cell in winners:
        grad_x[cell] += grad_output[output]
    return grad_x


def _winners(x, kernel_size, **settings):
    """Return an array for the output, and (output cell, first largest input cell) pairs."""
    windows = Windows(x.shape[2:], kernel_size, **settings)
    y = np.zeros((*x.shape[:2], len(windows.rows), len(windows.columns)))
    winners: list[tuple[Any, Any]] = []
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            best: Any = None
            for cell in filter(windows.is_inside, cells):
                if best is None or x[n, c][cell] > x[n, c][best]:
                    best = cell
            winners.append(((n, c, *output), (n, c, *best)))
    return y, winners


def avg_pool2d(x, kernel_size, *, count_include_pad=True, **settings):
    windows = Windows(x.shape[2:], kernel_size, **settings)
    y = np.zeros((*x.shape[:2], len(windows.rows), len(windows.columns)))
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            inside = [x[n, c][cell] for cell in cells if windows.is_inside(cell)]
            y[n, c][output] = sum(inside) / _counted(windows, cells, count_include_pad)
    return y


def avg_pool2d_backward(grad_output, x, kernel_size, *, count_include_pad=True, **settings):
    windows = Windows(x.shape[2:], kernel_size, **settings)
    grad_x = np.zeros(x.shape)
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            share = grad_output[n, c][output] / _counted(windows, cells, count_include_pad)
            for cell in filter(windows.is_inside, cells):
                grad_x[n, c][cell] += share
    return grad_x


def _counted(windows, cells, count_include_pad):
    inside = sum(windows.is_inside(cell) for cell in cells)
    return inside + count_include_pad * sum(windows.is_in_padding(cell) for cell in cells)


def subsample2d(x, coefficient, bias, kernel_size, **settings):
    windows = Windows(x.shape[2:], kernel_size, **settings)
    u = np.zeros((*x.shape[:2], len(windows.rows), len(windows.columns)))
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            inside = filter(windows.is_inside, cells)
            u[n, c][output] = coefficient[c] * sum(x[n, c][cell] for cell in inside) + bias[c]
    return u


def subsample2d_backward(grad_output, x, coefficient, kernel_size, **settings):
    windows = Windows(x.shape[2:], kernel_size, **settings)
    grad_x, channels = np.zeros(x.shape), x.shape[1]
    grad_coefficient, grad_bias = np.zeros(channels), np.zeros(channels)
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            delta = grad_output[n, c][output]
            for cell in filter(windows.is_inside, cells):
                grad_x[n, c][cell] += delta * coefficient[c]
                grad_coefficient[c] += delta * x[n, c][cell]
            grad_bias[c] += delta
    return grad_x, grad_coefficient, grad_bias


# --- fully connected ---


def affine(x, weight, bias):
    y = np.zeros((len(x), len(weight)))
    for n, o in np.ndindex(y.shape):
        y[n, o] = bias[o] + sum(x[n, i] * weight[o, i] for i in range(x.shape[1]))
    return y


def affine_backward(grad_output, x, weight):
    grad_x, grad_weight = np.zeros(x.shape), np.zeros(weight.shape)
    grad_bias = np.zeros(len(weight))
    for n, o in np.ndindex(grad_output.shape):
        grad_bias[o] += grad_output[n, o]
        for i in range(x.shape[1]):
            grad_x[n, i] += grad_output[n, o] * weight[o, i]
            grad_weight[o, i] += grad_output[n, o] * x[n, i]
    return grad_x, grad_weight, grad_bias


# --- slopes ---


def slope(function, x, direction, step=1e-5):
    """Measure how fast a number changes along a direction, by central differences."""
    return (function(x + step * direction) - function(x - step * direction)) / (2 * step)
