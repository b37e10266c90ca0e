"""The parts every lesson has, in the order a reader meets them."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from pages.kit import state
from pages.kit.catalogue import LESSONS, lesson_at
from pages.kit.components import register
from pages.kit.controls import format_grid
from pages.kit.language import _, language
from pages.kit.prose import Prose, prose

Setting = int | float | str | np.ndarray | Sequence[Sequence[float]]

PAGES = Path(__file__).parents[1]

_links = register("links")


def opening(words: Prose) -> None:
    """The lesson's title, from the table of lessons, and its one question."""
    lesson = lesson_at(state.page())
    with st.container(key="opening"):
        st.caption(_(lesson.section))
        st.title(_(lesson.title), anchor=False)
        with st.container(key="question"):
            words.show("question")


def why(words: Prose, **values: object) -> None:
    """The short explanation (heading `why`)."""
    st.subheader(_("Why"), anchor=False)
    words.show("why", **values)


def explanation(
    words: Prose, presets: Mapping[str, Mapping[str, Setting]], **values: object
) -> None:
    """Why it is so, and beside it what to try; one below the other where it is narrow."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        why(words, **values)
    with right:
        try_this(words, presets)


def formula(latex: str, caption: str | None = None) -> None:
    """A formula with its numbers in it, and a line about where the numbers come from."""
    with st.container(key="formula"):
        st.latex(latex)
        if caption:
            st.caption(caption)


def try_this(words: Prose, presets: Mapping[str, Mapping[str, Setting]]) -> None:
    """Links that set the page to something surprising.

    `presets` maps a heading (whose passage is the link's text) to the settings that the link asks
    for; what it does not name returns to its default. A click sets the page that is open, and the
    address can be copied or opened in a new tab like any other link's.
    """
    texts = {name: _texts(settings) for name, settings in presets.items()}
    path = "/" + state.page()
    st.subheader(_("Try this"), anchor=False)
    _links(
        key="try-this",
        data={
            "links": [
                {
                    "name": name,
                    "label": words.text(name),
                    "href": f"{path}?{urlencode({**settings, 'lang': language()}, safe=',;')}",
                }
                for name, settings in texts.items()
            ]
        },
        on={"go": lambda name: state.apply(texts.get(name, {}))},
    )


def contents() -> None:
    """The way to all other lessons: each with its section and its question."""
    st.subheader(_("The lessons"), anchor=False)
    with st.container(horizontal=True, key="contents"):
        for lesson in LESSONS:
            if lesson.url != state.page():
                with st.container(key=f"to-{lesson.url}", width=240):
                    st.caption(_(lesson.section))
                    onward(lesson.url, _(lesson.title))
                    prose(PAGES / lesson.path).show("question")


def onward(url: str, label: str) -> None:
    """A link to the lesson at `url`, with the settings it was left with."""
    st.page_link(
        lesson_at(url).path,
        label=label,
        query_params={"lang": language(), **state.changed_settings(url)},
    )


@st.fragment
def code(*functions: Callable[..., object]) -> None:
    """The source of the core functions that ran, folded."""
    folded = st.expander(_("The code that ran"), key="code", on_change="rerun")
    if not folded.open:
        return  # colouring the words of code takes a browser a good part of a lesson's start
    with folded:
        tabs = st.tabs([function.__qualname__ for function in functions])
        for tab, function in zip(tabs, functions, strict=True):
            with tab:
                st.code(inspect.getsource(function), language="python")


def arrow(operation: str, shape: Sequence[int], parameters: int | None = None) -> str:
    """The words on an arrow: what happens, the shape that comes out, the parameters it takes."""
    size = "×".join(map(str, shape))
    if parameters is None:
        return f"{operation} → {size}"
    if parameters == 1:
        return _("{operation} → {size} · 1 parameter").format(operation=operation, size=size)
    return _("{operation} → {size} · {parameters} parameters").format(
        operation=operation, size=size, parameters=f"{parameters:,}"
    )


def _texts(settings: Mapping[str, Setting]) -> dict[str, str]:
    return {
        key: str(value) if isinstance(value, int | float | str) else format_grid(np.asarray(value))
        for key, value in settings.items()
    }
