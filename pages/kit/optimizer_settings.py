"""What the URL of /optimizers says about its race, and how to look at it."""

from collections.abc import Sequence

from pages.kit import controls
from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.optimizer_race import (
    ALL,
    BATCH_SIZES,
    COSTS,
    GOALS,
    HISTORIES,
    LAP,
    LBFGS_BATCH_SIZES,
    LEARNING_RATES,
    Setup,
)

RACE_SETTINGS = ("set", "sgd", "mom", "adam", "batch", "m", "lbatch", "seed")
VIEW_SETTINGS = ("axis", "goal")
RATES = tuple(map(format_number, LEARNING_RATES))
GOAL_NAMES = tuple(map(format_number, GOALS))


def stored_setup() -> Setup:
    """The race that the URL asks for."""
    standard = Setup()
    sgd, momentum, adam = standard.rates
    history = controls.stored_choice(
        "m", tuple(map(str, HISTORIES)), str(standard.history), label=_("Curvature pairs m")
    )
    return Setup(
        controls.stored_choice("set", tuple(LAP), standard.data, label=_("Image set")),
        (_rate("sgd", sgd), _rate("mom", momentum), _rate("adam", adam)),
        _size("batch", BATCH_SIZES, standard.batch_size),
        int(history),
        _size("lbatch", LBFGS_BATCH_SIZES, standard.lbfgs_batch_size),
        controls.stored_integer("seed", standard.seed, 0, 9999, label=_("Seed")),
    )


def stored_view() -> tuple[str, float]:
    """What the curves are drawn over, and the training loss that is the goal."""
    axis = controls.stored_choice("axis", COSTS, "seconds", label=_("Horizontal axis"))
    return axis, float(controls.stored_choice("goal", GOAL_NAMES, "0.1", label=_("Goal")))


def size_name(size: int) -> str:
    """How the URL writes a batch size."""
    return "all" if size == ALL else str(size)


def _rate(key: str, standard: float) -> float:
    name = controls.stored_choice(key, RATES, format_number(standard), label=_("Learning rate η"))
    return float(name)


def _size(key: str, sizes: Sequence[int], standard: int) -> int:
    names = {size_name(size): size for size in sizes}
    name = controls.stored_choice(key, tuple(names), size_name(standard), label=_("Batch size"))
    return names[name]
