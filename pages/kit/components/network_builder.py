"""A network as a chain of cards, from the image to the scores, that the reader may rebuild.

Python gives every possible change with the text of the network that it leads to, so the script
computes no shapes, and nothing that does not fit can be reached.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pages.kit.components import register
from pages.kit.components.network_builder_cards import cards, size
from pages.kit.controls import UnusableError
from pages.kit.language import _
from pages.kit.trainer.architecture import IMAGE_SHAPES, PRESETS, parse, presets
from pages.kit.trainer.blueprint import (
    KERNELS,
    MOST_CONVS,
    MOST_MULTIPLICATIONS,
    MOST_PARAMETERS,
    MOST_WIDTHS,
    WINDOW,
    Architecture,
    Shape,
)
from pages.kit.trainer.choices import ACTIVATION_NAMES, Choices, Options, choices, rows

_builder = register(
    "network_builder", "pickers", "network_builder_cards", "network_builder_pictures"
)


def network_builder(
    architecture: Architecture,
    image_shape: Shape,
    classes: int,
    *,
    key: str = "builder",
    on_change: Callable[[str], None],
) -> None:
    """Show the network; each change calls `on_change` with the text of the new one."""

    def changed(text: object) -> None:
        with suppress(UnusableError):  # the builder sends nothing else than what was offered
            on_change(parse(str(text), image_shape).text)

    possible = choices(architecture, image_shape)
    layers = rows(architecture, image_shape, classes)
    parameters, connections = (
        f"{sum(counts):,}"
        for counts in zip(*((row.parameters, row.connections) for row in layers), strict=True)
    )
    _builder(
        key=key,
        data={
            "network": architecture.text,
            "image": {"shape": list(image_shape), "size": size(image_shape)},
            "cards": cards(architecture, layers),
            "pickers": _pickers(architecture, possible),
            "presets": _presets(image_shape),
            "moves": _moves(possible),
            "total": _("{count} parameters in all").format(count=parameters),
            "connections": _("{count} connections for each image").format(count=connections),
        },
        text=_words(),
        on={"change": changed},
    )


def _pickers(architecture: Architecture, possible: Choices) -> dict[str, dict[str, Any]]:
    """Every list to choose from: its labels, and [value, words, text of that network]."""
    pickers = {
        "activation": _picker(
            _("Activation"), architecture.activation, possible.activation, ACTIVATION_NAMES
        )
    }
    special: dict[str, dict[Any, str]] = {
        "kernel": {size: f"{size}×{size}" for size in KERNELS},
        "pool": _pools(),
    }
    for i, (conv, options) in enumerate(zip(architecture.convs, possible.convs, strict=True)):
        layer = _("Convolution {number}").format(number=i + 1)
        for field, label in _conv_labels().items():
            value = getattr(conv, field)
            words = special.get(field, {})
            pickers[f"conv{i + 1}-{field}"] = _picker(label, value, options[field], words, layer)
    for i, (width, widths) in enumerate(zip(architecture.widths, possible.widths, strict=True)):
        layer = _("FC layer {number}").format(number=i + 1)
        pickers[f"dense{i + 1}-width"] = _picker(_("neurons"), width, widths, {}, layer)
    return pickers


def _picker(
    label: str,
    value: int | str,
    options: Options,
    words: Mapping[Any, str],
    layer: str = "",
) -> dict[str, Any]:
    return {
        "label": label,
        "name": _("{label}: {value}").format(label=layer, value=label) if layer else label,
        "value": str(value),
        "options": [[str(v), words.get(v, str(v)), text] for v, text in options.items()],
    }


def _conv_labels() -> dict[str, str]:
    return {
        "filters": _("filters"),
        "kernel": _("kernel"),
        "stride": _("stride"),
        "padding": _("padding"),
        "pool": _("pooling"),
    }


def _pools() -> dict[Any, str]:
    names = {
        "max": _("Max pooling {size}×{size}"),
        "avg": _("Average pooling {size}×{size}"),
        "sub": _("Trainable pooling {size}×{size}"),
        "none": _("No pooling"),
    }
    return {pool: name.format(size=WINDOW) for pool, name in names.items()}


def _presets(image_shape: Shape) -> list[dict[str, str]]:
    """Networks that were made for images of this size."""
    data = (name for name, shape in IMAGE_SHAPES.items() if shape == image_shape)
    return [
        {"move": f"preset-{name}", "label": _(PRESETS[name]), "text": text}
        for name, text in presets(next(data, "")).items()
    ]


def _moves(possible: Choices) -> dict[str, dict[str, str | None]]:
    """Layers to add and to remove: the network after it, or None and why that is not possible."""
    convs, widths = len(possible.convs), len(possible.widths)
    too_many = _("There can be no more than {count} of them.")
    too_large = _("The network would no longer fit.")

    def move(label: str, text: str | None, why: str) -> dict[str, str | None]:
        return {"label": label, "text": text, "why": why}

    moves = {
        "more-conv": move(
            _("Convolution"),
            possible.more_convs,
            too_many.format(count=MOST_CONVS) if convs == MOST_CONVS else too_large,
        ),
        "more-dense": move(
            _("FC layer"),
            possible.more_widths,
            too_many.format(count=MOST_WIDTHS) if widths == MOST_WIDTHS else too_large,
        ),
    }
    removal = _("Remove: {layer}")
    for number, text in enumerate(possible.fewer_convs, start=1):
        label = removal.format(layer=_("Convolution {number}").format(number=number))
        why = _("One convolution has to stay.") if convs == 1 else too_large
        moves[f"fewer-conv{number}"] = move(label, text, why)
    for number, text in enumerate(possible.fewer_widths, start=1):
        label = removal.format(layer=_("FC layer {number}").format(number=number))
        moves[f"fewer-dense{number}"] = move(label, text, too_large)
    return moves


def _words() -> dict[str, str]:
    return {
        "image": _("Image"),
        "presets": _("Start from"),
        "activation": _("Activation"),
        "chain": _("The network, from the image to the scores"),
        "add": _("Add:"),
        "rule": _(
            "Only what fits can be chosen: each kernel finds room in its map, and the network "
            "keeps to {parameters} parameters and {multiplications} multiplications for an image."
        ).format(parameters=f"{MOST_PARAMETERS:,}", multiplications=f"{MOST_MULTIPLICATIONS:,}"),
    }
