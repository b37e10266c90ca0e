"""A softmax and a logistic regression on two digits: how they learn, worked out once more."""

from itertools import combinations

import numpy as np
import pytest

from cnn_core import load_dataset
from pages.kit.twins import DIGITS, LEARNING_RATE, STEPS, Images, Path, born, images_of, walked

ROUNDING = 1e-14


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def regression_by_hand(images: Images, weight: np.ndarray, bias: float) -> list[np.ndarray]:
    """The weights (64) and the bias after every step; the gradient is (P − t)·x."""
    found = [np.append(weight, bias)]
    for _step in range(STEPS):
        error = sigmoid(images.x @ weight + bias) - images.is_second
        weight = weight - 2 * LEARNING_RATE * (error @ images.x) / len(error)
        bias = bias - 2 * LEARNING_RATE * error.mean()
        found += [np.append(weight, bias)]
    return found


def softmax_by_hand(images: Images, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """The weights and biases (2, 65) after the last step."""
    target = np.stack([~images.is_second, images.is_second], axis=1)
    for _step in range(STEPS):
        powers = np.exp(images.x @ weights.T + biases)
        error = (powers / powers.sum(axis=1, keepdims=True) - target) / len(target)
        weights = weights - LEARNING_RATE * error.T @ images.x
        biases = biases - LEARNING_RATE * error.sum(axis=0)
    return np.column_stack([weights, biases])


def test_the_images_are_those_of_the_two_digits() -> None:
    data = load_dataset("digits", rng=np.random.default_rng(0))
    learning, unseen = images_of(("8", "3"))
    for images, pixels, labels in (
        (learning, data.train_images, data.train_labels),
        (unseen, data.test_images, data.test_labels),
    ):
        chosen = [n for n, label in enumerate(labels) if label in (3, 8)]
        np.testing.assert_array_equal(images.x, pixels[chosen].reshape(-1, 64))
        assert images.is_second.tolist() == [labels[n] == 3 for n in chosen]


@pytest.mark.parametrize(("pair", "seed"), [(("3", "8"), 0), (("1", "8"), 7), (("6", "0"), 9999)])
def test_every_step_is_the_one_that_the_gradient_asks_for(pair: tuple[str, str], seed: int) -> None:
    path, start = walked(pair, seed, 2), born(seed)
    by_hand = regression_by_hand(
        path.learning,
        start.weights[1] - start.weights[0],
        float(start.biases[1] - start.biases[0]),
    )
    np.testing.assert_allclose(path.weights[:, 3], by_hand, atol=1e-12)
    first, second = softmax_by_hand(path.learning, start.weights, start.biases)
    expected = [first, second, second - first, by_hand[-1], first + second]
    np.testing.assert_allclose(path.weights[-1], expected, atol=1e-12)

    z = path.unseen.x @ by_hand[-1][:64] + by_hand[-1][64]
    np.testing.assert_allclose(path.scores[-1, 3], z, atol=1e-11)
    np.testing.assert_allclose(path.probabilities[-1], [sigmoid(z)] * 2, atol=1e-12)
    z = path.learning.x @ by_hand[-1][:64] + by_hand[-1][64]
    chance = np.where(path.learning.is_second, sigmoid(z), sigmoid(-z))
    np.testing.assert_allclose(path.losses[-1], [-np.log(chance).mean()] * 2, rtol=1e-10)
    right = int(((z > 0) == path.learning.is_second).sum())
    assert path.right(path.learning)[-1] == (right, right)


def test_no_pair_of_digits_ever_tells_them_apart() -> None:
    for pair in combinations(DIGITS, 2):
        path = walked.__wrapped__(pair, 3, 2)
        assert {name: gap.max() < ROUNDING for name, gap in path.gaps.items()} == dict.fromkeys(
            ("weights", "probabilities", "losses", "sum"), True
        )
        assert all(two == one for two, one in path.right(path.unseen))
        assert (np.diff(path.losses[:, 0]) < 0).all()


def test_the_sum_that_never_moves_is_not_just_zero() -> None:
    total = walked(("3", "8"), 0, 2).weights[:, 4]
    np.testing.assert_allclose(total, np.broadcast_to(total[0], total.shape), atol=ROUNDING)
    assert np.abs(total[0]).max() > 0.1


def test_with_the_same_learning_rate_the_regression_goes_half_as_fast() -> None:
    path = walked(("3", "8"), 0, 1)
    assert path.gaps["weights"][-1] > 0.1
    by_softmax, by_regression = path.probabilities[-1]
    np.testing.assert_allclose(by_softmax, sigmoid(path.scores[-1, 2]), atol=1e-12)
    np.testing.assert_allclose(by_regression, sigmoid(path.scores[-1, 3]), atol=1e-12)
    assert path.gaps["probabilities"][-1] == np.abs(by_softmax - by_regression).max() > 0.1
    assert path.gaps["sum"].max() < ROUNDING
    assert path.behind[-1] == STEPS / 2
    assert all(abs(behind - step / 2) <= 1 for step, behind in enumerate(path.behind))
    twice = walked(("3", "8"), 0, 2)
    assert twice.behind == list(range(STEPS + 1))


def test_no_pair_is_harder_than_one_and_eight() -> None:
    def loss(path: Path) -> float:
        return float(path.losses[-1, 1])

    losses = {pair: loss(walked.__wrapped__(pair, 0, 2)) for pair in combinations(DIGITS, 2)}
    assert len(losses) == 45
    assert max(losses, key=losses.__getitem__) == ("1", "8")
