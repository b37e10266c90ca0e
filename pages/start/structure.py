"""/: a digit on its way through a convolutional network, and the way to the other lessons."""

import numpy as np
import streamlit as st

from cnn_core import Affine, Sequential, StateError, conv2d, max_pool2d
from pages.kit import controls, journey, lesson, predict
from pages.kit.components.network_chain import Candidates, lesson_to_open, network_chain
from pages.kit.language import _, language
from pages.kit.prose import prose

SHEET = 12  # images to choose from at a time
REACH = {"digits": 2, "mnist": 6}  # pixels that an image may be moved

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    if target := lesson_to_open():
        st.switch_page(target.path, query_params={"lang": language()})
    with st.container(horizontal=True, key="which"):
        sets = {"digits": _("Digits 8×8"), "mnist": _("MNIST 28×28")}
        name = controls.choice(_("Data"), "data", sets, "digits", visible_label=False)
        digits = {str(digit): str(digit) for digit in range(10)}
        digit = int(controls.choice(_("Digit"), "digit", digits, "3", visible_label=False))
    counts = np.bincount(journey.test_set(name).test_labels, minlength=10).tolist()
    n = controls.stored_integer("n", 0, 0, counts[digit] - 1, label=_("Image"))
    reach = REACH[name]
    down = controls.stored_integer("down", 0, -reach, reach, label=_("Moved down"))
    right = controls.stored_integer("right", 0, -reach, reach, label=_("Moved to the right"))
    try:
        network = journey.network(name)
        share, count = journey.accuracy(name, down, right)
    except StateError:
        st.error(words.text("damaged", data=sets[name]))
        return

    images = journey.images_of(name, digit)
    first = n - n % SHEET
    sheet = images[first : first + SHEET]
    readings = network.forward(sheet).argmax(axis=1).tolist()
    steps = journey.walk(network, journey.moved(images[n], down, right))
    at = controls.stored_choice("at", journey.places(steps), "conv1-1", label=_("Map"))
    reading, sure = int(steps[-1].values.argmax()), min(float(steps[-1].values.max()), 0.999)
    network_chain(
        "chain",
        steps,
        Candidates(sheet[:, 0], readings, digit, n, first, counts),
        at=at,
        reach=reach,
        moved=(down, right),
        explain=lambda step: words.text(passage(step), **journey.counts(step)),
        verdict=words.text(
            "right" if reading == digit else "wrong", reading=reading, sure=sure, digit=digit
        ),
        summary=[
            words.text("totals", **journey.totals(steps)),
            words.text("moved" if down or right else "accuracy", share=share, count=count),
        ],
    )
    numbers, dense = journey.counts(steps[1]), journey.dense_parameters(steps[1])
    if predict.number("dense", words.text("predict", **numbers), dense):
        words.show("predicted", ratio=dense / steps[1].parameters, **numbers)


def passage(step: journey.Stage) -> str:
    """The heading of the words about a step; the two convolutions have their own."""
    return f"step-{step.name if step.kind == 'conv' else step.kind}"


stage()
lesson.explanation(
    words,
    {
        "try-moved": {"digit": 5, "right": 1, "at": "pool1-1"},
        "try-wrong": {"digit": 8, "n": 39, "at": "softmax-8"},
        "try-mnist": {"data": "mnist", "digit": 5, "at": "conv1-1"},
        "try-unsure": {"data": "mnist", "digit": 9, "n": 78, "at": "softmax-5"},
    },
)
lesson.contents()
lesson.code(Sequential.trace, conv2d, max_pool2d, Affine.forward)
