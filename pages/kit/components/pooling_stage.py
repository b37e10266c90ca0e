"""One grid of numbers and, beside it, what all three poolings make of the same windows."""

from collections.abc import Mapping
from typing import Any

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import edit_cell, store
from pages.kit.language import _
from pages.kit.learned import BETA, BIAS, become_average, settle, turned, written
from pages.kit.lesson import arrow
from pages.kit.pools import ACTIVATIONS, Pools

_stage = register("pooling_stage", "pooling_windows", "pickers")


def pooling_stage(grid_key: str, pools: Pools, *, at: int, hidden: int | None = None) -> None:
    """Show the grid `grid_key` (editable), its windows, and the outputs of every pooling.

    `at` counts the windows in reading order; moving on stores it as "window". What the subsampling
    learns is stored as beta, bias and f; while a slider is dragged, only its own column is asked
    for. The outputs of the window `hidden` show a question mark.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        beta, bias, activation = turned(texts, pools.activation)
        moved = Pools(pools.x, pools.size, pools.stride, pools.padding, beta, bias, activation)
        return pack(_trained(moved), {}, {})

    _stage(
        key="pooling-stage",
        data={
            "x": pools.x,
            **pools.layout,
            "at": at,
            "sums": pools.sums,
            "largest": pools.largest,
            "average": pools.average,
            **_trained(pools),
            "f": pools.activation,
            "activations": list(ACTIVATIONS),
            "dials": {
                name: {"min": dial.low, "max": dial.high, "step": dial.step}
                for name, dial in (("beta", BETA), ("bias", BIAS))
            },
            "unread": int((~pools.reached).sum()),
            "hidden": hidden,
            "direct": direct.address("pooling-stage", answer),
        },
        text=_words(pools),
        on={
            "edit": lambda cell: edit_cell(grid_key, cell["row"], cell["column"], cell["value"]),
            "move": lambda position: store("window", int(position)),
            "learn": settle,
            "become_average": lambda _nothing: become_average(pools.size),
        },
    )


def _trained(pools: Pools) -> dict[str, Any]:
    """What changes while β or b is dragged."""
    return {
        "trained": pools.trained.tolist(),
        "weighted": pools.weighted.tolist(),
        "is_average": pools.is_average,
        "learned": {"beta": written(pools.beta), "bias": written(pools.bias)},
    }


def _words(pools: Pools) -> dict[str, Any]:
    shape = pools.average.shape
    return {
        "input": _("Input"),
        "padded": _("{size} + padding → {padded}"),
        "titles": {
            "largest": _("Maximum"),
            "average": _("Average"),
            "trained": _("Trainable"),
        },
        "arrows": {
            "largest": arrow(_("max pooling"), shape, 0),
            "average": arrow(_("average pooling"), shape, 0),
            "trained": arrow(_("subsampling"), shape, 2),
        },
        "activation": _("Activation"),
        "none": _("none"),
        "coefficient": _("Coefficient β"),
        "bias": _("Bias b"),
        "is_average": _("= average"),
        "become_average": _("Make it the average"),
        "winner": _("largest of its window"),
        "tie": _("equally large: it makes no difference"),
        "unreached": _("read by no window: {unread} of {cells} input cells"),
        "padding": _("padding: a 0 in every sum, but it never wins"),
        "hidden": _("your guess first"),
    }
