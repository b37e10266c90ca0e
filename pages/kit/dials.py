"""Sliders inside a component, which act while a finger still moves them.

Several dials share one setting of the URL (`gabor=30,8,3,90,0.5`). While a dial is turned, the
browser asks directly (`direct.py`) with that setting; when it is let go it sends "settle", and only
then the URL changes. So nothing else on the page moves under the finger.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pages.kit import state
from pages.kit.controls import UnusableError, bound, format_number, store
from pages.kit.language import _

Values = tuple[float, ...]


@dataclass(frozen=True)
class Dial:
    """One slider: its name in the reader's language, and the values low, low + step, ..., high."""

    label: str
    default: float
    low: float
    high: float
    step: float = 1
    unit: str = ""

    def nearest(self, value: float) -> float:
        """The value that the slider can show."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return self.low + steps * self.step


def dials(key: str, row: Sequence[Dial], *, label: str) -> Values:
    """The values of the dials that share the setting `key`."""
    start = tuple(dial.default for dial in row)
    return bound(key, start, lambda text: parse(text, row), _text, label=label)


def settle(event: Mapping[str, Any]) -> None:
    """Handle "settle": these values are the setting from now on."""
    if str(event["key"]) in state.here().settings:
        store(str(event["key"]), _text(event["values"]))


def described(key: str, row: Sequence[Dial], values: Values) -> dict[str, Any]:
    """The dials as the component draws them; `row` may leave the last ones out."""
    return {
        "key": key,
        "values": values,
        "dials": [
            {
                "label": _(dial.label),
                "low": dial.low,
                "high": dial.high,
                "step": dial.step,
                "unit": dial.unit,
            }
            for dial in row
        ],
    }


def parse(text: str, row: Sequence[Dial]) -> Values:
    """Read the values of a setting; `UnusableError` if the dials cannot show them."""
    cells = text.split(",")
    if len(cells) != len(row):
        raise UnusableError(
            _("which has {shape} numbers instead of {wanted}").format(
                shape=len(cells), wanted=len(row)
            )
        )
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)):
        raise UnusableError(_("which is not a list of numbers"))
    values = tuple(dial.nearest(number) for dial, number in zip(row, numbers, strict=True))
    if _text(values) != _text(numbers):
        raise UnusableError(_("which is not possible here"), instead=_text(values))
    return values


def _text(values: Sequence[float]) -> str:
    return ",".join(format_number(float(value)) for value in values)
