"""Two scores on a line, and the probability that follows from both, or from their difference."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import UnusableError, store, stored_choice
from pages.kit.dials import Dial, dials, parse, settle
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.response import ticks
from pages.kit.twins import Pair
from pages.kit.two_scores import REACHES, TwoScores, curve, power

_stage = register("logistic_stage", "logistic_numbers", "logistic_line", "logistic_ways")

LIMIT = REACHES[-1]
SCORES = tuple(Dial("z", default, -LIMIT, LIMIT, 0.1) for default in (1.5, 2.3))
STEP_SHARE = 40  # steps of a slider from the middle of the axis to its end
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def chosen_scores() -> TwoScores:
    """The scores of the URL (`z=1.5,2.3`)."""
    return _tenths(dials("z", SCORES, label=_("Scores")))


def chosen_reach(scores: TwoScores) -> int:
    """How far the axis goes to both sides: what the URL says, but at least to the scores."""
    names = [str(reach) for reach in REACHES]
    chosen = stored_choice("reach", names, names[0], label=_("Axis of the scores"))
    return max(int(chosen), scores.reach)


def logistic_stage(scores: TwoScores, *, digits: Pair, reach: int) -> None:
    """Show the probability of the second of two `digits` both ways; the axis goes to ±`reach`.

    What is dragged is stored as "z", the choice of an axis as "reach".
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        turned = _tenths(parse(texts.get("z", ""), SCORES))
        if turned.reach > reach:
            raise UnusableError(_("which is not possible here"))
        return pack(_moving(turned), {}, {})

    def moved(event: Mapping[str, Any]) -> None:
        settle(event)
        store("reach", reach)  # also where a link's scores needed more than it asked for

    _stage(
        key="logistic-stage",
        data={
            **_moving(scores),
            "direct": direct.address("logistic-stage", answer),
            "digits": digits,
            "names": [name("z", digit) for digit in digits],
            "reach": reach,
            "least_reach": scores.reach,
            "reaches": REACHES,
            "step": reach / STEP_SHARE,
            "score_ticks": ticks(-reach, reach, most=8),
            "difference_ticks": ticks(-2 * reach, 2 * reach, most=8),
            "arrows": {
                "softmax": arrow("softmax", (2,), 0),
                "sigmoid": arrow("sigmoid", (1,), 0),
            },
        },
        arrays={"curve": curve(reach).astype(np.float32)},
        text=_words(),
        on={
            "settle": moved,
            "reach": lambda chosen: store("reach", chosen) if chosen in REACHES else None,
        },
    )


def name(letter: str, digit: str) -> str:
    """A letter with a digit as its index: z₈."""
    return letter + digit.translate(SUBSCRIPTS)


def _tenths(values: tuple[float, ...]) -> TwoScores:
    """A dial's values are sums of its step; what was written as 2.3 shall be 2.3."""
    first, second = (round(value, 1) + 0.0 for value in values)
    return TwoScores(first, second)


def _moving(scores: TwoScores) -> dict[str, Any]:
    lowered = scores.lowered
    return {
        "z": [scores.first, scores.second],
        "difference": scores.difference,
        "probabilities": scores.softmax.tolist(),
        "sigmoid": scores.sigmoid,
        "gap": scores.gap,
        "is_plain": scores.is_plain,
        "powers": scores.powers,
        "lowered": [lowered.first, lowered.second],
        "lowered_powers": lowered.powers,
        "odds": power(scores.difference),
        "one_over_odds": power(-scores.difference),
        "notes": _notes(scores),
    }


def _notes(scores: TwoScores) -> list[str]:
    """What has to be said about scores that are very large or far apart."""
    sentences = []
    if not scores.is_plain:
        too_large = max(scores.first, scores.second) > 0
        sentences += [
            _(
                "eˣ of such a score is too large for a computer’s numbers, so the softmax first "
                "takes the larger score away from both; that changes nothing."
            )
            if too_large
            else _(
                "eˣ of both scores is too small for a computer’s numbers, so the softmax first "
                "takes the larger score away from both; that changes nothing."
            )
        ]
    if scores.looks_certain:
        sentences += [
            _("No probability is ever exactly 0 or 1: what is missing here is too small to show.")
        ]
    return sentences


def _words() -> dict[str, str]:
    return {
        "score": _("score of the {digit}"),
        "both": _("Both scores"),
        "lower": _("both −{step}"),
        "raise": _("both +{step}"),
        "axis": _("Axis"),
        "difference": _("difference {second} − {first}"),
        "softmax": _("Softmax of both scores"),
        "sigmoid": _("Sigmoid of the difference"),
        "sum": _("sum"),
        "odds": _("Odds"),
        "to_one": _("{odds} to 1"),
        "agree": _("The same number both ways; as computed they differ by {gap}."),
        "agree_exactly": _("The same number both ways, as computed to the last digit."),
        "column": _("The shares of both powers in their sum"),
        "curve": _("The sigmoid over the difference of the scores"),
        "says": _("{first}, {second}: P({digit}) = {value}"),
    }
