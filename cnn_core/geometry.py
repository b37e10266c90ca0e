"""How windows lie on an input: output sizes, cells that no window reaches, receptive fields.

Everything here is arithmetic on one axis or on plain tuples, so that the same formulas serve
the layers, the lessons and the error messages.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Pair = int | tuple[int, int]
Padding = int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]]


def as_whole_number(name: str, value: Any, *, minimum: int = 1) -> int:
    """Read a setting given as one integer.

    Parameters
    ----------
    name : str
        What the setting is called, for the error message.
    value : int
        The setting.
    minimum : int
        The smallest value allowed.

    Returns
    -------
    int
        The value.

    Raises
    ------
    ValueError
        If it is no integer, or smaller than `minimum`.

    Examples
    --------
    >>> as_whole_number("channels", 0)
    Traceback (most recent call last):
        ...
    ValueError: `channels` (=0) must be at least 1.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"`{name}` (={value!r}) must be a whole number.") from None
    if number < minimum:
        raise ValueError(f"`{name}` (={value!r}) must be at least {minimum}.")
    return number


def as_pair(name: str, value: Any, *, minimum: int = 1) -> tuple[int, int]:
    """Read a setting given as one integer or as (height, width).

    Parameters
    ----------
    name : str
        What the setting is called, for the error message.
    value : int or (int, int)
        The setting.
    minimum : int
        The smallest value allowed.

    Returns
    -------
    (int, int)
        The values along the height and the width.

    Raises
    ------
    ValueError
        If it is neither, or smaller than `minimum`.

    Examples
    --------
    >>> as_pair("stride", 2)
    (2, 2)
    """
    values = value if isinstance(value, (tuple, list)) else (value, value)
    try:
        height, width = (operator.index(v) for v in values)
    except (TypeError, ValueError):
        raise ValueError(
            f"`{name}` (={value!r}) must be a whole number or a pair (height, width) of them."
        ) from None
    if min(height, width) < minimum:
        raise ValueError(f"`{name}` (={value!r}) must be at least {minimum}.")
    return height, width


def as_padding(value: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Read a zero padding: one integer, (height, width), or ((top, bottom), (left, right)).

    Parameters
    ----------
    value : int, (int, int) or ((int, int), (int, int))
        The padding, in cells.

    Returns
    -------
    ((int, int), (int, int))
        (top, bottom) and (left, right).

    Raises
    ------
    ValueError
        If it has another form or is negative.

    Examples
    --------
    >>> as_padding((1, 2))
    ((1, 1), (2, 2))
    >>> as_padding(((0, 1), (2, 3)))
    ((0, 1), (2, 3))
    """
    sides = value if isinstance(value, (tuple, list)) else (value, value)
    if len(sides) != 2:
        raise ValueError(
            f"`padding` (={value!r}) must be a whole number, (height, width), "
            "or ((top, bottom), (left, right))."
        )
    vertical, horizontal = (as_pair("padding", side, minimum=0) for side in sides)
    return vertical, horizontal


def window_span(kernel_size: int, dilation: int = 1) -> int:
    """Return how many cells a kernel covers from its first to its last one.

    Parameters
    ----------
    kernel_size, dilation : int
        Cells of the kernel, and the distance between two of them.

    Returns
    -------
    int
        D·(F − 1) + 1.

    Examples
    --------
    >>> window_span(3, dilation=2)
    5
    """
    return dilation * (kernel_size - 1) + 1


def output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Return the number of windows along one axis, ⌊(W + P − D(F−1) − 1) / S⌋ + 1.

    Parameters
    ----------
    size : int
        W, cells of the input along this axis.
    kernel_size, stride, dilation : int
        F, S and D.
    padding : int or (int, int)
        Cells of padding on both sides, or (before, after); P is their sum.
    ceil_mode : bool
        Also count a last window that hangs over the far edge, provided that it starts on the
        input or on the padding before it.

    Returns
    -------
    int
        The number of windows.

    Raises
    ------
    ValueError
        If a setting is out of range, or not even one window fits.

    References
    ----------
    Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", 2016, relationship 15.

    Examples
    --------
    >>> output_size(5, 3, stride=2, padding=1)
    3
    >>> output_size(7, 2, stride=2), output_size(7, 2, stride=2, ceil_mode=True)
    (3, 4)
    """
    size = as_whole_number("size", size, minimum=0)
    before, after = as_pair("padding", padding, minimum=0)
    kernel_size = as_whole_number("kernel_size", kernel_size)
    stride = as_whole_number("stride", stride)
    dilation = as_whole_number("dilation", dilation)
    padded = size + before + after
    span = window_span(kernel_size, dilation)
    if span > padded:
        dilated = f" with `dilation` (={dilation})" if dilation > 1 else ""
        raise ValueError(
            f"`kernel_size` (={kernel_size}){dilated} spans {span} cells, but the padded input has "
            f"only {padded}; use a smaller kernel or more `padding`."
        )
    steps, rest = divmod(padded - span, stride)
    if ceil_mode and rest and (steps + 1) * stride < size + before:
        steps += 1
    return steps + 1


def leftover(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int = 1,
) -> int:
    """Return how many cells at the far end of the padded input no window reaches.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation
        As for `output_size`.

    Returns
    -------
    int
        0 when the stride fits exactly, at most stride − 1 otherwise.

    Raises
    ------
    ValueError
        As for `output_size`.

    Examples
    --------
    >>> leftover(4, 3, stride=2)
    1
    """
    windows = output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    padded = size + sum(as_pair("padding", padding, minimum=0))
    return padded - (windows - 1) * stride - window_span(kernel_size, dilation)


def same_padding(
    size: int, kernel_size: int, *, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Return the zero padding called *same*: as many windows as there are cells, at stride 1.

    At stride S there are ⌈W/S⌉ windows. Where the zeros cannot be shared out evenly, the one that
    remains stands behind the input.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        As for `output_size`.

    Returns
    -------
    (int, int)
        Cells before and after the input, together max(0, S·(⌈W/S⌉ − 1) + D·(F − 1) + 1 − W).

    Raises
    ------
    ValueError
        If a setting is out of range.

    References
    ----------
    TensorFlow, `tf.nn.convolution`, "padding", for any stride; PyTorch, `torch.nn.Conv2d`,
    "padding='same'", for stride 1. Both agree.

    Examples
    --------
    >>> same_padding(6, 3), same_padding(6, 2), same_padding(6, 3, stride=2)
    ((1, 1), (0, 1), (0, 1))
    """
    size = as_whole_number("size", size)
    stride = as_whole_number("stride", stride)
    span = _checked_span(kernel_size, dilation)
    windows = -(-size // stride)
    total = max(0, stride * (windows - 1) + span - size)
    return total // 2, total - total // 2


def fitting_paddings(
    size: int, kernel_size: int, *, stride: int = 1, dilation: int = 1
) -> list[tuple[int, int]]:
    """Return the zero paddings with which the stride fits exactly, so that nothing is left over.

    Only those are listed in which every window touches the input: from none to the padding called
    *full*, D·(F − 1) cells on each side. Of an odd number of zeros the last stands behind.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        As for `output_size`.

    Returns
    -------
    list of (int, int)
        Cells before and after the input, from the smallest padding to the largest; perhaps none.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> fitting_paddings(6, 3, stride=2)
    [(0, 1), (1, 2)]
    """
    size = as_whole_number("size", size)
    stride = as_whole_number("stride", stride)
    span = _checked_span(kernel_size, dilation)
    totals = (
        t for t in range(2 * span - 1) if size + t >= span and (size + t - span) % stride == 0
    )
    return [(total // 2, total - total // 2) for total in totals]


def _checked_span(kernel_size: int, dilation: int) -> int:
    kernel_size = as_whole_number("kernel_size", kernel_size)
    return window_span(kernel_size, as_whole_number("dilation", dilation))


class ReceptiveField(NamedTuple):
    """What one output cell sees of the network's input along one axis."""

    size: int
    """Cells that it depends on."""
    stride: int
    """Input cells between two neighbouring outputs."""
    start: int
    """Index of the first input cell that output 0 sees; negative inside the padding."""


def receptive_field(layers: Iterable[Sequence[int]]) -> ReceptiveField:
    """Return the receptive field of a chain of windows along one axis.

    Parameters
    ----------
    layers : iterable of (kernel_size, stride, padding_before, dilation)
        From the input to the output; trailing entries may be left out (stride 1, padding 0,
        dilation 1).

    Returns
    -------
    ReceptiveField
        Its size, its stride and where it starts.

    Raises
    ------
    ValueError
        If a layer has another form, or a setting is out of range.

    References
    ----------
    Araujo, Norris & Sim, "Computing receptive fields of convolutional neural networks",
    Distill, 2019, equations 2 to 4.

    Examples
    --------
    Two 3×3 convolutions see what one 5×5 convolution sees; a pooling in between sees more.

    >>> receptive_field([(3,), (3,)]).size
    5
    >>> receptive_field([(3, 1, 1), (2, 2), (3, 1, 1)])
    ReceptiveField(size=8, stride=2, start=-3)
    """
    size, jump, start = 1, 1, 0
    for layer in layers:
        if not 1 <= len(layer) <= 4:
            raise ValueError(
                f"`layers` holds {layer!r}; each is (kernel_size, stride, padding, dilation)."
            )
        kernel_size, stride, padding, dilation = (*layer, *(1, 1, 0, 1)[len(layer) :])
        kernel_size = as_whole_number("kernel_size", kernel_size)
        stride = as_whole_number("stride", stride)
        padding = as_whole_number("padding", padding, minimum=0)
        dilation = as_whole_number("dilation", dilation)
        size += (window_span(kernel_size, dilation) - 1) * jump
        start -= padding * jump
        jump *= stride
    return ReceptiveField(size, jump, start)
