"""Two scores, and how probable the second class is: by a softmax over both, and by one sigmoid."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_core import sigmoid, softmax

REACHES = (4, 40, 1000)  # how far the axis of the scores may go to both sides
SAMPLES = 401
DECIMALS = 6  # of a probability on the page


@dataclass(frozen=True)
class TwoScores:
    """The scores of two classes."""

    first: float
    second: float

    @property
    def both(self) -> np.ndarray:
        """Both scores (2,)."""
        return np.array([self.first, self.second])

    @property
    def difference(self) -> float:
        """The only thing that counts: second − first."""
        return self.second - self.first

    @cached_property
    def softmax(self) -> np.ndarray:
        """The probabilities of both classes (2,), as the core's softmax has them."""
        return softmax(self.both)

    @cached_property
    def sigmoid(self) -> float:
        """The probability of the second class, as the core's sigmoid has it."""
        return float(sigmoid(np.array([self.difference]))[0])

    @property
    def gap(self) -> float:
        """By how much the two computed probabilities of the second class differ."""
        return abs(float(self.softmax[1]) - self.sigmoid)

    @property
    def powers(self) -> tuple[float | None, float | None]:
        """e to the power of each score."""
        return power(self.first), power(self.second)

    @property
    def is_plain(self) -> bool:
        """Whether the powers can be divided as they stand: none is too large, and not all are 0."""
        first, second = self.powers
        return first is not None and second is not None and 0 < first + second < math.inf

    @property
    def lowered(self) -> "TwoScores":
        """The same two scores, lowered until the larger is 0; so the core's softmax does it."""
        largest = max(self.first, self.second)
        return TwoScores(self.first - largest, self.second - largest)

    @property
    def looks_certain(self) -> bool:
        """Whether the page cannot tell the probabilities from 0 and 1."""
        return bool(self.softmax.min() < 0.5 * 10**-DECIMALS)

    @property
    def reach(self) -> int:
        """The narrowest axis that holds both."""
        largest = max(abs(self.first), abs(self.second))
        return next(reach for reach in REACHES if largest <= reach)


def power(exponent: float) -> float | None:
    """e to the power of the exponent; None if that is beyond a computer's numbers."""
    try:
        return math.exp(exponent)
    except OverflowError:
        return None


def curve(reach: float) -> np.ndarray:
    """The sigmoid at `SAMPLES` differences, evenly over all that two scores up to `reach` have."""
    return sigmoid(np.linspace(-2 * reach, 2 * reach, SAMPLES))
