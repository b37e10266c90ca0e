"""A run makes exactly the steps that `fit` makes, is tuned, fails and goes on; turns are fair."""

import itertools
import math

import numpy as np
import pytest

from cnn_core import (
    SGD,
    DivergedError,
    build_network,
    confusion_matrix,
    evaluate,
    fit,
    squared_error,
)
from pages.kit.trainer import architecture, turns
from pages.kit.trainer.rules import Rules
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import Setup, Tuning, build_optimizer, dataset

DEFAULT = Tuning(0.05, 0.9)


def start(data="digits", tuning=DEFAULT, rules=None, noise=None, size="all", **settings) -> Run:
    net = settings.pop("net", architecture.presets(data)["classic"])
    noise = noise if noise is not None else 0.05 if data == "xo" else 0.0
    setup = Setup(data, net, noise, size, **settings)
    return Run(setup, tuning, dataset(data, noise, size), rules=rules)


def oracle(run: Run):
    """The same training by cnn_core alone: the model, its optimizer, and the steps."""
    rng = np.random.default_rng(run.setup.seed)
    model = build_network(run.setup.data, rng=rng)
    optimizer = build_optimizer(run.setup.optimizer, run.tuning)
    steps = fit(
        model, run.data, optimizer=optimizer, batch_size=run.batch_size, epochs=100, rng=rng
    )
    return model, optimizer, steps


def steps_of(run: Run, count: int) -> Run:
    for _ in range(count):
        run.step()
    return run


def epoch(run: Run) -> None:
    run.epoch()
    run.advance(math.inf, seconds=60)


@pytest.mark.parametrize(
    ("data", "optimizer", "batch_size", "seed", "count"),
    [
        ("digits", "momentum", 50, 0, 40),
        ("digits", "sgd", 100, 4, 20),
        ("digits", "adam", 10, 7, 40),
        ("digits", "lbfgs", 50, 3, 6),
        ("mnist", "momentum", 20, 1, 4),
        ("xo", "momentum", 500, 2, 9),
    ],
)
def test_a_run_makes_the_steps_that_fit_makes(data, optimizer, batch_size, seed, count) -> None:
    run = start(data, optimizer=optimizer, batch_size=batch_size, seed=seed)
    model, _, steps = oracle(run)
    reports = list(itertools.islice(steps, count))
    for report in reports:
        run.step()
        assert run.report is not None
        assert run.report.grad_norms == report.grad_norms
    assert list(run.history.losses.means) == [report.loss for report in reports]
    assert list(run.history.accuracies.means) == [report.batch_accuracy for report in reports]
    np.testing.assert_array_equal(run.model.flat_params, model.flat_params)
    loss, accuracy = evaluate(model, run.data.test_images, run.data.test_labels)
    assert run.exam.test_accuracy == accuracy
    assert run.exam.test_loss == pytest.approx(loss, rel=1e-5)
    some = slice(0, 300)
    loss, accuracy = evaluate(model, run.data.train_images[some], run.data.train_labels[some])
    assert run.exam.train_accuracy == accuracy
    assert run.exam.train_loss == pytest.approx(loss, rel=1e-5)
    table = confusion_matrix(run.data.test_labels, run.exam.answers, len(run.data.class_names))
    np.testing.assert_array_equal(run.exam.confusion, table)


def test_squared_error_compares_squashed_outputs_with_zeros_and_ones() -> None:
    run = start(loss="squares", optimizer="sgd", tuning=Tuning(0.5))
    first = run.exam
    outputs = run.moment().model.forward(run.data.test_images)
    np.testing.assert_allclose(first.shares, outputs, rtol=1e-5)
    assert 0 < outputs.min() < outputs.max() < 1
    target = np.eye(10, dtype=np.float32)[run.data.test_labels]
    assert first.test_loss == pytest.approx(((outputs - target) ** 2).sum() / 2 / 450, rel=1e-5)
    loss, _ = evaluate(
        run.moment().model, run.data.test_images, run.data.test_labels, loss=squared_error
    )
    assert first.test_loss == pytest.approx(loss, rel=1e-5)
    for _ in range(20):
        epoch(run)
    assert run.exam.test_accuracy > 0.9


def test_the_penalty_is_the_one_that_was_asked_for() -> None:
    run = steps_of(start(tuning=Tuning(0.05, 0.0, 0.1), optimizer="sgd"), 1)
    plain = steps_of(start(tuning=Tuning(0.05, 0.0, 0.0), optimizer="sgd"), 1)
    expected = plain.model.flat_params - 0.05 * 0.1 * plain.first_params
    np.testing.assert_allclose(run.model.flat_params, expected, atol=1e-7)


def test_looking_does_not_disturb_the_training() -> None:
    often, seldom = start(), start()
    for _ in range(12):
        often.step()
        often.moment(0).model.forward(often.data.test_images[:3])
        often.moment().model.forward(often.data.test_images[:3])
    seldom.play()
    seldom.advance(12, seconds=60)
    np.testing.assert_array_equal(often.model.flat_params, seldom.model.flat_params)
    assert often.history.losses.means == seldom.history.losses.means
    assert [look.step for look in often.history.looks] == list(range(13))


def test_an_epoch_ends_where_the_images_end_and_is_always_looked_at() -> None:
    run = start()
    run.step()
    epoch(run)
    assert (run.step_count, run.epochs) == (27, 1.0)
    assert not run.playing
    run.epoch()
    run.advance(math.inf, seconds=0)  # no time for all of it
    assert (run.step_count, run.playing) == (28, True)
    run.play()
    run.advance(60, seconds=60)
    assert {27, 54, 81} <= {look.step for look in run.history.looks}


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


def test_learning_rate_momentum_and_penalty_act_from_the_next_step_on() -> None:
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
    run.tune(Tuning(0.01, 0.5, 0.1))
    run.step()
    assert run.report is not None
    assert run.report.penalty > 0


def test_tuning_before_the_first_step_leaves_no_mark() -> None:
    run = start()
    run.tune(Tuning(0.2, 0.9))
    assert run.history.marks == []
    assert isinstance(run.optimizer, SGD)
    assert run.history.tuning.lr == run.optimizer.lr == 0.2


def test_a_loss_that_is_no_number_stops_it_and_a_lower_rate_saves_it() -> None:
    run = start("xo", Tuning(10, 0.9))
    model, _, steps = oracle(run)
    kept = [model.flat_params.copy()]
    with pytest.raises(DivergedError):
        kept.extend(model.flat_params.copy() for _report in steps)
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.stopped_by, run.playing) == ("diverged", False)
    assert run.step_count == len(kept) - 1
    assert all(map(math.isfinite, run.history.losses.means))
    np.testing.assert_array_equal(run.model.flat_params, kept[-2])  # these had a finite loss
    np.testing.assert_array_equal(run.snapshots.nearest(run.step_count).params, kept[-2])
    diverged_at = run.step_count
    run.rewind(0)
    run.tune(Tuning(0.05, 0.9))
    for _ in range(8):
        epoch(run)
    assert run.exam.test_accuracy > 0.95
    assert run.stopped_by == ""
    assert run.others[0].history.steps == diverged_at


def test_after_trouble_it_goes_on_with_the_images_that_would_have_come_next() -> None:
    """The epoch is not begun anew, nor are its images dealt out in another order."""
    run = start("xo", Tuning(10, 0.9), batch_size=10)
    run.play()
    run.advance(math.inf, seconds=60)
    batch, step = run.step_count % run.steps_per_epoch, run.step_count
    assert batch
    run.tune(Tuning(0.001, 0.0))
    run.step()
    weights = run.snapshots.nearest(step).params
    rng = np.random.default_rng(0)
    model = build_network("xo", rng=rng)
    orders = [rng.permutation(600) for _ in range(step // run.steps_per_epoch + 1)]
    model.flat_params = weights
    images = orders[-1][10 * batch : 10 * batch + 10]
    loss, _ = evaluate(model, run.data.train_images[images], run.data.train_labels[images])
    assert run.report is not None
    assert run.report.loss == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize("after", [5, 27, 30])  # in an epoch, at its end, in the next one
def test_other_weights_do_not_change_which_images_come_next(after) -> None:
    straight = steps_of(start(optimizer="sgd"), after + 3)
    run = steps_of(start(optimizer="sgd"), after)
    run.take_weights(run.model.flat_params.copy())  # the same ones
    steps_of(run, 3)
    np.testing.assert_array_equal(run.model.flat_params, straight.model.flat_params)


@pytest.mark.parametrize("after", [5, 27])
def test_nor_do_weights_that_are_no_numbers(after) -> None:
    straight = steps_of(start(optimizer="sgd"), after)
    run = steps_of(start(optimizer="sgd"), after)
    run.model.flat_params = np.full_like(run.model.flat_params, np.nan)
    run.step()
    assert (run.stopped_by, run.step_count) == ("diverged", after)
    straight.take_weights(run.model.flat_params.copy())  # both have taken the last step back
    for each in (straight, run):
        steps_of(each, 3)
    np.testing.assert_array_equal(run.model.flat_params, straight.model.flat_params)


def test_it_notices_that_it_answers_everything_alike() -> None:
    run = start(tuning=Tuning(0.5, 0.9))
    while not run.collapsed:
        run.step()
        assert run.step_count < 1000
    assert len(set(run.exam.answers.tolist())) == 1


# ------------------------------------------------------------------ rules


def test_it_stops_after_its_epochs_and_goes_on_when_asked() -> None:
    run = start(rules=Rules(epochs=2))
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.step_count, run.stopped_by, run.playing) == (54, "epochs", False)
    spent = run.seconds
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.step_count, run.stopped_by) == (108, "epochs")
    assert run.seconds > spent


def test_it_stops_when_enough_test_images_are_right_but_only_once() -> None:
    run = start(rules=Rules(epochs=40, target=0.9))
    run.play()
    run.advance(math.inf, seconds=60)
    assert run.stopped_by == "target"
    ends = [look for look in run.history.looks if look.step % 27 == 0]
    assert [look.test_accuracy >= 0.9 for look in ends] == [False] * (len(ends) - 1) + [True]
    reached = run.step_count
    run.play()
    run.advance(math.inf, seconds=60)
    assert (run.stopped_by, run.step_count) == ("epochs", reached + 40 * 27)


def test_it_stops_when_the_test_loss_does_not_fall_any_more() -> None:
    run = start(rules=Rules(epochs=500, patience=3), size="100", tuning=Tuning(0.2, 0.9))
    run.play()
    run.advance(math.inf, seconds=60)
    assert run.stopped_by == "patience"
    size = run.steps_per_epoch
    losses = [look.test_loss for look in run.history.looks if look.step % size == 0]
    assert len(losses) - 1 - int(np.argmin(losses)) == 3
    for end in range(4, len(losses)):  # and not earlier
        assert end - 1 - int(np.argmin(losses[:end])) < 3


def test_lbfgs_stops_where_nothing_lowers_the_loss() -> None:
    run = start("xo", optimizer="lbfgs")
    run.play()
    run.advance(math.inf, seconds=60)
    assert run.stopped_by in ("converged", "epochs")
    assert run.history.looks[-1].train_loss < 1e-3


# ------------------------------------------------------------------ going back


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "lbfgs"])
@pytest.mark.parametrize("back_to", [0, 7, 27, 31])
def test_a_run_that_is_rewound_repeats_itself_bit_for_bit(optimizer, back_to) -> None:
    run = start(optimizer=optimizer, tuning=Tuning(0.02, 0.9), seed=3)
    kept = [run.model.flat_params.copy()]
    for _ in range(40):
        run.step()
        kept.append(run.model.flat_params.copy())
    losses = list(run.history.losses.means)
    run.rewind(back_to)
    assert run.step_count == back_to
    np.testing.assert_array_equal(run.model.flat_params, kept[back_to])
    assert run.moment().step == run.exam.step == back_to
    for weights in kept[back_to + 1 :]:
        run.step()
        np.testing.assert_array_equal(run.model.flat_params, weights)
    assert list(run.history.losses.means) == losses


def test_one_can_go_back_to_the_same_moment_again_and_again() -> None:
    run = steps_of(start(), 20)
    end = run.model.flat_params.copy()
    for _ in range(3):
        run.rewind(9)
        steps_of(run, 11)
        np.testing.assert_array_equal(run.model.flat_params, end)


def test_what_is_tuned_now_holds_in_the_past_as_well() -> None:
    run = steps_of(start(), 12)
    run.tune(Tuning(0.001, 0.5, 0.1))
    run.rewind(4)
    assert isinstance(run.optimizer, SGD)
    assert (run.optimizer.lr, run.optimizer.momentum) == (0.001, 0.5)
    assert run.penalty.strength == 0.1


def test_the_past_of_a_branch_is_its_own() -> None:
    run = steps_of(start(), 20)
    before = run.moment(12).exam
    run.rewind(5)
    run.tune(Tuning(0.001, 0.0))
    steps_of(run, 15)
    assert run.moment(12).exam.test_loss != before.test_loss


def test_a_branch_keeps_both_curves_and_one_can_take_up_the_other_again() -> None:
    run = steps_of(start(), 40)
    end, losses = run.model.flat_params.copy(), list(run.history.losses.means)
    run.rewind(10)
    run.tune(Tuning(0.001, 0.0))
    steps_of(run, 5)
    assert list(run.history.losses.means)[:10] == losses[:10]
    assert run.history.losses.means[11] != losses[11]
    (other,) = run.others
    assert list(other.history.losses.means) == losses
    assert [look.step for look in run.history.looks] == list(range(16))
    assert [(m.step, m.before, m.after) for m in run.history.marks] == [
        (10, DEFAULT, Tuning(0.001, 0.0))
    ]
    run.switch(0)
    assert run.step_count == 40
    assert run.history.marks[-1].before == DEFAULT  # the tuning is still the new one
    np.testing.assert_array_equal(run.model.flat_params, end)
    assert list(run.history.losses.means) == losses
    assert run.others[0].history.steps == 15
    run.rewind(12)
    assert [m.step for m in run.history.marks] == [12]
    run.switch(1)
    run.step()
    assert run.history.steps == 41


def test_looking_back_shows_what_was_there() -> None:
    run = start()
    was = []
    for _ in range(30):
        was.append((run.exam, run.model.flat_params.copy(), run.moment()))
        run.step()
    for step in (0, 3, 29):
        exam, params, then = was[step]
        moment = run.moment(step)
        np.testing.assert_array_equal(moment.model.flat_params, params)
        np.testing.assert_array_equal(moment.exam.shares, exam.shares)
        assert (moment.exam.test_loss, moment.exam.train_loss) == (exam.test_loss, exam.train_loss)
        np.testing.assert_array_equal(moment.grad_norms, then.grad_norms)
        np.testing.assert_array_equal(moment.update_norms, then.update_norms)
        assert not moment.is_now
    assert run.moment().is_now


def test_update_and_gradient_norms_are_those_of_the_last_step() -> None:
    run = steps_of(start(optimizer="sgd", tuning=Tuning(0.1)), 5)
    before = {name: value.copy() for name, value in run.model.params.items()}
    run.step()
    moment = run.moment()
    for name, grad, update in zip(
        run.learning_layers, moment.grad_norms, moment.update_norms, strict=True
    ):
        moved = [
            (run.model.params[key] - value).ravel()
            for key, value in before.items()
            if key.startswith(f"{name}.")
        ]
        assert update == pytest.approx(np.linalg.norm(np.concatenate(moved)), rel=1e-5)
        assert update == pytest.approx(0.1 * grad, rel=1e-3)  # plain SGD: η times the gradient


def test_other_weights_are_taken_with_a_mark_and_a_fresh_optimizer() -> None:
    run = steps_of(start(), 5)
    weights = np.random.default_rng(1).normal(0, 0.1, run.model.parameter_count)
    run.take_weights(weights.astype(np.float32))
    assert run.optimizer.memory == ()
    assert [(mark.step, mark.words) for mark in run.history.marks] == [(5, "loaded")]
    np.testing.assert_array_equal(run.model.flat_params, weights.astype(np.float32))
    assert run.exam.step == 5
    assert run.history.looks[-1].test_loss == run.exam.test_loss
    run.step()
    assert run.step_count == 6


def test_memory_stays_bounded_however_long_it_goes_on() -> None:
    run = start("xo", batch_size=10, rules=Rules(epochs=500))
    run.play()
    run.advance(6000, seconds=60)
    assert run.step_count == 6000
    assert 20 <= len(run.snapshots) <= 64
    assert run.snapshots.spacing == 128
    assert run.snapshots.steps[0] == 0
    assert len(run.history.losses.means) <= 1200
    assert len(run.history.looks) <= 1200
    for step in range(0, 4000, 400):
        run.rewind(step)
        run.step()
    assert len(run.others) == 3


def test_a_large_network_keeps_fewer_moments_but_never_none() -> None:
    net = "relu.8k5p2-max.f84"
    run = steps_of(start("mnist", net=net, optimizer="adam", batch_size=5), 30)
    assert run.model.parameter_count > 130_000
    assert 8 <= len(run.snapshots) <= 16
    assert run.snapshots.size < 9 * 2**20
    assert run.snapshots.nearest(16).optimizer.memory == ()


def test_a_reset_begins_anew_and_keeps_the_curve() -> None:
    run = steps_of(start(), 3)
    losses = list(run.history.losses.means)
    run.reset()
    assert run.step_count == 0
    assert run.ghost is not None
    assert list(run.ghost.losses.means) == losses
    run.reset()
    assert list(run.ghost.losses.means) == losses  # an empty run leaves no curve
    steps_of(run, 3)
    assert list(run.history.losses.means) == losses


# ------------------------------------------------------------------ the images


def test_fewer_images_are_the_first_of_all_and_the_test_stays_the_same() -> None:
    few, every = dataset("digits", 0.2, "100"), dataset("digits", 0.2, "all")
    np.testing.assert_array_equal(few.train_images, every.train_images[:100])
    np.testing.assert_array_equal(few.test_images, every.test_images)
    assert len(every.train_images) == 1347


def test_noise_is_as_wide_as_it_says_and_leaves_the_labels() -> None:
    clean, noisy = dataset("digits"), dataset("digits", 0.1)
    np.testing.assert_array_equal(clean.test_labels, noisy.test_labels)
    middle = (clean.test_images > 0.4) & (clean.test_images < 0.6)  # nothing is cut off there
    assert (noisy.test_images - clean.test_images)[middle].std() == pytest.approx(0.1, rel=0.05)
    assert noisy.test_images.min() >= 0
    assert noisy.test_images.max() <= 1


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
