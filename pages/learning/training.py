"""/training: a network learns to read in front of you."""

import streamlit as st

from cnn_core import LBFGS, Sequential, fit
from cnn_core.optim import SGD
from pages.kit import controls, lesson, predict
from pages.kit.components.training_board import training_board
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.trainer.panel import build_your_own, current_run, settings
from pages.kit.trainer.snapshots import MOST
from pages.kit.trainer.take_home import take_home
from pages.kit.trainer.views import VIEW_NAMES

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question = st.container()
    with st.container(key="training"):  # its style puts the board first on a phone
        left, right = st.columns([1, 3.6], gap="large")
    with left:
        chosen = settings()
        run = current_run(chosen)
    with question:
        start = 100 * run.first_exam.test_accuracy
        ask = words.text(
            "predict", tests=len(run.data.test_labels), classes=len(run.data.class_names)
        )
        is_answered = predict.number("start", ask, round(start, 1), tolerance=0.05)
    with right:
        view = controls.stored_choice("show", VIEW_NAMES, VIEW_NAMES[0], label=_("View"))
        last = len(run.data.test_labels) - 1
        image = controls.stored_integer("image", 0, 0, last, label=_("Test image"))
        training_board(run, view=view, image=image, secret=not is_answered)
    build_your_own(chosen.setup)
    take_home(run)


stage()
lesson.explanation(
    words,
    {
        "try-too-fast": {"lr": 0.5},
        "try-few": {"size": 30, "seed": 1},
        "try-zero": {"start": "zero", "show": "layers"},
        "try-squares": {"loss": "squares"},
        "try-lenet": {"net": "lenet", "show": "layers"},
        "try-noise": {"noise": 0.5, "show": "mistakes"},
        "try-nan": {"images": "xo", "lr": 10},
    },
    moments=MOST,
)
lesson.onward("optimizers", words.text("onward"))
lesson.code(fit, Sequential.backward, SGD, LBFGS)
