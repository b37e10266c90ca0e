"""Every control's value is in the URL; what cannot be used falls back and says so, once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError, format_grid, format_number, parse_grid


def page() -> None:
    import streamlit as st

    from pages.kit import controls, state

    state.visit("trial")
    rate = controls.number("Rate", "rate", (0.01, 0.1, 1), 0.1)
    high = controls.integer("High", "high", 5, 0, 9)
    low = controls.integer("Low", "low", 2, 0, high)
    mode = controls.choice("Mode", "mode", {"max": "Maximum", "avg": "Average"}, "max")
    values = {
        "high": high,
        "low": low,
        "mode": mode,
        "rate": rate,
        "flip": controls.switch("Flip", "flip"),
        "seed": controls.seed("Seed"),
        "at": controls.stored_integer("at", 3, 0, 8),
        "k": controls.grid("k", [[1, 2], [0, -1]], label="Kernel").tolist(),
    }
    st.json(values)


def opened(**query: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params.update(query)
    return at.run()


def values(at: AppTest) -> dict[str, object]:
    import json

    assert not at.exception
    found: dict[str, object] = json.loads(at.json[0].value)
    return found


DEFAULTS: dict[str, object] = {
    "high": 5,
    "low": 2,
    "mode": "max",
    "rate": 0.1,
    "flip": False,
    "seed": 0,
    "at": 3,
    "k": [[1, 2], [0, -1]],
}


def test_defaults_stay_out_of_the_url() -> None:
    at = opened()
    assert values(at) == DEFAULTS
    assert dict(at.query_params) == {}
    assert not at.info


def test_a_link_sets_everything() -> None:
    link = {"high": "9", "low": "7", "mode": "avg", "rate": "0.01", "flip": "1", "seed": "42"}
    at = opened(**link, at="8", k="0.5,-3;4,1e1")
    assert values(at) == {
        "high": 9,
        "low": 7,
        "mode": "avg",
        "rate": 0.01,
        "flip": True,
        "seed": 42,
        "at": 8,
        "k": [[0.5, -3], [4, 10]],
    }
    assert not at.info
    assert at.slider(key="high-slider").value == 9
    assert at.select_slider(key="rate-slider").value == "0.01"
    assert at.toggle(key="flip-toggle").value is True
    assert at.number_input(key="seed-number").value == 42


def test_moving_a_control_changes_value_and_url() -> None:
    at = opened()
    at.slider(key="low-slider").set_value(4).run()
    at.toggle(key="flip-toggle").set_value(True).run()
    at.select_slider(key="rate-slider").set_value("1").run()
    at.number_input(key="seed-number").set_value(7).run()
    changes = {"low": 4, "flip": True, "rate": 1, "seed": 7}
    assert values(at) == DEFAULTS | changes
    assert {name: at.text_input(key=name).value for name in changes} == {
        "low": "4",
        "flip": "1",
        "rate": "1",
        "seed": "7",
    }


@pytest.mark.parametrize(
    ("name", "text", "value", "sentence"),
    [
        ("high", "99", 9, "`high=99`), which is not possible here (0 to 9); this page uses 9."),
        ("at", "-3", 0, "`at=-3`, which is not possible here (0 to 8); this page uses 0."),
        ("high", "two", 5, "`high=two`), which is not a whole number; this page uses 5."),
        ("high", "٣", 5, "which is not a whole number; this page uses 5."),
        ("high", "9" * 5000, 5, "which is not a whole number; this page uses 5."),
        ("mode", "sum", "max", "which is unknown (it can be max, avg); this page uses max."),
        ("rate", "0.5", 0.1, "which is unknown (it can be 0.01, 0.1, 1); this page uses 0.1."),
        ("flip", "yes", False, "which is unknown (it can be 0, 1); this page uses 0."),
        ("at", "", 3, "which is not a whole number; this page uses 3."),
        ("k", "1,2", [[1, 2], [0, -1]], "which has 1×2 numbers instead of 2×2; this page uses"),
        ("k", "1,2;3", [[1, 2], [0, -1]], "whose rows have different lengths; this page uses"),
        ("k", "1,2;3,x", [[1, 2], [0, -1]], "in which “x” is not a number from −99 to 99;"),
        ("k", "1,2;3,nan", [[1, 2], [0, -1]], "in which “nan” is not a number from −99 to 99;"),
        ("k", "1,2;3,1e9", [[1, 2], [0, -1]], "in which “1e9” is not a number from −99 to 99;"),
    ],
)
def test_what_cannot_be_used_falls_back_and_says_so(
    name: str, text: str, value: object, sentence: str
) -> None:
    at = opened(**{name: text})
    assert values(at) == DEFAULTS | {name: value}
    (notice,) = at.info
    assert sentence in notice.value
    at.run()
    assert [notice.value for notice in at.info] == [notice.value]  # it stays until ...
    if name == "high":
        at.slider(key="high-slider").set_value(4).run()
        assert not at.info  # ... the control is moved
        assert at.text_input(key="high").value == "4"


def test_a_link_cannot_smuggle_markup_into_the_notice() -> None:
    (notice,) = opened(mode="[a](http://b) `<b>` **c**").info
    assert "`mode=a(http//b) b c`" in notice.value


def test_a_range_that_shrinks_takes_the_value_along_quietly() -> None:
    at = opened(low="5")
    at.slider(key="high-slider").set_value(3).run()
    assert values(at) == DEFAULTS | {"high": 3, "low": 3}
    assert at.text_input(key="low").value == "3"
    assert not at.info


def test_a_default_beyond_the_range_comes_back_with_the_range() -> None:
    at = opened()
    at.slider(key="high-slider").set_value(1).run()
    assert values(at)["low"] == 1
    assert not at.info
    at.slider(key="high-slider").set_value(6).run()
    assert values(at)["low"] == 2


def test_a_range_of_one_value_is_a_line_not_a_slider() -> None:
    at = opened(high="0", low="0")
    assert values(at)["low"] == 0
    assert [caption.value for caption in at.caption] == ["Low: **0**"]


@given(arrays(float, st.tuples(*[st.integers(1, 5)] * 2), elements=st.integers(-99, 99)))
def test_a_grid_survives_the_url(values: np.ndarray) -> None:
    np.testing.assert_array_equal(parse_grid(format_grid(values)), values)


@given(st.text() | st.text(alphabet="0123456789.,;-e "))
def test_any_text_is_a_grid_or_unusable(text: str) -> None:
    try:
        values = parse_grid(text)
    except UnusableError:
        return
    assert values.ndim == 2
    assert (abs(values) <= 99).all()


def test_numbers_are_written_short() -> None:
    numbers = [2.0, -0.5, 1 / 9, -0.0, 1e-9, 1234567]
    assert [format_number(n) for n in numbers] == [
        "2",
        "-0.5",
        "0.111111",
        "0",
        "1e-09",
        "1.23457e+06",
    ]
