"""Which learning rates work: every network of the race with every rate, for a few epochs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

import numpy as np
import streamlit as st

from cnn_core import DivergedError, evaluate, fit
from pages.kit.scalings import BATCH_SIZE, LANES, LEARNING_RATES, line_up
from pages.kit.trainer.turns import turn

EPOCHS = 5
GOAL = 0.9  # test accuracy: a rate that gets there works
OPEN, DONE, DIVERGED = 0, 1, 2


@dataclass(eq=False)
class Sweep:
    """All trials with an activation and a seed, rate by rate; it goes on when somebody asks.

    Several readers may ask, and all gain by it.
    """

    activation: str
    seed: int
    accuracy: np.ndarray = field(init=False)  # (lanes, rates), 0 where nothing is known
    state: np.ndarray = field(init=False)  # OPEN, DONE or DIVERGED

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        shape = len(LANES), len(LEARNING_RATES)
        self.accuracy, self.state = np.zeros(shape, np.float32), np.full(shape, OPEN, np.uint8)
        self._lock = Lock()
        self._epochs = self._run()

    @property
    def is_over(self) -> bool:
        """Whether all is known."""
        return bool((self.state != OPEN).all())

    @property
    def works(self) -> np.ndarray:
        """Which rates get a network to the goal, (lanes, rates)."""
        return self.accuracy >= GOAL

    def go_on(self) -> None:
        """Run epochs for as long as a turn lasts."""
        with self._lock, turn(self) as seconds:
            stop_at = perf_counter() + seconds
            while next(self._epochs, None) is not None and perf_counter() < stop_at:
                pass

    def best(self) -> tuple[float, ...]:
        """Each network's best rate; among equals the smallest. This takes a while at first."""
        while not self.is_over:
            self.go_on()
        return tuple(LEARNING_RATES[int(row.argmax())] for row in self.accuracy)

    def _run(self) -> Iterator[int]:
        for rate, lr in enumerate(LEARNING_RATES):
            for lane, name in enumerate(LANES):
                for epoch, accuracy in enumerate(progress(name, self.activation, lr, self.seed), 1):
                    if accuracy is None:
                        self.state[lane, rate] = DIVERGED
                    elif epoch == EPOCHS:
                        self.accuracy[lane, rate], self.state[lane, rate] = accuracy, DONE
                    yield epoch


def progress(lane: str, activation: str, lr: float, seed: int) -> Iterator[float | None]:
    """The test accuracy after each epoch; None, and no more, once the loss is not a number."""
    entry = line_up(lane, activation, lr, seed)
    steps = fit(
        entry.model,
        entry.data,
        optimizer=entry.optimizer,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        rng=np.random.default_rng(seed),
    )
    count = -(-len(entry.data.train_images) // BATCH_SIZE)
    for _epoch in range(EPOCHS):
        try:
            for _step in range(count):
                next(steps)
        except DivergedError:
            yield None
            return
        yield evaluate(entry.model, entry.data.test_images, entry.data.test_labels)[1]


@st.cache_resource(show_spinner=False, max_entries=50)
def sweep(activation: str, seed: int) -> Sweep:
    """The sweep of an activation and a seed, as far as all readers together have come with it."""
    return Sweep(activation, seed)


@st.cache_data(show_spinner=False)
def reached(lane: str, lr: float) -> float:
    """The test accuracy of a network with ReLU after the epochs of a sweep; 0 if it diverged."""
    return list(progress(lane, "relu", lr, 0))[-1] or 0.0
