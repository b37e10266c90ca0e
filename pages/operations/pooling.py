"""/pooling: the largest or the mean of each window."""

import numpy as np
import streamlit as st

from cnn_core import avg_pool2d, avg_pool2d_backward, max_pool2d, output_size
from cnn_core.pooling import MaxPooling, Windows, window_sum
from pages.kit import controls, lesson, predict, state
from pages.kit.components.pooling_stage import Pooled, pooling_stage
from pages.kit.language import _
from pages.kit.prose import prose

EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
SIDE = len(EXAMPLE)

words = prose(__file__)
lesson.opening(words)


def numbers() -> tuple[str, np.ndarray]:
    """The grid and its setting: the classical example or random digits, with the reader's edits."""
    example, random = st.columns(2)
    with example:
        choices = {"example": _("Example"), "random": _("Random")}
        source = controls.choice(_("Numbers"), "numbers", choices, "example")
    if source == "example":
        return "x", controls.grid("x", EXAMPLE, label=_("Input"))
    with random:
        seed = controls.seed(_("Seed"))
    digits = np.random.default_rng(seed).integers(0, 10, (SIDE, SIDE)).astype(float)
    key = f"x{seed}"
    return key, controls.grid(key, digits, label=_("Input"))


@st.fragment
def stage() -> None:
    asking = st.container()
    left, middle, right = st.columns([1, 1, 2])
    with left:
        size = controls.integer(_("Window"), "size", 2, 1, SIDE)
    with middle:
        stride = controls.integer(_("Stride"), "stride", 2, 1, SIDE)
    with right:
        key, x = numbers()

    maps = x[None, None]
    largest = max_pool2d(maps, size, stride=stride)
    average = avg_pool2d(maps, size, stride=stride)
    windows = Windows(maps.shape, size, stride, 0, False)
    is_largest = windows.shifts(maps) == largest  # (size, size, 1, 1, oH, oW)
    reached = avg_pool2d_backward(np.ones_like(average), maps, size, stride=stride) > 0

    rows, columns = largest.shape[2:]
    with asking:
        question = words.text("predict", size=size, stride=stride)
        if predict.number("corner", question, largest[0, 0, 0, -1]):
            words.show("reveal", average=predict.readable(average[0, 0, 0, -1]))
            state.replace("asked", True)
    pooling_stage(
        key,
        x,
        [
            Pooled("max", _("Maximum"), _("max pooling"), largest[0, 0]),
            Pooled("average", _("Average"), _("average pooling"), average[0, 0]),
        ],
        size=size,
        stride=stride,
        at=controls.stored_integer("window", 0, 0, rows * columns - 1, label=_("Window")),
        sums=window_sum(windows, maps)[0, 0],
        winners=is_largest[:, :, 0, 0].transpose(2, 3, 0, 1),
        reached=reached[0, 0],
        hidden=None if state.keep("asked", lambda: False) else columns - 1,
    )
    lesson.formula(
        rf"\left\lfloor \frac{{{SIDE} - {size}}}{{{stride}}} \right\rfloor + 1 = "
        rf"{output_size(SIDE, size, stride=stride)}",
        _("windows in each direction: the input’s side, minus the window, divided by the stride"),
    )


stage()
lesson.explanation(
    words,
    {
        "try-ties": {"x": [[7, 7, 3, 3], [7, 7, 3, 0], [2, 5, 1, 1], [5, 2, 1, 1]]},
        "try-pixel": {"x": [[0, 0, 0, 0], [0, 0, 9, 0], [0, 0, 0, 0], [0, 0, 0, 0]], "window": 1},
        "try-checkerboard": {"x": [[0, 8, 0, 8], [8, 0, 8, 0], [0, 8, 0, 8], [8, 0, 8, 0]]},
        "try-unreached": {"size": 3},
    },
)
lesson.code(max_pool2d, avg_pool2d, Windows.shifts, MaxPooling.forward)
