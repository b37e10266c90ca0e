"""What stands on the cards of the network builder: the steps of a layer and what comes out."""

from collections.abc import Iterator
from math import prod
from typing import Any

from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.trainer.blueprint import Architecture, Shape
from pages.kit.trainer.choices import ACTIVATION_NAMES, Row

Card = dict[str, Any]


def cards(architecture: Architecture, rows: list[Row]) -> list[Card]:
    """A card for each convolution with its pooling, and for each fully connected layer."""
    flatten = next(i for i, row in enumerate(rows) if row.name == "flatten1")
    convs = [row.name for row in rows if row.name.startswith("conv")]
    starts = [i for i, row in enumerate(rows) if row.name in convs]
    groups = [rows[a:b] for a, b in zip(starts, [*starts[1:], flatten], strict=True)]
    return [
        *(_conv_card(number, group) for number, group in enumerate(groups, start=1)),
        *_dense_cards(rows[flatten - 1].shape, rows[flatten + 1 :]),
    ]


def size(shape: Shape) -> str:
    """A shape in words: 8×4×4."""
    return "×".join(map(str, shape))


def _conv_card(number: int, group: list[Row]) -> Card:
    pool = next((i for i, row in enumerate(group) if row.name.startswith(("pool", "sub"))), None)
    before, behind = group[:pool], group[pool:] if pool else []
    return {
        "kind": "conv",
        "number": number,
        "title": _("Convolution {number}").format(number=number),
        "steps": _steps(before, size(before[-1].shape) if behind else ""),
        "pool_steps": _steps(behind),
        **_result(group),
    }


def _dense_cards(maps: Shape, rows: list[Row]) -> Iterator[Card]:
    dense = [i for i, row in enumerate(rows) if row.name.startswith("affine")]
    for number, (a, b) in enumerate(zip(dense, [*dense[1:], len(rows)], strict=True), start=1):
        flattened = f"{'·'.join(map(str, maps))} = {prod(maps):,}"
        is_last = b == len(rows)
        yield {
            "kind": "scores" if is_last else "dense",
            "number": number,
            "title": _("Scores") if is_last else _("FC layer {number}").format(number=number),
            "flatten": [_("Flatten"), flattened] if number == 1 else None,
            "steps": _steps(rows[a:b]),
            **_result(rows[a:b]),
        }


def _steps(group: list[Row], shape: str = "") -> list[Card]:
    """The formulas of what is learned, the activation, and the shape behind it if one is given."""
    names = ACTIVATION_NAMES.values()
    formulas = (row.formula.split(" = ") for row in group if row.formula)
    return [
        *({"formula": formula, "total": total} for formula, total in formulas),
        *({"activation": row.operation, "shape": shape} for row in group if row.operation in names),
    ]


def _result(group: list[Row]) -> Card:
    """What comes out of the whole card, and in one sentence how it came about."""
    parameters = sum(row.parameters for row in group)
    return {
        "shape": list(group[-1].shape),
        "size": size(group[-1].shape),
        "parameters": _("{count} parameters").format(count=f"{parameters:,}"),
        "sentence": ", ".join(arrow(row.operation, row.shape, row.parameters) for row in group),
    }
