"""What the network says to a drawing, while it is still learning."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit.framing import LONGER_SIDE, extent
from pages.kit.language import _
from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.views.ink import COLUMNS, FIELD, PADS, Drawing, drawing
from pages.kit.trainer.views.inside import answer, outputs_for
from pages.kit.trainer.views.numbers import greys


def draw(
    run: Run, moment: Moment, texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The drawing in `ink` as the network sees it, and the answer; none to a blank pad."""
    drawn = drawing(texts, run.setup.data)
    fields: dict[str, Any] = {"pad": PADS[run.setup.data], "answer": None, "framed": ""}
    if not drawn.is_blank:
        outputs = outputs_for(moment, drawn.image[None])
        fields |= {"answer": answer(run.setup.loss, outputs), "framed": _framed(run, drawn)}
    return fields, {"seen": greys(drawn.image)}


def _framed(run: Run, drawn: Drawing) -> str:
    """How the image was made, in words."""
    height, width = extent(drawn.ink)
    if run.setup.data == "mnist":
        return _(
            "{before} pixels of ink, scaled to {longer} on the longer side, the centre of mass in "
            "the middle: as MNIST’s digits were made"
        ).format(before=f"{height}×{width}", longer=LONGER_SIDE)
    if run.setup.data == "digits":
        return _(
            "{before} pixels of ink, stretched to {after}, strokes of the usual thickness, then "
            "the mean of every 4×4: as the digits of this set were made"
        ).format(before=f"{height}×{width}", after=f"{FIELD}×{COLUMNS}")
    return _("ink where at least a third of 4×4 pixels is drawn, paper elsewhere")
