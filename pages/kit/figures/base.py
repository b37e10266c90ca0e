"""What all figures share: transparent ground, quiet axes, the page's colours and numbers."""

from typing import Any

from pages.kit.palette import PALETTES, Theme


def layout(theme: Theme, *, height: int, **more: Any) -> dict[str, Any]:
    """A plotly layout in the page's style; `more` adds to it."""
    palette = PALETTES[theme]
    return {
        "template": {},
        "height": height,
        "margin": {"l": 52, "r": 16, "t": 36, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.text, "size": 15},
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.line,
            "font": {"color": palette.text, "size": 15},
        },
    } | more


def axis(theme: Theme, title: str = "", **more: Any) -> dict[str, Any]:
    """A plotly axis with a thin grid."""
    palette = PALETTES[theme]
    return {
        "title": {"text": title},
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": palette.line,
    } | more
