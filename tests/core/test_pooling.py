"""Pooling against loops: ties, edges, padding, windows that overlap or hang over."""

# mypy: disable-error-code="arg-type"

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import (
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    max_pool2d,
    max_pool2d_backward,
    subsample2d,
    subsample2d_backward,
)
from tests import reference
from tests.core.arrays import (
    EXACT,
    GRADIENT,
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
    kernel_size: tuple[int, int]
    settings: dict[str, Any]


def make_case(
    size,
    kernel_size,
    *,
    n=2,
    channels=2,
    stride=None,
    padding=reference.NO_PADDING,
    ceil_mode=False,
    seed=0,
):
    """Make maps of few different numbers, all negative, such that maxima tie."""
    x = rng(seed).integers(-4, 0, (n, channels, *size)).astype(np.float64)
    settings = {"stride": stride or kernel_size, "padding": padding, "ceil_mode": ceil_mode}
    return Case(x, kernel_size, settings)


@st.composite
def cases(draw):
    kernel_size = draw(pairs(1, 4))
    padding = tuple(draw(pairs(0, min(2, k - 1))) for k in kernel_size)
    least = [max(1, k - sum(sides)) for k, sides in zip(kernel_size, padding, strict=True)]
    return make_case(
        tuple(draw(st.integers(size, size + 5)) for size in least),
        kernel_size,
        n=draw(st.integers(0, 2)),
        channels=draw(st.integers(1, 3)),
        stride=draw(st.none() | pairs(1, 5)),
        padding=padding,
        ceil_mode=draw(st.booleans()),
        seed=draw(st.integers(0, 99)),
    )


GRID = [
    make_case((7, 6), kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode)
    for kernel_size in [(2, 2), (3, 2), (3, 3)]
    for stride in [None, (1, 1), (2, 1), (4, 3)]
    for padding in [((0, 0), (0, 0)), ((1, 0), (0, 1)), ((1, 1), (1, 1))]
    for ceil_mode in (False, True)
]


# --- the checks; each takes the function to be checked, so that planted faults can be tried ---


def check_max(case, function=max_pool2d):
    x, kernel_size, settings = case
    y = function(x, kernel_size, **settings)
    np.testing.assert_array_equal(y, reference.max_pool2d(x, kernel_size, **settings), strict=True)


def check_max_backward(case, function=max_pool2d_backward):
    x, kernel_size, settings = case
    shape = max_pool2d(x, kernel_size, **settings).shape
    delta = rng(1).integers(1, 99, shape).astype(np.float64)
    grad_x = function(delta, x, kernel_size, **settings)
    expected = reference.max_pool2d_backward(delta, x, kernel_size, **settings)
    np.testing.assert_array_equal(grad_x, expected, strict=True)


def check_average(case, count_include_pad, function=avg_pool2d):
    x, kernel_size, settings = case
    settings = settings | {"count_include_pad": count_include_pad}
    y = function(x, kernel_size, **settings)
    assert relative_error(y, reference.avg_pool2d(x, kernel_size, **settings)) <= EXACT


def check_average_backward(case, count_include_pad, function=avg_pool2d_backward):
    x, kernel_size, settings = case
    settings = settings | {"count_include_pad": count_include_pad}
    y = avg_pool2d(x, kernel_size, **settings)
    delta = normal(*y.shape, seed=1)
    grad_x = function(delta, x, kernel_size, **settings)
    expected = reference.avg_pool2d_backward(delta, x, kernel_size, **settings)
    assert relative_error(grad_x, expected) <= EXACT
    assert_adjoint(x, y, delta, grad_x)


@given(cases())
def test_any_maximum_equals_the_loops(case):
    check_max(case)
    check_max_backward(case)


@given(cases(), st.booleans())
def test_any_average_equals_the_loops(case, count_include_pad):
    check_average(case, count_include_pad)
    check_average_backward(case, count_include_pad)


@pytest.mark.parametrize("case", GRID)
def test_the_grid_of_settings_equals_the_loops(case):
    check_max(case)
    check_max_backward(case)
    for count_include_pad in (True, False):
        check_average(case, count_include_pad)
        check_average_backward(case, count_include_pad)


@given(cases())
def test_the_gradient_of_the_maximum_is_its_slope(case):
    """Without ties max pooling is straight around x, and a slope is easily measured."""
    x, kernel_size, settings = case
    x = rng(1).permutation(np.arange(x.size, dtype=np.float64)).reshape(x.shape)
    delta = normal(*max_pool2d(x, kernel_size, **settings).shape, seed=2)
    direction = rng(3).uniform(-1, 1, x.shape)
    grad_x = max_pool2d_backward(delta, x, kernel_size, **settings)
    measured = reference.slope(
        lambda at: np.vdot(delta, max_pool2d(at, kernel_size, **settings)), x, direction, 1e-2
    )
    assert measured == pytest.approx(np.vdot(grad_x, direction), rel=GRADIENT, abs=1e-10)


# --- what each rule means, on maps that fit on a page ---


def test_of_equal_maxima_the_first_in_reading_order_wins():
    x = np.array([[[[1.0, 7, 7], [7, 7, 0], [7, 0, 0]]]])
    ones = np.ones((1, 1, 2, 2))
    won = [[0, 2, 0], [1, 1, 0], [0, 0, 0]]
    np.testing.assert_array_equal(max_pool2d_backward(ones, x, 2, stride=1)[0, 0], won)
    constant = np.full((1, 1, 3, 3), 5.0)
    np.testing.assert_array_equal(
        max_pool2d_backward(np.ones((1, 1, 1, 1)), constant, 3)[0, 0],
        [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
    )


def test_padding_never_wins_a_maximum():
    x = np.full((1, 1, 2, 2), -3.0)
    y = max_pool2d(x, 2, stride=1, padding=1)
    np.testing.assert_array_equal(y, np.full((1, 1, 3, 3), -3.0))
    grad_x = max_pool2d_backward(np.ones_like(y), x, 2, stride=1, padding=1)
    np.testing.assert_array_equal(grad_x[0, 0], [[4, 2], [2, 1]])


def test_zeros_of_the_padding_pull_an_average_down_unless_they_do_not_count():
    x = np.full((1, 1, 2, 2), 8.0)
    settings = {"stride": 1, "padding": 1}
    np.testing.assert_array_equal(
        avg_pool2d(x, 2, **settings)[0, 0], [[2, 4, 2], [4, 8, 4], [2, 4, 2]]
    )
    np.testing.assert_array_equal(
        avg_pool2d(x, 2, **settings, count_include_pad=False), np.full((1, 1, 3, 3), 8.0)
    )


def test_what_hangs_over_the_edge_never_counts():
    x = np.array([[[[1.0, 2, 6]]]])
    np.testing.assert_array_equal(max_pool2d(x, (1, 2)), [[[[2]]]])
    np.testing.assert_array_equal(max_pool2d(x, (1, 2), ceil_mode=True), [[[[2, 6]]]])
    for count_include_pad in (True, False):
        y = avg_pool2d(x, (1, 2), ceil_mode=True, count_include_pad=count_include_pad)
        np.testing.assert_array_equal(y, [[[[1.5, 6]]]])
    # One cell of the padding counts, the cell behind it does not: (6 + 0) / 2.
    y = avg_pool2d(x, (1, 3), stride=2, padding=((0, 0), (0, 1)), ceil_mode=True)
    np.testing.assert_array_equal(y, [[[[3, 3]]]])


def test_cells_that_no_window_reaches_get_no_gradient():
    x = normal(1, 1, 5, 5)
    for grad_x in (
        max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2),
        avg_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2),
        subsample2d_backward(np.ones((1, 1, 2, 2)), x, [1.0])[0],
    ):
        assert grad_x.shape == x.shape
        assert not grad_x[..., 4, :].any()
        assert not grad_x[..., :, 4].any()


def test_the_stride_is_the_window_unless_it_is_given():
    x = normal(1, 1, 7, 7)
    np.testing.assert_array_equal(max_pool2d(x, (2, 3)), max_pool2d(x, (2, 3), stride=(2, 3)))
    np.testing.assert_array_equal(avg_pool2d(x, 2), avg_pool2d(x, (2, 2), stride=[2, 2]))


def test_an_average_is_a_convolution_with_equal_weights():
    x = normal(2, 1, 7, 6)
    expected = conv2d(x, np.full((1, 1, 3, 2), 1 / 6), stride=2, padding=1)
    assert relative_error(avg_pool2d(x, (3, 2), stride=2, padding=1), expected) <= EXACT


def test_a_window_of_one_cell_changes_nothing():
    x = normal(2, 3, 4, 5)
    for pool, backward in ((max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)):
        np.testing.assert_array_equal(pool(x, 1), x)
        np.testing.assert_array_equal(backward(x, x, 1), x)
        assert not np.shares_memory(pool(x, 1), x)


@pytest.mark.parametrize("stride", [1, 2])
def test_nan_and_infinity(stride):
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 0, 0], x[0, 0, 1, 3], x[0, 0, 3, 0] = np.nan, np.inf, -np.inf
    y, mean = max_pool2d(x, 2, stride=stride), avg_pool2d(x, 2, stride=stride)
    corners = np.s_[0, 0, :: 2 // stride, :: 2 // stride]
    np.testing.assert_array_equal(y[corners], [[np.nan, np.inf], [0, 0]])
    np.testing.assert_array_equal(mean[corners], [[np.nan, np.inf], [-np.inf, 0]])
    grad_x = max_pool2d_backward(np.ones_like(y), x, 2, stride=stride)
    assert np.isfinite(grad_x).all()
    assert grad_x.sum() == y.size - 1  # the window with NaN has no winner
    assert grad_x[0, 0, 1, 3] == (1 if stride == 2 else 2)
    assert grad_x[0, 0, 3, 0] == 0


# --- LeNet-5's subsampling ---


def check_subsampling(case, backward=subsample2d_backward):
    x, kernel_size, settings = case
    settings = {name: settings[name] for name in ("stride", "padding")}
    beta, b = normal(x.shape[1], seed=2), normal(x.shape[1], seed=3)
    u = subsample2d(x, beta, b, kernel_size, **settings)
    expected = reference.subsample2d(x, beta, b, kernel_size, **settings)
    assert relative_error(u, expected) <= EXACT
    delta = normal(*u.shape, seed=1)
    grads = backward(delta, x, beta, kernel_size, **settings)
    expected = reference.subsample2d_backward(delta, x, beta, kernel_size, **settings)
    for grad, by_loops in zip(grads, expected, strict=True):
        assert relative_error(grad, by_loops) <= EXACT


@given(cases())
def test_any_subsampling_equals_the_loops(case):
    check_subsampling(case)


@pytest.mark.parametrize("case", [case for case in GRID if not case.settings["ceil_mode"]])
def test_the_grid_of_subsamplings_equals_the_loops(case):
    check_subsampling(case)


@pytest.mark.parametrize("stride", [None, 1, 3])
@pytest.mark.parametrize("padding", [0, 1, ((1, 0), (0, 1))])
def test_the_gradients_of_subsampling_are_its_slopes(stride, padding):
    x, beta, b = normal(2, 3, 5, 4), normal(3, seed=1), normal(3, seed=2)
    settings = {"stride": stride, "padding": padding}

    def pool(x, beta, b):
        return subsample2d(x, beta, b, **settings)

    delta = normal(*pool(x, beta, b).shape, seed=5)
    grads = subsample2d_backward(delta, x, beta, **settings)
    functions = [
        lambda at: np.vdot(delta, pool(at, beta, b)),
        lambda at: np.vdot(delta, pool(x, at, b)),
        lambda at: np.vdot(delta, pool(x, beta, at)),
    ]
    for function, point, grad in zip(functions, (x, beta, b), grads, strict=True):
        direction = normal(*point.shape, seed=4)
        measured = reference.slope(function, point, direction)
        assert measured == pytest.approx(np.vdot(grad, direction), rel=GRADIENT)


@pytest.mark.parametrize("settings", [{}, {"stride": 1, "padding": 1}])
def test_a_quarter_and_no_bias_make_it_average_pooling(settings):
    x = normal(2, 3, 6, 7)
    u = subsample2d(x, np.full(3, 0.25), np.zeros(3), **settings)
    assert relative_error(u, avg_pool2d(x, 2, **settings)) <= EXACT


# --- arrays of all kinds ---

POOLS = {
    "max": (max_pool2d, max_pool2d_backward, reference.max_pool2d, reference.max_pool2d_backward),
    "average": (
        avg_pool2d,
        avg_pool2d_backward,
        reference.avg_pool2d,
        reference.avg_pool2d_backward,
    ),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", POOLS)
def test_the_order_in_memory_does_not_matter(kind, order, dtype):
    pool, backward, slow_pool, slow_backward = POOLS[kind]
    for settings in (
        {"stride": (2, 2), "padding": ((0, 0), (0, 0))},
        {"stride": (2, 1), "padding": ((1, 0), (0, 1))},
    ):
        x = normal(2, 3, 6, 4)
        y = slow_pool(x, (2, 2), **settings)
        delta = normal(*y.shape, seed=1)
        expected = [y, slow_backward(delta, x, (2, 2), **settings)]
        x, delta = (memory_orders(a.astype(dtype))[order] for a in (x, delta))
        before = x.copy(), delta.copy()
        results = pool(x, 2, **settings), backward(delta, x, 2, **settings)
        for result, by_loops in zip(results, expected, strict=True):
            assert result.dtype == dtype
            assert relative_error(result, by_loops) <= SINGLE
        np.testing.assert_array_equal(x, before[0])
        np.testing.assert_array_equal(delta, before[1])


@pytest.mark.parametrize("order", ORDERS)
def test_subsampling_takes_any_order_in_memory(order):
    x = memory_orders(normal(2, 3, 5, 4, dtype=np.float32))[order]
    beta = normal(3, seed=1)
    u = subsample2d(x, beta, [0, 1, 2])
    grads = subsample2d_backward(u, x, beta)
    assert u.dtype == np.float32
    assert all(grad.dtype == np.float32 for grad in grads)
    assert (
        relative_error(u, reference.subsample2d(x, beta, [0, 1, 2], (2, 2), stride=(2, 2)))
        <= SINGLE
    )


def test_whole_numbers_become_float64():
    x = np.array([[[[1, 2], [3, 5]]]], dtype=np.uint8)
    for pool in (max_pool2d, avg_pool2d):
        assert pool(x, 2).dtype == np.float64
    assert max_pool2d(x, 2)[0, 0, 0, 0] == 5
    assert avg_pool2d(x.tolist(), 2)[0, 0, 0, 0] == 2.75
    assert subsample2d(x, [2], [1])[0, 0, 0, 0] == 23


def test_an_empty_batch_gives_an_empty_batch():
    x = np.zeros((0, 2, 5, 5), np.float32)
    for pool, backward, *_ in POOLS.values():
        y = pool(x, 3, stride=2, padding=1)
        assert y.shape == (0, 2, 3, 3)
        assert backward(y, x, 3, stride=2, padding=1).shape == x.shape
    grad_x, grad_coefficient, grad_bias = subsample2d_backward(np.zeros((0, 2, 2, 2)), x, [1, 1])
    assert grad_x.shape == x.shape
    np.testing.assert_array_equal([grad_coefficient, grad_bias], np.zeros((2, 2)))


# --- what cannot be computed ---

X = np.zeros((1, 2, 4, 5))


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("sentence", "kernel_size", "settings"),
    [
        (r"^`kernel_size` \(=5\) spans 5 cells, but the padded input has only 4;", 5, {}),
        (r"^`kernel_size` \(=9\) spans 9 cells, .* only 5;", (2, 9), {"ceil_mode": True}),
        (r"^`kernel_size` \(=0\) must be at least 1", 0, {}),
        (r"^`kernel_size` \(=2\.5\) must be a whole number", 2.5, {}),
        (r"^`kernel_size` \(=None\) must be a whole number", None, {}),
        (r"^`stride` \(=0\) must be at least 1", 2, {"stride": 0}),
        (r"^`stride` \(='2'\) must be a whole number", 2, {"stride": "2"}),
        (r"^`stride` \(=\(1, 2, 3\)\) must be", 2, {"stride": (1, 2, 3)}),
        (r"^`padding` \(=-1\) must be at least 0", 2, {"padding": -1}),
        (r"^`padding` \(=2\) must be smaller than `kernel_size` \(=2\);", 2, {"padding": 2}),
        (
            r"^`padding` \(=\(\(0, 0\), \(0, 2\)\)\) must be smaller than `kernel_size` \(=",
            (3, 2),
            {"padding": ((0, 0), (0, 2))},
        ),
    ],
)
def test_settings_that_cannot_be_used_are_named(pool, sentence, kernel_size, settings):
    with pytest.raises(ValueError, match=sentence):
        pool(X, kernel_size, **settings)


@pytest.mark.parametrize(
    ("sentence", "x"),
    [
        (r"^`x` has shape \(2, 4, 5\); it must have 4 axes \(N, C, H, W\)", X[0]),
        ("^`x` has dtype object", X.astype(object)),
        ("^`x` has dtype <U", X.astype(str)),
        ("^`x` has dtype complex64", X.astype(np.complex64)),
        (r"^`kernel_size` \(=2\) spans 2 cells, .* only 0;", X[:, :, :0]),
    ],
)
def test_maps_that_cannot_be_used_are_named(sentence, x):
    for call in (
        lambda: max_pool2d(x, 2),
        lambda: avg_pool2d(x, 2),
        lambda: subsample2d(x, [1, 1], [0, 0]),
        lambda: max_pool2d_backward(X, x, 2),
        lambda: avg_pool2d_backward(X, x, 2),
        lambda: subsample2d_backward(X, x, [1, 1]),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()


def test_settings_that_a_subsampling_cannot_use_are_named():
    for sentence, settings in (
        (r"^`stride` \(=0\) must be at least 1", {"stride": 0}),
        (r"^`padding` \(=2\) must be smaller than `kernel_size`", {"padding": 2}),
    ):
        with pytest.raises(ValueError, match=sentence):
            subsample2d(X, [1, 1], [0, 0], **settings)
        with pytest.raises(ValueError, match=sentence):
            subsample2d_backward(X, X, [1, 1], **settings)


def test_gradients_and_parameters_of_another_shape_are_refused():
    for call in (
        lambda: max_pool2d_backward(X, X, 2),
        lambda: avg_pool2d_backward(X, X, 2),
        lambda: subsample2d_backward(X, X, [1, 1]),
    ):
        with pytest.raises(
            ValueError, match=r"^`grad_output` has shape \(1, 2, 4, 5\); it must be \(1, 2, 2, 2\)"
        ):
            call()
    with pytest.raises(ValueError, match=r"^`coefficient` has shape \(3,\); it must be \(2,\)"):
        subsample2d(X, np.zeros(3), np.zeros(2))
    with pytest.raises(ValueError, match=r"^`bias` has shape \(\); it must have 1 axis"):
        subsample2d(X, np.zeros(2), 0)


# --- the checks themselves: every planted fault is caught ---


def shared_ties(delta, x, kernel_size, **settings):
    """Give the gradient to all equal maxima, in equal parts, as some textbooks do."""
    windows = reference.Windows(x.shape[2:], kernel_size, **settings)
    grad_x = np.zeros_like(x)
    for n, c in np.ndindex(*x.shape[:2]):
        for output, cells in windows:
            inside = list(filter(windows.is_inside, cells))
            best = max(x[n, c][cell] for cell in inside)
            winners = [cell for cell in inside if x[n, c][cell] == best]
            for cell in winners:
                grad_x[n, c][cell] += delta[n, c][output] / len(winners)
    return grad_x


def last_maximum(delta, x, kernel_size, *, padding, stride, ceil_mode):
    assert not np.any(padding)
    backwards = np.s_[..., ::-1, ::-1]
    grad_x = max_pool2d_backward(delta[backwards], x[backwards], kernel_size, stride=stride)
    return grad_x[backwards]


def overwritten_where_windows_overlap(delta, x, kernel_size, **settings):
    grad_x = max_pool2d_backward(delta, x, kernel_size, **settings)
    return np.where(grad_x > delta.max(), delta.max(), grad_x)


@pytest.mark.parametrize("fault", [shared_ties, last_maximum, overwritten_where_windows_overlap])
def test_a_faulty_backward_of_the_maximum_is_caught(fault):
    case = make_case((7, 7), (3, 3), stride=(2, 2))
    check_max_backward(case)
    with pytest.raises(AssertionError):
        check_max_backward(case, fault)


def zeros_win(x, kernel_size, *, padding, **settings):
    return max_pool2d(np.pad(x, ((0, 0), (0, 0), *padding)), kernel_size, **settings)


def test_padding_that_wins_is_caught():
    case = make_case((4, 4), (2, 2), padding=((1, 1), (1, 1)))
    check_max(case)
    with pytest.raises(AssertionError):
        check_max(case, zeros_win)


def counts_wrongly(*arrays, count_include_pad, **settings):
    pool = avg_pool2d if len(arrays) == 2 else avg_pool2d_backward
    return pool(*arrays, **settings, count_include_pad=not count_include_pad)


def overhang_left_out(x, kernel_size, *, ceil_mode, **settings):
    return avg_pool2d(x, kernel_size, **settings)


def test_faulty_averages_are_caught():
    case = make_case((6, 6), (3, 3), stride=(2, 2), padding=((1, 1), (1, 1)), ceil_mode=True)
    for check, fault in (
        (check_average, counts_wrongly),
        (check_average_backward, counts_wrongly),
        (check_average, overhang_left_out),
    ):
        check(case, True)
        with pytest.raises(AssertionError):
            check(case, True, fault)


def test_a_faulty_subsampling_is_caught():
    def coefficient_of_the_mean(*arrays, **settings):
        grad_x, grad_coefficient, grad_bias = subsample2d_backward(*arrays, **settings)
        return grad_x, grad_coefficient / 4, grad_bias

    def stride_forgotten(delta, x, beta, kernel_size, *, stride, padding):
        step = kernel_size if stride == (1, 1) else (1, 1)
        shape = subsample2d(x, beta, beta, kernel_size, stride=step, padding=padding).shape
        other = np.resize(delta, shape)
        return subsample2d_backward(other, x, beta, kernel_size, stride=step, padding=padding)

    case = make_case((5, 5), (2, 2), stride=(1, 1), padding=((1, 0), (0, 1)))
    check_subsampling(case)
    for fault in (coefficient_of_the_mean, stride_forgotten):
        with pytest.raises(AssertionError):
            check_subsampling(case, fault)


def test_padding_that_takes_part_in_the_gradient_of_the_coefficient_is_caught():
    def padded_with_ones(delta, x, beta, kernel_size, *, stride, padding):
        ones = np.pad(x, ((0, 0), (0, 0), *padding), constant_values=1)
        grad_x, *grads = subsample2d_backward(delta, ones, beta, kernel_size, stride=stride)
        (top, _), (left, _) = padding
        height, width = x.shape[2:]
        return grad_x[..., top : top + height, left : left + width], *grads

    with pytest.raises(AssertionError):
        check_subsampling(make_case((4, 4), (2, 2), padding=((1, 1), (1, 1))), padded_with_ones)
