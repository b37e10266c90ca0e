"""A titled grid of numbers that can be read, walked with the arrow keys, and edited in place."""

import numpy as np

from pages.kit.components import register
from pages.kit.controls import edit_cell

_grid = register("number_grid")


def number_grid(
    key: str,
    values: np.ndarray,
    *,
    title: str,
    role: str = "neutral",
    editable: bool = True,
    scale: str = "signed",
    max_value: float | None = None,
    limit: float = 99,
) -> None:
    """Show the 2-D `values`; an edit changes the setting `key` of `controls.grid(key, ...)`."""
    rows, columns = values.shape
    _grid(
        key=f"{key}-grid",
        data={
            "title": title,
            "detail": f"{rows}×{columns}",
            "values": values,
            "role": role,
            "editable": editable,
            "scale": scale,
            "max": max_value,
            "limit": limit,
        },
        on={
            "edit": lambda cell: edit_cell(
                key, cell["row"], cell["column"], cell["value"], limit=limit
            )
        },
    )
