"""An FC layer that lets twelve numbers vote for X, O, + or /, and what its votes come to."""

from dataclasses import dataclass
from functools import cached_property
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
    canonical_x,
    draw_strokes,
    fit,
    load_dataset,
    softmax,
)
from pages.kit.language import _
from pages.kit.xo_network import KERNEL_NAMES, maps_of

UNSEEN = 1000


class Voters(NamedTuple):
    """A layer that learned to tell drawings apart, and how it did on drawings it never saw."""

    weight: np.ndarray  # (classes, 12)
    bias: np.ndarray  # (classes,)
    drawings: int  # that it learned from
    right: int
    tested: int
    certainty: float  # the mean share of its verdicts on the unseen ones, 0 to 1

    @property
    def parameters(self) -> int:
        """How many numbers it learned."""
        return self.weight.size + self.bias.size


@st.cache_data(show_spinner=False)
def learned(classes: int) -> Voters:
    """Train on the first so many of X, O, + and /: always the same drawings, the same layer."""
    strokes, rng = STROKES[:classes], np.random.default_rng(0)
    data = load_dataset("xo", rng=rng, strokes=strokes, thickness=1, test_size=UNSEEN)
    maps = Dataset(
        maps_of(data.train_images).small,
        data.train_labels,
        maps_of(data.test_images).small,
        data.test_labels,
        strokes,
    )
    layer, rng = Affine(12, classes, rng=np.random.default_rng(0)), np.random.default_rng(0)
    model = Sequential(Flatten(), layer)
    for _step in fit(model, maps, optimizer=SGD(0.1, 0.9), batch_size=50, epochs=12, rng=rng):
        pass
    weight, bias = (layer.params[name].astype(float) for name in ("weight", "bias"))
    shares = softmax(affine(maps.test_images.reshape(UNSEEN, -1), weight, bias))
    right = int((shares.argmax(axis=1) == maps.test_labels).sum())
    certainty = float(shares.max(axis=1).mean())
    return Voters(weight, bias, len(maps.train_labels), right, UNSEEN, certainty)


@dataclass(frozen=True)
class Election:
    """How the twelve numbers of one drawing (9, 9) vote."""

    pixels: np.ndarray
    voters: Voters

    @cached_property
    def inputs(self) -> np.ndarray:
        """What votes: the cells of three 2×2 maps, one map after the other (12,)."""
        return maps_of(self.pixels[None, None]).small.ravel()

    @property
    def votes(self) -> np.ndarray:
        """Weight times input (classes, 12)."""
        return self.voters.weight * self.inputs

    @property
    def scores(self) -> np.ndarray:
        """All votes of each class and its bias (classes,)."""
        return affine(self.inputs[None], self.voters.weight, self.voters.bias)[0]

    @property
    def in_favour(self) -> np.ndarray:
        """The votes for each class, added up (classes,)."""
        return np.maximum(self.votes, 0).sum(axis=1)

    @property
    def against(self) -> np.ndarray:
        """The votes against each class, added up; not positive (classes,)."""
        return np.minimum(self.votes, 0).sum(axis=1)

    @property
    def possible(self) -> np.ndarray:
        """The votes for each class if every input were 1 (classes,)."""
        return np.maximum(self.voters.weight, 0).sum(axis=1)

    @property
    def averages(self) -> np.ndarray:
        """The mean of the inputs that vote for each class, each counting as much as its weight."""
        return self.in_favour / self.possible


def sheets() -> dict[str, np.ndarray]:
    """The drawings (9, 9) to choose from, by their name in the URL."""
    named = zip(("x", "o", "plus", "slash"), range(4), strict=True)
    half, torn = (canonical_x().astype(float) for _i in range(2))
    half[5:] = torn[3:6, 3:6] = -1
    return {
        **{name: _drawn(kind, 0, 0) for name, kind in named},
        "half": half,
        "torn": torn,
        "noisy": _drawn(0, 0.12, 11),
        "blank": np.full((9, 9), -1.0),
    }


def _drawn(kind: int, noise: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    image = draw_strokes([kind], shift=0, thickness=1, noise=noise, rng=rng)[0, 0]
    return image.astype(float)


def sheet_names() -> dict[str, str]:
    """What the drawings are called in the reader's language."""
    return {
        "x": "X",
        "o": "O",
        "plus": "+",
        "slash": "/",
        "half": _("upper half of an X"),
        "torn": _("X without its crossing"),
        "noisy": _("X on a dirty sheet"),
        "blank": _("empty sheet"),
    }


def input_names() -> list[str]:
    """What each of the twelve numbers says: this stroke, found in this corner."""
    corners = (_("top left"), _("top right"), _("bottom left"), _("bottom right"))
    return [
        _("{stroke}, {corner}").format(stroke=_(stroke), corner=corner)
        for stroke in KERNEL_NAMES.values()
        for corner in corners
    ]
