"""Three digits in a plane, twice: who says yes to which place, and what a softmax says of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import store, stored_choice
from pages.kit.dials import Dial, dials, parse, settle
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.segments import SEGMENTS
from pages.kit.three_digits import SCENES, Borders, Point, learned

_plane = register("rest_plane", "pickers", "race_curves", "rest_plane_map")

PLACE = (Dial("x₁", 0.46, 0, 1, 0.01), Dial("x₂", 0.7, 0, 1, 0.01))


def rest_plane() -> None:
    """Show the planes of the chosen scene (`digits=row`) and the place in them (`place`)."""
    name = stored_choice("digits", tuple(SCENES), next(iter(SCENES)), label=_("Digits"))
    first, second = dials("place", PLACE, label=_("Place"))
    borders = learned(name)
    points, labels = borders.scene.test

    def answer(texts: Mapping[str, str]) -> bytes:
        x, y = parse(texts.get("place", ""), PLACE)
        return pack({"place": _place(borders, (x, y))}, {}, {})

    _plane(
        key="rest-plane",
        data={
            "direct": direct.address("rest-plane", answer),
            "place": _place(borders, (first, second)),
            "step": PLACE[0].step,
            "scene": name,
            "scenes": [[key, _listed(scene.digits)] for key, scene in SCENES.items()],
            "digits": borders.scene.digits,
            "segments": [_(SEGMENTS[segment].label) for segment in borders.scene.segments],
            "lines": borders.lines,
            "counts": borders.test.counts | {"images": len(labels)},
            "classes": [borders.test.of_class(k) for k in range(len(borders.scene.digits))],
            "arrow": arrow("Affine 2", (3,), 9),
        },
        arrays={
            **{f"map-{network}": codes for network, codes in borders.maps.items()},
            "points": points.astype(np.float32),
            "labels": labels.astype(np.uint8),
            **{
                f"wrong-{network}": (reads != labels).astype(np.uint8)
                for network, reads in borders.test.reads.items()
            },
        },
        text=_words(),
        on={
            "settle": settle,
            "choose": lambda key: store("digits", key) if key in SCENES else None,
        },
    )


def _place(borders: Borders, at: Point) -> dict[str, Any]:
    """What both networks say of a place."""
    reading = borders.read_place(at)
    return {"at": at, "lanes": reading.of_image(0), "claims": int(reading.claims.sum())}


def _listed(digits: tuple[int, ...]) -> str:
    return ", ".join(map(str, digits))


def _words() -> dict[str, str]:
    return {
        "rest": _("One against the rest"),
        "softmax": _("Softmax"),
        "digits": _("Digits"),
        "axis": _("ink: {segment}"),
        "plane": _("{label}: the plane of the two inputs. The arrow keys move the ring."),
        "place": _("Ink {x} and {y}: the sigmoids add up to {sum}, the softmax reads {digit}."),
        "here": _("At the ring"),
        "nobody": _("nobody says yes"),
        "both": _("two say yes"),
        "wrong": _("read wrongly"),
        "says_none": _("all say no"),
        "says_one": _("one says yes"),
        "says_more": _("{count} say yes"),
        "reads": _("reads {digit}"),
        "sum": _("sum"),
        "right": _("{right} of {count} test images right"),
        "claims": _("The {digit} says yes to {claimed} of its {own}."),
        "reads_own": _("The {digit} gets {read} of its {own}."),
        "unclaimed": _("Nobody claims {none}, two claim {several}."),
        "always": _("Every place belongs to exactly one."),
    }
