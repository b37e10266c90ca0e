"""The training loop: what it minimises, what it reports, where it stops."""

import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from cnn_core import training
from cnn_core.datasets import Dataset, load_dataset
from cnn_core.evaluation import evaluate, one_hot
from cnn_core.layers import Affine, Conv2d, Flatten, MaxPool2d, ReLU, Tanh
from cnn_core.lbfgs import LBFGS
from cnn_core.losses import cross_entropy, squared_error
from cnn_core.network import Sequential
from cnn_core.optim import SGD, Adam
from cnn_core.training import DivergedError, fit


def rng(seed=0):
    return np.random.default_rng(seed)


def make_data(count=10, tests=4):
    """Return images whose class is the brightest of three pixels."""
    images = rng(1).uniform(size=(count + tests, 1, 1, 3)).astype(np.float32)
    labels = images.reshape(-1, 3).argmax(axis=1)
    return Dataset(images[:count], labels[:count], images[count:], labels[count:], ("a", "b", "c"))


def make_model(activation=Tanh):
    return Sequential(Flatten(), Affine(3, 8, rng=rng(2)), activation(), Affine(8, 3, rng=rng(3)))


def train(model, data, optimizer=None, batch_size=4, epochs=2, seed=0, **options):
    steps = fit(
        model,
        data,
        optimizer=optimizer or SGD(0.1),
        batch_size=batch_size,
        epochs=epochs,
        rng=rng(seed),
        **options,
    )
    return list(steps)


class Spy:
    """A loss that notes the batches it is given."""

    def __init__(self, loss=cross_entropy):
        self.loss, self.labels, self.weights = loss, [], []

    def __call__(self, output, labels, sample_weight=None):
        self.labels.append(labels)
        self.weights.append(sample_weight)
        return self.loss(output, labels, sample_weight)


# What it does


def test_it_is_the_loop_of_the_textbook():
    data, model, twin = make_data(), make_model(), make_model()
    reports = train(model, data, SGD(0.5), batch_size=len(data.train_images), epochs=5)
    losses = []
    for _ in range(5):
        loss, grad = cross_entropy(twin.forward(data.train_images), data.train_labels)
        twin.backward(grad)
        twin.flat_params -= 0.5 * twin.flat_grads
        losses.append(loss)
    np.testing.assert_allclose([report.loss for report in reports], losses, rtol=1e-5)
    np.testing.assert_allclose(model.flat_params, twin.flat_params, rtol=1e-5)


def test_every_epoch_takes_every_sample_once_in_a_new_order():
    data = Dataset(
        np.zeros((10, 1, 1, 3), np.float32),
        np.arange(10),
        np.zeros((0, 1, 1, 3), np.float32),
        np.zeros(0, int),
        tuple("abcdefghij"),
    )
    spy = Spy()
    model = Sequential(Flatten(), Affine(3, 10, rng=rng()))
    reports = train(model, data, loss=spy, batch_size=4, epochs=2)
    assert [len(labels) for labels in spy.labels] == [4, 4, 2, 4, 4, 2]
    assert [report.step for report in reports] == [1, 2, 3, 4, 5, 6]
    assert [report.epoch for report in reports] == [1, 1, 1, 2, 2, 2]
    first, second = np.concatenate(spy.labels[:3]), np.concatenate(spy.labels[3:])
    assert sorted(first) == sorted(second) == list(range(10))
    assert first.tolist() != second.tolist()


@pytest.mark.parametrize("batch_size", [10, 11, 10**9])
def test_a_batch_size_beyond_the_data_is_a_full_batch(batch_size):
    data, spy = make_data(10), Spy()
    train(make_model(), data, loss=spy, batch_size=batch_size, epochs=3)
    assert len(spy.labels) == 3
    for labels in spy.labels:
        np.testing.assert_array_equal(labels, data.train_labels)


@pytest.mark.parametrize("make", [lambda: SGD(0.1, 0.9), lambda: Adam(0.01), lambda: LBFGS()])
def test_equal_seeds_give_equal_runs(make):
    runs = [(make_model(), train_seed) for train_seed in (5, 5, 6)]
    for model, seed in runs:
        train(model, make_data(), make(), seed=seed)
    one, two, other = (model.flat_params for model, _ in runs)
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()


def test_settings_may_change_on_the_way():
    model, sgd = make_model(), SGD(0.1)
    steps = fit(model, make_data(), optimizer=sgd, batch_size=4, epochs=1, rng=rng())
    next(steps)
    before = model.flat_params.copy()
    sgd.lr = 1e-30
    next(steps)
    np.testing.assert_array_equal(model.flat_params, before)


def test_the_data_is_not_modified():
    data = make_data()
    images, labels = data.train_images.copy(), data.train_labels.copy()
    train(make_model(), data)
    np.testing.assert_array_equal(data.train_images, images)
    np.testing.assert_array_equal(data.train_labels, labels)


# What it reports


def test_loss_accuracy_and_norms_are_of_the_batch_before_the_update():
    data, model, twin = make_data(), make_model(), make_model()
    report = train(model, data, batch_size=10, epochs=1)[0]
    output = twin.forward(data.train_images)
    loss, grad = cross_entropy(output, data.train_labels)
    twin.backward(grad)
    assert report.loss == pytest.approx(loss, rel=1e-6)
    assert report.batch_accuracy == np.mean(output.argmax(axis=1) == data.train_labels)
    assert type(report.batch_accuracy) is float
    assert list(report.grad_norms) == ["affine1", "affine2"]
    for name, layer in (("affine1", twin.layers[1]), ("affine2", twin.layers[3])):
        both = np.concatenate([layer.grads["weight"].ravel(), layer.grads["bias"]])
        assert report.grad_norms[name] == pytest.approx(np.linalg.norm(both), rel=1e-5)
    assert report.evaluations == 1
    assert report.line_search is None


def test_the_test_set_is_evaluated_after_the_update_at_the_chosen_steps():
    data, model = make_data(), make_model()
    steps = fit(
        model,
        data,
        optimizer=SGD(0.1),
        batch_size=3,
        epochs=2,
        rng=rng(),
        evaluate_every=3,
    )
    evaluated = []
    for report in steps:
        if report.test_loss is not None:
            evaluated.append(report.step)
            expected = evaluate(model, data.test_images, data.test_labels)
            assert (report.test_loss, report.test_accuracy) == expected
        else:
            assert report.test_accuracy is None
    assert evaluated == [3, 6, 8]


def test_seconds_leave_out_the_reader_and_the_test_set(monkeypatch):
    """On a clock that advances by a second whenever it is read, a step takes one second."""
    clock = SimpleNamespace(now=0.0)

    def tick():
        clock.now += 1
        return clock.now

    def slow_evaluation(*args, **options):
        clock.now += 1000
        return 0.0, 0.0

    monkeypatch.setattr(training, "perf_counter", tick)
    monkeypatch.setattr(training, "evaluate", slow_evaluation)
    seconds = []
    steps = fit(
        make_model(),
        make_data(),
        optimizer=SGD(0.1),
        batch_size=10,
        epochs=3,
        rng=rng(),
        evaluate_every=1,
    )
    for report in steps:
        seconds.append(report.seconds)
        clock.now += 1000
    assert seconds == [1, 2, 3]


# L-BFGS


def test_lbfgs_goes_down_at_every_step_and_pays_each_evaluation_once():
    data, spy = make_data(50), Spy()
    reports = train(make_model(), data, LBFGS(), loss=spy, batch_size=50, epochs=30)
    searches = [report.line_search for report in reports]
    losses = [report.loss for report in reports]
    assert all(b < a for a, b in pairwise(losses))
    assert losses[-1] < 0.1 * losses[0]
    assert [report.evaluations for report in reports] == list(
        1 + np.cumsum([search.evaluations for search in searches])
    )
    assert reports[-1].evaluations == len(spy.labels)
    for before, after in pairwise(searches):
        assert after.loss_before == before.loss


def test_who_plays_with_the_model_between_steps_does_not_mislead_lbfgs():
    """A lesson may run the network forwards and backwards, or go back to older parameters."""
    data = make_data(50)
    quiet, disturbed = make_model(), make_model()
    expected = train(quiet, data, LBFGS(), batch_size=50, epochs=6)
    steps = fit(disturbed, data, optimizer=LBFGS(), batch_size=50, epochs=6, rng=rng())
    for report, undisturbed in zip(steps, expected, strict=True):
        assert report.loss == undisturbed.loss
        assert report.batch_accuracy == undisturbed.batch_accuracy
        assert report.grad_norms == undisturbed.grad_norms
        disturbed.backward(np.ones_like(disturbed.forward(data.test_images)))
    np.testing.assert_array_equal(disturbed.flat_params, quiet.flat_params)

    steps = fit(disturbed, data, optimizer=LBFGS(), batch_size=50, epochs=6, rng=rng())
    start = disturbed.flat_params.copy()
    first = next(steps)
    disturbed.flat_params[...] = start
    assert next(steps).loss == first.loss


def test_lbfgs_on_small_batches_never_raises_the_loss_of_its_batch():
    reports = train(make_model(), make_data(50), LBFGS(), batch_size=20, epochs=4)
    assert all(report.line_search.loss <= report.loss for report in reports)
    assert len(reports) == 12


# Losses and weights


@pytest.mark.parametrize("loss", [cross_entropy, squared_error])
def test_the_batches_of_an_epoch_add_up_to_the_weighted_loss(loss):
    """Each batch estimates the whole: weighted by its share they give exactly the whole."""
    data, model = make_data(10), make_model()
    weight = rng(3).uniform(size=10)
    target = one_hot(data.train_labels, 3) if loss is squared_error else data.train_labels
    whole, _ = loss(model.forward(data.train_images), target, weight)
    still = SGD(1e-30)
    reports = train(model, data, still, loss=loss, sample_weight=weight, batch_size=4, epochs=1)
    shares = np.array([4, 4, 2]) / 10
    assert shares @ [report.loss for report in reports] == pytest.approx(whole, rel=1e-5)


def test_without_weights_the_loss_is_the_mean_over_the_batch():
    spy = Spy()
    train(make_model(), make_data(10), loss=spy, batch_size=4, epochs=1)
    for weight, size in zip(spy.weights, [4, 4, 2], strict=True):
        np.testing.assert_allclose(weight, np.full(size, 1 / size), rtol=1e-6)
        assert weight.dtype == np.float32


def test_a_weight_of_zero_takes_a_sample_out():
    data = make_data(10)
    half = Dataset(
        data.train_images[:5],
        data.train_labels[:5],
        data.test_images,
        data.test_labels,
        data.class_names,
    )
    one, two = make_model(), make_model()
    train(one, data, batch_size=10, sample_weight=[0.2] * 5 + [0] * 5, epochs=4)
    train(two, half, batch_size=5, epochs=4)
    np.testing.assert_allclose(one.flat_params, two.flat_params, rtol=1e-5)


def test_squared_error_learns_from_one_hot_targets():
    data, model = make_data(60, tests=60), make_model()
    reports = train(model, data, SGD(0.1, 0.9), loss=squared_error, epochs=100, evaluate_every=10)
    assert reports[-1].test_accuracy > 0.9
    output = model.forward(data.test_images)
    by_hand = 0.5 * np.mean(np.sum((output - np.eye(3)[data.test_labels]) ** 2, axis=1))
    assert reports[-1].test_loss == pytest.approx(by_hand, rel=1e-5)


# Where it stops


@pytest.mark.parametrize("make", [lambda: SGD(1e25), lambda: SGD(1e25, 0.9), lambda: Adam(1e37)])
def test_divergence_is_one_sentence_and_leaves_the_model_alone(make):
    model = make_model(ReLU)
    seen = [model.flat_params.copy()]
    steps = fit(model, make_data(), optimizer=make(), batch_size=4, epochs=50, rng=rng())
    with pytest.raises(
        DivergedError, match=r"became (inf|nan) at step \d+ with `lr` \(=1e\+\d+\); try a smaller"
    ):
        seen.extend(model.flat_params.copy() for _ in steps)
    np.testing.assert_array_equal(model.flat_params, seen[-1])
    assert list(steps) == []


@pytest.mark.parametrize("make", [lambda: SGD(0.1), lambda: LBFGS()])
def test_nan_in_the_images_is_not_blamed_on_the_learning_rate(make):
    data, model = make_data(), make_model()
    images = data.train_images.copy()
    images[0] = math.nan
    bad = Dataset(images, data.train_labels, data.test_images, data.test_labels, data.class_names)
    start = model.flat_params.copy()
    with pytest.raises(DivergedError, match=r"nan at step 1: look for inf or nan in the images"):
        train(model, bad, make(), batch_size=10)
    np.testing.assert_array_equal(model.flat_params, start)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, r"`batch_size` \(=0\) must be a whole number from 1"),
        ({"batch_size": 2.5}, r"`batch_size` \(=2.5\)"),
        ({"epochs": 0}, r"`epochs` \(=0\)"),
        ({"epochs": True}, r"`epochs` \(=True\)"),
        ({"rng": 0}, r"`rng` \(=0\) must be a generator"),
        ({"evaluate_every": 0}, r"`evaluate_every` \(=0\)"),
        ({"sample_weight": [1, 2]}, r"`sample_weight` has shape \(2,\), but there are 10"),
        ({"sample_weight": [-1] + [1] * 9}, "finite, not negative"),
        ({"sample_weight": [math.nan] + [1] * 9}, "finite, not negative"),
        ({"sample_weight": [0] * 10}, "not all zero"),
    ],
)
def test_options_out_of_range_are_refused_at_once(options, message):
    """Not only at the first step: `fit` itself complains."""
    settings = {"optimizer": SGD(0.1), "batch_size": 4, "epochs": 1, "rng": rng()}
    with pytest.raises(ValueError, match=message):
        fit(make_model(), make_data(), **(settings | options))


def test_data_that_is_missing_is_refused_at_once():
    settings = {"optimizer": SGD(0.1), "batch_size": 4, "epochs": 1, "rng": rng()}
    with pytest.raises(ValueError, match="no training images"):
        fit(make_model(), make_data(0), **settings)
    with pytest.raises(ValueError, match="needs test images"):
        fit(make_model(), make_data(tests=0), evaluate_every=1, **settings)


# Real digits


def digits_net(seed):
    return Sequential(
        Conv2d(1, 8, 3, padding=1, rng=rng(seed)),
        ReLU(),
        MaxPool2d(2),
        Conv2d(8, 16, 3, padding=1, rng=rng(seed + 1)),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Affine(64, 10, rng=rng(seed + 2)),
    )


def test_digits_are_learned_by_sgd():
    data = load_dataset("digits", rng=rng())
    reports = train(
        digits_net(10),
        data,
        SGD(0.05, momentum=0.9),
        batch_size=50,
        epochs=25,
        evaluate_every=1000,
    )
    assert reports[-1].test_accuracy >= 0.97


def test_digits_are_learned_by_lbfgs():
    data = load_dataset("digits", rng=rng(3))  # 98 %, so that rounding does not decide
    reports = train(digits_net(3), data, LBFGS(), batch_size=2000, epochs=100, evaluate_every=100)
    losses = [report.loss for report in reports]
    assert all(b < a for a, b in pairwise(losses))
    assert reports[-1].test_accuracy >= 0.97
    assert reports[-1].evaluations < 1.2 * len(reports)


@pytest.mark.parametrize("left_after", [0, 1, 3, 4, 5, 6])
@pytest.mark.parametrize("make", [lambda: SGD(0.1, 0.9), lambda: Adam(0.01), LBFGS])
def test_a_run_that_was_left_goes_on_as_if_nothing_had_happened(make, left_after) -> None:
    """Three steps an epoch: the copy takes over in the middle of the second one, or elsewhere."""
    data, batches = make_data(), 3
    straight = make_model()
    expected = [report.loss for report in train(straight, data, make(), epochs=4)]

    model, optimizer, generator = make_model(), make(), rng(0)
    run = fit(model, data, optimizer=optimizer, batch_size=4, epochs=4, rng=generator)
    epoch_began = generator.bit_generator.state
    for step in range(left_after):
        if step % batches == 0:
            epoch_began = generator.bit_generator.state
        next(run)
    if left_after % batches == 0:
        epoch_began = generator.bit_generator.state
    weights, twin = model.flat_params.copy(), optimizer.copy()
    list(run)  # the first one goes on to its end, which must not matter to its copy

    model.flat_params = weights
    generator.bit_generator.state = epoch_began
    options = {"epochs": 4 - left_after // batches, "skip_batches": left_after % batches}
    again = fit(model, data, optimizer=twin, batch_size=4, rng=generator, **options)
    assert [report.loss for report in again] == expected[left_after:]
    np.testing.assert_array_equal(model.flat_params, straight.flat_params)


@pytest.mark.parametrize("skip", [-1, 3, 1.5, True])
def test_more_batches_than_an_epoch_has_cannot_be_skipped(skip) -> None:
    with pytest.raises(ValueError, match=r"`skip_batches` \(=.*\) must be from 0 to 2"):
        train(make_model(), make_data(), skip_batches=skip)


def test_what_an_optimizer_remembers_can_be_seen() -> None:
    data, model = make_data(), make_model()
    count = model.flat_params.size
    optimizers: list[tuple[SGD | Adam, int]] = [(SGD(0.1, 0.9), 2), (Adam(0.1), 3)]
    for optimizer, vectors in optimizers:
        assert list(optimizer.memory) == []
        train(model, data, optimizer)
        assert {len(each) for each in optimizer.memory} == {count}
        assert len(optimizer.memory) == vectors
    lbfgs = LBFGS(history_size=2)
    train(model, data, lbfgs, batch_size=10, epochs=5)
    assert [vector.shape for vector in lbfgs.memory] == [(count,)] * 2 * len(lbfgs.pairs)
    assert lbfgs.copy().memory[0] is lbfgs.memory[0]  # pairs never change: copies share them
