"""One kernel, looked at closely: the drawing's windows, how well each matches, and the pooling."""

import numpy as np

from pages.kit.components import register
from pages.kit.language import _
from pages.kit.lesson import arrow

_stage = register("match_stage")


def match_stage(
    drawing: np.ndarray, kernel: np.ndarray, match: np.ndarray, pooled: list[np.ndarray]
) -> None:
    """Show the `match` of every 3×3 window of a ±1 `drawing` with `kernel`, pooled step by step."""
    agreements = np.rint((match + 1) * kernel.size / 2).astype(int)  # mean = (agree - differ) / 9
    _stage(
        key="match-stage",
        data={
            "drawing": drawing,
            "kernel": kernel,
            "match": match,
            "agreements": agreements,
            "pooled": [each.tolist() for each in pooled],
            "arrows": [
                arrow(_("mean of products"), match.shape),
                *(
                    arrow(name, each.shape, 0)
                    for name, each in zip(
                        (_("ReLU, max pooling"), _("max pooling")), pooled, strict=True
                    )
                ),
            ],
        },
        text={
            "drawing": _("Drawing"),
            "kernel": _("kernel"),
            "match": _("match"),
            "pooled": _("pooled"),
            "window": _("Row {row}, column {column}: {same} of 9 pixels agree, {other} differ:"),
            "pooling": _("Row {row}, column {column}: the largest of its window, {value}"),
        },
    )
