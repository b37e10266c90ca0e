"""What speaks for a class: the votes of the last maps, and the ink that fed them.

The last layer only adds: a class's score is the sum of 400 votes (number × weight) and a bias. Up
to there the network is piecewise linear, so every vote is in turn a sum over the ink (pixel ×
gradient), and what the biases on the way add.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn_core import softmax
from pages.kit.reading import Plane, Reading, Row

Cells = NDArray[np.intp]  # positions in the row of 400 numbers

STRONGEST = 5


class Sums(NamedTuple):
    """A score, or the lead of one score over another, as a sum."""

    gain: float  # of all votes for it
    loss: float  # of all votes against it, ≤ 0
    bias: float
    total: float


class Ink(NamedTuple):
    """The ink (28, 28) that fed some votes, and what the biases on the way add to them."""

    pixels: Plane
    rest: float


@dataclass(frozen=True, eq=False)
class Case:
    """The votes of a reading for the class `chosen`, or for its lead over a `rival`.

    The `silent` strongest of them are set to 0, for all classes.
    """

    reading: Reading
    chosen: int
    rival: int | None = None
    silent: int = 0

    @cached_property
    def weight(self) -> Row:
        """The weights (400,) of the votes."""
        weight = self.reading.reader.weight
        return weight[self.chosen] - (0 if self.rival is None else weight[self.rival])

    @cached_property
    def order(self) -> Cells:
        """The cells that vote for it, the strongest first."""
        votes = self.weight * self.reading.numbers
        order = np.argsort(-votes, kind="stable")
        return order[votes[order] > 0]

    @property
    def most(self) -> int:
        """How many cells vote for it."""
        return len(self.order)

    @property
    def silenced(self) -> Cells:
        """The cells that are set to 0."""
        return self.order[: self.silent]

    @property
    def strongest(self) -> Cells:
        """The strongest cells that are left; none on a sheet without a stroke."""
        if self.reading.sheet.is_even:
            return self.order[:0]
        return self.order[self.silent : self.silent + STRONGEST]

    @cached_property
    def numbers(self) -> Row:
        """The 400 numbers."""
        numbers = self.reading.numbers.copy()
        numbers[self.silenced] = 0
        return numbers

    @cached_property
    def votes(self) -> Row:
        """Number × weight, for each of the 400."""
        return self.weight * self.numbers

    @cached_property
    def scores(self) -> Row:
        """The score of each class."""
        return self.reading.scores_of(self.numbers)

    @property
    def probabilities(self) -> Row:
        """The softmax of the scores."""
        return softmax(self.scores)

    @property
    def sums(self) -> Sums:
        """The votes for and against, the bias (or the difference of two) and their sum."""
        bias = self.reading.reader.bias
        own = float(bias[self.chosen] - (0 if self.rival is None else bias[self.rival]))
        gain = float(self.votes[self.votes > 0].sum())
        loss = float(self.votes[self.votes < 0].sum())
        return Sums(gain, loss, own, gain + loss + own)

    def of(self, cells: Cells) -> Row:
        """Weights (400,) of a sum of the votes of `cells` alone."""
        weights = np.zeros_like(self.weight)
        weights[cells] = self.weight[cells]
        weights[self.silenced] = 0
        return weights

    def inks(self, *groups: Cells) -> list[Ink]:
        """The ink that fed the votes of each group of cells."""
        planes = self.reading.by_ink(np.array([self.of(cells) for cells in groups]))
        return [
            Ink(pixels, float(self.votes[cells].sum() - pixels.sum()))
            for cells, pixels in zip(groups, planes, strict=True)
        ]

    def fed_by(self, row: int, column: int) -> Row:
        """What one pixel of the sheet adds to each of the 400 numbers."""
        fed = self.reading.fed[:, row, column].copy()
        fed[self.silenced] = 0
        return fed


def case_of(reading: Reading, chosen: str, rival: str, silent: int = 0) -> Case:
    """The case that the settings ask for: "winner" or a class, "nobody", "next" or a class.

    A class that wins leaves the role of the rival to the next one.
    """
    own = reading.winner if chosen == "winner" else int(chosen)
    if rival == "nobody":
        return Case(reading, own, None, silent)
    other = reading.rival_of(own) if rival in ("next", str(own)) else int(rival)
    return Case(reading, own, other, silent)


def falls_after(reading: Reading) -> int | None:
    """How many of the strongest votes for the winner must be silent until it wins no more.

    None if it wins without any vote.
    """
    winner = reading.winner
    for count in range(1, Case(reading, winner).most + 1):
        if Case(reading, winner, silent=count).scores.argmax() != winner:
            return count
    return None
