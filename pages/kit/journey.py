"""One image's way through a network: what every layer makes of it, and what that takes.

`walk` follows an image from the pixels to the probabilities. The networks and the images come from
the core; they are read once and shared, but every session has a network of its own, because its
layers remember what they last saw.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import streamlit as st

from cnn_core import (
    Conv2d,
    Dataset,
    Layer,
    MaxPool2d,
    ReceptiveField,
    Sequential,
    evaluate,
    load_dataset,
    load_pretrained,
    receptive_field,
    softmax,
)
from pages.kit import state

Kind = Literal["input", "conv", "relu", "pool", "flatten", "affine", "softmax"]
Images = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Stage:
    """What stands at one place of the chain, and the step that led there.

    `values` are maps (C, H, W), or a row (K,) after flattening, made from `input_shape`. `scale` is
    the largest absolute value of the layers that are shown in one scale: a convolution and what
    follows it. `sees` is what one cell depends on in the image, as long as that is a window.
    """

    name: str
    kind: Kind
    layer: Layer | None
    input_shape: tuple[int, ...]
    values: Images
    scale: float
    parameters: int
    connections: int
    sees: ReceptiveField | None

    @property
    def count(self) -> int:
        """How many maps, scores or shares stand here; a flattened row is one."""
        return 1 if self.kind == "flatten" else len(self.values)

    @property
    def window(self) -> tuple[int, int, int] | None:
        """Size, stride and padding of the layer's window, if it has one."""
        layer = self.layer
        if not isinstance(layer, Conv2d | MaxPool2d):
            return None
        return layer.kernel_size[0], layer.stride[0], layer.padding[0][0]


@st.cache_resource(show_spinner=False)
def test_set(name: str) -> Dataset:
    """The data set that the shipped network learned from; its test images are new to it."""
    return load_dataset(name, rng=np.random.default_rng(0))


def images_of(name: str, digit: int) -> Images:
    """All test images of one digit, (N, 1, H, W)."""
    data = test_set(name)
    return np.asarray(data.test_images[data.test_labels == digit])


def network(name: str) -> Sequential:
    """The shipped network, one for each session. Raises StateError if its weights are damaged."""
    return state.keep(f"network-{name}", lambda: load_pretrained(name))


@st.cache_data(show_spinner=False)
def accuracy(name: str, down: int = 0, right: int = 0) -> tuple[float, int]:
    """The share of test images that the shipped network reads right, moved; and their number."""
    data = test_set(name)
    images = moved(data.test_images, down, right)
    return evaluate(load_pretrained(name), images, data.test_labels)[1], len(images)


def moved(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """The images (..., H, W) moved by whole pixels; what leaves the frame is lost."""
    height, width = images.shape[-2:]
    result = np.zeros_like(images)
    result[..., max(down, 0) : height + down, max(right, 0) : width + right] = images[
        ..., max(-down, 0) : height - down, max(-right, 0) : width - right
    ]
    return result


def walk(model: Sequential, image: Images) -> list[Stage]:
    """Follow one image (1, H, W) through the network, and through softmax at its end."""
    whole = receptive_field([])
    stages = [Stage("input", "input", None, (), image, float(image.max()), 0, 0, whole)]
    outputs = [values[0] for _name, values in model.trace(image[None])]
    for row, values in zip(model.summary(image.shape), outputs, strict=True):
        kind = kind_of(row.name)
        makes_scale = kind in ("conv", "affine")
        stage = Stage(
            row.name,
            kind,
            row.layer,
            row.input_shape,
            values,
            float(np.abs(values).max()) if makes_scale else stages[-1].scale,
            row.parameters,
            row.connections,
            sees=None,
        )
        if values.ndim == 3:
            windows = [step.window for step in [*stages, stage] if step.window]
            stage = replace(stage, sees=receptive_field(windows))
        stages.append(stage)
    scores = stages[-1].values
    return [
        *stages,
        Stage("softmax", "softmax", None, scores.shape, softmax(scores), 1, 0, 0, None),
    ]


def kind_of(name: str) -> Kind:
    """The kind of a layer from its name in the network: conv of conv2."""
    kinds: tuple[Kind, ...] = ("conv", "relu", "pool", "flatten", "affine")
    return next(kind for kind in kinds if name.startswith(kind))


def places(stages: list[Stage]) -> list[str]:
    """The name of everything that can be looked at: conv1-1, conv1-2, ..."""
    return [f"{stage.name}-{k + 1}" for stage in stages for k in range(stage.count)]


def counts(stage: Stage) -> dict[str, int]:
    """The numbers that a sentence about a step may name."""
    maps = stage.input_shape[0] if stage.input_shape else 0
    return {
        "maps_before": maps,
        "maps": stage.count,
        "size": stage.window[0] if stage.window else 0,
        "values_before": math.prod(stage.input_shape),
        "values": stage.values.size,
        "parameters": stage.parameters,
        "connections": stage.connections,
    }


def totals(stages: list[Stage]) -> dict[str, int]:
    """What all steps learn and connect together."""
    return {
        "parameters": sum(stage.parameters for stage in stages),
        "connections": sum(stage.connections for stage in stages),
    }


def dense_parameters(stage: Stage) -> int:
    """How many numbers a fully connected layer would learn in this step's place."""
    return stage.values.size * (math.prod(stage.input_shape) + 1)
