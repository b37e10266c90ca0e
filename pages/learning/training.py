"""/training: a network learns to read in front of you."""

import streamlit as st

from cnn_core import fit
from cnn_core.optim import SGD
from pages.kit import lesson, predict
from pages.kit.prose import prose
from pages.kit.trainer.live import live_board
from pages.kit.trainer.panel import current_run, settings, verbs

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question = st.container()
    left, right = st.columns([1, 3.6], gap="large")
    with left:
        setup, tuning, pace = settings()
    run = current_run(setup, tuning)
    with question:
        start = 100 * run.history.test_accuracies[0]
        ask = words.text(
            "predict", tests=len(run.data.test_labels), classes=len(run.data.class_names)
        )
        is_answered = predict.number("start", ask, round(start, 1), tolerance=0.05)
    with right:
        verbs(run)
        live_board(run, pace, keep_secret=not is_answered)


stage()
lesson.explanation(
    words,
    {
        "try-too-fast": {"lr": 0.5, "pace": "10"},
        "try-lbfgs": {"optimizer": "lbfgs", "pace": "10"},
        "try-small-batch": {"batch": 5, "lr": 0.01},
        "try-nan": {"data": "xo", "lr": 10, "pace": "10"},
    },
)
lesson.code(SGD, fit)
