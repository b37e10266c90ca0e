"""Moments of a run that one can go back to, in bounded memory.

At first every step is kept, then every second, every fourth, ... as the run grows longer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.kit.trainer.setup import Optimizer, Tuning

MOST = 64  # snapshots of a branch
LARGEST = 8 * 2**20  # bytes of all their weights and memories; but never fewer than FEWEST
FEWEST = 8
LARGEST_MEMORY = LARGEST // (2 * FEWEST)  # an optimizer that remembers more goes on without it


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that decides how a run goes on from here."""

    step: int
    tuning: Tuning
    params: np.ndarray
    optimizer: Optimizer  # with its memory
    order: Mapping[str, Any]  # the state of the random generator when the epoch began
    batch: int  # batches of the epoch that have been used
    seconds: float
    evaluations: int


class Snapshots:
    """The kept moments of one branch of a run, in order."""

    def __init__(self) -> None:
        self.spacing = 1
        self._kept: dict[int, Snapshot] = {}  # by step

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def steps(self) -> list[int]:
        """After how many steps each was taken."""
        return list(self._kept)

    @property
    def size(self) -> int:
        """How many bytes all of them keep; L-BFGS's curvature pairs are often shared."""
        vectors = {
            id(each): each for kept in self for each in (kept.params, *kept.optimizer.memory)
        }
        return sum(vector.nbytes for vector in vectors.values())

    def wants(self, step: int) -> bool:
        """Whether a snapshot after this step would be kept."""
        return step % self.spacing == 0

    def keep(self, snapshot: Snapshot) -> None:
        """Add the latest moment."""
        self._kept[snapshot.step] = snapshot
        while len(self) > FEWEST and (len(self) > MOST or self.size > LARGEST):
            self.spacing *= 2
            self._kept = {step: each for step, each in self._kept.items() if self.wants(step)}

    def nearest(self, step: int) -> Snapshot:
        """The kept moment that is closest to a step."""
        return self._kept[min(self._kept, key=lambda kept: abs(kept - step))]

    def head(self, step: int) -> "Snapshots":
        """The moments up to a step, shared with this branch."""
        head = Snapshots()
        head.spacing = self.spacing
        head._kept = {kept: each for kept, each in self._kept.items() if kept <= step}
        return head
