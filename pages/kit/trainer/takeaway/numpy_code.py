"""A network as a script that needs nothing but NumPy."""

from collections.abc import Callable, Sequence
from typing import Any

from cnn_core import (
    Affine,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    LayerSummary,
    MaxPool2d,
    Sequential,
    Subsample2d,
)
from pages.kit.trainer.takeaway import numpy_parts as parts
from pages.kit.trainer.takeaway import script
from pages.kit.trainer.takeaway.plan import (
    NONE,
    batch_shape,
    comment,
    ends_in_shares,
    plan,
    pool_sides,
)

# In the order in which a script defines them.
PARTS: tuple[Callable[..., Any], ...] = (
    parts.pad,
    parts.windows,
    parts.conv2d,
    parts.max_pool2d,
    parts.avg_pool2d,
    parts.partial_avg_pool2d,
    parts.subsample2d,
    parts.batch_norm,
    parts.relu,
    parts.sigmoid,
    parts.tanh,
    parts.flatten,
    parts.affine,
    parts.softmax,
    parts.load_weights,
    parts.load_images,
)
ALWAYS = {"load_weights", "load_images"}

OPENING = '''"""A trained network in plain NumPy: from an image to {what} of every class.

    python FILE                what becomes of the shape of a made-up image, layer by layer
    python FILE images.npy     the most likely class of one image {image}, or of many

FILE is this file; the numbers that were learned are read from {weights} beside it.
"""

'''

ALIASES = """
Pair = tuple[int, int]  # (height, width)
Sides = tuple[Pair, Pair]  # ((top, bottom), (left, right))
"""

ENDING = '''

def outputs(x: np.ndarray, w: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the output of every layer by its name, in their order, for images {batch}."""
    out = {{}}
{layers}    return out


def forward(x: np.ndarray, w: dict[str, np.ndarray]) -> np.ndarray:
    """Return what comes out in the end, {scores}, for images {batch}."""
    *_, last = outputs(x, w).values()
    return last


def main() -> None:
    """Say what the network sees in the images of a file, or show how it works on a made-up one."""
    w = load_weights(WEIGHTS, SHAPES)
    if len(sys.argv) > 1:
        images = load_images(Path(sys.argv[1]), IMAGE_SHAPE)
        for number, shares in enumerate({shares}):
            best = shares.argmax()
            print(f"image {{number}}: {{CLASS_NAMES[best]}} ({{shares[best]:.1%}})")
    else:
        made_up = np.random.default_rng(0).random((1, *IMAGE_SHAPE), np.float32)
        print(f"{{'image':>12}} {{made_up.shape}}")
        for name, output in outputs(made_up, w).items():
            print(f"{{name:>12}} {{output.shape}}")


if __name__ == "__main__":
    main()
'''


def numpy_code(
    model: Sequential,
    image_shape: tuple[int, int, int],
    class_names: Sequence[str],
    *,
    weights: str = "weights.npz",
) -> str:
    """A script that computes what `model` does in use, with the weights that stand beside it."""
    rows = plan(model, image_shape, class_names)
    shapes = {name: array.shape for name, array in model.state().items()}
    constants = script.constants(weights, shapes, image_shape, class_names)
    calls = [_call(row) for row in rows]
    layers = "".join(
        script.comment(comment(row)) + script.call(f'x = out["{row.name}"]', function, arguments)
        for row, (function, arguments) in zip(rows, calls, strict=True)
    )
    softmax = not ends_in_shares(model)
    functions = {function for function, _arguments in calls} | ALWAYS
    used = _with_helpers(functions | {"softmax"} if softmax else functions)
    return "".join(
        (
            OPENING.format(
                what="the probability" if softmax else "a share from 0 to 1",
                image=image_shape,
                weights=weights,
            ),
            script.IMPORTS.format(more=""),
            "\n",
            constants,
            ALIASES if "pad" in used else "",
            script.sources(part for part in PARTS if part.__name__ in used),
            ENDING.format(
                batch=batch_shape(image_shape),
                scores=batch_shape(rows[-1].output_shape),
                layers=layers,
                shares="softmax(forward(images, w))" if softmax else "forward(images, w)",
            ),
        )
    )


def _call(row: LayerSummary) -> tuple[str, list[str]]:
    """The function that does what a layer does, and its arguments as they are written."""
    layer = row.layer
    learned = [f'w["{row.name}.{name}"]' for name in (*layer.params, *layer.statistics)]
    match layer:
        case Conv2d():
            settings = script.options(
                stride=(layer.stride, (1, 1)),
                padding=(layer.padding, NONE),
                dilation=(layer.dilation, (1, 1)),
                flip=(layer.flip, True),
            )
            return "conv2d", ["x", *learned, *settings]
        case MaxPool2d() | AvgPool2d() | Subsample2d():
            return _pooling(row, learned)
        case BatchNorm1d() | BatchNorm2d():
            return "batch_norm", ["x", *learned, f"eps={layer.eps}"]
        case Affine():
            return "affine", ["x", *learned]
    return type(layer).__name__.lower(), ["x"]


def _pooling(row: LayerSummary, learned: list[str]) -> tuple[str, list[str]]:
    layer = row.layer
    assert isinstance(layer, MaxPool2d | AvgPool2d | Subsample2d)
    padding, uncounted = pool_sides(row)
    arguments = ["x", *learned, str(layer.kernel_size), str(layer.stride)]
    if isinstance(layer, MaxPool2d):
        return "max_pool2d", arguments + script.options(padding=(uncounted, NONE))
    if isinstance(layer, Subsample2d):
        return "subsample2d", arguments + script.options(padding=(padding, NONE))
    if uncounted == NONE:
        return "avg_pool2d", arguments + script.options(padding=(padding, NONE))
    return "partial_avg_pool2d", [*arguments, f"padding={padding}", f"uncounted={uncounted}"]


def _with_helpers(names: set[str]) -> set[str]:
    """The functions of these names, and those that they call in turn."""
    known = {part.__name__: part for part in PARTS}
    found = set(names)
    for part in reversed(PARTS):  # whoever calls stands behind whom it calls
        if part.__name__ in found:
            found |= known.keys() & script.names_in(part)
    return found
