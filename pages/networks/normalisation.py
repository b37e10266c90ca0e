"""/normalisation: the same network on raw, scaled and standardised pixels, side by side."""

import streamlit as st

from cnn_core import SGD, Affine, BatchNorm1d, standardize
from pages.kit import controls, lesson, predict, state
from pages.kit.components.race import current_race
from pages.kit.components.scaling_pixels import scaling_pixels
from pages.kit.components.scaling_rates import scaling_rates
from pages.kit.components.scaling_stage import lane_labels, scaling_stage
from pages.kit.language import _
from pages.kit.pixel_rulers import loudest, rulers, with_ink
from pages.kit.prose import prose
from pages.kit.rate_sweep import EPOCHS, reached, sweep
from pages.kit.scaling_settings import stored_setup
from pages.kit.scalings import CLASSES, PIXELS, digits, first_length, steepness

ASKED = 0.01  # the learning rate that the question is about
ALIKE = 0.05  # test accuracies this close count as the same

words = prose(__file__)
lesson.opening(words)


def ask() -> bool:
    """With a small learning rate, which of the three inputs gets furthest?"""
    accuracy = {lane: reached(lane, ASKED) for lane in ("raw", "unit", "standard")}
    first, second = sorted(accuracy, key=accuracy.__getitem__, reverse=True)[:2]
    truth = first if accuracy[first] - accuracy[second] > ALIKE else "alike"
    options = {lane: lane_labels()[lane] for lane in accuracy} | {"alike": _("no difference")}
    question = words.text("predict", epochs=EPOCHS, rate=ASKED)
    if not predict.choice("furthest", question, options, truth):
        return False
    words.show("reveal", **{lane: 100 * share for lane, share in accuracy.items()})
    return True


@st.fragment
def stage() -> None:
    if ask():
        state.replace("asked", True)
    setup = stored_setup()
    digit = controls.stored_integer("image", 3, 0, CLASSES - 1, label=_("Test image"))
    scaling_stage(setup, current_race(setup, setup.race), digit=digit)

    st.subheader(words.text("rates-title"), anchor=False)
    words.show("rates", epochs=EPOCHS)
    hidden = not state.keep("asked", lambda: False)
    scaling_rates(setup, sweep(setup.activation, setup.seed), hidden=hidden)

    st.subheader(words.text("pixels-title"), anchor=False)
    words.show("pixels")
    pixel = controls.stored_integer("pixel", 20, 0, PIXELS - 1, label=_("Pixel"))
    scaling_pixels(rulers(), digit=digit, pixel=pixel)


stage()
rare, number = loudest()
lesson.explanation(
    words,
    {
        "try-small": {"lr": 0.01},
        "try-tanh": {"f": "tanh", "lr": 0.1},
        "try-own": {"lr": "0.03,1,1,1"},
        "try-large": {"lr": 10},
    },
    raw=first_length("raw"),
    unit=first_length("unit"),
    factor=first_length("raw") / first_length("unit"),
    steep=steepness("raw"),
    steep_standard=steepness("standard"),
    rare=with_ink(rare),
    images=len(digits("raw").train_images),
    loudest=number,
)
lesson.onward("batch-norm", words.text("onward"))
lesson.code(standardize, Affine, SGD, BatchNorm1d)
