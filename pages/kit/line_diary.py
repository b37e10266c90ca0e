"""What L-BFGS did at each iteration: where its line search looked, and what it remembers.

An iteration looks along one direction, so the loss there is a curve that can be drawn: a cut
through a landscape of a thousand dimensions. `Diary.cut` computes it when somebody wants to see it;
learning itself only knows the few points where it looked, the trials.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cnn_core import LBFGS, Dataset, LBFGSReport, Sequential, evaluate
from cnn_core.line_search import Trial

Batch = np.ndarray[Any, np.dtype[np.intp]]
Vector = np.ndarray[Any, np.dtype[np.float64]]

LINES = 50  # directions to keep: each has as many numbers as the network has weights
SAMPLES = 33  # of a curve, besides the trials themselves
MARGIN = 0.12  # how much of the curve to see on both sides of start and furthest trial


@dataclass(frozen=True)
class Verdict:
    """What a trial is worth: the strong Wolfe conditions, one by one."""

    trial: Trial
    lower: bool  # sufficient decrease (Armijo): loss(α) ≤ loss(0) + c1·α·slope(0)
    flat: bool  # curvature: |slope(α)| ≤ c2·|slope(0)|
    accepted: bool


@dataclass(frozen=True)
class Entry:
    """An iteration, counted from 1, and the iterations whose curvature pairs it left in memory."""

    number: int
    report: LBFGSReport  # without its direction
    memory: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Line:
    """Where an iteration started, which way it looked, and at which images."""

    origin: Vector
    direction: Vector
    batch: Batch


class Diary:
    """All iterations of `optimizer`; the directions of the last few.

    `model` is a network like the one that learns, for looking around without disturbing it.
    """

    def __init__(self, optimizer: LBFGS, model: Sequential, data: Dataset) -> None:
        self.entries: list[Entry] = []
        self.c1, self.c2 = optimizer.c1, optimizer.c2
        self._model, self._data = model, data
        self._lines: dict[int, Line] = {}
        self._cuts: OrderedDict[int, np.ndarray] = OrderedDict()

    @cached_property
    def count(self) -> int:
        """How many training images there are."""
        return len(self._data.train_images)

    def sees_all(self, batch: Batch) -> bool:
        """Whether a batch holds all training images."""
        return len(batch) == self.count

    def write(self, report: LBFGSReport, origin: Vector, batch: Batch) -> None:
        """Note one more iteration, which started at `origin`."""
        number = len(self.entries) + 1
        before = self.entries[-1].memory if self.entries else ()
        memory = (*before, number) if report.pair_kept else before
        memory = memory[len(memory) - report.pairs :]  # the oldest pairs leave first
        self._lines[number] = Line(origin, report.direction, batch)
        self._lines.pop(number - LINES, None)
        self.entries.append(Entry(number, replace(report, direction=np.empty(0)), memory))

    def verdicts(self, number: int) -> list[Verdict]:
        """What every trial of an iteration is worth, in order."""
        report = self.entries[number - 1].report
        start, slope = report.loss_before, report.slope
        return [
            Verdict(
                trial,
                bool(trial.loss <= start + self.c1 * trial.step_length * slope),
                bool(abs(trial.slope) <= -self.c2 * slope),
                trial.step_length == report.step_length,
            )
            for trial in report.trials
        ]

    def cut(self, number: int) -> np.ndarray:
        """The loss along the direction of an iteration, (3, points) float32.

        Step lengths; the loss of the images that the iteration looked at; the loss of all training
        images. It has no points if the direction is not kept any more.
        """
        if number not in self._lines:
            return np.zeros((3, 0), np.float32)
        if number not in self._cuts:
            self._cuts[number] = self._sample(number)
            while len(self._cuts) > LINES:
                self._cuts.popitem(last=False)
        return self._cuts[number]

    def _sample(self, number: int) -> np.ndarray:
        line, report = self._lines[number], self.entries[number - 1].report
        trials = [trial.step_length for trial in report.trials]
        end = max(trials, default=1.0)
        around = np.linspace(-MARGIN * end, (1 + MARGIN) * end, SAMPLES)
        points = np.unique(np.concatenate([around, trials, [0.0]]))
        losses = [self._losses(line, step_length) for step_length in points]
        return np.column_stack([points, losses]).T.astype(np.float32)

    def _losses(self, line: Line, step_length: float) -> tuple[float, float]:
        data, model = self._data, self._model
        model.flat_params[...] = line.origin + step_length * line.direction
        every = evaluate(model, data.train_images, data.train_labels)[0]
        if self.sees_all(line.batch):
            return every, every
        images, labels = data.train_images[line.batch], data.train_labels[line.batch]
        return evaluate(model, images, labels)[0], every
