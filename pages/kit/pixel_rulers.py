"""Standardising, pixel by pixel: the mean and spread of each, and the ruler that they make."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pages.kit.response import ticks
from pages.kit.scalings import INK, PIXELS, digits


@dataclass(frozen=True)
class Rulers:
    """All pixels: what was measured over the training images, and a ruler with that zero and unit.

    Arrays are (64,); `counts` (64, 17) says how many training images have each number of ink.
    """

    mean: np.ndarray
    std: np.ndarray
    counts: np.ndarray

    def marks(self, pixel: int) -> list[float]:
        """Round numbers of x′ between no ink and full ink; none where there is no spread."""
        mean, std = float(self.mean[pixel]), float(self.std[pixel])
        return ticks(-mean / std, (INK - mean) / std, most=7) if std else []


@cache
def rulers() -> Rulers:
    """Measure the training images, and nothing else."""
    x = digits("raw").train_images.reshape(-1, PIXELS)
    counts = np.stack([(x == ink).sum(axis=0) for ink in range(INK + 1)], axis=1)
    return Rulers(x.mean(axis=0), x.std(axis=0), counts)


def loudest() -> tuple[int, float]:
    """The pixel with the largest standardised number of all test images, and that number."""
    x = np.abs(digits("standard").test_images.reshape(-1, PIXELS))
    pixel = int(x.max(axis=0).argmax())
    return pixel, float(x[:, pixel].max())


def with_ink(pixel: int) -> int:
    """How many training images have ink at this pixel."""
    return int(rulers().counts[pixel, 1:].sum())
