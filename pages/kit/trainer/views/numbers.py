"""Numbers and pictures for the browser: few bytes, and nothing that JSON has no word for."""

import math
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np

from pages.kit.controls import UnusableError
from pages.kit.trainer.run import Run

MIDDLE, REACH = 128, 127  # the byte of zero, and how far the largest value lies from it


def told(value: float) -> float | None:
    """A number for JSON, which has no word for infinity."""
    return float(value) if math.isfinite(value) else None


def whole(text: str, count: int) -> int:
    """A number from 0 to count − 1; `UnusableError` for any other text."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) >= count:
        raise UnusableError("which is none of them")
    return int(text)


def shades(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Signed values as bytes, and the largest size among them: that of 255, or (negative) of 1.

    128 is exactly zero, and 0 stands for what is no number.
    """
    finite = np.isfinite(values)
    largest = float(np.abs(values, where=finite, out=np.zeros_like(values)).max())
    shares = np.divide(values, largest or 1.0, where=finite, out=np.zeros_like(values))
    return np.where(finite, MIDDLE + np.rint(REACH * shares), 0).astype(np.uint8), largest


def greys(images: np.ndarray) -> np.ndarray:
    """Images as bytes, from paper (0, or −1 around an X) to ink (1)."""
    return np.rint(255 * images).clip(0, 255).astype(np.uint8)


def pictures(
    run: Run, name: str, indices: np.ndarray, texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Some test images: which they are, and the array `name` unless the browser has it.

    The browser says in `texts[name]` which version it has.
    """
    setup, data = run.setup, run.data
    version = f"{setup.data} {setup.noise:g} {crc32(indices.tobytes()):08x}"
    fields = {
        "version": version,
        "indices": indices.tolist(),
        "labels": data.test_labels[indices].tolist(),
    }
    if texts.get(name) == version:
        return fields, {}
    return fields, {name: greys(data.test_images[indices, 0])}
