"""Three digits in a plane: the borders of three yes-or-no questions, and those of one softmax.

With two inputs everything can be seen: where nobody says yes, where two do, and what a softmax
makes of the same places.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import streamlit as st

from cnn_core import LBFGS, Affine, Dataset, Flatten, Sequential, affine, fit
from pages.kit.segments import SEGMENTS
from pages.kit.stacks import digits
from pages.kit.ten_classes import LOSSES, Reading

Point = tuple[float, float]
Line = tuple[Point, Point]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

CELLS = 240  # of the map along each side
FAR = 10.0  # beyond everything that is shown
ITERATIONS = 300  # until nothing changes any more


@dataclass(frozen=True)
class Scene:
    """Three digits, told apart by the ink in two segments."""

    digits: tuple[int, int, int]
    segments: tuple[str, str]

    @cached_property
    def data(self) -> Dataset:
        """All images of the three as points (N, 2, 1, 1), labelled 0, 1 and 2."""
        every = digits()
        train = self._points(every.train_images, every.train_labels)
        test = self._points(every.test_images, every.test_labels)
        return Dataset(*train, *test, tuple(map(str, self.digits)))

    @property
    def test(self) -> tuple[np.ndarray, np.ndarray]:
        """The points (N, 2) of the test images, and which of the three each is."""
        return self.data.test_images[:, :, 0, 0], self.data.test_labels

    def _points(self, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        among = np.isin(labels, self.digits)
        ink = [SEGMENTS[name].ink(images[among, 0]) for name in self.segments]
        points = np.stack(ink, axis=1)[:, :, None, None].astype(np.float32)
        return points, np.searchsorted(self.digits, labels[among])


@dataclass(frozen=True)
class Borders:
    """What both networks have learned of a scene, and where that draws borders."""

    scene: Scene
    parameters: Mapping[str, tuple[Numbers, Numbers]]  # of each network: weight (3, 2), bias (3,)

    def read(self, points: np.ndarray, labels: np.ndarray) -> Reading:
        """What both make of points (N, 2)."""
        places = np.asarray(points, dtype=np.float64)
        scores = {name: affine(places, *learned) for name, learned in self.parameters.items()}
        return Reading(scores, labels)

    def read_place(self, place: Point) -> Reading:
        """What both make of one place in the plane, which no image need have."""
        return self.read(np.array([place]), np.zeros(1, dtype=int))

    @cached_property
    def test(self) -> Reading:
        """What both make of the images that they have not learned from."""
        return self.read(*self.scene.test)

    @cached_property
    def maps(self) -> dict[str, np.ndarray]:
        """For each place, top row first: one bit for each class that claims it; who wins there."""
        centres = (np.arange(CELLS) + 0.5) / CELLS
        places = np.stack(np.meshgrid(centres, centres[::-1]), axis=-1).reshape(-1, 2)
        reading = self.read(places, np.zeros(len(places), dtype=int))
        bits = reading.claims @ np.array([1, 2, 4])
        return {
            name: codes.reshape(CELLS, CELLS).astype(np.uint8)
            for name, codes in {"rest": bits, "softmax": reading.reads["softmax"]}.items()
        }

    @property
    def lines(self) -> dict[str, list[Line]]:
        """The borders: where a class begins to say yes, and where the two largest are equal."""
        weight, bias = self.parameters["rest"]
        own = [_line(weight[k], bias[k]) for k in range(3)]
        between = [self._between(*pair) for pair in combinations(range(3), 2)]
        return {"rest": own, "softmax": [line for line in between if line is not None]}

    def _between(self, first: int, second: int) -> Line | None:
        """Where two classes have the same share of the softmax, and the third has no more."""
        weight, bias = self.parameters["softmax"]
        (third,) = {0, 1, 2} - {first, second}
        line = _line(weight[first] - weight[second], bias[first] - bias[second])
        lead = [
            float((weight[first] - weight[third]) @ end + bias[first] - bias[third]) for end in line
        ]
        if max(lead) <= 0:
            return None
        if min(lead) >= 0:
            return line
        share = lead[0] / (lead[0] - lead[1])
        (x, y), (to_x, to_y) = line
        meeting = x + share * (to_x - x), y + share * (to_y - y)
        return (meeting, line[1]) if lead[0] < 0 else (line[0], meeting)


SCENES = {
    "row": Scene((2, 3, 7), ("middle", "bottom")),
    "corners": Scene((0, 4, 7), ("top", "bottom")),
}


@st.cache_resource(show_spinner=False)
def learned(name: str) -> Borders:
    """Both networks of a scene when they have learned to the end, by L-BFGS."""
    scene, parameters = SCENES[name], {}
    for network, loss in LOSSES.items():
        rng = np.random.default_rng(0)
        layer = Affine(2, 3, rng=rng, dtype=np.float64)
        steps = fit(
            Sequential(Flatten(), layer),
            scene.data,
            optimizer=LBFGS(),
            loss=loss,
            batch_size=len(scene.data.train_images),
            epochs=ITERATIONS,
            rng=rng,
        )
        for report in steps:
            if report.line_search is not None and report.line_search.converged:
                break
        parameters[network] = layer.params["weight"], layer.params["bias"]
    return Borders(scene, parameters)


def _line(normal: Numbers, offset: float) -> Line:
    """Two far points of the line normal·x + offset = 0."""
    foot = -offset * normal / (normal @ normal)
    along = FAR * np.array([-normal[1], normal[0]]) / np.hypot(*normal)
    start, end = foot - along, foot + along
    return (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))
