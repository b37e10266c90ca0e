"""Convolution against loops that can be read, against SciPy, and against its own laws."""

# mypy: disable-error-code="arg-type"

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import signal

from cnn_core import (
    Conv2d,
    conv2d,
    conv2d_backward,
    output_size,
    rot180,
    samples_innermost,
    window_span,
)
from tests import reference
from tests.core.arrays import (
    EXACT,
    ORDERS,
    SINGLE,
    assert_adjoint,
    memory_orders,
    normal,
    pairs,
    relative_error,
    rng,
)


class Case(NamedTuple):
    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    settings: dict[str, Any]


def make_case(
    size,
    kernel,
    *,
    n=2,
    channels=2,
    filters=3,
    stride=(1, 1),
    padding=reference.NO_PADDING,
    dilation=(1, 1),
    flip=True,
):
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "flip": flip}
    return Case(
        normal(n, channels, *size, seed=1),
        normal(filters, channels, *kernel, seed=2),
        normal(filters, seed=3),
        settings,
    )


@st.composite
def cases(draw):
    kernel, dilation = draw(pairs(1, 4)), draw(pairs(1, 3))
    padding = (draw(pairs(0, 3)), draw(pairs(0, 3)))
    smallest = [
        max(1, window_span(k, d) - sum(sides))
        for k, d, sides in zip(kernel, dilation, padding, strict=True)
    ]
    return make_case(
        tuple(draw(st.integers(least, least + 4)) for least in smallest),
        kernel,
        n=draw(st.integers(0, 2)),
        channels=draw(st.integers(1, 2)),
        filters=draw(st.integers(1, 3)),
        stride=draw(pairs(1, 3)),
        padding=padding,
        dilation=dilation,
        flip=draw(st.booleans()),
    )


GRID = [
    make_case(
        (9, 8), (3, 2), stride=stride, padding=padding, dilation=dilation, flip=flip, channels=c
    )
    for stride in [(1, 1), (2, 2), (1, 3)]
    for padding in [((0, 0), (0, 0)), ((2, 2), (1, 1)), ((0, 2), (3, 1))]
    for dilation in [(1, 1), (2, 2), (3, 1)]
    for flip in (True, False)
    for c in (1, 2)
]

# As a network meets them: batches and maps so large that they are worked on piece by piece.
LARGE = {
    "digits, first layer": make_case((8, 8), (3, 3), n=128, channels=1, padding=((1, 1), (1, 1))),
    "digits, second layer": make_case(
        (4, 4), (3, 3), n=256, channels=4, filters=5, padding=((1, 1), (1, 1)), flip=False
    ),
    "LeNet, first layer": make_case((28, 28), (5, 5), n=40, channels=1, padding=((2, 2), (2, 2))),
    "stride 2": make_case((17, 13), (3, 4), n=200, stride=(2, 2), padding=((1, 0), (0, 2))),
    "dilation 2": make_case((12, 11), (2, 3), n=150, dilation=(2, 2)),
    "rows only": make_case((12, 9), (4, 1), n=150, filters=1),
    "one tall image": make_case((7, 1100), (3, 3), n=1, filters=1, channels=1),
}


# --- the checks; each takes the function to be checked, so that planted faults can be tried ---


def check_forward(case, function=conv2d):
    x, weight, bias, settings = case
    y = function(x, weight, bias, **settings)
    assert relative_error(y, reference.conv2d(x, weight, bias, **settings)) <= EXACT


def check_backward(case, function=conv2d_backward):
    x, weight, _, settings = case
    delta = normal(*conv2d(x, weight, **settings).shape, seed=4)
    grads = function(delta, x, weight, **settings)
    for grad, expected in zip(
        grads, reference.conv2d_backward(delta, x, weight, **settings), strict=True
    ):
        assert relative_error(grad, expected) <= EXACT


def check_adjoint(case, function=conv2d_backward):
    """Convolution is linear in x, in weight and in bias: forward alone says what backward is."""
    x, weight, bias, settings = case
    y = conv2d(x, weight, **settings)
    delta = normal(*y.shape, seed=4)
    grad_x, grad_weight, grad_bias = function(delta, x, weight, **settings)
    other_x, other_weight = normal(*x.shape, seed=5), normal(*weight.shape, seed=6)
    assert_adjoint(other_x, conv2d(other_x, weight, **settings), delta, grad_x)
    assert_adjoint(other_weight, conv2d(x, other_weight, **settings), delta, grad_weight)
    assert_adjoint(bias, np.zeros_like(y) + bias[:, None, None], delta, grad_bias)


@given(cases())
def test_any_convolution_equals_the_loops(case):
    check_forward(case)
    check_backward(case)


@given(cases())
def test_any_backward_is_the_adjoint_of_forward(case):
    check_adjoint(case)


@pytest.mark.parametrize("case", GRID)
def test_the_grid_of_settings_equals_the_loops(case):
    check_forward(case)
    check_backward(case)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_batch_equals_its_samples_one_by_one(name):
    x, weight, bias, settings = LARGE[name]
    pieces = np.array_split(x, min(len(x), 50))
    y = conv2d(x, weight, bias, **settings)
    one_by_one = [conv2d(piece, weight, bias, **settings) for piece in pieces]
    assert relative_error(y, np.concatenate(one_by_one)) <= EXACT
    check_forward(LARGE[name]._replace(x=x[:1]))

    delta = normal(*y.shape, seed=4)
    grad_x, *grads = conv2d_backward(delta, x, weight, **settings)
    parts = [
        conv2d_backward(part, piece, weight, **settings)
        for part, piece in zip(np.array_split(delta, len(pieces)), pieces, strict=True)
    ]
    assert relative_error(grad_x, np.concatenate([part[0] for part in parts])) <= EXACT
    for number, grad in enumerate(grads, start=1):
        assert relative_error(grad, sum(part[number] for part in parts)) <= EXACT
    check_adjoint(LARGE[name])


@pytest.mark.parametrize("reuse_buffers", [False, True])
@pytest.mark.parametrize("name", LARGE)
def test_a_layer_takes_several_rows_at_once_and_computes_the_same(name, reuse_buffers):
    x, weight, bias, settings = LARGE[name]
    filters, channels, *kernel_size = weight.shape
    layer = Conv2d(channels, filters, kernel_size, **settings, rng=rng(), dtype=np.float64)
    layer.params["weight"][...], layer.params["bias"][...] = weight, bias
    layer.reuse_buffers = reuse_buffers
    for scale in (1, -2):
        y = conv2d(scale * x, weight, bias, **settings)
        assert relative_error(layer.forward(scale * x), y) <= EXACT
        delta = normal(*y.shape, seed=4)
        grads = [layer.backward(delta), *layer.grads.values()]
        expected = conv2d_backward(delta, scale * x, weight, **settings)
        for grad, wanted in zip(grads, expected, strict=True):
            assert relative_error(grad, wanted) <= EXACT


# --- SciPy ---


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("kernel_size", [(1, 1), (3, 3), (5, 3), (2, 4)])
def test_scipy_agrees_in_every_mode(flip, mode, kernel_size):
    x, weight = normal(2, 3, 9, 8, seed=1), normal(4, 3, *kernel_size, seed=2)
    slide = signal.convolve2d if flip else signal.correlate2d
    expected = [[sum(map(slide, image, kernels, [mode] * 3)) for kernels in weight] for image in x]
    sides = {
        "valid": lambda k: (0, 0),
        # SciPy centres what it cuts out of the full result; an even kernel has no middle cell,
        # and rotating it moves the surplus cell to the other side.
        "same": lambda k: (k // 2, (k - 1) // 2) if flip else ((k - 1) // 2, k // 2),
        "full": lambda k: (k - 1, k - 1),
    }[mode]
    padding = tuple(sides(k) for k in kernel_size)
    assert relative_error(conv2d(x, weight, padding=padding, flip=flip), expected) <= EXACT


@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (3, 1)])
def test_a_stride_keeps_every_sth_of_scipys_cells(stride):
    x, kernel = normal(1, 1, 10, 9, seed=1), normal(1, 1, 3, 2, seed=2)
    every = signal.convolve2d(x[0, 0], kernel[0, 0], "valid")
    y = conv2d(x, kernel, stride=stride)
    assert relative_error(y[0, 0], every[:: stride[0], :: stride[1]]) <= EXACT


def test_dilation_is_a_kernel_with_zeros_between_its_cells():
    x, kernel = normal(1, 1, 10, 12, seed=1), normal(1, 1, 3, 2, seed=2)
    wide = np.zeros((1, 1, 5, 4))
    wide[..., ::2, ::3] = kernel
    assert relative_error(conv2d(x, kernel, dilation=(2, 3)), conv2d(x, wide)) <= EXACT
    expected = signal.convolve2d(x[0, 0], wide[0, 0], "valid")
    assert relative_error(conv2d(x, kernel, dilation=(2, 3))[0, 0], expected) <= EXACT


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_flip_stands_in_exactly_one_of_the_two_directions(flip, stride):
    """The formulas of the textbooks, by SciPy; a stride puts zeros between the cells of δ."""
    x, kernel = normal(9, 10, seed=1), normal(3, 4, seed=2)
    delta = normal(*conv2d(x[None, None], kernel[None, None], stride=stride).shape[2:], seed=3)
    spread = np.zeros((7, 7))
    spread[::stride, ::stride] = delta
    if flip:
        grad_x = signal.correlate2d(spread, kernel, "full")
        grad_kernel = rot180(signal.correlate2d(x, spread, "valid"))
    else:
        grad_x = signal.convolve2d(spread, kernel, "full")
        grad_kernel = signal.correlate2d(x, spread, "valid")
    got_x, got_kernel, got_bias = conv2d_backward(
        delta[None, None], x[None, None], kernel[None, None], stride=stride, flip=flip
    )
    assert relative_error(got_x[0, 0], grad_x) <= EXACT
    assert relative_error(got_kernel[0, 0], grad_kernel) <= EXACT
    assert got_bias[0] == pytest.approx(delta.sum(), rel=EXACT)


# --- laws ---


def full(a, b):
    """Convolve two images, keeping every cell where they touch."""
    padding = [(size - 1, size - 1) for size in b.shape]
    return conv2d(a[None, None], b[None, None], padding=padding)[0, 0]


@given(pairs(1, 6), pairs(1, 6), pairs(1, 4))
def test_convolution_is_commutative_and_associative(size_a, size_b, size_c):
    a, b, c = normal(*size_a, seed=1), normal(*size_b, seed=2), normal(*size_c, seed=3)
    assert relative_error(full(a, b), full(b, a)) <= EXACT
    assert relative_error(full(full(a, b), c), full(a, full(b, c))) <= EXACT


def test_cross_correlation_is_not_commutative():
    a, b = normal(1, 1, 3, 3, seed=1), normal(1, 1, 3, 3, seed=2)
    settings = {"padding": 2, "flip": False}
    y = conv2d(a, b, **settings)
    assert relative_error(y, conv2d(b, a, **settings)) > 0.1
    assert relative_error(y, rot180(conv2d(b, a, **settings))) <= EXACT


@pytest.mark.parametrize("flip", [True, False])
@given(kernel_size=pairs(1, 4))
def test_an_impulse_paints_the_kernel(flip, kernel_size):
    kernel = normal(1, 1, *kernel_size)
    painted = conv2d(
        np.ones((1, 1, 1, 1)), kernel, padding=[(k - 1, k - 1) for k in kernel_size], flip=flip
    )
    np.testing.assert_array_equal(painted, kernel if flip else rot180(kernel))


@given(cases(), st.integers(1, 2), st.integers(1, 2))
def test_a_shifted_image_gives_a_shifted_map(case, down, right):
    """Moving the image by one stride moves every map by one cell."""
    x, weight, bias, settings = case
    strides = settings["stride"]
    y = conv2d(x, weight, bias, **settings)
    (top, bottom), (left, right_side) = settings["padding"]
    shifted = ((top + down * strides[0], bottom), (left + right * strides[1], right_side))
    moved = conv2d(x, weight, bias, **(settings | {"padding": shifted}))
    assert relative_error(moved[:, :, down:, right:], y) <= EXACT


@given(cases())
def test_flipping_is_rotating_the_kernel_first(case):
    x, weight, bias, settings = case
    other = settings | {"flip": not settings["flip"]}
    y = conv2d(x, weight, bias, **settings)
    assert relative_error(y, conv2d(x, rot180(weight), bias, **other)) <= EXACT


def test_a_symmetric_kernel_hides_the_flip():
    x, kernel = normal(1, 1, 6, 6), np.array([[[[1.0, 2, 1], [3, 5, 3], [1, 2, 1]]]])
    assert relative_error(conv2d(x, kernel), conv2d(x, kernel, flip=False)) <= EXACT


def test_a_kernel_of_one_cell_mixes_channels():
    x, weight = normal(3, 4, 5, 6, seed=1), normal(2, 4, 1, 1, seed=2)
    expected = np.einsum("nchw,oc->nohw", x, weight[:, :, 0, 0])
    assert relative_error(conv2d(x, weight), expected) <= EXACT


# --- how settings may be written ---


def test_one_number_counts_for_both_directions():
    x, weight = normal(1, 1, 9, 9, seed=1), normal(1, 1, 2, 2, seed=2)
    short = conv2d(x, weight, stride=2, padding=1, dilation=3)
    long = conv2d(x, weight, stride=[2, 2], padding=((1, 1), (1, 1)), dilation=(3, 3))
    np.testing.assert_array_equal(short, long)
    np.testing.assert_array_equal(
        conv2d(x, weight, padding=(1, 2)), conv2d(x, weight, padding=((1, 1), (2, 2)))
    )


def test_defaults_are_stride_1_no_padding_and_the_flip():
    x, weight = normal(1, 1, 4, 4, seed=1), normal(1, 1, 2, 2, seed=2)
    assert relative_error(conv2d(x, weight), reference.conv2d(x, weight, flip=True)) <= EXACT
    grads = reference.conv2d_backward(np.ones((1, 1, 3, 3)), x, weight, flip=True)
    for grad, expected in zip(
        conv2d_backward(np.ones((1, 1, 3, 3)), x, weight), grads, strict=True
    ):
        assert relative_error(grad, expected) <= EXACT


# --- arrays of all kinds ---


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
def test_the_order_in_memory_does_not_matter(order, dtype):
    x, weight, bias, settings = make_case((6, 7), (3, 2), stride=(1, 2), padding=((1, 0), (2, 1)))
    y = reference.conv2d(x, weight, bias, **settings)
    delta = normal(*y.shape, seed=4)
    grads = reference.conv2d_backward(delta, x, weight, **settings)

    x, weight, delta = (memory_orders(a.astype(dtype))[order] for a in (x, weight, delta))
    before = [a.copy() for a in (x, weight, delta)]
    results = [conv2d(x, weight, bias.astype(dtype), **settings)]
    results += conv2d_backward(delta, x, weight, **settings)
    for result, expected in zip(results, [y, *grads], strict=True):
        assert result.dtype == dtype
        assert relative_error(result, expected) <= (SINGLE if dtype == np.float32 else EXACT)
    for array, as_it_was in zip((x, weight, delta), before, strict=True):
        np.testing.assert_array_equal(array, as_it_was)


@pytest.mark.parametrize(
    ("x_dtype", "weight_dtype", "result"),
    [
        (np.float32, np.float32, np.float32),
        (np.float32, np.float64, np.float64),
        (np.float64, np.float32, np.float64),
        (np.uint8, np.float32, np.float64),
        (np.float16, np.int64, np.float64),
        (np.bool_, np.float64, np.float64),
    ],
)
def test_dtypes(x_dtype, weight_dtype, result):
    x = np.array([[[[0, 1, 3], [1, 0, 1]]]]).astype(x_dtype)
    weight = np.array([[[[1, 2]]]]).astype(weight_dtype)
    y = conv2d(x, weight)
    assert y.dtype == result
    np.testing.assert_array_equal(y, reference.conv2d(x.astype(float), weight.astype(float)))
    assert all(grad.dtype == result for grad in conv2d_backward(y, x, weight))


def test_float32_inputs_with_other_biases_and_gradients_stay_float32():
    x, weight = normal(1, 1, 3, 3, dtype=np.float32), normal(1, 1, 2, 2, dtype=np.float32)
    y = conv2d(x, weight, np.array([1.0]))
    assert y.dtype == np.float32
    assert all(grad.dtype == np.float32 for grad in conv2d_backward(y.astype(float), x, weight))


def test_lists_are_welcome():
    y = conv2d([[[[1, 2, 4]]]], [[[[1, 10]]]], [1000])
    np.testing.assert_array_equal(y, [[[[1012, 1024]]]])


def test_an_empty_batch_gives_an_empty_batch_and_no_gradient():
    x, weight = np.zeros((0, 2, 5, 5)), normal(3, 2, 3, 3)
    y = conv2d(x, weight, normal(3), padding=1, stride=2)
    assert y.shape == (0, 3, 3, 3)
    grad_x, grad_weight, grad_bias = conv2d_backward(y, x, weight, padding=1, stride=2)
    assert grad_x.shape == x.shape
    assert grad_weight.shape == weight.shape
    assert not grad_weight.any()
    np.testing.assert_array_equal(grad_bias, np.zeros(3))


def test_a_gradient_that_is_one_number_everywhere():
    x, weight = normal(2, 1, 4, 5, seed=1), normal(2, 1, 3, 3, seed=2)
    ones = np.broadcast_to(1.0, (2, 2, 2, 3))
    for grad, expected in zip(
        conv2d_backward(ones, x, weight), conv2d_backward(ones.copy(), x, weight), strict=True
    ):
        np.testing.assert_array_equal(grad, expected)


@pytest.mark.parametrize("n", [1, 300])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_reach_the_windows_they_are_in_and_no_others(value, n):
    x, weight = np.ones((n, 1, 8, 6)), np.ones((2, 1, 3, 2))
    x[0, 0, 4, 2] = value
    touched = reference.conv2d(
        (~np.isfinite(x[:1])).astype(float), weight, stride=(2, 1), padding=((1, 1), (0, 0))
    )
    y = conv2d(x, weight, stride=(2, 1), padding=((1, 1), (0, 0)))
    assert np.isfinite(y[1:]).all()
    np.testing.assert_array_equal(~np.isfinite(y[:1]), touched > 0)
    np.testing.assert_array_equal(y[:1][touched > 0], np.full(np.count_nonzero(touched), value))


def test_two_calls_do_not_share_memory():
    x, weight = normal(2, 1, 5, 5, seed=1), normal(2, 1, 3, 3, seed=2)
    first, second = conv2d(x, weight), conv2d(2 * x, weight)
    assert not np.shares_memory(first, second)
    assert not np.shares_memory(first, x)
    np.testing.assert_array_equal(second, 2 * first)


# --- what cannot be computed ---

X, WEIGHT = np.zeros((1, 2, 4, 5)), np.zeros((3, 2, 3, 3))

WRONG_ARRAYS = {
    r"`x` has shape \(2, 4, 5\); it must have 4 axes \(N, C, H, W\)": (X[0], WEIGHT),
    r"`weight` has shape \(3, 3\); it must have 4 axes": (X, WEIGHT[0, 0]),
    r"`bias` has shape \(3, 1\); it must have 1 axis": (X, WEIGHT, np.zeros((3, 1))),
    r"`bias` has shape \(2,\); it must be \(3,\)": (X, WEIGHT, np.zeros(2)),
    r"`weight` has shape \(3, 4, 3, 3\).* 4 input channels, but `x` has 2": (
        X,
        np.zeros((3, 4, 3, 3)),
    ),
    r"`weight` \(3, 2, 0, 3\); only the batch may be empty": (X, WEIGHT[:, :, :0]),
    r"`weight` \(0, 2, 3, 3\); only the batch may be empty": (X, WEIGHT[:0]),
    r"`x` has shape \(1, 2, 4, 0\)": (X[..., :0], WEIGHT),
    "`x` has dtype object": (X.astype(object), WEIGHT),
    "`x` has dtype <U": (X.astype(str), WEIGHT),
    "`x` has dtype datetime64": (X.astype("datetime64[s]"), WEIGHT),
    "`weight` has dtype complex128": (X, WEIGHT.astype(complex)),
    "`bias` has dtype object": (X, WEIGHT, [None] * 3),
    "`x` must be an array whose rows are equally long": ([[[[1, 2], [3]]]], WEIGHT),
    r"`kernel_size` \(=5\).* padded input has only 4": (X, np.zeros((1, 2, 5, 3))),
}


@pytest.mark.parametrize("sentence", WRONG_ARRAYS)
def test_arrays_that_cannot_be_used_are_named(sentence):
    with pytest.raises(ValueError, match=sentence):
        conv2d(*WRONG_ARRAYS[sentence])


NO_WHOLE_NUMBERS = [2.5, "2", None, (1, 2, 3), (), np.array([1, 2]), (1.0, 2)]


@pytest.mark.parametrize("name", ["stride", "padding", "dilation"])
@pytest.mark.parametrize("value", NO_WHOLE_NUMBERS, ids=str)
def test_settings_must_be_whole_numbers(name, value):
    for call in (conv2d, lambda *a, **k: conv2d_backward(np.zeros((1, 3, 2, 3)), *a, **k)):
        with pytest.raises(ValueError, match=rf"`{name}` \(="):
            call(X, WEIGHT, **{name: value})


@pytest.mark.parametrize("value", [0, -1, (1, 0), (-2, 1)])
def test_steps_start_at_one(value):
    for name in ("stride", "dilation"):
        with pytest.raises(ValueError, match=rf"`{name}` \(=.*\) must be at least 1"):
            conv2d(X, WEIGHT, **{name: value})


@pytest.mark.parametrize("value", [-1, (0, -1), ((0, 0), (0, -1))])
def test_padding_is_not_negative(value):
    with pytest.raises(ValueError, match=r"`padding` \(=.*\) must be at least 0"):
        conv2d(X, WEIGHT, padding=value)


def test_a_kernel_that_does_not_fit_says_by_how_much():
    with pytest.raises(
        ValueError,
        match=r"`kernel_size` \(=3\) with `dilation` \(=3\) spans 7 cells, "
        r"but the padded input has only 6; use a smaller kernel or more `padding`\.",
    ):
        conv2d(X, WEIGHT, dilation=3, padding=1)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(
        ValueError, match=r"`grad_output` has shape \(1, 3, 2, 2\); it must be \(1, 3, 2, 3\)"
    ):
        conv2d_backward(np.zeros((1, 3, 2, 2)), X, WEIGHT)
    with pytest.raises(ValueError, match=r"`grad_output` has shape \(18,\); it must have 4 axes"):
        conv2d_backward(np.zeros(18), X, WEIGHT)


# --- small helpers ---


def test_rot180_turns_the_last_two_axes():
    kernels = np.arange(24).reshape(2, 2, 2, 3)
    np.testing.assert_array_equal(rot180(kernels), np.rot90(kernels, 2, axes=(-2, -1)))
    np.testing.assert_array_equal(rot180(rot180(kernels)), kernels)


@example((0, 1, 2, 3))
@given(st.tuples(*[st.integers(1, 3)] * 4))
def test_samples_innermost_changes_nothing_but_the_order_in_memory(shape):
    x = normal(*shape)
    y = samples_innermost(x)
    np.testing.assert_array_equal(y, x)
    assert y.transpose(2, 1, 3, 0).flags.c_contiguous
    assert np.shares_memory(samples_innermost(y), y) or not x.size


# --- the checks themselves: every planted fault is caught ---


def forgotten_flip(delta, x, weight, *, flip, **settings):
    grad_x, grad_weight, grad_bias = conv2d_backward(delta, x, weight, flip=flip, **settings)
    return grad_x, rot180(grad_weight), grad_bias


def flip_on_the_wrong_side(delta, x, weight, *, flip, **settings):
    return conv2d_backward(delta, x, weight, flip=not flip, **settings)


def missing_bias_gradient(*arrays, **settings):
    grad_x, grad_weight, grad_bias = conv2d_backward(*arrays, **settings)
    return grad_x, grad_weight, np.zeros_like(grad_bias)


def averaged_over_the_batch(delta, x, weight, **settings):
    grads = conv2d_backward(delta, x, weight, **settings)
    return grads[0], grads[1] / len(x), grads[2]


def padding_on_the_other_side(delta, x, weight, *, padding, **settings):
    opposite = tuple(sides[::-1] for sides in padding)
    return conv2d_backward(delta, x, weight, padding=opposite, **settings)


@pytest.mark.parametrize(
    "fault",
    [
        forgotten_flip,
        flip_on_the_wrong_side,
        missing_bias_gradient,
        averaged_over_the_batch,
        padding_on_the_other_side,
    ],
)
@pytest.mark.parametrize("check", [check_backward, check_adjoint])
def test_a_faulty_backward_is_caught(check, fault):
    case = make_case((7, 6), (3, 2), padding=((2, 0), (1, 2)), stride=(2, 1))
    check(case)
    with pytest.raises(AssertionError):
        check(case, fault)


def no_flip(x, weight, bias, *, flip, **settings):
    return conv2d(x, weight, bias, **settings, flip=False)


def stride_off_by_one(x, weight, bias, *, stride, **settings):
    every = conv2d(x, weight, bias, **settings)
    return every[:, :, stride[0] - 1 :: stride[0], stride[1] - 1 :: stride[1]]


def bias_of_the_wrong_channel(x, weight, bias, **settings):
    return conv2d(x, weight, bias[::-1], **settings)


def dilation_ignored(x, weight, bias, *, dilation, padding, **settings):
    lost = [(d - 1) * (k - 1) for d, k in zip(dilation, weight.shape[2:], strict=True)]
    cropped = x[:, :, : x.shape[2] - lost[0], : x.shape[3] - lost[1]]
    return conv2d(cropped, weight, bias, padding=padding, **settings)


@pytest.mark.parametrize(
    "fault", [no_flip, stride_off_by_one, bias_of_the_wrong_channel, dilation_ignored]
)
def test_a_faulty_forward_is_caught(fault):
    case = make_case((7, 7), (3, 2), stride=(2, 2), dilation=(2, 1))
    check_forward(case)
    with pytest.raises(AssertionError):
        check_forward(case, fault)


def test_output_sizes_are_those_of_geometry():
    x, weight, bias, settings = make_case((11, 8), (3, 2), stride=(2, 3), padding=((1, 0), (0, 2)))
    assert conv2d(x, weight, bias, **settings).shape[2:] == (
        output_size(11, 3, stride=2, padding=(1, 0)),
        output_size(8, 2, stride=3, padding=(0, 2)),
    )
