"""Several networks that learn side by side: the same images, the same order, step by step.

A race knows nothing of pages. It goes on when somebody asks (`obey`), for as long as a turn lasts,
and is measured after every lap, a third of an epoch.
"""

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic, perf_counter

import numpy as np

from cnn_core import (
    SGD,
    Dataset,
    DivergedError,
    Sequential,
    StepReport,
    cross_entropy,
    evaluate,
    fit,
)
from cnn_core.evaluation import Loss, target_for
from pages.kit.trainer.turns import turn
from pages.kit.wishes import Obedient

LAPS_PER_EPOCH = 3
MEASURES = ("epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy")


@dataclass(frozen=True)
class Entry:
    """One competitor at the start."""

    model: Sequential
    data: Dataset
    optimizer: SGD
    loss: Loss = cross_entropy


@dataclass
class Runner:
    """One competitor on its way."""

    entry: Entry
    steps: Iterator[StepReport]
    grad_norms: dict[str, float]  # of each layer, for the last batch
    diverged_after: int | None = None  # steps, if it did
    points: list[tuple[float, ...]] = field(default_factory=list)  # `MEASURES`, lap by lap

    @property
    def curves(self) -> np.ndarray:
        """Everything that was measured, (measures, points) float32."""
        return np.array(self.points, dtype=np.float32).T.copy()

    def latest(self, measure: str) -> float:
        """What was measured last."""
        return self.points[-1][MEASURES.index(measure)]


class Race(Obedient):
    """All `make()` returns, {name: entry}, at the start; `reset` makes them again.

    Each learns with batches of `batch_size` for `epochs` epochs. `seed` decides the order of the
    images, which is the same for all.
    """

    PACES: Mapping[str, float] = {
        "slow": LAPS_PER_EPOCH,
        "brisk": 5 * LAPS_PER_EPOCH,
        "full": math.inf,
    }

    def __init__(
        self, make: Callable[[], Mapping[str, Entry]], *, batch_size: int, epochs: int, seed: int
    ) -> None:
        self.batch_size, self.epochs, self.seed = batch_size, epochs, seed
        self._make = make
        super().__init__()

    def _start(self) -> None:
        self.step = 0
        self.runners = {name: self._line_up(entry) for name, entry in self._make().items()}
        first = next(iter(self.runners.values())).entry.data
        self.steps_per_epoch = math.ceil(len(first.train_images) / self.batch_size)
        self._lap = max(1, round(self.steps_per_epoch / LAPS_PER_EPOCH))
        self._measure()

    def _line_up(self, entry: Entry) -> Runner:
        steps = fit(
            entry.model,
            entry.data,
            optimizer=entry.optimizer,
            loss=entry.loss,
            batch_size=self.batch_size,
            epochs=self.epochs,
            rng=np.random.default_rng(self.seed),
        )
        return Runner(entry, steps, first_gradients(entry, self.batch_size))

    # --- how it stands ---

    @property
    def last_step(self) -> int:
        """With this step the race is over."""
        return self.epochs * self.steps_per_epoch

    @property
    def epoch(self) -> float:
        """Passes through the training images so far."""
        return self.step / self.steps_per_epoch

    @property
    def is_over(self) -> bool:
        """Whether nobody has a step to make any more."""
        stopped = all(runner.diverged_after is not None for runner in self.runners.values())
        return stopped or self.step >= self.last_step

    # --- the verbs ---

    def run_epoch(self) -> None:
        """Go on to the end of this pass through the training images."""
        self.run_lap()
        while not self.is_over and self.step % self.steps_per_epoch:
            self.run_lap()

    def run_lap(self) -> None:
        """Go on to the end of this lap, side by side, and measure."""
        into_epoch = self.step % self.steps_per_epoch
        steps = min(self._lap - into_epoch % self._lap, self.steps_per_epoch - into_epoch)
        for _ in range(min(steps, self.last_step - self.step)):
            self.step += 1
            for runner in self.runners.values():
                self._step(runner)
        self._measure()

    def _run_piece(self) -> None:
        self.run_epoch()

    def _play(self, pace: float) -> None:
        """Run the laps that are due, for as long as a turn lasts."""
        due = math.inf if math.isinf(pace) else self._pace.due(pace, monotonic())
        if due < 1 or self.is_over:
            return
        with turn(self) as seconds:
            stop_at = perf_counter() + seconds
            while due >= 1 and not self.is_over:
                self.run_lap()
                due -= 1
                if perf_counter() >= stop_at:
                    break

    def _step(self, runner: Runner) -> None:
        if runner.diverged_after is not None:
            return
        try:
            runner.grad_norms = next(runner.steps).grad_norms
        except DivergedError:
            runner.diverged_after = self.step - 1

    def _measure(self) -> None:
        for runner in self.runners.values():
            if runner.diverged_after is None:
                model, data, loss = runner.entry.model, runner.entry.data, runner.entry.loss
                train = evaluate(model, data.train_images, data.train_labels, loss=loss)
                test = evaluate(model, data.test_images, data.test_labels, loss=loss)
                runner.points.append((self.epoch, train[0], test[0], train[1], test[1]))


def first_gradients(entry: Entry, batch_size: int) -> dict[str, float]:
    """The norm of each layer's gradient before the first step, for as many training images."""
    model = copy.deepcopy(entry.model)  # a batch would leave its mark on a batch normalisation
    output = model.forward(entry.data.train_images[:batch_size])
    target = target_for(entry.loss, entry.data.train_labels[:batch_size], output)
    model.backward(entry.loss(output, target, None)[1], needs_input_grad=False)
    return {
        name: math.sqrt(sum(float(np.vdot(grad, grad)) for grad in layer.grads.values()))
        for name, layer in zip(model.names, model.layers, strict=True)
        if layer.grads
    }
