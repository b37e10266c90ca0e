"""Puts a figure on the page, in the reader's theme and with words for those who cannot see it."""

import streamlit as st

from pages.kit.figures import Figure
from pages.kit.palette import Theme


def theme() -> Theme:
    """The theme the reader sees now; give it to every figure."""
    return "dark" if st.context.theme.type == "dark" else "light"


def show(figure: Figure, key: str, *, alt: str) -> None:
    """Draw `figure`; `alt` says in a sentence what it shows."""
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        width="stretch",
        alt=alt,
        config={"displayModeBar": False, "scrollZoom": False},
    )
