"""One small network and the same digits, whose pixels come in different sizes.

Four of them learn side by side: on the numbers of the file (0 to 16), on a sixteenth of them, on
standardised ones, and again on those of the file with a batch normalisation inside the network.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core import (
    SGD,
    Affine,
    BatchNorm1d,
    Dataset,
    Flatten,
    Sequential,
    load_dataset,
    standardize,
)
from pages.kit.race import Entry, Race, first_gradients
from pages.kit.stacks import ACTIVATIONS

LANES = ("raw", "unit", "standard", "norm")
PIXELS, HIDDEN, CLASSES = 64, 32, 10
INK = 16  # the largest number of a pixel in the file
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
BATCH_SIZE, EPOCHS = 50, 30
FIRST = "affine1"  # the layer that sees the pixels


@dataclass(frozen=True)
class Setup:
    """What makes a race of the four this one; `lrs` are their learning rates."""

    activation: str
    lrs: tuple[float, ...]
    seed: int

    def race(self) -> Race:
        """All four at the start, with the same first weights."""

        def make() -> Mapping[str, Entry]:
            return {
                lane: line_up(lane, self.activation, lr, self.seed)
                for lane, lr in zip(LANES, self.lrs, strict=True)
            }

        return Race(make, batch_size=BATCH_SIZE, epochs=EPOCHS, seed=self.seed)


@dataclass(frozen=True)
class Numbers:
    """All pixels of all training images in four numbers."""

    least: float
    most: float
    mean: float
    spread: float


def line_up(lane: str, activation: str, lr: float, seed: int) -> Entry:
    """The network of a lane before it has learned anything."""
    rng = np.random.default_rng(seed)
    first, last = Affine(PIXELS, HIDDEN, rng=rng), Affine(HIDDEN, CLASSES, rng=rng)
    inside = [BatchNorm1d(HIDDEN)] if lane == "norm" else []
    model = Sequential(Flatten(), first, *inside, ACTIVATIONS[activation].layer(), last)
    return Entry(model, digits(lane), SGD(lr))


@st.cache_resource(show_spinner=False)
def digits(lane: str) -> Dataset:
    """1,347 digits to learn from and 450 for the exam, as the network of a lane gets them."""
    data = load_dataset("digits", scale=lane == "unit", rng=np.random.default_rng(0))
    return standardize(data) if lane == "standard" else data


def one_of_each(lane: str) -> np.ndarray:
    """The first test image of each digit, (10, 64)."""
    return np.asarray(digits(lane).test_images[places()]).reshape(CLASSES, PIXELS)


def places() -> list[int]:
    """Where among the test images the first one of each digit lies."""
    labels = digits("raw").test_labels
    return [int(np.flatnonzero(labels == digit)[0]) for digit in range(CLASSES)]


@st.cache_data(show_spinner=False)
def numbers(lane: str) -> Numbers:
    """How large the pixels of a lane are."""
    x = digits(lane).train_images
    return Numbers(float(x.min()), float(x.max()), float(x.mean()), float(x.std()))


@st.cache_data(show_spinner=False)
def steepness(lane: str) -> float:
    """How much steeper the loss bends in its steepest direction than on average.

    The curvature along a neuron's weights goes with the eigenvalues of ⟨x xᵀ⟩: this is the largest
    one over their mean. Stretching all pixels alike does not change it.
    """
    x = digits(lane).train_images.reshape(-1, PIXELS).astype(float)
    eigenvalues = np.linalg.eigvalsh(x.T @ x / len(x))
    return float(eigenvalues[-1] / eigenvalues.mean())


@st.cache_data(show_spinner=False)
def first_length(lane: str, activation: str = "relu") -> float:
    """How long the first layer's gradient is before any training, for the first batch."""
    return first_gradients(line_up(lane, activation, 1, 0), BATCH_SIZE)[FIRST]
