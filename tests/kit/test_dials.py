"""A settled dial is the setting; what no dial can show changes nothing."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.dials import Dial, parse

ROW = (Dial("θ", 30, 0, 175, 5), Dial("σ", 2, 0.5, 4, 0.25))


def page() -> None:
    import streamlit as st

    from pages.kit import state
    from pages.kit.dials import Dial, dials, settle

    state.visit("trial")
    values = dials("wave", (Dial("θ", 30, 0, 175, 5), Dial("σ", 2, 0.5, 4, 0.25)), label="Wave")
    st.text(", ".join(f"{value:g}" for value in values))
    for name, event in {
        "turn": {"key": "wave", "values": [45, 3]},
        "between": {"key": "wave", "values": [47, 3]},
        "nan": {"key": "wave", "values": [float("nan"), 3]},
        "stranger": {"key": "lang", "values": [1]},
    }.items():
        st.button(f"settle {name}", on_click=settle, args=(event,))
    st.button("nothing")


def click(at: AppTest, label: str) -> tuple[str, str | None]:
    (button,) = (button for button in at.button if button.label == label)
    button.click().run()
    assert not at.exception
    return at.text[0].value, at.text_input(key="wave").value


@pytest.fixture
def at() -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def test_a_settled_dial_stays(at: AppTest) -> None:
    assert click(at, "settle turn") == ("45, 3", "45,3")
    assert click(at, "nothing") == ("45, 3", "45,3")


def test_a_stranger_changes_nothing(at: AppTest) -> None:
    assert click(at, "settle stranger") == ("30, 2", "30,2")


@pytest.mark.parametrize("text", ["47,3", "nan,3", "45", "45,3,1", "", "45,9", "x,y"])
def test_what_no_slider_can_show_is_not_read(text: str) -> None:
    with pytest.raises(UnusableError):
        parse(text, ROW)


def test_what_they_can_show_is_read() -> None:
    assert parse("175,0.75", ROW) == (175, 0.75)


def test_a_link_gets_the_nearest_and_is_told(at: AppTest) -> None:
    at.text_input(key="wave").set_value("999,0.6").run()
    assert at.text[0].value == "175, 0.5"
    assert "999" in at.info[0].value
