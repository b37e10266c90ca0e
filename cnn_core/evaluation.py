"""How good is a network? The loss, the share of right answers, and what is taken for what."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .losses import binary_cross_entropy_with_logits, cross_entropy, squared_error
from .network import Sequential

Array = NDArray[Any]
Loss = Callable[..., tuple[Any, Array]]  # (output, target, sample_weight) -> (loss, grad_output)


def evaluate(
    model: Sequential,
    images: Array,
    labels: Array,
    *,
    loss: Loss = cross_entropy,
    batch_size: int = 256,
) -> tuple[float, float]:
    """Compute the mean loss and the accuracy of a model on labelled images.

    Parameters
    ----------
    model : Sequential
    images : (N, C, H, W) ndarray
    labels : (N,) ndarray of int
    loss : callable
        As in `fit`.
    batch_size : int
        How many images to hold in memory at a time; the result does not depend on it.

    Returns
    -------
    loss, accuracy : float
        The mean of the samples' losses, and the share of the samples whose highest output is
        that of their class.

    Raises
    ------
    ValueError
        If there are no images, or not as many labels, or `batch_size` is not positive.

    Examples
    --------
    >>> from cnn_core.layers import Flatten
    >>> images = np.array([[1.0, 2], [3, 0], [5, 4], [0, 9]]).reshape(4, 2, 1, 1)
    >>> loss, accuracy = evaluate(Sequential(Flatten()), images, np.array([1, 0, 1, 1]))
    >>> accuracy
    0.75
    """
    if batch_size < 1:
        raise ValueError(f"`batch_size` (={batch_size}) must be at least 1.")
    count = len(images)
    if not count or labels.shape != (count,):
        raise ValueError(f"`labels` {labels.shape} must hold one label for each of {count} images.")
    total, correct = 0.0, 0
    with model.in_use(), np.errstate(all="ignore"):
        for start in range(0, count, batch_size):
            batch = slice(start, start + batch_size)
            output = model.forward(images[batch])
            weight = np.full(len(output), 1 / count, output.dtype)
            total += float(loss(output, target_for(loss, labels[batch], output), weight)[0])
            correct += int(np.count_nonzero(output.argmax(axis=1) == labels[batch]))
    return total, correct / count


def target_for(loss: Loss, labels: Array, output: Array) -> Array:
    """Choose what a loss compares the output with: labels, or one-hot rows.

    Examples
    --------
    >>> target_for(squared_error, np.array([1]), output=np.zeros((1, 3)))
    array([[0., 1., 0.]])
    >>> target_for(cross_entropy, np.array([1]), output=np.zeros((1, 3)))
    array([1])
    """
    if loss in (squared_error, binary_cross_entropy_with_logits):
        return one_hot(labels, output.shape[1], output.dtype)
    return labels


def one_hot(labels: ArrayLike, classes: int, dtype: Any = np.float64) -> Array:
    """Write each label as a row of zeros with a single 1.

    Parameters
    ----------
    labels : (N,) array_like of int
    classes : int
    dtype : dtype

    Returns
    -------
    (N, classes) ndarray

    Raises
    ------
    ValueError
        If a label is not an integer from 0 to classes − 1.

    Examples
    --------
    >>> one_hot([0, 2], classes=3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    rows: Array = np.eye(classes, dtype=dtype)[_check_classes("labels", labels, classes)]
    return rows


def confusion_matrix(labels: ArrayLike, predictions: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Count which class was taken for which.

    Parameters
    ----------
    labels, predictions : (N,) array_like of int
        The true classes, and those that the model chose.
    classes : int

    Returns
    -------
    (classes, classes) ndarray of int
        Row: the true class. Column: the predicted one. The diagonal counts what is right.

    Raises
    ------
    ValueError
        If the lengths differ, or a class is not an integer from 0 to classes − 1.

    Examples
    --------
    A 1 was taken for a 0:

    >>> confusion_matrix(labels=[0, 1, 1], predictions=[0, 0, 1], classes=2)
    array([[1, 0],
           [1, 1]])
    """
    rows = _check_classes("labels", labels, classes)
    columns = _check_classes("predictions", predictions, classes)
    if rows.shape != columns.shape:
        raise ValueError(f"`predictions` {columns.shape} must be as many as `labels` {rows.shape}.")
    counts = np.bincount(rows * classes + columns, minlength=classes * classes)
    return counts.reshape(classes, classes)


def _check_classes(name: str, values: ArrayLike, classes: int) -> Array:
    array = np.asarray(values)
    if array.ndim != 1 or not (array.size == 0 or np.issubdtype(array.dtype, np.integer)):
        raise ValueError(f"`{name}` must be a row of integers, not {array.dtype} {array.shape}.")
    if array.size and not 0 <= array.min() <= array.max() < classes:
        raise ValueError(
            f"`{name}` run from {array.min()} to {array.max()}, "
            f"but `classes` (={classes}) allows 0 to {classes - 1}."
        )
    return array.astype(np.intp)
