"""Nine-by-nine pictures of a few pen strokes: the smallest images worth a convolution.

An X and an O have parts in common and parts of their own, stay readable at 9×9, and can be moved
and thickened one pixel at a time, so that every number a kernel makes of them can be checked by
hand.  Ink is +1 and paper is −1: a kernel of ±1 then scores +1 for every agreement and −1 for
every disagreement.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

SIZE = 9
STROKES = ("X", "O", "+", "/")
MAX_SHIFT = SIZE // 2
MAX_THICKNESS = 3

_CENTRE = SIZE // 2
_REACH = 3  # a stroke spans rows and columns 1 to 7: one pixel of paper all round


def canonical_x() -> NDArray[np.float32]:
    """Return the one 9×9 X everybody starts with: two one-pixel arms, centred, no noise.

    Returns
    -------
    (9, 9) float32
        +1 on the arms, which run from (1, 1) to (7, 7) and from (1, 7) to (7, 1); −1 elsewhere.

    Examples
    --------
    >>> print(canonical_x().astype(int)[:5])
    [[-1 -1 -1 -1 -1 -1 -1 -1 -1]
     [-1  1 -1 -1 -1 -1 -1  1 -1]
     [-1 -1  1 -1 -1 -1  1 -1 -1]
     [-1 -1 -1  1 -1  1 -1 -1 -1]
     [-1 -1 -1 -1  1 -1 -1 -1 -1]]
    """
    return _ink_to_pixels(_skeletons()[STROKES.index("X")])


def draw_strokes(
    kinds: ArrayLike,
    *,
    shift: int = 1,
    thickness: int = 2,
    noise: float = 0.05,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Draw one image for every entry of `kinds`, each moved, thickened and spoilt at random.

    The pen's shape and place are drawn before the noise: with an equally seeded `rng`, more
    `noise` flips more pixels of the same drawings.

    Parameters
    ----------
    kinds : (N,) int
        What to draw: positions in `STROKES`.
    shift : int, 0 to 4
        Each image moves by −`shift` … `shift` rows and as many columns, every move equally
        likely. Ink pushed over the edge is lost.
    thickness : int, 1 to 3
        Each image is drawn with a square pen 1 … `thickness` pixels wide.
    noise : float, 0 to 0.5
        The chance of every single pixel to change its sign.
    rng : numpy.random.Generator
        The source of all randomness.

    Returns
    -------
    (N, 1, 9, 9) float32
        +1 for ink, −1 for paper.

    Raises
    ------
    ValueError
        For an entry or a parameter outside its range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> image = draw_strokes([0], shift=0, thickness=1, noise=0, rng=rng)
    >>> bool((image[0, 0] == canonical_x()).all())
    True
    """
    kinds = np.asarray(kinds)
    if kinds.ndim != 1 or not (np.issubdtype(kinds.dtype, np.integer) or kinds.size == 0):
        raise ValueError(
            f"`kinds` must be a 1-D array of integers, not {kinds.dtype} of shape {kinds.shape}."
        )
    kinds = kinds.astype(np.intp)
    if kinds.size and not (kinds.min() >= 0 and kinds.max() < len(STROKES)):
        raise ValueError(
            f"`kinds` must lie in 0 … {len(STROKES) - 1}, "
            f"but go from {kinds.min()} to {kinds.max()}."
        )
    check_whole("shift", shift, 0, MAX_SHIFT)
    check_whole("thickness", thickness, 1, MAX_THICKNESS)
    if not 0 <= noise <= 0.5:
        raise ValueError(f"`noise` (={noise}) must be a probability from 0 to 0.5.")

    n = len(kinds)
    down, right = rng.integers(-shift, shift + 1, size=(2, n))
    pen = rng.integers(1, thickness + 1, size=n)

    # Cut every image out of its drawing, where a margin of paper lets the window move.
    margin = ((0, 0), (0, 0), (MAX_SHIFT, MAX_SHIFT), (MAX_SHIFT, MAX_SHIFT))
    drawings = np.pad(_drawings(), margin)
    row = MAX_SHIFT + np.arange(SIZE) - down[:, None]
    column = MAX_SHIFT + np.arange(SIZE) - right[:, None]
    ink = drawings[kinds[:, None, None], pen[:, None, None] - 1, row[:, :, None], column[:, None]]

    ink ^= rng.random(ink.shape) < noise
    return _ink_to_pixels(ink)[:, None]


def check_whole(name: str, value: object, low: int, high: int) -> None:
    """Raise ValueError unless `value` is a whole number from `low` to `high`."""
    if not isinstance(value, int | np.integer) or not low <= value <= high:
        raise ValueError(f"`{name}` (={value}) must be a whole number from {low} to {high}.")


def _ink_to_pixels(ink: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.where(ink, np.float32(1), np.float32(-1))


def _skeletons() -> NDArray[np.bool_]:
    """One-pixel lines, (strokes, 9, 9), in the order of `STROKES`."""
    down, right = np.indices((SIZE, SIZE)) - _CENTRE
    within_reach = np.maximum(abs(down), abs(right)) <= _REACH
    return np.stack(
        [
            within_reach & (abs(down) == abs(right)),
            abs(np.hypot(down, right) - _REACH) <= 0.5,
            within_reach & ((down == 0) | (right == 0)),
            within_reach & (down == -right),
        ]
    )


@cache
def _drawings() -> NDArray[np.bool_]:
    """Every stroke with every pen, (strokes, pens, 9, 9)."""
    skeletons = _skeletons()
    drawings = np.zeros((len(STROKES), MAX_THICKNESS, SIZE, SIZE), dtype=bool)
    for thickness in range(1, MAX_THICKNESS + 1):
        # A square pen leaves ink at each of its cells; two pixels reach down and to the right.
        reach = np.arange(thickness) - (thickness - 1) // 2
        for down in reach:
            for right in reach:
                drawings[:, thickness - 1] |= np.roll(skeletons, (down, right), axis=(1, 2))
    drawings.flags.writeable = False
    return drawings
