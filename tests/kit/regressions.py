"""Ten logistic regressions and a softmax regression, written out in float64: an oracle."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from cnn_core import Affine, Dataset, load_dataset

MOMENTUM, BATCH, EPOCHS = 0.9, 50, 30
STEPS = 27  # of an epoch: 1,347 images in batches of 50


@cache
def digits() -> Dataset:
    return load_dataset("digits", rng=np.random.default_rng(0))


@dataclass(frozen=True)
class Taught:
    """A regression that has learned: its weights, and its scores of the test images."""

    kind: str
    weight: np.ndarray
    bias: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        return digits().test_images.reshape(-1, 64).astype(float) @ self.weight.T + self.bias

    @property
    def answers(self) -> np.ndarray:
        return answers(self.kind, self.scores)


def answers(kind: str, scores: np.ndarray) -> np.ndarray:
    """e^z / (e^z + 1) for each score, or e^z over the sum of all."""
    powers = np.exp(scores)
    return powers / (powers + 1 if kind == "rest" else powers.sum(axis=1, keepdims=True))


@cache
def taught(kind: str, steps: int, *, lr: float = 0.1, seed: int = 0) -> Taught:
    """Gradient descent with momentum from the first weights of `Affine`, batch by batch."""
    data, start = digits(), Affine(64, 10, rng=np.random.default_rng(seed))
    pixels = data.train_images.reshape(-1, 64).astype(float)
    parameters = np.concatenate([start.params["weight"], start.params["bias"][:, None]], axis=1)
    parameters, velocity = parameters.astype(float), np.zeros((10, 65))
    rng = np.random.default_rng(seed)
    order: list[int] = []
    for _step in range(steps):
        order = order or rng.permutation(len(pixels)).tolist()
        batch, order = order[:BATCH], order[BATCH:]
        inputs = np.concatenate([pixels[batch], np.ones((len(batch), 1))], axis=1)
        target = np.eye(10)[data.train_labels[batch]]
        error = answers(kind, inputs @ parameters.T) - target
        velocity = MOMENTUM * velocity + error.T @ inputs / len(batch)
        parameters = parameters - lr * velocity
    return Taught(kind, parameters[:, :64], parameters[:, 64])
