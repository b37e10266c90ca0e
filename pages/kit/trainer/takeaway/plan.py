"""What a script needs to know of a network: its layers in words, and where the windows lie."""

from collections.abc import Sequence

from cnn_core import (
    Affine,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Layer,
    LayerSummary,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Subsample2d,
    Tanh,
)

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]

NONE: Sides = ((0, 0), (0, 0))
POOLINGS = (MaxPool2d, AvgPool2d, Subsample2d)
ACTIVATIONS = {ReLU: "max(x, 0)", Sigmoid: "1 / (1 + e^-x)", Tanh: "tanh(x)"}
KINDS = (Conv2d, *POOLINGS, Flatten, Affine, *ACTIVATIONS, BatchNorm1d, BatchNorm2d)


def plan(
    model: Sequential, image_shape: tuple[int, int, int], class_names: Sequence[str]
) -> list[LayerSummary]:
    """The layers with their shapes, once all of them can be written as code."""
    for name, layer in zip(model.names, model.layers, strict=True):
        if type(layer) not in KINDS:
            kinds = ", ".join(kind.__name__ for kind in KINDS)
            raise ValueError(f"`{name}` is a {type(layer).__name__}; code is known for {kinds}.")
    rows = model.summary(image_shape)
    if rows[-1].output_shape != (len(class_names),):
        raise ValueError(
            f"`{rows[-1].name}` ends the network with the shape {rows[-1].output_shape}; "
            f"it must be one score for each of the {len(class_names)} classes."
        )
    return rows


def ends_in_shares(model: Sequential) -> bool:
    """Whether each output is a number from 0 to 1 by itself, as after learning by squared error.

    All other networks end in scores, which a softmax makes probabilities.
    """
    return isinstance(model.layers[-1], Sigmoid)


def comment(row: LayerSummary) -> str:
    """A layer in words: what it does, how many numbers it has learned, what comes out."""
    learned = f" ({row.parameters:,} numbers learned)" if row.parameters else ""
    return f"{row.name}: {_words(row.layer)}{learned} -> {batch_shape(row.output_shape)}"


def batch_shape(shape: Sequence[int]) -> str:
    """The shape of a batch, with N for the number of images."""
    return f"({', '.join(map(str, ('N', *shape)))})"


def _words(layer: Layer) -> str:
    match layer:
        case Conv2d():
            filters, *kernel = layer.params["weight"].shape
            how = "" if layer.flip else " in cross-correlation"
            return f"{filters} kernels of {_times(kernel)}{how}, and a bias for each"
        case MaxPool2d():
            return f"the largest number of every {_times(layer.kernel_size)} window"
        case AvgPool2d():
            return f"the mean of every {_times(layer.kernel_size)} window"
        case Subsample2d():
            return f"coefficient · sum of every {_times(layer.kernel_size)} window + bias"
        case Affine():
            outputs, inputs = layer.params["weight"].shape
            return f"{outputs} weighted sums of {inputs} inputs, and a bias for each"
        case BatchNorm1d() | BatchNorm2d():
            return "each channel by the mean and variance that training has measured"
        case Flatten():
            return "all maps of an image as one row of numbers"
    return ACTIVATIONS[type(layer)]


def _times(sizes: Sequence[int]) -> str:
    return "×".join(map(str, sizes))


# ------------------------------------------------------------------ where the windows lie


def pool_sides(row: LayerSummary) -> tuple[Sides, Sides]:
    """The cells around the maps: those that count, and further out those that do not.

    The second kind is the padding where it does not count, and what a last window needs that
    hangs over the edge (`ceil_mode`). With both, windows that fit give the layer's output size.
    """
    layer = row.layer
    assert isinstance(layer, POOLINGS)
    hang = ((0, _hang(row, 0)), (0, _hang(row, 1)))
    if isinstance(layer, Subsample2d) or getattr(layer, "count_include_pad", False):
        return layer.padding, hang
    (top, bottom), (left, right) = layer.padding
    return NONE, ((top, bottom + hang[0][1]), (left, right + hang[1][1]))


def _hang(row: LayerSummary, axis: int) -> int:
    """How many cells the last window hangs over the padded maps."""
    layer = row.layer
    assert isinstance(layer, POOLINGS)
    size, count = row.input_shape[-2:][axis], row.output_shape[-2:][axis]
    reach = (count - 1) * layer.stride[axis] + layer.kernel_size[axis]
    return max(0, reach - size - sum(layer.padding[axis]))
