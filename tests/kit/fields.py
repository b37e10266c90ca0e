"""The shipped network up to its last map by SciPy and loops, in double precision."""

from collections.abc import Iterable

import numpy as np
from scipy.signal import convolve2d

from cnn_core import Conv2d, load_pretrained

CONVOLUTIONS = [layer for layer in load_pretrained("mnist").layers if isinstance(layer, Conv2d)]
PADDINGS = (2, 0)
CHAINS = [("max", 2), ("max", 3), ("average", 2), ("average", 3), ("stride", 2), ("stride", 3)]
CHAINS += [("none", 1)]


def maps(image: np.ndarray, shrink: str, size: int) -> dict[str, np.ndarray]:
    """What an image (1, 28, 28) becomes at each place of a chain."""
    x = np.asarray(image, float)
    found = {"input": x}
    for number, (layer, padding) in enumerate(zip(CONVOLUTIONS, PADDINGS, strict=True), 1):
        padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
        weight, bias = layer.params["weight"].astype(float), layer.params["bias"].astype(float)
        x = np.array(
            [
                b + sum(convolve2d(one, k, mode="valid") for one, k in zip(padded, w, strict=True))
                for w, b in zip(weight, bias, strict=True)
            ]
        )
        if shrink == "stride":
            x = x[:, ::size, ::size]
        x = found[f"conv{number}"] = np.maximum(x, 0)
        if shrink in ("max", "average"):
            rows = len(x[0]) // size
            blocks = x[:, : rows * size, : rows * size].reshape(-1, rows, size, rows, size)
            x = blocks.max((2, 4)) if shrink == "max" else blocks.mean((2, 4))
            found[f"pool{number}"] = x
    return found


def seen(shrink: str, size: int, place: str, cell: int) -> range:
    """The pixels along one side that a cell's windows read, step by step back to the image.

    It begins outside of the image where the padding does.
    """
    stride = size if shrink == "stride" else 1
    steps = [("conv1", 5, stride, 2), ("pool1", size, size, 0), ("conv2", 5, stride, 0)]
    steps += [("pool2", size, size, 0)]
    if shrink in ("stride", "none"):
        steps = [step for step in steps if step[0].startswith("conv")]
    names = [name for name, *_window in steps]
    cells: Iterable[int] = {cell}
    for _name, window, step, padding in reversed(steps[: names.index(place) + 1]):
        cells = {at * step - padding + k for at in cells for k in range(window)}
    assert sorted(cells) == list(range(min(cells), max(cells) + 1))
    return range(min(cells), max(cells) + 1)


def effect(
    image: np.ndarray,
    chain: tuple[str, int],
    place: str,
    at: tuple[int, int, int],
    pixels: Iterable[tuple[int, int]],
) -> list[float]:
    """|∂cell/∂pixel| of one cell (map, row, column), by central differences."""
    found = []
    for row, column in pixels:
        nudge = np.zeros(image.shape)
        nudge[0, row, column] = 1e-6
        above, below = (maps(image + each, *chain)[place][at] for each in (nudge, -nudge))
        found.append(abs(above - below) / 2e-6)
    return found
