"""How well digits are read that nobody framed: smaller, and anywhere on the sheet."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from cnn_core import evaluate, load_pretrained
from pages.kit.framing import LONGER_SIDE, Frame, as_mnist
from pages.kit.journey import test_set
from pages.kit.pictures import PAD

SMALLEST = 0.5  # the scale of the smallest digits


class Shares(NamedTuple):
    """How many test digits were tried, and the shares that were read right."""

    tried: int
    as_drawn: float
    framed: float


@st.cache_data(show_spinner=False)
def shares(count: int = 500) -> Shares:
    """Make test digits smaller and move them about, and read them without and with the frame."""
    rng, data = np.random.default_rng(0), test_set("mnist")
    images, labels = data.test_images[:count, 0].astype(float), data.test_labels[:count]
    drawn = np.array([_anywhere(rng).apply(image) for image in images])
    framed = np.array([as_mnist(image).apply(image) for image in drawn])
    network = load_pretrained("mnist")
    as_drawn, as_framed = (
        evaluate(network, each[:, None].astype(np.float32), labels)[1] for each in (drawn, framed)
    )
    return Shares(count, as_drawn, as_framed)


def _anywhere(rng: np.random.Generator) -> Frame:
    """A scale and a place at which a digit still lies on the sheet: its box is in the middle."""
    scale = float(rng.uniform(SMALLEST, 1))
    box = LONGER_SIDE * scale
    edge = (PAD - LONGER_SIDE) / 2 * scale  # how far from the corner the box lies by itself
    down, right = (int(rng.integers(-int(edge), int(PAD - edge - box) + 1)) for _axis in range(2))
    return Frame(scale, down, right)
