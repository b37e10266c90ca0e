"""Answers without a run of the page, for what a moving finger asks.

A run costs Streamlit and the browser several times what a convolution costs. So a component may
ask a function of its lesson directly, at `direct/<token>?<settings>`, and gets the same message
that a run would have sent. The settings are written as in the page's URL. Only who was given the
token can ask, and the address ends with the reader's session.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from pages.kit import state
from pages.kit.language import language, speaking

Answer = Callable[[Mapping[str, str]], bytes]


class NobodyError(LookupError):
    """Nobody answers at this address: the session or the server that gave it has ended."""


class OutdatedError(LookupError):
    """The question is about something that the page shows no longer; the browser will see."""


@dataclass(eq=False)
class Desk:
    """Who answers at one address, in which language."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    answer: Answer | None = None
    language: str = "en"


_desks: WeakValueDictionary[str, Desk] = WeakValueDictionary()  # the sessions hold them


def address(name: str, answer: Answer) -> str:
    """Where `answer` is to be asked from now on; it speaks the language of this run."""
    desk = state.keep(f"direct-{name}", Desk)
    desk.answer, desk.language = answer, language()
    _desks[desk.token] = desk
    return f"direct/{desk.token}"


def ask(token: str, settings: Mapping[str, str]) -> bytes:
    """The answer of whoever sits at that address; `UnusableError` if the settings are."""
    desk = _desks.get(token)
    if desk is None or desk.answer is None:
        raise NobodyError(token)
    with speaking(desk.language):
        return desk.answer(settings)
