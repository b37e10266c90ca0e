"""9×9 drawings of ink (1) and paper (−1): in the URL, and those that are offered."""

import numpy as np

from cnn_core import STROKES, canonical_x, draw_strokes
from pages.kit.controls import UnusableError, bound, format_grid, parse_grid
from pages.kit.language import _

SHAPE = (9, 9)


def drawing() -> np.ndarray:
    """The drawing of the link: the setting "pixels"."""
    return bound("pixels", canonical_x().astype(float), parse, format_grid, label=_("Drawing"))


def parse(text: str) -> np.ndarray:
    """Read a drawing; `UnusableError` for anything that is none."""
    values = parse_grid(text, limit=1)
    if values.shape != SHAPE:
        wanted, shape = ("×".join(map(str, each)) for each in (SHAPE, values.shape))
        raise UnusableError(
            _("which has {shape} numbers instead of {wanted}").format(shape=shape, wanted=wanted)
        )
    pixels = np.where(values > 0, 1.0, -1.0)
    if (pixels != values).any():
        reason = _("in which not every pixel is 1 or −1")
        raise UnusableError(reason, instead=format_grid(pixels))
    return pixels


def plain(stroke: str) -> np.ndarray:
    """A stroke as the book draws it: centred, one pixel wide, no noise."""
    rng = np.random.default_rng(0)
    images = draw_strokes([STROKES.index(stroke)], shift=0, thickness=1, noise=0, rng=rng)
    return images[0, 0].astype(float)


def offered() -> dict[str, tuple[str, np.ndarray]]:
    """The drawings behind buttons, {name: (label, pixels)}; the last one is an empty sheet."""
    strokes = {name: (name, plain(name)) for name in STROKES}
    return {**strokes, "empty": (_("clear"), np.full(SHAPE, -1.0))}
