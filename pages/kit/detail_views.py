"""The three ways to look at what pooling loses: which settings each has, and what it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from pages.kit.controls import stored_choice
from pages.kit.detail import (
    MEASURES,
    WAYS,
    Loss,
    Map,
    Patch,
    Subject,
    alias_length,
    farthest,
    moved,
    pooled,
    rings,
    rms,
    stripes,
)
from pages.kit.dials import Dial, Values, dials, parse
from pages.kit.language import N_, _
from pages.kit.lesson import arrow
from pages.kit.predict import readable

VIEWS = {"loss": N_("What is lost"), "kept": N_("What is kept"), "alias": N_("Aliasing")}
CHOICES: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "loss": {},
    "kept": {"of": (N_("Pooled"), {"edges": N_("Edge map"), "photo": N_("The picture itself")})},
    "alias": {
        "pattern": (
            N_("Pattern"),
            {"rings": N_("Rings"), "stripes": N_("Stripes"), "photo": N_("The picture itself")},
        )
    },
}
WINDOW = Dial(N_("Window K"), 8, 2, 16)
ALIAS = (
    Dial(N_("Window K"), 4, 2, 16),
    Dial(N_("Shift in pixels"), 1, 0, 16),
    Dial(N_("Wavelength"), 4.5, 2, 16, 0.25),
)
DIALS = {"loss": ("window", (WINDOW,)), "kept": ("window", (WINDOW,)), "alias": ("alias", ALIAS)}


@dataclass(frozen=True)
class Panel:
    """A map on the stage. The first row begins with what was pooled."""

    title: str
    values: Map
    row: int
    column: int
    arrow: str = ""
    scale: Literal["photo", "image", "signed"] = "photo"
    largest: float = 1
    step: int = 1  # how many pixels of the picture one of its cells covers


@dataclass(frozen=True)
class Row:
    """One measure: of what was pooled, if there is such a number, and of the three results."""

    label: str
    values: Sequence[float | None]
    patch: str = ""  # where it was measured; the whole map if empty


@dataclass(frozen=True)
class View:
    """What the stage shows, and what a reader can change about it."""

    panels: list[Panel]
    rows: list[Row]
    remarks: list[str]
    chosen: dict[str, str]
    key: str  # of its dials
    dials: Sequence[Dial]
    values: Values
    patches: Mapping[str, Patch] = field(default_factory=dict)
    losses: Mapping[str, float] = field(default_factory=dict)  # how far off each way is


@dataclass(frozen=True)
class Settings:
    """What is chosen in a view, and the numbers of its dials."""

    view: str
    chosen: dict[str, str]
    values: Values

    def turning(self, texts: Mapping[str, str]) -> "Settings":
        """Turn dials to what `texts` say, written as in the URL."""
        key, row = DIALS[self.view]
        return replace(self, values=parse(texts[key], row)) if key in texts else self


def settings_of(view: str) -> Settings:
    """Read the settings of one view; those of the others are read too, so that none is lost."""
    turned = {
        key: dials(key, row, label=", ".join(_(dial.label) for dial in row))
        for key, row in dict(DIALS.values()).items()
    }
    chosen = {
        name: {
            key: stored_choice(key, tuple(options), next(iter(options)), label=_(label))
            for key, (label, options) in choices.items()
        }
        for name, choices in CHOICES.items()
    }
    return Settings(view, chosen[view], turned[DIALS[view][0]])


def view_of(settings: Settings, subject: Subject) -> View:
    """Make a view of a picture."""
    views = {"loss": _loss, "kept": _kept, "alias": _alias}
    return views[settings.view](settings, subject)


def _loss(settings: Settings, subject: Subject) -> View:
    """Pooled, back to the old size, and the difference."""
    x = subject.x
    dial, window = _window(settings, x)
    loss = Loss(x, window)
    rows, columns = next(iter(loss.pooled.values())).shape
    was = x[: rows * window, : columns * window]
    mean = float(was.mean(dtype=float))
    return View(
        [
            Panel(subject.title, x, 0, 0),
            *_results(loss.pooled, window),
            *_changes(loss.differences),
        ],
        [
            Row(_("Off by (root mean square)"), [None, *loss.errors.values()]),
            Row(_("Mean brightness"), [mean, *(mean + each for each in loss.drifts.values())]),
        ],
        _counted(x, window),
        settings.chosen,
        "window",
        [dial],
        (window,),
        losses=loss.errors,
    )


def _kept(settings: Settings, subject: Subject) -> View:
    """Two patches of a map, pooled: one where little happens, one where much happens."""
    dial, window = _window(settings, subject.x)
    is_map = settings.chosen["of"] == "edges"
    source = subject.edges if is_map else subject.x
    small = pooled(source, window)
    spots = subject.patches(window)
    title = _("Edge map") if is_map else subject.title
    panels = [Panel(title, source, 0, 0), *_results(small, window)]
    if is_map:  # a few extremes would pale the rest
        largest = float(np.quantile(source, 0.98)) or 1.0
        panels = [replace(panel, scale="image", largest=largest) for panel in panels]
    measured = {
        ("quiet", "mean"): _("Mean"),
        ("busy", "mean"): _("Mean"),
        ("busy", "contrast"): _("Contrast (standard deviation)"),
        ("busy", "strongest"): _("Largest value"),
    }
    return View(
        panels,
        [
            Row(
                label,
                [
                    MEASURES[name](spots[patch].of(source)),
                    *(MEASURES[name](spots[patch].of(each, window)) for each in small.values()),
                ],
                patch,
            )
            for (patch, name), label in measured.items()
        ],
        _counted(source, window),
        settings.chosen,
        "window",
        [dial],
        (window,),
        patches=spots,
    )


def _alias(settings: Settings, subject: Subject) -> View:
    """A fine pattern, made smaller, and how its small versions change when it is shifted."""
    x = subject.x
    size, step, length = settings.values
    name = settings.chosen["pattern"]
    is_photo = name == "photo"
    far = farthest(x) if is_photo else int(ALIAS[1].high)
    shift = min(int(step), far)
    if is_photo:
        before, after = moved(x, 0), moved(x, shift)
    elif name == "rings":
        before, after = rings(0), rings(shift)
    else:
        before, after = stripes(0, length), stripes(shift, length)
    most = min(int(ALIAS[0].high), min(before.shape) // 2)
    window = min(int(size), most)
    still, small = pooled(before, window), pooled(after, window)
    changes = {way: small[way] - still[way] for way in WAYS}
    sources = CHOICES["alias"]["pattern"][1]
    return View(
        [
            Panel(subject.title if is_photo else _(sources[name]), after, 0, 0),
            *_results(small, window),
            *(replace(panel, step=window) for panel in _changes(changes)),
        ],
        [
            Row(
                _("Changed by (root mean square)"),
                [rms(after - before), *map(rms, changes.values())],
            ),
            Row(
                _("Contrast (standard deviation)"),
                [MEASURES["contrast"](each) for each in (after, *small.values())],
            ),
        ],
        [_seen(length, window) if name == "stripes" else _limit(window)],
        settings.chosen,
        "alias",
        [
            replace(ALIAS[0], high=most),
            replace(ALIAS[1], high=far),
            *(ALIAS[2:] if name == "stripes" else ()),
        ],
        (window, shift, length),
    )


def _window(settings: Settings, x: Map) -> tuple[Dial, int]:
    """The dial of the window, which must fit twice, and its value."""
    most = min(int(WINDOW.high), min(x.shape) // 2)
    return replace(WINDOW, high=most), min(int(settings.values[0]), most)


def _results(small: Mapping[str, Map], window: int) -> list[Panel]:
    return [
        Panel(
            _(WAYS[way]),
            values,
            0,
            i,
            arrow(f"{window}×{window}", values.shape, 0),
            step=window,
        )
        for i, (way, values) in enumerate(small.items(), 1)
    ]


def _changes(maps: Mapping[str, Map]) -> list[Panel]:
    return [
        Panel("", values, 1, i, scale="signed", largest=0.5)
        for i, values in enumerate(maps.values(), 1)
    ]


def _counted(x: Map, window: int) -> list[str]:
    """How many values are left, and what fills no window."""
    rows, columns = (side // window for side in x.shape)
    remarks = [
        _("1 of {window} values stays: {left} of {all}").format(
            window=window**2, left=f"{rows * columns:,}", all=f"{x.size:,}"
        )
    ]
    whole = (rows * window, columns * window)
    if whole != x.shape:
        remarks += [
            _("Whole windows fill {whole} of {size} pixels; the edge is left out.").format(
                whole="×".join(map(str, whole)), size="×".join(map(str, x.shape))
            )
        ]
    return remarks


def _seen(length: float, window: int) -> str:
    seen = alias_length(length, window)
    if np.isinf(seen):
        return _("Waves of {length} pixels: every K-th pixel shows none.").format(
            length=readable(length)
        )
    return _("Waves of {length} pixels: every K-th pixel shows waves of {seen} pixels.").format(
        length=readable(length), seen=readable(round(seen, 1))
    )


def _limit(window: int) -> str:
    return _("Waves shorter than 2K = {limit} pixels cannot be told from longer ones.").format(
        limit=2 * window
    )
