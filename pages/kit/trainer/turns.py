"""Many readers train in one process: one after the other, each for a short while.

NumPy's threads would only wait for each other, and for everybody who just turns a page. So a run
computes in turns; the more runs there are, the shorter a turn.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

ROUND = 0.3  # seconds in which everybody should have had a turn
LONGEST, SHORTEST = 0.075, 0.01  # seconds of a turn
GONE = 2.0  # seconds after which a run that has not asked again does not count

_turn = Lock()
_last_asked: dict[int, float] = {}  # by the run's id


@contextmanager
def turn(run: object) -> Iterator[float]:
    """Wait for a turn of `run`, and tell how many seconds it may take."""
    with _turn:
        yield length(run, monotonic())


def length(run: object, now: float) -> float:
    """How long a turn is now, `run` being one of those that train."""
    _last_asked[id(run)] = now
    for gone in [key for key, asked in _last_asked.items() if now - asked > GONE]:
        del _last_asked[gone]
    return min(max(ROUND / len(_last_asked), SHORTEST), LONGEST)


class Pace:
    """How many steps are due, at so many a second."""

    def __init__(self) -> None:
        self._last = -math.inf
        self._owed = 0.0

    def due(self, per_second: float, now: float) -> int:
        """Whole steps due now; the rest is kept for the next time. After a pause it is one."""
        gap, self._last = now - self._last, now
        stood_still = gap > 0.3 + 3 / per_second
        self._owed = 1.0 if stood_still else self._owed + gap * per_second
        whole = int(self._owed + 0.25)  # a step may come a little early: so it is never skipped
        self._owed -= whole
        return whole
