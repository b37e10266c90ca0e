"""The classical small network on 9×9 drawings: three kernels made by hand, one layer that learned.

Matching with a kernel is the mean of the products: 1 where all nine pixels agree, −1 where all
differ. Two poolings with windows that may hang over the edge make 7×7 → 4×4 → 2×2 of it.
"""

from typing import NamedTuple

import numpy as np
import streamlit as st

from cnn_core import (
    SGD,
    STROKES,
    Affine,
    Dataset,
    Flatten,
    Sequential,
    affine,
    conv2d,
    evaluate,
    fit,
    load_dataset,
    max_pool2d,
    relu,
    softmax,
)
from pages.kit.language import N_

KERNELS = np.array(
    [
        [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]],
        [[1, -1, 1], [-1, 1, -1], [1, -1, 1]],
        [[-1, -1, 1], [-1, 1, -1], [1, -1, -1]],
    ],
    dtype=np.float32,
)
KERNEL_NAMES = {
    "main": N_("main diagonal"),
    "centre": N_("centre of an X"),
    "anti": N_("anti-diagonal"),
}


class NoVerdictError(ValueError):
    """The scores are not finite numbers, so nothing can be said about the drawing."""


class Maps(NamedTuple):
    """What the kernels make of N drawings, stage by stage."""

    match: np.ndarray  # (N, 3, 7, 7)
    pooled: np.ndarray  # (N, 3, 4, 4)
    small: np.ndarray  # (N, 3, 2, 2)


class Learned(NamedTuple):
    """An FC layer that tells X from everything else, and how it did on drawings it never saw."""

    weight: np.ndarray  # (2, 12)
    bias: np.ndarray  # (2,)
    drawings: int  # that it learned from
    right: int
    tested: int


class Verdict(NamedTuple):
    """The way from twelve numbers to two probabilities."""

    votes: np.ndarray  # (2, 12): weight times input
    scores: np.ndarray  # (2,)
    probabilities: np.ndarray  # (2,)


def maps_of(images: np.ndarray) -> Maps:
    """Match images (N, 1, 9, 9) with the three kernels, and pool twice."""
    match = conv2d(images, KERNELS[:, None], flip=False) / 9
    pooled = max_pool2d(relu(match), 2, ceil_mode=True)
    return Maps(match, pooled, max_pool2d(pooled, 2, ceil_mode=True))


@st.cache_data(show_spinner=False)
def learned() -> Learned:
    """Train the FC layer on X against O, + and /: always the same drawings, always the same layer.

    The pen is one pixel wide, because the kernels' strokes are.
    """
    data = load_dataset("xo", rng=np.random.default_rng(0), strokes=STROKES, thickness=1)
    maps = Dataset(
        maps_of(data.train_images).small,
        np.minimum(data.train_labels, 1),  # 0: X, 1: anything else
        maps_of(data.test_images).small,
        np.minimum(data.test_labels, 1),
        ("X", "not X"),
    )
    rng = np.random.default_rng(0)
    layer = Affine(12, len(maps.class_names), rng=rng)
    model = Sequential(Flatten(), layer)
    for _step in fit(model, maps, optimizer=SGD(0.1, 0.9), batch_size=50, epochs=30, rng=rng):
        pass
    tested = len(maps.test_labels)
    _loss, accuracy = evaluate(model, maps.test_images, maps.test_labels)
    weight, bias = (layer.params[name].astype(float) for name in ("weight", "bias"))
    return Learned(weight, bias, len(maps.train_labels), round(accuracy * tested), tested)


def judge(maps: np.ndarray, layer: Learned) -> Verdict:
    """Let the twelve numbers of maps (3, 2, 2) vote.

    Finite scores always give probabilities, however large they are. `NoVerdictError` is raised if a
    weight or a bias is NaN or infinite, or if their sum overflows.
    """
    inputs = maps.reshape(1, -1)
    with np.errstate(over="ignore", invalid="ignore"):
        scores = affine(inputs, layer.weight, layer.bias)[0]
        votes = layer.weight * inputs
    if not np.isfinite(scores).all():
        raise NoVerdictError(f"The scores (={scores}) are not all finite numbers.")
    return Verdict(votes, scores, softmax(scores))
