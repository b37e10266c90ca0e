"""Ask before showing: a guess, one click to skip, and the gap between guess and truth.

The truth is computed from the live values of the page. When they change, the question is a new one
and asked anew; a change of language is none. There are no points. Both functions return True once
the answer may show.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.kit import state
from pages.kit.controls import format_number
from pages.kit.language import _

Case = tuple[object, ...]  # what makes a question this one: the truth and the numbers in its words


@dataclass(frozen=True)
class Answer:
    """What the reader did with a question: a guess, or None for a skip."""

    case: Case
    guess: float | str | None


def number(key: str, question: str, truth: float, *, tolerance: float = 0.005) -> bool:
    """Ask for a number; show how far the guess was from `truth`."""
    case = _case(question, truth)
    with _card(key, question):
        answer = _answer(key, case)
        if answer is None:
            with st.form(f"{key}-form", border=False), _line():
                st.number_input(
                    _("Your guess"),
                    value=None,
                    key=f"{key}-guess",
                    placeholder=_("a number"),
                    label_visibility="collapsed",
                    width=150,
                )
                st.form_submit_button(_("Check"), on_click=_take, args=(key, case))
                st.form_submit_button(_("Skip"), type="tertiary", on_click=_skip, args=(key, case))
            return False
        _reveal(key, _distance(answer.guess, truth, tolerance))
        return True


def choice(key: str, question: str, options: Mapping[str, str], truth: str) -> bool:
    """Ask for one of `options` ({name: label}); show it beside the `truth` (a name)."""
    case = _case(question, truth)
    with _card(key, question):
        answer = _answer(key, case)
        if answer is None:
            with _line():
                st.segmented_control(
                    _("Your guess"),
                    list(options),
                    format_func=options.__getitem__,
                    key=f"{key}-guess",
                    label_visibility="collapsed",
                    on_change=_take,
                    args=(key, case),
                )
                st.button(
                    _("Skip"),
                    key=f"{key}-skip",
                    type="tertiary",
                    on_click=_skip,
                    args=(key, case),
                )
            return False
        _reveal(key, _agreement(answer.guess, truth, options))
        return True


def _distance(guess: float | str | None, truth: float, tolerance: float) -> str:
    shown = f"**{readable(truth)}**"
    if guess is None:
        return _("It is {truth}.").format(truth=shown)
    gap = abs(float(guess) - truth)
    sentence = (
        _("You said {guess}, and it is {truth}.")
        if gap <= tolerance
        else _("You said {guess}; it is {truth}, {gap} away.")
    )
    return sentence.format(guess=readable(float(guess)), truth=shown, gap=readable(gap))


def readable(value: float) -> str:
    """Four decimals at most, a true minus sign; large numbers whole, in groups: 3,692,640."""
    text = f"{value:,.0f}" if abs(value) >= 10_000 else format_number(round(value, 4))
    return text.replace("-", "−")


def _agreement(guess: float | str | None, truth: str, options: Mapping[str, str]) -> str:
    shown = f"**{options[truth]}**"
    if guess is None:
        return _("It is {truth}.").format(truth=shown)
    if guess == truth:
        return _("You said {guess}, and so it is.").format(guess=shown)
    return _("You said {guess}; it is {truth}.").format(guess=options[str(guess)], truth=shown)


def _card(key: str, question: str) -> DeltaGenerator:
    card = st.container(key=f"predict-{key}")
    card.markdown(f"**{_('Predict')}** · {question}")
    return card


def _line() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center")


def _case(question: str, truth: object) -> Case:
    return (truth, *re.findall(r"\d+", question))


def _answer(key: str, case: Case) -> Answer | None:
    """What was answered in exactly this case, if anything."""
    answer: Answer | None = state.keep(f"predict-{key}", lambda: None)
    return answer if answer is not None and answer.case == case else None


def _take(key: str, case: Case) -> None:
    guess = state.get(f"{key}-guess")
    if guess is not None:
        state.replace(f"predict-{key}", Answer(case, guess))


def _skip(key: str, case: Case) -> None:
    state.replace(f"predict-{key}", Answer(case, None))


def _reveal(key: str, sentence: str) -> None:
    with _line():
        st.markdown(sentence, width="content")
        st.button(
            _("Ask again"),
            key=f"{key}-again",
            type="tertiary",
            on_click=state.replace,
            args=(f"predict-{key}", None),
        )
