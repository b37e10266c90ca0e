"""A network as a chain: one image at the left, every map it turns into, and the class at the end.

The reader picks and moves the image, and looks into any map. All numbers come from a walk through
the network (`pages.kit.journey`); the script only draws them.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from cnn_core import Conv2d
from pages.kit import controls, state
from pages.kit.catalogue import LESSONS, Lesson
from pages.kit.components import register
from pages.kit.journey import Images, Stage
from pages.kit.language import _, language

_chain = register("network_chain", "network_maps", "network_lens")

# Where to read more about a step.
LESSON_OF = {
    "conv": "convolution",
    "relu": "convolution",
    "pool": "pooling",
    "flatten": "classifier",
    "affine": "classifier",
    "softmax": "softmax",
}


@dataclass(frozen=True)
class Candidates:
    """The images that the reader may pick next: one sheet of those of a class."""

    images: Images  # (N, H, W), the sheet
    readings: Sequence[int]  # what the network takes each for
    digit: int
    chosen: int  # index among all images of the class
    first: int  # index of the first one on the sheet
    counts: Sequence[int]  # how many images each class has


def network_chain(
    key: str,
    stages: Sequence[Stage],
    candidates: Candidates,
    *,
    at: str,
    reach: int,
    moved: tuple[int, int],
    explain: Callable[[Stage], str],
    verdict: str,
    summary: Sequence[str],
) -> None:
    """Show the chain. It moves the settings `n`, `digit`, `down`, `right` and `at` of its page.

    `at` is the map that is looked at ("conv1-3"), `reach` how far the image may be moved, and
    `moved` how far it is (down, right). `explain` gives the sentence about a stage; `verdict` and
    `summary` are the sentences below the chain.
    """
    _chain(
        key=key,
        data={
            "stages": [_described(stage, explain(stage)) for stage in stages],
            "at": at,
            "candidates": {
                "images": _packed(np.round(candidates.images * 255).astype(np.uint8)),
                "readings": list(candidates.readings),
                "digit": candidates.digit,
                "chosen": candidates.chosen,
                "first": candidates.first,
                "counts": list(candidates.counts),
            },
            "reach": reach,
            "moved": list(moved),
            "reading": int(stages[-1].values.argmax()),
            "verdict": verdict,
            "summary": list(summary),
        },
        text={
            "layer": _("{layer}, map {number} of {count}"),
            "cell_of": _("row {row}, column {column}: {value}"),
            "class_is": _("class {number}: {value}"),
            "kernel": _("Its kernel"),
            "kernels": _("Its {count} kernels, one for each map of {layer}"),
            "turned": _("rotated by 180° while it slides"),
            "bias": _("bias {value}"),
            "kernel_cell": _("kernel {number}, row {row}, column {column}: {value}"),
            "point": _("Point at a cell, or walk with the arrow keys."),
            "image": _("Image {number} of {count}"),
            "misread": _("Image {number} of {count}, read as {reading}"),
            "previous": _("Previous images"),
            "next": _("Next images"),
            "random": _("Random"),
            "up": _("Move the image up"),
            "down": _("Move the image down"),
            "left": _("Move the image to the left"),
            "right": _("Move the image to the right"),
            "home": _("Move the image back"),
        },
        on={
            "select": lambda name: controls.store("at", name),
            "pick": _pick,
            "move": _move,
            "open": open_lesson,
        },
    )


def open_lesson(url: str) -> None:
    """Remember, in a callback, to go to a lesson when the page runs next (`lesson_to_open`)."""
    if any(lesson.url == url for lesson in LESSONS):
        state.replace("open", url)


def lesson_to_open() -> Lesson | None:
    """The lesson that was asked for since the last run, once."""
    url = state.here().objects.pop("open", None)
    return next((lesson for lesson in LESSONS if lesson.url == url), None)


def _pick(choice: dict[str, int]) -> None:
    controls.store("digit", choice["digit"])
    controls.store("n", choice["n"])


def _move(move: dict[str, int]) -> None:
    controls.store("down", move["down"])
    controls.store("right", move["right"])


def _described(stage: Stage, sentence: str) -> dict[str, Any]:
    """What the script needs to know about a stage."""
    return {
        "name": stage.name,
        "kind": stage.kind,
        "title": _title(stage),
        "shape": list(stage.values.shape),
        "values": _packed(stage.values),
        "scale": stage.scale,
        "operation": _operation(stage),
        "parameters": _("{count} parameters").format(count=f"{stage.parameters:,}"),
        "sentence": sentence,
        "facts": _facts(stage),
        "sees": list(stage.sees) if stage.sees else None,
        "window": stage.window or ((1, 1, 0) if stage.kind == "relu" else None),
        "kernels": _kernels(stage),
        "link": _link(stage),
    }


def _title(stage: Stage) -> str:
    names = {
        "input": _("Input"),
        "flatten": _("flattened"),
        "affine": _("scores"),
        "softmax": _("class"),
    }
    return names.get(stage.kind, stage.name)


def _operation(stage: Stage) -> list[str]:
    """The words on the arrow: what happens, and the size of its window."""
    names = {
        "input": "",
        "conv": _("Convolution"),
        "relu": _("ReLU"),
        "pool": _("Max pooling"),
        "flatten": _("Flatten"),
        "affine": _("Fully connected"),
        "softmax": _("Softmax"),
    }
    size = [f"{stage.window[0]}×{stage.window[0]}"] if stage.window else []
    return [names[stage.kind], *size]


def _facts(stage: Stage) -> list[tuple[str, str]]:
    """The arithmetic of a step's shape and counts: [(what, formula with its numbers)]."""
    inputs, outputs = stage.input_shape, stage.values.shape
    parameters, connections = f"{stage.parameters:,}", f"{stage.connections:,}"
    facts = []
    if stage.window:
        size, stride, padding = stage.window
        width = f"{inputs[2]} + 2·{padding}" if padding else f"{inputs[2]}"
        facts.append((_("Size"), f"⌊({width} − {size}) / {stride}⌋ + 1 = {outputs[2]}"))
    if stage.kind == "conv":
        kernel = f"{stage.window[0]}·{stage.window[0]}·{inputs[0]}" if stage.window else ""
        cells = f"{outputs[1]}·{outputs[2]}"
        facts += [
            (_("Parameters"), f"{outputs[0]} · ({kernel} + 1) = {parameters}"),
            (_("Connections"), f"{cells} · {parameters} = {connections}"),
        ]
    elif stage.kind == "relu":
        facts.append((_("Each value"), "max(0, u)"))
    elif stage.kind == "flatten":
        facts.append((_("Size"), f"{' · '.join(map(str, inputs))} = {prod(inputs):,}"))
    elif stage.kind == "affine":
        facts.append((_("Parameters"), f"{outputs[0]} · ({inputs[0]} + 1) = {parameters}"))
        facts.append((_("Connections"), connections))
    elif stage.kind == "softmax":
        facts.append((_("Each share"), "exp(uₖ) / Σⱼ exp(uⱼ)"))
    if stage.layer and not stage.parameters:
        facts.append((_("Parameters"), parameters))
    if stage.sees and stage.layer:
        sees = _("{size}×{size} pixels of the input").format(size=stage.sees.size)
        facts.append((_("One cell sees"), sees))
    return facts


def _kernels(stage: Stage) -> dict[str, Any] | None:
    """The weights of a convolution: (filters, channels, size, size), and a bias for each filter."""
    if not isinstance(stage.layer, Conv2d):
        return None
    weight, bias = stage.layer.params["weight"], stage.layer.params["bias"]
    return {
        "shape": list(weight.shape),
        "weight": _packed(weight),
        "bias": bias.tolist(),
        "scale": float(np.abs(weight).max()),
    }


def _link(stage: Stage) -> dict[str, str] | None:
    """The lesson about this step."""
    lesson = next((row for row in LESSONS if row.url == LESSON_OF.get(stage.kind)), None)
    if lesson is None:
        return None
    label = _("Lesson: {title}").format(title=_(lesson.title))
    return {"url": lesson.url, "href": f"/{lesson.url}?lang={language()}", "label": label}


def _packed(values: np.ndarray) -> str:
    """The numbers in reading order, as a text that takes little room: base64 of their bytes."""
    return b64encode(np.ascontiguousarray(values).tobytes()).decode()
