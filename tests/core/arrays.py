"""Arrays for the tests: random ones, the same in any order of memory, how far apart two are."""

import numpy as np
from hypothesis import strategies as st

EXACT = 1e-12  # the largest relative error that the order of summation explains, in float64
SINGLE = 1e-5  # the same in float32
GRADIENT = 1e-7  # the largest relative error against a measured slope


def rng(seed=0):
    return np.random.default_rng(seed)


def normal(*shape, seed=0, dtype=np.float64):
    return rng(seed).normal(size=shape).astype(dtype)


def pairs(low, high):
    """Draw (height, width)."""
    return st.tuples(st.integers(low, high), st.integers(low, high))


def relative_error(actual, expected):
    """Return the largest difference, relative to the largest number."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    scale = np.max(np.abs(expected), initial=0)
    return np.max(np.abs(actual - expected), initial=0) / (scale or 1)


def assert_adjoint(a, forward_a, b, backward_b):
    """Check ⟨forward(a), b⟩ = ⟨a, backward(b)⟩, which ties a linear map to its backward pass."""
    assert forward_a.shape == b.shape
    assert a.shape == backward_b.shape
    scale = np.linalg.norm(a) * np.linalg.norm(backward_b)
    scale += np.linalg.norm(b) * np.linalg.norm(forward_a)
    assert abs(np.vdot(forward_a, b) - np.vdot(a, backward_b)) <= EXACT * scale


def memory_orders(x):
    """Return the same numbers, laid out in memory in many ways."""
    spread = np.zeros([2 * size for size in x.shape], x.dtype)
    every_other = spread[tuple(slice(None, None, 2) for _ in x.shape)]
    every_other[...] = x
    backwards = (slice(None, None, -1),) * x.ndim
    read_only = x.copy()
    read_only.flags.writeable = False
    return {
        "C": np.array(x, order="C"),
        "F": np.array(x, order="F"),
        "samples innermost": np.array(x.transpose(*range(1, x.ndim), 0)).transpose(
            -1, *range(x.ndim - 1)
        ),
        "transposed": np.array(x.swapaxes(-1, -2)).swapaxes(-1, -2),
        "negative strides": x[backwards].copy()[backwards],
        "every other cell": every_other,
        "read-only": read_only,
        "big-endian": x.astype(x.dtype.newbyteorder(">")),
    }


ORDERS = tuple(memory_orders(np.zeros((1, 1, 1, 1))))
