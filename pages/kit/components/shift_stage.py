"""Shift, then convolve; convolve, then shift: two ways to one map, under the finger."""

from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.shifts import REACH, Shifts

_stage = register("shift_stage", "network_maps")


def shift_stage(shifts: Shifts, *, down: int, right: int, hidden: bool) -> None:
    """Show `shifts`, of which the one by `down` and `right` is looked at.

    Moving stores "dx" and "dy". With `hidden` nothing that answers the question is shown.
    """
    _stage(
        key="shift-stage",
        data={
            "reach": REACH,
            "side": len(shifts.x),
            "out": len(shifts.map),
            "stride": shifts.stride,
            "padding": shifts.padding,
            "kernel": shifts.kernel,
            "steps": shifts.map_steps,
            "arrow": arrow(_("Convolution"), shifts.map.shape, shifts.kernel.size),
            "down": down,
            "right": right,
            "hidden": hidden,
        },
        text={
            "kernel": _("Kernel"),
            "input": _("Input"),
            "map": _("Its feature map"),
            "moved_map": _("Feature map, shifted"),
            "moved_input": _("Input, shifted"),
            "new_map": _("Its feature map"),
            "gap": _("Difference"),
            "drag": _("drag me"),
            "hidden": _("your guess first"),
            "shift": _("shift by {right} and {down}"),
            "minus": _("minus the shifted map"),
            "left_name": _("Shift left"),
            "right_name": _("Shift right"),
            "up_name": _("Shift up"),
            "down_name": _("Shift down"),
            "reset": _("Back to the start"),
            "differ": _("{count} of {all} cells differ"),
            "inside": _("inside (in the frame): {count} of {all}"),
            "border": _("at the border: {count} of {all}"),
            "halves": _(
                "{shift} is no multiple of the stride {stride}: the map would have to move by "
                "{exact} cells. It is shifted by {whole} instead."
            ),
            "cell": _("Cell ({i}, {j}): {new} − {moved} = {gap}"),
        },
        arrays={
            "inputs": shifts.inputs.astype(np.float32),
            "maps": shifts.maps.astype(np.float32),
            "moved_maps": shifts.moved_maps.astype(np.float32),
            "gaps": shifts.gaps.astype(np.float32),
            "inside": shifts.inside.astype(np.uint8),
        },
        on={"move": _move},
    )


def _move(shift: dict[str, Any]) -> None:
    for name in ("dx", "dy"):
        store(name, int(shift[name]))
