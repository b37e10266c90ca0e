"""Curves and moments in bounded memory: means are exact, ends are kept, heads can go on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.trainer.history import History, Look, Trace, rows
from pages.kit.trainer.rules import Rules
from pages.kit.trainer.setup import Setup, Tuning

SETUP = Setup("digits", "relu.8k3p1-max")


class ShortTrace(Trace):
    LIMIT = 8


def look(step: int, test_loss: float = 1.0, test_accuracy: float = 0.5) -> Look:
    return Look(step, test_loss, test_accuracy, 1.0, 0.5, step / 10, step, (1.0,), (0.1,))


def filled(values) -> ShortTrace:
    trace = ShortTrace()
    for value in values:
        trace.append(value)
    return trace


@given(st.lists(st.integers(-50, 50), max_size=200))
def test_a_trace_holds_the_means_of_neighbours(values) -> None:
    trace = filled(values)
    assert len(trace) == len(values)
    assert len(trace.means) < 8
    whole = len(values) // trace.thin * trace.thin
    means = np.reshape(values[:whole], (-1, trace.thin)).mean(axis=1)
    np.testing.assert_allclose(trace.means, means)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=100), st.data())
def test_a_head_goes_on_as_its_own_trace(values, data) -> None:
    trace = filled(values)
    count = data.draw(st.integers(0, len(values)))
    before = list(trace.means)
    head = trace.head(count)
    assert (len(head), head.thin) == (count, trace.thin)
    for _ in range(40):
        head.append(0)
    assert len(head) == count + 40
    assert list(trace.means) == before


@given(st.integers(1, 100), st.data())
def test_a_head_of_equal_numbers_goes_on_with_them(count, data) -> None:
    head = filled([3] * count).head(data.draw(st.integers(0, count)))
    for _ in range(20):
        head.append(3)
    assert set(head.means) == {3}


def test_a_head_at_a_whole_mean_repeats_the_trace_exactly() -> None:
    values = list(range(30))
    trace = filled(values)
    head = trace.head(16)
    for value in values[16:]:
        head.append(value)
    assert (head.thin, head.means) == (trace.thin, trace.means)


def test_looks_stay_few_with_the_first_and_the_last_among_them() -> None:
    history = History(SETUP, Tuning(), 10)
    for step in range(5000):
        history.add_look(look(step))
        assert history.looks[0].step == 0
        assert history.looks[-1].step == step
    assert 600 <= len(history.looks) <= 1200


def test_a_second_look_at_a_step_takes_the_place_of_the_first() -> None:
    history = History(SETUP, Tuning(), 10)
    history.add_look(look(3, test_loss=2.0))
    history.add_look(look(3, test_loss=1.5))
    assert [each.test_loss for each in history.looks] == [1.5]


def test_the_table_has_every_point_in_order() -> None:
    history = History(SETUP, Tuning(), 10)
    history.add_look(look(0))
    for step in range(1, 4):
        history.losses.append(1 / step)
        history.accuracies.append(step / 10)
    history.add_look(look(3, test_loss=0.25))
    columns, table = rows(history)
    assert [row["step"] for row in table] == [0, 1, 2, 3]
    assert set().union(*table) == set(columns)
    assert "batch_loss" not in table[0]
    assert (table[3]["batch_loss"], table[3]["test_loss"], table[3]["epoch"]) == (1 / 3, 0.25, 0.3)


@pytest.mark.parametrize(
    ("losses", "patience", "stops"),
    [
        ([5, 4, 3, 2], 2, False),
        ([5, 4, 4.1, 4.2], 2, True),
        ([5, 4, 4.1, 3.9], 2, False),
        ([5, 4, 4, 4], 2, True),  # equal is not lower
        ([4, 5, 5], 3, False),
    ],
)
def test_patience_counts_epochs_since_the_lowest_loss(losses, patience, stops) -> None:
    looks = [look(i, loss) for i, loss in enumerate(losses)]
    assert Rules(100, 0, patience).stop_for(1, looks) == ("patience" if stops else "")


@pytest.mark.parametrize(
    ("accuracies", "stops"),
    [([0.5, 0.8], False), ([0.5, 0.9], True), ([0.9, 0.95], False), ([0.95, 0.8], False)],
)
def test_a_target_stops_when_it_is_reached_not_while_it_is_held(accuracies, stops) -> None:
    looks = [look(i, 1 / (i + 1), accuracy) for i, accuracy in enumerate(accuracies)]
    assert Rules(100, 0.9).stop_for(1, looks) == ("target" if stops else "")


def test_epochs_are_the_last_rule() -> None:
    assert Rules(3).stop_for(2.9, [look(0)]) == ""
    assert Rules(3).stop_for(3, [look(0)]) == "epochs"
