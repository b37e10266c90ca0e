"""Who was given an address is answered there, in their language, as long as their session lives."""

import gc

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import direct
from pages.kit.language import _


def page() -> None:
    import streamlit as st

    from pages.kit import direct, state
    from pages.kit.language import _

    state.visit("trial")
    number = st.session_state.get("number", 1)
    st.text(direct.address("trial", lambda asked: f"{number} {_('Pause')} {asked}".encode()))
    st.number_input("n", key="number", value=1)


def opened(lang: str) -> tuple[AppTest, str]:
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params["lang"] = lang
    at.run()
    assert not at.exception
    return at, at.text[0].value.removeprefix("direct/")


def test_every_reader_is_answered_in_their_language() -> None:
    _english, one = opened("en")
    _chinese, other = opened("zh")
    assert one != other
    assert direct.ask(one, {"k": "2"}).decode() == "1 Pause {'k': '2'}"
    assert direct.ask(other, {}).decode() == "1 暂停 {}"
    assert _("Pause") == "Pause"  # here the language is what it was


def test_the_address_stays_and_the_answer_is_the_last_runs() -> None:
    at, token = opened("en")
    at.number_input[0].set_value(7).run()
    assert at.text[0].value == f"direct/{token}"
    assert direct.ask(token, {}).decode().startswith("7 ")


def test_a_stranger_is_not_answered() -> None:
    with pytest.raises(direct.NobodyError):
        direct.ask("guessed", {})


def test_the_address_ends_with_the_session() -> None:
    at, token = opened("en")
    del at
    gc.collect()
    with pytest.raises(direct.NobodyError):
        direct.ask(token, {})
