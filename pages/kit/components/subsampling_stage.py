"""LeNet's subsampling step by step, with β and b in the step that they belong to."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import edit_cell, store
from pages.kit.dials import Dial, described, settle
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.pools import ACTIVATIONS, Pools
from pages.kit.response import Response

_stage = register("subsampling_stage", "pooling_windows", "subsampling_curve")

BETA = (Dial("β", 0.2, -1, 6, 0.05),)
BIAS = (Dial("b", -2.5, -24, 24, 0.5),)


def subsampling_stage(
    pools: Pools,
    *,
    turning: Callable[[Mapping[str, str]], Pools],
    at: int,
    hidden: bool,
) -> None:
    """Show how `pools` makes its trained outputs, and the averages beside them.

    `turning` makes the pools while β or b moves, from the settings as the URL writes them. `at`
    counts the windows; moving on stores it as "window". With `hidden` nothing says what makes it
    the average.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        turned = Response(turning(texts))
        return pack(_moving(turned), _arrays(turned), {})

    response, shape = Response(pools), pools.trained.shape
    _stage(
        key="subsampling-stage",
        data={
            **response.still(),
            **_moving(response),
            "direct": direct.address("subsampling", answer),
            "activation": pools.activation,
            "activations": {"none": _("none"), "sigmoid": "sigmoid", "tanh": "tanh"},
            "at": at,
            "hidden": hidden,
            "arrows": {
                "add": arrow("Σ", shape, 0),
                "weigh": arrow("β·Σ + b", shape, 2),
                "bend": arrow("f", shape, 0),
                "mean": arrow(_("average pooling"), shape, 0),
            },
        },
        arrays=_arrays(response),
        text=_words(),
        on={
            "edit": lambda cell: edit_cell("x", cell["row"], cell["column"], cell["value"]),
            "move": lambda position: store("window", int(position)),
            "settle": settle,
            "choose": lambda name: store("f", name) if name in ACTIVATIONS else None,
            "average": lambda _event: _store_average(pools),
        },
    )


def _moving(response: Response) -> dict[str, Any]:
    pools = response.pools
    return {
        **response.moving(),
        "dials": [described("beta", BETA, (pools.beta,)), described("bias", BIAS, (pools.bias,))],
    }


def _arrays(response: Response) -> dict[str, np.ndarray]:
    return {"curve": response.curve.astype(np.float32)}


def _store_average(pools: Pools) -> None:
    for key, value in {"beta": 1 / pools.size**2, "bias": 0, "f": "none"}.items():
        store(key, value)


def _words() -> dict[str, str]:
    return {
        "input": _("Input"),
        "sums": _("Sum Σ"),
        "weighted": "u",
        "trained": _("Output y"),
        "average": _("Average"),
        "activation": _("Activation"),
        "window": _("window 2×2, stride 2"),
        "is_average": _("Output y = average"),
        "make_average": _("Make it the average"),
        "mean_line": _("the average, Σ / 4"),
        "curve": _("this pooling, f(β·Σ + b)"),
        "straight": _("here f is nearly straight"),
        "counts": _("all possible counts of ones"),
        "domain": _("Sum Σ of the window"),
        "chart": _("The output y for every sum Σ; the four windows are points on the curve."),
    }
