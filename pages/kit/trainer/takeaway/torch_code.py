"""A network as a PyTorch script."""

from collections.abc import Sequence

from cnn_core import (
    Affine,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Layer,
    LayerSummary,
    MaxPool2d,
    Sequential,
    Subsample2d,
)
from pages.kit.trainer.takeaway import numpy_parts, script
from pages.kit.trainer.takeaway import torch_parts as parts
from pages.kit.trainer.takeaway.plan import (
    NONE,
    Pair,
    Sides,
    batch_shape,
    comment,
    ends_in_shares,
    plan,
    pool_sides,
)

Module = tuple[str, str, list[str]]  # its name in the network, its class, its arguments


def torch_code(
    model: Sequential,
    image_shape: tuple[int, int, int],
    class_names: Sequence[str],
    *,
    weights: str = "weights.npz",
) -> str:
    """A script that computes in PyTorch what `model` does in use, and can train it further."""
    rows = plan(model, image_shape, class_names)
    modules = [(row, _modules(row)) for row in rows]
    classes = {kind for _row, described in modules for _name, kind, _arguments in described}
    turned = [
        f"{row.name}.weight"
        for row in rows
        if isinstance(row.layer, Conv2d) and row.layer.flip and row.layer.kernel_size != (1, 1)
    ]
    shapes = {name: array.shape for name, array in model.state().items()}
    double = model.flat_params.dtype == "float64"
    ending = parts.SHARES if ends_in_shares(model) else parts.SCORES
    shape = ", ".join(map(str, image_shape))
    return "".join(
        (
            parts.OPENING.format(image=image_shape, shape=shape, weights=weights),
            script.IMPORTS.format(more="from collections import OrderedDict\n"),
            "import torch\nfrom torch import nn\n\n",
            script.constants(weights, shapes, image_shape, class_names),
            f"DTYPE = torch.float{64 if double else 32}\n",
            f"TRUE_CONVOLUTIONS = {script.strings(turned)}  # see `rotated`\n" if turned else "",
            parts.SUBSAMPLE if "Subsample2d" in classes else "",
            parts.PARTIAL_AVERAGE if "PartialAvgPool2d" in classes else "",
            parts.NETWORK.format(
                what=ending["what"],
                batch=batch_shape(image_shape),
                scores=batch_shape(rows[-1].output_shape),
                layers="".join(_lines(row, described) for row, described in modules),
                convert=".double()" if double else "",
            ),
            parts.ROTATED if turned else "",
            parts.LOAD_AND_SAVE.format(
                turned="rotated(weights)" if turned else "weights",
                saved="rotated(state)" if turned else "state",
            ),
            parts.TRAIN.format(shape=shape, last=len(class_names) - 1, **ending),
            script.sources([numpy_parts.load_images]),
            parts.ENDING.format(**ending),
        )
    )


def _lines(row: LayerSummary, modules: list[Module]) -> str:
    """The modules that make up a layer, below what the layer does."""
    return script.comment(comment(row)) + "".join(
        script.call(f'layers["{name}"]', kind, arguments) for name, kind, arguments in modules
    )


def _modules(row: LayerSummary) -> list[Module]:
    """The modules that do what a layer does; the last has its name, and so its weights."""
    layer = row.layer
    match layer:
        case Conv2d():
            return _convolution(row.name, layer)
        case MaxPool2d() | AvgPool2d() | Subsample2d():
            return _pooling(row)
        case Affine():
            outputs, inputs = layer.params["weight"].shape
            return [(row.name, "nn.Linear", [str(inputs), str(outputs)])]
        case BatchNorm1d() | BatchNorm2d():
            settings = script.options(eps=(layer.eps, 1e-5), momentum=(layer.momentum, 0.1))
            return [(row.name, f"nn.{_kind(layer)}", [str(len(layer.params["bias"])), *settings])]
    return [(row.name, f"nn.{_kind(layer)}", [])]


def _convolution(name: str, layer: Conv2d) -> list[Module]:
    filters, channels, *_ = layer.params["weight"].shape
    symmetric = _symmetric(layer.padding)
    settings = script.options(
        stride=(layer.stride, (1, 1)),
        padding=(symmetric or (0, 0), (0, 0)),
        dilation=(layer.dilation, (1, 1)),
    )
    arguments = [str(channels), str(filters), str(layer.kernel_size), *settings]
    return [*_padding(name, NONE if symmetric else layer.padding), (name, "nn.Conv2d", arguments)]


def _pooling(row: LayerSummary) -> list[Module]:
    layer, name = row.layer, row.name
    assert isinstance(layer, MaxPool2d | AvgPool2d | Subsample2d)
    padding, uncounted = pool_sides(row)
    settings = [str(layer.kernel_size), f"stride={layer.stride}"]
    if isinstance(layer, Subsample2d):
        channels = str(len(layer.params["bias"]))
        return [*_padding(name, padding), (name, "Subsample2d", [channels, *settings])]
    own = _symmetric(layer.padding)
    if own and all(2 * p <= k for p, k in zip(own, layer.kernel_size, strict=True)):
        settings += script.options(padding=(own, (0, 0)), ceil_mode=(layer.ceil_mode, False))
        if isinstance(layer, AvgPool2d):
            settings += script.options(count_include_pad=(layer.count_include_pad, True))
        return [(name, f"nn.{_kind(layer)}", settings)]
    # PyTorch pads a pooling evenly and by half a window at most: here the padding comes before it.
    if isinstance(layer, MaxPool2d):
        return [*_padding(name, uncounted, "-inf"), (name, "nn.MaxPool2d", settings)]
    if uncounted == NONE:
        return [*_padding(name, padding), (name, "nn.AvgPool2d", settings)]
    settings += [f"padding={_around(padding)}", f"uncounted={_around(uncounted)}"]
    return [(name, "PartialAvgPool2d", settings)]


def _padding(name: str, sides: Sides, fill: str = "") -> list[Module]:
    """A module that pads, unless there is nothing to pad."""
    if sides == NONE:
        return []
    if fill:
        return [(f"{name}_pad", "nn.ConstantPad2d", [_around(sides), f'float("{fill}")'])]
    return [(f"{name}_pad", "nn.ZeroPad2d", [_around(sides)])]


def _symmetric(sides: Sides) -> Pair | None:
    """The padding as (height, width), if it is the same on opposite sides."""
    (top, bottom), (left, right) = sides
    return (top, left) if top == bottom and left == right else None


def _around(sides: Sides) -> str:
    """The padding in PyTorch's order, (left, right, top, bottom)."""
    (top, bottom), (left, right) = sides
    return str((left, right, top, bottom))


def _kind(layer: Layer) -> str:
    return type(layer).__name__
