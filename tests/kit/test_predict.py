"""A question is asked, may be skipped, and its answer shows the gap to the live truth."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.kit import controls, predict, state

    state.visit("trial")
    n = controls.integer("n", "n", 3, 1, 9)
    number = predict.number("square", f"What is {n} squared?", float(n * n))
    maps = {"a": "Map A", "b": "Map B"}
    choice = predict.choice("map", "Which map is brighter?", maps, "b")
    st.json([number, choice])


def opened() -> AppTest:
    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception
    return at


def words(at: AppTest) -> list[str]:
    assert not at.exception
    return [markdown.value for markdown in at.markdown]


def press(at: AppTest, label: str, nth: int = 0) -> AppTest:
    return [button for button in at.button if button.label == label][nth].click().run()


def test_nothing_is_revealed_before_an_answer() -> None:
    at = opened()
    assert words(at) == [
        "**Predict** · What is 3 squared?",
        "**Predict** · Which map is brighter?",
    ]
    assert at.json[0].value == "[false, false]"


@pytest.mark.parametrize(
    ("guess", "sentence"),
    [(9, "You said 9, and it is **9**."), (7.5, "You said 7.5; it is **9**, 1.5 away.")],
)
def test_a_number_is_measured_against_the_truth(guess: float, sentence: str) -> None:
    at = opened()
    at.number_input(key="square-guess").set_value(guess)
    press(at, "Check")
    assert sentence in words(at)
    assert at.json[0].value == "[true, false]"


def test_checking_without_a_guess_reveals_nothing() -> None:
    assert press(opened(), "Check").json[0].value == "[false, false]"


@pytest.mark.parametrize(
    ("guess", "sentence"),
    [("b", "You said **Map B**, and so it is."), ("a", "You said Map A; it is **Map B**.")],
)
def test_a_choice_is_answered_with_one_click(guess: str, sentence: str) -> None:
    at = opened()
    at.segmented_control(key="map-guess").set_value(guess).run()
    assert sentence in words(at)
    assert at.json[0].value == "[false, true]"


def test_one_click_skips() -> None:
    at = press(press(opened(), "Skip"), "Skip")
    assert {"It is **9**.", "It is **Map B**."} <= set(words(at))
    assert at.json[0].value == "[true, true]"


def test_a_new_truth_is_asked_anew() -> None:
    at = press(opened(), "Skip")
    at.slider(key="n-slider").set_value(4).run()
    assert "**Predict** · What is 4 squared?" in words(at)
    assert at.json[0].value == "[false, false]"


def test_it_can_be_asked_again() -> None:
    at = press(press(opened(), "Skip"), "Ask again")
    assert at.json[0].value == "[false, false]"
