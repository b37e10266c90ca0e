"""One neuron with two inputs: its scores, the line where they are 0, and how it learns."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from cnn_core import affine, affine_backward, sigmoid

Point = tuple[float, float]
Ends = tuple[Point, Point]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

LOW, HIGH = -0.4, 1.05  # what the plane shows of both axes: all points, and room around the origin
LIMIT = 15  # the largest weight or bias that a slider shows
ARROW = 0.4 / LIMIT  # how long one unit of weight is drawn: the longest arrow stays in view
CONTOUR = 4.0  # the score of the two lines beside the boundary; there the colours are full

LEARNING_RATE = 4.0
STEPS = 300


@dataclass(frozen=True)
class Neuron:
    """score = w₁·x₁ + w₂·x₂ + b; it answers yes where the score is above 0."""

    weight: Point
    bias: float

    def products(self, points: Numbers) -> Numbers:
        """What each input adds to the score (N, 2)."""
        return points * self.weight

    def scores(self, points: Numbers) -> Numbers:
        """The scores of points (N, 2); what cancels exactly is 0, also in binary fractions."""
        scores = affine(points, np.array([self.weight]), np.array([self.bias]))[:, 0]
        return np.asarray(np.round(scores, 9) + 0.0)

    def right(self, points: Numbers, is_yes: np.ndarray) -> np.ndarray:
        """Which points get the right answer."""
        return np.asarray((self.scores(points) > 0) == is_yes)

    @property
    def norm(self) -> float:
        """‖w‖: by how much the score grows per unit of way across the boundary."""
        return math.hypot(*self.weight)

    @property
    def distance(self) -> float | None:
        """How far along w the boundary lies from the origin: −b/‖w‖. None without a boundary."""
        return -self.bias / self.norm if self.norm else None

    def line(self, score: float = 0.0) -> Ends | None:
        """Where the score has this value, as far as the plane is shown; None if nowhere."""
        return _clipped(self.weight, score - self.bias)

    def foot(self, score: float = 0.0) -> Point | None:
        """The point with this score that is next to the origin."""
        if not self.norm:
            return None
        share = (score - self.bias) / self.norm**2
        return self.weight[0] * share, self.weight[1] * share

    def for_sliders(self) -> "Neuron":
        """The neuron as sliders can show it: hundredths, and no number beyond `LIMIT`.

        All three are scaled together, so the boundary stays where it is.
        """
        largest = max(LIMIT, abs(self.bias), *map(abs, self.weight))
        first, second, bias = (
            round(value * LIMIT / largest, 2) for value in (*self.weight, self.bias)
        )
        return Neuron((first, second), bias)


def descend(
    neuron: Neuron, points: Numbers, is_yes: np.ndarray, *, has_bias: bool = True
) -> Iterator[Neuron]:
    """Yield the neuron after each step of gradient descent, for ever.

    sigmoid(score) is how sure the neuron is of a yes; a step makes that a little larger where yes
    is right and smaller where it is wrong.
    """
    weight, bias = np.array([neuron.weight]), np.array([neuron.bias])
    target = is_yes[:, None].astype(float)
    while True:
        score = affine(points, weight, bias)
        error = (sigmoid(score) - target) / len(points)
        _grad_x, grad_weight, grad_bias = affine_backward(error, points, weight)
        weight = weight - LEARNING_RATE * grad_weight
        if has_bias:
            bias = bias - LEARNING_RATE * grad_bias
        yield Neuron((float(weight[0, 0]), float(weight[0, 1])), float(bias[0]))


def learned(
    neuron: Neuron, points: Numbers, is_yes: np.ndarray, *, has_bias: bool
) -> list[tuple[int, Neuron]]:
    """Where `STEPS` steps lead, and the stops on the way that are worth a look.

    The first steps change most, so the stops lie close together there.
    """
    stops = set(np.geomspace(1, STEPS, 48).round().astype(int).tolist())
    path = [(0, neuron)]
    way = islice(descend(neuron, points, is_yes, has_bias=has_bias), STEPS)
    path += [(step, now.for_sliders()) for step, now in enumerate(way, start=1) if step in stops]
    return path


def best_without_bias(points: Numbers, is_yes: np.ndarray) -> int:
    """How many points the best of all neurons without a bias gets right.

    Their answers depend only on where w points. Turning it, an answer changes where w stands at a
    right angle to a point; so one direction between any two such places is enough to try them all.
    """
    if not len(points):
        return 0
    angles = np.arctan2(points[:, 1], points[:, 0])
    turns = np.unique(np.concatenate([angles - np.pi / 2, angles + np.pi / 2]) % (2 * np.pi))
    widths = np.diff(turns, append=turns[0] + 2 * np.pi)
    is_real = widths > 1e-9  # narrower ones are one place, rounded in two ways
    between = turns[is_real] + widths[is_real] / 2
    directions = np.stack([np.cos(between), np.sin(between)])
    return int(((points @ directions > 0) == is_yes[:, None]).sum(axis=0).max())


def best_with_bias(points: Numbers, is_yes: np.ndarray) -> int:
    """How many points the best of all neurons gets right.

    Any line can be moved, without changing an answer, until it almost touches a point. So it is
    enough to turn lines around each point, as if there was the origin; the point itself (and what
    lies on it) then falls to the side where more of it is right.
    """
    best = 0
    for pivot in np.unique(points, axis=0):
        is_here = (points == pivot).all(axis=1)
        here = is_yes[is_here]
        others = best_without_bias(points[~is_here] - pivot, is_yes[~is_here])
        best = max(best, others + max(int(here.sum()), int((~here).sum())))
    return best


def _clipped(normal: Point, offset: float) -> Ends | None:
    """The part of the line normal·x = offset inside the square that the plane shows."""
    a, b = normal
    ends: list[Point] = []
    for side in (LOW, HIGH):
        if b:
            ends += [(side, (offset - a * side) / b)]
        if a:
            ends += [((offset - b * side) / a, side)]
    slack = 1e-9
    inside = [end for end in ends if all(LOW - slack <= c <= HIGH + slack for c in end)]
    if len(inside) < 2:
        return None
    first = inside[0]
    last = max(inside, key=lambda end: math.dist(end, first))
    return (first, last) if math.dist(first, last) > slack else None
