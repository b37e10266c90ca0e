"""What a network is made of, and which networks are possible for images of a given size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from cnn_core import affine_cost, conv2d_cost, output_size
from pages.kit.language import N_

Shape = tuple[int, ...]

ACTIVATIONS = ("relu", "sigmoid", "tanh")
FILTERS = (1, 2, 4, 6, 8, 12, 16, 24, 32)
KERNELS = (1, 2, 3, 4, 5, 6, 7)
STRIDES = (1, 2, 3)
PADDINGS = (0, 1, 2, 3)
POOLS = ("max", "avg", "sub", "none")  # sub: LeNet-5's, whose coefficient and bias are learned
WIDTHS = (4, 8, 16, 32, 48, 64, 84, 120, 128, 192, 256)
MOST_CONVS, MOST_WIDTHS = 3, 2
WINDOW = 2  # of every pooling

MOST_PARAMETERS = 150_000
# For one image, forward. A step with 50 images then takes less than 50 ms on a single core (some
# 2,500 random networks were timed): a run stays smooth, and many readers can train at once.
MOST_MULTIPLICATIONS = 4_000_000
CLASSES = 10  # that both limits count with; so what is possible depends on the images alone

# ------------------------------------------------------------------ what it is


@dataclass(frozen=True)
class Conv:
    """A convolution with square kernels, and the pooling behind it."""

    filters: int
    kernel: int
    stride: int = 1
    padding: int = 0
    pool: str = "none"

    @property
    def text(self) -> str:
        """Its part of the link."""
        stride = f"s{self.stride}" if self.stride != 1 else ""
        padding = f"p{self.padding}" if self.padding else ""
        pool = f"-{self.pool}" if self.pool != "none" else ""
        return f"{self.filters}k{self.kernel}{stride}{padding}{pool}"

    @property
    def is_offered(self) -> bool:
        """Whether all its values are among those that can be chosen, whatever the image."""
        return (
            self.filters in FILTERS
            and self.kernel in KERNELS
            and self.stride in STRIDES
            and self.padding in PADDINGS
            and self.padding < self.kernel  # else some windows would see nothing but zeros
            and self.pool in POOLS
        )


@dataclass(frozen=True)
class Architecture:
    """A whole network, for any image and any number of classes."""

    activation: str
    convs: tuple[Conv, ...]
    widths: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """What stands for it in a link; `parse` reads it."""
        return ".".join(
            [self.activation, *(conv.text for conv in self.convs), *(f"f{w}" for w in self.widths)]
        )


# ------------------------------------------------------------------ what is possible


def fits(architecture: Architecture, image_shape: Shape) -> bool:
    """Whether the network can be built for these images, and is not too large to watch."""
    offered = [conv.is_offered for conv in architecture.convs]
    offered += [width in WIDTHS for width in architecture.widths]
    return all(offered) and problem(architecture, image_shape) is None


def repaired(architecture: Architecture, image_shape: Shape) -> Architecture:
    """The network itself if it fits, else a smaller one that does.

    Kernels and poolings that find no room shrink or go; while it is too large, the largest number
    of filters or neurons gets smaller.
    """
    convs: list[Conv] = []
    for conv in architecture.convs:
        before = maps_behind(convs, image_shape)
        kernel = min(conv.kernel, min(before[1:]) + 2 * conv.padding)
        conv = replace(conv, kernel=kernel, padding=min(conv.padding, kernel - 1))
        roomy = min(_convolved(conv, before)[1:]) >= WINDOW
        convs.append(conv if roomy else replace(conv, pool="none"))
    smaller = replace(architecture, convs=tuple(convs))
    return smaller if fits(smaller, image_shape) else repaired(_thinner(smaller), image_shape)


def _thinner(architecture: Architecture) -> Architecture:
    """The same with one step less of what there is most of."""
    filters = [conv.filters for conv in architecture.convs]
    widths = list(architecture.widths)
    if max(widths, default=0) > max(filters):
        at = widths.index(max(widths))
        if widths[at] == WIDTHS[0]:
            return replace(architecture, widths=())
        widths[at] = WIDTHS[WIDTHS.index(widths[at]) - 1]
        return replace(architecture, widths=tuple(widths))
    at = filters.index(max(filters))
    convs = list(architecture.convs)
    convs[at] = replace(convs[at], filters=FILTERS[FILTERS.index(filters[at]) - 1])
    return replace(architecture, convs=tuple(convs))


def problem(architecture: Architecture, image_shape: Shape) -> tuple[str, dict[str, str]] | None:
    """Why the network is not possible: a clause for the reader, and the numbers in it."""
    parameters = multiplications = 0
    for i, conv in enumerate(architecture.convs):
        before = maps_behind(architecture.convs[:i], image_shape)
        side = min(before[1:])
        if conv.kernel > side + 2 * conv.padding:
            reason = N_("in which a kernel of {kernel}×{kernel} finds only {size}×{size} cells")
            return reason, {"kernel": f"{conv.kernel}", "size": f"{side + 2 * conv.padding}"}
        after = _convolved(conv, before)
        if conv.pool != "none" and min(after[1:]) < WINDOW:
            return N_("in which there is nothing left to pool"), {}
        cost = conv2d_cost(
            before, conv.filters, conv.kernel, stride=conv.stride, padding=conv.padding
        )
        parameters += cost.parameters + (2 * conv.filters if conv.pool == "sub" else 0)
        multiplications += cost.multiplications
    inputs = prod(maps_behind(architecture.convs, image_shape))
    for width in (*architecture.widths, CLASSES):
        cost = affine_cost(inputs, width)
        parameters += cost.parameters
        multiplications += cost.multiplications
        inputs = width
    for reason, count, limit in (
        (N_("which learns {count} numbers; {limit} is the most"), parameters, MOST_PARAMETERS),
        (
            N_("which takes {count} multiplications for an image; {limit} is the most"),
            multiplications,
            MOST_MULTIPLICATIONS,
        ),
    ):
        if count > limit:
            return reason, {"count": f"{count:,}", "limit": f"{limit:,}"}
    return None


def maps_behind(convs: Sequence[Conv], image_shape: Shape) -> Shape:
    """The shape (C, H, W) behind some convolutions and their poolings."""
    shape = image_shape
    for conv in convs:
        shape = _convolved(conv, shape)
        if conv.pool != "none":
            shape = (shape[0], *(output_size(size, WINDOW, stride=WINDOW) for size in shape[1:]))
    return shape


def _convolved(conv: Conv, shape: Shape) -> Shape:
    sizes = (
        output_size(size, conv.kernel, stride=conv.stride, padding=conv.padding)
        for size in shape[1:]
    )
    return (conv.filters, *sizes)
