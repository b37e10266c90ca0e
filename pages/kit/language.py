"""English or Chinese: which one this reader wants, and the labels in it.

`_("Stride")` is the label in the reader's language. The English text is the key; the Chinese
stands in `locale/zh/`, one gettext file per lesson and `kit.po` for the words they share.
`N_("Stride")` only marks a text that is translated later with `_`.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st

from pages.kit import state

LANGUAGES = {"en": "EN", "zh": "中文"}
LOCALE = Path(__file__).parent / "locale"

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def browser_language() -> str:
    """Chinese for a browser that speaks Chinese, English for every other."""
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def language() -> str:
    """The language of this run: the URL's, else what the reader chose, else the browser's."""
    spoken = _spoken.get()
    if spoken:
        return spoken
    for asked in (st.query_params.get("lang"), state.get("lang")):
        if asked in LANGUAGES:
            return str(asked)
    return browser_language()


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Use this language where there is no run, and so nobody's URL to ask."""
    token = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(name: str) -> None:
    """Change the language from a callback, in the URL too; page and settings stay."""
    state.put("lang", name)
    st.query_params["lang"] = name


def _(message: str) -> str:
    """`message` in the reader's language; English when no translation exists."""
    if language() == "en":
        return message
    return catalogue(language()).get(message, message)


def N_(message: str) -> str:
    """Mark `message` for translation without translating it now."""
    return message


@cache
def catalogue(name: str) -> dict[str, str]:
    """Everything in `locale/<name>/*.po`, from English to translation."""
    return {
        message: translation
        for path in sorted((LOCALE / name).glob("*.po"))
        for message, translation in read_po(path).items()
    }


def read_po(path: Path) -> dict[str, str]:
    """Read a gettext catalogue; the header (the empty message) is left out."""
    entries: dict[str, str] = {}
    fields = {"msgid": "", "msgstr": ""}
    field = "msgid"
    for line in path.read_text(encoding="utf-8").splitlines():
        keyword, _space, rest = line.strip().partition(" ")
        if keyword in fields:
            if keyword == "msgid":
                entries[fields["msgid"]] = fields["msgstr"]
            field = keyword
            fields[field] = ast.literal_eval(rest)
        elif keyword.startswith('"'):  # a long text goes on in the next line
            fields[field] += ast.literal_eval(line.strip())
    entries[fields["msgid"]] = fields["msgstr"]
    entries.pop("", None)
    return entries
