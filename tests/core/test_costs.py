"""What layers cost: against naive loops, against the layers themselves, against their matrix."""

# mypy: disable-error-code="arg-type"

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core import (
    Affine,
    Conv2d,
    affine_cost,
    conv2d,
    conv2d_cost,
    convolution_matrix,
    local2d_cost,
)
from cnn_core.geometry import window_span
from tests import reference
from tests.core.arrays import EXACT, normal, pairs, relative_error, rng


@st.composite
def cases(draw):
    """Draw an input shape, a number of filters, a kernel size and settings that fit."""
    kernel, dilation = draw(pairs(1, 3)), draw(pairs(1, 2))
    padding = draw(st.tuples(pairs(0, 3), pairs(0, 3)))
    least = [
        max(1, window_span(k, d) - sum(p))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    size = [draw(st.integers(low, low + 4)) for low in least]
    options = {"stride": draw(pairs(1, 3)), "padding": padding, "dilation": dilation}
    return (draw(st.integers(1, 2)), *size), draw(st.integers(1, 3)), kernel, options


@settings(max_examples=40)
@given(cases())
def test_costs_are_counted_product_by_product(case):
    (channels, height, width), filters, kernel, options = case
    (top, _), (left, _) = options["padding"]
    (_, *outputs), products = reference.connections(
        (1, channels, height, width), (filters, channels, *kernel), **options
    )
    on_padding = sum(
        not (top <= row < top + height and left <= column < left + width)
        for _, (_, _, row, column), _ in products
    )
    shared = conv2d_cost((channels, height, width), filters, kernel, **options)
    local = local2d_cost((channels, height, width), filters, kernel, **options)
    assert shared.multiplications == local.multiplications == len(products)
    assert shared.by_padding == local.by_padding == on_padding
    assert shared.parameters == len({weight for _, _, weight in products}) + filters
    own = {(output, weight) for output, _, weight in products}
    assert local.parameters == len(own) + math.prod(outputs)


@settings(max_examples=40)
@given(cases())
def test_costs_are_those_of_the_layers(case):
    shape, filters, kernel, options = case
    layer = Conv2d(shape[0], filters, kernel, **options, rng=rng())
    outputs = math.prod(layer.output_shape(shape))
    shared = conv2d_cost(shape, filters, kernel, **options)
    assert shared.parameters == layer.parameter_count
    assert shared.multiplications + outputs == layer.connection_count(shape)

    full = Affine(math.prod(shape), outputs, rng=rng())
    cost = affine_cost(math.prod(shape), outputs)
    assert cost.parameters == full.parameter_count
    assert cost.multiplications + outputs == full.connection_count((math.prod(shape),))


@settings(max_examples=40)
@given(cases(), st.booleans())
def test_the_matrix_is_the_convolution(case, flip):
    shape, filters, kernel, options = case
    weight, x = normal(filters, shape[0], *kernel), normal(1, *shape, seed=1)
    matrix = convolution_matrix(weight, shape, **options, flip=flip)
    expected = reference.conv2d(x, weight, **options, flip=flip)
    assert relative_error(matrix @ x.ravel(), expected.ravel()) <= EXACT
    assert (
        relative_error(matrix @ x.ravel(), conv2d(x, weight, **options, flip=flip).ravel()) <= EXACT
    )
    cost = conv2d_cost(shape, filters, kernel, **options)
    assert np.count_nonzero(matrix) == cost.multiplications - cost.by_padding
    assert set(matrix[matrix != 0]) <= set(weight.ravel())


@pytest.mark.parametrize(
    ("shape", "filters", "kernel", "options", "parameters", "multiplications", "unshared", "full"),
    [
        # LeNet-5, C1; AlexNet, first layer; VGG-16, first layer: calculated by hand
        ((1, 32, 32), 6, 5, {}, 156, 117_600, 122_304, 4_821_600),
        ((3, 227, 227), 96, 11, {"stride": 4}, 34_944, 105_415_200, 105_705_600, 44_892_355_200),
        ((3, 224, 224), 64, 3, {"padding": 1}, 1_792, 86_704_128, 89_915_392, 483_388_358_656),
    ],
)
def test_known_networks(
    shape, filters, kernel, options, parameters, multiplications, unshared, full
):
    shared = conv2d_cost(shape, filters, kernel, **options)
    assert shared[:2] == (parameters, multiplications)
    local = local2d_cost(shape, filters, kernel, **options)
    assert local[:2] == (unshared, multiplications)
    outputs = local.parameters - local.multiplications  # one bias each
    assert affine_cost(math.prod(shape), outputs).parameters == full


def test_the_matrix_keeps_the_dtype_and_the_weight():
    weight = normal(2, 1, 2, 2, dtype=np.float32)
    before = weight.copy()
    assert convolution_matrix(weight, (1, 3, 4)).dtype == np.float32
    assert convolution_matrix(np.ones((1, 1, 2, 2), int), (1, 3, 4)).dtype == np.float64
    np.testing.assert_array_equal(weight, before)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: affine_cost(0, 3), "`in_features` (=0) must be at least 1."),
        (lambda: affine_cost(2, 1.5), "`out_features` (=1.5) must be a whole number."),
        (lambda: conv2d_cost((4, 4), 1, 3), "`input_shape` (=(4, 4)) must be (C, H, W)."),
        (lambda: conv2d_cost((1, 4, 0), 1, 3), "`input_shape` (=0) must be at least 1."),
        (lambda: local2d_cost((1, 4, 4), 0, 3), "`out_channels` (=0) must be at least 1."),
        (lambda: local2d_cost((1, 4, 4), 1, 5), "`kernel_size` (=5) spans 5 cells"),
        (lambda: convolution_matrix(np.ones((1, 1, 2, 2)), (4, 4)), "must be (C, H, W)."),
        (lambda: convolution_matrix(np.ones((1, 2, 2)), (1, 4, 4)), "it must have 4 axes"),
        (lambda: convolution_matrix(np.full((1, 1, 1, 1), np.nan), (1, 2, 2)), "must be finite"),
    ],
)
def test_what_makes_no_layer_is_said(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
