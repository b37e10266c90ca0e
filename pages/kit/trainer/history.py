"""The curves of a run, in bounded memory however long it goes on."""

import copy
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pages.kit.trainer.setup import Setup, Tuning


class Trace:
    """A long row of numbers. When it gets too long, neighbours become their mean."""

    LIMIT = 1200

    def __init__(self) -> None:
        self.thin = 1  # how many numbers each mean stands for
        self.means = array("d")
        self._sum, self._count = 0.0, 0  # of those that do not make up a whole mean yet

    def __len__(self) -> int:
        return self.thin * len(self.means) + self._count

    def append(self, value: float) -> None:
        """Add one number."""
        self._sum += value
        self._count += 1
        if self._count == self.thin:
            self.means.append(self._sum / self.thin)
            self._sum, self._count = 0.0, 0
            if len(self.means) == self.LIMIT:
                self.means = array("d", np.asarray(self.means).reshape(-1, 2).mean(axis=1))
                self.thin *= 2

    def head(self, count: int) -> "Trace":
        """A copy of the first `count` numbers; of a mean that is cut, the mean is kept."""
        whole, rest = divmod(min(count, len(self)), self.thin)
        head = copy.copy(self)
        head.means = self.means[:whole]
        if whole < len(self.means):
            head._sum = self.means[whole] * rest
        elif rest < self._count:
            head._sum = self._sum / self._count * rest
        head._count = rest
        return head


@dataclass(frozen=True)
class Mark:
    """After `step` steps the tuning was changed, or (None) other weights were taken."""

    step: int
    before: Tuning | None
    after: Tuning
    words: str = ""  # "back" to the last finite weights, or weights "loaded" from a file


@dataclass(frozen=True)
class Look:
    """What an exam found, and how hard each layer was learning at that moment."""

    step: int
    test_loss: float
    test_accuracy: float
    train_loss: float
    train_accuracy: float
    seconds: float
    evaluations: int
    grad_norms: tuple[float, ...]  # of the layers that learn; nan before the first step
    update_norms: tuple[float, ...]

    @property
    def numbers(self) -> tuple[float, ...]:
        """Those that make up curves."""
        return (
            self.step,
            self.test_loss,
            self.test_accuracy,
            self.train_loss,
            self.train_accuracy,
        )


@dataclass
class History:
    """The curves of a run: a number for each step, and some for each look at the images."""

    LIMIT = 1200  # looks

    setup: Setup
    tuning: Tuning
    steps_per_epoch: int
    losses: Trace = field(default_factory=Trace)
    accuracies: Trace = field(default_factory=Trace)
    looks: list[Look] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Steps made so far."""
        return len(self.losses)

    def add_look(self, look: Look) -> None:
        """Keep a look; one at the same step takes the place of the one before."""
        if self.looks and self.looks[-1].step == look.step:
            before = self.looks.pop()
            if math.isnan(look.grad_norms[0]):  # the step that led here is not known any more
                look = replace(look, grad_norms=before.grad_norms, update_norms=before.update_norms)
        self.looks.append(look)
        if len(self.looks) > self.LIMIT:  # every second one, the first and the last stay
            self.looks = self.looks[:1] + self.looks[2:-1:2] + self.looks[-1:]

    def nearest_look(self, step: int) -> Look:
        """The look that was taken closest to a step."""
        return min(self.looks, key=lambda look: abs(look.step - step))

    def batches(self) -> np.ndarray:
        """Loss and accuracy of the batches, (2, points) float32; see `Trace.thin`."""
        return np.array([self.losses.means, self.accuracies.means], dtype=np.float32)

    def exams(self) -> np.ndarray:
        """Look by look: step, test loss and accuracy, train loss and accuracy, (5, looks)."""
        return np.array([look.numbers for look in self.looks], dtype=np.float32).T.copy()

    def head(self, step: int) -> "History":
        """A copy of everything up to a step."""
        return History(
            self.setup,
            self.tuning,
            self.steps_per_epoch,
            self.losses.head(step),
            self.accuracies.head(step),
            [look for look in self.looks if look.step <= step],
            [mark for mark in self.marks if mark.step < step],
        )


def rows(history: History) -> tuple[Sequence[str], list[dict[str, float | int | None]]]:
    """The curves as a table: names of columns, and a row for each point in order of steps."""
    columns = (
        "step",
        "epoch",
        "batches",
        "batch_loss",
        "batch_accuracy",
        "test_loss",
        "test_accuracy",
        "train_loss",
        "train_accuracy",
        "seconds",
        "evaluations",
    )
    table: dict[int, dict[str, float | int | None]] = {}

    def row(step: int) -> dict[str, float | int | None]:
        return table.setdefault(step, {"step": step, "epoch": step / history.steps_per_epoch})

    thin = history.losses.thin
    pairs = zip(history.losses.means, history.accuracies.means, strict=True)
    for i, (loss, accuracy) in enumerate(pairs, start=1):
        row(i * thin).update(batches=thin, batch_loss=loss, batch_accuracy=accuracy)
    for look in history.looks:
        row(look.step).update(
            test_loss=look.test_loss,
            test_accuracy=look.test_accuracy,
            train_loss=look.train_loss,
            train_accuracy=look.train_accuracy,
            seconds=look.seconds,
            evaluations=look.evaluations,
        )
    return columns, [table[step] for step in sorted(table)]
