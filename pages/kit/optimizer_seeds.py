"""One race proves little: the same race with five seeds; and the duel of the question."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter

import numpy as np
import streamlit as st

from pages.kit.optimizer_race import LANES, MEASURES, OptimizerRace, Setup
from pages.kit.trainer.turns import turn

SEEDS = range(5)
SEED_LAPS = 100  # long enough for L-BFGS to get far below the others
DUEL_GOAL = 0.1
DUELISTS = ("momentum", "lbfgs")


@dataclass(frozen=True)
class Results:
    """The curves of each seed that is through, by lane."""

    curves: tuple[dict[str, np.ndarray], ...]

    def finishes(self, lane: str, measure: str) -> list[float]:
        """What was measured last, seed by seed."""
        row = MEASURES.index(measure)
        return [float(curves[lane][row, -1]) for curves in self.curves]

    def seconds_to(self, lane: str, goal: float) -> list[float | None]:
        """With each seed: after how many seconds the training loss was at most `goal`, if ever."""
        answer: list[float | None] = []
        for curves in self.curves:
            reached = np.flatnonzero(curves[lane][MEASURES.index("train_loss")] <= goal)
            seconds = curves[lane][MEASURES.index("seconds")]
            answer.append(float(seconds[reached[0]]) if len(reached) else None)
        return answer


class SeedRaces:
    """The race of a setup with every seed, one after the other; it goes on when somebody asks.

    Several readers may ask, and all gain by it.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.curves: list[dict[str, np.ndarray]] = []  # of each seed that is through, by lane
        self.laps = 0  # of all seeds together
        self._lock = Lock()
        self._legs = self._run()

    @property
    def last_lap(self) -> int:
        """With so many laps everything is known."""
        return len(SEEDS) * SEED_LAPS

    @property
    def is_over(self) -> bool:
        """Whether all seeds are through."""
        return len(self.curves) == len(SEEDS)

    def go_on(self) -> None:
        """Run for as long as a turn lasts."""
        with self._lock, turn(self) as seconds:
            stop_at = perf_counter() + seconds
            while next(self._legs, None) is not None and perf_counter() < stop_at:
                pass

    @property
    def results(self) -> Results:
        """What is known now; it stays as it is while the races go on."""
        return Results(tuple(self.curves))

    def _run(self) -> Iterator[int]:
        for number, seed in enumerate(SEEDS):
            race = OptimizerRace(replace(self.setup, seed=seed), laps=SEED_LAPS)
            while not race.is_over:
                race.run_leg()
                self.laps = number * SEED_LAPS + race.lap
                yield self.laps
            self.laps = (number + 1) * SEED_LAPS
            # The curves are all that is kept: the networks and their memories may go.
            self.curves.append({lane: race.runners[lane].curves for lane in LANES})


def middle(values: list[float | None]) -> float | None:
    """The median, where None is worse than any number; None if that is the median."""
    known = sorted(value for value in values if value is not None)
    place = len(values) // 2
    return known[place] if place < len(known) else None


def seed_races(setup: Setup) -> SeedRaces:
    """These races, as far as all readers together have come with them."""
    return _seed_races(replace(setup, seed=0))


@st.cache_resource(show_spinner=False, max_entries=10)
def _seed_races(setup: Setup) -> SeedRaces:
    return SeedRaces(setup)


@dataclass(frozen=True)
class Duel:
    """Momentum against L-BFGS until the first of them has reached the goal."""

    winner: str  # one of `DUELISTS`, or "alike" if they reached it in the same lap
    seconds: float  # of training, each
    losses: dict[str, float]  # of the training set
    accuracies: dict[str, float]  # on the test images


@st.cache_data(show_spinner=False)
def duel() -> Duel:
    """The question's answer, raced when somebody first asks for it."""
    race = OptimizerRace(Setup(), lanes=DUELISTS)
    home: list[str] = []
    while not home and not race.is_over:
        race.run_lap()
        home = [lane for lane, runner in race.runners.items() if runner.reached(DUEL_GOAL)]
    return Duel(
        winner=home[0] if len(home) == 1 else "alike",
        seconds=race.lap * race.lap_seconds,
        losses={lane: runner.latest("train_loss") for lane, runner in race.runners.items()},
        accuracies={lane: runner.latest("test_accuracy") for lane, runner in race.runners.items()},
    )
