"""Fair timing of two ways to do the same thing: in turns, so that both meet the same machine."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

ROUNDS = 9
SECONDS_A_TURN = 0.12


def medians(contestants: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return each contestant's median time for one call, in seconds.

    They take turns, A-B-A-B; a turn is as many calls as fit into `SECONDS_A_TURN`, at least one.
    The first turn of each is a warm-up and does not count.
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(ROUNDS + 1):
        for name, call in contestants.items():
            turn = _turn(call)
            if round_number:
                times[name] += turn
    return {name: median(values) for name, values in times.items()}


def _turn(call: Callable[[], object]) -> list[float]:
    times: list[float] = []
    while sum(times) < SECONDS_A_TURN:
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return times
