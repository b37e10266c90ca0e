"""The race of four optimizers: a fair start, fair turns, honest counts, and L-BFGS's diary."""

import math
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest

import pages.kit.optimizer_race as race_module
import pages.kit.optimizer_seeds as seeds_module
from cnn_core import LBFGS, build_network, evaluate, fit
from pages.kit.line_diary import LINES
from pages.kit.optimizer_race import (
    ALL,
    COSTS,
    GOALS,
    LANES,
    LAP,
    MEASURES,
    OptimizerRace,
    Setup,
    dataset,
)
from pages.kit.optimizer_seeds import DUEL_GOAL, SeedRaces, duel, middle

XO = Setup(data="xo")
TICK = 0.0007  # three make a lap of X and O (0.002 s) and a bit


class FakeClock:
    """A clock on which everything takes as long as the test wants: each look costs `tick`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tick: float) -> None:
        self.now, self.tick = 0.0, tick
        monkeypatch.setattr("cnn_core.training.perf_counter", self)

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Every step of everybody takes as long: races are the same to the last bit."""
    return FakeClock(monkeypatch, TICK)


def finish(race: OptimizerRace, laps: int = 10**6) -> OptimizerRace:
    for _ in range(laps):
        if race.is_over:
            break
        race.run_lap()
    return race


# ---------------------------------------------------------------- fairness


@pytest.mark.parametrize("data", ["digits", "xo"])
@pytest.mark.parametrize("seed", [0, 7])
def test_everybody_starts_with_the_same_weights_and_the_same_loss(data: str, seed: int) -> None:
    race = OptimizerRace(Setup(data=data, seed=seed))
    weights = build_network(data, rng=np.random.default_rng(seed)).flat_params
    images, labels = dataset(data).train_images, dataset(data).train_labels
    model = build_network(data, rng=np.random.default_rng(seed))
    loss, accuracy = evaluate(model, images, labels)
    unseen = evaluate(model, dataset(data).test_images, dataset(data).test_labels)[1]
    assert tuple(race.runners) == LANES
    for runner in race.runners.values():
        np.testing.assert_array_equal(runner.model.flat_params, weights)
        assert runner.points == [(0, 0, 0, 0.0, loss, accuracy, unseen)]


def test_a_lap_is_as_many_seconds_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeClock(monkeypatch, TICK)
    race = OptimizerRace(XO)
    for lap in range(1, 5):
        race.run_lap()
        assert [runner.steps for runner in race.runners.values()] == [3 * lap] * 4
        assert [len(runner.points) for runner in race.runners.values()] == [1 + lap] * 4
        assert race.lap == lap


def test_who_overshoots_sits_out_until_the_others_have_caught_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = FakeClock(monkeypatch, TICK)
    race = OptimizerRace(XO)
    slow = race.runners["lbfgs"]
    step = LBFGS.step

    def long_step(*args: Any) -> Any:
        clock.now += 2.4 * LAP["xo"]
        return step(*args)

    monkeypatch.setattr(LBFGS, "step", long_step)
    steps = []
    for _ in range(6):
        race.run_lap()
        steps.append(slow.steps)
    assert steps == [1, 1, 2, 2, 2, 3]  # 2.75, 5.5 and 8.25 laps
    assert race.runners["sgd"].steps == 6 * 3
    assert len(slow.points) == 1 + 3  # measured when it has moved, not while it waits


def test_looking_at_the_images_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock(monkeypatch, TICK)

    def slow_look(*args: Any, **options: Any) -> tuple[float, float]:
        clock.now += 1000
        return evaluate(*args, **options)

    monkeypatch.setattr(race_module, "evaluate", slow_look)
    race = finish(OptimizerRace(XO), laps=3)
    for runner in race.runners.values():
        assert runner.seconds == pytest.approx(9 * TICK)


@pytest.mark.parametrize(
    "setup",
    [
        Setup(),
        replace(XO, batch_size=7, lbfgs_batch_size=256, seed=3),
        replace(XO, batch_size=ALL, history=1, rates=(0.1, 0.1, 0.003)),
    ],
)
def test_everybody_learns_as_it_would_alone(setup: Setup) -> None:
    race = finish(OptimizerRace(setup), laps=3)
    data = dataset(setup.data)
    n = len(data.train_images)
    for lane, runner in race.runners.items():
        size = {"lbfgs": setup.lbfgs_batch_size}.get(lane, setup.batch_size) or n
        model = build_network(setup.data, rng=np.random.default_rng(setup.seed))
        reports = fit(
            model,
            data,
            optimizer=setup.optimizer(lane),
            batch_size=size,
            epochs=1000,
            rng=np.random.default_rng(setup.seed),
        )
        images = evaluations = 0
        for step in range(runner.steps):
            report = next(reports)
            in_batch = min(size, n - step % math.ceil(n / size) * size)
            images += (report.evaluations - evaluations) * in_batch
            evaluations = report.evaluations
        np.testing.assert_array_equal(runner.model.flat_params, model.flat_params)
        loss, right = evaluate(model, data.train_images, data.train_labels)
        unseen = evaluate(model, data.test_images, data.test_labels)[1]
        assert runner.points[-1][:3] == (runner.steps, evaluations, images)
        assert runner.points[-1][4:] == (loss, right, unseen)
        if lane != "lbfgs":
            assert evaluations == runner.steps


def test_the_lanes_differ_in_their_optimizer_alone() -> None:
    setup = Setup(rates=(0.1, 0.2, 0.3), history=5)
    sgd, momentum, adam, lbfgs = (setup.optimizer(lane) for lane in LANES)
    assert [sgd.lr, momentum.lr, adam.lr] == [0.1, 0.2, 0.3]  # type: ignore[union-attr]
    assert [sgd.momentum, momentum.momentum] == [0, 0.9]  # type: ignore[union-attr]
    assert type(adam).__name__ == "Adam"
    assert lbfgs.pairs.maxlen == 5  # type: ignore[union-attr]
    assert [setup.images_at_a_time(lane) for lane in LANES] == [32, 32, 32, 1347]


# ---------------------------------------------------------------- how it goes on and ends


def test_goals_are_reached_where_a_loop_finds_them() -> None:
    race = finish(OptimizerRace(XO), laps=12)
    column = MEASURES.index("train_loss")
    for runner in race.runners.values():
        losses = runner.curves[column]
        for goal in GOALS:
            wanted = None
            for i, loss in enumerate(losses):
                if loss <= goal:
                    wanted = i
                    break
            assert runner.reached(goal) == wanted
        costs = runner.curves[: len(COSTS)]
        assert (np.diff(costs, axis=1) > 0).all()  # every lap costs something


def test_who_diverges_stops_alone() -> None:
    race = finish(OptimizerRace(replace(XO, rates=(10, 10, 0.01))), laps=20)
    assert [runner.stopped for runner in race.runners.values()][:3] == ["diverged"] * 2 + [""]
    for runner in list(race.runners.values())[:2]:
        assert all(math.isfinite(value) for point in runner.points for value in point)
    assert not race.is_over


def test_l_bfgs_stops_when_it_has_converged_and_the_others_go_on(ticking: FakeClock) -> None:
    race = finish(OptimizerRace(XO, laps=20))
    lbfgs = race.runners["lbfgs"]
    assert lbfgs.stopped == "converged"
    last = race.diary.entries[-1]
    assert last.report.converged
    assert last.report.restarted  # all pairs were thrown away, and still nothing was lower
    assert (last.report.pairs, last.memory) == (0, ())
    assert race.lap == 20
    others = [runner for lane, runner in race.runners.items() if lane != "lbfgs"]
    assert all(not runner.stopped and runner.seconds >= race.limit for runner in others)
    alone = finish(OptimizerRace(XO, lanes=("lbfgs",), laps=20))
    assert alone.is_over
    assert alone.lap < alone.laps


def test_wishes_are_granted_once_and_nonsense_never(ticking: FakeClock) -> None:
    race = OptimizerRace(XO)
    for texts in (
        {},
        {"verb": "jump", "id": "1"},
        {"verb": "epoch"},
        {"verb": "epoch", "id": "-3"},
        {"verb": "epoch", "id": "²"},
        {"verb": "reset", "id": "9" * 400},
    ):
        race.obey(texts)
        assert (race.lap, race.heard) == (0, 0)
    for _ in range(3):
        race.obey({"verb": "epoch", "id": "7"})
    assert (race.lap, race.heard) == (1, 7)
    first = [runner.curves for runner in race.runners.values()]
    race.obey({"verb": "reset", "id": "8"})
    assert race.lap == 0
    race.obey({"verb": "epoch", "id": "7"})  # an old one comes late
    assert race.lap == 0
    race.obey({"verb": "epoch", "id": "9"})  # and the first lap is the first lap again
    measured = [runner.curves for runner in race.runners.values()]
    still = [i for i, name in enumerate(MEASURES) if name != "seconds"]
    for once, again in zip(first, measured, strict=True):
        np.testing.assert_array_equal(once[still], again[still])


def test_playing_keeps_its_pace_and_ends() -> None:
    race = OptimizerRace(XO, laps=6)
    race.obey({"verb": "play", "pace": "slow"})
    assert race.lap == 1  # the first one at once, the next in a second
    race.obey({"verb": "play", "pace": "slow"})
    assert race.lap == 1
    for _ in range(200):
        race.obey({"verb": "play", "pace": "full"})
    assert race.is_over
    laps = race.runners["sgd"].steps
    race.obey({"verb": "play", "pace": "full"})
    assert race.runners["sgd"].steps == laps


# ---------------------------------------------------------------- the diary of L-BFGS


@pytest.fixture(
    params=[XO, replace(XO, history=3, lbfgs_batch_size=64), Setup(history=5)],
    ids=["xo", "xo in batches", "digits"],
)
def written(request: pytest.FixtureRequest) -> OptimizerRace:
    """A race of L-BFGS alone that has got somewhere."""
    race = OptimizerRace(request.param, lanes=("lbfgs",))
    for _ in range(12):
        race.runners["lbfgs"].step()
    return race


def test_the_diary_remembers_what_the_optimizer_remembers(written: OptimizerRace) -> None:
    diary, runner = written.diary, written.runners["lbfgs"]
    optimizer = runner.optimizer
    assert isinstance(optimizer, LBFGS)
    assert [entry.number for entry in diary.entries] == list(range(1, 13))
    last = diary.entries[-1]
    kept = [diary.entries[number - 1].report.curvature for number in last.memory]
    assert kept == [pair.curvature for pair in optimizer.pairs]
    for entry in diary.entries:
        assert len(entry.memory) == entry.report.pairs
        assert (entry.number in entry.memory) == entry.report.pair_kept
        assert entry.report.direction.size == 0  # only the diary's lines hold directions


def test_every_trial_is_judged_by_both_conditions(written: OptimizerRace) -> None:
    diary = written.diary
    for entry in diary.entries:
        report, verdicts = entry.report, diary.verdicts(entry.number)
        assert [verdict.trial for verdict in verdicts] == list(report.trials)
        for verdict in verdicts:
            step, loss, slope = verdict.trial
            assert verdict.lower == (loss - report.loss_before <= 1e-4 * step * report.slope)
            assert verdict.flat == (abs(slope) <= 0.9 * abs(report.slope))
        taken = [verdict for verdict in verdicts if verdict.accepted]
        assert len(taken) == int(report.step_length > 0)
        if report.wolfe:
            assert taken[0].lower
            assert taken[0].flat


def test_the_cut_goes_through_the_trials_with_their_slopes(written: OptimizerRace) -> None:
    diary, data = written.diary, dataset(written.setup.data)
    for number in (1, 2, 12):
        report = diary.entries[number - 1].report
        steps, own, every = diary.cut(number).astype(float)
        places = [0.0, *(trial.step_length for trial in report.trials)]
        losses = [report.loss_before, *(trial.loss for trial in report.trials)]
        at = [int(np.abs(steps - place).argmin()) for place in places]
        np.testing.assert_allclose(steps[at], places, rtol=1e-6)
        np.testing.assert_allclose(own[at], losses, rtol=1e-4)
        assert steps[0] < 0 < max(places) < steps[-1]
        rise = (own[at[0] + 1] - own[at[0] - 1]) / (steps[at[0] + 1] - steps[at[0] - 1])
        width = (steps[at[0] + 1] - steps[at[0] - 1]) / 2
        bend = abs(own[at[0] + 1] + own[at[0] - 1] - 2 * own[at[0]]) / width
        assert rise == pytest.approx(report.slope, abs=bend + 1e-3 * abs(report.slope))
        if written.setup.lbfgs_batch_size == ALL:
            np.testing.assert_array_equal(own, every)
        else:
            assert not np.allclose(own, every)
    # The last iteration ended where the network is now.
    report = diary.entries[-1].report
    now = evaluate(written.runners["lbfgs"].model, data.train_images, data.train_labels)[0]
    steps, _own, every = diary.cut(12)
    here = int(np.abs(steps - report.step_length).argmin())
    assert every[here] == pytest.approx(now, rel=1e-4)


def test_looking_into_it_does_not_change_its_way(ticking: FakeClock) -> None:
    seen, unseen = OptimizerRace(XO), OptimizerRace(XO)
    for _ in range(4):
        seen.run_lap()
        unseen.run_lap()
        for number in range(1, len(seen.diary.entries) + 1):
            seen.diary.cut(number)
    for one, two in zip(seen.runners.values(), unseen.runners.values(), strict=True):
        np.testing.assert_array_equal(one.model.flat_params, two.model.flat_params)


def test_only_the_last_directions_are_kept() -> None:
    race = OptimizerRace(replace(XO, lbfgs_batch_size=64), lanes=("lbfgs",))
    for _ in range(LINES + 3):
        race.runners["lbfgs"].step()
    assert race.diary.cut(3).shape == (3, 0)
    assert race.diary.cut(4).shape[1] > 0
    assert race.diary.cut(LINES + 4).shape == (3, 0)
    assert len(race.diary.entries) == LINES + 3


# ---------------------------------------------------------------- five seeds, and the duel


def test_five_seeds_are_five_races(ticking: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds_module, "SEED_LAPS", 3)
    races = SeedRaces(replace(XO, seed=99))
    asked = count()
    while not races.is_over and next(asked) < 1000:
        races.go_on()
    assert races.laps == races.last_lap == 15
    races.go_on()  # nothing is left to do
    for seed in range(5):
        race = finish(OptimizerRace(replace(XO, seed=seed), laps=3))
        for lane, runner in race.runners.items():
            for measure in ("train_loss", "train_accuracy", "test_accuracy"):
                told = races.results.finishes(lane, measure)[seed]
                assert told == pytest.approx(runner.latest(measure), rel=1e-6)
            for goal in (0.3, 0.1, 1e-9):
                place, seconds = runner.reached(goal), races.results.seconds_to(lane, goal)[seed]
                if place is None:
                    assert seconds is None
                else:
                    wanted = runner.points[place][MEASURES.index("seconds")]
                    assert seconds == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([3.0, 1.0, 2.0], 2),
        ([3.0, None, 2.0], 3),
        ([None, None, 2.0], None),
        ([5.0, None, 4.0, None, 1.0], 5),
    ],
)
def test_the_median_counts_who_never_arrived_as_slowest(
    values: list[float | None], wanted: float | None
) -> None:
    assert middle(values) == wanted


def test_the_duel_is_decided_by_the_first_one_at_the_goal() -> None:
    answer = duel()
    assert answer.winner == "momentum"  # four times as fast: no load of a machine turns that round
    assert answer.losses["momentum"] <= DUEL_GOAL < answer.losses["lbfgs"]
    assert answer.accuracies["momentum"] > answer.accuracies["lbfgs"]
    assert answer.seconds < 0.5 * OptimizerRace(Setup()).limit
