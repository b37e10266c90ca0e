"""How much maps change when a digit moves: the definition, with SciPy and loops."""

from functools import cache

import numpy as np
from scipy import signal

from cnn_core import load_dataset, load_pretrained

DATA = load_dataset("mnist", rng=np.random.default_rng(0))
CONV = load_pretrained("mnist").layers[0].params


def digit(label: int, number: int = 0) -> np.ndarray:
    """Test image `number` of a class, (28, 28)."""
    return DATA.test_images[DATA.test_labels == label][number, 0].astype(float)


def shifted(image: np.ndarray, by: int) -> np.ndarray:
    """The image moved to the right by -4 to 4 pixels; zeros come in."""
    return np.pad(image, ((0, 0), (4, 4)))[:, 4 - by : 32 - by]


def maps_of(image: np.ndarray) -> np.ndarray:
    """The first layer's six maps, after ReLU."""
    kernels = zip(CONV["weight"][:, 0], CONV["bias"], strict=True)
    sums = [signal.convolve2d(image, kernel, mode="same") + bias for kernel, bias in kernels]
    return np.maximum(sums, 0)


def behind(how: str, maps: np.ndarray, window: int) -> np.ndarray:
    """What a pooling with windows that fill the maps leaves of them."""
    side = maps.shape[-1] // window
    tiles = maps.reshape(6, side, window, side, window)
    middle = window // 2
    return {
        "none": maps,
        "every": tiles[:, :, middle, :, middle],
        "average": tiles.mean(axis=(2, 4)),
        "max": tiles.max(axis=(2, 4)),
    }[how]


@cache
def first_200() -> tuple[tuple[np.ndarray, int], ...]:
    """The maps of the images that make the unit, and their classes."""
    first = zip(DATA.test_images[:200, 0], DATA.test_labels[:200], strict=True)
    return tuple((maps_of(image), int(label)) for image, label in first)


def unit(still: np.ndarray, label: int, how: str, window: int) -> float:
    """The mean distance from a digit's pooled maps to those of other digits."""
    others = [behind(how, maps, window) for maps, other in first_200() if other != label]
    return float(np.mean([np.linalg.norm(each - still) for each in others]))


def change(before: np.ndarray, after: np.ndarray, label: int, how: str, window: int) -> float:
    """How far the maps of two images of one digit are apart, in units."""
    still, moved = (behind(how, maps_of(image), window) for image in (before, after))
    return float(np.linalg.norm(moved - still)) / unit(still, label, how, window)
