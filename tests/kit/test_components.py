"""A component gets its data and words, and an edit in the browser changes the setting."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.components import FOLDER, common_text, pack


def page() -> None:
    import streamlit as st

    from pages.kit import controls, state
    from pages.kit.components.number_grid import number_grid

    state.visit("trial")
    k = controls.grid("k", [[1, 2], [0, -1]])
    number_grid("k", k, title="Kernel", role="kernel")
    edits = {
        "good": (1, 0, 0.5),
        "outside": (2, 0, 1),
        "huge": (0, 0, 1e3),
        "nan": (0, 0, float("nan")),
    }
    for name, edit in edits.items():
        st.button(name, on_click=controls.edit_cell, args=("k", *edit))


def mounted(at: AppTest) -> dict[str, object]:
    assert not at.exception
    (component,) = at.get("bidi_component")
    data: dict[str, object] = json.loads(component.proto.json)
    return data


def test_a_grid_is_mounted_with_its_numbers_and_the_common_words() -> None:
    data = mounted(AppTest.from_function(page, default_timeout=30).run())
    assert data["values"] == [[1, 2], [0, -1]]
    assert (data["title"], data["detail"], data["role"]) == ("Kernel", "2×2", "kernel")
    assert data["text"] == common_text()


@pytest.mark.parametrize(
    ("edit", "values"),
    [
        ("good", [[1, 2], [0.5, -1]]),
        ("outside", [[1, 2], [0, -1]]),
        ("huge", [[1, 2], [0, -1]]),
        ("nan", [[1, 2], [0, -1]]),
    ],
)
def test_an_edit_changes_one_number_and_nonsense_changes_none(
    edit: str, values: list[list[float]]
) -> None:
    at = AppTest.from_function(page, default_timeout=30).run()
    (button,) = (button for button in at.button if button.label == edit)
    assert mounted(button.click().run())["values"] == values


@pytest.mark.parametrize("script", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_scripts_ask_only_for_words_that_python_gives(script: Path) -> None:
    """`ctx.text.name` in base.js is a common word; the other scripts bring their own."""
    asked = set(re.findall(r"ctx\.text\.(\w+)", script.read_text(encoding="utf-8")))
    wrappers = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")]
    own = "".join(text for text in wrappers if f'"{script.stem}"' in text)  # that registers it
    assert {name for name in asked if f'"{name}":' not in own} <= set(common_text())


def test_arrays_travel_as_they_lie_in_memory_and_only_when_they_changed() -> None:
    bytes_, floats = np.arange(6, dtype=np.uint8).reshape(2, 3), np.array([0.5], dtype=np.float32)
    message = pack({"title": "×"}, {"a": bytes_, "b": floats}, held={})
    start = 4 + int.from_bytes(message[:4], "little")
    fields = json.loads(message[4:start])
    assert fields["title"] == "×"
    assert message[start:] == bytes_.tobytes() + floats.tobytes()
    assert [fields["arrays"][name]["offset"] for name in "ab"] == [0, 6]

    held = {name: fields["arrays"][name]["version"] for name in "ab"}
    message = pack({"title": "×"}, {"a": bytes_, "b": floats + 1}, held)
    start = 4 + int.from_bytes(message[:4], "little")
    arrays = json.loads(message[4:start])["arrays"]
    assert message[start:] == (floats + 1).tobytes()
    assert "offset" not in arrays["a"]
    assert (arrays["b"]["offset"], arrays["b"]["shape"]) == (0, [1])
