"""The fully connected layer: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from .checks import FloatArray, as_float_array, check_shape


def affine(x: FloatArray, weight: FloatArray, bias: FloatArray | None = None) -> FloatArray:
    """Return y = x · weightᵀ + bias.

    Parameters
    ----------
    x : array_like (N, in_features)
        One row for each sample; N may be 0.
    weight : ndarray (out_features, in_features)
        One row for each output.
    bias : ndarray (out_features,), optional
        Added to every row of y.

    Returns
    -------
    ndarray (N, out_features)
        float32 if x and weight are, else float64.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit.

    Examples
    --------
    >>> affine([[1, 2]], [[3, 4], [5, 6]], [0, 10])
    array([[11., 27.]])
    """
    x, weight = _check(x, weight)
    if bias is None:
        return x @ weight.T
    bias = as_float_array("bias", bias, axes="out_features")
    check_shape("bias", bias, weight.shape[:1], "one number for each output")
    return weighted_sum(x, weight, bias)


def weighted_sum(x: FloatArray, weight: FloatArray, bias: FloatArray) -> FloatArray:
    """Do what `affine` does, for arrays that are known to fit."""
    y = x @ weight.T
    y += bias
    return y


def affine_backward(
    grad_output: FloatArray, x: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how the loss changes with the input, the weights and the bias.

    Parameters
    ----------
    grad_output : ndarray (N, out_features)
        Gradient of the loss with respect to y, δ.
    x, weight : ndarray
        Those of the forward pass.

    Returns
    -------
    grad_x : ndarray (N, in_features)
        δ · weight.
    grad_weight : ndarray (out_features, in_features)
        δᵀ · x, summed over the batch.
    grad_bias : ndarray (out_features,)
        Σ δ over the batch.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit.

    Examples
    --------
    >>> x, weight = [[1, 2]], [[3, 4], [5, 6]]
    >>> grad_x, grad_weight, grad_bias = affine_backward([[1, 10]], x, weight)
    >>> grad_x, grad_weight.tolist(), grad_bias
    (array([[53., 64.]]), [[1.0, 2.0], [10.0, 20.0]], array([ 1., 10.]))
    """
    x, weight = _check(x, weight)
    delta = as_float_array("grad_output", grad_output, axes="N, out_features")
    check_shape("grad_output", delta, (len(x), len(weight)), "the shape of the output")
    return weighted_sum_backward(delta, x, weight)


def weighted_sum_backward(
    delta: FloatArray, x: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Do what `affine_backward` does, for arrays that are known to fit."""
    return delta @ weight, delta.T @ x, delta.sum(axis=0)


def _check(x: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return input and weights as float arrays that fit each other."""
    x = as_float_array("x", x, axes="N, in_features")
    weight = as_float_array("weight", weight, axes="out_features, in_features")
    if x.shape[1] != weight.shape[1]:
        raise ValueError(
            f"`weight` has shape {weight.shape}, for {weight.shape[1]} inputs, "
            f"but `x` has {x.shape[1]}."
        )
    return x, weight
