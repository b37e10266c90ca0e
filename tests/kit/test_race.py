"""Networks that learn side by side: each as it would alone, in step, and only when asked."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from cnn_core import (
    SGD,
    Affine,
    BatchNorm1d,
    Dataset,
    Flatten,
    ReLU,
    Sequential,
    cross_entropy,
    evaluate,
    fit,
    load_dataset,
)
from pages.kit.race import MEASURES, Entry, Race, first_gradients

LR = 0.1


def data(count: int = 100) -> Dataset:
    whole = load_dataset("digits", rng=np.random.default_rng(0))
    return Dataset(
        whole.train_images[:count],
        whole.train_labels[:count],
        whole.test_images[:40],
        whole.test_labels[:40],
        whole.class_names,
    )


def network(seed: int, *, with_batch_norm: bool = False) -> Sequential:
    rng = np.random.default_rng(seed)
    middle = [BatchNorm1d(8)] if with_batch_norm else []
    return Sequential(Flatten(), Affine(64, 8, rng=rng), *middle, ReLU(), Affine(8, 10, rng=rng))


def start(batch_size: int = 10, epochs: int = 3, lrs: tuple[float, ...] = (LR, LR)) -> Race:
    def make() -> Mapping[str, Entry]:
        return {
            f"{i}": Entry(network(i, with_batch_norm=bool(i)), data(), SGD(lr))
            for i, lr in enumerate(lrs)
        }

    return Race(make, batch_size=batch_size, epochs=epochs, seed=5)


def finish(race: Race) -> Race:
    while not race.is_over:
        race.run_lap()
    return race


def test_each_learns_as_it_would_alone() -> None:
    race = finish(start())
    for i, runner in enumerate(race.runners.values()):
        model, order = network(i, with_batch_norm=bool(i)), np.random.default_rng(5)
        for _step in fit(model, data(), optimizer=SGD(LR), batch_size=10, epochs=3, rng=order):
            pass
        np.testing.assert_array_equal(runner.entry.model.flat_params, model.flat_params)
        loss, accuracy = evaluate(model, data().test_images, data().test_labels)
        assert runner.latest("test_loss") == loss
        assert runner.latest("test_accuracy") == accuracy
        loss, accuracy = evaluate(model, data().train_images, data().train_labels)
        assert runner.latest("train_loss") == loss
        assert runner.latest("train_accuracy") == accuracy


def test_it_is_measured_at_the_start_and_after_every_third_of_an_epoch() -> None:
    race = start(epochs=2)
    curves = finish(race).runners["0"].curves
    assert curves.dtype == np.float32
    assert curves.shape == (len(MEASURES), 9)
    # ten steps an epoch, three laps of them and the one that is left
    np.testing.assert_allclose(curves[0], [0, 0.3, 0.6, 0.9, 1, 1.3, 1.6, 1.9, 2])
    model = network(0)
    assert curves[1, 0] == pytest.approx(
        evaluate(model, data().train_images, data().train_labels)[0]
    )


@pytest.mark.parametrize("batch_size", [1, 7, 30, 100, 1000])
def test_any_batch_size_ends_with_the_last_step(batch_size: int) -> None:
    race = finish(start(batch_size, epochs=2, lrs=(0.01,)))
    assert race.step == race.last_step == 2 * math.ceil(100 / min(batch_size, 100))
    assert race.epoch == 2


def test_an_epoch_is_an_epoch_wherever_it_begins() -> None:
    race = start()
    race.run_lap()
    race.run_epoch()
    assert race.step == 10
    race.run_epoch()
    assert race.step == 20


def test_a_wish_is_granted_once_however_often_it_is_sent() -> None:
    race = start()
    for _ in range(3):
        race.obey({"verb": "epoch", "id": "7"})
    assert (race.step, race.heard) == (10, 7)
    race.obey({"verb": "epoch", "id": "8"})
    assert race.step == 20
    race.obey({"verb": "reset", "id": "9"})
    assert race.step == 0
    race.obey({"verb": "epoch", "id": "8"})  # an old one comes late
    assert (race.step, race.heard) == (0, 9)


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"verb": "jump", "id": "1"},
        {"verb": "epoch"},
        {"verb": "epoch", "id": "-3"},
        {"verb": "epoch", "id": "x"},
        {"verb": "reset", "id": "9" * 400},
        {"verb": "epoch", "id": "²"},
    ],
)
def test_nonsense_changes_nothing(texts: dict[str, str]) -> None:
    race = start()
    race.obey(texts)
    assert (race.step, race.heard) == (0, 0)


def test_playing_runs_whole_laps_and_stops_at_the_end() -> None:
    race = start()
    race.obey({"verb": "play", "pace": "slow"})
    assert race.step == 3  # the first one at once
    race.obey({"verb": "play", "pace": "slow"})
    assert race.step == 3  # and the next in a third of a second
    for _ in range(100):
        race.obey({"verb": "play", "pace": "full"})
    assert race.is_over
    assert race.step == race.last_step


def test_a_new_start_is_the_first_one_again() -> None:
    race = start()
    first = race.runners["1"].curves
    finish(race)
    race.obey({"verb": "reset", "id": "1"})
    np.testing.assert_array_equal(race.runners["1"].curves, first)
    once, twice = finish(race), finish(start())
    for one, other in zip(once.runners.values(), twice.runners.values(), strict=True):
        np.testing.assert_array_equal(one.curves, other.curves)


def test_who_diverges_stops_alone() -> None:
    race = start(lrs=(1e38, LR, 1e38))
    race.run_epoch()
    assert not race.is_over
    finish(race)
    wild, tame, other = race.runners.values()
    assert wild.diverged_after is not None
    assert 0 < wild.diverged_after < 10
    assert other.diverged_after is not None
    assert tame.diverged_after is None
    assert tame.curves.shape[1] > wild.curves.shape[1]


def test_a_race_is_over_when_nobody_runs_any_more() -> None:
    race = start(lrs=(1e38, 1e38), epochs=50)
    finish(race)
    assert race.step < race.last_step


def test_the_gradient_before_the_first_step_is_that_of_the_first_images() -> None:
    entry = Entry(network(3, with_batch_norm=True), data(), SGD(LR))
    before = entry.model.state()
    lengths = first_gradients(entry, 20)
    for name, value in entry.model.state().items():
        np.testing.assert_array_equal(value, before[name])
    model = network(3, with_batch_norm=True)
    output = model.forward(data().train_images[:20])
    model.backward(cross_entropy(output, data().train_labels[:20])[1])
    assert list(lengths) == ["affine1", "batchnorm1", "affine2"]
    for name, length in lengths.items():
        layer = model.layers[model.names.index(name)]
        parts = np.concatenate([grad.ravel() for grad in layer.grads.values()])
        assert length == pytest.approx(np.linalg.norm(parts), rel=1e-6)


def test_looking_at_it_does_not_change_its_way() -> None:
    race, other = start(), start()
    while not race.is_over:
        race.run_lap()
        other.run_lap()
        for runner in other.runners.values():
            with runner.entry.model.in_use():
                runner.entry.model.trace(data().test_images[:1])
            runner.entry.model.eval()
    for one, two in zip(race.runners.values(), other.runners.values(), strict=True):
        np.testing.assert_array_equal(one.curves, two.curves)
