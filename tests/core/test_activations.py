"""Activation functions against SciPy's, their slopes against measured ones."""

# mypy: disable-error-code="arg-type"

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from cnn_core import (
    cross_entropy,
    log_softmax,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    tanh,
    tanh_backward,
)
from tests import reference
from tests.core.arrays import EXACT, GRADIENT, ORDERS, memory_orders, normal, relative_error

ACTIVATIONS: dict[str, Any] = {
    "relu": (relu, relu_backward, lambda x: np.where(x > 0, x, 0)),
    "sigmoid": (sigmoid, sigmoid_backward, special.expit),
    "tanh": (tanh, tanh_backward, lambda x: 1 - 2 / (np.exp(2 * x) + 1)),
}
FUNCTIONS: list[Any] = [relu, sigmoid, tanh, softmax, log_softmax]


ANY_SHAPE = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


def numbers(limit, shape):
    elements = {"min_value": -limit, "max_value": limit}
    return hnp.arrays(np.float64, shape, elements=elements)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=numbers(30, ANY_SHAPE))
def test_values(name, x):
    function, _, expected = ACTIVATIONS[name]
    np.testing.assert_allclose(function(x), expected(x), rtol=EXACT, atol=1e-15, strict=True)


def check_slope(function, backward, x):
    y, direction = function(x), normal(*x.shape, seed=1)
    delta = normal(*x.shape, seed=2)
    measured = reference.slope(lambda at: np.vdot(delta, function(at)), x, direction)
    assert measured == pytest.approx(np.vdot(backward(delta, y), direction), rel=GRADIENT)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_gradient_is_the_slope(name):
    function, backward, _ = ACTIVATIONS[name]
    check_slope(function, backward, normal(3, 2, 4, 5))  # no number within 1e-4 of relu's kink


@pytest.mark.parametrize(
    ("function", "fault"),
    [
        (relu, lambda delta, y: delta),
        (sigmoid, lambda delta, y: delta * y * (1 + y)),
        (sigmoid, lambda delta, y: sigmoid_backward(delta, sigmoid(y))),
        (tanh, lambda delta, y: delta * (1 - y)),
    ],
)
def test_a_faulty_gradient_is_caught(function, fault):
    with pytest.raises(AssertionError):
        check_slope(function, fault, normal(3, 2, 4, 5))


def test_relu_has_no_slope_at_zero_and_below():
    x = np.array([-1.0, -0.0, 0.0, 1e-300, 2.0])
    np.testing.assert_array_equal(relu(x), [0, 0, 0, 1e-300, 2])
    np.testing.assert_array_equal(relu_backward(np.full(5, 7.0), relu(x)), [0, 0, 0, 7, 7])


def test_relu_writes_where_it_is_told_to():
    x, out = normal(4, 5), np.full((4, 5), np.nan)
    assert relu(x, out=out) is out
    np.testing.assert_array_equal(out, relu(x))
    assert relu_backward(x, out.copy(), out=out) is out
    np.testing.assert_array_equal(out, np.where(x > 0, x, 0))


def test_no_number_is_too_large():
    x = np.array([-np.inf, -1e308, -710, 0, 710, 1e308, np.inf])
    np.testing.assert_array_equal(sigmoid(x), [0, 0, 0, 0.5, 1, 1, 1])
    np.testing.assert_array_equal(tanh(x), [-1, -1, -1, 0, 1, 1, 1])
    np.testing.assert_array_equal(relu(x), [0, 0, 0, 0, 710, 1e308, np.inf])
    for function in FUNCTIONS:
        assert np.isnan(function(np.array([np.nan, 1.0]))[0])


# --- softmax ---


@given(numbers(1e4, st.tuples(*[st.integers(1, 4)] * 3)), st.integers(-3, 2))
def test_softmax_equals_scipys(logits, axis):
    expected = special.softmax(logits, axis), special.log_softmax(logits, axis)
    np.testing.assert_allclose(softmax(logits, axis), expected[0], rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(log_softmax(logits, axis), expected[1], rtol=EXACT, atol=1e-14)


@given(numbers(50, (3, 4)), st.floats(-100, 100))
def test_probabilities_sum_to_one_and_ignore_a_shift(logits, shift):
    probabilities = softmax(logits)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=EXACT)
    np.testing.assert_allclose(softmax(logits + shift), probabilities, rtol=1e-9)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), probabilities, rtol=EXACT)


WHOLE_SCORES = hnp.arrays(np.int64, (3, 4), elements=st.integers(-10_000, 10_000))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(whole=WHOLE_SCORES, shift=st.integers(-10_000, 10_000), label=st.integers(0, 3))
def test_softmax_keeps_its_word_up_to_ten_thousand(dtype, whole, shift, label):
    logits = whole.astype(dtype)  # sums and differences of whole scores are exact, also in float32
    probabilities = softmax(logits)
    few = 16 * np.finfo(dtype).eps
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=few)
    np.testing.assert_array_equal(softmax(logits + dtype(shift)), probabilities)
    order = np.argsort(whole, axis=-1)
    assert (np.diff(np.take_along_axis(probabilities, order, axis=-1)) >= 0).all()
    logarithms = log_softmax(logits)
    assert np.isfinite(logarithms).all()
    np.testing.assert_allclose(np.exp(logarithms), probabilities, rtol=few, atol=few)
    loss, grad_logits = cross_entropy(logits, np.full(3, label))
    assert 0 <= loss <= 20_001.4  # the largest difference, and the logarithm of four
    np.testing.assert_allclose(grad_logits.sum(axis=-1), 0, atol=few)


def test_the_largest_scores_do_not_overflow():
    np.testing.assert_array_equal(softmax([8e307, -8e307, 8e307]), [0.5, 0, 0.5])
    np.testing.assert_array_equal(log_softmax([0.0, -1e308]), [0, -1e308])
    np.testing.assert_array_equal(softmax([0.0, -np.inf]), [1, 0])


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_an_empty_batch_is_fine_but_no_scores_are_not(function):
    assert function(np.zeros((0, 3))).shape == (0, 3)
    with pytest.raises(ValueError, match=r"^`logits` has shape \(2, 0\); there is no score along"):
        function(np.zeros((2, 0)))


# --- arrays of all kinds ---


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_shape_and_input_stay_as_they_are(function, order, dtype):
    plain = normal(2, 3, 4, 5, dtype=dtype)
    x = memory_orders(plain)[order]
    y = function(x)
    assert y.dtype == dtype
    assert not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, plain)
    assert relative_error(y, function(plain)) <= 1e-6


@pytest.mark.parametrize("function", FUNCTIONS)
def test_lists_and_whole_numbers_become_float64(function):
    y = function([[1, -2], [0, 3]])
    assert y.dtype == np.float64
    np.testing.assert_array_equal(y, function(np.array([[1.0, -2], [0, 3]])))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("wrong", "kind"), [(["a"], "<U1"), ([None], "object"), ([1j], "complex128")]
)
def test_other_dtypes_are_refused(function, wrong, kind):
    with pytest.raises(ValueError, match=f"^`(x|logits)` has dtype {kind}; it must hold real"):
        function(np.array(wrong))
