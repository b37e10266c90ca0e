"""A picture, made smaller in three ways, with what each way loses; repaints while a dial moves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.feature_maps import ZOOM, choose, compact, lens_words
from pages.kit.detail_views import CHOICES, Panel, View
from pages.kit.dials import described, dials, settle
from pages.kit.language import _

_stage = register(
    "detail_stage", "feature_maps_lens", "feature_maps_paint", "feature_maps_controls"
)


def detail_stage(
    name: str, view: View, *, turning: Callable[[Mapping[str, str]], View], hidden: bool = False
) -> None:
    """Show the `view` called `name`; all its panels zoomed in to the same place.

    `turning` makes the view while a dial is turned, from the setting as the URL writes it. With
    `hidden` the differences and the measures stay secret.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        turned = turning(texts)
        return pack(_moving(turned, hidden), _arrays(turned, known=view.panels), {})

    choices = [
        {
            "key": key,
            "label": _(label),
            "value": view.chosen[key],
            "options": [
                {"name": option, "label": _(words), "kernels": []}
                for option, words in options.items()
            ],
        }
        for key, (label, options) in CHOICES[name].items()
    ]
    _stage(
        key="detail-stage",
        data={
            "view": name,
            "choices": choices,
            "direct": direct.address("detail-stage", answer),
            **_moving(view, hidden),
            "zoom": dials("zoom", ZOOM, label=_("Zoom")),
            "hidden": hidden,
        },
        arrays=_arrays(view),
        text=_words(name),
        on={
            "settle": settle,
            "choose": lambda chosen: choose(
                chosen, {key: options for key, (_label, options) in CHOICES[name].items()}
            ),
        },
    )


def _moving(view: View, hidden: bool) -> dict[str, Any]:
    """What a dial changes, besides the arrays."""
    return {
        "panels": [_described(panel) for panel in view.panels],
        "rows": [] if hidden else [vars(row) for row in view.rows],
        "remarks": view.remarks,
        "patches": {name: vars(patch) for name, patch in view.patches.items()},
        "row": described(view.key, view.dials, view.values),
    }


def _arrays(view: View, known: Sequence[Panel] = ()) -> dict[str, np.ndarray]:
    """The maps, without those that are `known` already."""
    seen = {id(panel.values) for panel in known}
    return {
        f"panel{i}": compact(panel.values)
        for i, panel in enumerate(view.panels)
        if id(panel.values) not in seen
    }


def _described(panel: Panel) -> dict[str, Any]:
    return {
        "title": panel.title,
        "arrow": panel.arrow,
        "row": panel.row,
        "column": panel.column,
        "scale": panel.scale,
        "largest": panel.largest,
        "step": panel.step,
        "start": (panel.step - 1) / 2,  # where the middle of cell 0 lies
        "sees": panel.step,
    }


def _words(name: str) -> dict[str, str]:
    return {
        **lens_words(),
        "change": _("Change by the shift") if name == "alias" else _("Minus the original"),
        "darker": _("darker"),
        "brighter": _("brighter"),
        "before": _("before:"),
        "quiet": _("quiet"),
        "busy": _("busy"),
    }
