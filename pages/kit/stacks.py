"""Fully connected layers on 8×8 digits, as deep as one likes, with one activation between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core import (
    SGD,
    Affine,
    Conv2d,
    Dataset,
    Flatten,
    Layer,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    load_dataset,
    relu_backward,
    sigmoid_backward,
    softmax,
    tanh_backward,
)
from pages.kit.race import Entry, Race

PIXELS, CLASSES = 64, 10
WIDTHS = (4, 8, 16, 32, 64, 128)
DEPTH = 4  # hidden layers
MOMENTUM, BATCH_SIZE, EPOCHS = 0.9, 50, 30


@dataclass(frozen=True)
class Activation:
    """A layer between two others, and how to find its slopes from its outputs."""

    name: str
    layer: Callable[[], Layer]
    backward: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def slope(self, outputs: np.ndarray) -> float:
        """The mean of f′(u) over all neurons and images."""
        return float(self.backward(np.ones_like(outputs), outputs).mean())


ACTIVATIONS = {
    "relu": Activation("ReLU", ReLU, relu_backward),
    "sigmoid": Activation("sigmoid", Sigmoid, sigmoid_backward),
    "tanh": Activation("tanh", Tanh, tanh_backward),
}


@dataclass(frozen=True)
class Setup:
    """What makes a race between two stacks this one."""

    activations: tuple[str, str]
    widths: tuple[int, ...]
    lr: float
    seed: int

    def race(self) -> Race:
        """Both stacks at the start, with the same first weights."""

        def make() -> Mapping[str, Entry]:
            return {
                name: Entry(
                    build_stack(self.widths, activation, rng=np.random.default_rng(self.seed)),
                    digits(),
                    SGD(self.lr, MOMENTUM),
                )
                for name, activation in zip("ab", self.activations, strict=True)
            }

        return Race(make, batch_size=BATCH_SIZE, epochs=EPOCHS, seed=self.seed)


@dataclass(frozen=True)
class View:
    """What a stack answers to a few images, layer by layer."""

    strips: np.ndarray  # (images, all hidden neurons, then the probabilities)
    slopes: list[float]  # of each activation: the mean of f′


def build_stack(widths: Sequence[int], activation: str, *, rng: np.random.Generator) -> Sequential:
    """Affine and activation for each width, and an Affine for the ten scores."""
    layers: list[Layer] = [Flatten()]
    sizes = [PIXELS, *widths]
    for before, width in zip(sizes, widths, strict=False):
        layers += [Affine(before, width, rng=rng), ACTIVATIONS[activation].layer()]
    return Sequential(*layers, Affine(sizes[-1], CLASSES, rng=rng))


@st.cache_resource(show_spinner=False)
def digits() -> Dataset:
    """1,347 digits of 8×8 pixels to learn from and 450 for the exam, the same for all readers."""
    return load_dataset("digits", rng=np.random.default_rng(0))


def one_of_each() -> np.ndarray:
    """The first test image of each digit, (10, 1, 8, 8)."""
    labels = digits().test_labels
    first = [int(np.flatnonzero(labels == digit)[0]) for digit in range(CLASSES)]
    return np.asarray(digits().test_images[first])


def look_inside(model: Sequential, activation: str, images: np.ndarray) -> View:
    """Follow the images through a stack."""
    with model.in_use():
        outputs = [values for _name, values in model.trace(images)]
    hidden, scores = outputs[2:-1:2], outputs[-1]
    strips = np.concatenate([*hidden, softmax(scores)], axis=1).astype(np.float32)
    return View(strips, [ACTIVATIONS[activation].slope(values) for values in hidden])


@st.cache_data(show_spinner=False)
def first_lengths() -> tuple[list[float], list[float]]:
    """Each layer's gradient before any training, with ReLU and with sigmoid, 32 neurons each."""
    runners = Setup(("relu", "sigmoid"), (32,) * DEPTH, 0.05, 0).race().runners
    return list(runners["a"].grad_norms.values()), list(runners["b"].grad_norms.values())


def convolution_instead(filters: int) -> int:
    """Parameters of a 3×3 convolution with as many filters as the first layer has neurons."""
    return Conv2d(1, filters, 3, rng=np.random.default_rng(0)).parameter_count
