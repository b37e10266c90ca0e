"""What is trained: the data sets, how long, and by which of the three optimizers."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core import LBFGS, SGD, Adam, Dataset, load_dataset

DATA_SEED = 0  # the same test images for everybody: runs can be compared
EPOCHS = {"digits": 100, "mnist": 20, "xo": 60}  # a run then pauses: a forgotten one must not go on
ITERATIONS = 300  # the same for L-BFGS, whose epoch is a single step


@dataclass(frozen=True)
class Setup:
    """What cannot change while a run goes on."""

    data: str  # a name that `load_dataset` knows
    optimizer: str  # "sgd", "adam" or "lbfgs"
    batch_size: int  # L-BFGS takes all training images at once
    seed: int  # of the first weights and of the order of the images


@dataclass(frozen=True)
class Tuning:
    """What may change from one step to the next; L-BFGS needs none of it, Adam no momentum."""

    lr: float
    momentum: float


@st.cache_resource(show_spinner=False)
def dataset(name: str) -> Dataset:
    """The data set, loaded once for all readers; its arrays are read-only."""
    return load_dataset(name, rng=np.random.default_rng(DATA_SEED))


def build_optimizer(name: str, tuning: Tuning) -> SGD | Adam | LBFGS:
    """A new optimizer, without any memory."""
    if name == "sgd":
        return SGD(tuning.lr, tuning.momentum)
    return Adam(tuning.lr) if name == "adam" else LBFGS()
