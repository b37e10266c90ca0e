"""A picture and up to four maps of it, with sliders that repaint them while they move."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.dials import Dial, described, dials, settle, turn
from pages.kit.filtering import FeatureMap
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.map_views import Choice, View
from pages.kit.pictures import Picture

_maps = register("feature_maps", "feature_maps_lens", "feature_maps_paint", "feature_maps_controls")

# How much larger than the whole picture it is shown, and what is in the middle (in percent).
ZOOM = (Dial("×", 1, 1, 32, 0.01), Dial("x", 50, 0, 100, 0.1), Dial("y", 50, 0, 100, 0.1))


def feature_maps(picture: Picture, view: View, *, hidden: bool = False) -> None:
    """Show `picture` and the maps of `view`; all of them zoomed in to the same place.

    With `hidden` the kernels stay secret and the maps are called A, B, C.
    """
    maps = [_described(each, i, hidden) for i, each in enumerate(view.maps)]
    _maps(
        key="feature-maps",
        data={
            "title": picture.title,
            "chain": view.is_chain,
            "maps": maps,
            "choices": [_choice(each) for each in view.choices],
            "row": described(view.key, view.row, view.values),
            "zoom": dials("zoom", ZOOM, label=_("Zoom")),
            "hidden": hidden,
        },
        arrays={
            "picture": _compact(picture.values),
            **{f"map{i}": each.values for i, each in enumerate(view.maps)},
            **{
                f"kernel{i}": each.kernel
                for i, each in enumerate(view.maps)
                if each.kernel is not None and not hidden
            },
        },
        text=_words(),
        on={
            "turn": turn,
            "settle": settle,
            "choose": lambda chosen: _choose(view, chosen),
        },
    )


def _described(each: FeatureMap, i: int, hidden: bool) -> dict[str, Any]:
    sees = each.sees
    return {
        "title": "ABCD"[i] if hidden else each.title,
        "arrow": "" if hidden else arrow(each.operation, each.values.shape, each.parameters),
        "remark": "" if hidden else each.remark,
        "scale": each.scale,
        "largest": each.largest,
        "step": sees.stride,
        "start": sees.start + (sees.size - 1) / 2,  # where the middle of pixel 0 lies
        "sees": sees.size,
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "key": choice.key,
        "label": choice.label,
        "value": choice.value,
        "options": [
            {
                "name": name,
                "label": label,
                "kernels": [np.round(each, 3).tolist() for each in choice.kernels.get(name, ())],
            }
            for name, label in choice.options.items()
        ],
    }


def _choose(view: View, chosen: Mapping[str, Any]) -> None:
    for choice in view.choices:
        if choice.key == chosen["key"] and chosen["name"] in choice.options:
            store(choice.key, chosen["name"])


def _compact(values: np.ndarray) -> np.ndarray:
    """The same picture in bytes, if it has no more than 256 shades."""
    pixels = np.rint(values * 255).astype(np.uint8)
    return pixels if np.array_equal(pixels / np.float32(255), values) else values


def _words() -> dict[str, str]:
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "whole": _("The whole picture"),
        "look": _(
            "Click a picture: then the wheel, + and − zoom, the arrow keys walk; drag to move."
        ),
        "pixel": _("row {row}, column {column}: {value}"),
        "outside": _("outside of this map"),
    }
