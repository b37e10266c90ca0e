"""One layer as a matrix: full, a band of separate weights, or a band of the same few."""

from collections.abc import Mapping

import numpy as np

from cnn_core import LayerCost, conv2d, convolution_matrix
from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.patterns import pictures

VIEWS = ("full", "local", "shared")

_stage = register("sharing_matrix")


def sharing_matrix(
    size: int,
    ksize: int,
    costs: Mapping[str, LayerCost],
    *,
    stride: int,
    padding: int,
    view: str,
    entry: int,
    hidden: bool,
) -> None:
    """Show the matrices of a layer on a `size`×`size` input; its weights are numbered.

    `costs` are those of `VIEWS`; `view` is the matrix that is shown, stored as "view". `entry` is
    the entry that is pointed at, counted from 1 in reading order (0: none), stored as "entry".
    With `hidden` the number of parameters of the full one is a question mark.
    """
    _stage(
        key="sharing-matrix",
        data={
            "size": size,
            "ksize": ksize,
            "matrices": {
                name: matrix.astype(int).tolist()
                for name, matrix in numbered(size, ksize, stride, padding).items()
            },
            "costs": {name: cost._asdict() for name, cost in costs.items()},
            "view": view,
            "entry": entry,
            "hidden": hidden,
        },
        text={
            "input": _("Input"),
            "output": _("Output"),
            "kernel": _("Kernel"),
            "full": _("Fully connected"),
            "local": _("Local, not shared"),
            "shared": _("Convolution: local and shared"),
            "parameters": _("{count} parameters"),
            "multiplications": _("{count} multiplications"),
            "matrix": _("The layer as a matrix"),
            "shape": _("{rows} rows × {columns} columns"),
            "columns": _("the cells, numbered as columns"),
            "rows": _("the cells, numbered as rows"),
            "row": _("row {row} of the matrix"),
            "column": _("column {column} of the matrix"),
            "feeds": _("Row {row}: output cell ({i}, {j})"),
            "reads": _("Column {column}: input cell ({i}, {j})"),
            "weight": _("Weight {weight}, which stands at {places}"),
            "one_place": _("one place only"),
            "places": _("{count} places"),
            "nothing": _("No connection: a zero that is never learned"),
            "point": _(
                "Every row is an output cell, every column an input cell. Point at the matrix or a "
                "cell; a click holds it."
            ),
        },
        on={
            "view": lambda name: store("view", name),
            "entry": lambda number: store("entry", int(number)),
        },
    )


def numbered(size: int, ksize: int, stride: int, padding: int) -> dict[str, np.ndarray]:
    """The three matrices with a number in place of each weight: equal numbers, the same weight.

    Weights that only meet the padding have numbers too, but no place in the matrix.
    """
    shape = (1, size, size)
    shared = convolution_matrix(_counted(ksize), shape, stride=stride, padding=padding)
    rows, columns = shared.shape
    own = np.arange(rows)[:, None] * ksize**2 + shared
    return {
        "full": np.arange(1.0, rows * columns + 1).reshape(rows, columns),
        "local": np.where(shared > 0, own, 0),
        "shared": shared,
    }


def mismatch(size: int, ksize: int, stride: int, padding: int) -> float:
    """The largest difference between the matrix times a picture and the picture's convolution."""
    x = pictures(size, 0)["letter"]
    matrix = numbered(size, ksize, stride, padding)["shared"]
    y = conv2d(x[None, None], _counted(ksize), stride=stride, padding=padding)
    return float(np.abs(matrix @ x.ravel() - y.ravel()).max())


def _counted(ksize: int) -> np.ndarray:
    """A kernel of the numbers 1, 2, 3, … in reading order."""
    return np.arange(1.0, ksize**2 + 1).reshape(1, 1, ksize, ksize)
