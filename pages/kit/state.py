"""What this reader's session remembers. Nothing else writes `st.session_state`.

Two kinds of things are kept:

- *settings*: the texts behind the URL's parameters (`stride=2`). They belong to a page, so two
  lessons may both have a `stride`. The menu's link to a page carries them, so that coming back
  finds the page as it was left.
- *objects*: whatever a lesson builds and wants to find again, such as a training run (`keep`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass
class Page:
    """The settings and objects of one lesson in one session."""

    settings: dict[str, str] = field(default_factory=dict)  # the last accepted text
    defaults: dict[str, str] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)


def get(key: str, default: Any = None) -> Any:
    """The value of `key`: a widget's, a component's or one that `put` stored."""
    return st.session_state.get(key, default)


def put(key: str, value: Any) -> None:
    """Set `key`. A widget's value can only be set before the widget is drawn in this run."""
    st.session_state[key] = value


def here() -> Page:
    """The current page's memory."""
    return _pages().setdefault(page(), Page())


def keep(name: str, make: Callable[[], T]) -> T:
    """The object `name` of this page; made once and found again, also after a page switch."""
    objects = here().objects
    if name not in objects:
        objects[name] = make()
    kept: T = objects[name]
    return kept


def replace(name: str, value: object) -> None:
    """Put a new object in the place of the kept one."""
    here().objects[name] = value


def visit(page: str) -> None:
    """Enter `page` and leave the settings of the page before; the shell calls this."""
    before = get("_page")
    if before is not None and before != page:
        left = here().settings
        for key in left:
            st.session_state.pop(key, None)
        # Streamlit drops a link's value for a name that the page before had bound as well.
        for key, text in changed_settings(page).items():
            if key in left:
                put(key, text)
                st.query_params[key] = text
    put("_page", page)


def page() -> str:
    """The URL path of the current page, without the slash."""
    name: str = get("_page", "")
    return name


def changed_settings(page: str) -> dict[str, str]:
    """The settings of `page` that differ from its defaults, as its URL writes them."""
    memory = _pages().get(page, Page())
    return {
        key: text
        for key, text in memory.settings.items()
        if key in memory.defaults and text != memory.defaults[key]
    }


def apply(preset: dict[str, str]) -> None:
    """Set this page's settings to `preset`; what it does not name returns to its default."""
    for key, default in here().defaults.items():
        put(key, preset.get(key, default))


def _pages() -> dict[str, Page]:
    if "_pages" not in st.session_state:
        st.session_state["_pages"] = {}
    pages: dict[str, Page] = st.session_state["_pages"]
    return pages
