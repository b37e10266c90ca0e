"""What a few kernels make of a picture: the maps of /feature-maps, computed by the core.

A *view* is a list of up to four maps of the same picture. Every map knows where its pixels lie on
the picture, so that all of them can be looked at in the same place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn_core import ReceptiveField, avg_pool2d, conv2d, max_pool2d, receptive_field, relu
from pages.kit.kernel_sets import Kernel
from pages.kit.language import _

Array = NDArray[np.float32]

LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue look (ITU-R BT.601)


@dataclass(frozen=True)
class FeatureMap:
    """One map, the step that led there, and how it is to be coloured."""

    title: str
    operation: str
    values: Array  # (H, W)
    parameters: int
    sees: ReceptiveField
    scale: Literal["photo", "signed"]
    largest: float  # full colour from here on
    kernel: Array | None = None  # (F, F)
    remark: str = ""


# ------------------------------------------------------------------ the picture as it is read


@dataclass(frozen=True)
class Reading:
    """The picture as the kernels read it, and the factor of the kernel's slice for each channel."""

    x: Array  # (1, C, H, W)
    factors: tuple[float, ...]

    def filters(self, kernels: Sequence[Kernel]) -> Array:
        """Kernels of one size as a weight (O, C, F, F)."""
        flat = np.stack([kernel.weights for kernel in kernels])
        slices = np.reshape(self.factors, (1, -1, 1, 1)) * flat[:, None]
        return np.asarray(slices, dtype=np.float32)


def read(picture: Array, colours: str) -> Reading:
    """Read a picture (C, H, W): "grey", as red + green + blue ("rgb"), or as red − green."""
    if len(picture) == 1:
        return Reading(picture[None], (1,))
    if colours == "grey":
        luma = np.tensordot(np.array(LUMA, dtype=np.float32), picture, axes=1)
        return Reading(luma[None, None], (1,))
    return Reading(picture[None], (1, 1, 1) if colours == "rgb" else (1, -1, 0))


# ------------------------------------------------------------------ the views


def side_by_side(
    reading: Reading, kernels: Sequence[Kernel], *, common: bool = True
) -> list[FeatureMap]:
    """Convolve with each kernel, padded such that the size stays; `common`: one scale for all."""
    sizes = [len(kernel.weights) for kernel in kernels]
    if len(set(sizes)) == 1:
        values = list(_convolve(reading, kernels))
    else:
        values = [_convolve(reading, [kernel])[0] for kernel in kernels]
    maps = [
        _convolved(reading, kernel, each, receptive_field([(size, 1, size // 2)]))
        for kernel, each, size in zip(kernels, values, sizes, strict=True)
    ]
    if not common:
        return maps
    largest = max((each.largest for each in maps if each.scale == "signed"), default=1.0)
    return [replace(each, largest=largest) if each.scale == "signed" else each for each in maps]


def chain(
    reading: Reading,
    kernel: Kernel,
    *,
    stride: int,
    padding: int,
    dilation: int,
    activation: str,
    pooling: str,
    window: int,
) -> list[FeatureMap]:
    """Convolution, activation ("none", "relu") and pooling ("max", "average") in a row."""
    size = len(kernel.weights)
    layers = [(size, stride, padding, dilation)]
    convolved = _convolved(
        reading,
        kernel,
        _convolve(reading, [kernel], stride=stride, padding=padding, dilation=dilation)[0],
        receptive_field(layers),
    )
    active = relu(convolved.values) if activation == "relu" else convolved.values
    pool = max_pool2d if pooling == "max" else avg_pool2d
    pooled = pool(active[None, None], window)[0, 0]
    names = {
        "none": _("no activation"),
        "relu": _("ReLU"),
        "max": _("Max pooling"),
        "average": _("Average pooling"),
    }
    after = replace(convolved, parameters=0, kernel=None)
    return [
        convolved,
        replace(
            after,
            title=names[activation],
            operation="max(0, x)" if activation == "relu" else "x",
            values=active,
            remark=_("Negative answers become 0.") if activation == "relu" else "",
        ),
        replace(
            after,
            title=names[pooling],
            operation=_("windows of {size}×{size}").format(size=window),
            values=pooled,
            sees=receptive_field([*layers, (window, window)]),
        ),
    ]


def _convolve(
    reading: Reading,
    kernels: Sequence[Kernel],
    *,
    stride: int = 1,
    padding: int | None = None,
    dilation: int = 1,
) -> Array:
    """The maps (O, H, W) of kernels of one size."""
    if padding is None:
        padding = len(kernels[0].weights) // 2
    weight = reading.filters(kernels)
    y = conv2d(reading.x, weight, stride=stride, padding=padding, dilation=dilation)
    return np.asarray(y[0])


def _convolved(reading: Reading, kernel: Kernel, values: Array, sees: ReceptiveField) -> FeatureMap:
    size, channels = len(kernel.weights), len(reading.factors)
    brightness = sum(reading.factors)
    is_picture = kernel.keeps_brightness and brightness > 0
    return FeatureMap(
        title=kernel.title,
        operation="×".join(map(str, ([channels] if channels > 1 else []) + [size, size])),
        values=values,
        parameters=channels * size**2,
        sees=sees,
        scale="photo" if is_picture else "signed",
        largest=brightness if is_picture else _nearly_largest(values),
        kernel=np.asarray(kernel.weights, dtype=np.float32),
        remark=kernel.remark,
    )


def _nearly_largest(values: Array) -> float:
    """What two absolute values in a hundred exceed, so that a few extremes do not pale the rest."""
    thin = math.ceil(max(values.shape) / 128)  # a sample is enough, without the border
    size = np.abs(values[thin // 2 :: thin, thin // 2 :: thin])
    return float(np.quantile(size, 0.98)) or float(np.abs(values).max()) or 1.0
