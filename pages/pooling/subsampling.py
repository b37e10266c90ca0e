"""/subsampling: LeNet-5's pooling, with a coefficient and a bias that are learned."""

from collections.abc import Mapping

import streamlit as st

from cnn_core import Subsample2d, avg_pool2d, sigmoid, subsample2d, tanh
from pages.kit import controls, lesson, predict, state
from pages.kit.components.pooling_counts import MOST_MAPS, pooling_counts
from pages.kit.components.subsampling_stage import BETA, BIAS, subsampling_stage
from pages.kit.dials import dials, parse
from pages.kit.language import _
from pages.kit.pools import ACTIVATIONS, Pools
from pages.kit.prose import prose

EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
ONES_0134 = [[0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 1, 1]]  # ones in each window
ONES_0234 = [[0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1], [0, 1, 1, 1]]
SIZE = 2  # LeNet-5's, and its stride

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    x = controls.grid("x", EXAMPLE, label=_("Input"))
    activation = controls.stored_choice("f", tuple(ACTIVATIONS), "sigmoid", label=_("Activation"))

    def pools(beta: float, bias: float) -> Pools:
        return Pools(x, SIZE, SIZE, beta=beta, bias=bias, activation=activation)

    def turned(texts: Mapping[str, str]) -> Pools:
        return pools(*parse(texts.get("beta", ""), BETA), *parse(texts.get("bias", ""), BIAS))

    now = pools(*dials("beta", BETA, label="β"), *dials("bias", BIAS, label="b"))
    with asking:
        if predict.number("average", words.text("predict"), 1 / now.cells[0, 0].size):
            words.show("reveal")
            state.replace("asked", True)
    subsampling_stage(
        now,
        turning=turned,
        at=controls.stored_integer("window", 0, 0, now.sums.size - 1, label=_("Window")),
        hidden=not state.keep("asked", lambda: False),
    )


@st.fragment
def counts() -> None:
    st.subheader(words.text("counts-title"), anchor=False)
    words.show("counts")
    pooling_counts(controls.stored_integer("maps", 6, 1, MOST_MAPS, label=_("Feature maps")))


stage()
counts()
lesson.explanation(
    words,
    {
        "try-blur": {"beta": 0.05, "bias": -0.5, "f": "sigmoid"},
        "try-or": {"x": ONES_0134, "beta": 6, "bias": -3},
        "try-and": {"x": ONES_0134, "beta": 6, "bias": -21},
        "try-between": {"x": ONES_0234, "beta": 6, "bias": -9},
        "try-negative": {"beta": -0.5, "bias": 6, "f": "tanh"},
    },
)
lesson.onward("pooling-gradient", words.text("onward"))
lesson.code(subsample2d, avg_pool2d, sigmoid, tanh, Subsample2d)
