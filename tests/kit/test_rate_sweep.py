"""The sweep: every cell is a training of its own, whoever asks and however often."""

import numpy as np
import pytest

from cnn_core import SGD, evaluate, fit
from pages.kit import rate_sweep
from pages.kit.rate_sweep import DIVERGED, DONE, GOAL, OPEN, Sweep, progress, reached
from pages.kit.scalings import BATCH_SIZE, LANES, LEARNING_RATES, digits, line_up


def accuracy_by_hand(lane: str, lr: float, *, epochs: int, seed: int) -> float:
    """One training, alone."""
    model = line_up(lane, "relu", 1, seed).model
    order = np.random.default_rng(seed)
    data = digits(lane)
    for _step in fit(
        model, data, optimizer=SGD(lr), batch_size=BATCH_SIZE, epochs=epochs, rng=order
    ):
        pass
    return evaluate(model, data.test_images, data.test_labels)[1]


@pytest.fixture
def two_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_sweep, "EPOCHS", 2)


@pytest.mark.usefixtures("two_epochs")
def test_every_cell_is_a_training_of_its_own() -> None:
    sweep = Sweep("relu", 2)
    assert (sweep.state == OPEN).all()
    assert not sweep.works.any()
    sweep.go_on()
    assert not sweep.is_over  # a turn is short
    known = int((sweep.state != OPEN).sum())
    best = sweep.best()
    assert sweep.is_over
    assert known < sweep.state.size
    for lane, rate in ((0, 3), (1, 6), (2, 5), (3, 7), (0, 8)):
        wanted = accuracy_by_hand(LANES[lane], LEARNING_RATES[rate], epochs=2, seed=2)
        assert sweep.accuracy[lane, rate] == pytest.approx(wanted)
        assert sweep.state[lane, rate] == DONE
    # Standardised pixels at a rate of 10: the loss overflows, and the cell says so.
    assert sweep.state[2, 8] == DIVERGED
    assert sweep.accuracy[2, 8] == 0
    for lane, rate in enumerate(best):
        row = sweep.accuracy[lane].tolist()
        assert rate == LEARNING_RATES[row.index(max(row))]
    again = sweep.accuracy.copy()
    sweep.go_on()
    np.testing.assert_array_equal(sweep.accuracy, again)


def test_a_rate_works_from_the_goal_on() -> None:
    sweep = Sweep("relu", 0)
    sweep.accuracy[1, 2:4] = GOAL, np.nextafter(np.float32(GOAL), np.float32(0))
    assert np.argwhere(sweep.works).tolist() == [[1, 2]]


def test_among_equal_rates_the_smallest_is_the_best() -> None:
    sweep = Sweep("relu", 0)
    sweep.state[:] = DONE
    sweep.accuracy[:, 4] = sweep.accuracy[:, 6] = 0.5
    assert sweep.best() == (LEARNING_RATES[4],) * 4


def test_progress_ends_with_none_where_the_loss_is_no_number() -> None:
    accuracies = list(progress("standard", "relu", 10, 0))
    assert accuracies[-1] is None
    assert len(accuracies) <= 5
    assert reached("standard", 10) == 0


@pytest.mark.parametrize("lane", ["raw", "unit", "standard"])
def test_what_the_question_is_about_is_five_epochs(lane: str) -> None:
    assert reached(lane, 0.01) == accuracy_by_hand(lane, 0.01, epochs=5, seed=0)
