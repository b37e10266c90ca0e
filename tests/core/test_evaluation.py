"""Loss, accuracy and confusion, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.evaluation import confusion_matrix, evaluate, one_hot
from cnn_core.layers import Affine, Flatten
from cnn_core.losses import cross_entropy, squared_error
from cnn_core.network import Sequential


def small_net(dtype=np.float64):
    return Sequential(Flatten(), Affine(4, 3, rng=np.random.default_rng(1), dtype=dtype))


def samples(count, dtype=np.float64):
    rng = np.random.default_rng(2)
    return rng.normal(size=(count, 1, 2, 2)).astype(dtype), rng.integers(3, size=count)


@pytest.mark.parametrize("batch_size", [1, 4, 10, 1000])
def test_cross_entropy_is_the_mean_whatever_the_batch_size(batch_size):
    model, (images, labels) = small_net(), samples(10)
    loss, accuracy = evaluate(model, images, labels, batch_size=batch_size)
    output = model.forward(images)
    assert loss == pytest.approx(cross_entropy(output, labels)[0], rel=1e-12)
    assert accuracy == np.mean(output.argmax(axis=1) == labels)


@pytest.mark.parametrize("batch_size", [3, 10])
def test_squared_error_is_the_mean_over_samples(batch_size):
    model, (images, labels) = small_net(), samples(10)
    loss, _ = evaluate(model, images, labels, loss=squared_error, batch_size=batch_size)
    output = model.forward(images)
    by_hand = np.mean(
        [0.5 * sum((y - np.eye(3)[t]) ** 2) for y, t in zip(output, labels, strict=True)]
    )
    assert loss == pytest.approx(by_hand, rel=1e-12)


def test_evaluating_a_network_that_has_diverged_is_no_warning():
    model, (images, labels) = small_net(np.float32), samples(5, np.float32)
    model.flat_params[...] = 3e38
    loss, _ = evaluate(model, images, labels)
    assert not np.isfinite(loss)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_confusion_matrix_counts_each_pair(pairs):
    labels, predictions = [a for a, _ in pairs], [b for _, b in pairs]
    matrix = confusion_matrix(labels, predictions, classes=4)
    assert matrix.shape == (4, 4)
    for row in range(4):
        for column in range(4):
            assert matrix[row, column] == pairs.count((row, column))


def test_one_hot_keeps_the_asked_dtype():
    rows = one_hot(np.array([2, 0], dtype=np.uint8), 3, np.float32)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows, [[0, 0, 1], [1, 0, 0]])


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([0, 3], [0, 0], r"`labels` run from 0 to 3, but `classes` \(=3\) allows 0 to 2"),
        ([0, 1], [-1, 0], "`predictions` run from -1 to 0"),
        ([0, 1], [0], r"`predictions` \(1,\) must be as many as `labels` \(2,\)"),
        ([0.0, 1.0], [0, 1], "`labels` must be a row of integers, not float64"),
        ([[0, 1]], [0, 1], "`labels` must be a row of integers"),
    ],
)
def test_classes_that_are_none(labels, predictions, message):
    with pytest.raises(ValueError, match=message):
        confusion_matrix(labels, predictions, classes=3)


def test_evaluate_needs_images_and_their_labels():
    model, (images, labels) = small_net(), samples(4)
    with pytest.raises(ValueError, match="one label for each of 4 images"):
        evaluate(model, images, labels[:3])
    with pytest.raises(ValueError, match="each of 0 images"):
        evaluate(model, images[:0], labels[:0])
    with pytest.raises(ValueError, match=r"`batch_size` \(=0\)"):
        evaluate(model, images, labels, batch_size=0)
