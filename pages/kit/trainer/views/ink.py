"""A drawing, as the browser sends it, and the image that a network reads: made as its own were.

A pad is finer than the images, but for MNIST's, which are as large as a pad. Its text is base64 of
one byte for each pixel, from paper (0) to ink (255).
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pages.kit.controls import UnusableError
from pages.kit.framing import as_mnist

PADS = {"xo": 36, "digits": 32, "mnist": 28}  # pixels on each side
FIELD, COLUMNS = 32, 20  # of the digits of 8×8, before each 4×4 became one pixel
ENOUGH_INK, TOO_MUCH_INK = (256, 108), (412, 560)  # inked pixels of such a field
LEAST_INK = 1 / 3  # of a pixel of X and O that is inked: a thin stroke must not fall between two

Plane = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the pad, (size, size) from 0 to 1, and the image (H, W) that it becomes."""

    ink: Plane
    image: np.ndarray

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but paper."""
        return not self.ink.any()


def drawing(texts: Mapping[str, str], data: str) -> Drawing:
    """The drawing in `texts["ink"]`, none being a blank one, for a network that reads `data`."""
    ink = _parse(texts.get("ink", ""), PADS[data])
    return Drawing(ink, _IMAGES[data](ink).astype(np.float32))


def _parse(text: str, size: int) -> Plane:
    """The pixels in a text; `UnusableError` unless there are exactly as many as on the pad."""
    if not text:
        return np.zeros((size, size))
    unusable = UnusableError(f"which is no drawing of {size}×{size} pixels")
    if len(text) > 2 * size * size:
        raise unusable
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise unusable from error
    if len(content) != size * size:
        raise unusable
    return np.frombuffer(content, np.uint8).reshape(size, size) / 255


def _as_mnist(ink: Plane) -> np.ndarray:
    """Scaled and centred as MNIST's makers did."""
    return as_mnist(ink).apply(ink).clip(0, 1)


def _as_uci(ink: Plane) -> np.ndarray:
    """Made as the digits of that set were: a field of 32×32, then the mean of every 4×4."""
    return means(on_the_field(ink), (0, FIELD), (0, FIELD), 8)


def on_the_field(ink: Plane) -> Plane:
    """The drawing on a field of 32×32, as NIST's programs put a digit on it.

    They stretch it to 32 rows and the 20 columns in the middle; then strokes that are too thin or
    too thick for that gain or lose a pixel or two on each side.
    """
    if not ink.any():
        return np.zeros((FIELD, FIELD))
    (top, bottom), (left, right) = (_ends(np.asarray(ink.any(axis=axis))) for axis in (1, 0))
    beside = (right - left) * (FIELD / COLUMNS - 1) / 2
    field = means(ink, (top, bottom), (left - beside, right + beside), FIELD)
    amount = field.sum()
    for enough in ENOUGH_INK:
        if amount < enough:
            field = thickened(field)
    for too_much in TOO_MUCH_INK:
        if amount > too_much:
            field = 1 - thickened(1 - field)
    return field


def _ends(inked: np.ndarray) -> tuple[int, int]:
    """The first line with ink, and the one after the last."""
    places = np.flatnonzero(inked)
    return int(places[0]), int(places[-1]) + 1


def thickened(field: Plane) -> Plane:
    """Each pixel becomes as dark as the darkest of itself and its four neighbours."""
    wide = np.pad(field, 1, mode="edge")
    neighbours = (wide[:-2, 1:-1], wide[2:, 1:-1], wide[1:-1, :-2], wide[1:-1, 2:])
    return np.maximum.reduce([field, *neighbours])


def _as_strokes(ink: Plane) -> np.ndarray:
    """Ink (1) or paper (−1), where it was drawn."""
    size = len(ink)
    return np.where(means(ink, (0, size), (0, size), 9) >= LEAST_INK, 1.0, -1.0)


def means(ink: Plane, rows: tuple[float, float], columns: tuple[float, float], count: int) -> Plane:
    """The means over `count`×`count` equal parts of a rectangle; beyond the pad lies paper."""
    down, right = (_shares(len(ink), *span, count) for span in (rows, columns))
    return np.asarray(down @ ink @ right.T)


def _shares(size: int, start: float, end: float, count: int) -> Plane:
    """How much of each part (row) each of `size` pixels (column) covers."""
    edges = np.linspace(start, end, count + 1)
    pixels = np.arange(size)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(overlap, 0) * count / (end - start))


_IMAGES = {"xo": _as_strokes, "digits": _as_uci, "mnist": _as_mnist}
