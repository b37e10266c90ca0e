"""Activation functions: without a bend between them, two layers are no more than one.

Each backward takes the output y of its forward, because that is all it needs.
"""

from __future__ import annotations

import numpy as np

from .checks import FloatArray, as_float_array


def relu(x: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Return max(x, 0), cell by cell.

    Parameters
    ----------
    x : ndarray
        Any shape; float32 and float64 are kept.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray
        Same shape; NaN stays NaN.

    References
    ----------
    Nair & Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.

    Examples
    --------
    >>> relu(np.array([-2, 0, 3]))
    array([0., 0., 3.])
    """
    x = as_float_array("x", x, axes="...")
    y = np.empty_like(x) if out is None else out
    y.fill(0)
    return np.maximum(x, y, out=y)  # two arrays: twice as fast as an array and the number 0


def relu_backward(
    grad_output: FloatArray, y: FloatArray, out: FloatArray | None = None
) -> FloatArray:
    """Let the gradient through where the output is positive; the slope at the kink is 0.

    Parameters
    ----------
    grad_output, y : ndarray
        Gradient with respect to the output, and the output itself.
    out : ndarray, optional
        Where to put the result.

    Returns
    -------
    ndarray
        Gradient with respect to x.

    Examples
    --------
    >>> relu_backward(np.array([5, 5, 5]), relu(np.array([-2, 0, 3])))
    array([0, 0, 5])
    """
    return np.multiply(grad_output, y > 0, out=out)


def sigmoid(x: FloatArray) -> FloatArray:
    """Return 1 / (1 + e⁻ˣ), cell by cell, without overflow for any x.

    Parameters
    ----------
    x : ndarray
        Any shape; float32 and float64 are kept.

    Returns
    -------
    ndarray
        Same shape, values in [0, 1].

    Notes
    -----
    Computed as ½ + ½·tanh(x/2), the same function.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    x = as_float_array("x", x, axes="...")
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def sigmoid_backward(grad_output: FloatArray, y: FloatArray) -> FloatArray:
    """Multiply the gradient by the slope y·(1 − y), which is at most ¼.

    Parameters
    ----------
    grad_output, y : ndarray
        Gradient with respect to the output, and the output itself.

    Returns
    -------
    ndarray
        Gradient with respect to x.

    Examples
    --------
    >>> sigmoid_backward(np.array([8.0]), sigmoid(np.array([0.0])))
    array([2.])
    """
    return grad_output * y * (1 - y)


def tanh(x: FloatArray) -> FloatArray:
    """Return the hyperbolic tangent, cell by cell.

    Parameters
    ----------
    x : ndarray
        Any shape; float32 and float64 are kept.

    Returns
    -------
    ndarray
        Same shape, values in [−1, 1].

    Examples
    --------
    >>> tanh(np.array([0.0]))
    array([0.])
    """
    return np.tanh(as_float_array("x", x, axes="..."))


def tanh_backward(grad_output: FloatArray, y: FloatArray) -> FloatArray:
    """Multiply the gradient by the slope 1 − y².

    Parameters
    ----------
    grad_output, y : ndarray
        Gradient with respect to the output, and the output itself.

    Returns
    -------
    ndarray
        Gradient with respect to x.

    Examples
    --------
    >>> tanh_backward(np.array([3.0]), tanh(np.array([0.0])))
    array([3.])
    """
    return grad_output * (1 - y * y)


def softmax(logits: FloatArray, axis: int = -1) -> FloatArray:
    """Turn scores into probabilities: e^z of each, divided by the sum of all.

    Parameters
    ----------
    logits : ndarray
        Scores, any shape; float32 and float64 are kept.
    axis : int
        The axis that sums to 1.

    Returns
    -------
    ndarray
        Same shape, values in [0, 1].

    Notes
    -----
    The largest score is subtracted first. It cancels in the quotient, and e^z cannot overflow.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    powers = np.exp(_below_zero(logits, axis))
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(logits: FloatArray, axis: int = -1) -> FloatArray:
    """Return the logarithm of `softmax`, exact also where the probability rounds to 0.

    Parameters
    ----------
    logits : ndarray
        Scores, any shape; float32 and float64 are kept.
    axis : int
        The axis whose probabilities sum to 1.

    Returns
    -------
    ndarray
        Same shape, values ≤ 0.

    Examples
    --------
    >>> log_softmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    shifted = _below_zero(logits, axis)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _below_zero(logits: FloatArray, axis: int) -> FloatArray:
    """Shift scores such that the largest is 0."""
    logits = as_float_array("logits", logits, axes="...")
    if not logits.size and not logits.shape[axis]:
        raise ValueError(f"`logits` has shape {logits.shape}; there is no score along axis {axis}.")
    return logits - logits.max(axis=axis, keepdims=True)
