"""/pooling: the largest, the mean, or a learned share of each window."""

import numpy as np
import streamlit as st

from cnn_core import avg_pool2d, max_pool2d, output_size, subsample2d
from cnn_core.pooling import MaxPooling, Windows
from pages.kit import controls, lesson, predict, state
from pages.kit.components.pooling_stage import pooling_stage
from pages.kit.language import _
from pages.kit.learned import learned
from pages.kit.pools import Pools
from pages.kit.prose import prose

EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
SIDE = len(EXAMPLE)

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    windows, steps, border, source, randomness = st.columns([3, 3, 3, 4, 3])
    with windows:
        size = controls.integer(_("Window"), "size", 2, 1, SIDE)
    with steps:
        stride = controls.integer(_("Stride"), "stride", 2, 1, SIDE)
    with border:
        padding = controls.integer(_("Zero padding"), "padding", 0, 0, size - 1)
    with source:
        choices = {"example": _("Example"), "random": _("Random")}
        is_random = controls.choice(_("Numbers"), "numbers", choices, "example") == "random"
    key, x = "x", controls.grid("x", EXAMPLE, label=_("Input"))
    if is_random:
        with randomness:
            seed = controls.seed(_("Seed"))
        key = f"x{seed}"  # the reader's edits belong to the grid that they were made in
        digits = np.random.default_rng(seed).integers(0, 10, (SIDE, SIDE)).astype(float)
        x = controls.grid(key, digits, label=_("Input"))
    pools = Pools(x, size, stride, padding, *learned())

    rows, columns = pools.average.shape
    with asking:
        question = words.text("predict", size=size, stride=stride, padding=padding)
        corner = 0, columns - 1
        if predict.number("corner", question, pools.largest[corner]):
            average, trained = (predict.readable(y[corner]) for y in (pools.average, pools.trained))
            words.show("reveal", average=average, trained=trained)
            state.replace("asked", True)  # one guess opens the stage, whatever changes later
    pooling_stage(
        key,
        pools,
        at=controls.stored_integer("window", 0, 0, rows * columns - 1, label=_("Window")),
        hidden=None if state.keep("asked", lambda: False) else columns - 1,
    )
    lesson.formula(
        rf"\left\lfloor \frac{{{SIDE} + 2\cdot{padding} - {size}}}{{{stride}}} \right\rfloor + 1 = "
        rf"{output_size(SIDE, size, stride=stride, padding=padding)}",
        words.text("sizes"),
    )


stage()
lesson.explanation(
    words,
    {
        "try-ties": {"x": [[7, 7, 3, 3], [7, 7, 3, 0], [2, 5, 1, 1], [5, 2, 1, 1]]},
        "try-pixel": {"x": [[0, 0, 0, 0], [0, 0, 9, 0], [0, 0, 0, 0], [0, 0, 0, 0]], "window": 1},
        "try-unreached": {"size": 3},
        "try-negative": {"x": -np.array(EXAMPLE) - 1, "padding": 1},
        "try-average": {"beta": 0.25, "bias": 0},
    },
)
lesson.onward("subsampling", words.text("onward-subsampling"))
lesson.onward("pooling-gradient", words.text("onward-gradient"))
lesson.code(max_pool2d, avg_pool2d, subsample2d, Windows.shifts, MaxPooling.forward)
