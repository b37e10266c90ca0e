"""Which picture a lesson works on: a photo, a handwritten digit, one's own file or drawing."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from functools import cache

import numpy as np

from pages.kit import controls, state
from pages.kit.components import register
from pages.kit.language import N_, _
from pages.kit.pictures import (
    PAD,
    Picture,
    PictureError,
    Remark,
    Upload,
    digits,
    photo,
    read_picture,
    thumbnail,
)

_source = register("picture_source", "drawing_pad")

MOST_MEGABYTES = 10  # of a file: a third more as text, which has to pass server.maxMessageSize
PHOTOS = {"camera": N_("Photographer"), "chelsea": N_("Cat"), "coffee": N_("Coffee")}
DIGIT = re.compile(r"mnist-([0-9])-([0-9]{1,4})")  # class and number


@dataclass
class _Own:
    """What this reader has on this page besides the link; the session remembers it."""

    upload: Upload | None = None
    image: str = ""  # the upload's thumbnail
    drawing: np.ndarray | None = None  # (1, 28, 28)
    digit: str = "mnist-3-0"  # the last one looked at
    problem: Remark | None = None  # why the last file could not be used
    digits_only: bool = False  # no photos, no uploads


def picture_source(
    key: str = "picture", default: str = "camera", *, digits_only: bool = False
) -> Picture:
    """Draw the choice of pictures and return the chosen one; the URL's `key` names it.

    Call it inside the fragment that works on the picture. An upload or a drawing belongs to the
    session: a link that names one falls back to `default` and says so. With `digits_only` there
    are no photos and uploads, and every picture has the size of a digit.
    """
    own = _own(key)
    own.digits_only = digits_only
    name = controls.bound(key, default, lambda text: _checked(text, own), str, label=_("Picture"))
    if DIGIT.fullmatch(name):
        own.digit = name
    picture = _picture(name, own)
    label, index = _digit(own.digit)
    _source(
        key=f"{key}-source",
        data={
            "choice": name,
            "photos": [
                {"name": photo, "title": _(title), "image": _thumbnail(photo)}
                for photo, title in _photos(own).items()
            ],
            "digits_only": digits_only,
            "digit": {
                "label": label,
                "index": index,
                "counts": [len(images) for images in digits()],
                "image": _thumbnail(own.digit),
            },
            "own": own.image,
            "drawing": None if own.drawing is None else _pixels(own.drawing),
            "size": PAD,
            "facts": _facts(picture, own),
            "problem": str(own.problem or ""),
            "limit": MOST_MEGABYTES,
        },
        text=_words(),
        on={
            "choose": lambda name: _choose(key, str(name)),
            "upload": lambda text: _upload(key, str(text)),
            "draw": lambda text: _draw(key, str(text)),
        },
    )
    return picture


# ------------------------------------------------------------------ what the browser asks for


def _choose(key: str, name: str) -> None:
    own = _own(key)
    own.problem = None
    try:
        controls.store(key, _checked(name, own))
    except controls.UnusableError:
        return  # the browser offers nothing of the kind


def _upload(key: str, text: str) -> None:
    """Take the file whose bytes are `text` in base64; what cannot be used changes nothing else."""
    own = _own(key)
    try:
        upload = read_picture(_bytes(text))
    except PictureError as error:
        own.problem = error.remark
        return
    own.upload, own.image, own.problem = upload, thumbnail(upload.values), None
    controls.store(key, "own")


def _draw(key: str, text: str) -> None:
    """Take the drawing whose pixels (a byte each) are `text` in base64."""
    pixels = np.frombuffer(_bytes(text), dtype=np.uint8)
    if pixels.size == PAD**2:
        own = _own(key)
        own.problem = None
        own.drawing = pixels.reshape(1, PAD, PAD) / np.float32(255)
        own.drawing.flags.writeable = False
        controls.store(key, "drawing")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except Base64Error:
        return b""


# ------------------------------------------------------------------ names and pictures


def _own(key: str) -> _Own:
    return state.keep(f"{key}-own", _Own)


def _checked(name: str, own: _Own) -> str:
    """`name`, if the reader has such a picture."""
    if (name == "own" and own.upload is None) or (name == "drawing" and own.drawing is None):
        raise controls.UnusableError(
            _("which stays with the reader who made it: a link cannot carry it")
        )
    if DIGIT.fullmatch(name):
        label, index = _digit(name)
        count = len(digits()[label])
        if index >= count:
            raise controls.UnusableError(
                _("of which there are only {count}").format(count=count), f"mnist-{label}-0"
            )
    elif name not in (*_photos(own), "own", "drawing"):
        names = ", ".join((*_photos(own), "mnist-3-0"))
        raise controls.UnusableError(_("which is unknown (it can be {names})").format(names=names))
    return name


def _photos(own: _Own) -> dict[str, str]:
    return {} if own.digits_only else PHOTOS


def _digit(name: str) -> tuple[int, int]:
    """Class and number in the name of a digit."""
    _dataset, label, index = name.split("-")
    return int(label), int(index)


def _picture(name: str, own: _Own) -> Picture:
    if name == "own" and own.upload:
        return Picture(name, own.upload.values, _("Your picture"))
    if name == "drawing" and own.drawing is not None:
        return Picture(name, own.drawing, _("Your drawing"))
    if name in PHOTOS:
        return Picture(name, photo(name), _(PHOTOS[name]))
    label, index = _digit(name)
    return Picture(name, digits()[label][index], _("Handwritten {digit}").format(digit=label))


@cache
def _thumbnail(name: str) -> str:
    if name in PHOTOS:
        return thumbnail(photo(name))
    label, index = _digit(name)
    return thumbnail(digits()[label][index])


def _pixels(drawing: np.ndarray) -> str:
    return b64encode(np.round(drawing * 255).astype(np.uint8).tobytes()).decode()


# ------------------------------------------------------------------ words


def _facts(picture: Picture, own: _Own) -> str:
    """What the picture is, its shape, and what was done to the file."""
    remarks = own.upload.remarks if picture.name == "own" and own.upload else ()
    shape = "×".join(map(str, picture.values.shape))
    return " · ".join([picture.title, shape, *map(str, remarks)])


def _words() -> dict[str, str]:
    return {
        "picture": _("Picture"),
        "digits": _("Digits"),
        "digit": _("Digit {digit}"),
        "another": _("Another one"),
        "own": _("Yours"),
        "draw": _("Draw"),
        "upload": _("Upload"),
        "upload_help": _(
            "PNG, JPEG or WebP, up to {limit} MB. You can also drop or paste it on this page."
        ),
        "reading": _("Reading the picture …"),
        "too_big": _("This file has {size} MB; up to {limit} MB can be read here."),
        "unreadable": _("The browser cannot open this file."),
        "pad": _("Drawing pad, {size}×{size} pixels"),
        "pad_help": _("Draw here. With keys: arrows move, space paints, Delete rubs out."),
        "rubber": _("Eraser"),
        "clear": _("Clear"),
    }
