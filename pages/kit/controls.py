"""Controls that return core values and keep them in the URL.

Behind every control stands one hidden text field that Streamlit binds to the URL parameter of the
same name (`stride=2`, `k=1,2;0,-1`, `mode=max`); what a person sees (a slider, a choice, a grid)
only writes that text. So the URL never depends on the language, the browser's Back button works,
and everything that arrives is read by a strict parser here: what cannot be used falls back, and
the page says so in one sentence.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import streamlit as st

from pages.kit import state
from pages.kit.language import _

T = TypeVar("T")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
Numbers = np.ndarray[tuple[int, int], np.dtype[np.float64]]


class UnusableError(ValueError):
    """A text in the URL that a control cannot use.

    The message is a clause for the reader ("which is not a whole number"); `instead` is the text to
    use in its place when there is a better one than the default.
    """

    def __init__(self, reason: str, instead: str | None = None) -> None:
        super().__init__(reason)
        self.instead = instead


# ------------------------------------------------------------------ what a person sees


def integer(
    label: str, key: str, default: int, low: int, high: int, *, help: str | None = None
) -> int:
    """A slider over the whole numbers `low` to `high`; the range may depend on other controls."""
    value = stored_integer(key, default, low, high, label=label)
    if low == high:
        st.caption(_("{label}: {value}").format(label=label, value=f"**{value}**"))
        return value
    slider = f"{key}-slider"
    show(slider, value)
    st.slider(label, low, high, key=slider, help=help, on_change=_copy, args=(slider, key))
    return value


def choice(
    label: str,
    key: str,
    options: Mapping[str, str],
    default: str,
    *,
    visible_label: bool = True,
    help: str | None = None,
) -> str:
    """One of a few named `options` ({name in the URL: label}) in a segmented control."""
    value = stored_choice(key, tuple(options), default, label=label)
    segments = f"{key}-segments"
    show(segments, value)
    st.segmented_control(
        label,
        list(options),
        default=None,
        required=True,
        format_func=options.__getitem__,
        key=segments,
        label_visibility="visible" if visible_label else "collapsed",
        help=help,
        on_change=_copy,
        args=(segments, key),
    )
    return value


def pick(
    label: str, key: str, options: Mapping[str, str], default: str, *, help: str | None = None
) -> str:
    """One of several named `options` in a list that opens: for more than fit side by side."""
    value = stored_choice(key, tuple(options), default, label=label)
    listed(label, f"{key}-picker", options, value, lambda name: state.put(key, name), help=help)
    return value


def listed(
    label: str,
    widget: str,
    options: Mapping[str, str],
    value: str,
    take: Callable[[str], None],
    *,
    help: str | None = None,
) -> None:
    """A list that opens and shows the option `value`; `take` hears the name of another choice."""
    # The browser keeps the words of an option, not its name. They change with the language, and
    # with the counts in them: so it is told anew each time, and words of before are no choice.
    state.put(widget, value)
    st.selectbox(
        label,
        list(options),
        format_func=lambda name: options.get(name, name),
        key=widget,
        help=help,
        on_change=_take_option,
        args=(widget, tuple(options), take),
    )


def number(
    label: str, key: str, values: Sequence[float], default: float, *, help: str | None = None
) -> float:
    """A slider over a few given `values`, such as the learning rates 0.01, 0.03, 0.1."""
    names = [format_number(value) for value in values]
    name = stored_choice(key, names, format_number(default), label=label)
    slider = f"{key}-slider"
    show(slider, name)
    st.select_slider(label, names, key=slider, help=help, on_change=_copy, args=(slider, key))
    return float(values[names.index(name)])


def switch(label: str, key: str, default: bool = False, *, help: str | None = None) -> bool:
    """An on/off switch; 1 or 0 in the URL."""
    value = stored_choice(key, ("0", "1"), "1" if default else "0", label=label) == "1"
    toggle = f"{key}-toggle"
    show(toggle, value)
    st.toggle(label, key=toggle, help=help, on_change=_copy_switch, args=(toggle, key))
    return value


def seed(label: str, key: str = "seed", default: int = 0) -> int:
    """A seed from 0 to 9999, typed or stepped."""
    value = stored_integer(key, default, 0, 9999, label=label)
    field = f"{key}-number"
    show(field, value)
    st.number_input(label, 0, 9999, step=1, key=field, on_change=_copy, args=(field, key))
    return value


# ------------------------------------------------------------------ values without a widget


def stored_integer(key: str, default: int, low: int, high: int, *, label: str = "") -> int:
    """A whole number in the URL that a component moves (`store`), clamped to `low`..`high`."""

    def parse(text: str) -> int:
        if not WHOLE_NUMBER.fullmatch(text):
            raise UnusableError(_("which is not a whole number"))
        value = int(text)
        if not low <= value <= high:
            raise UnusableError(
                _("which is not possible here ({low} to {high})").format(
                    low=_spoken(low), high=_spoken(high)
                ),
                instead=str(min(max(value, low), high)),
            )
        return value

    return bound(key, default, parse, str, label=label)


def stored_choice(key: str, names: Sequence[str], default: str, *, label: str = "") -> str:
    """One of a few names in the URL."""

    def parse(text: str) -> str:
        if text not in names:
            raise UnusableError(
                _("which is unknown (it can be {names})").format(names=", ".join(names))
            )
        return text

    return bound(key, default, parse, str, label=label)


def grid(
    key: str, default: Sequence[Sequence[float]] | Numbers, *, limit: float = 99, label: str = ""
) -> Numbers:
    """A small grid of numbers in the URL as `1,2;0,-1`; it keeps the shape of `default`.

    It draws nothing: give it to the component `number_grid(key, ...)`, or to your own component
    and call `edit_cell` when a cell was edited. Numbers beyond ±`limit` are refused.
    """
    start = np.asarray(default, dtype=float)

    def parse(text: str) -> Numbers:
        values = parse_grid(text, limit)
        if values.shape != start.shape:
            raise UnusableError(
                _("which has {shape} numbers instead of {wanted}").format(
                    shape=_shape(values), wanted=_shape(start)
                )
            )
        return values

    return bound(key, start, parse, format_grid, label=label)


def store(key: str, value: object) -> None:
    """Set the setting `key` from a component's callback."""
    text = format_grid(value) if isinstance(value, np.ndarray) else str(value)
    state.put(key, text)
    state.here().settings[key] = text  # the next event of the same batch builds on it


def edit_cell(key: str, row: int, column: int, value: float, *, limit: float = 99) -> None:
    """Set one number of the grid `key` from a component's callback; nonsense changes nothing."""
    values = parse_grid(state.here().settings[key], limit)
    inside = 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
    if inside and math.isfinite(value) and abs(value) <= limit:
        values[row, column] = value
        store(key, values)


# ------------------------------------------------------------------ the texts of the URL


def bound(
    key: str, default: T, parse: Callable[[str], T], encode: Callable[[T], str], *, label: str = ""
) -> T:
    """The value of the URL parameter `key`: `default` when it is absent.

    `parse` raises `UnusableError` for a text that it cannot use; then the page goes on with another
    value and says so, until the control is moved.
    """

    def read(text: str) -> tuple[T, UnusableError | None]:
        try:
            return parse(text), None
        except UnusableError as error:
            return default if error.instead is None else parse(error.instead), error

    page = state.here()
    standard = encode(default)
    text = state.get(key)
    if text is not None and text == page.settings.get(key) != standard:
        # A text that was fine may stop fitting when another control moves: it moves along quietly.
        value, problem = read(text)
        if problem:
            state.put(key, encode(value))
    with st.container(key=f"setting-{key}"):  # hidden by the page's style
        text = st.text_input(
            key, standard, key=key, bind="query-params", label_visibility="collapsed"
        )
    value, problem = read(text)
    if problem and text != standard:
        announce(key, text, problem, encode(value), label=label)
    page.settings[key] = encode(value)
    page.defaults[key] = standard
    return value


def announce(key: str, text: str, reason: object, value: str, *, label: str = "") -> None:
    """Say in one sentence that the link asked for something this page cannot use."""
    setting = f"`{key}={_short(text)}`"
    if label:
        setting = _("{label} ({setting})").format(label=f"**{label}**", setting=setting)
    st.info(
        _("The link asks for {setting}, {reason}; this page uses {value}.").format(
            setting=setting, reason=reason, value=_spoken(_short(value))
        )
    )


def parse_grid(text: str, limit: float = 99) -> Numbers:
    """Read `1,2;0,-1` as a 2×2 array."""
    rows: list[list[float]] = []
    for row in text.split(";"):
        numbers = []
        for cell in row.split(","):
            try:
                number = float(cell)
            except ValueError:
                number = math.nan
            if not abs(number) <= limit:
                raise UnusableError(
                    _("in which “{cell}” is not a number from {low} to {high}").format(
                        cell=_short(cell), low=_spoken(-limit), high=_spoken(limit)
                    )
                )
            numbers.append(number)
        rows.append(numbers)
    if len({len(row) for row in rows}) != 1:
        raise UnusableError(_("whose rows have different lengths"))
    return np.array(rows)


def format_grid(values: np.ndarray) -> str:
    """Write a 2-D array as `1,2;0,-1`."""
    return ";".join(",".join(format_number(cell) for cell in row) for row in values)


def format_number(value: float) -> str:
    """A short text of a number: `2`, `-0.5`, `0.111111`."""
    text = f"{value:.6g}"
    return "0" if text == "-0" else text


def _shape(values: np.ndarray) -> str:
    return "×".join(map(str, values.shape))


def _spoken(value: object) -> str:
    """A value for a sentence, with true minus signs."""
    return re.sub(r"(?<!\w)-(?=[\d.])", "−", str(value))


def _short(text: str) -> str:
    """What a link asked for, in a form that is safe to print in one line."""
    plain = "".join(c for c in text if c.isprintable() and c not in "`*_[]<>$\\#:~|")
    return plain if len(plain) <= 24 else plain[:23] + "…"


def show(widget: str, value: object) -> None:
    """Make the visible widget show `value`, unless it already does."""
    if state.get(widget) != value:
        state.put(widget, value)


def _copy(widget: str, key: str) -> None:
    state.put(key, str(state.get(widget)))


def _take_option(widget: str, names: Sequence[str], take: Callable[[str], None]) -> None:
    if (name := state.get(widget)) in names:
        take(name)


def _copy_switch(widget: str, key: str) -> None:
    state.put(key, "1" if state.get(widget) else "0")
