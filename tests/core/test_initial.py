"""First weights: how large, how spread, and the same again from the same seed."""

# mypy: disable-error-code="arg-type"

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cnn_core import uniform_fan_in
from tests.core.arrays import rng


@given(st.integers(1, 10_000), st.integers(0, 99), st.sampled_from([np.float32, np.float64]))
def test_weights_lie_within_the_bounds(fan_in, seed, dtype):
    weight = uniform_fan_in((3, 2, 5, 4), fan_in, rng=rng(seed), dtype=dtype)
    assert weight.shape == (3, 2, 5, 4)
    assert weight.dtype == dtype
    assert np.abs(weight).max() <= np.nextafter(dtype(fan_in**-0.5), dtype(1))


@pytest.mark.parametrize("fan_in", [1, 25, 400])
def test_weights_are_spread_evenly(fan_in):
    weight = uniform_fan_in((20_000,), fan_in, rng=rng(), dtype=np.float64)
    bound = fan_in**-0.5
    assert stats.kstest(weight, "uniform", args=(-bound, 2 * bound)).pvalue > 0.01
    assert weight.var() * 3 * fan_in == pytest.approx(1, rel=0.05)


def test_sums_of_inputs_keep_their_size_whatever_the_fan_in():
    for fan_in in (10, 1000):
        weight = uniform_fan_in((500, fan_in), fan_in, rng=rng())
        sums = weight @ rng(1).choice([-1.0, 1.0], fan_in)
        assert sums.std() == pytest.approx(3**-0.5, rel=0.1)


def test_the_same_seed_gives_the_same_weights_and_another_one_others():
    first, again, other = (uniform_fan_in((4, 5), 5, rng=rng(seed)) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.unique(first).size == first.size


def test_float32_weights_are_the_float64_ones_rounded():
    wide = uniform_fan_in((4, 5), 5, rng=rng(), dtype=np.float64)
    np.testing.assert_array_equal(uniform_fan_in((4, 5), 5, rng=rng()), wide.astype(np.float32))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fan_in": 0}, r"`fan_in` \(=0\) must be at least 1"),
        ({"fan_in": -4}, r"`fan_in` \(=-4\) must be at least 1"),
        ({"fan_in": 2.5}, r"`fan_in` \(=2\.5\) must be a whole number"),
        ({"rng": 0}, r"`rng` \(=0\) must be a generator"),
        ({"rng": None}, r"`rng` \(=None\) must be a generator"),
        ({"dtype": np.int32}, r"`dtype` \(=.*int32.*\) must be float32 or float64"),
    ],
)
def test_what_cannot_be_used_is_named(changes, sentence):
    settings = {"fan_in": 3, "rng": rng()} | changes
    with pytest.raises(ValueError, match=f"^{sentence}"):
        uniform_fan_in((2, 3), **settings)
