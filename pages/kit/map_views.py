"""The four ways to look at feature maps: which settings each has, and the maps they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from cnn_core import output_size
from pages.kit.controls import stored_choice
from pages.kit.dials import Dial, Values, dials, parse
from pages.kit.filtering import FeatureMap, Reading, chain, side_by_side
from pages.kit.kernel_sets import CHAINED, GROUPS, PYRAMIDS, Wave, chained, group, pyramid
from pages.kit.language import N_, _

VIEWS = {
    "gallery": N_("Gallery"),
    "gabor": N_("Gabor"),
    "scales": N_("Sizes"),
    "chain": N_("Chain"),
}
# What can be chosen in each view, {key: (label, {name: label})}; the first option is the default.
CHOICES: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "gallery": {"set": (N_("Kernels"), GROUPS)},
    "gabor": {},
    "scales": {"grow": (N_("Kernel"), PYRAMIDS)},
    "chain": {
        "first": (N_("Kernel"), CHAINED),
        "act": (N_("Activation"), {"relu": N_("ReLU"), "none": N_("none")}),
        "pool": (N_("Pooling"), {"max": N_("Maximum"), "average": N_("Average")}),
    },
}

# The dials of each view. Behind one key stand all numbers that belong together.
DIALS: dict[str, dict[str, tuple[Dial, ...]]] = {
    "gallery": {
        "blur": (Dial(N_("Window F"), 7, 3, 15, 2), Dial("σ", 2, 0.5, 4, 0.25)),
        "motion": (Dial(N_("Length"), 15, 2, 25), Dial(N_("Angle"), 0, 0, 175, 5, "°")),
        "outlines": (Dial("σ", 2, 0.5, 3, 0.25),),
    },
    "gabor": {
        "gabor": (
            Dial(N_("Orientation θ"), 0, 0, 175, 5, "°"),
            Dial(N_("Wavelength λ"), 8, 2, 20, 0.5),
            Dial(N_("Bandwidth σ"), 3, 1, 4, 0.25),
            Dial(N_("Phase ψ"), 90, -180, 180, 15, "°"),
            Dial(N_("Aspect γ"), 0.5, 0.2, 1.5, 0.1),
        )
    },
    "scales": {
        "scales": (
            Dial(N_("Largest window"), 27, 9, 31, 2),
            Dial(N_("Orientation θ"), 0, 0, 175, 5, "°"),
        )
    },
    "chain": {
        "chain": (
            Dial(N_("Stride"), 1, 1, 4),
            Dial(N_("Zero padding"), 0, 0, 8),
            Dial(N_("Dilation"), 1, 1, 4),
            Dial(N_("Pooling window"), 4, 1, 8),
        )
    },
}


@dataclass(frozen=True)
class Choice:
    """One of a few named options; `kernels` stand on its button."""

    key: str
    label: str
    options: Mapping[str, str]
    value: str
    kernels: Mapping[str, Sequence[np.ndarray]]


@dataclass(frozen=True)
class View:
    """Up to four maps, and what a reader can change about them."""

    maps: list[FeatureMap]
    choices: list[Choice]
    key: str = ""  # of its dials
    row: Sequence[Dial] = ()  # those that do something; the setting may have more
    values: Values = ()
    is_chain: bool = False
    is_asked: bool = False  # the question before is about these maps


@dataclass(frozen=True)
class Settings:
    """What is chosen in a view, and the numbers of its dials."""

    view: str
    chosen: dict[str, str]
    turned: dict[str, Values]

    def turning(self, texts: Mapping[str, str]) -> "Settings":
        """Turn dials to what `texts` say, written as in the URL."""
        turned = {
            key: parse(texts[key], row) for key, row in DIALS[self.view].items() if key in texts
        }
        return replace(self, turned=self.turned | turned)


def settings_of(view: str) -> Settings:
    """Read the settings of one view; those of the others are drawn too, so that none is lost."""
    return {name: _stored(name) for name in VIEWS}[view]


def view_of(settings: Settings, reading: Reading) -> View:
    """Make the maps of a view."""
    views = {"gallery": _gallery, "gabor": _gabor, "scales": _scales, "chain": _chain}
    return views[settings.view](reading, settings.chosen, settings.turned)


def _stored(view: str) -> Settings:
    chosen = {
        key: stored_choice(key, tuple(options), next(iter(options)), label=_(label))
        for key, (label, options) in CHOICES[view].items()
    }
    turned = {
        key: dials(key, row, label=", ".join(_(dial.label) for dial in row))
        for key, row in DIALS[view].items()
    }
    return Settings(view, chosen, turned)


def _gallery(reading: Reading, chosen: dict[str, str], turned: dict[str, Values]) -> View:
    """Kernels by what they do."""
    name = chosen["set"]
    size, sigma = turned["blur"]
    if name == "outlines":
        (sigma,) = turned["outlines"]
    length, angle = turned["motion"]
    kernels = group(name, size=int(size), sigma=sigma, length=int(length), angle=angle)
    return View(
        side_by_side(reading, kernels, common=name != "outlines"),  # these differ too much
        _choices("gallery", chosen, {"set": _gallery_kernels()}),
        key=name if name in turned else "",
        row=DIALS["gallery"].get(name, ()),
        values=turned.get(name, ()),
        is_asked=name == "edges",
    )


def _gabor(reading: Reading, chosen: dict[str, str], turned: dict[str, Values]) -> View:
    """One Gabor kernel, and the bank of its four directions."""
    maps = side_by_side(reading, Wave(*turned["gabor"]).bank(4))
    return View(maps, [], "gabor", DIALS["gabor"]["gabor"], turned["gabor"])


def _scales(reading: Reading, chosen: dict[str, str], turned: dict[str, Values]) -> View:
    """One kernel in four sizes."""
    largest, theta = turned["scales"]
    row = DIALS["scales"]["scales"]
    return View(
        side_by_side(reading, pyramid(chosen["grow"], int(largest), theta), common=False),
        _choices("scales", chosen, {}),
        "scales",
        row if chosen["grow"] == "gabor" else row[:1],  # the others have no direction
        turned["scales"],
    )


def _chain(reading: Reading, chosen: dict[str, str], turned: dict[str, Values]) -> View:
    """Convolution, activation, pooling. What does not fit into the picture cannot be set."""
    kernel = chained(chosen["first"])
    stride, padding, dilation, window = map(int, turned["chain"])
    side, size = min(reading.x.shape[2:]), len(kernel.weights)
    most_dilation = max(1, min(4, (side + 2 * padding - 1) // (size - 1)))
    dilation = min(dilation, most_dilation)
    smallest = output_size(side, size, stride=stride, padding=padding, dilation=dilation)
    most_window = min(8, smallest)
    window = min(window, most_window)
    strides, paddings, dilations, windows = DIALS["chain"]["chain"]
    return View(
        chain(
            reading,
            kernel,
            stride=stride,
            padding=padding,
            dilation=dilation,
            activation=chosen["act"],
            pooling=chosen["pool"],
            window=window,
        ),
        _choices("chain", chosen, {"first": _chain_kernels()}),
        "chain",
        (
            strides,
            paddings,
            replace(dilations, high=most_dilation),
            replace(windows, high=most_window),
        ),
        (stride, padding, dilation, window),
        is_chain=True,
    )


def _choices(
    view: str,
    chosen: Mapping[str, str],
    kernels: Mapping[str, Mapping[str, Sequence[np.ndarray]]],
) -> list[Choice]:
    return [
        Choice(
            key,
            _(label),
            {name: _(option) for name, option in options.items()},
            chosen[key],
            kernels.get(key, {}),
        )
        for key, (label, options) in CHOICES[view].items()
    ]


@cache
def _gallery_kernels() -> dict[str, list[np.ndarray]]:
    """What stands on the gallery's buttons; the maps of the question stand in another order."""
    kernels = {
        name: [kernel.weights for kernel in group(name, size=7, sigma=2, length=15, angle=0)]
        for name in GROUPS
    }
    return kernels | {"edges": [kernels["edges"][i] for i in (2, 0, 1)]}


@cache
def _chain_kernels() -> dict[str, list[np.ndarray]]:
    return {name: [chained(name).weights] for name in CHAINED}
