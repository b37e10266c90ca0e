"""A layer with several input maps and several filters, taken apart: one term of its sum at a time.

Also the inputs and filters that /channels starts with. As settings they are stacked: the channels
below each other, and the kernels of a filter too, filter after filter.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnn_core import conv2d, rot180
from pages.kit.controls import Numbers
from pages.kit.pictures import photo
from pages.kit.walk import ACTIVATIONS

SIZE, KERNEL_SIZE = 5, 3
MOST_CHANNELS, MOST_FILTERS = 3, 4
BRIGHTEST = 9  # pixels are whole numbers from 0

# Where the coffee, the white rim of its cup and the red saucer meet.
PATCH_TOP, PATCH_LEFT, PATCH_PIXEL = 100, 290, 25

BIASES = np.array([[-3.0, 0, 0, -9]])


@dataclass(frozen=True)
class ChannelSums:
    """C input maps x (C, H, W) and K filters: weight (K, C, F, F) and bias (K,).

    `activation` is one of `ACTIVATIONS`.
    """

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    activation: str = "none"

    @property
    def parameters(self) -> int:
        """How many numbers the layer learns."""
        return self.weight.size + self.bias.size

    @cached_property
    def sliding(self) -> np.ndarray:
        """The kernels as they lie on the input, (K, C, F, F)."""
        return rot180(self.weight)

    @cached_property
    def products(self) -> np.ndarray:
        """Window times kernel, for every filter, channel and output cell: (K, C, oH, oW, F, F)."""
        windows = sliding_window_view(self.x, self.weight.shape[2:], axis=(1, 2))
        return windows * self.sliding[:, :, None, None]

    @cached_property
    def partials(self) -> np.ndarray:
        """Each channel convolved with its own kernel, (K, C, oH, oW)."""
        channels = range(len(self.x))
        one_by_one = [conv2d(self.x[None, [n]], self.weight[:, [n]])[0] for n in channels]
        return np.stack(one_by_one, axis=1)

    @cached_property
    def sums(self) -> np.ndarray:
        """The sum over the channels, (K, oH, oW)."""
        return conv2d(self.x[None], self.weight)[0]

    @cached_property
    def raised(self) -> np.ndarray:
        """The sum and the filter's bias, (K, oH, oW)."""
        return conv2d(self.x[None], self.weight, self.bias)[0]

    @cached_property
    def outputs(self) -> np.ndarray:
        """The output maps, (K, oH, oW)."""
        return ACTIVATIONS[self.activation](self.raised)


def pictures(seed: int) -> dict[str, Numbers]:
    """Three channels of small whole numbers, stacked (15, 5)."""
    edge = np.full((MOST_CHANNELS, SIZE, SIZE), BRIGHTEST // 3)
    edge[0] = [BRIGHTEST, BRIGHTEST, 0, 0, 0]  # red on the left, blue on the right,
    edge[2] = [0, 0, BRIGHTEST, BRIGHTEST, BRIGHTEST]  # and equally bright
    digits = np.random.default_rng(seed).integers(0, BRIGHTEST + 1, edge.shape)
    return {"photo": stack(_patch()), "edge": stack(edge), "random": stack(digits)}


def filters(seed: int) -> dict[str, Numbers]:
    """Four filters of three kernels each, stacked (36, 3)."""
    upright = np.array([[-1, 0, 1]] * KERNEL_SIZE)
    slanted = np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]])
    middle = np.zeros_like(upright)
    middle[1, 1] = 1
    edges = np.array(
        [
            [upright, upright.T, slanted],  # another edge in every channel
            [upright, upright, upright],  # an edge of brightness
            [-upright, 0 * upright, upright],  # an edge of colour
            [middle, middle, middle],  # brightness itself
        ]
    )
    weights = np.random.default_rng(seed).integers(-2, 3, edges.shape)
    return {"edges": stack(edges), "random": stack(weights)}


def stack(grids: np.ndarray) -> Numbers:
    """All grids of (..., H, W) below each other."""
    return grids.reshape(-1, grids.shape[-1]).astype(float)


@cache
def _patch() -> np.ndarray:
    """A piece of the photo `coffee` as 5×5 coarse pixels, red, green and blue from 0 to 9."""
    side = SIZE * PATCH_PIXEL
    piece = photo("coffee")[:, PATCH_TOP : PATCH_TOP + side, PATCH_LEFT : PATCH_LEFT + side]
    pixels = piece.reshape(MOST_CHANNELS, SIZE, PATCH_PIXEL, SIZE, PATCH_PIXEL).mean(axis=(2, 4))
    return np.round(pixels * BRIGHTEST)
