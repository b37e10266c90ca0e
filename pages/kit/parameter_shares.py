"""Where networks keep their parameters: in kernels, or in fully connected layers."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cnn_core import Affine, Conv2d, Sequential, affine_cost, build_network, conv2d_cost

ALEXNET_KERNELS = ((3, 96, 11), (96, 256, 5), (256, 384, 3), (384, 384, 3), (384, 256, 3))
ALEXNET_DENSE = (256 * 6 * 6, 4096, 4096, 1000)
VGG16_CHANNELS = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
VGG16_DENSE = (512 * 7 * 7, 4096, 4096, 1000)


class Shares(NamedTuple):
    """How many parameters a network has of each kind."""

    name: str
    kernels: int
    dense: int

    @property
    def dense_share(self) -> float:
        """The share of the fully connected layers."""
        return self.dense / (self.kernels + self.dense)


def shares_of(name: str, model: Sequential) -> Shares:
    """Count in a network of ours."""

    def count(kind: type) -> int:
        return sum(layer.parameter_count for layer in model.layers if isinstance(layer, kind))

    return Shares(name, count(Conv2d), count(Affine))


def shares_from_sizes(
    name: str, kernels: Sequence[tuple[int, int, int]], dense: Sequence[int]
) -> Shares:
    """Count from the sizes: of kernels (in_channels, out_channels, size), and of rows of units."""
    convolutions = (
        conv2d_cost((before, size, size), filters, size).parameters
        for before, filters, size in kernels
    )
    layers = (affine_cost(before, after).parameters for before, after in pairwise(dense))
    return Shares(name, sum(convolutions), sum(layers))


def known_shares() -> list[Shares]:
    """Our two networks for digits, and two that made history (AlexNet as one tower)."""
    rng = np.random.default_rng(0)
    vgg16 = [(before, after, 3) for before, after in pairwise(VGG16_CHANNELS)]
    return [
        shares_of("digits", build_network("digits", rng=rng)),
        shares_of("mnist", build_network("mnist", rng=rng)),
        shares_from_sizes("AlexNet (2012)", ALEXNET_KERNELS, ALEXNET_DENSE),
        shares_from_sizes("VGG-16 (2014)", vgg16, VGG16_DENSE),
    ]
