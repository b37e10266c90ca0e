"""The doors of the core: what becomes of an array, and which sentence turns it away."""

import numpy as np
import pytest

from cnn_core.checks import as_float_array, as_float_dtype, check_shape
from tests.core.arrays import ORDERS, memory_orders, normal


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ORDERS)
def test_floats_are_not_copied(order, dtype):
    array = memory_orders(normal(2, 3, 4, 5, dtype=dtype))[order]
    taken = as_float_array("x", array, axes="N, C, H, W")
    assert taken.dtype == dtype
    assert taken.dtype.isnative
    assert (taken is array) == (order != "big-endian")
    np.testing.assert_array_equal(taken, array)


@pytest.mark.parametrize(
    "dtype", [np.bool_, np.int8, np.uint8, np.int64, np.uint64, np.float16, np.longdouble, ">i4"]
)
def test_other_numbers_become_float64(dtype):
    taken = as_float_array("x", np.array([0, 1, 0]).astype(dtype), axes="N")
    assert taken.dtype == np.float64
    np.testing.assert_array_equal(taken, [0, 1, 0])


def test_lists_scalars_and_nothing_at_all_are_arrays():
    assert as_float_array("x", [[1, 2], [3, 4]], axes="N, C").shape == (2, 2)
    assert as_float_array("x", 3, axes="...").shape == ()
    assert as_float_array("x", [], axes="N").shape == (0,)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (np.array([1, None]), "`bias` has dtype object; it must hold real numbers"),
        (None, "`bias` has dtype object"),
        ("3", "`bias` has dtype <U1"),
        (b"3", r"`bias` has dtype \|S1"),
        ([1j], "`bias` has dtype complex128"),
        (np.zeros(2, "timedelta64[s]"), r"`bias` has dtype timedelta64\[s\]"),
        (np.zeros(2, [("a", float)]), r"`bias` has dtype \[\('a', '<f8'\)\]"),
        ({1: 2}, "`bias` has dtype object"),
        ([[1, 2], [3]], "`bias` must be an array whose rows are equally long"),
        (3.0, r"`bias` has shape \(\); it must have 1 axis \(O\)"),
        ([[1.0]], r"`bias` has shape \(1, 1\); it must have 1 axis \(O\)"),
    ],
)
def test_what_is_no_row_of_numbers_is_named(value, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}"):
        as_float_array("bias", value, axes="O")


def test_any_number_of_axes():
    for shape in ((), (2,), (2, 0, 3)):
        assert as_float_array("x", np.zeros(shape), axes="...").shape == shape
    with pytest.raises(ValueError, match="`x` has dtype object"):
        as_float_array("x", [None], axes="...")


def test_a_shape_is_compared_exactly():
    check_shape("bias", np.zeros((2, 3)), (2, 3), "whatever")
    for wrong in ((3, 2), (2, 3, 1), (6,), (2, 1)):
        with pytest.raises(ValueError, match=r"^`bias` has shape .*; it must be \(2, 3\): so\.$"):
            check_shape("bias", np.zeros(wrong), (2, 3), "so")


def test_parameters_are_float32_or_float64():
    assert as_float_dtype("float32") == as_float_dtype(np.float32) == np.float32
    assert as_float_dtype(float) == np.float64
    for wrong in ("int32", np.float16, complex, "banana", 7):
        with pytest.raises(ValueError, match=r"^`dtype` \(=.*\) must be float32 or float64\.$"):
            as_float_dtype(wrong)
