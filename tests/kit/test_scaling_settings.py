"""One learning rate for all four networks, or one for each: in the URL, and by hand."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.scaling_settings import written

ALL = (0, 1, 2, 3)


def page() -> None:
    import streamlit as st

    from pages.kit import state
    from pages.kit.scaling_settings import give_rate, stored_setup

    state.visit("trial")
    for place, lanes in st.session_state.get("given", []):  # as events do, before the page is drawn
        give_rate(place, lanes)
    st.text(" ".join(map(str, stored_setup().lrs)))


def run(lr: str | None = None, given: Any = ()) -> tuple[list[float], str]:
    """Open the page with a link, give rates; what the networks have then, and what the URL says."""
    at = AppTest.from_function(page, default_timeout=30)
    if lr is not None:
        at.query_params["lr"] = lr
    at.run()
    at.session_state["given"] = list(given)
    at.run()
    assert not at.exception
    return list(map(float, at.text[0].value.split())), str(at.text_input(key="lr").value)


def test_one_rate_is_written_once_and_four_are_written_apart() -> None:
    assert written((0.3,) * 4) == "0.3"
    assert written((0.03, 1, 0.3, 10)) == "0.03,1,0.3,10"


@pytest.mark.parametrize(
    ("lr", "wanted"), [("0.001", [0.001] * 4), ("0.03,1,0.3,10", [0.03, 1, 0.3, 10])]
)
def test_what_is_written_is_read(lr: str, wanted: list[float]) -> None:
    assert run(lr) == (wanted, lr)


def test_four_equal_rates_are_one() -> None:
    assert run("0.1,0.1,0.1,0.1", [(5, [2])]) == ([0.1, 0.1, 0.3, 0.1], "0.1,0.1,0.3,0.1")
    assert run("0.1,0.1,0.3,0.1", [(4, [2])]) == ([0.1] * 4, "0.1")


def test_gifts_that_come_together_build_on_each_other() -> None:
    assert run(None, [(2, [0]), (8, [3])]) == ([0.01, 0.3, 0.3, 10], "0.01,0.3,0.3,10")
    assert run(None, [(2, [0]), (6, ALL)]) == ([1] * 4, "1")


@pytest.mark.parametrize("gift", [(9, [0]), (-1, [0]), (0, [4]), (0, [-1]), ("0", [0])])
def test_nonsense_changes_nothing(gift: Any) -> None:
    assert run(None, [gift]) == ([0.3] * 4, "0.3")
