"""/classifier: from a drawing to three small maps, twelve numbers, one verdict."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from cnn_core import (
    affine,
    canonical_x,
    conv2d,
    max_pool2d,
    max_pool2d_backward,
    relu,
    softmax,
)
from pages.kit import controls, lesson, predict, state, xo_drawing
from pages.kit.components.verdict_stage import STEPS, Position, verdict_stage
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.xo_chain import Chain
from pages.kit.xo_network import KERNEL_NAMES, NoVerdictError, learned

words = prose(__file__)
lesson.opening(words)


def position() -> Position:
    """Where the link wants the reader to be."""
    step = controls.stored_integer("step", 1, 0, STEPS, label=_("Step"))
    lens = controls.stored_integer("lens", 0, 0, step, label=_("Close-up"))
    kernel = controls.stored_choice("kernel", tuple(KERNEL_NAMES), "main", label=_("Kernel"))
    cell = controls.stored_integer("cell", 0, 0, 48, label=_("Cell"))
    neuron = controls.stored_integer("neuron", 0, 0, 11, label=_("Neuron"))
    return Position(step, lens, list(KERNEL_NAMES).index(kernel), cell, neuron)


@st.fragment
def stage() -> None:
    layer = learned()
    chain = Chain(xo_drawing.drawing(), layer)
    at = position()
    inputs, outputs = chain.maps.small.size, len(layer.bias)
    parameters = layer.weight.size + layer.bias.size

    def drawn(texts: Mapping[str, str]) -> Chain:
        return Chain(xo_drawing.parse(texts.get("pixels", "")), layer)

    if predict.number("count", words.text("predict", inputs=inputs, outputs=outputs), parameters):
        words.show("reveal", inputs=inputs, outputs=outputs, parameters=parameters)
        state.replace("asked", True)
    try:
        verdict_stage(
            chain,
            drawn=drawn,
            at=at,
            drawings=xo_drawing.offered(),
            hide_parameters=not state.keep("asked", lambda: False),
        )
    except NoVerdictError:
        st.warning(
            _("The layer's weights are not all finite numbers, so there is no verdict to show.")
        )


stage()
blank = np.full(xo_drawing.SHAPE, -1)
half, torn, slash = (canonical_x().astype(int) for _i in range(3))
half[5:] = torn[4] = -1
slash[np.arange(9), 8 - np.arange(9)] = -1
slash[4, 4] = 1
lesson.explanation(
    words,
    {
        "try-torn": {"step": 7, "pixels": torn},
        "try-half": {"step": 7, "lens": 6, "pixels": half},
        "try-unseen": {"step": 7, "pixels": slash},
        "try-empty": {"step": 7, "pixels": blank},
        "try-edge": {"step": 7, "lens": 3, "cell": 48},
    },
)
lesson.onward("softmax", words.text("onward"))
lesson.code(conv2d, relu, max_pool2d, affine, softmax, max_pool2d_backward)
