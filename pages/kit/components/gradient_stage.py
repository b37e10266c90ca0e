"""A gradient at the outputs, and what of it arrives at the inputs of every pooling."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cnn_core.gradcheck import CellCheck
from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import UnusableError, edit_cell, store, stored_choice, stored_integer
from pages.kit.dials import Dial, described, dials, parse, settle
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.pool_gradients import EPS, LEARNED, POOLINGS, PoolGradients, checkable
from pages.kit.pools import Pools

_stage = register("gradient_stage", "pooling_windows", "gradient_routes", "gradient_check")

NOTHING = "none"  # in the URL: nothing is checked
DIALS = {"beta": (Dial("β", 0.5, -1, 1, 0.05),), "bias": (Dial("b", 0, -8, 8, 0.25),)}


def stored_dials() -> tuple[float, float]:
    """The values of β and b."""
    (beta,), (bias,) = (dials(name, row, label=row[0].label) for name, row in DIALS.items())
    return beta, bias


def stored_window(pools: Pools) -> int:
    """Which output's gradient is looked at, in reading order."""
    return stored_integer("window", 0, 0, pools.largest.size - 1, label=_("Window"))


def gradient_stage(key: str, gradients: PoolGradients, *, at: int, hidden: bool = False) -> None:
    """Show the gradient `key` and the input "x", both editable, and a way back for each pooling.

    With `hidden` the maximum's way back stays secret.
    """
    names = checkable(gradients.pools)
    chosen = stored_choice("check", [NOTHING, *names], NOTHING, label=_("Gradient check"))

    def answer(texts: Mapping[str, str]) -> bytes:
        (beta,), (bias,) = (parse(texts[name], row) for name, row in DIALS.items())
        if texts["check"] not in [NOTHING, *names]:
            raise UnusableError(_("which is not possible here"))
        turned = replace(gradients, pools=replace(gradients.pools, beta=beta, bias=bias))
        return pack(_moving(turned, texts["check"]), {}, {})

    def move(to: Mapping[str, Any]) -> None:
        store("window", int(to["window"]))
        store("check", str(to["check"]))

    pools = gradients.pools
    _stage(
        key="gradient-stage",
        data={
            "x": pools.x,
            "gradient": gradients.grad_output,
            **pools.layout,
            "at": at,
            "chosen": chosen,
            "hidden": hidden,
            "eps": EPS,
            "activation": pools.activation,
            "direct": direct.address("gradient-stage", answer),
            **_moving(gradients, chosen),
        },
        text=_words(pools),
        on={
            "edit-x": lambda cell: edit_cell("x", cell["row"], cell["column"], cell["value"]),
            "edit-gradient": lambda cell: edit_cell(
                key, cell["row"], cell["column"], cell["value"]
            ),
            "move": move,
            "settle": settle,
        },
    )


def _moving(gradients: PoolGradients, chosen: str) -> dict[str, Any]:
    """What a dial or another check changes."""
    pools, total, shares = gradients.pools, gradients.total, gradients.shares

    def by_window(name: str) -> dict[str, Any]:
        """What each window gives, what there is after each, and what there is in the end."""
        given = np.array([getattr(share, name) for share in shares])
        so_far = np.cumsum(given, axis=0)
        return {
            "shares": given.tolist(),
            "so_far": so_far.tolist(),
            "sums": so_far.reshape(len(so_far), -1).sum(axis=1).tolist(),
            "total": np.asarray(getattr(total, name)).tolist(),
        }

    return {
        "back": {name: by_window(name) for name in (*POOLINGS, *LEARNED)},
        "put": np.cumsum(gradients.grad_output).tolist(),
        "sums": pools.sums.tolist(),
        "slopes": gradients.slopes.tolist(),
        "delta": total.delta.tolist(),
        "dials": [described(name, row, (getattr(pools, name),)) for name, row in DIALS.items()],
        "checks": None if chosen == NOTHING else _checks(gradients, chosen),
    }


def _checks(gradients: PoolGradients, chosen: str) -> dict[str, Any]:
    return {
        "name": chosen,
        "found": {
            pooling: {
                "below": found.below,
                "above": found.above,
                "numeric": found.numeric,
                "analytic": found.analytic,
                "error": found.relative_error,
                "is_rounding": _apart(found) > found.relative_error,
                "verdict": str(found.verdict),
                "kink": found.kink,
                "slope_below": found.slope_below,
                "slope_above": found.slope_above,
            }
            for pooling, found in gradients.check(chosen).items()
        },
    }


def _apart(found: CellCheck) -> float:
    """The relative error as it is; `relative_error` allows for the last digits of E."""
    largest = max(abs(found.numeric), abs(found.analytic))
    return abs(found.numeric - found.analytic) / largest if largest else 0.0


def _words(pools: Pools) -> dict[str, str]:
    operations = {
        "largest": (_("Maximum"), 0),
        "average": (_("Average"), 0),
        "trained": (_("Trainable"), 2),
    }
    return {
        **{name: title for name, (title, _count) in operations.items()},
        **{
            f"{name}-arrow": arrow(_("backward"), pools.x.shape, count)
            for name, (_title, count) in operations.items()
        },
        "input": _("Input x"),
        "gradient": _("Gradient at the output"),
        "arriving": _("Gradient at the input, {pooling}"),
        "winner": _("largest of its window"),
        "tie": _("equally large, but not the first"),
        "unreached": _("in no window"),
        "hidden": _("your guess first"),
        "to-winner": _("all of {g} to the winner, {x}"),
        "to-first": _("all of {g} to the first {x}; its equals get 0"),
        "each": _("{sum} for each of {count}"),
        "so-far": _("{step} of {count} sent so far"),
        "check": _("Gradient check"),
        "check-hint": _("click a cell of these gradients, or ∂E/∂β or ∂E/∂b"),
        "checked": _("{what} ± ε, with ε = {eps}"),
        "quotient": _("difference / 2ε"),
        "backward": _("backward"),
        "error": _("relative error"),
        "rounding": _("within rounding"),
        "no-slope": _("no derivative"),
        "kink": _(
            "A kink: the slope is {below} to the left and {above} to the right, so there is no "
            "derivative, and central differences give the mean, {numeric}. That the first of "
            "equal cells takes all is a convention."
        ),
        "check-it": _("Check {what} by central differences"),
    }
