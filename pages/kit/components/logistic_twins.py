"""A softmax and a logistic regression that learn the same digits side by side, step by step."""

from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.components.logistic_stage import name
from pages.kit.controls import UnusableError, bound, store, stored_choice, stored_integer
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.response import ticks
from pages.kit.segments import with_other
from pages.kit.twins import DIGITS, LEARNING_RATE, RATIOS, STEPS, Pair, Path
from pages.kit.two_scores import curve

_stage = register("logistic_twins", "logistic_numbers", "pickers", "twins_curve", "twins_weights")

MOST_SEEDS = 9999


def chosen_digits() -> Pair:
    """The two digits of the URL (`pair=3,8`)."""

    def parse_pair(text: str) -> Pair:
        digits = text.split(",")
        if len(digits) != 2 or digits[0] == digits[1] or not set(digits) <= set(DIGITS):
            raise UnusableError(_("which is not two different digits"))
        return digits[0], digits[1]

    return bound("pair", ("3", "8"), parse_pair, ",".join, label=_("Digits"))


def chosen_start() -> int:
    """The seed of the first weights (`start=0`)."""
    return stored_integer("start", 0, 0, MOST_SEEDS, label=_("First weights"))


def chosen_ratio() -> str:
    """The learning rate of the regression, in that of the softmax (`rate=double`)."""
    names = tuple(RATIOS)
    return stored_choice("rate", names, names[0], label=_("Learning rate of the regression"))


def logistic_twins(
    path: Path, *, digits: Pair, start: int, ratio: str, step: int, at: int, hidden: bool
) -> None:
    """Show the `path` of both at `step`; `at` counts the unseen images.

    With `hidden` nothing tells how many numbers the regression learns.
    """
    view = max(4.0, float(np.ceil(np.abs(path.scores).max() + 0.5)))
    _stage(
        key="logistic-twins",
        data={
            "digits": digits,
            "all_digits": DIGITS,
            "names": {letter: [name(letter, digit) for digit in digits] for letter in "zw"},
            "ratio": ratio,
            "rates": {each: LEARNING_RATE * factor for each, factor in RATIOS.items()},
            "rate": LEARNING_RATE,
            "step": step,
            "at": at,
            "hidden": hidden,
            "parameters": [path.moments[0].two_size, None if hidden else path.moments[0].one_size],
            "arrows": _arrows(path, hidden=hidden),
            "losses": path.losses,
            "right": {
                "learning": path.right(path.learning),
                "unseen": path.right(path.unseen),
            },
            "counts": {"learning": len(path.learning.x), "unseen": len(path.unseen.x)},
            "gaps": {each: gap.tolist() for each, gap in path.gaps.items()},
            "behind": path.behind,
            "view": view,
            "view_ticks": ticks(-view, view, most=8),
            "loss_ticks": ticks(0, float(path.losses.max()), most=4),
            "largest": float(np.abs(path.weights[..., :-1]).max()),
        },
        arrays={
            "weights": path.weights.astype(np.float32),
            "scores": path.scores.astype(np.float32),
            "probabilities": path.probabilities.astype(np.float32),
            "images": np.rint(path.unseen.x * 16).astype(np.uint8),
            "is_second": path.unseen.is_second.astype(np.uint8),
            "curve": curve(view / 2).astype(np.float32),
        },
        text=_words(),
        on={
            "digit": lambda choice: _choose(digits, choice),
            "ratio": lambda chosen: store("rate", chosen) if chosen in RATIOS else None,
            "start": lambda _event: store("start", (start + 1) % (MOST_SEEDS + 1)),
            "step": lambda position: store("step", min(max(int(position), 0), STEPS)),
            "move": lambda image: store("image", int(image)),
        },
    )


def _arrows(path: Path, *, hidden: bool) -> list[str]:
    """What the layer of each does, with the parameters it takes."""
    first = path.moments[0]
    alone = arrow(_("FC"), (1,), None if hidden else first.one_size)
    return [
        arrow(_("FC"), (2,), first.two_size),
        f"{alone} · {_('? parameters')}" if hidden else alone,
    ]


def _choose(digits: Pair, choice: dict[str, Any]) -> None:
    """Another digit in one of the two places."""
    if (digit := str(choice["digit"])) in DIGITS:
        store("pair", ",".join(with_other(digits, int(choice["place"] == 1), digit)))


def _words() -> dict[str, str]:
    return {
        "pair": _("Two digits"),
        "digit": _("Digit"),
        "rate": _("Learning rate of the logistic regression"),
        "double": _("twice that of the softmax: {rate}"),
        "same": _("the same: {rate}"),
        "restart_weights": _("Other first weights"),
        "network": _("Softmax"),
        "regression": _("Logistic regression"),
        "gap": _("Difference"),
        "parameters": _("Parameters"),
        "loss": _("Loss"),
        "learning": _("Training: right of {count}"),
        "unseen": _("Test: right of {count}"),
        "weights": _("Weights"),
        "behind": _("The regression is now where the softmax was after {step} steps."),
        "cloud": _("The test images on the curve, in the order of their scores"),
        "score_axis": _("score z, or difference {second} − {first}"),
        "loss_chart": _("The loss of both, step by step"),
        "steps_axis": _("steps"),
        "truth": _("Test image: {digit}"),
        "next_wrong": _("Show a wrong one"),
        "none_wrong": _("none is wrong"),
        "wrong": _("wrong"),
        "stays": _("never moves"),
        "superfluous": _("never moves: {count} numbers too many"),
        "pixel": _("Row {row}, column {column}:"),
        "ink": _("ink {value}"),
        "point_at": _("Point at a pixel to read its weights."),
        "bias": _("bias"),
        "walk": _("Arrow keys walk through it."),
    }
