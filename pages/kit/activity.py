"""What one channel of a trained network gives for real digits, measured batch by batch."""

import math
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from cnn_core import (
    Affine,
    BatchNorm2d,
    Conv2d,
    batch_norm,
    batch_statistics,
    load_dataset,
    load_pretrained,
)
from pages.kit.batch import EPS

KINDS = {"map": Conv2d, "neuron": Affine}  # the last layer of each kind is looked at
SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
BATCHES = 60
BINS = 45
FARTHEST = 4.5  # where the axis of x̂ ends, on both sides

Array = np.ndarray


@cache
def digits() -> Array:
    """The training images that the shipped network learned from, (N, 8, 8)."""
    data = load_dataset("digits", rng=np.random.default_rng(0))
    return np.asarray(data.train_images[:, 0], dtype=np.float64)


@cache
def activations(kind: str) -> Array:
    """What the layer gives for all of them, before its activation function, (N, C, h, w)."""
    layers = load_pretrained("digits").layers
    last = max(i for i, layer in enumerate(layers) if isinstance(layer, KINDS[kind]))
    x = digits()[:, None].astype(np.float32)
    for layer in layers[: last + 1]:
        x = layer.forward(x)
    return x.reshape(*x.shape[:2], *(x.shape[2:] or (1, 1))).astype(np.float64)


@dataclass(frozen=True)
class Draws:
    """One channel in `BATCHES` batches of `size` images, drawn by `seed` as an epoch draws them.

    Batches are counted from 0.
    """

    kind: str
    channel: int
    size: int
    momentum: float
    seed: int

    @property
    def values(self) -> Array:
        """The channel's numbers for all images, (N, h, w)."""
        return activations(self.kind)[:, self.channel]

    @cached_property
    def chosen(self) -> Array:
        """Which images make up each batch, (BATCHES, size): no image twice in an epoch."""
        rng, images = np.random.default_rng(self.seed), len(self.values)
        each = images // self.size  # batches in an epoch
        epochs = [
            rng.permutation(images)[: each * self.size].reshape(each, self.size)
            for _epoch in range(math.ceil(BATCHES / each))
        ]
        return np.concatenate(epochs)[:BATCHES]

    @property
    def whole(self) -> Array:
        """Mean and standard deviation over all images, (2,)."""
        mean, var = batch_statistics(self.values[:, None])
        return np.array([mean[0], np.sqrt(var[0])])

    @cached_property
    def measured(self) -> Array:
        """Mean and standard deviation of each batch, (2, BATCHES)."""
        batches = self.values[self.chosen].swapaxes(0, 1)  # as if each were a channel
        mean, var = batch_statistics(batches)
        return np.stack([mean, np.sqrt(var)])

    @cached_property
    def running(self) -> Array:
        """What a layer in training remembers before the first and after each batch, (2, …)."""
        layer = BatchNorm2d(1, eps=EPS, momentum=self.momentum, dtype=np.float64)
        states = [np.concatenate(list(layer.statistics.values()))]
        for batch in range(BATCHES):
            layer.forward(self.values[self.chosen[batch]][:, None])
            states.append(np.concatenate(list(layer.statistics.values())))
        mean, var = np.array(states).T
        return np.stack([mean, np.sqrt(var)])

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Between what means and deviations of this channel lie at any size and momentum."""
        smallest = replace(self, size=SIZES[0]).measured
        begins = (0, 1)  # where the running ones start
        return [
            (float(min(start, row.min())), float(max(start, row.max())))
            for start, row in zip(begins, smallest, strict=True)
        ]

    def normalised(self, batch: int) -> tuple[Array, Array]:
        """x̂ of a batch: measured against itself, and with what is remembered after it."""
        x = self.values[self.chosen[batch]][:, None]
        mean, std = self.running[:, batch + 1, None]
        one, zero = np.ones(1), np.zeros(1)
        known = batch_norm(x, one, zero, mean=mean, var=std**2, eps=EPS)
        return batch_norm(x, one, zero, eps=EPS).ravel(), known.ravel()

    def histograms(self, batch: int) -> dict[str, list[float]]:
        """The shares of numbers in `BINS` bins: of all images and of the batch, x and then x̂."""
        values = self.values[self.chosen[batch]]
        training, use = self.normalised(batch)
        ends = (float(self.values.min()), float(self.values.max()))
        return {
            "all": shares(self.values, ends),
            "batch": shares(values, ends),
            "training": shares(training, (-FARTHEST, FARTHEST)),
            "use": shares(use, (-FARTHEST, FARTHEST)),
        }


def shares(values: Array, ends: tuple[float, float]) -> list[float]:
    """The share of the numbers in each bin; what lies beyond the ends is in the last ones."""
    counts, _edges = np.histogram(np.clip(values, *ends), BINS, ends)
    return (counts / values.size).tolist()
