"""/pooling-gradient: what arrives at the input of each pooling, of a gradient at its output."""

import numpy as np
import streamlit as st

from cnn_core import (
    avg_pool2d_backward,
    check_cell,
    max_pool2d_backward,
    output_size,
    subsample2d_backward,
)
from pages.kit import controls, lesson, predict, state
from pages.kit.components.gradient_stage import gradient_stage, stored_dials, stored_window
from pages.kit.language import _
from pages.kit.pool_gradients import PoolGradients
from pages.kit.pools import ACTIVATIONS, Pools
from pages.kit.prose import prose

EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
GRADIENT = np.array([[1, 2, -3, 1], [4, -1, 2, -2], [3, -2, 1, 2], [2, 1, -1, 3.0]])
SIDE = len(EXAMPLE)

words = prose(__file__)
lesson.opening(words)


def ask(gradients: PoolGradients) -> bool:
    """What does the second largest cell of the top right window get of its gradient?"""
    row, column, window = gradients.runner_up()
    asked = {
        "g": predict.readable(gradients.grad_output[0, window]),
        "x": predict.readable(gradients.pools.x[row, column]),
        "row": row + 1,
        "column": column + 1,
    }
    share = gradients.shares[window].largest[row, column]
    return predict.number("cell", words.text("predict", **asked), share)


@st.fragment
def stage() -> None:
    asking = st.container()
    size_column, stride_column, activation_column = st.columns([3, 3, 4], gap="medium")
    with size_column:
        size = controls.integer(_("Window"), "size", 2, 1, SIDE)
    with stride_column:
        stride = controls.integer(_("Stride"), "stride", 2, 1, SIDE)
    with activation_column:
        names = {name: _("none") if name == "none" else name for name in ACTIVATIONS}
        activation = controls.choice(_("Activation f (trainable)"), "f", names, "none")
    x = controls.grid("x", EXAMPLE, label=_("Input"))
    side = output_size(SIDE, size, stride=stride)
    given = {  # one for each size of the output, so that none is lost
        f"g{n}": controls.grid(f"g{n}", GRADIENT[:n, :n], label=_("Gradient at the output"))
        for n in range(1, SIDE + 1)
    }
    key = f"g{side}"
    beta, bias = stored_dials()
    pools = Pools(x, size, stride, beta=beta, bias=bias, activation=activation)
    gradients, at = PoolGradients(pools, given[key]), stored_window(pools)
    with asking:
        if ask(gradients):
            state.replace("seen", True)
    seen = state.keep("seen", lambda: False)
    gradient_stage(key, gradients, at=at, hidden=not seen)
    if seen:  # it is the answer
        lesson.formula(gradients.formula(at), words.text("formula"))


stage()
lesson.explanation(
    words,
    {
        "try-tie": {
            "x": [[1, 1, 2, 4], [8, 6, 8, 8], [3, 2, 1, 0], [1, 2, 3, 4]],
            "window": 1,
            "check": "2-3",
        },
        "try-overlap": {"stride": 1, "window": 4, "check": "2-3"},
        "try-saturated": {"f": "tanh", "window": 1, "check": "2-3"},
        "try-unreached": {"size": 3, "check": "4-4"},
    },
)
lesson.code(
    max_pool2d_backward, avg_pool2d_backward, subsample2d_backward, Pools.backward, check_cell
)
