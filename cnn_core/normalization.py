"""Normalisation: numbers around 0 with a spread of 1, before the network or inside of it.

A weight that multiplies large inputs has a large gradient, one that multiplies small inputs a small
one, and a single learning rate has to suit both. Normalised numbers are all alike.
"""

from __future__ import annotations

import math

import numpy as np

from .checks import FloatArray, as_float_array, check_shape
from .datasets import Dataset


def standardize(data: Dataset) -> Dataset:
    """Give every pixel the mean 0 and the standard deviation 1 over the training images.

    Parameters
    ----------
    data : Dataset

    Returns
    -------
    Dataset
        (x − mean) / std with a mean and a std for each pixel. The test images are shifted and
        scaled by the same numbers: whoever measures them anew has looked at the exam. A pixel that
        is the same in all training images has no spread; it is only shifted.

    Raises
    ------
    ValueError
        If there are no training images.

    References
    ----------
    LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998, section 4.3.

    Examples
    --------
    >>> images = np.array([[1.0, 5], [3, 5]]).reshape(2, 1, 1, 2)
    >>> labels = np.array([0, 1])
    >>> data = standardize(Dataset(images, labels, images[:1] + 4, labels[:1], ("a", "b")))
    >>> data.train_images.reshape(2, 2)
    array([[-1.,  0.],
           [ 1.,  0.]])
    >>> data.test_images.reshape(1, 2)
    array([[3., 4.]])
    """
    if not len(data.train_images):
        raise ValueError("`data` has no training images to measure a mean from.")
    mean, std = data.train_images.mean(axis=0), data.train_images.std(axis=0)
    std[std == 0] = 1
    return Dataset(
        (data.train_images - mean) / std,
        data.train_labels,
        (data.test_images - mean) / std,
        data.test_labels,
        data.class_names,
    )


def batch_norm(
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray,
    *,
    mean: FloatArray | None = None,
    var: FloatArray | None = None,
    eps: float = 1e-5,
) -> FloatArray:
    """Return y = weight · (x − mean) / √(var + eps) + bias, channel by channel.

    Parameters
    ----------
    x : array_like (N, C) or (N, C, H, W)
        A batch; for maps, a channel's numbers are those of all places of all samples.
    weight, bias : ndarray (C,)
        γ and β: spread and mean that the channel gets in the end.
    mean, var : ndarray (C,), optional
        What to subtract, and the square of what to divide by. Left out (while a network trains)
        they are measured from the batch itself; a trained network is given those of its training.
    eps : float
        Keeps a channel without spread from being divided by 0.

    Returns
    -------
    ndarray
        The shape of x; float32 if all arrays are, else float64.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit, one of mean and var is missing, eps is negative, or a batch
        has fewer than two numbers per channel to measure them from.

    References
    ----------
    Ioffe & Szegedy, "Batch normalization: accelerating deep network training by reducing internal
    covariate shift", ICML 2015, algorithm 1.

    Examples
    --------
    >>> batch_norm([[1, 0], [3, 4]], weight=[1, 10], bias=[0, 5], eps=0)
    array([[-1., -5.],
           [ 1., 15.]])
    """
    x = as_float_array("x", x, axes="...")
    weight, bias = (_per_channel(*named, x) for named in (("weight", weight), ("bias", bias)))
    normalized, _std = normalize(x, *_given_or_measured(x, mean, var), _not_negative(eps))
    return spread(weight, x) * normalized + spread(bias, x)


def batch_norm_backward(
    grad_output: FloatArray,
    x: FloatArray,
    weight: FloatArray,
    *,
    mean: FloatArray | None = None,
    var: FloatArray | None = None,
    eps: float = 1e-5,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how the loss changes with the input, the weight and the bias.

    Parameters
    ----------
    grad_output : ndarray
        Gradient of the loss with respect to y, in the shape of x.
    x, weight, mean, var, eps
        Those of the forward pass.

    Returns
    -------
    grad_x : ndarray
        With measured mean and var, g = weight · grad_output and x̂ the normalised input:
        (g − ⟨g⟩ − x̂ · ⟨g · x̂⟩) / std, where ⟨ ⟩ is the mean over a channel: what would only move
        or stretch the whole channel is taken out again. With given ones simply g / std.
    grad_weight, grad_bias : ndarray (C,)
        Σ grad_output · x̂ and Σ grad_output.

    Raises
    ------
    ValueError
        As `batch_norm` does.

    Examples
    --------
    >>> grad_x, grad_weight, grad_bias = batch_norm_backward([[1], [0]], [[1], [3]], [2], eps=0)
    >>> grad_x.ravel(), grad_weight, grad_bias
    (array([0., 0.]), array([-1.]), array([1.]))
    """
    x = as_float_array("x", x, axes="...")
    weight = _per_channel("weight", weight, x)
    grad_output = as_float_array("grad_output", grad_output, axes="...")
    check_shape("grad_output", grad_output, x.shape, "the shape of the input")
    normalized, std = normalize(x, *_given_or_measured(x, mean, var), _not_negative(eps))
    return normalize_backward(grad_output, normalized, std, weight, measured=mean is None)


def normalize(
    x: FloatArray, mean: FloatArray, var: FloatArray, eps: float
) -> tuple[FloatArray, FloatArray]:
    """Return x̂ = (x − mean) / std and the std, √(var + eps), for arrays that are known to fit."""
    std = np.sqrt(spread(var, x) + eps)
    return (x - spread(mean, x)) / std, std


def normalize_backward(
    grad_output: FloatArray,
    normalized: FloatArray,
    std: FloatArray,
    weight: FloatArray,
    *,
    measured: bool,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Do what `batch_norm_backward` does; `measured`: mean and std are those of this batch."""
    axes = _all_but_channels(normalized)
    grad_weight, grad_bias = (grad_output * normalized).sum(axes), grad_output.sum(axes)
    grad = spread(weight, normalized) * grad_output
    if measured:
        grad = grad - grad.mean(axes, keepdims=True)
        grad -= normalized * (grad * normalized).mean(axes, keepdims=True)
    return grad / std, grad_weight, grad_bias


def batch_statistics(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean (C,) and the variance (C,) of every channel of a batch.

    Parameters
    ----------
    x : array_like (N, C) or (N, C, H, W)
        At least two numbers for each channel.

    Returns
    -------
    mean, var : ndarray (C,)
        The variance is the mean square of the deviations: it is divided by their number.

    Raises
    ------
    ValueError
        If there are fewer than two numbers for each channel, or x has another number of axes.

    Examples
    --------
    >>> batch_statistics([[1, 0], [3, 4]])
    (array([2., 2.]), array([1., 4.]))
    """
    x = as_float_array("x", x, axes="...")
    axes = _all_but_channels(x)
    if numbers_per_channel(x) < 2:
        raise ValueError(
            f"`x` has shape {x.shape}, {numbers_per_channel(x)} number for each channel: a spread "
            "needs two or more. Give a larger batch, or `mean` and `var`."
        )
    return x.mean(axes), x.var(axes)


def numbers_per_channel(x: FloatArray) -> int:
    """Return how many numbers of a batch belong to one channel."""
    return len(x) * math.prod(x.shape[2:])


def spread(per_channel: FloatArray, x: FloatArray) -> FloatArray:
    """Return (C,) in the shape (1, C, 1, 1) of the maps x, or (1, C)."""
    return per_channel.reshape(1, -1, *[1] * (x.ndim - 2))


def _given_or_measured(
    x: FloatArray, mean: FloatArray | None, var: FloatArray | None
) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the variance of every channel, in the dtype of x."""
    if mean is None and var is None:
        return batch_statistics(x)
    if mean is None or var is None:
        raise ValueError("`mean` and `var` belong together: give both, or none of them.")
    mean, var = _per_channel("mean", mean, x), _per_channel("var", var, x)
    return mean.astype(x.dtype, copy=False), var.astype(x.dtype, copy=False)


def _not_negative(eps: float) -> float:
    if not eps >= 0:
        raise ValueError(f"`eps` (={eps}) must be 0 or more.")
    return eps


def _per_channel(name: str, array: FloatArray, x: FloatArray) -> FloatArray:
    """Return an array as floats, once it holds one number for each channel of x."""
    _all_but_channels(x)
    array = as_float_array(name, array, axes="C")
    check_shape(name, array, x.shape[1:2], "one number for each channel")
    return array


def _all_but_channels(x: FloatArray) -> tuple[int, ...]:
    """Return the axes over which a channel's numbers lie."""
    if x.ndim not in (2, 4):
        raise ValueError(f"`x` has shape {x.shape}; it must be (N, C) or (N, C, H, W).")
    return (0, *range(2, x.ndim))
