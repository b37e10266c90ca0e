"""One grid of numbers and, beside it, what each pooling makes of the same windows."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from pages.kit.components import register
from pages.kit.controls import edit_cell, store
from pages.kit.language import _
from pages.kit.lesson import arrow

_stage = register("pooling_stage")


class Pooled(NamedTuple):
    """What one kind of pooling made of the grid."""

    rule: str  # "max" or "average": how the arithmetic is written out
    title: str
    operation: str
    values: np.ndarray  # (oH, oW)


def pooling_stage(
    grid_key: str,
    x: np.ndarray,
    pooled: Collection[Pooled],
    *,
    size: int,
    stride: int,
    at: int,
    sums: np.ndarray,
    winners: np.ndarray,
    reached: np.ndarray,
    hidden: int | None = None,
) -> None:
    """Show the grid `grid_key` (editable), its windows, and one output for each of `pooled`.

    `at` counts the windows in reading order; moving on stores it as "window". `sums` (oH,
    oW) are the windows' sums, `winners` (oH, oW, size, size) is true where a window's cell equals
    its maximum, `reached` (H, W) where a cell is in any window. The outputs of the window `hidden`
    show a question mark.
    """
    _stage(
        key="pooling-stage",
        data={
            "x": x,
            "pooled": [
                {
                    "rule": each.rule,
                    "title": each.title,
                    "arrow": arrow(each.operation, each.values.shape, 0),
                    "values": each.values.tolist(),
                }
                for each in pooled
            ],
            "size": size,
            "stride": stride,
            "at": at,
            "sums": sums,
            "winners": winners,
            "reached": reached,
            "hidden": hidden,
        },
        text={
            "input": _("Input"),
            "winner": _("largest of its window"),
            "tie": _("equally large: it makes no difference"),
            "unreached": _("in no window"),
            "hidden": _("your guess first"),
        },
        on={
            "edit": lambda cell: edit_cell(grid_key, cell["row"], cell["column"], cell["value"]),
            "move": lambda position: store("window", int(position)),
        },
    )
