"""Losses against SciPy and by hand, their gradients against measured slopes."""

# mypy: disable-error-code="arg-type"

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from cnn_core import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    one_hot,
    sigmoid,
    softmax,
    squared_error,
)
from tests import reference
from tests.core.arrays import EXACT, GRADIENT, ORDERS, memory_orders, normal, relative_error, rng

LOSSES = [cross_entropy, binary_cross_entropy_with_logits, squared_error]


def make_batch(n=5, classes=4, seed=0):
    logits, labels = 3 * normal(n, classes, seed=seed), rng(seed).integers(0, classes, n)
    return logits, labels, rng(seed).uniform(0, 2, n)


def target_for(loss, logits, labels):
    return labels if loss is cross_entropy else one_hot(labels, logits.shape[1])


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_cross_entropy_is_the_mean_negative_log_probability(n, classes, seed):
    logits, labels, weight = make_batch(n, classes, seed)
    losses = [
        special.logsumexp(row) - row[label] for row, label in zip(logits, labels, strict=True)
    ]
    assert cross_entropy(logits, labels)[0] == pytest.approx(np.mean(losses), rel=EXACT, abs=1e-14)
    weighted = sum(w * each for w, each in zip(weight, losses, strict=True))
    assert cross_entropy(logits, labels, weight)[0] == pytest.approx(weighted, rel=EXACT, abs=1e-14)


@given(st.integers(0, 6), st.integers(1, 5), st.integers(0, 99))
def test_squared_error_is_half_the_sum_of_squares(n, outputs, seed):
    y, t = normal(n, outputs, seed=seed), normal(n, outputs, seed=seed + 1)
    weight = rng(seed).uniform(0, 2, n)
    by_hand = weighted = 0.0
    for i, k in np.ndindex(y.shape):
        by_hand += 0.5 * (y[i, k] - t[i, k]) ** 2
        weighted += 0.5 * weight[i] * (y[i, k] - t[i, k]) ** 2
    assert squared_error(y, t)[0] == pytest.approx(by_hand, rel=EXACT)
    assert squared_error(y, t, weight)[0] == pytest.approx(weighted, rel=EXACT)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_binary_cross_entropy_adds_up_the_surprise_of_each_output(n, outputs, seed):
    z, t = 3 * normal(n, outputs, seed=seed), rng(seed).uniform(0, 1, (n, outputs))
    weight = rng(seed).uniform(0, 2, n)
    p = special.expit(z)
    losses = [sum(special.xlogy(t[i], p[i]) + special.xlogy(1 - t[i], 1 - p[i])) for i in range(n)]
    loss, weighted = (binary_cross_entropy_with_logits(z, t, w)[0] for w in (None, weight))
    assert loss == pytest.approx(-np.mean(losses), rel=1e-10)
    assert weighted == pytest.approx(-float(weight @ losses), rel=1e-10)


@given(st.integers(1, 6), st.integers(0, 99), st.floats(-20, 20))
def test_two_classes_are_one_logistic_regression(n, seed, shift):
    """Softmax over two scores is the sigmoid of their difference; so are loss and gradient."""
    scores, labels, weight = make_batch(n, 2, seed)
    z = scores[:, 1:] - scores[:, :1]
    np.testing.assert_allclose(softmax(scores + shift)[:, 1:], sigmoid(z), atol=1e-14)
    for w in (None, weight):
        loss, grad = cross_entropy(scores, labels, w)
        one_loss, one_grad = binary_cross_entropy_with_logits(z, labels[:, None], w)
        assert loss == pytest.approx(one_loss, rel=1e-12, abs=1e-14)
        np.testing.assert_allclose(grad[:, 1:], one_grad, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(grad[:, :1], -one_grad, rtol=1e-9, atol=1e-15)


def test_one_against_the_rest_is_a_logistic_regression_for_each_class():
    logits, labels, _weight = make_batch(classes=3)
    target = one_hot(labels, 3)
    loss, grad = binary_cross_entropy_with_logits(logits, target)
    alone = [
        binary_cross_entropy_with_logits(logits[:, k : k + 1], target[:, k : k + 1])
        for k in range(3)
    ]
    assert loss == pytest.approx(sum(each for each, _ in alone), rel=EXACT)
    np.testing.assert_allclose(grad, np.hstack([each for _, each in alone]), rtol=EXACT)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_binary_cross_entropy_is_finite_for_any_score(dtype):
    z = np.array([[1e4, -1e4, 1e4, -1e4]], dtype)
    loss, grad = binary_cross_entropy_with_logits(z, np.array([[1, 0, 0, 1]], dtype))
    assert loss == 2e4
    np.testing.assert_array_equal(grad, [[0, 0, 1, -1]])


def check_gradient(loss, weighted, seed=0, function=None):
    function = function or loss
    logits, labels, weight = make_batch(seed=seed)
    target, weight = target_for(loss, logits, labels), weight if weighted else None
    direction = normal(*logits.shape, seed=seed + 1)
    measured = reference.slope(lambda at: function(at, target, weight)[0], logits, direction)
    gradient = function(logits, target, weight)[1]
    assert measured == pytest.approx(np.vdot(gradient, direction), rel=GRADIENT)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_the_slope(loss, weighted, seed):
    check_gradient(loss, weighted, seed)


def test_a_faulty_gradient_is_caught():
    def sum_instead_of_mean(logits, labels, weight=None):
        value, grad = cross_entropy(logits, labels, weight)
        return value, grad * len(logits)

    def weight_forgotten(logits, labels, weight=None):
        return cross_entropy(logits, labels, weight)[0], cross_entropy(logits, labels)[1]

    with pytest.raises(AssertionError):
        check_gradient(cross_entropy, weighted=False, function=sum_instead_of_mean)
    with pytest.raises(AssertionError):
        check_gradient(cross_entropy, weighted=True, function=weight_forgotten)


def test_the_gradient_of_cross_entropy_is_probability_minus_truth():
    logits, labels, weight = make_batch()
    difference = softmax(logits) - one_hot(labels, 4)
    assert relative_error(cross_entropy(logits, labels)[1], difference / 5) <= EXACT
    weighted = cross_entropy(logits, labels, weight)[1]
    assert relative_error(weighted, weight[:, None] * difference) <= EXACT


def test_weights_say_how_often_a_sample_counts():
    logits, labels, _ = make_batch()
    fifth = cross_entropy(logits, labels, np.full(5, 0.2))
    assert fifth[0] == pytest.approx(cross_entropy(logits, labels)[0], rel=EXACT)
    for loss in LOSSES:
        target = target_for(loss, logits, labels)
        twice = loss(logits, target, [2, 0, 1, 0, 0])[0]
        chosen = [0, 0, 2]
        assert twice == pytest.approx(loss(logits[chosen], target[chosen], [1, 1, 1])[0], rel=EXACT)
        unused = loss(logits, target, np.zeros(5))
        assert unused[0] == 0
        assert not unused[1].any()


def test_certainty_and_ignorance():
    loss, grad = cross_entropy([[1000.0, 0.0]], [0])
    assert (loss, grad.tolist()) == (0.0, [[0.0, 0.0]])
    loss, grad = cross_entropy([[1000.0, 0.0]], [1])
    assert (loss, grad.tolist()) == (1000.0, [[1.0, -1.0]])
    assert cross_entropy(np.zeros((3, 10)), [1, 2, 3])[0] == pytest.approx(math.log(10), rel=EXACT)
    assert cross_entropy([[5.0]], [0])[0] == 0.0  # a single class is always right


def test_nan_says_so():
    assert math.isnan(cross_entropy([[np.nan, 0.0]], [0])[0])
    assert math.isnan(squared_error([[np.nan, 0.0]], [[0, 0]])[0])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
def test_dtype_and_inputs_stay_as_they_are(loss, dtype, order):
    logits, labels, weight = make_batch()
    x = memory_orders(logits.astype(dtype))[order]
    target = target_for(loss, logits, labels)
    for weights in (None, weight):
        value, grad = loss(x, target, weights)
        assert type(value) is float
        assert grad.dtype == dtype
        expected = loss(logits, target, weights)
        assert value == pytest.approx(expected[0], rel=1e-6)
        assert relative_error(grad, expected[1]) <= 1e-6
    np.testing.assert_array_equal(x, logits.astype(dtype))


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, list])
def test_labels_may_be_any_integers(dtype):
    labels = [1, 0] if dtype is list else np.array([1, 0], dtype)
    assert cross_entropy([[0, 2], [3, 0]], labels)[0] < 0.2


def test_the_squared_error_of_nothing_is_nothing():
    loss, grad = squared_error(np.zeros((0, 3)), np.zeros((0, 3)))
    assert (loss, grad.shape) == (0.0, (0, 3))


LOGITS = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("sentence", "logits", "labels"),
    [
        ("^`labels` holds 3; classes are numbered 0 to 2", LOGITS, [0, 3]),
        ("^`labels` holds -1; classes are numbered 0 to 2", LOGITS, [-1, 0]),
        ("^`labels` has dtype float64", LOGITS, [0.0, 1.0]),
        ("^`labels` has dtype bool", LOGITS, [True, False]),
        ("^`labels` has dtype <U1", LOGITS, ["0", "1"]),
        (r"^`labels` .* shape \(3,\); .* each of the 2 samples", LOGITS, [0, 1, 2]),
        (r"^`labels` .* shape \(2, 1\); .* each of the 2 samples", LOGITS, [[0], [1]]),
        ("^`labels` must be one integer for each sample", LOGITS, [[0], [1, 2]]),
        (r"^`logits` has shape \(0, 3\); .* at least one sample", LOGITS[:0], []),
        (r"^`logits` has shape \(2, 0\); .* at least one sample and class", LOGITS[:, :0], [0, 0]),
        (r"^`logits` has shape \(3,\); it must have 2 axes \(N, K\)", LOGITS[0], [0]),
        ("^`logits` has dtype object", LOGITS.astype(object), [0, 1]),
    ],
)
def test_cross_entropy_names_what_is_wrong(sentence, logits, labels):
    with pytest.raises(ValueError, match=sentence):
        cross_entropy(logits, labels)


@pytest.mark.parametrize(
    ("sentence", "output", "target"),
    [
        (r"^`target` has shape \(3, 2\); it must be \(2, 3\)", LOGITS, np.zeros((3, 2))),
        (r"^`target` has shape \(2,\); it must have 2 axes", LOGITS, [0, 1]),
        (r"^`output` has shape \(3,\); it must have 2 axes", LOGITS[0], LOGITS),
        ("^`target` has dtype <U", LOGITS, LOGITS.astype(str)),
    ],
)
def test_squared_error_names_what_is_wrong(sentence, output, target):
    with pytest.raises(ValueError, match=sentence):
        squared_error(output, target)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("sentence", "weight"),
    [
        (r"^`sample_weight` holds -1\.0; weights must be finite and 0 or more", [1, -1]),
        (r"^`sample_weight` holds nan;", [np.nan, 1]),
        (r"^`sample_weight` holds inf;", [1, np.inf]),
        (r"^`sample_weight` has shape \(3,\); it must be \(2,\)", [1, 1, 1]),
        (r"^`sample_weight` has shape \(\); it must have 1 axis", 1.0),
        (r"^`sample_weight` has dtype <U1", ["1", "2"]),
    ],
)
def test_weights_that_cannot_be_used_are_named(loss, sentence, weight):
    with pytest.raises(ValueError, match=sentence):
        loss(LOGITS, target_for(loss, LOGITS, [0, 1]), weight)


@pytest.mark.parametrize(
    ("sentence", "logits", "target"),
    [
        (r"^`target` has shape \(2, 1\)", np.zeros((2, 2)), np.zeros((2, 1))),
        (r"^`target` holds 2\.0;", np.zeros((1, 2)), [[0, 2.0]]),
        (r"^`target` holds -1\.0;", np.zeros((1, 2)), [[-1.0, 0]]),
        (r"^`target` holds nan;", np.zeros((1, 1)), [[math.nan]]),
        (r"^`logits` has shape \(0, 2\);", np.zeros((0, 2)), np.zeros((0, 2))),
        (r"^`logits` has shape \(2,\);", np.zeros(2), np.zeros(2)),
    ],
)
def test_binary_cross_entropy_names_what_is_wrong(sentence, logits, target):
    with pytest.raises(ValueError, match=sentence):
        binary_cross_entropy_with_logits(logits, target)
