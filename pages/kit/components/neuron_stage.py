"""A plane of digits, the line that a neuron draws through it, and the neuron itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import UnusableError, store, stored_choice
from pages.kit.dials import Dial, described, dials, parse, settle
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.neuron import ARROW, CONTOUR, HIGH, LIMIT, LOW, STEPS, Neuron, learned
from pages.kit.segments import DIGITS, SEGMENTS, Task, with_other

_stage = register(
    "neuron_stage", "pickers", "neuron_plane", "neuron_drag", "neuron_sum", "neuron_learning"
)

WEIGHTS = (Dial("w₁", 8, -LIMIT, LIMIT, 0.01), Dial("w₂", 3, -LIMIT, LIMIT, 0.01))
BIAS = (Dial("b", -2.5, -LIMIT, LIMIT, 0.01),)
SWITCH = ("1", "0")  # with a bias, and without


@dataclass(frozen=True)
class Setting:
    """What the sliders and the switch say; without a bias the slider keeps its place."""

    weight: tuple[float, float]
    bias: float
    has_bias: bool

    @property
    def neuron(self) -> Neuron:
        """The neuron that this makes."""
        return Neuron(self.weight, self.bias if self.has_bias else 0.0)


def chosen_setting() -> Setting:
    """The sliders and the switch as the URL has them (`w=8,3&b=-2.5&bias=1`)."""
    first, second = dials("w", WEIGHTS, label=_("Weights"))
    (bias,) = dials("b", BIAS, label=_("Bias"))
    has_bias = stored_choice("bias", SWITCH, SWITCH[0], label=_("With a bias")) == SWITCH[0]
    return Setting((first, second), bias, has_bias)


def neuron_stage(task: Task, setting: Setting, *, at: int, hidden: bool) -> None:
    """Show `task` and the neuron of `setting`; `at` counts the images of the task.

    Moving on stores it as "image". With `hidden`, nothing says how well it works without a bias.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        turned = _turned(texts)
        fields, arrays = _moving(task, turned.neuron), _arrays(task, turned.neuron)
        if "learn" in texts:
            path, walked = _learn(task, turned)
            return pack({**fields, "path": path}, arrays | walked, {})
        return pack(fields, arrays, {})

    best, nailed = task.best
    parameters = 3 if setting.has_bias else 2
    _stage(
        key="neuron-stage",
        data={
            **_moving(task, setting.neuron),
            "direct": direct.address("neuron", answer),
            "row": [
                described("w", WEIGHTS, setting.weight),
                described("b", BIAS, (setting.bias,)),
            ],
            "has_bias": setting.has_bias,
            "digits": task.digits,
            "segments": task.segments,
            "boxes": [_box(name) for name in task.segments],
            "options": {
                "digits": [[name, name] for name in DIGITS],
                "segments": [[name, _(each.label)] for name, each in SEGMENTS.items()],
            },
            "learning": task.learning,
            "view": [LOW, HIGH],
            "arrow": ARROW,
            "steps": STEPS,
            "at": at,
            "step_words": arrow("w·x + b" if setting.has_bias else "w·x", (1,), parameters),
            "best": {"with": best, "without": None if hidden else nailed},
        },
        arrays={
            **_arrays(task, setting.neuron),
            "points": task.points.astype(np.float32),
            "images": np.rint(task.images * 16).astype(np.uint8),
            "is_yes": task.is_yes.astype(np.uint8),
        },
        text=_words(),
        on={
            "settle": settle,
            "move": lambda position: store("image", int(position)),
            "switch": lambda name: store("bias", name) if name in SWITCH else None,
            "choose": lambda choice: _choose(task, choice),
        },
    )


def _turned(texts: Mapping[str, str]) -> Setting:
    """The setting that the browser asks about, written as in the URL."""
    first, second = parse(texts.get("w", ""), WEIGHTS)
    (bias,) = parse(texts.get("b", ""), BIAS)
    if texts.get("bias") not in SWITCH:
        raise UnusableError(_("which is not possible here"))
    return Setting((first, second), bias, texts["bias"] == SWITCH[0])


def _moving(task: Task, neuron: Neuron) -> dict[str, Any]:
    """What changes with the weights and the bias, besides the scores."""
    ramp = [neuron.foot(score) for score in (-CONTOUR, CONTOUR)]
    return {
        "neuron": [*neuron.weight, neuron.bias],
        "blank": float(neuron.scores(np.zeros((1, 2)))[0]),
        "norm": neuron.norm,
        "distance": neuron.distance,
        "line": neuron.line(),
        "contours": [[score, neuron.line(score)] for score in (-CONTOUR, CONTOUR)],
        "ramp": None if None in ramp else ramp,
        "foot": neuron.foot(),
        "tip": [ARROW * weight for weight in neuron.weight],
        "counts": _counts(task, neuron),
    }


def _arrays(task: Task, neuron: Neuron) -> dict[str, np.ndarray]:
    return {
        "scores": neuron.scores(task.points).astype(np.float32),
        "products": neuron.products(task.points).astype(np.float32),
    }


def _counts(task: Task, neuron: Neuron) -> dict[str, list[int]]:
    """Right answers, and of how many: on the images to learn from, and on the others."""
    right, cut = neuron.right(task.points, task.is_yes), task.learning
    return {
        name: [int(part.sum()), len(part)]
        for name, part in {"learning": right[:cut], "unseen": right[cut:]}.items()
    }


def _learn(task: Task, setting: Setting) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Where learning leads from here, step by step, and where it ends with a bias and without."""
    starts = {"with": Neuron(setting.weight, setting.bias), "without": Neuron(setting.weight, 0.0)}
    paths = {
        name: learned(start, *task.lessons, has_bias=name == "with")
        for name, start in starts.items()
    }
    path = paths["with" if setting.has_bias else "without"]
    stops = [_arrays(task, neuron) for _step, neuron in path]
    return {
        "steps": [step for step, _neuron in path],
        "frames": [_moving(task, neuron) for _step, neuron in path],
        "results": {name: _counts(task, path[-1][1]) for name, path in paths.items()},
    }, {f"path_{name}": np.stack([stop[name] for stop in stops]) for name in stops[0]}


def _choose(task: Task, choice: Mapping[str, Any]) -> None:
    """Another digit or segment in one of the two places."""
    place, name = int(choice["place"] == 1), str(choice["name"])
    if choice["key"] == "digits" and name in DIGITS:
        store("digits", ",".join(with_other(task.digits, place, name)))
    if choice["key"] == "segments" and name in SEGMENTS:
        store("x", ",".join(with_other(task.segments, place, name)))


def _box(name: str) -> list[int]:
    segment = SEGMENTS[name]
    return [segment.top, segment.bottom, segment.left, segment.right]


def _words() -> dict[str, str]:
    return {
        "question": _("Is this digit {yes} or {no}?"),
        "digit": _("Digit"),
        "segment": _("Segment"),
        "plane": _("All digits in the plane of the two inputs"),
        "cloud": _("Digits in the order of their scores"),
        "blank": _("blank sheet"),
        "legend_filled": _("to learn from"),
        "legend_hollow": _("unseen"),
        "legend_wrong": _("wrong answer"),
        "hint": _("drag the line or the tip of w"),
        "grip": _("The line: its bias moves it"),
        "grip_pinned": _("The line: without a bias it only turns"),
        "tip": _("The tip of w: the weights turn the line"),
        "no_line": _("Both weights are 0: every digit has the score {b}, so there is no line."),
        "far_line": _("The line lies outside of the picture: the answer is always {digit}."),
        "truth_learning": _("Digit {digit}, to learn from"),
        "truth_unseen": _("Digit {digit}, unseen"),
        "learning": _("to learn from"),
        "unseen": _("unseen"),
        "of_right": _("of {total} right"),
        "of": _("{right} of {total}"),
        "inks": _("x₁, x₂: how dark their frames are, 0 to 1"),
        "next_wrong": _("Show a wrong one"),
        "always": _("always"),
        "with_bias": _("With a bias"),
        "bias_on": _("bias on"),
        "bias_off": _("no bias"),
        "all_three": _("All three numbers"),
        "both_weights": _("Both weights"),
        "above_right": _("above 0, so {digit}: right"),
        "above_wrong": _("above 0, so {digit}: wrong"),
        "below_right": _("not above 0, so {digit}: right"),
        "below_wrong": _("not above 0, so {digit}: wrong"),
        "score": _("Score"),
        "line": _("Line"),
        "no_line_short": _("none, because both weights are 0"),
        "distance": _("from the blank sheet to the line"),
        "learn": _("Let it learn"),
        "steps": _("Steps of learning"),
        "after": _("after {step} of {count} steps"),
        "not_yet": _("in {count} small steps"),
        "with": _("with a bias"),
        "without": _("without a bias"),
        "best": _("best possible"),
    }
