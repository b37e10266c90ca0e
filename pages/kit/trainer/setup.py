"""What is trained on what, and how: everything that makes two runs the same run."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import streamlit as st

from cnn_core import (
    LBFGS,
    SGD,
    Adam,
    Dataset,
    Sequential,
    cross_entropy,
    load_dataset,
    softmax,
    squared_error,
)
from cnn_core.evaluation import Loss
from pages.kit.trainer import architecture

DATA_SEED = 0  # the same test images for everybody: runs can be compared
USUAL_FLIPS = 0.05  # of the pixels of X and O: without any, images repeat themselves
SIZES = ("30", "100", "300", "1000", "all")  # training images
LOSSES: dict[str, Loss] = {"entropy": cross_entropy, "squares": squared_error}
OPTIMIZERS = ("sgd", "momentum", "adam", "lbfgs")

# Connections times images that a step, and a look at the images, may take: each then lasts about a
# tenth of a second on one core, so that nobody waits longer for a pause or for a turn.
MOST_IN_A_STEP = 400_000_000
MOST_IN_A_LOOK = 1_400_000_000
TESTED = 0.8  # the share of a look that is for the test images; the rest for training images
MOST_TRAINED = 300  # training images that a look takes: all of them would cost too much

Optimizer = SGD | Adam | LBFGS


@dataclass(frozen=True)
class Setup:
    """What cannot change while a run goes on."""

    data: str  # a name that `load_dataset` knows
    net: str  # the text of an `Architecture`
    noise: float = 0.0  # X and O: the share of flipped pixels; digits: the spread of what is added
    size: str = "all"  # one of SIZES
    start: str = "random"  # how the weights begin, see `architecture.STARTS`
    loss: str = "entropy"  # one of LOSSES
    optimizer: str = "momentum"  # one of OPTIMIZERS
    batch_size: int = 50  # L-BFGS takes all training images at once
    seed: int = 0  # of the first weights and of the order of the images


@dataclass(frozen=True)
class Tuning:
    """What may change from one step to the next; not every optimizer uses all of it."""

    lr: float = 0.05
    momentum: float = 0.9
    l2: float = 0.0


@st.cache_resource(show_spinner=False, max_entries=12)
def dataset(name: str, noise: float = 0.0, size: str = "all") -> Dataset:
    """The data set, made once for all readers; its arrays are read-only.

    The test images depend on the noise, not on how many images there are to learn from.
    """
    rng = np.random.default_rng(DATA_SEED)
    if name == "xo":
        data = load_dataset(name, noise=noise, rng=rng)
    else:
        data = load_dataset(name, rng=rng)
        if noise:
            data = _noisy(data, noise, rng)
    if size == "all":
        return data
    first = slice(int(size))
    return replace(
        data, train_images=data.train_images[first], train_labels=data.train_labels[first]
    )


def data_for(setup: Setup) -> Dataset:
    """The images of a run. A network that takes long over each is examined on fewer of them."""
    data = dataset(setup.data, setup.noise, setup.size)
    most = int(TESTED * MOST_IN_A_LOOK) // connections(setup.data, setup.net)
    return replace(data, test_images=data.test_images[:most], test_labels=data.test_labels[:most])


def trained_in_a_look(setup: Setup) -> int:
    """How many training images a look takes, at most."""
    affordable = int((1 - TESTED) * MOST_IN_A_LOOK) // connections(setup.data, setup.net)
    return min(MOST_TRAINED, affordable)


@lru_cache(maxsize=256)
def connections(data: str, net: str) -> int:
    """The weighted links of a network for one image of a data set."""
    images = dataset(data)
    shape, classes = images.image_shape, len(images.class_names)
    model = architecture.build(
        architecture.parse(net, shape), shape, classes, rng=np.random.default_rng(0)
    )
    return model.connection_count(shape)


def possible_in_a_step(data: str, net: str, count: int) -> bool:
    """Whether so many images at once take no longer than a reader will wait."""
    return count * connections(data, net) <= MOST_IN_A_STEP


def _noisy(data: Dataset, spread: float, rng: np.random.Generator) -> Dataset:
    """Add normally distributed noise to every pixel; none leaves the range from 0 to 1."""

    def add(images: np.ndarray) -> np.ndarray:
        noise = rng.standard_normal(images.shape, dtype=np.float32)
        return np.clip(images + np.float32(spread) * noise, 0, 1)

    test_images = add(data.test_images)
    return replace(data, train_images=add(data.train_images), test_images=test_images)


def build_model(setup: Setup, data: Dataset, rng: np.random.Generator) -> Sequential:
    """The network before it has learned anything."""
    shape, classes = data.image_shape, len(data.class_names)
    return architecture.build(
        architecture.parse(setup.net, shape),
        shape,
        classes,
        rng=rng,
        start=setup.start,
        squash=setup.loss == "squares",
    )


def build_optimizer(name: str, tuning: Tuning) -> Optimizer:
    """A new optimizer, without any memory."""
    if name == "lbfgs":
        return LBFGS()
    if name == "adam":
        return Adam(tuning.lr)
    return SGD(tuning.lr, tuning.momentum if name == "momentum" else 0.0)


def shares_of(loss: str, outputs: np.ndarray) -> np.ndarray:
    """What a network that learned by this loss says for each class, from 0 to 1.

    After the cross-entropy these are probabilities. Trained by squares, the outputs themselves are
    meant to be 1 for the right class and 0 for all others; they need not sum to 1.
    """
    return softmax(outputs) if loss == "entropy" else outputs
