"""Zero padding as one setting: a slider for both sides alike, and choices that may differ by side.

In the URL: `padding=1`, or `padding=0,1` for no zeros before the input and one behind it.
"""

from collections.abc import Mapping

import streamlit as st

from cnn_core import fitting_paddings, same_padding, window_span
from pages.kit import state
from pages.kit.controls import WHOLE_NUMBER, UnusableError, bound, show, store
from pages.kit.language import _

Sides = tuple[int, int]  # before (above, left) and behind (below, right)


def zero_padding(key: str, full: int) -> Sides:
    """A slider from none to `full` zeros on every side."""

    def parse(text: str) -> Sides:
        numbers = text.split(",")
        if len(numbers) > 2 or not all(WHOLE_NUMBER.fullmatch(number) for number in numbers):
            raise UnusableError(_("which is not a whole number"))
        before, behind = int(numbers[0]), int(numbers[-1])
        possible = min(max(before, 0), full), min(max(behind, 0), full)
        if (before, behind) != possible:
            raise UnusableError(
                _("which is not possible here ({low} to {high})").format(low=0, high=full),
                instead=_text(possible),
            )
        return before, behind

    label, slider = _("Zero padding"), f"{key}-slider"
    sides = bound(key, (0, 0), parse, _text, label=label)
    if full == 0:
        st.caption(_("{label}: {value}").format(label=label, value="**0**"))
        return sides
    show(slider, sides[0])
    st.slider(label, 0, full, key=slider, on_change=lambda: store(key, state.get(slider)))
    return sides


def named_paddings(key: str, size: int, ksize: int, *, stride: int, dilation: int) -> None:
    """Offer the amounts that have a name; those that `key` is set to are on."""
    full = window_span(ksize, dilation) - 1
    same = same_padding(size, ksize, stride=stride, dilation=dilation)
    amounts = {"valid": (0, 0), "same": same, "full": (full, full)}
    choices = {f"{name} · {_written(sides)}": sides for name, sides in amounts.items()}
    _offer(_("Named paddings"), key, choices, f"{key}-named")


def exact_paddings(key: str, size: int, ksize: int, *, stride: int, dilation: int) -> None:
    """Offer the amounts with which the stride fits exactly; the one that `key` is set to is on."""
    label = _("Stride {stride} fits exactly with").format(stride=stride)
    fitting = fitting_paddings(size, ksize, stride=stride, dilation=dilation)
    if stride > 1 and fitting:
        choices = {_written(sides): sides for sides in fitting}
        _offer(label, key, choices, f"{key}-exact")
    else:
        which = _("no padding up to full") if stride > 1 else _("every padding")
        st.caption(_("{label}: {value}").format(label=label, value=f"**{which}**"))


def _offer(label: str, key: str, choices: Mapping[str, Sides], widget: str) -> None:
    """Choices of which several may be on, where amounts coincide, or none."""
    now = state.here().settings[key]
    on = [name for name, sides in choices.items() if _text(sides) == now]

    def pick() -> None:
        for name in set(state.get(widget)) - set(on):
            store(key, _text(choices[name]))

    show(widget, on)
    st.segmented_control(label, list(choices), selection_mode="multi", key=widget, on_change=pick)


def _text(sides: Sides) -> str:
    before, behind = sides
    return str(before) if before == behind else f"{before},{behind}"


def _written(sides: Sides) -> str:
    """For the reader: 1, or 0 + 1 where the sides differ."""
    return _text(sides).replace(",", " + ")
