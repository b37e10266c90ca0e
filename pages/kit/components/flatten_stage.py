"""From a 9×9 drawing to a verdict: maps, the column of neurons, their votes, the softmax."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.lesson import arrow

_stage = register("flatten_stage")


@dataclass(frozen=True)
class Chain:
    """Every number between a drawing and its verdict; K kernels, M = 4K neurons, 2 classes."""

    drawing: np.ndarray  # (9, 9)
    kernels: np.ndarray  # (K, 3, 3)
    matches: np.ndarray  # (K, 7, 7)
    maps: np.ndarray  # (K, 2, 2)
    weight: np.ndarray  # (2, M)
    bias: np.ndarray  # (2,)
    votes: np.ndarray  # (2, M): weight times input
    scores: np.ndarray  # (2,)
    probabilities: np.ndarray  # (2,)


def flatten_stage(
    chain: Chain,
    *,
    grid_key: str,
    drawings: Mapping[str, tuple[str, np.ndarray]],
    kernel_names: Sequence[str],
    class_names: Sequence[str],
    at: int,
    hide_parameters: bool = False,
) -> None:
    """Show the chain; the drawing is edited in place and stored as the setting `grid_key`.

    `drawings` are offered as buttons, {name: (label, pixels)}. `at` is the neuron being explained;
    moving on stores it as "neuron". `hide_parameters` leaves the FC layer's count to the reader.
    """

    def draw(pixels: Any) -> None:
        values = np.asarray(pixels, dtype=float)
        if values.shape == chain.drawing.shape and np.isin(values, (-1, 1)).all():
            store(grid_key, values)

    neurons = chain.votes.shape[1]
    parameters = chain.weight.size + chain.bias.size
    match = _("{n} kernels 3×3").format(n=len(chain.kernels))
    given = _("{n} numbers, given").format(n=chain.kernels.size)
    affine = arrow(_("FC"), (2,), None if hide_parameters else parameters)
    _stage(
        key="flatten-stage",
        data={
            "drawing": chain.drawing,
            "drawings": [
                {"name": name, "label": label, "pixels": pixels.tolist()}
                for name, (label, pixels) in drawings.items()
            ],
            "kernels": chain.kernels,
            "matches": chain.matches,
            "maps": chain.maps,
            "inputs": chain.maps.ravel(),
            "weight": chain.weight,
            "votes": chain.votes,
            "sums": chain.votes.sum(axis=1),
            "bias": chain.bias,
            "scores": chain.scores,
            "probabilities": chain.probabilities,
            "kernelNames": list(kernel_names),
            "classNames": list(class_names),
            "at": at,
            "arrows": {
                "match": f"{arrow(match, chain.matches.shape)} · {given}",
                "pool": arrow(_("ReLU, max pooling twice"), chain.maps.shape, 0),
                "flatten": arrow(_("flatten"), (neurons,), 0),
                "affine": f"{affine} · {_('? parameters')}" if hide_parameters else affine,
                "softmax": arrow(_("softmax"), (2,), 0),
            },
        },
        text={
            "drawing": _("Drawing"),
            "draw": _("Click or drag to draw; on the keyboard arrows and Enter."),
            "ink": _("ink +1, paper −1"),
            "kernel": _("kernel"),
            "match": _("match"),
            "map": _("map"),
            "neuron": _("Neuron {n} = map {map}, row {row}, column {column}: {value}"),
            "place": _("Map {map}, row {row}, column {column}: {value}"),
            "input": _("input"),
            "weight": _("× weight"),
            "votes_for": _("Votes for “{name}”"),
            "sum": _("sum of votes"),
            "bias": _("+ bias"),
            "score": _("score"),
            "vote": _("{label}: {value}"),
        },
        on={"draw": draw, "move": lambda neuron: store("neuron", int(neuron))},
    )
