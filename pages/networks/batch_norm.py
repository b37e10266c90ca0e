"""/batch-norm: every layer's numbers around 0 with a spread of 1, and what that costs."""

import streamlit as st

from cnn_core import BatchNorm1d, batch_norm, batch_statistics, check_cell
from cnn_core.normalization import normalize, normalize_backward
from pages.kit import controls, lesson, predict, state
from pages.kit.batch import others_that_notice
from pages.kit.batch_settings import EXAMPLE, stored_batch
from pages.kit.components.batch_norm_activity import batch_norm_activity
from pages.kit.components.batch_norm_gradient import batch_norm_gradient
from pages.kit.components.batch_norm_stage import CELLS, batch_norm_stage
from pages.kit.language import _
from pages.kit.prose import prose

STRETCHING = [[3, 0], [-3, 0], [1, 0], [-1, 0], [0, 0]]  # the deviations of channel 1

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    batch, edit = stored_batch()
    with asking:
        if predict.number("others", words.text("predict"), others_that_notice(EXAMPLE)):
            words.show("reveal")
            state.replace("asked", True)
    batch_norm_stage(
        batch,
        edit,
        at=controls.stored_integer("cell", 0, 0, CELLS - 1, label=_("Cell")),
        hidden=not state.keep("asked", lambda: False),
    )
    st.subheader(words.text("back-title"), anchor=False)
    words.show("back")
    batch_norm_gradient(batch)


@st.fragment
def real() -> None:
    st.subheader(words.text("real-title"), anchor=False)
    words.show("real")
    batch_norm_activity()


stage()
real()
lesson.explanation(
    words,
    {
        "try-undo": {"gamma": "2,1", "beta": "5,0"},
        "try-two": {"samples": 2},
        "try-fresh": {"mode": "use", "run": "0,0;1,1"},
        "try-stretch": {"g": STRETCHING, "check": "1-1"},
        "try-tiny": {"layer": "neuron", "channel": 3, "size": 2},
    },
)
lesson.onward("training", words.text("onward"))
lesson.code(
    normalize, batch_norm, batch_statistics, BatchNorm1d.forward, normalize_backward, check_cell
)
