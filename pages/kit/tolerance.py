"""How much the maps of a picture change when it is shifted, turned or scaled, pooled or not.

Everything is measured on the first layer of the shipped network for MNIST. A change is a distance
between maps. By itself it says little: maps that are all alike hardly change, and tell nothing
apart. So its unit is the mean distance to other digits.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from cnn_core import (
    Conv2d,
    avg_pool2d,
    conv2d,
    evaluate,
    load_pretrained,
    max_pool2d,
    relu,
    softmax,
)
from pages.kit import journey

STEPS = {
    "shift": np.arange(-4.0, 5.0),  # pixels to the right
    "turn": np.arange(-30.0, 31.0, 5.0),  # degrees, clockwise
    "scale": np.arange(70, 141, 5) / 100,  # times as large
}
UNMOVED = {"shift": 0.0, "turn": 0.0, "scale": 1.0}
WINDOWS = (2, 4, 7, 14, 28)  # they fill a map of 28×28 without a remainder
OTHERS = 200  # test images that make the unit, and over which is averaged
UNKNOWN = -1  # the class of a reader's own drawing
EXAMINED = 500  # test images on which the whole network is examined

Maps = np.ndarray  # (N, C, H, W)


def warped(images: np.ndarray, motion: str, amount: float) -> np.ndarray:
    """The images (N, H, W), shifted, or turned or scaled about their middle.

    Zeros come in, and what leaves is lost. Between the pixels cubic splines interpolate: straight
    lines would blur, and a blurred stroke has a lower maximum wherever it stands.
    """
    from scipy import ndimage  # a lesson that moves nothing need not wait for it

    angle = np.radians(amount) if motion == "turn" else 0.0
    size = amount if motion == "scale" else 1.0
    # From a pixel of the result back to where its value comes from.
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / size
    middle = (np.array(images.shape[1:]) - 1) / 2
    offset = middle - back @ middle - [0, amount if motion == "shift" else 0]
    moved = [ndimage.affine_transform(image, back, offset, order=3) for image in images]
    return np.clip(moved, 0, 1)


@st.cache_resource(show_spinner=False)
def first_layer() -> Conv2d:
    """The convolution that the shipped network begins with."""
    layer = load_pretrained("mnist").layers[0]
    assert isinstance(layer, Conv2d)
    return layer


def features(images: np.ndarray) -> Maps:
    """What the first convolution and ReLU make of images (N, H, W)."""
    layer = first_layer()
    weight, bias = layer.params["weight"], layer.params["bias"]
    return relu(conv2d(images[:, None], weight, bias, padding=layer.padding, flip=layer.flip))


def pooled(maps: Maps, window: int) -> dict[str, Maps]:
    """The maps as they are, their averages and maxima, and only every `window`-th cell of them."""
    ways = {
        "none": maps,
        "average": avg_pool2d(maps, window),
        "max": max_pool2d(maps, window),
    }
    if window < maps.shape[-1]:
        middle = window // 2
        ways["every"] = max_pool2d(maps[..., middle:, middle:], 1, stride=window)
    return ways


def distances(maps: Maps, others: Maps) -> np.ndarray:
    """‖a − b‖ for each of `maps` (N, ...) and each of `others` (M, ...), as (N, M)."""
    from scipy.spatial.distance import cdist

    return np.asarray(cdist(maps.reshape(len(maps), -1), others.reshape(len(others), -1)))


@dataclass(frozen=True)
class Tolerance:
    """One picture (H, W) at every step of a motion, and its maps behind windows of one size.

    `label` is the class of the picture, which its unit leaves out, or `UNKNOWN`.
    """

    picture: np.ndarray
    label: int
    motion: str
    window: int

    @cached_property
    def pictures(self) -> np.ndarray:
        """The picture at every step (S, H, W)."""
        image = self.picture[None]
        return np.concatenate([warped(image, self.motion, by) for by in STEPS[self.motion]])

    @cached_property
    def maps(self) -> dict[str, Maps]:
        """What each pooling makes of the pictures (S, C, h, w)."""
        return pooled(features(self.pictures), self.window)

    @property
    def unmoved(self) -> int:
        """The step at which the picture is as it was."""
        return int(np.flatnonzero(STEPS[self.motion] == UNMOVED[self.motion])[0])

    @cached_property
    def units(self) -> dict[str, float]:
        """How far the maps of other digits are from those of this picture, on average."""
        labels = np.array([self.label])
        still = slice(self.unmoved, self.unmoved + 1)
        return {
            how: _units(maps[still], labels, how, self.window)[0] for how, maps in self.maps.items()
        }

    @cached_property
    def gaps(self) -> dict[str, np.ndarray]:
        """How far the maps at every step (S) are from those of the picture as it was."""
        return {
            how: distances(maps, maps[self.unmoved][None])[:, 0] for how, maps in self.maps.items()
        }

    @property
    def changes(self) -> dict[str, np.ndarray]:
        """`gaps` in units: 1 is as far as to another digit."""
        return {how: gaps / self.units[how] for how, gaps in self.gaps.items()}

    @cached_property
    def probabilities(self) -> np.ndarray:
        """What the whole network takes the picture for, at every step (S, 10)."""
        scores = journey.network("mnist").forward(self.pictures[:, None].astype(np.float32))
        return softmax(scores)


@st.cache_data(show_spinner=False)
def mean_change(motion: str, by: float, window: int) -> dict[str, float]:
    """`Tolerance.changes` at one step of a motion, as the mean over `OTHERS` test images."""
    images, _labels = _test_images(OTHERS)
    still, units = _others(window), _units_of_others(window)
    moved = pooled(features(warped(images, motion, by)), window)
    change = {}
    for how, maps in moved.items():
        gaps = np.linalg.norm((maps - still[how]).reshape(OTHERS, -1), axis=1)
        change[how] = float((gaps / units[how]).mean())
    return change


def mean_changes(motion: str, window: int) -> dict[str, np.ndarray]:
    """`mean_change` at every step (S)."""
    steps = [mean_change(motion, float(by), window) for by in STEPS[motion]]
    return {how: np.array([step[how] for step in steps]) for how in steps[0]}


@st.cache_data(show_spinner=False)
def right_answers(motion: str) -> np.ndarray:
    """The share of `EXAMINED` test images that the whole network reads right, at every step."""
    images, labels = _test_images(EXAMINED)
    network = load_pretrained("mnist")
    return np.array(
        [evaluate(network, warped(images, motion, by)[:, None], labels)[1] for by in STEPS[motion]]
    )


def _units(maps: Maps, labels: np.ndarray, how: str, window: int) -> np.ndarray:
    """For each of the maps (N, ...), the mean distance to those of other classes."""
    others = _others(window)[how]
    differs = labels[:, None] != _test_images(OTHERS)[1]
    return np.asarray(np.average(distances(maps, others), axis=1, weights=differs))


@st.cache_resource(show_spinner=False)
def _others(window: int) -> dict[str, Maps]:
    return pooled(features(_test_images(OTHERS)[0]), window)


@st.cache_resource(show_spinner=False)
def _units_of_others(window: int) -> dict[str, np.ndarray]:
    labels = _test_images(OTHERS)[1]
    return {how: _units(maps, labels, how, window) for how, maps in _others(window).items()}


def _test_images(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first test images (count, H, W), and their classes."""
    data = journey.test_set("mnist")
    return data.test_images[:count, 0], data.test_labels[:count]
