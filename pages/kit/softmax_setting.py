"""What a reader sets on the way from scores to shares, and how the URL writes it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pages.kit.controls import UnusableError, bound, format_number, stored_choice
from pages.kit.language import _
from pages.kit.softmax_steps import Steps

ADDED = (-1000, -700, -100, -30, -10, -3, 0, 3, 10, 30, 100, 700, 1000)
# Ten steps for each factor of ten, so that the slider feels logarithmic; 1 is in the middle.
COLD = (0.1, 0.125, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8)
HOT = (1.25, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10)
TEMPERATURES = (*COLD, 1, *HOT)
HIGHEST, STEP = 10, 0.1  # of a score that is set by hand
MOST_CLASSES = 4

Hand = tuple[float | None, ...]  # for each class the score set by hand; None: the drawing's
NOTHING: Hand = (None,) * MOST_CLASSES


@dataclass(frozen=True)
class Setting:
    """Scores set by hand, what is added to all, the temperature, and whether they are shifted."""

    hand: Hand
    added: float
    temperature: float
    is_shifted: bool

    def scores(self, own: np.ndarray) -> np.ndarray:
        """The scores set by hand, and `own` where none is."""
        hand = self.hand[: len(own)]
        return np.array([mine if by is None else by for mine, by in zip(own, hand, strict=True)])

    def steps(self, own: np.ndarray) -> Steps:
        """The way from there to the shares."""
        return Steps(self.scores(own), self.added, self.temperature, self.is_shifted)


def setting() -> Setting:
    """The setting of the link: "z", "c", "t" and "shift"."""
    hand = bound("z", NOTHING, parse_hand, format_hand, label=_("Scores by hand"))
    added = bound("c", 0.0, parse_added, format_number, label=_("Added"))
    temperature = bound("t", 1.0, parse_temperature, format_number, label=_("Temperature"))
    is_shifted = stored_choice("shift", ("0", "1"), "0", label=_("Minus the maximum")) == "1"
    return Setting(hand, added, temperature, is_shifted)


def parse(texts: Mapping[str, str]) -> Setting:
    """The setting while something moves, from the texts as the URL writes them."""
    return Setting(
        parse_hand(texts.get("z", "")),
        parse_added(texts.get("c", "0")),
        parse_temperature(texts.get("t", "1")),
        texts.get("shift") == "1",
    )


def parse_hand(text: str) -> Hand:
    """Read `2.5,,-1,`: a score for the first class and the third."""
    if not text:
        return NOTHING
    cells = text.split(",")
    if len(cells) != MOST_CLASSES:
        raise UnusableError(
            _("which has {shape} numbers instead of {wanted}").format(
                shape=len(cells), wanted=MOST_CLASSES
            )
        )
    values = tuple(_number(cell) if cell else None for cell in cells)
    possible = tuple(None if value is None else _possible_score(value) for value in values)
    if format_hand(possible) != format_hand(values):
        raise UnusableError(_("which is not possible here"), instead=format_hand(possible))
    return possible


def format_hand(hand: Hand) -> str:
    """Write scores as `parse_hand` reads them."""
    if all(value is None for value in hand):
        return ""
    return ",".join("" if value is None else format_number(value) for value in hand)


def parse_added(text: str) -> float:
    """Read what is added to all scores."""
    return _stop(text, ADDED)


def parse_temperature(text: str) -> float:
    """Read the temperature."""
    return _stop(text, TEMPERATURES)


def _possible_score(value: float) -> float:
    return round(round(min(max(value, -HIGHEST), HIGHEST) / STEP) * STEP, 1)


def _stop(text: str, stops: Sequence[float]) -> float:
    value = _number(text)
    nearest = min(stops, key=lambda stop: abs(stop - value))
    if nearest != value:
        raise UnusableError(_("which is not possible here"), instead=format_number(nearest))
    return float(nearest)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UnusableError(_("which is not a number"))
    return number
