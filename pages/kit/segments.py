"""Handwritten digits as two numbers: the ink in two segments of a pocket calculator's digit.

A calculator writes every digit with seven strokes. How much ink a handwritten digit has where one
of them lies is a number from 0 to 1 that everybody can check by eye; two are a point in a plane.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import streamlit as st

from cnn_core import Dataset, load_dataset
from pages.kit.controls import UnusableError, bound
from pages.kit.language import N_, _
from pages.kit.neuron import best_with_bias, best_without_bias

Pair = tuple[str, str]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Segment:
    """A rectangle of the 8×8 pixels: rows from `top` up to `bottom`, columns `left` to `right`."""

    label: str
    top: int
    bottom: int
    left: int
    right: int

    def ink(self, images: np.ndarray) -> Numbers:
        """How dark the rectangle is in each of the images (N, 8, 8): the mean of its pixels."""
        pixels = images[:, self.top : self.bottom, self.left : self.right]
        return np.asarray(pixels.mean(axis=(1, 2), dtype=np.float64))


SEGMENTS = {
    "top": Segment(N_("top"), 0, 2, 2, 6),
    "upper-left": Segment(N_("upper left"), 1, 4, 1, 3),
    "upper-right": Segment(N_("upper right"), 1, 4, 5, 7),
    "middle": Segment(N_("middle"), 3, 5, 2, 6),
    "lower-left": Segment(N_("lower left"), 4, 7, 1, 3),
    "lower-right": Segment(N_("lower right"), 4, 7, 5, 7),
    "bottom": Segment(N_("bottom"), 6, 8, 2, 6),
}


@dataclass(frozen=True)
class Task:
    """Tell two digits apart by the ink in two segments: is it `digits[0]`, or `digits[1]`?

    The images to learn from come first, `learning` of them; the neuron never learns from the rest.
    """

    digits: Pair
    segments: Pair

    @cached_property
    def images(self) -> np.ndarray:
        """All images of both digits (N, 8, 8), ink from 0 to 1."""
        data = _digits()
        return np.concatenate(
            [
                images[self._among(labels), 0]
                for images, labels in (
                    (data.train_images, data.train_labels),
                    (data.test_images, data.test_labels),
                )
            ]
        )

    @cached_property
    def is_yes(self) -> np.ndarray:
        """Which images show the first digit (N,)."""
        data = _digits()
        parts = (data.train_labels, data.test_labels)
        labels = np.concatenate([labels[self._among(labels)] for labels in parts])
        return np.asarray(labels == int(self.digits[0]))

    @cached_property
    def learning(self) -> int:
        """How many of the images are there to learn from."""
        return int(self._among(_digits().train_labels).sum())

    @cached_property
    def points(self) -> Numbers:
        """The two inputs x₁ and x₂ of each image (N, 2)."""
        return np.stack([SEGMENTS[name].ink(self.images) for name in self.segments], axis=1)

    @property
    def lessons(self) -> tuple[Numbers, np.ndarray]:
        """The points to learn from, and which of them are the first digit."""
        return self.points[: self.learning], self.is_yes[: self.learning]

    @property
    def best(self) -> tuple[int, int]:
        """How many of the points to learn from can be right: with a bias, and without."""
        return _best(self.digits, self.segments)

    def _among(self, labels: np.ndarray) -> np.ndarray:
        return np.isin(labels, [int(digit) for digit in self.digits])


@st.cache_resource(show_spinner=False)
def _digits() -> Dataset:
    return load_dataset("digits", rng=np.random.default_rng(0))


@cache
def _best(digits: Pair, segments: Pair) -> tuple[int, int]:
    lessons = Task(digits, segments).lessons
    return best_with_bias(*lessons), best_without_bias(*lessons)


def chosen_task(digits: Pair, segments: Pair) -> Task:
    """The task of the URL (`digits=6,2&x=lower-left,lower-right`); these two if it has none."""

    def parse_digits(text: str) -> Pair:
        if (pair := _two_of(DIGITS, text)) is None:
            raise UnusableError(_("which is not two different digits"))
        return pair

    def parse_segments(text: str) -> Pair:
        if (pair := _two_of(tuple(SEGMENTS), text)) is None:
            names = ", ".join(SEGMENTS)
            raise UnusableError(_("which is not two different ones of {names}").format(names=names))
        return pair

    return Task(
        bound("digits", digits, parse_digits, ",".join, label=_("Digits")),
        bound("x", segments, parse_segments, ",".join, label=_("Segments")),
    )


def with_other(pair: Pair, place: int, name: str) -> Pair:
    """The pair with `name` at `place`; if that was the other one, the two change places."""
    first, second = pair
    if name == pair[1 - place]:
        return second, first
    return (name, second) if place == 0 else (first, name)


def _two_of(names: tuple[str, ...], text: str) -> Pair | None:
    parts = text.split(",")
    if len(parts) != 2 or parts[0] == parts[1] or not set(parts) <= set(names):
        return None
    return parts[0], parts[1]
