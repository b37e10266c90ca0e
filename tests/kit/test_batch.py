"""A batch on its way: what depends on whom, and what a gradient leaves behind."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import BatchNorm1d
from pages.kit.batch import EPS, Batch, Edit, others_that_notice
from pages.kit.batch_settings import EXAMPLE, RUN

NUMBERS = st.integers(-99, 99)
GRIDS = st.lists(NUMBERS, min_size=10, max_size=10)


def batch(x: object = EXAMPLE, training: bool = True, **settings: object) -> Batch:
    given_ = {"gamma": (1.5, -2.0), "beta": (0.5, 3.0), "run": RUN, **settings}
    return Batch(np.reshape(np.asarray(x, float), (-1, 2)), training=training, **given_)  # type: ignore[arg-type]


@given(GRIDS, st.booleans())
def test_the_steps_are_one_after_the_other(x: list[int], training: bool) -> None:
    now = batch(x, training)
    mean, var = now.used
    np.testing.assert_allclose(now.steps.centred, now.x - mean)
    root = np.sqrt(var + EPS)
    np.testing.assert_allclose(now.std, root)
    np.testing.assert_allclose(now.steps.normalised * root, now.steps.centred, atol=1e-9)
    y = np.array(now.gamma) * now.steps.normalised + np.array(now.beta)
    np.testing.assert_allclose(now.steps.y, y, atol=1e-9)


@given(GRIDS, st.integers(0, 4), st.integers(0, 1), NUMBERS)
def test_in_use_nobody_notices_another_sample(x: list[int], row: int, col: int, old: int) -> None:
    now, edit = batch(x, training=False), Edit(row, col, old)
    assert now.others_changed(edit) == 0
    assert now.changed(edit).sum() == (now.x[row, col] != old)


@given(GRIDS, st.integers(0, 4), st.integers(0, 1), NUMBERS)
def test_in_training_a_change_stays_in_its_channel(
    x: list[int], row: int, col: int, old: int
) -> None:
    now, edit = batch(x), Edit(row, col, old)
    assert not now.changed(edit)[:, 1 - col].any()
    others = np.delete(now.changed(edit)[:, col], row)
    assert now.others_changed(edit) == others.sum()


def test_in_training_all_others_notice_but_in_a_batch_of_two_the_only_other_does_not() -> None:
    assert others_that_notice(EXAMPLE) == 4
    pair = batch([[9, 1], [2, 5]])
    assert pair.others_changed(Edit(0, 0, 3)) == 0  # x̂ was −1 and is −1
    assert pair.others_changed(Edit(0, 0, 1)) == 1  # the larger one is the smaller one now


@given(GRIDS, GRIDS, st.booleans())
def test_what_is_taken_out_of_a_gradient_is_what_beta_and_gamma_get(
    x: list[int], delta: list[int], training: bool
) -> None:
    now, g = batch(x, training), np.reshape(np.asarray(delta, float), (5, 2))
    back, normalised = now.back(g), now.steps.normalised
    scale = np.abs(back.freed).max() + 1
    np.testing.assert_allclose(
        back.grad_x, back.freed * np.array(now.gamma) / now.std, atol=1e-9 * scale / now.std.min()
    )
    taken = training * (back.grad_beta + normalised * back.grad_gamma) / 5
    np.testing.assert_allclose(g - taken, back.freed, atol=1e-9)
    if training:
        assert np.abs(back.freed.sum(axis=0)).max() < 1e-9


@given(GRIDS, GRIDS, st.booleans(), st.integers(0, 4), st.integers(0, 1))
def test_every_cell_passes_its_check(
    x: list[int], delta: list[int], training: bool, row: int, col: int
) -> None:
    now, g = batch(x, training), np.reshape(np.asarray(delta, float), (5, 2))
    found = now.check(g, (row, col))
    scale = np.abs(g).max() / now.std[col] + abs(found.analytic)
    assert abs(found.numeric - found.analytic) <= 1e-6 * scale


def test_a_gradient_of_shift_or_stretch_dies() -> None:
    deviations = EXAMPLE - EXAMPLE.mean(axis=0)
    for g in (np.ones((5, 2)), deviations, 3 + 2 * deviations):
        assert np.abs(batch().back(g).grad_x).max() < 1e-4  # what ε leaves
        assert np.abs(batch(training=False).back(g).grad_x).max() > 0.1


@given(GRIDS, st.integers(2, 5))
def test_the_running_numbers_follow_as_a_layer_of_the_core_does(x: list[int], count: int) -> None:
    now = batch(x[: 2 * count])
    layer = BatchNorm1d(2, dtype=np.float64)
    layer.statistics["running_mean"][:], layer.statistics["running_var"][:] = RUN
    layer.forward(now.x)
    assert now.followed is not None
    np.testing.assert_array_equal(now.followed, list(layer.statistics.values()))
    np.testing.assert_array_equal(now.run, RUN)  # as it was
    np.testing.assert_array_equal(replace(now, training=False).followed, now.followed)


def test_one_sample_can_be_used_and_not_measured() -> None:
    one = batch([[8, 30]])
    assert not one.can_pass
    assert one.measured is None
    assert one.followed is None
    used = replace(one, training=False)
    assert used.can_pass
    np.testing.assert_allclose(used.steps.centred, [[5, 5]])


@pytest.mark.parametrize("value", [0, 4, 0.1, -98.7])
def test_a_channel_without_spread_becomes_beta(value: float) -> None:
    x = EXAMPLE.copy()
    x[:, 0] = value
    now = batch(x)
    assert now.has_no_spread == [True, False]
    np.testing.assert_allclose(now.steps.y[:, 0], 0.5, atol=1e-9)
