"""Settings and objects belong to a page: they never leak into another and are found again."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SHELL = """
import streamlit as st
from pages.kit import state
page = st.navigation([st.Page("first.py", default=True), st.Page("second.py")])
state.visit(page.url_path)
page.run()
"""

PAGE = """
import streamlit as st
from pages.kit import controls, state
stride = controls.integer("Stride", "stride", {default}, 1, 5)
run = state.keep("run", list)
st.button("step", on_click=lambda: run.append("step"))
st.button("forget", on_click=state.replace, args=("run", []))
st.button("preset", on_click=state.apply, args=({{"stride": "4"}},))
st.button("plain", on_click=state.apply, args=({{}},))
left = {{name: state.changed_settings(name) for name in ("", "second")}}
st.json({{"stride": stride, "run": run, "left": left}})
"""


@pytest.fixture
def at(tmp_path: Path) -> AppTest:
    """Two lessons that both have a `stride`, with defaults 1 and 2."""
    (tmp_path / "shell.py").write_text(SHELL, encoding="utf-8")
    for name, default in (("first", 1), ("second", 2)):
        (tmp_path / f"{name}.py").write_text(PAGE.format(default=default), encoding="utf-8")
    return AppTest.from_file(tmp_path / "shell.py", default_timeout=30).run()


def press(at: AppTest, label: str) -> AppTest:
    (button,) = (button for button in at.button if button.label == label)
    return button.click().run()


def go(at: AppTest, page: str) -> AppTest:
    return at.switch_page(f"{page}.py").run()


def shown(at: AppTest) -> dict[str, object]:
    import json

    assert not at.exception
    found: dict[str, object] = json.loads(at.json[0].value)
    return found


def test_two_pages_may_use_the_same_name(at: AppTest) -> None:
    at.slider(key="stride-slider").set_value(5).run()
    assert shown(at)["stride"] == 5
    assert shown(go(at, "second"))["stride"] == 2


def test_the_menu_can_bring_a_reader_back_to_the_settings_they_left(at: AppTest) -> None:
    at.slider(key="stride-slider").set_value(5).run()
    assert shown(go(at, "second"))["left"] == {"": {"stride": "5"}, "second": {}}


def test_coming_back_finds_a_setting_whose_name_the_other_page_uses_too(at: AppTest) -> None:
    at.slider(key="stride-slider").set_value(5).run()
    assert shown(go(at, "second"))["stride"] == 2
    assert shown(go(at, "first"))["stride"] == 5
    assert at.query_params["stride"] == "5"


def test_objects_are_kept_per_page_and_across_visits(at: AppTest) -> None:
    press(at, "step")
    at.run()
    assert shown(at)["run"] == ["step"]
    assert shown(go(at, "second"))["run"] == []
    assert shown(go(at, "first"))["run"] == ["step"]
    press(at, "forget")
    at.run()
    assert shown(at)["run"] == []


def test_a_preset_sets_what_it_names_and_the_rest_returns_to_the_defaults(at: AppTest) -> None:
    press(at, "preset")
    assert shown(at)["stride"] == 4
    assert at.text_input(key="stride").value == "4"
    assert shown(press(at, "plain"))["stride"] == 1
