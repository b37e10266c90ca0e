"""Ten yes-or-no questions beside a softmax: counted by hand, and what the lesson says of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from cnn_core import (
    SGD,
    Affine,
    Flatten,
    Sequential,
    binary_cross_entropy_with_logits,
    evaluate,
    fit,
)
from pages.kit.ten_classes import GROUPS, LOSSES, Reading, Setup, after_training, bring, read
from tests.kit.regressions import BATCH, EPOCHS, MOMENTUM, STEPS, digits, taught

some_scores = arrays(np.float64, (6, 10), elements=st.integers(-9, 9).map(float), unique=False)


@given(some_scores, some_scores, st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_every_count_as_one_would_count_it(
    rest: np.ndarray, soft: np.ndarray, labels: list[int]
) -> None:
    reading = Reading({"rest": rest, "softmax": soft}, np.array(labels))
    expected: dict[str, list[bool]] = {name: [] for name in GROUPS}
    for own, others, label in zip(rest.tolist(), soft.tolist(), labels, strict=True):
        yes = sum(score > 0 for score in own)
        first, second = own.index(max(own)), others.index(max(others))
        expected["none"].append(yes == 0)
        expected["several"].append(yes >= 2)
        expected["differ"].append(first != second)
        expected["only_rest"].append(first == label != second)
        expected["only_softmax"].append(second == label != first)
    for place, name in enumerate(GROUPS):
        assert reading.counts[name] == sum(expected[name])
        assert ((reading.marks >> place) & 1).tolist() == expected[name]
    counts = reading.counts
    assert counts["right_softmax"] - counts["right_rest"] == (
        counts["only_softmax"] - counts["only_rest"]
    )
    for digit in range(10):
        claimed = [label for own, label in zip(rest, labels, strict=True) if own[digit] > 0]
        read_as = [label for own, label in zip(soft, labels, strict=True) if own.argmax() == digit]
        assert reading.of_class(digit) == {
            "own": labels.count(digit),
            "claimed": claimed.count(digit),
            "claimed_others": len(claimed) - claimed.count(digit),
            "read": read_as.count(digit),
            "read_others": len(read_as) - read_as.count(digit),
        }


def test_ten_regressions_that_learn_alone_are_one_against_the_rest() -> None:
    """No question knows of the others: each, trained by itself, ends with the same weights."""
    data, setup = digits(), Setup(lr=0.2, seed=3)
    race = setup.race()
    together = race.runners["rest"].entry.model
    first = {name: np.array(value) for name, value in together.layers[1].params.items()}
    race.run_epoch()
    for digit in (0, 8):
        alone = Sequential(Flatten(), Affine(64, 1, rng=np.random.default_rng(0)))
        for name, value in alone.layers[1].params.items():
            value[...] = first[name][digit : digit + 1]

        def is_it(output, labels, weight, digit=digit):
            target = (labels == digit)[:, None].astype(np.float32)
            return binary_cross_entropy_with_logits(output, target, weight)

        steps = fit(
            alone,
            data,
            optimizer=SGD(0.2, MOMENTUM),
            loss=is_it,
            batch_size=BATCH,
            epochs=1,
            rng=np.random.default_rng(3),
        )
        assert len(list(steps)) == race.step
        for name, value in alone.layers[1].params.items():
            np.testing.assert_allclose(
                value[0], together.layers[1].params[name][digit], rtol=1e-3, atol=1e-5
            )


def test_both_start_from_the_same_weights_and_only_the_loss_differs() -> None:
    rest, soft = (Setup(seed=5).entry(name) for name in LOSSES)
    assert rest.model.parameter_count == soft.model.parameter_count == 650
    np.testing.assert_array_equal(rest.model.flat_params, soft.model.flat_params)
    for kind, entry in (("rest", rest), ("softmax", soft)):
        loss = evaluate(entry.model, digits().test_images, digits().test_labels, loss=entry.loss)[0]
        answers, right = taught(kind, 0, seed=5).answers, np.eye(10)[digits().test_labels]
        yes = -np.log(answers) * right
        no = -np.log(1 - answers) * (1 - right) if kind == "rest" else 0
        assert loss == pytest.approx((yes + no).sum(axis=1).mean(), rel=1e-5)


def test_the_end_that_the_question_is_about_is_that_of_the_race() -> None:
    race = Setup().race()
    bring(race, race.last_step)
    assert race.is_over
    reading = read({name: runner.entry.model for name, runner in race.runners.items()})
    end = after_training(Setup())
    assert reading.counts == {name: end[name] for name in reading.counts}
    assert race.runners["rest"].latest("test_accuracy") == end["right_rest"] / end["images"]
    for kind in LOSSES:
        oracle = taught(kind, EPOCHS * STEPS)
        np.testing.assert_allclose(reading.scores[kind], oracle.scores, rtol=0.02, atol=0.02)
    unclaimed = reading.groups["none"]
    wrong = reading.reads["softmax"] != digits().test_labels
    assert end["wrong_unclaimed"] == sum(wrong[unclaimed])
    assert end["wrong_others"] == sum(wrong) - end["wrong_unclaimed"]


def test_a_race_is_brought_forward_and_back() -> None:
    race = Setup().race()
    bring(race, STEPS)
    after_one = np.array(race.runners["rest"].entry.model.flat_params)
    points = len(race.runners["rest"].points)
    bring(race, STEPS)  # it is there
    assert (race.step, len(race.runners["rest"].points)) == (STEPS, points)
    bring(race, STEPS + 1)  # to the end of the lap
    assert race.step == STEPS + 9
    bring(race, STEPS)
    assert race.step == STEPS
    np.testing.assert_array_equal(race.runners["rest"].entry.model.flat_params, after_one)


def test_the_softmax_is_a_little_ahead_from_ten_starts() -> None:
    for seed in range(10):
        end = after_training(Setup(seed=seed))
        assert 0 < end["right_softmax"] - end["right_rest"] < 15


def test_the_sums_are_as_far_from_1_as_the_lesson_says() -> None:
    sums = taught("rest", EPOCHS * STEPS).answers.sum(axis=1)
    assert (round(float(sums.min()), 1), round(float(sums.max()), 1)) == (0.1, 1.9)


def can_be_cut_off(digit: int) -> bool:
    """Whether some weights give all training images of a digit a score above 0, and no others."""
    data = digits()
    inputs = np.c_[data.train_images.reshape(-1, 64).astype(float), np.ones(len(data.train_labels))]
    sides = np.where(data.train_labels == digit, 1, -1)[:, None]
    result = linprog(
        np.zeros(65), A_ub=-sides * inputs, b_ub=-np.ones(len(inputs)), bounds=(None, None)
    )
    assert result.status in (0, 2)  # found, or proved to be impossible
    return bool(result.status == 0)


def test_only_the_8_cannot_be_cut_off_from_the_rest() -> None:
    assert [can_be_cut_off(digit) for digit in range(10)] == [digit != 8 for digit in range(10)]


def test_and_yet_the_highest_score_can_always_be_the_right_one() -> None:
    model, data = taught("softmax", 300 * STEPS), digits()
    scores = data.train_images.reshape(-1, 64).astype(float) @ model.weight.T + model.bias
    assert len(scores) == 1347
    assert (scores.argmax(axis=1) == data.train_labels).all()
