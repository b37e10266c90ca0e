"""Losses: one number that says how wrong the network is, and its gradient at the output.

All accept a weight for every sample, the door through which boosting enters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .activations import log_softmax, sigmoid
from .checks import FloatArray, as_float_array, check_shape


def cross_entropy(
    logits: FloatArray,
    labels: NDArray[np.integer],
    sample_weight: FloatArray | None = None,
) -> tuple[float, FloatArray]:
    """Return the mean of −log softmax(logits)[label] and its gradient.

    Parameters
    ----------
    logits : ndarray (N, K)
        Scores of K classes, N ≥ 1.
    labels : ndarray of int (N,)
        The right class of each sample, 0 to K − 1.
    sample_weight : ndarray (N,), optional
        With weights the loss is Σₙ wₙ·lossₙ instead of the mean, wₙ ≥ 0.

    Returns
    -------
    loss : float
    grad_logits : ndarray (N, K)
        wₙ · (softmax − one-hot), with wₙ = 1/N for the mean; dtype of the logits.

    Raises
    ------
    ValueError
        If shapes do not fit, a label is not a class, or the batch is empty.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, 2006, equations 4.108 and 4.109.

    Examples
    --------
    >>> loss, grad = cross_entropy(np.array([[0.0, 0.0]]), np.array([1]))
    >>> round(loss, 4), grad
    (0.6931, array([[ 0.5, -0.5]]))
    """
    logits = as_float_array("logits", logits, axes="N, K")
    weight = _check_weight(sample_weight, logits)
    one_hot = _one_hot(labels, *logits.shape)
    log_probabilities = log_softmax(logits)
    right = log_probabilities[one_hot]
    grad_logits = np.exp(log_probabilities) - one_hot
    if weight is None:
        return -float(right.sum()) / len(logits), grad_logits / len(logits)
    return -float(weight @ right), grad_logits * weight[:, None]


def binary_cross_entropy_with_logits(
    logits: FloatArray, target: FloatArray, sample_weight: FloatArray | None = None
) -> tuple[float, FloatArray]:
    """Return how surprised K yes-or-no answers σ(z) are by the truth, and the gradient.

    With one output it is the loss of a logistic regression; with K outputs and one-hot targets, of
    K of them side by side, each of which tells one class from all the rest.

    Parameters
    ----------
    logits : ndarray (N, K)
        Scores z, N ≥ 1.
    target : ndarray (N, K)
        What each σ(z) should be, t from 0 to 1.
    sample_weight : ndarray (N,), optional
        With weights the loss is Σₙ wₙ·lossₙ instead of the mean, wₙ ≥ 0.

    Returns
    -------
    loss : float
        The mean over the samples of Σₖ −t·log σ(z) − (1 − t)·log(1 − σ(z)).
    grad_logits : ndarray (N, K)
        wₙ · (σ(z) − t), with wₙ = 1/N for the mean; dtype of the logits.

    Raises
    ------
    ValueError
        If shapes do not fit, a target lies outside of 0 to 1, or the batch is empty.

    Notes
    -----
    Computed as log(1 + eᶻ) − t·z, which is the same and never takes the logarithm of 0.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, 2006, equations 4.90 and 4.91.

    Examples
    --------
    >>> loss, grad = binary_cross_entropy_with_logits(np.array([[0.0]]), np.array([[1.0]]))
    >>> round(loss, 4), grad
    (0.6931, array([[-0.5]]))
    """
    logits, target = _check_pair("logits", logits, target)
    if not logits.size:
        raise ValueError(f"`logits` has shape {logits.shape}; there is nothing to compare.")
    if not ((target >= 0) & (target <= 1)).all():
        wrong = target[~((target >= 0) & (target <= 1))][0]
        raise ValueError(f"`target` holds {wrong}; it must hold shares from 0 to 1.")
    weight = _check_weight(sample_weight, logits)
    losses = (np.logaddexp(0, logits) - target * logits).sum(axis=1)
    difference = sigmoid(logits) - target
    if weight is None:
        return float(losses.mean()), difference / len(logits)
    return float(weight @ losses), difference * weight[:, None]


def squared_error(
    output: FloatArray, target: FloatArray, sample_weight: FloatArray | None = None
) -> tuple[float, FloatArray]:
    """Return E = ½ Σₙ wₙ Σₖ (yₖ − tₖ)² and its gradient.

    Parameters
    ----------
    output : ndarray (N, K)
        What the network says, y.
    target : ndarray (N, K)
        What it should say, t.
    sample_weight : ndarray (N,), optional
        wₙ ≥ 0; 1 if left out. A sum over the batch, as in the classical texts, not a mean.

    Returns
    -------
    loss : float
    grad_output : ndarray (N, K)
        wₙ · (y − t); dtype of the output.

    Raises
    ------
    ValueError
        If shapes do not fit.

    References
    ----------
    Bouvrie, "Notes on Convolutional Neural Networks", 2006, equation 1.

    Examples
    --------
    >>> squared_error(np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]]))
    (2.0, array([[2., 0.]]))
    """
    output, target = _check_pair("output", output, target)
    weight = _check_weight(sample_weight, output)
    difference = output - target
    grad_output = difference if weight is None else weight[:, None] * difference
    return 0.5 * float(np.vdot(difference, grad_output)), grad_output


def _check_pair(name: str, output: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return an output and its target as floats of one dtype and one shape."""
    output = as_float_array(name, output, axes="N, K")
    target = as_float_array("target", target, axes="N, K").astype(output.dtype, copy=False)
    check_shape("target", target, output.shape, "the shape of the output")
    return output, target


def _one_hot(labels: NDArray[np.integer], samples: int, classes: int) -> NDArray[np.bool_]:
    """Return an (N, K) mask with the right class of each sample, once all labels are classes."""
    if not samples or not classes:
        raise ValueError(
            f"`logits` has shape {(samples, classes)}; it must hold at least one sample and class."
        )
    try:
        labels = np.asarray(labels)
    except ValueError:
        raise ValueError("`labels` must be one integer for each sample.") from None
    if labels.dtype.kind not in "iu" or labels.shape != (samples,):
        raise ValueError(
            f"`labels` has dtype {labels.dtype} and shape {labels.shape}; it must hold one "
            f"integer for each of the {samples} samples."
        )
    one_hot = labels[:, None] == np.arange(classes)
    if np.count_nonzero(one_hot) < samples:
        wrong = labels[~one_hot.any(axis=1)][0]
        raise ValueError(f"`labels` holds {wrong}; classes are numbered 0 to {classes - 1}.")
    return one_hot


def _check_weight(sample_weight: FloatArray | None, output: FloatArray) -> FloatArray | None:
    """Return the weights in the dtype of the output, once there is one for every sample."""
    if sample_weight is None:
        return None
    weight = as_float_array("sample_weight", sample_weight, axes="N")
    check_shape("sample_weight", weight, output.shape[:1], "one number for each sample")
    usable = (weight >= 0) & (weight < np.inf)
    if not usable.all():
        wrong = weight[~usable][0]
        raise ValueError(f"`sample_weight` holds {wrong}; weights must be finite and 0 or more.")
    return weight.astype(output.dtype, copy=False)
