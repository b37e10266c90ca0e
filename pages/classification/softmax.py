"""/softmax: votes make scores, and a softmax makes shares of them that sum to 1."""

import numpy as np
import streamlit as st

from cnn_core import STROKES, affine, softmax
from pages.kit import controls, lesson, predict, state
from pages.kit.components.softmax_stage import softmax_stage
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.softmax_setting import setting
from pages.kit.softmax_steps import LIMIT, LIMIT_32, naive_softmax
from pages.kit.votes import Election, input_names, learned, sheet_names, sheets

ADD = 3  # in the question

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    drawings, labels = sheets(), sheet_names()
    sheet = controls.stored_choice("drawing", tuple(drawings), "x", label=_("Drawing"))
    classes = int(controls.stored_choice("classes", ("2", "4"), "4", label=_("Classes")))
    chosen = controls.stored_integer("class", 0, 0, classes - 1, label=_("Class"))
    election, now = Election(drawings[sheet], learned(classes)), setting()
    scores = now.scores(election.scores)
    with asking:
        growth = float(softmax(scores + ADD)[0] - softmax(scores)[0])
        options = {"more": _("larger"), "same": _("the same"), "less": _("smaller")}
        truth = "same" if abs(growth) < 1e-9 else "more" if growth > 0 else "less"
        if predict.choice("added", words.text("predict", add=ADD), options, truth):
            words.show("reveal", add=ADD, factor=np.exp(ADD))
            state.replace("asked", True)
    softmax_stage(
        election,
        now,
        at=chosen,
        names=STROKES[:classes],
        inputs=input_names(),
        sheets={name: (labels[name], pixels) for name, pixels in drawings.items()},
        sheet=sheet,
        hidden=not state.keep("asked", lambda: False),
    )


stage()
four = learned(4)
blank = softmax(Election(sheets()["blank"], four).scores)
lesson.explanation(
    words,
    {
        "try-telling": {"classes": 2},
        "try-overflow": {"c": 1000},
        "try-cold": {"drawing": "noisy", "t": 0.1},
        "try-hot": {"t": 10},
        "try-blank": {"drawing": "blank", "class": 2},
        "try-equal": {"z": "4,4,4,4"},
    },
    drawings=four.drawings,
    right=four.right,
    tested=four.tested,
    certainty=100 * four.certainty,
    blank=100 * blank[2],
    limit=LIMIT,
    limit32=LIMIT_32,
)
lesson.onward("neuron", words.text("onward"))
lesson.code(affine, naive_softmax, softmax)
