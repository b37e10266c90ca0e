"""From a 9×9 drawing to a verdict, arrow by arrow; below them the arrow that is open, large."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import store
from pages.kit.language import N_, _
from pages.kit.lesson import arrow
from pages.kit.xo_chain import Chain
from pages.kit.xo_network import KERNEL_NAMES, KERNELS

_stage = register(
    "verdict_stage",
    "verdict_pad",
    "verdict_chain",
    "verdict_lens",
    "verdict_votes",
    "verdict_words",
)

STEPS = 7
CORNERS = (N_("top left"), N_("top right"), N_("bottom left"), N_("bottom right"))
LETTERS = "ABC"


@dataclass(frozen=True)
class Position:
    """Where the reader is: what the URL holds besides the drawing."""

    step: int  # so many arrows were followed
    lens: int  # the arrow that is open; 0: the last one followed
    kernel: int
    cell: int  # of the 7×7 map, in reading order
    neuron: int


def verdict_stage(
    chain: Chain,
    *,
    drawn: Callable[[Mapping[str, str]], Chain],
    at: Position,
    drawings: Mapping[str, tuple[str, np.ndarray]],
    hide_parameters: bool,
) -> None:
    """Show the chain; what is drawn is stored as "pixels", and `at` under its fields' names.

    `drawn` makes the chain of an unfinished drawing, from the settings as the URL writes them.
    `drawings` are offered as buttons, {name: (label, pixels)}. `hide_parameters` leaves it to the
    reader how much the FC layer learns.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        return pack(_moving(drawn(texts)), {}, {})

    def draw(pixels: Any) -> None:
        values = np.asarray(pixels, dtype=float)
        if values.shape == chain.pixels.shape and np.isin(values, (-1, 1)).all():
            store("pixels", values)

    _stage(
        key="verdict-stage",
        data={
            "drawing": chain.pixels.astype(int),
            "drawings": [
                {"name": name, "label": label, "pixels": pixels.astype(int).tolist()}
                for name, (label, pixels) in drawings.items()
            ],
            **_moving(chain),
            "direct": direct.address("verdict", answer),
            "at": vars(at),
            "kernels": KERNELS.astype(int),
            "kernel_names": [_(name) for name in KERNEL_NAMES.values()],
            "corners": [_(name) for name in CORNERS],
            "class_names": _class_names(),
            "weight": chain.layer.weight,
            "bias": chain.layer.bias,
            "arrows": _arrows(chain, hide_parameters),
        },
        text=_words() | {"learned": _learned(chain)},
        on={"draw": draw, "move": _move},
    )


def _move(event: Mapping[str, Any]) -> None:
    for name in ("step", "lens", "cell", "neuron"):
        store(name, int(event[name]))
    store("kernel", list(KERNEL_NAMES)[int(event["kernel"])])


def _moving(chain: Chain) -> dict[str, Any]:
    return {**chain.numbers(), "evidence": _evidence(chain), "notice": _notice(chain)}


def _evidence(chain: Chain) -> list[dict[str, Any]]:
    """The strongest votes for the winner: who, why, and where on the paper it saw that."""
    votes = chain.verdict.votes[chain.winner]
    return [
        {
            "letter": letter,
            "neuron": neuron,
            "vote": float(votes[neuron]),
            "words": neuron_name(neuron),
            "remark": "" if chain.stroke(neuron) else _("seen on plain paper"),
            "stroke": chain.stroke(neuron),
            "is_placed": not chain.is_uniform,
        }
        for letter, neuron in zip(LETTERS, chain.strongest, strict=False)
    ]


def _notice(chain: Chain) -> str:
    """What a sheet says on which no window differs from any other."""
    if not chain.is_uniform:
        return ""
    if chain.pixels[0, 0] < 0:
        return _(
            "There is no stroke: the kernels meet plain paper everywhere. That and the biases "
            "decide, because a softmax must choose."
        )
    return _(
        "Ink everywhere is no stroke either: the kernels meet the same everywhere. That and the "
        "biases decide, because a softmax must choose."
    )


def neuron_name(neuron: int) -> str:
    """What a neuron stands for: this stroke, in this corner."""
    names = list(KERNEL_NAMES.values())
    return _("{stroke}, {corner}").format(
        stroke=_(names[neuron // 4]), corner=_(CORNERS[neuron % 4])
    )


def _class_names() -> Sequence[str]:
    return ["X", _("not X")]


def _arrows(chain: Chain, hide_parameters: bool) -> list[str]:
    maps, layer = chain.maps, chain.layer
    learned = None if hide_parameters else layer.weight.size + layer.bias.size
    given = _("{n} numbers, given").format(n=KERNELS.size)
    affine = arrow(_("FC"), (2,), learned)
    return [
        f"{arrow(_('match'), maps.match.shape[1:])} · {given}",
        arrow(_("ReLU"), chain.rectified.shape[1:], 0),
        arrow(_("max pooling"), maps.pooled.shape[1:], 0),
        arrow(_("max pooling"), maps.small.shape[1:], 0),
        arrow(_("flatten"), (maps.small.size,), 0),
        f"{affine} · {_('? parameters')}" if hide_parameters else affine,
        arrow(_("softmax"), (2,), 0),
    ]


def _learned(chain: Chain) -> str:
    layer = chain.layer
    return _(
        "Weights and biases were learned from {drawings} drawings; of {tested} unseen ones the "
        "layer judged {right} correctly."
    ).format(drawings=layer.drawings, tested=layer.tested, right=layer.right)


def _words() -> dict[str, str]:
    return {
        "drawing": _("Drawing"),
        "ink": _("ink +1, paper −1"),
        "draw": _("Draw here; with keys: arrows, Enter."),
        "pixel_ink": _("ink"),
        "pixel_paper": _("paper"),
        "all": _("All steps"),
        "again": _("Start over"),
        "begin": _(
            "A drawing of 81 numbers, and seven steps to a verdict. Follow the first arrow."
        ),
        "window": _("window"),
        "kernel": _("kernel"),
        "products": _("products"),
        "match": _("match"),
        "rectified": _("after ReLU"),
        "pooled": _("pooled"),
        "map": _("map"),
        "place": _("Row {row}, column {column}"),
        "agree": _("pixels that agree: {same}, that differ: {other}"),
        "mean": _("mean of the nine products:"),
        "negative": _("{n} of the 49 numbers are negative and become 0."),
        "largest": _("The largest of the window goes on."),
        "hangs": _("The window hangs over the edge: {n} of its 4 cells are there, and they count."),
        "unrolled": _("Map by map, row by row. Nothing is computed, only the shape changes."),
        "neuron": _("Neuron {n} = {name}: {value}"),
        "neuron_label": _("Neuron {n}, {name}: {value}"),
        "input": _("input"),
        "weight": _("× weight"),
        "votes_for": _("votes for “{name}”"),
        "sum": _("sum of votes"),
        "bias": _("+ bias"),
        "score": _("score"),
        "vote": _("for “{name}”: {value}"),
        "power": _("e to the score"),
        "share": _("share"),
        "total": _("sum"),
        "ahead": _("“{name}” is ahead, {score} to {other}"),
        "strongest": _("Strongest votes for “{name}”"),
        "own_bias": _("its bias"),
    }
