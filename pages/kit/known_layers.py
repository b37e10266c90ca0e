"""First layers of networks that made history, or one of the reader's own."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from cnn_core import LayerCost, affine_cost, conv2d_cost, local2d_cost, output_size
from pages.kit import controls
from pages.kit.language import _

MAPS = (1, 3, 6, 16, 32, 64, 96, 128, 256, 512)


@dataclass(frozen=True)
class ConvSetting:
    """A convolution on `channels` maps of `side`×`side` cells."""

    side: int
    channels: int
    filters: int
    kernel_size: int
    stride: int = 1
    padding: int = 0

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one sample."""
        return self.channels, self.side, self.side

    @property
    def output_shape(self) -> tuple[int, int, int]:
        """(K, oH, oW) of one sample."""
        size = output_size(self.side, self.kernel_size, stride=self.stride, padding=self.padding)
        return self.filters, size, size

    @property
    def costs(self) -> dict[str, LayerCost]:
        """What it costs to lead from the same cells to the same cells, in three ways."""
        return {
            "full": affine_cost(math.prod(self.input_shape), math.prod(self.output_shape)),
            "local": self._windowed(local2d_cost),
            "shared": self._windowed(conv2d_cost),
        }

    def _windowed(self, cost: Callable[..., LayerCost]) -> LayerCost:
        return cost(
            self.input_shape,
            self.filters,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
        )


LENET = ConvSetting(32, 1, 6, 5)
ALEXNET = ConvSetting(227, 3, 96, 11, stride=4)
VGG = ConvSetting(224, 3, 64, 3, padding=1)


def known_layer() -> ConvSetting:
    """The layer that the reader chose by name or set with sliders."""
    known = {"lenet": LENET, "alexnet": ALEXNET, "vgg": VGG}
    names = {
        "lenet": "LeNet-5 (1998)",
        "alexnet": "AlexNet (2012)",
        "vgg": "VGG (2014)",
        "own": _("Your own"),
    }
    name = controls.choice(_("First layer of"), "net", names, "alexnet")
    return known[name] if name in known else _own_layer()


def _own_layer() -> ConvSetting:
    first, second, third = st.columns(3, gap="medium")
    with first:
        side = controls.integer(_("Height and width"), "side", 28, 8, 256)
        channels = int(controls.number(_("Input channels"), "channels", MAPS, 3))
    with second:
        filters = int(controls.number(_("Filters"), "filters", MAPS, 32))
        kernel_size = controls.integer(_("Kernel size"), "window", 3, 1, 8)
    with third:
        stride = controls.integer(_("Stride"), "step", 1, 1, 4)
        padding = controls.integer(_("Zero padding"), "border", 0, 0, 4)
    return ConvSetting(side, channels, filters, kernel_size, stride, padding)
