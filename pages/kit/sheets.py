"""A sheet of 28×28 pixels, to be read as a digit: one of MNIST's, or drawn by hand.

Every sheet is a text, so that it can stand in a link: `mnist-4-1`, `empty`, or z and the drawing's
256 grey levels, packed (some 300 characters). p stands before pixels that are not packed, as a
drawing pad sends them.
"""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pages.kit.controls import UnusableError, bound
from pages.kit.language import _
from pages.kit.pictures import PAD, digits

Pixels = NDArray[np.uint8]
Ink = NDArray[np.float64]

EMPTY = "empty"
DIGIT = re.compile(r"mnist-([0-9])-([0-9]{1,4})")  # class and number
DRAWING = re.compile(r"([pz])([A-Za-z0-9_-]+)")
COUNT = PAD * PAD
RAW = -zlib.MAX_WBITS  # deflated, without a header


@dataclass(frozen=True, eq=False)
class Sheet:
    """The pixels (28, 28) of a sheet, 0 (paper) to 255 (ink), and the text that stands for it."""

    name: str
    pixels: Pixels

    @cached_property
    def ink(self) -> Ink:
        """The pixels from 0 to 1."""
        return self.pixels / 255

    @property
    def is_even(self) -> bool:
        """Whether all pixels are the same: then there is no stroke on it."""
        return bool(self.pixels.min() == self.pixels.max())

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink at all."""
        return not self.pixels.any()

    @property
    def digit(self) -> tuple[int, int] | None:
        """Class and number of one of MNIST's digits."""
        found = DIGIT.fullmatch(self.name)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def title(self) -> str:
        """What it is, in the reader's language."""
        if self.is_empty:
            return _("Empty sheet")
        if self.digit:
            return _("Handwritten {digit}").format(digit=self.digit[0])
        return _("Your drawing")


def stored(key: str, default: str) -> Sheet:
    """The sheet in the URL."""
    return bound(key, parse(default), parse, lambda sheet: sheet.name, label=_("Sheet"))


def parse(text: str) -> Sheet:
    """The sheet that `text` stands for; `UnusableError` if there is none."""
    if text == EMPTY:
        return Sheet(EMPTY, _locked(np.zeros((PAD, PAD), np.uint8)))
    if found := DIGIT.fullmatch(text):
        label, index = int(found[1]), int(found[2])
        images = digits()[label]
        if index >= len(images):
            raise UnusableError(
                _("of which there are only {count}").format(count=len(images)), f"mnist-{label}-0"
            )
        pixels = np.round(images[index, 0] * 255).astype(np.uint8)
        return Sheet(f"mnist-{label}-{index}", _locked(pixels))
    if found := DRAWING.fullmatch(text):
        return drawn(_unpacked(found[2], is_deflated=found[1] == "z"))
    raise UnusableError(
        _("which is unknown (it can be {names})").format(names=f"{EMPTY}, mnist-3-0")
    )


def drawn(pixels: Pixels) -> Sheet:
    """The sheet with these pixels (28, 28)."""
    if not pixels.any():
        return parse(EMPTY)
    packer = zlib.compressobj(9, wbits=RAW)
    packed = packer.compress(pixels.tobytes()) + packer.flush()
    text = urlsafe_b64encode(packed).decode().rstrip("=")
    return Sheet(f"z{text}", _locked(pixels.reshape(PAD, PAD)))


def _unpacked(text: str, *, is_deflated: bool) -> Pixels:
    """The pixels in a text; never more than there are, however small they were packed."""
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if is_deflated:
            content = zlib.decompressobj(RAW).decompress(content, COUNT + 1)
    except (ValueError, zlib.error):
        content = b""
    if len(content) != COUNT:
        raise UnusableError(_("which is no drawing of {size} pixels").format(size=f"{PAD}×{PAD}"))
    return np.frombuffer(content, np.uint8).reshape(PAD, PAD)


def _locked(pixels: Pixels) -> Pixels:
    pixels.flags.writeable = False
    return pixels
