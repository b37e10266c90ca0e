"""What surrounds every lesson: the browser's tab, the page's style, the language switch."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st

from pages.kit import controls, lesson, palette, state
from pages.kit.catalogue import LESSONS, Lesson, sections
from pages.kit.components import register
from pages.kit.language import LANGUAGES, _, language, speak

_document = register("document")

FAVICON = Path(__file__).parent / "favicon.svg"


def frame(title: str) -> None:
    """Set up the page around a lesson: tab, style, and the language switch at the top right."""
    st.set_page_config(
        page_title=f"{title} · CNN Lab",
        page_icon=FAVICON,
        layout="wide",
        initial_sidebar_state=236,
        menu_items={"About": _("**CNN Lab**: see how a convolutional network works and learns.")},
    )
    st.html(f"<style>{style()}</style>")
    with st.container(key="chrome", horizontal=True, horizontal_alignment="right"):
        _document(
            key="document",
            data={
                "language": {"en": "en", "zh": "zh-Hans"}[language()],
                "theme": st.context.theme.type,
            },
            on={"theme": lambda _theme: None},  # the rerun itself is what is wanted
        )
        controls.show("lang-segments", language())
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            required=True,
            format_func=LANGUAGES.__getitem__,
            key="lang-segments",
            label_visibility="collapsed",
            on_change=lambda: speak(state.get("lang-segments")),
        )
    asked = st.query_params.get("lang", language())
    if asked not in LANGUAGES:
        reason = _("which is unknown (it can be {names})").format(names=", ".join(LANGUAGES))
        controls.announce("lang", asked, reason, language())


def menu(pages: Mapping[Lesson, st.Page]) -> None:
    """The lessons by section; each link keeps the language and that lesson's settings."""
    with st.sidebar, st.container(key="menu", gap=None):
        with st.container(key="brand"):
            st.markdown("CNN Lab")
        for section, lessons in sections().items():
            st.caption(_(section))
            for entry in lessons:
                st.page_link(
                    pages[entry],
                    query_params={"lang": language(), **state.changed_settings(entry.url)},
                )


def nowhere() -> list[st.Page]:
    """A page for the address that the browser shows, if no lesson has it: Streamlit would open a
    dialog, in English only."""
    address = unquote(urlsplit(st.context.url or "").path).strip("/")
    if address in {known.url for known in LESSONS} or "/" in address:
        return []
    return [st.Page(_apology, title=_("There is no page at this address"), url_path=address)]


def _apology() -> None:
    st.title(_("There is no page at this address"), anchor=False)
    lesson.contents()


@cache
def style() -> str:
    """The page's style sheet with the palette's variables, which the components inherit."""
    css = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
    return f".stApp{{{palette.css_variables()}}}{css}"
