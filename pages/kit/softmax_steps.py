"""From scores to shares, step by step: shift, temperature, powers, their sum."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_core import softmax

LARGEST, SMALLEST = np.finfo(np.float64).max, np.finfo(np.float64).smallest_subnormal
LIMIT, LIMIT_32 = np.log(LARGEST), np.log(np.float64(np.finfo(np.float32).max))


def naive_softmax(scores: np.ndarray) -> np.ndarray:
    """Compute what the formula says, as it is written: each power divided by the sum of all."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum()


@dataclass(frozen=True)
class Steps:
    """The way from scores (classes,) to shares.

    `added` goes to every score, then the `temperature` divides it. With `is_shifted` the largest
    is subtracted before the powers are taken, as the core does; without, nothing is.
    """

    scores: np.ndarray
    added: float = 0.0
    temperature: float = 1.0
    is_shifted: bool = False

    @cached_property
    def scaled(self) -> np.ndarray:
        """What the softmax is given."""
        return (self.scores + self.added) / self.temperature

    @cached_property
    def exponents(self) -> np.ndarray:
        """What e is raised to."""
        return self.scaled - self.scaled.max() if self.is_shifted else self.scaled

    @cached_property
    def powers(self) -> np.ndarray:
        """e to the exponents; ∞ where float64 cannot hold it."""
        with np.errstate(over="ignore"):
            return np.exp(self.exponents)

    @property
    def total(self) -> float:
        """All powers together."""
        with np.errstate(over="ignore"):
            return float(self.powers.sum())

    @cached_property
    def shares(self) -> np.ndarray:
        """Each power's part of the total; NaN where there is no such number."""
        return softmax(self.scaled) if self.is_shifted else naive_softmax(self.scaled)

    @property
    def winner(self) -> int | None:
        """The class with the largest share, if they are shares; of equal ones the first."""
        is_whole = abs(self.shares.sum() - 1) < 1e-6  # not where powers or their sum are ∞ or 0
        return int(np.argmax(self.shares)) if is_whole else None

    def rival(self, chosen: int) -> int:
        """The class with the largest score besides the chosen one."""
        others = [k for k in range(len(self.scores)) if k != chosen]
        return max(others, key=lambda k: self.scores[k])

    @property
    def trouble(self) -> str | None:
        """What floating point makes of the powers, if it is not what the formula means."""
        if np.isinf(self.powers).any():
            return "overflow"
        if np.isinf(self.total):
            return "overflow of the sum"
        if self.total == 0:
            return "underflow"
        if self.exponents.max() > LIMIT_32:
            return "overflow in float32"
        return None
