"""The same network learns by four optimizers at once, and all get the same seconds.

A race knows nothing of pages. It goes on when somebody asks (`obey`), for as long as a turn lasts.

What is fair? An iteration of L-BFGS costs dozens of times what a step of SGD costs, so taking turns
step by step would say nothing about the clock. Here everybody trains for one lap of a few
milliseconds, one after the other, before anybody begins the next lap. Whatever else keeps the
machine busy then slows all of them alike. Whoever cannot stop within a lap, because an iteration
takes longer, sits out until the others have caught up.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, perf_counter

import numpy as np
import streamlit as st

from cnn_core import (
    LBFGS,
    SGD,
    Adam,
    Dataset,
    DivergedError,
    Sequential,
    StepReport,
    build_network,
    evaluate,
    fit,
    load_dataset,
)
from pages.kit.line_diary import Batch, Diary
from pages.kit.trainer.turns import turn
from pages.kit.wishes import Obedient

LANES = ("sgd", "momentum", "adam", "lbfgs")
MOMENTUM = 0.9
LEARNING_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
HISTORIES = (1, 3, 5, 10, 20)
ALL = 0  # as a batch size: all training images
BATCH_SIZES = (8, 32, 128, ALL)
LBFGS_BATCH_SIZES = (64, 256, 512, ALL)

LAP = {"digits": 0.02, "xo": 0.002}  # seconds of training for everybody
LAPS = 150
FOR_EVER = 10**6  # epochs: it is the clock that ends a race

COSTS = ("steps", "evaluations", "images", "seconds")  # what learning is paid with
MEASURES = (*COSTS, "train_loss", "train_accuracy", "test_accuracy")
GOALS = (1, 0.3, 0.1, 0.03, 0.01, 0.001, 0.0001, 0.00001)  # training losses to reach


@dataclass(frozen=True)
class Setup:
    """What makes a race this one. The learning rates are those of the first three lanes."""

    data: str = "digits"  # or "xo"
    rates: tuple[float, float, float] = (0.3, 0.03, 0.01)
    batch_size: int = 32
    history: int = 10  # curvature pairs that L-BFGS keeps
    lbfgs_batch_size: int = ALL
    seed: int = 0  # of the first weights and of the order of the images

    def optimizer(self, lane: str) -> SGD | Adam | LBFGS:
        """What a lane learns with, at the start."""
        if lane == "lbfgs":
            return LBFGS(self.history)
        lr = self.rates[LANES.index(lane)]
        return Adam(lr) if lane == "adam" else SGD(lr, MOMENTUM if lane == "momentum" else 0)

    def images_at_a_time(self, lane: str) -> int:
        """How many training images an evaluation of a lane looks at."""
        wanted = self.lbfgs_batch_size if lane == "lbfgs" else self.batch_size
        count = len(dataset(self.data).train_images)
        return min(wanted, count) if wanted else count


@st.cache_resource(show_spinner=False)
def dataset(name: str) -> Dataset:
    """The images, the same for everybody."""
    return load_dataset(name, rng=np.random.default_rng(0))


def weights(setup: Setup) -> int:
    """How many numbers the network learns."""
    return build_network(setup.data, rng=np.random.default_rng(0)).parameter_count


@dataclass
class Runner:
    """One network on its way, and what it has paid so far."""

    model: Sequential
    optimizer: SGD | Adam | LBFGS
    reports: Iterator[StepReport]
    batches: Iterator[Batch]  # what `fit` deals out
    steps: int = 0
    evaluations: int = 0
    images: int = 0
    seconds: float = 0.0  # of training: neither of looking nor of waiting
    stopped: str = ""  # "diverged" or "converged": why it does not go on
    points: list[tuple[float, ...]] = field(default_factory=list)  # `MEASURES`, lap by lap
    diary: Diary | None = None  # of L-BFGS

    @property
    def curves(self) -> np.ndarray:
        """Everything that was measured, (measures, points) float32."""
        return np.array(self.points, dtype=np.float32).T.copy()

    def latest(self, measure: str) -> float:
        """What was measured last."""
        return self.points[-1][MEASURES.index(measure)]

    def reached(self, goal: float) -> int | None:
        """At which point the training loss was at most `goal` for the first time."""
        losses = (point[MEASURES.index("train_loss")] for point in self.points)
        return next((i for i, loss in enumerate(losses) if loss <= goal), None)

    def goes_on(self, end: float) -> bool:
        """Whether there is time left until `end`, and a reason to use it."""
        return not self.stopped and self.seconds < end

    def step(self) -> None:
        """Make one step, and count what it costs."""
        batch = next(self.batches)
        origin = None if self.diary is None else self.model.flat_params.astype(np.float64)
        try:
            report = next(self.reports)
        except DivergedError:
            self.stopped = "diverged"
            return
        self.steps = report.step
        self.images += (report.evaluations - self.evaluations) * len(batch)
        self.evaluations, self.seconds = report.evaluations, report.seconds
        if self.diary is not None and origin is not None and report.line_search is not None:
            self.diary.write(report.line_search, origin, batch)
            # Of a small batch it only means that this batch has nothing left to teach.
            if report.line_search.converged and self.diary.sees_all(batch):
                self.stopped = "converged"


class OptimizerRace(Obedient):
    """Some lanes of a setup, for so many laps; `reset` starts again."""

    PACES: Mapping[str, float] = {"slow": 1.0, "brisk": 4.0, "full": math.inf}

    def __init__(self, setup: Setup, lanes: Sequence[str] = LANES, laps: int = LAPS) -> None:
        self.setup, self.laps = setup, laps
        self.lap_seconds = LAP[setup.data]
        self.data = dataset(setup.data)
        self._lanes = tuple(lanes)
        super().__init__()

    def _start(self) -> None:
        self.lap = 0  # how many laps everybody has behind them
        self.runners = {lane: self._line_up(lane) for lane in self._lanes}
        for runner in self.runners.values():
            self._measure(runner)

    def _line_up(self, lane: str) -> Runner:
        """Everybody starts with the weights that the seed draws, and meets the same order."""
        setup, size = self.setup, self.setup.images_at_a_time(lane)
        model = build_network(setup.data, rng=np.random.default_rng(setup.seed))
        optimizer = setup.optimizer(lane)
        reports = fit(
            model,
            self.data,
            optimizer=optimizer,
            batch_size=size,
            epochs=FOR_EVER,
            rng=np.random.default_rng(setup.seed),
        )
        diary = None
        if isinstance(optimizer, LBFGS):
            spare = build_network(setup.data, rng=np.random.default_rng(setup.seed))
            diary = Diary(optimizer, spare, self.data)
        batches = dealt(len(self.data.train_images), size, setup.seed)
        return Runner(model, optimizer, reports, batches, diary=diary)

    # --- how it stands ---

    @property
    def limit(self) -> float:
        """Seconds of training after which the race is over."""
        return self.laps * self.lap_seconds

    @property
    def is_over(self) -> bool:
        """Whether nobody goes on any more."""
        return self.lap >= self.laps or all(runner.stopped for runner in self.runners.values())

    @property
    def diary(self) -> Diary:
        """What L-BFGS has done so far."""
        diary = self.runners["lbfgs"].diary
        if diary is None:
            raise LookupError("Only L-BFGS keeps a diary.")
        return diary

    # --- the verbs ---

    def run_lap(self) -> None:
        """Go on until everybody has this lap behind them."""
        lap = self.lap
        while self.lap == lap and not self.is_over:
            self.run_leg()

    def run_leg(self) -> None:
        """Let the next one run to the end of this lap; without one, the lap is over."""
        end = (self.lap + 1) * self.lap_seconds
        for runner in self.runners.values():
            if runner.goes_on(end):
                while runner.goes_on(end):
                    runner.step()
                self._measure(runner)
                return
        self.lap += 1

    def run_turn(self, seconds: float) -> None:
        """Run legs for about so long."""
        stop_at = perf_counter() + seconds
        while not self.is_over and perf_counter() < stop_at:
            self.run_leg()

    def _run_piece(self) -> None:
        self.run_lap()

    def _play(self, pace: float) -> None:
        due = math.inf if math.isinf(pace) else self._pace.due(pace, monotonic())
        if due < 1 or self.is_over:
            return
        with turn(self) as seconds:
            if math.isinf(due):
                self.run_turn(seconds)
            else:
                self.run_lap()  # a slow pace never owes more than one

    def _measure(self, runner: Runner) -> None:
        """Look at all images, with the same eyes for all; the clock stands still meanwhile."""
        if runner.stopped == "diverged":
            return
        data = self.data
        loss, right = evaluate(runner.model, data.train_images, data.train_labels)
        _loss, unseen = evaluate(runner.model, data.test_images, data.test_labels)
        if not math.isfinite(loss):
            return  # the next step will find out
        costs = runner.steps, runner.evaluations, runner.images, runner.seconds
        runner.points.append((*costs, loss, right, unseen))


def dealt(count: int, batch_size: int, seed: int) -> Iterator[Batch]:
    """The batches that `fit` learns from with this seed, one after the other."""
    rng, everything = np.random.default_rng(seed), np.arange(count)
    while True:
        order = everything if batch_size >= count else rng.permutation(count)
        for start in range(0, count, batch_size):
            yield order[start : start + batch_size]
