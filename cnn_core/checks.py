"""One sentence for every array that cannot be used: which one, what it is, what would work."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[Any]
"""An array of float32 or float64."""


def as_float_array(name: str, value: Any, *, axes: str) -> FloatArray:
    """Return `value` as a float array with the axes that are asked for.

    float32 and float64 stay as they are; float16, integers and booleans become float64.

    Parameters
    ----------
    name : str
        What the argument is called, for the error message.
    value : array_like
        The argument.
    axes : str
        A letter for each axis, for example ``"N, C, H, W"``; ``"..."`` for any number of them.

    Returns
    -------
    ndarray of float32 or float64
        The same memory where nothing had to be converted.

    Raises
    ------
    ValueError
        If it is not numeric or has another number of axes.

    Examples
    --------
    >>> as_float_array("bias", [1, 2], axes="O").dtype
    dtype('float64')
    """
    rank = None if axes == "..." else axes.count(",") + 1
    if (
        isinstance(value, np.ndarray)
        and value.dtype.char in "fd"
        and value.dtype.isnative
        and rank in (None, value.ndim)
    ):
        return value
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"`{name}` must be an array whose rows are equally long.") from None
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"`{name}` has dtype {array.dtype}; it must hold real numbers, "
            "best as float32 or float64."
        )
    if rank not in (None, array.ndim):
        raise ValueError(
            f"`{name}` has shape {array.shape}; it must have {rank} "
            f"{'axis' if rank == 1 else 'axes'} ({axes})."
        )
    return array.astype(array.dtype.char if array.dtype.char in "fd" else "d", copy=False)


def as_float_dtype(dtype: Any) -> np.dtype[Any]:
    """Return what parameters are stored as, float32 or float64.

    Parameters
    ----------
    dtype : dtype
        Or whatever NumPy takes for one.

    Returns
    -------
    dtype

    Raises
    ------
    ValueError
        If it is neither of them.

    Examples
    --------
    >>> as_float_dtype("float32")
    dtype('float32')
    """
    try:
        wanted = np.dtype(dtype)
    except TypeError:
        wanted = np.dtype(object)
    if wanted not in (np.float32, np.float64):
        raise ValueError(f"`dtype` (={dtype!r}) must be float32 or float64.")
    return wanted


def check_shape(name: str, array: FloatArray, expected: tuple[int, ...], because: str) -> None:
    """Raise a ValueError unless the array has the expected shape.

    Parameters
    ----------
    name : str
        What the argument is called.
    array : ndarray
        The argument.
    expected : tuple of int
        The shape that it must have.
    because : str
        What asks for this shape, to end the sentence.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> check_shape("bias", np.zeros(3), (2,), "one number per output channel")
    Traceback (most recent call last):
        ...
    ValueError: `bias` has shape (3,); it must be (2,): one number per output channel.
    """
    if array.shape != expected:
        raise ValueError(f"`{name}` has shape {array.shape}; it must be {expected}: {because}.")
