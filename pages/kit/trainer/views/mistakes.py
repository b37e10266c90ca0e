"""What the network takes for what, and the images that it gets wrong."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit.controls import UnusableError
from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.views.numbers import pictures, told, whole

MOST_IMAGES = 30
CELL = re.compile(r"([0-9]+)-([0-9]+)")  # true class, said class


def mistakes(
    run: Run, moment: Moment, texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The confusion matrix, and the images of the `cell` that is chosen; else the most wrong."""
    exam, classes = moment.exam, len(run.data.class_names)
    cell = _cell(texts.get("cell", ""), classes)
    found = exam.misread if cell is None else exam.taken_for(*cell)
    shown = found[:MOST_IMAGES]
    images, arrays = pictures(run, "shelf", shown, texts)
    said = exam.answers[shown]
    confusion = exam.confusion
    counts = confusion.sum(axis=1)
    fields = {
        "step": exam.step,
        "cell": cell,
        "confusion": confusion.tolist(),
        "recall": [
            hits / count if count else None
            for hits, count in zip(confusion.diagonal().tolist(), counts.tolist(), strict=True)
        ],
        "found": len(found),
        "images": images,
        "said": said.tolist(),
        "shares": [told(share) for share in exam.shares[shown, said]],
        "rightShares": [told(share) for share in exam.shares[shown, exam.labels[shown]]],
        "isProbability": run.setup.loss == "entropy",
    }
    return fields, arrays


def _cell(text: str, classes: int) -> tuple[int, int] | None:
    if not text:
        return None
    if not (found := CELL.fullmatch(text)):
        raise UnusableError("which is no cell of the matrix")
    return whole(found[1], classes), whole(found[2], classes)
