"""What a network's first activation is given, and where it is too flat to pass a gradient on."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from cnn_core import Affine, BatchNorm1d, Sequential, affine, batch_norm
from pages.kit.stacks import ACTIVATIONS

REACH = 10  # the axis of u goes from −10 to 10; what lies beyond is counted at its ends
BINS = 80
SAMPLES = 201
FLAT = 0.05  # of the steepest slope: below that an activation counts as flat


@dataclass(frozen=True)
class Curve:
    """An activation f over the axis of u, and its slope f′."""

    u: np.ndarray
    f: np.ndarray
    slope: np.ndarray

    @property
    def steepest(self) -> float:
        """The largest slope."""
        return float(self.slope.max())

    @property
    def flat(self) -> list[tuple[float, float]]:
        """From where to where on the axis f is flat."""
        edges = np.diff(np.concatenate([[False], self.slope < FLAT * self.steepest, [False]]) * 1)
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
        return [(float(self.u[a]), float(self.u[b])) for a, b in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Glance:
    """The first layer, looked at with many images at once.

    `bars` are shares of all u: below the axis, in each of its bins, above it. `given`, `answers`
    and `slopes` (images, neurons) are u, f(u) and f′(u) of a few images.
    """

    bars: np.ndarray
    mean: float | None
    spread: float | None
    flat: float | None  # share of all u where f is flat
    stuck: int  # neurons for which it is flat whatever the image
    given: np.ndarray
    answers: np.ndarray
    slopes: np.ndarray


@cache
def curve(activation: str) -> Curve:
    """The curve of an activation."""
    u = np.linspace(-REACH, REACH, SAMPLES)
    return Curve(u, *_answers(activation, u))


def look(model: Sequential, activation: str, images: np.ndarray, chosen: list[int]) -> Glance:
    """Look at the first layer with all `images`, and keep the neurons of the `chosen` ones."""
    with np.errstate(all="ignore"):  # a network that diverges has numbers as large as they get
        u = before_activation(model, images)
        answers, slopes = _answers(activation, u)
        flat = slopes < FLAT * curve(activation).steepest
        usable = bool(np.isfinite(u).all())
        return Glance(
            _bars(u),
            float(u.mean(dtype=float)) if usable else None,
            float(u.std(dtype=float)) if usable else None,
            float(flat.mean()) if usable else None,
            int(flat.all(axis=0).sum()),
            *(values[chosen].astype(np.float32) for values in (u, answers, slopes)),
        )


def before_activation(model: Sequential, images: np.ndarray) -> np.ndarray:
    """What the first activation is given, (images, neurons).

    A batch normalisation measures these images, as it does with every batch in training; the
    network itself is left as it is.
    """
    first = next(layer for layer in model.layers if isinstance(layer, Affine))
    u = affine(images.reshape(len(images), -1), *first.params.values())
    for layer in model.layers:
        if isinstance(layer, BatchNorm1d):
            u = batch_norm(u, *layer.params.values(), eps=layer.eps)
    return u


def _answers(activation: str, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """f(u) and f′(u)."""
    outputs = ACTIVATIONS[activation].layer().forward(u)
    return outputs, ACTIVATIONS[activation].backward(np.ones_like(outputs), outputs)


def _bars(u: np.ndarray) -> np.ndarray:
    edges = np.linspace(-REACH, REACH, BINS + 1)
    counts, _edges = np.histogram(u, edges)
    # The last bin holds its right edge; so nothing is counted twice.
    outside = np.count_nonzero(u < -REACH), np.count_nonzero(u > REACH)
    return np.array([outside[0], *counts, outside[1]], np.float32) / u.size
