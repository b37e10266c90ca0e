"""The fully connected layer against loops and its own linearity."""

# mypy: disable-error-code="arg-type"

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import affine, affine_backward, conv2d
from tests import reference
from tests.core.arrays import (
    EXACT,
    ORDERS,
    SINGLE,
    assert_adjoint,
    memory_orders,
    normal,
    relative_error,
)


def check(x, weight, bias, backward=affine_backward):
    y = affine(x, weight, bias)
    assert relative_error(y, reference.affine(x, weight, bias)) <= EXACT
    delta = normal(*y.shape, seed=4)
    grads = backward(delta, x, weight)
    for grad, expected in zip(grads, reference.affine_backward(delta, x, weight), strict=True):
        assert relative_error(grad, expected) <= EXACT
    other_x, other_weight = normal(*x.shape, seed=5), normal(*weight.shape, seed=6)
    assert_adjoint(other_x, affine(other_x, weight), delta, grads[0])
    assert_adjoint(other_weight, affine(x, other_weight), delta, grads[1])
    assert_adjoint(bias, np.zeros_like(y) + bias, delta, grads[2])


def example(n, inputs, outputs):
    return normal(n, inputs, seed=1), normal(outputs, inputs, seed=2), normal(outputs, seed=3)


@given(st.integers(0, 5), st.integers(1, 6), st.integers(1, 6))
def test_any_layer_equals_the_loops(n, inputs, outputs):
    check(*example(n, inputs, outputs))


def test_a_faulty_backward_is_caught():
    def no_bias_gradient(*arrays):
        return *affine_backward(*arrays)[:2], np.zeros(len(arrays[2]))

    def mean_over_the_batch(delta, x, weight):
        return affine_backward(delta / len(x), x, weight)

    def weight_not_transposed(delta, x, weight):
        return affine_backward(delta, x, weight.T)

    x, weight, bias = example(3, 4, 4)
    check(x, weight, bias)
    for fault in (no_bias_gradient, mean_over_the_batch, weight_not_transposed):
        with pytest.raises(AssertionError):
            check(x, weight, bias, fault)


def test_it_is_a_convolution_with_a_kernel_as_large_as_the_map():
    maps, kernels, bias = normal(4, 2, 3, 5, seed=1), normal(6, 2, 3, 5, seed=2), normal(6, seed=3)
    y = conv2d(maps, kernels, bias, flip=False)
    expected = affine(maps.reshape(4, -1), kernels.reshape(6, -1), bias)
    assert relative_error(y[:, :, 0, 0], expected) <= EXACT


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
def test_the_order_in_memory_does_not_matter(order, dtype):
    x, weight, bias = example(3, 4, 5)
    expected = affine(x, weight, bias), *affine_backward(affine(x, weight), x, weight)
    x, weight = (memory_orders(a.astype(dtype))[order] for a in (x, weight))
    results = affine(x, weight, bias.astype(dtype)), *affine_backward(affine(x, weight), x, weight)
    for result, wanted in zip(results, expected, strict=True):
        assert result.dtype == dtype
        assert relative_error(result, wanted) <= SINGLE


def test_whole_numbers_and_lists_become_float64():
    y = affine([[1, 2]], [[3, 4], [5, 6]], [0, 10])
    assert y.dtype == np.float64
    np.testing.assert_array_equal(y, [[11, 27]])
    assert affine(np.ones((1, 2), np.uint8), np.ones((1, 2), np.float32)).dtype == np.float64


def test_float32_with_another_bias_stays_float32():
    ones = np.ones((1, 2), np.float32)
    assert affine(ones, ones, np.ones(1)).dtype == np.float32


def test_nan_stays_in_its_row():
    x = np.ones((3, 2))
    x[1, 0] = np.nan
    np.testing.assert_array_equal(np.isnan(affine(x, np.ones((2, 2)))).any(axis=1), [0, 1, 0])


X, WEIGHT = np.zeros((2, 3)), np.zeros((4, 3))


@pytest.mark.parametrize(
    ("sentence", "arrays"),
    [
        (r"^`x` has shape \(3,\); it must have 2 axes \(N, in_features\)", (X[0], WEIGHT)),
        (r"^`weight` has shape \(3,\); it must have 2 axes", (X, WEIGHT[0])),
        (r"^`weight` has shape \(3, 4\), for 4 inputs, but `x` has 3", (X, WEIGHT.T)),
        (r"^`bias` has shape \(3,\); it must be \(4,\)", (X, WEIGHT, np.zeros(3))),
        ("^`x` has dtype object", (X.astype(object), WEIGHT)),
        ("^`weight` has dtype <U", (X, WEIGHT.astype(str))),
        ("^`bias` has dtype complex", (X, WEIGHT, np.zeros(4, complex))),
    ],
)
def test_arrays_that_cannot_be_used_are_named(sentence, arrays):
    with pytest.raises(ValueError, match=sentence):
        affine(*arrays)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"^`grad_output` has shape \(2, 3\); it must be \(2, 4\)"):
        affine_backward(X, X, WEIGHT)
