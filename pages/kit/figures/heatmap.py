"""A matrix as coloured cells: feature maps, kernels, confusion matrices, photos."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pages.kit.figures import Figure
from pages.kit.figures.base import axis, layout
from pages.kit.palette import Scale, Theme, fill, ink_on, plotly_scale


def heatmap(
    values: np.ndarray,
    *,
    theme: Theme,
    scale: Scale = "signed",
    title: str = "",
    largest: float | None = None,
    numbers: bool = False,
    row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None,
    row_title: str = "",
    column_title: str = "",
    height: int = 360,
) -> Figure:
    """Draw the 2-D `values`; signed values are centred on zero, images start at zero.

    `numbers` writes each value into its cell (for small matrices).
    """
    peak = float(np.abs(values).max(initial=0.0)) if largest is None else largest
    peak = peak or 1.0
    trace = {
        "type": "heatmap",
        "z": values.tolist(),
        "zmin": -peak if scale == "signed" else 0,
        "zmax": peak,
        "colorscale": plotly_scale(scale, theme),
        "showscale": False,
        "xgap": 1 if numbers else 0,
        "ygap": 1 if numbers else 0,
        "hovertemplate": "%{y}, %{x}: %{z:.4~g}<extra></extra>",
    }
    names = {"showgrid": False, "showline": False, "ticks": "", "constrain": "domain"}
    columns = {"tickvals": list(range(values.shape[1])), "ticktext": list(column_names or [])}
    rows = {"tickvals": list(range(values.shape[0])), "ticktext": list(row_names or [])}
    return {
        "data": [trace],
        "layout": layout(
            theme,
            height=height,
            title={"text": title},
            annotations=_numbers(values, peak, scale, theme) if numbers else [],
            xaxis=axis(theme, column_title, **names, **columns, constraintoward="left"),
            yaxis=axis(theme, row_title, **names, **rows, autorange="reversed", scaleanchor="x"),
        ),
    }


def _numbers(values: np.ndarray, peak: float, scale: Scale, theme: Theme) -> list[dict[str, Any]]:
    """Every value as a text in its cell, in the ink that reads best there."""
    return [
        {
            "x": column,
            "y": row,
            "text": f"{value:.3g}".replace("-", "−"),
            "showarrow": False,
            "font": {"size": 15, "color": ink_on(fill(value / peak, scale, theme))},
        }
        for (row, column), value in np.ndenumerate(values)
    ]
