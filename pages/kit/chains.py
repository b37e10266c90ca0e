"""The shipped MNIST network up to its last map, made smaller on the way, or not.

What makes the maps smaller can be chosen: pooling, a stride of the convolutions, or nothing. The
kernels stay the trained ones. A chain's layers remember what they saw, so every use builds its own.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from cnn_core import (
    AvgPool2d,
    Conv2d,
    Layer,
    MaxPool2d,
    ReceptiveField,
    ReLU,
    Sequential,
    affine_cost,
    load_pretrained,
    receptive_field,
)

DEPTHS = ("input", "conv1", "pool1", "conv2", "pool2")
POOLINGS = {"max": MaxPool2d, "average": AvgPool2d}
SIZES = (2, 3)  # of the pooling's window: 4 does not fit in the second time (28, 7, 3)
INPUT, CLASSES = (1, 28, 28), 10

Maps = np.ndarray[Any, np.dtype[np.float32]]
Windowed = Conv2d | MaxPool2d | AvgPool2d


@dataclass(frozen=True)
class Place:
    """Where maps stand in a chain: behind a pooling, or a convolution and its ReLU.

    `windows` are (size, stride, padding) of every step from the input to here.
    """

    name: str
    shape: tuple[int, ...]
    windows: tuple[tuple[int, int, int], ...]
    parameters: int
    connections: int

    def sees(self, since: int = 0) -> ReceptiveField:
        """What one cell sees of the map behind `since` steps: 0 is the input."""
        return receptive_field(self.windows[since:])


@dataclass(frozen=True)
class Chain:
    """A chain: `shrink` is a pooling of `size`×`size`, "stride" (of `size`) or "none"."""

    shrink: str
    size: int = 1

    def steps(self) -> list[tuple[str, list[Layer]]]:
        """New layers of each step, and the step's name."""
        steps: list[tuple[str, list[Layer]]] = []
        for number, trained in enumerate(trained_convolutions(), start=1):
            convolution = Conv2d(
                trained.weight.shape[1],
                trained.weight.shape[0],
                trained.weight.shape[2:],
                stride=self.size if self.shrink == "stride" else 1,
                padding=trained.padding,
                rng=np.random.default_rng(0),
            )
            convolution.params["weight"][...] = trained.weight
            convolution.params["bias"][...] = trained.bias
            steps.append((f"conv{number}", [convolution, ReLU()]))
            if self.shrink in POOLINGS:
                steps.append((f"pool{number}", [POOLINGS[self.shrink](self.size)]))
        return steps

    def model(self, name: str = DEPTHS[-1]) -> Sequential:
        """A new network: the layers up to the place `name`."""
        depth = DEPTHS.index(name)
        return Sequential(
            *(
                layer
                for step, layers in self.steps()
                if DEPTHS.index(step) <= depth
                for layer in layers
            )
        )

    @cached_property
    def places(self) -> list[Place]:
        """The input, and what stands behind every step."""
        places = [Place("input", INPUT, (), 0, 0)]
        for name, layers in self.steps():
            before, window = places[-1], layers[0]
            assert isinstance(window, Windowed)
            shape = window.output_shape(before.shape)
            size, stride, padding = window.kernel_size[0], window.stride[0], window.padding[0][0]
            places.append(
                Place(
                    name,
                    shape,
                    (*before.windows, (size, stride, padding)),
                    window.parameter_count,
                    window.connection_count(before.shape),
                )
            )
        return places

    def place(self, name: str) -> Place:
        """The place `name`, or the last one before it if this chain has no such step."""
        depth = DEPTHS.index(name)
        return [place for place in self.places if DEPTHS.index(place.name) <= depth][-1]

    @cached_property
    def dense_parameters(self) -> int:
        """What a fully connected layer learns that scores the classes from the last maps."""
        return affine_cost(self.values, CLASSES).parameters

    @property
    def values(self) -> int:
        """How many values the last maps have."""
        return int(np.prod(self.places[-1].shape))

    @property
    def parameters(self) -> int:
        """What the chain and the fully connected layer behind it learn."""
        return sum(place.parameters for place in self.places) + self.dense_parameters

    @property
    def connections(self) -> int:
        """The weighted links of all of it; a fully connected layer has one for each parameter."""
        return sum(place.connections for place in self.places) + self.dense_parameters

    def walk(self, image: Maps) -> dict[str, Maps]:
        """The maps (C, H, W) at each place that one image (1, H, W) leads to."""
        outputs = dict(self.model().trace(image[None]))
        ends = {place.name: place.name.replace("conv", "relu") for place in self.places[1:]}
        return {"input": image, **{name: outputs[end][0] for name, end in ends.items()}}


@dataclass(frozen=True)
class Effect:
    """How much each pixel of the input matters to one cell.

    `pixels` (H, W) is the mean of |∂cell/∂x| over some images, `value` the cell's mean. `frame` is
    the part of the image that the cell sees: top, left, bottom, right.
    """

    pixels: Maps
    value: float
    frame: tuple[int, int, int, int]

    @property
    def reached(self) -> int:
        """How many pixels matter at all."""
        return int(np.count_nonzero(self.pixels))

    @property
    def inside(self) -> int:
        """How many pixels of the image the cell sees."""
        top, left, bottom, right = self._clipped
        return (bottom - top) * (right - left)

    @property
    def outside(self) -> float:
        """The largest effect of a pixel that the cell does not see."""
        top, left, bottom, right = self._clipped
        rest = self.pixels.copy()
        rest[top:bottom, left:right] = 0
        return float(rest.max())

    @property
    def half(self) -> int:
        """The side of the smallest square in the frame's middle with half of all effect."""
        return self._half_of(self.pixels)

    @property
    def even_half(self) -> int:
        """The same, if all pixels of the frame mattered alike."""
        top, left, bottom, right = self._clipped
        even = np.zeros_like(self.pixels)
        even[top:bottom, left:right] = 1
        return self._half_of(even)

    @property
    def _clipped(self) -> tuple[int, int, int, int]:
        height, width = self.pixels.shape
        top, left, bottom, right = self.frame
        return max(0, top), max(0, left), min(height, bottom), min(width, right)

    def _half_of(self, pixels: Maps) -> int:
        top, left, bottom, right = self.frame
        side = bottom - top
        for margin in range((side - 1) // 2, -1, -1):
            rows = slice(max(0, top + margin), max(0, bottom - margin))
            columns = slice(max(0, left + margin), max(0, right - margin))
            if pixels[rows, columns].sum() >= pixels.sum() / 2:
                return side - 2 * margin
        return side


def effect(chain: Chain, name: str, images: Maps, channel: int, cell: tuple[int, int]) -> Effect:
    """How much the pixels of images (N, 1, H, W) matter to one cell: a gradient of 1 sent back."""
    model = chain.model(name)
    outputs = model.forward(images)
    one = np.zeros_like(outputs)
    one[:, channel, cell[0], cell[1]] = 1
    gradient = model.backward(one)
    assert gradient is not None
    sees = chain.place(name).sees()
    top, left = (sees.start + sees.stride * place for place in cell)
    return Effect(
        np.abs(gradient[:, 0]).mean(axis=0),
        float(outputs[:, channel, cell[0], cell[1]].mean()),
        (top, left, top + sees.size, left + sees.size),
    )


@dataclass(frozen=True)
class Trained:
    """The weights of a convolution that has learned."""

    weight: Maps
    bias: Maps
    padding: tuple[tuple[int, int], tuple[int, int]]


@cache
def trained_convolutions() -> tuple[Trained, ...]:
    """The two convolutions of the shipped network."""
    return tuple(
        Trained(layer.params["weight"], layer.params["bias"], layer.padding)
        for layer in load_pretrained("mnist").layers
        if isinstance(layer, Conv2d)
    )


def layers_to_see(side: int, *windows: tuple[int, ...]) -> int:
    """How often the `windows` (size, stride) must follow each other until a cell sees `side`."""
    count = 1
    while receptive_field(windows * count).size < side:
        count += 1
    return count
