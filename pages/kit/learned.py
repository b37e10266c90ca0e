"""What LeNet's subsampling learns, β and b, and the activation behind it: settings of the URL."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from pages.kit.controls import UnusableError, bound, format_number, store, stored_choice
from pages.kit.dials import Dial
from pages.kit.language import _
from pages.kit.pools import ACTIVATIONS

BETA = Dial("β", 0.5, -1, 1, 0.05)
BIAS = Dial("b", -1, -5, 5, 0.25)
# With β = 1/K² the sum becomes the average; these have no short decimals.
FRACTIONS = {"1/9": 1 / 9, "1/16": 1 / 16}


class Learned(NamedTuple):
    """The numbers and the activation, in the order in which `Pools` takes them."""

    beta: float
    bias: float
    activation: str


def learned() -> Learned:
    """Read the settings `beta`, `bias` and `f`."""
    beta = bound("beta", BETA.default, _beta, written, label="β")
    bias = bound("bias", BIAS.default, _bias, written, label="b")
    return Learned(beta, bias, stored_choice("f", tuple(ACTIVATIONS), "none", label="f"))


def turned(texts: Mapping[str, str], activation: str) -> Learned:
    """What the settings become while a slider is turned; `UnusableError` if that cannot be."""
    return Learned(_beta(texts.get("beta", "")), _bias(texts.get("bias", "")), activation)


def settle(texts: Mapping[str, str]) -> None:
    """Keep what a slider or the list of activations was set to."""
    for key in ("beta", "bias", "f"):
        if key in texts:
            store(key, str(texts[key]))


def become_average(size: int) -> None:
    """Set all three such that the subsampling is the average of a window of size×size."""
    settle({"beta": written(1 / size**2), "bias": "0", "f": "none"})


def written(value: float) -> str:
    """A number as the URL and the reader have it: 0.25, 1/9."""
    return next((name for name, exact in FRACTIONS.items() if exact == value), format_number(value))


def _beta(text: str) -> float:
    return FRACTIONS[text] if text in FRACTIONS else _within(text, BETA)


def _bias(text: str) -> float:
    return _within(text, BIAS)


def _within(text: str, dial: Dial) -> float:
    """A number between the dial's ends, also one that its steps would pass over."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise UnusableError(_("which is not a number"))
    if not dial.low <= value <= dial.high:
        nearest = format_number(min(max(value, dial.low), dial.high))
        raise UnusableError(_("which is not possible here"), instead=nearest)
    return value
