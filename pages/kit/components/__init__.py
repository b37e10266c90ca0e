"""What a person manipulates cell by cell.

A component is a pair `NAME.js` and `NAME.css` in this folder beside a Python wrapper `NAME.py`.
`register("NAME")` puts the common `base*.js` and `base.css` in front of them, so that a component
starts with grids, cursors, colours and a play bar at hand. The palette's CSS variables reach it
from the page (see `chrome.py`).
"""

import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import streamlit as st

from pages.kit import palette, state
from pages.kit.language import _

FOLDER = Path(__file__).parent
BASE = ("base.js", "base_grid.js", "base_play.js")
Handler = Callable[[Any], None]


class Mount(Protocol):
    """Puts a registered component on the page."""

    def __call__(
        self,
        *,
        key: str,
        data: Mapping[str, Any],
        on: Mapping[str, Handler] | None = None,
        text: Mapping[str, str] | None = None,
        arrays: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Show the component.

        `data` is what its script gets as `ctx.data` (lists, numbers, texts; NumPy arrays are turned
        into lists; no bytes). `text` are its own translated words, in `ctx.text`. `on` names all
        events that it sends with `ctx.send(event, payload)`; a handler runs before the page does
        and usually calls `controls.store` or `controls.edit_cell`. `arrays` (uint8 or float32) are
        for what is large and changes quickly: they travel as they lie in memory, and only when
        they changed, and are `ctx.data.arrays[name]` = {shape, values}.
        """


def register(name: str, *parts: str) -> Mount:
    """Make the component of `NAME.js` and `NAME.css`; call it once, when the module is imported.

    A long script may be cut into `parts`, which are further files `PART.js`, each with its styles
    in `PART.css` if it has any; several components may share one.
    """
    html = '<div class="lab"></div>'
    mount = st.components.v2.component(
        f"cnn_lab_{name}",
        html=html,
        css="".join(_source(f"{file}.css") for file in ("base", *parts, name)),
        js=_script(*parts, name),
    )

    def show(
        *,
        key: str,
        data: Mapping[str, Any],
        on: Mapping[str, Handler] | None = None,
        text: Mapping[str, str] | None = None,
        arrays: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        fields = {
            **{field: _plain(value) for field, value in data.items()},
            "text": {**common_text(), **(text or {})},
            "answered": state.get(_answered(key), 0),
        }
        packed: bytes | None = None
        if arrays is not None:
            packed = pack(fields, arrays, state.get(_held(key)) or {})
            state.put(_held(key), None)  # it is true for the run that the browser asked for
        mount(
            key=key,
            data=fields if packed is None else packed,
            on_events_change=lambda: _answer(key, on or {}),
        )

    return show


def common_text() -> dict[str, str]:
    """The words that base.js itself needs, in the reader's language."""
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Step back"),
        "forward": _("Step forward"),
        "restart": _("Back to the start"),
        "speed": _("Speed"),
        "position": _("Step {step} of {count}"),
        "cell": _("Row {row}, column {column}: {value}"),
        "edit": _("Press Enter to change the number."),
        "not_a_number": _("“{text}” is not a number from {low} to {high}; the cell keeps {value}."),
    }


def pack(
    fields: Mapping[str, Any], arrays: Mapping[str, np.ndarray], held: Mapping[str, str]
) -> bytes:
    """Everything as one message: its length and text (JSON), then the arrays that are not `held`.

    Streamlit would write bytes inside of a dictionary as text. `held` are the versions that the
    browser has, by name.
    """
    table: dict[str, dict[str, Any]] = {}
    parts: list[bytes] = []
    for name, array in arrays.items():
        raw = array.tobytes()
        version = f"{array.dtype} {array.shape} {zlib.crc32(raw):08x}"
        table[name] = {"type": array.dtype.name, "shape": array.shape, "version": version}
        if held.get(name) != version:
            table[name]["offset"] = sum(map(len, parts))
            parts += [raw]
    text = json.dumps({**fields, "arrays": table}).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])


def _answer(key: str, handlers: Mapping[str, Handler]) -> None:
    """Give every event that has not been answered yet to its handler, in order."""
    events = (state.get(key) or {}).get("events") or []
    state.put(_held(key), events[-1].get("held") if events else None)
    for event in events:
        if event["id"] > state.get(_answered(key), 0):
            state.put(_answered(key), event["id"])
            if event["event"] != "again":  # base.js misses an array: drawing is the answer
                handlers[event["event"]](event["payload"])


def _answered(key: str) -> str:
    return f"{key}-answered"


def _held(key: str) -> str:
    return f"{key}-held"


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _script(*names: str) -> str:
    scales = json.dumps(palette.scales_for_script())
    inks = json.dumps(palette.INKS)
    constants = f"const SCALES = {scales};\nconst INKS = {inks};\n"
    return constants + "".join(_source(file) for file in (*BASE, *(f"{name}.js" for name in names)))


def _source(file: str) -> str:
    path = FOLDER / file
    return path.read_text(encoding="utf-8") + "\n" if path.exists() else ""
