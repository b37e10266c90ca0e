"""/neuron: two weights turn a line, and only a bias moves it off the blank sheet."""

import streamlit as st

from cnn_core import affine, affine_backward, sigmoid
from pages.kit import controls, lesson, predict
from pages.kit.components.neuron_stage import chosen_setting, neuron_stage
from pages.kit.language import _
from pages.kit.neuron import best_without_bias, descend
from pages.kit.prose import prose
from pages.kit.segments import chosen_task

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    task = chosen_task(("6", "2"), ("lower-left", "lower-right"))
    setting = chosen_setting()
    best, nailed = task.best
    with asking:
        question = words.text("predict", best=best, total=task.learning)
        is_answered = predict.number("without", question, nailed)
        if is_answered:
            words.show("reveal")
    neuron_stage(
        task,
        setting,
        at=controls.stored_integer("image", 0, 0, len(task.images) - 1, label=_("Image")),
        hidden=not is_answered,
    )


stage()
lesson.explanation(
    words,
    {
        "try-faint": {"w": "1.12,1.21", "b": -0.88},
        "try-nailed": {"w": "11.18,12.06", "bias": 0},
        "try-unneeded": {"digits": "0,1", "x": "middle,lower-left", "w": "-11,14", "bias": 0},
        "try-one-input": {"digits": "2,7", "x": "bottom,upper-left", "w": "12,0", "b": -6.3},
        "try-zero": {"w": "0,0", "b": 2},
    },
)
lesson.onward("logistic-regression", words.text("onward"))
lesson.code(affine, affine_backward, sigmoid, descend, best_without_bias)
