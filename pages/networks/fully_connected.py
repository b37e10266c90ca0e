"""/fully-connected: five layers deep, with an activation that lets the gradient live or die."""

import math

import streamlit as st

from cnn_core import ReLU, Sigmoid, relu_backward, sigmoid_backward
from cnn_core.affine import weighted_sum, weighted_sum_backward
from pages.kit import controls, lesson, predict, state
from pages.kit.components.race import current_race
from pages.kit.components.share_bars import share_bars
from pages.kit.components.stack_stage import LEARNING_RATES, stack_stage
from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.parameter_shares import known_shares
from pages.kit.prose import prose
from pages.kit.stacks import (
    ACTIVATIONS,
    BATCH_SIZE,
    CLASSES,
    DEPTH,
    WIDTHS,
    Setup,
    build_stack,
    first_lengths,
)

words = prose(__file__)
lesson.opening(words)


def settings() -> Setup:
    """What the stage's pickers have chosen."""
    first, second = (
        controls.stored_choice(key, tuple(ACTIVATIONS), default, label=_("Activation"))
        for key, default in (("a", "relu"), ("b", "sigmoid"))
    )
    sizes = tuple(map(str, WIDTHS))
    widths = tuple(
        int(controls.stored_choice(f"w{i}", sizes, "32", label=_("Neurons")))
        for i in range(1, DEPTH + 1)
    )
    rates = tuple(map(format_number, LEARNING_RATES))
    lr = float(controls.stored_choice("lr", rates, "0.05", label=_("Learning rate η")))
    return Setup(
        (first, second), widths, lr, controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    )


def ask() -> bool:
    """How much shorter is the first layer's gradient than the last one's, before any training?"""
    relu, sigmoid = first_lengths()
    options = {
        "same": _("about as long"),
        "tenth": _("about a tenth"),
        "hundredth": _("about a hundredth"),
        "thousandth": _("about a thousandth"),
    }
    truth = list(options)[min(3, round(-math.log10(sigmoid[0] / sigmoid[-1])))]
    if not predict.choice("fading", words.text("predict", images=BATCH_SIZE), options, truth):
        return False
    words.show(
        "reveal",
        first=sigmoid[0],
        last=sigmoid[-1],
        relu_first=relu[0],
        relu_last=relu[-1],
    )
    return True


@st.fragment
def stage() -> None:
    if ask():
        state.replace("asked", True)
    setup = settings()
    stack_stage(
        setup,
        current_race(setup, setup.race),
        digit=controls.stored_integer("image", 3, 0, CLASSES - 1, label=_("Test image")),
        hidden=not state.keep("asked", lambda: False),
    )
    lesson.formula(
        r"\delta_{l} = \big(W_{l+1}^{\mathsf T}\, \delta_{l+1}\big) \odot f'(u_{l})",
        words.text("formula"),
    )


@st.fragment
def shares() -> None:
    st.subheader(words.text("shares-title"), anchor=False)
    words.show("shares")
    names = {"digits": _("Our network for 8×8 digits"), "mnist": _("Our network for MNIST")}
    share_bars([each._replace(name=names.get(each.name, each.name)) for each in known_shares()])


stage()
shares()
lesson.explanation(
    words,
    {
        "try-tanh": {"b": "tanh"},
        "try-narrow": {"w1": 128, "w2": 64, "w3": 16, "w4": 4},
        "try-dead": {"lr": 0.5},
    },
)
lesson.onward("normalisation", words.text("onward"))
lesson.code(
    weighted_sum, weighted_sum_backward, ReLU, relu_backward, Sigmoid, sigmoid_backward, build_stack
)
