"""A picture and up to four maps of it, with sliders that repaint them while they move."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import store
from pages.kit.dials import Dial, described, dials, settle
from pages.kit.filtering import FeatureMap
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.map_views import Choice, View
from pages.kit.pictures import Picture

_maps = register("feature_maps", "feature_maps_lens", "feature_maps_paint", "feature_maps_controls")

# How much larger than the whole picture it is shown, and what is in the middle (in percent).
ZOOM = (Dial("×", 1, 1, 32, 0.01), Dial("x", 50, 0, 100, 0.1), Dial("y", 50, 0, 100, 0.1))


def feature_maps(
    picture: Picture,
    view: View,
    *,
    turning: Callable[[Mapping[str, str]], View],
    hidden: bool = False,
) -> None:
    """Show `picture` and the maps of `view`; all of them zoomed in to the same place.

    `turning` makes the view while a dial is turned, from the setting as the URL writes it. With
    `hidden` the kernels stay secret and the maps are called A, B, C.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        turned = turning(texts)
        return pack(_moving(turned, hidden), _arrays(turned, hidden), {})

    _maps(
        key="feature-maps",
        data={
            "title": picture.title,
            "chain": view.is_chain,
            "choices": [_choice(each) for each in view.choices],
            "direct": direct.address("feature-maps", answer),
            **_moving(view, hidden),
            "zoom": dials("zoom", ZOOM, label=_("Zoom")),
            "hidden": hidden,
        },
        arrays={"picture": compact(picture.values), **_arrays(view, hidden)},
        text=lens_words(),
        on={
            "settle": settle,
            "choose": lambda chosen: choose(
                chosen, {choice.key: choice.options for choice in view.choices}
            ),
        },
    )


def _moving(view: View, hidden: bool) -> dict[str, Any]:
    """What a dial changes, besides the arrays."""
    return {
        "maps": [_described(each, i, hidden) for i, each in enumerate(view.maps)],
        "row": described(view.key, view.row, view.values),
    }


def _arrays(view: View, hidden: bool) -> dict[str, np.ndarray]:
    kernels = {
        f"kernel{i}": each.kernel
        for i, each in enumerate(view.maps)
        if each.kernel is not None and not hidden
    }
    return {**{f"map{i}": each.values for i, each in enumerate(view.maps)}, **kernels}


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


def choose(chosen: Mapping[str, Any], choices: Mapping[str, Mapping[str, str]]) -> None:
    """Handle "choose": one of the options {name: label} of each key is the setting from now on."""
    if chosen["name"] in choices.get(chosen["key"], ()):
        store(chosen["key"], chosen["name"])


def compact(values: np.ndarray) -> np.ndarray:
    """The same picture in bytes, if it has no more than 256 shades."""
    pixels = np.rint(values * 255).astype(np.uint8)
    return pixels if np.array_equal(pixels / np.float32(255), values) else values


def lens_words() -> dict[str, str]:
    """What the common part of the scripts says, in the reader's language."""
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
