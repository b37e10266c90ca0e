"""One task, two networks: a softmax with a neuron for each of two digits, and one neuron for both.

The single neuron starts with the difference of the two others. From then on both learn from the
same images by plain gradient descent, and every step is kept, so that one can look how far they
ever are apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import Any

import numpy as np

from cnn_core import (
    Affine,
    affine,
    affine_backward,
    binary_cross_entropy_with_logits,
    cross_entropy,
    load_dataset,
    sigmoid,
    softmax,
)

Pair = tuple[str, str]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

DIGITS = tuple("0123456789")
LEARNING_RATE = 0.2  # of the softmax
RATIOS = {"double": 2, "same": 1}  # the learning rate of the single neuron, in that of the softmax
STEPS = 60


@dataclass(frozen=True)
class Images:
    """Images of two digits as rows of pixels, and which of them show the second digit."""

    x: Numbers  # (N, 64), ink from 0 to 1
    is_second: np.ndarray  # (N,) bool


@dataclass(frozen=True)
class Twins:
    """A softmax over two scores, and a logistic regression with one."""

    weights: Numbers  # (2, 64)
    biases: Numbers  # (2,)
    weight: Numbers  # (1, 64)
    bias: Numbers  # (1,)

    @property
    def two_size(self) -> int:
        """How many numbers the softmax has learned."""
        return self.weights.size + self.biases.size

    @property
    def one_size(self) -> int:
        """How many the regression has."""
        return self.weight.size + self.bias.size

    def scores(self, x: Numbers) -> tuple[Numbers, Numbers]:
        """The two scores (N, 2) of the softmax, and the one score (N, 1) of the regression."""
        return affine(x, self.weights, self.biases), affine(x, self.weight, self.bias)

    def losses(self, images: Images) -> tuple[float, float]:
        """The cross-entropy of both, over two classes and over a yes or no."""
        (two, one), yes = self.scores(images.x), images.is_second
        return (
            cross_entropy(two, yes.astype(int))[0],
            binary_cross_entropy_with_logits(one, yes[:, None].astype(float))[0],
        )

    def right(self, images: Images) -> tuple[int, int]:
        """How many images each gets right: the larger score wins, or a score above 0 says yes."""
        two, one = self.scores(images.x)
        answers = two.argmax(axis=1) == 1, one[:, 0] > 0
        first, second = (int((answer == images.is_second).sum()) for answer in answers)
        return first, second


def born(seed: int, pixels: int = 64) -> Twins:
    """The softmax as the core's layers begin, and the neuron that is the difference of its two."""
    layer = Affine(pixels, 2, rng=np.random.default_rng(seed), dtype=np.float64)
    weights, biases = layer.params["weight"].copy(), layer.params["bias"].copy()
    return Twins(weights, biases, weights[1:] - weights[:1], biases[1:] - biases[:1])


def descend(twins: Twins, images: Images, *, rate: float, ratio: float) -> Iterator[Twins]:
    """Yield both after each step of gradient descent, for ever.

    `rate` is the learning rate of the softmax, `ratio` times that of the regression.
    """
    labels, target = images.is_second.astype(int), images.is_second[:, None].astype(float)
    while True:
        two, one = twins.scores(images.x)
        _loss, error = cross_entropy(two, labels)
        _grad_x, grad_weights, grad_biases = affine_backward(error, images.x, twins.weights)
        _loss, error = binary_cross_entropy_with_logits(one, target)
        _grad_x, grad_weight, grad_bias = affine_backward(error, images.x, twins.weight)
        twins = Twins(
            twins.weights - rate * grad_weights,
            twins.biases - rate * grad_biases,
            twins.weight - ratio * rate * grad_weight,
            twins.bias - ratio * rate * grad_bias,
        )
        yield twins


@dataclass(frozen=True)
class Path:
    """The twins from before the first step to after the last, T = `STEPS` + 1 moments."""

    learning: Images
    unseen: Images
    moments: tuple[Twins, ...]

    @cached_property
    def weights(self) -> Numbers:
        """Of the first neuron, the second, their difference, the single one, their sum.

        (T, 5, 65): the weights of the pixels, and in the end the bias.
        """
        return np.stack([_five(moment) for moment in self.moments])

    @cached_property
    def scores(self) -> Numbers:
        """Of every unseen image: first, second, their difference, the single one (T, 4, N)."""
        pairs = [moment.scores(self.unseen.x) for moment in self.moments]
        rows = [(two[:, 0], two[:, 1], two[:, 1] - two[:, 0], one[:, 0]) for two, one in pairs]
        return np.array(rows)

    @cached_property
    def probabilities(self) -> Numbers:
        """That an unseen image shows the second digit: by softmax, by regression (T, 2, N)."""
        first, second, _difference, one = self.scores.swapaxes(0, 1)
        return np.stack([softmax(np.stack([first, second]), axis=0)[1], sigmoid(one)], axis=1)

    @cached_property
    def losses(self) -> Numbers:
        """Of both, on the images to learn from (T, 2)."""
        return np.array([moment.losses(self.learning) for moment in self.moments])

    def right(self, images: Images) -> list[tuple[int, int]]:
        """How many of the images both get right, at every moment."""
        return [moment.right(images) for moment in self.moments]

    @property
    def gaps(self) -> dict[str, Numbers]:
        """The largest difference of both at every moment (T,), in everything that can differ.

        "sum" is how far the sum of the softmax's two neurons has moved from where it began.
        """
        _first, _second, difference, one, total = self.weights.swapaxes(0, 1)
        return {
            "weights": np.abs(difference - one).max(axis=1),
            "probabilities": np.abs(self.probabilities[:, 0] - self.probabilities[:, 1]).max(
                axis=1
            ),
            "losses": np.abs(self.losses[:, 0] - self.losses[:, 1]),
            "sum": np.abs(total - total[0]).max(axis=1),
        }

    @property
    def behind(self) -> list[int]:
        """At every moment: after how many steps the softmax was where the regression is now."""
        softmax_losses, regression_losses = self.losses.T
        return [int(np.abs(softmax_losses - loss).argmin()) for loss in regression_losses]


@cache
def images_of(pair: Pair) -> tuple[Images, Images]:
    """The images of two digits to learn from, and those to be examined on."""
    data = load_dataset("digits", rng=np.random.default_rng(0))
    parts = (data.train_images, data.train_labels), (data.test_images, data.test_labels)
    learning, unseen = (
        Images(
            images[chosen].reshape(chosen.sum(), -1).astype(float), labels[chosen] == int(pair[1])
        )
        for images, labels in parts
        for chosen in [np.isin(labels, [int(digit) for digit in pair])]
    )
    return learning, unseen


@lru_cache(maxsize=32)
def walked(pair: Pair, seed: int, ratio: float) -> Path:
    """Let both learn to tell two digits apart, for `STEPS` steps."""
    learning, unseen = images_of(pair)
    first = born(seed)
    steps = descend(first, learning, rate=LEARNING_RATE, ratio=ratio)
    return Path(learning, unseen, (first, *islice(steps, STEPS)))


def _five(moment: Twins) -> Numbers:
    first, second = np.column_stack([moment.weights, moment.biases])
    one = np.append(moment.weight[0], moment.bias)
    return np.stack([first, second, second - first, one, first + second])
