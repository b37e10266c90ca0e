"""/one-vs-rest: ten yes-or-no questions beside one softmax, trained side by side on real digits."""

import math

import streamlit as st

from cnn_core import (
    Affine,
    binary_cross_entropy_with_logits,
    cross_entropy,
    evaluate,
    sigmoid,
    softmax,
)
from pages.kit import controls, lesson, predict, state
from pages.kit.components.rest_plane import rest_plane
from pages.kit.components.rest_stage import LEARNING_RATES, race_at_its_step, rest_stage
from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.stacks import BATCH_SIZE, CLASSES, digits
from pages.kit.ten_classes import EPOCHS, Setup, after_training

UNCLAIMED, TWICE_CLAIMED, TORN = 220, 144, 77  # test images, once both have learned

words = prose(__file__)
lesson.opening(words)


def ask() -> bool:
    """How many test images does none of the ten claim?"""
    end = after_training(Setup())
    question = words.text("predict", images=end["images"], epochs=EPOCHS)
    if not predict.number("unclaimed", question, end["none"]):
        return False
    words.show("reveal", others=end["images"] - end["none"], **end)
    return True


@st.fragment
def stage() -> None:
    if ask():
        state.replace("asked", True)
    rates = tuple(map(format_number, LEARNING_RATES))
    lr = float(controls.stored_choice("lr", rates, "0.1", label=_("Learning rate η")))
    setup = Setup(lr, controls.stored_integer("seed", 0, 0, 9999, label=_("Seed")))
    last = len(digits().test_labels) - 1
    rest_stage(
        setup,
        race_at_its_step(setup),
        image=controls.stored_integer("image", TORN, 0, last, label=_("Test image")),
        chosen=controls.stored_integer("class", 8, 0, CLASSES - 1, label=_("Class")),
        hidden=not state.keep("asked", lambda: False),
    )
    lesson.formula(
        r"""\begin{aligned}
        \sigma(z_k) &= \frac{e^{z_k}}{e^{z_k} + 1} \\[2.4ex]
        \operatorname{softmax}(z)_k &= \frac{e^{z_k}}{e^{z_k} + \sum_{j \ne k} e^{z_j}}
        \end{aligned}""",
        words.text("formula"),
    )


@st.fragment
def plane() -> None:
    st.subheader(words.text("plane-title"), anchor=False)
    words.show("plane")
    rest_plane()


stage()
plane()
trained = EPOCHS * math.ceil(len(digits().train_labels) / BATCH_SIZE)
lesson.explanation(
    words,
    {
        "try-none": {"step": trained, "image": UNCLAIMED},
        "try-twice": {"step": trained, "image": TWICE_CLAIMED, "class": 4},
        "try-start": {"step": trained // EPOCHS},
        "try-corners": {"step": trained, "digits": "corners", "place": "0.53,0.44"},
    },
)
lesson.onward("own-digit", words.text("onward"))
lesson.code(Affine, sigmoid, softmax, binary_cross_entropy_with_logits, cross_entropy, evaluate)
