"""/channels: several input maps, several filters, and the sum that joins them."""

import streamlit as st

from cnn_core import Convolution, conv2d, relu, rot180, sigmoid, tanh
from pages.kit import controls, lesson, predict, state
from pages.kit.channels import (
    BIASES,
    KERNEL_SIZE,
    MOST_CHANNELS,
    MOST_FILTERS,
    SIZE,
    ChannelSums,
    filters,
    pictures,
)
from pages.kit.components.channels_stage import channels_stage
from pages.kit.language import _
from pages.kit.patterns import pattern
from pages.kit.prose import prose
from pages.kit.walk import ACTIVATIONS

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    channels = controls.stored_integer("channels", 3, 1, MOST_CHANNELS, label=_("Channels"))
    depth = controls.stored_integer("depth", 2, 1, MOST_FILTERS, label=_("Number of filters"))
    seed = controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    x = pattern("x", pictures(seed), "photo", label=_("Input"))
    weight = pattern("w", filters(seed), "edges", label=_("Kernel"))
    bias = controls.grid("b", BIASES, label=_("Bias"))
    activation = controls.stored_choice("act", tuple(ACTIVATIONS), "relu", label=_("Activation"))

    kernels = weight.values.reshape(MOST_FILTERS, MOST_CHANNELS, KERNEL_SIZE, KERNEL_SIZE)
    maps = x.values.reshape(MOST_CHANNELS, SIZE, SIZE)
    layer = ChannelSums(maps[:channels], kernels[:depth, :channels], bias[0, :depth], activation)

    with asking:
        question = words.text("predict", channels=channels, depth=depth)
        if predict.number("parameters", question, layer.parameters):
            state.replace("counted", True)
    channels_stage(
        layer,
        x,
        weight,
        bias,
        at_filter=controls.stored_integer("filter", 1, 1, depth, label=_("Filter")),
        at_cell=controls.stored_integer(
            "cell", 4, 0, layer.outputs[0].size - 1, label=_("Output cell")
        ),
        seed=seed,
        hidden=not state.keep("counted", lambda: False),
    )
    lesson.formula(
        rf"C_k = S\Big(\sum_{{n=1}}^{{{channels}}} x_n * w_{{kn}} + b_k\Big)",
        words.text("formula"),
    )


stage()
lesson.explanation(
    words,
    {
        "try-invisible": {"x": "edge", "depth": 3, "filter": 2, "act": "none"},
        "try-colour": {"x": "edge", "depth": 3, "filter": 3, "act": "none"},
        "try-bias": {"depth": 4, "filter": 4},
        "try-grey": {"channels": 1, "depth": 4},
    },
)
lesson.code(conv2d, Convolution.forward, rot180, relu, sigmoid, tanh)
