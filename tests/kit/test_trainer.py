"""A run makes exactly the steps that `fit` makes, is tuned, fails and goes on; turns are fair."""

import itertools
import math

import numpy as np
import pytest

from cnn_core import SGD, DivergedError, build_network, confusion_matrix, evaluate, fit
from pages.kit.trainer import turns
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import Setup, Tuning, build_optimizer, dataset

DEFAULT = Tuning(0.05, 0.9)


def start(data="digits", optimizer="sgd", batch_size=50, seed=0, tuning=DEFAULT) -> Run:
    return Run(Setup(data, optimizer, batch_size, seed), tuning, dataset(data))


def oracle(run: Run):
    """The same training by cnn_core alone: the model, its optimizer, and the steps."""
    rng = np.random.default_rng(run.setup.seed)
    model = build_network(run.setup.data, rng=rng)
    optimizer = build_optimizer(run.setup.optimizer, run.tuning)
    batch_size = len(run.data.train_images) if run.setup.optimizer == "lbfgs" else run.batch_size
    steps = fit(model, run.data, optimizer=optimizer, batch_size=batch_size, epochs=100, rng=rng)
    return model, optimizer, steps


@pytest.mark.parametrize(
    ("data", "optimizer", "batch_size", "seed", "count"),
    [
        ("digits", "sgd", 50, 0, 40),
        ("digits", "adam", 10, 7, 40),
        ("digits", "lbfgs", 50, 3, 6),
        ("mnist", "sgd", 20, 1, 4),
        ("xo", "sgd", 500, 2, 9),
    ],
)
def test_a_run_makes_the_steps_that_fit_makes(data, optimizer, batch_size, seed, count) -> None:
    run = start(data, optimizer, batch_size, seed)
    model, _, steps = oracle(run)
    reports = list(itertools.islice(steps, count))
    for report in reports:
        run.step()
        assert run.report is not None
        assert run.report.grad_norms == report.grad_norms
    assert list(run.history.losses) == [report.loss for report in reports]
    assert list(run.history.accuracies) == [report.batch_accuracy for report in reports]
    np.testing.assert_array_equal(run.model.flat_params, model.flat_params)
    loss, accuracy = evaluate(model, run.data.test_images, run.data.test_labels)
    assert run.exam.accuracy == accuracy
    assert run.exam.loss == pytest.approx(loss, rel=1e-5)
    table = confusion_matrix(run.data.test_labels, run.exam.answers, len(run.data.class_names))
    assert np.trace(table) == round(accuracy * len(run.data.test_labels))


def test_looking_at_the_test_images_does_not_disturb_the_training() -> None:
    often, seldom = start(), start()
    for _ in range(12):
        often.step()
    seldom.play()
    seldom.advance(12, seconds=60)
    assert often.history.losses == seldom.history.losses
    assert list(seldom.history.test_steps) == [0, 9]
    assert list(often.history.test_steps) == list(range(13))


def test_an_epoch_ends_where_the_images_end() -> None:
    run = start()
    run.step()
    run.epoch()
    assert (run.step_count, run.epochs) == (27, 1.0)
    run.epoch()
    assert run.step_count == 54


def test_it_advances_only_while_it_plays_and_keeps_its_time() -> None:
    run = start()
    run.advance(math.inf, seconds=1)
    assert run.step_count == 0
    run.play()
    run.advance(0, seconds=1)
    assert run.step_count == 0
    run.advance(math.inf, seconds=0)
    assert run.step_count == 1
    run.pause()
    run.advance(math.inf, seconds=1)
    assert run.step_count == 1


def test_learning_rate_and_momentum_act_from_the_next_step_on() -> None:
    run = start()
    model, optimizer, steps = oracle(run)
    for _ in range(3):
        run.step()
        next(steps)
    run.tune(Tuning(0.01, 0.9))
    run.tune(Tuning(0.01, 0.5))  # at the same step: one mark
    optimizer.lr, optimizer.momentum = 0.01, 0.5
    for _ in range(3):
        run.step()
        next(steps)
    np.testing.assert_array_equal(run.model.flat_params, model.flat_params)
    ((step, before, after),) = [(m.step, m.before, m.after) for m in run.history.marks]
    assert (step, before, after) == (3, DEFAULT, Tuning(0.01, 0.5))


def test_tuning_before_the_first_step_leaves_no_mark() -> None:
    run = start()
    run.tune(Tuning(0.2, 0.9))
    assert run.history.marks == []
    assert isinstance(run.optimizer, SGD)
    assert run.history.tuning.lr == run.optimizer.lr == 0.2


def test_a_loss_that_is_no_number_stops_it_and_a_lower_rate_saves_it() -> None:
    run = start("xo", tuning=Tuning(10, 0.9))
    first = run.model.flat_params.copy()
    _, _, steps = oracle(run)
    with pytest.raises(DivergedError):
        list(steps)
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.stopped_by, run.playing) == ("diverged", False)
    assert all(map(math.isfinite, run.history.losses))
    assert run.best_step == 0
    run.tune(Tuning(0.05, 0.9))
    diverged_at = run.step_count
    run.play()
    run.step()
    assert run.step_count == diverged_at + 1
    moved = np.abs(run.model.flat_params - first).max()
    assert 0 < moved < 0.1  # one small step away from the best weights so far: the first
    for _ in range(8):
        run.epoch()
    assert run.exam.accuracy > 0.95
    assert run.stopped_by == ""


def test_it_notices_that_it_answers_everything_alike_and_goes_back() -> None:
    run = start(tuning=Tuning(0.5, 0.9))
    best, weights, at = math.inf, None, 0
    while not run.collapsed:
        run.step()
        assert run.step_count < 1000
        recent = run.history.losses[-1]  # it was examined after every step
        if recent < best:
            best, weights = recent, run.model.flat_params.copy()
            at = run.step_count
    assert len(set(run.exam.answers.tolist())) == 1
    assert run.best_step in (at, 0)
    run.go_back()
    if run.best_step:
        np.testing.assert_array_equal(run.model.flat_params, weights)
    assert run.exam.step == run.step_count == run.history.test_steps[-1]
    assert len(set(run.history.test_steps)) == len(run.history.test_steps)


def test_it_pauses_in_the_end_and_goes_on_when_asked(monkeypatch) -> None:
    monkeypatch.setitem(Run.__init__.__globals__["EPOCHS"], "digits", 2)
    run = start()
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.step_count, run.stopped_by, run.playing) == (54, "done", False)
    spent = run.seconds
    run.epoch()
    assert (run.step_count, run.stopped_by) == (81, "")
    assert run.seconds > spent


def test_lbfgs_stops_where_nothing_lowers_the_loss() -> None:
    run = start("xo", "lbfgs")
    run.play()
    run.advance(math.inf, seconds=60)
    assert run.stopped_by in ("converged", "done")
    assert run.history.losses[-1] < 1e-3


# ------------------------------------------------------------------ pace and turns


@pytest.mark.parametrize(("per_second", "every"), [(2, 0.52), (10, 0.1), (40, 0.06), (10, 0.03)])
def test_the_pace_is_kept(per_second: float, every: float) -> None:
    pace = turns.Pace()
    due = [pace.due(per_second, i * every) for i in range(200)]
    assert due[0] == 1
    assert max(due) <= math.ceil(per_second * every) + 1
    assert sum(due) == pytest.approx(200 * every * per_second, abs=2)


def test_a_pause_is_not_made_up_for() -> None:
    pace = turns.Pace()
    pace.due(40, 0)
    assert pace.due(40, 100) == 1


def test_a_turn_gets_shorter_the_more_runs_there_are(monkeypatch) -> None:
    monkeypatch.setattr(turns, "_last_asked", {})
    runs = [object() for _ in range(60)]
    lengths = [turns.length(run, now=0) for run in runs]
    assert lengths[0] == turns.LONGEST
    assert lengths[9] == pytest.approx(turns.ROUND / 10)
    assert lengths[-1] == turns.SHORTEST
    assert lengths == sorted(lengths, reverse=True)
    assert turns.length(runs[0], now=turns.GONE + 1) == turns.LONGEST  # the others are gone
