"""A picture that a slider shifts, turns or scales, its maps behind each pooling, and the curves.

All steps of the motion are sent at once, so the picture follows the finger without the server.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store, stored_choice
from pages.kit.dials import Dial, described, dials, settle
from pages.kit.language import N_, _
from pages.kit.lesson import arrow
from pages.kit.tolerance import (
    EXAMINED,
    OTHERS,
    STEPS,
    UNMOVED,
    WINDOWS,
    Tolerance,
    first_layer,
    mean_changes,
    right_answers,
)

_stage = register("tolerance_stage", "tolerance_maps", "tolerance_curves")

LABELS = {
    "shift": N_("Shift to the right"),
    "turn": N_("Turn clockwise"),
    "scale": N_("Scale"),
}
UNITS = {"shift": " px", "turn": "°", "scale": "×"}
MOTIONS = {"shift": N_("Shift"), "turn": N_("Turn"), "scale": N_("Scale")}
CHOICES = {
    "motion": N_("Transformation"),
    "window": N_("Window"),
    "map": N_("Map"),
    "measured": N_("Measured"),
}
MEASURED = {
    "picture": N_("This picture"),
    "digits": N_("Mean of {count} digits"),
    "answers": N_("Right answers"),
}


def dial_of(motion: str) -> Dial:
    """The slider over the steps of a motion."""
    steps = STEPS[motion]
    step = float(np.round(steps[1] - steps[0], 9))
    low, high = float(steps[0]), float(steps[-1])
    return Dial(LABELS[motion], UNMOVED[motion], low, high, step, UNITS[motion])


def motion_and_window() -> tuple[str, int]:
    """What the stage's own buttons have chosen."""
    motion = stored_choice("motion", tuple(STEPS), "shift", label=_("Transformation"))
    sizes = tuple(map(str, WINDOWS))
    return motion, int(stored_choice("window", sizes, sizes[0], label=_("Window")))


def tolerance_stage(tolerance: Tolerance, *, title: str, hidden: bool) -> int | None:
    """Show `tolerance`; return the step that is measured, if this picture is.

    It moves the settings `motion`, `window`, `map`, `measured`, and the one that has the motion's
    name. While `hidden`, what the poolings change stays secret.
    """
    row = (dial_of(tolerance.motion),)
    place = dials(tolerance.motion, row, label=_(row[0].label))
    numbers = tuple(str(k + 1) for k in range(tolerance.maps["none"].shape[1]))
    number = stored_choice("map", numbers, "1", label=_("Map"))
    measured = stored_choice("measured", tuple(MEASURED), "picture", label=_("Measured"))
    chosen = {how: maps[:, int(number) - 1] for how, maps in tolerance.maps.items()}
    _stage(
        key="tolerance",
        data={
            "title": title,
            "row": described(tolerance.motion, row, place),
            "steps": STEPS[tolerance.motion],
            "unmoved": tolerance.unmoved,
            "choices": _choices(tolerance, number, numbers, measured),
            "measured": measured,
            "layer": arrow(
                _("Convolution 5×5 and ReLU"),
                tolerance.maps["none"].shape[1:],
                first_layer().parameter_count,
            ),
            "poolings": _poolings(tolerance),
            "curves": _curves(tolerance, measured),
            "largest": float(chosen["none"].max()),
            "changed": _("Over {count} digits, all six maps change on average by").format(
                count=OTHERS
            )
            if measured == "digits"
            else _("All six maps together change by"),
            "probabilities": tolerance.probabilities,
            "readings": tolerance.probabilities.argmax(axis=1),
            "hidden": hidden,
        },
        arrays={
            "pictures": np.round(tolerance.pictures * 255).astype(np.uint8),
            **{how: np.ascontiguousarray(maps, np.float32) for how, maps in chosen.items()},
        },
        text=_words(),
        on={"settle": settle, "choose": _choose},
    )
    if measured != "picture":
        return None
    return int(np.abs(STEPS[tolerance.motion] - place[0]).argmin())


def _choose(choice: Mapping[str, str]) -> None:
    if choice["key"] in CHOICES:
        store(choice["key"], choice["name"])


def _choices(
    tolerance: Tolerance, number: str, numbers: Sequence[str], measured: str
) -> list[dict[str, Any]]:
    """The rows of buttons: each a setting, its label, and what it can be."""
    *sizes, whole = WINDOWS
    options = {
        "motion": {name: _(label) for name, label in MOTIONS.items()},
        "window": {
            **{str(size): f"{size}×{size}" for size in sizes},
            str(whole): _("whole map"),
        },
        "map": {name: name for name in numbers},
        "measured": {name: _(label).format(count=OTHERS) for name, label in MEASURED.items()},
    }
    values = {
        "motion": tolerance.motion,
        "window": str(tolerance.window),
        "map": number,
        "measured": measured,
    }
    return [
        {"key": key, "label": _(label), "options": options[key], "value": values[key]}
        for key, label in CHOICES.items()
    ]


def _poolings(tolerance: Tolerance) -> list[dict[str, str]]:
    names = {
        "none": _("no pooling"),
        "every": _("one of {size}×{size}"),
        "average": _("average {size}×{size}"),
        "max": _("maximum {size}×{size}"),
    }
    return [
        {
            "name": how,
            "title": name.format(size=tolerance.window),
            "arrow": arrow("", tolerance.maps[how].shape[1:], 0).strip(),
        }
        for how, name in names.items()
        if how in tolerance.maps
    ]


def _curves(tolerance: Tolerance, measured: str) -> dict[str, list[float]]:
    """What is drawn over the steps, by name."""
    if measured == "answers":
        curves = {"answers": right_answers(tolerance.motion)}
    elif measured == "digits":
        curves = mean_changes(tolerance.motion, tolerance.window)
    else:
        curves = tolerance.changes
    return {name: values.tolist() for name, values in curves.items()}


def _words() -> dict[str, str]:
    return {
        "now": _("moved"),
        "gap": _("minus the map of the unmoved picture"),
        "cell_is": _("{title}: row {row}, column {column} is {now}, unmoved {before}"),
        "look": _("Point at a map, or walk with the arrow keys."),
        "change_title": _("Change of the maps"),
        "unit": _("100% is the mean distance to other digits"),
        "answers_title": _("Right answers of the whole network"),
        "examined": _("on {count} test images").format(count=EXAMINED),
        "whole": _("The whole network, which pools twice"),
        "reads": _("It reads"),
    }
