"""Lines over steps: losses and accuracies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pages.kit.figures import Figure
from pages.kit.figures.base import axis, layout
from pages.kit.palette import PALETTES, Theme


@dataclass(frozen=True)
class Line:
    """One named line in a role's colour."""

    x: Sequence[float]
    y: Sequence[float]
    role: str = "neutral"


def curves(
    lines: Mapping[str, Line],
    *,
    theme: Theme,
    x_title: str = "",
    y_title: str = "",
    y_range: tuple[float, float] | None = None,
    log_y: bool = False,
    height: int = 300,
) -> Figure:
    """Draw the `lines` ({name: line}) over one pair of axes."""
    roles = PALETTES[theme].roles
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": list(line.x),
            "y": list(line.y),
            "line": {"color": roles[line.role], "width": 2.5},
            "hovertemplate": "%{x}: %{y:.4~g}<extra>" + name + "</extra>",
        }
        for name, line in lines.items()
    ]
    vertical = {"type": "log" if log_y else "linear", "range": list(y_range) if y_range else None}
    return {
        "data": traces,
        "layout": layout(
            theme,
            height=height,
            hovermode="x unified",
            legend={"orientation": "h", "y": 1.12},
            xaxis=axis(theme, x_title),
            yaxis=axis(theme, y_title, **vertical),
        ),
    }
