"""One training run: a network, its optimizer, and everything that was measured on the way.

It knows nothing of pages: whoever owns it asks for steps (`step`, `epoch`, `advance`) and looks.
"""

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from cnn_core import (
    SGD,
    Adam,
    Dataset,
    DivergedError,
    StepReport,
    build_network,
    cross_entropy,
    fit,
    softmax,
)
from pages.kit.trainer.setup import (
    EPOCHS,
    ITERATIONS,
    Setup,
    Tuning,
    build_optimizer,
)

LEAST_STEPS = 10  # before a run may be called hopeless
CHUNK = 256  # test images that go through the network at a time


@dataclass(frozen=True)
class Exam:
    """What the network answers to every test image, after `step` steps."""

    step: int
    loss: float
    accuracy: float
    answers: np.ndarray  # (N,) the class with the highest score
    confidence: np.ndarray  # (N,) its probability


@dataclass(frozen=True)
class Mark:
    """After `step` steps the tuning was changed, or (None) the best weights were taken back."""

    step: int
    before: Tuning | None
    after: Tuning


@dataclass
class History:
    """The curves of a run: a number for each step, and one for each look at the test images."""

    setup: Setup
    tuning: Tuning
    steps_per_epoch: int
    losses: "array[float]" = field(default_factory=lambda: array("d"))
    accuracies: "array[float]" = field(default_factory=lambda: array("d"))
    test_steps: "array[int]" = field(default_factory=lambda: array("l"))
    test_losses: "array[float]" = field(default_factory=lambda: array("d"))
    test_accuracies: "array[float]" = field(default_factory=lambda: array("d"))
    marks: list[Mark] = field(default_factory=list)


class Run:
    """A run that plays, pauses, and goes on after trouble."""

    def __init__(
        self, setup: Setup, tuning: Tuning, data: Dataset, ghost: History | None = None
    ) -> None:
        self.setup, self.tuning, self.data = setup, tuning, data
        self.ghost = ghost  # the curves of the run before, to compare with
        self.rng = np.random.default_rng(setup.seed)
        self.model = build_network(setup.data, rng=self.rng)
        self.optimizer = build_optimizer(setup.optimizer, tuning)
        count = len(data.train_images)
        self.batch_size = count if setup.optimizer == "lbfgs" else min(setup.batch_size, count)
        steps_per_epoch = math.ceil(count / self.batch_size)
        self.history = History(setup, tuning, steps_per_epoch)
        # Looking at the test images costs as much as a third of learning from as many: look as
        # often as the run has used as many training images as there are test images.
        self.test_every = max(1, len(data.test_images) // self.batch_size)

        self.playing = False
        self.stopped_by = ""  # "diverged", "done" or "converged": why it does not play any more
        self.report: StepReport | None = None
        self.first_kernels = self.kernels
        self._seconds_before = 0.0
        self.epochs_at_a_time = ITERATIONS if setup.optimizer == "lbfgs" else EPOCHS[setup.data]
        self._best = (math.inf, 0, self.model.flat_params.copy())
        self._steps = self._fit()
        self._examined_losses = 0
        self.exam = self._examine()

    # --- what one sees ---

    @property
    def step_count(self) -> int:
        """Steps made so far."""
        return len(self.history.losses)

    @property
    def epochs(self) -> float:
        """Passes through the training images so far."""
        return self.step_count / self.history.steps_per_epoch

    @property
    def seconds(self) -> float:
        """Time spent on learning itself."""
        return self._seconds_before + (self.report.seconds if self.report else 0.0)

    @property
    def kernels(self) -> np.ndarray:
        """A copy of the first layer's kernels (filters, channels, height, width)."""
        return self.model.layers[0].params["weight"].copy()

    @property
    def best_step(self) -> int:
        """After how many steps the training loss was lowest."""
        return self._best[1]

    @property
    def collapsed(self) -> bool:
        """Whether it gives every test image the same answer though it had time to learn."""
        learned = self.report.step if self.report else 0
        had_time = learned >= max(self.history.steps_per_epoch, LEAST_STEPS)
        return had_time and bool((self.exam.answers == self.exam.answers[0]).all())

    # --- the verbs ---

    def play(self) -> None:
        """Go on when the next steps are asked for."""
        self.playing = True

    def pause(self) -> None:
        """Stand still, and look at the test images where it stands."""
        self.playing = False
        self.examine()

    def step(self) -> None:
        """Make one step by hand."""
        self.playing = False
        self._step()
        self.examine()

    def epoch(self) -> None:
        """Go on to the end of this pass through the training images."""
        self.playing = False
        self._step()
        while not self.stopped_by and self.step_count % self.history.steps_per_epoch:
            self._step()
        self.examine()

    def advance(self, steps: float, seconds: float) -> None:
        """Make at most so many steps, for about so long; at least one if it plays at all."""
        stop_at = perf_counter() + seconds
        while self.playing and steps >= 1:
            self._step()
            steps -= 1
            if perf_counter() >= stop_at:
                break
        if not self.playing:
            self.examine()

    def tune(self, tuning: Tuning) -> None:
        """Change learning rate and momentum from the next step on."""
        if tuning == self.tuning:
            return
        if self.step_count:
            marks = self.history.marks
            again = marks and marks[-1].step == self.step_count and marks[-1].before
            before = marks.pop().before if again else self.tuning
            if before != tuning:
                marks.append(Mark(self.step_count, before, tuning))
        else:
            self.history.tuning = tuning
        self.tuning = tuning
        if isinstance(self.optimizer, SGD):
            self.optimizer.momentum = tuning.momentum
        if isinstance(self.optimizer, SGD | Adam):
            self.optimizer.lr = tuning.lr

    def go_back(self) -> None:
        """Take the weights with the lowest training loss so far, and a fresh optimizer."""
        self.model.flat_params = self._best[2]
        self.optimizer = build_optimizer(self.setup.optimizer, self.tuning)
        self.history.marks.append(Mark(self.step_count, None, self.tuning))
        self._begin_again()
        self.exam = self._examine()

    def examine(self) -> None:
        """Look at the test images, unless it has just been done."""
        if self.exam.step != self.step_count:
            self.exam = self._examine()

    # --- how it works ---

    def _fit(self) -> Iterator[StepReport]:
        return fit(
            self.model,
            self.data,
            optimizer=self.optimizer,
            batch_size=self.batch_size,
            epochs=self.epochs_at_a_time,
            rng=self.rng,
        )

    def _begin_again(self) -> None:
        self._seconds_before = self.seconds
        self.report = None
        self.stopped_by = ""
        self._steps = self._fit()

    def _step(self) -> None:
        if self.stopped_by == "diverged":
            self.go_back()
        elif self.stopped_by:
            self._begin_again()
        try:
            self.report = next(self._steps)
        except DivergedError:
            self._stop("diverged")
            return
        if not self.step_count:  # the first batch tells how good the first weights are
            self._best = (self.report.loss, *self._best[1:])
        self.history.losses.append(self.report.loss)
        self.history.accuracies.append(self.report.batch_accuracy)
        if self.step_count % self.test_every == 0:
            self.examine()
        if self.report.line_search and self.report.line_search.converged:
            self._stop("converged")
        elif self.report.step == self.epochs_at_a_time * self.history.steps_per_epoch:
            self._stop("done")

    def _stop(self, reason: str) -> None:
        self.stopped_by, self.playing = reason, False

    def _examine(self) -> Exam:
        images, labels = self.data.test_images, self.data.test_labels
        history, step = self.history, self.step_count
        with np.errstate(all="ignore"):  # weights that diverge may overflow
            chunks = [images[start : start + CHUNK] for start in range(0, len(images), CHUNK)]
            scores = np.concatenate([self.model.forward(chunk) for chunk in chunks])
            loss = float(cross_entropy(scores, labels)[0])
            answers = scores.argmax(axis=1)
            confidence = softmax(scores).max(axis=1)
        accuracy = int(np.count_nonzero(answers == labels)) / len(labels)

        if history.test_steps and history.test_steps[-1] == step:  # the weights were taken back
            for column in (history.test_steps, history.test_losses, history.test_accuracies):
                column.pop()
        history.test_steps.append(step)
        history.test_losses.append(loss)
        history.test_accuracies.append(accuracy)
        self._remember_best()
        return Exam(step, loss, accuracy, answers, confidence)

    def _remember_best(self) -> None:
        """Judge the weights by the training loss alone: the test images are for the exam."""
        recent = self.history.losses[self._examined_losses :]
        self._examined_losses = self.step_count
        if recent and (mean := sum(recent) / len(recent)) < self._best[0]:
            self._best = (mean, self.step_count, self.model.flat_params.copy())
