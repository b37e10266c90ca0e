"""Standardising as an equation of four grids, and the ruler of one pixel."""

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.pixel_rulers import Rulers, loudest
from pages.kit.scalings import CLASSES, INK, PIXELS, digits, one_of_each

_grids = register("scaling_pixels", "pixel_ruler")


def scaling_pixels(rulers: Rulers, *, digit: int, pixel: int) -> None:
    """Show a digit before and after, and between them what every pixel is shifted and divided by.

    Moving on stores "image" and "pixel".
    """
    _grids(
        key="scaling-pixels",
        data={
            "digit": digit,
            "pixel": pixel,
            "ink": INK,
            "marks": [rulers.marks(i) for i in range(PIXELS)],
            "rarest": loudest()[0],
        },
        arrays={
            "raw": one_of_each("raw"),
            "standard": one_of_each("standard"),
            "mean": rulers.mean.astype(np.float32),
            "std": rulers.std.astype(np.float32),
            "counts": rulers.counts.astype(np.float32),
        },
        text=_words(),
        on={
            "digit": lambda digit: store("image", int(digit)),
            "pixel": lambda pixel: store("pixel", int(pixel)),
        },
    )


def _words() -> dict[str, str]:
    images = len(digits("raw").train_images)
    return {
        "image": _("Test image"),
        "digit": _("Digit {digit}"),
        "raw": _("x, as in the file"),
        "mean": _("mean μ"),
        "std": _("spread σ"),
        "standard": _("x′, standardised"),
        "measured": _("{count} numbers measured").format(count=PIXELS),
        "place": _("Row {row}, column {column}"),
        "rarest": _("The rarest ink"),
        "no_spread": _("σ = 0: this pixel is only shifted."),
        "ruler": _("This pixel in {count} training images").format(count=f"{images:,}"),
        "bar": _("ink {ink}: {count} images"),
        "walk": _("Arrow keys walk through it."),
        "classes": str(CLASSES),
    }
