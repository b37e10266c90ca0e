"""Pictures to convolve: shipped photos, handwritten digits, and what a reader uploads.

Uploads are read with Pillow, which comes with Streamlit. What is inside the file counts, not its
name. Every file becomes either the right picture or a `PictureError` with one sentence.
"""

import math
import re
import struct
import threading
import warnings
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_core import load_dataset, load_photo
from pages.kit.language import N_, _

Pixels = NDArray[np.float32]

MOST_PIXELS = 40_000_000  # of an upload; decoding that many takes about a second and 160 MB
LONGEST = 512  # pixels on the longer side; what is larger is scaled down
SHORTEST = 16  # pixels on the shorter side: room for a kernel to move
THUMBNAIL = 88  # pixels on the longer side
DIGIT_CLASSES = 10
PAD = 28  # a drawing has the size of an MNIST digit

# What a file is, by its first bytes. The first three can be read here.
READABLE = {"PNG": "PNG", "JPEG": "JPEG", "WebP": "WEBP"}  # and Pillow's name for it
SIGNATURES = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "WebP": rb"RIFF.{4}WEBP",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM.{4}\0{4}",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
    "HEIC": rb".{4}ftyp(?:hei|hev|mif1|msf1)",
    "AVIF": rb".{4}ftypavi[fs]",
    "SVG": rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,200}?)?<(?:!DOCTYPE )?svg",
    "PDF": rb"%PDF",
}

# What Pillow raises when a file breaks off or contradicts itself.
DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, ArithmeticError, MemoryError),
    *(struct.error, zlib.error),
)

# How a camera was held (EXIF's orientation), and what turns its picture upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112
LYING = (5, 6, 7, 8)  # width and height change places

# This process opens pictures of strangers only here, and here the size is checked before decoding.
Image.MAX_IMAGE_PIXELS = None
_one_at_a_time = threading.Lock()  # so that a class that uploads at once does not fill the memory


@dataclass(frozen=True)
class Picture:
    """What a lesson convolves. Another picture is another array; the same one comes again."""

    name: str  # as the URL writes it: camera, mnist-3-0, own, drawing
    values: Pixels  # (C, H, W), read-only, 0 to 1, C is 1 (grey) or 3 (red, green, blue)
    title: str  # in the reader's language


@dataclass(frozen=True)
class Remark:
    """A sentence that is kept, and read later in the language that is chosen then."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.message).format(**self.values)


class PictureError(ValueError):
    """An upload that cannot be used; its text is one sentence in the reader's language."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.remark = Remark(message, values)

    def __str__(self) -> str:
        return str(self.remark)


@dataclass(frozen=True, eq=False)
class Upload:
    """A picture read from a file, and what was done to it."""

    values: Pixels  # (C, H, W), read-only, 0 to 1
    remarks: tuple[Remark, ...] = ()


# ------------------------------------------------------------------ what the app brings along


@cache
def photo(name: str) -> Pixels:
    """A shipped photo; the same array at every call."""
    return _locked(load_photo(name))


@cache
def digits() -> tuple[Pixels, ...]:
    """Handwritten digits of MNIST, (N, 1, 28, 28) for each class from 0 to 9."""
    data = load_dataset("mnist", rng=np.random.default_rng(0))
    return tuple(
        _locked(data.test_images[data.test_labels == label]) for label in range(DIGIT_CLASSES)
    )


def thumbnail(values: Pixels) -> str:
    """A small version of a picture, as the address of an <img>."""
    image = Image.fromarray(np.round(values * 255).astype(np.uint8).transpose(1, 2, 0).squeeze())
    is_small = max(image.size) <= THUMBNAIL
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    file = BytesIO()
    image.save(file, "PNG" if is_small else "JPEG", quality=85)
    kind = "png" if is_small else "jpeg"
    return f"data:image/{kind};base64,{b64encode(file.getvalue()).decode()}"


# ------------------------------------------------------------------ what a reader brings along


def read_picture(data: bytes) -> Upload:
    """The picture in a PNG, JPEG or WebP file.

    It is upright, at most 512 pixels long, and lies on white where it was transparent. Of an
    animation it is the first picture. Colour profiles are ignored.
    """
    if not data:
        raise PictureError(N_("This file is empty."))
    kind = _kind(data)
    if kind is None:
        raise PictureError(
            N_("This file is not a picture; PNG, JPEG and WebP pictures can be read here.")
        )
    if kind not in READABLE:
        raise PictureError(
            N_("This file has the format {kind}; PNG, JPEG and WebP pictures can be read here."),
            kind=kind,
        )
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # harmless oddities, such as EXIF data that make no sense
        try:
            with Image.open(BytesIO(data), formats=[READABLE[kind]]) as image:
                return _read(image)
        except PictureError:
            raise
        except DAMAGE as error:
            raise PictureError(
                N_("This {kind} file is damaged or incomplete, so it cannot be shown."), kind=kind
            ) from error


def _kind(data: bytes) -> str | None:
    for kind, signature in SIGNATURES.items():
        if re.match(signature, data[:400], re.DOTALL):
            return kind
    return None


def _read(image: Image.Image) -> Upload:
    """Check the size before anything is decoded; then decode, scale, turn."""
    size, target = image.size, _target(image)
    remarks = []
    if getattr(image, "is_animated", False) and image.format != "MPO":  # a photo with its preview
        remarks += [Remark(N_("only the first picture of the animation"))]

    image.draft(None, (2 * LONGEST, 2 * LONGEST))  # a JPEG can be decoded smaller at once
    is_grey = image.mode in ("1", "L", "LA") or image.mode.startswith("I")
    small = _plain(image, is_grey).resize(target, reducing_gap=3.0)
    if small.mode in ("LA", "RGBA"):
        alpha = small.getchannel("A")
        if np.asarray(alpha).min() < 255:
            remarks += [Remark(N_("transparent parts lie on white"))]
        paper = Image.new("L" if is_grey else "RGB", small.size, "white")
        paper.paste(small.convert(paper.mode), mask=alpha)
        small = paper

    orientation = _orientation(image)
    if orientation in UPRIGHT:
        small = small.transpose(UPRIGHT[orientation])
    if size != target:
        before, after = (each[::-1] if orientation in LYING else each for each in (size, target))
        remarks += [
            Remark(
                N_("scaled down from {before} to {after}"),
                {"before": _size(before), "after": _size(after)},
            )
        ]
    values = np.asarray(small, dtype=np.float32)
    if small.mode != "F":
        values = values / np.float32(255)
    values = values[None] if is_grey else values.transpose(2, 0, 1)
    return Upload(_locked(np.ascontiguousarray(values.clip(0, 1))), tuple(remarks))


def _target(image: Image.Image) -> tuple[int, int]:
    """The size in which a picture of this size is used, or why it cannot be used."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise PictureError(
            N_("This picture has {count} million pixels ({size}); at most {most} can be read."),
            count=f"{math.ceil(width * height / 1e5) / 10:g}",
            size=_size(image.size),
            most=MOST_PIXELS // 1_000_000,
        )
    if min(width, height) < SHORTEST:
        raise PictureError(
            N_("This picture is {size} pixels, too small for a kernel; it needs at least {least}."),
            size=_size(image.size),
            least=_size((SHORTEST, SHORTEST)),
        )
    scale = min(1, LONGEST / max(width, height))
    target = round(width * scale), round(height * scale)
    if min(target) < SHORTEST:
        raise PictureError(
            N_(
                "This picture is {size} pixels, too long and narrow: scaled down to {target} "
                "it leaves no room for a kernel."
            ),
            size=_size(image.size),
            target=_size(target),
        )
    return target


def _plain(image: Image.Image, is_grey: bool) -> Image.Image:
    """The decoded picture as grey (F for 16 bits, L) or RGB, with A where it has transparency."""
    if image.mode.startswith("I"):
        deep = np.asarray(image, dtype=np.float32)
        values = deep / np.float32(65535)
        if "transparency" in image.info:
            values[deep == image.info["transparency"]] = 1
        return Image.fromarray(values)
    plain = "L" if is_grey else "RGB"
    return image.convert(f"{plain}A" if image.has_transparency_data else plain)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except DAMAGE:
        return 1  # a note about the picture that cannot be read does not spoil the picture


def _size(size: tuple[int, int]) -> str:
    return "×".join(map(str, size))


def _locked(values: Pixels) -> Pixels:
    values.flags.writeable = False
    return values
