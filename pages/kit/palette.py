"""Every colour of the app, once. Components get them as CSS variables, figures as plotly scales.

A *role* has one colour everywhere: input, kernel, output, gradient. A *signed* value diverges from
a neutral zero, blue for positive and rust for negative, which also readers who confuse red and
green tell apart. An *image* runs from the surface to ink. *Lanes* are networks side by side.
"""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
Scale = Literal["signed", "image", "photo"]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as #rrggbb."""

    page: str
    surface: str
    text: str
    faint: str
    line: str
    accent: str
    roles: dict[str, str]
    signed: tuple[str, str, str]  # at -1, 0 and +1
    image: tuple[str, str]  # at 0 and 1
    lanes: tuple[str, str, str, str]
    photo: tuple[str, str] = ("#000000", "#ffffff")


LIGHT = Palette(
    page="#fcfbf8",
    surface="#f1efe8",
    text="#1b1f2a",
    faint="#5c6370",
    line="#d9d5ca",
    accent="#2f4b7c",
    roles={
        "input": "#0b7a75",
        "kernel": "#96600a",
        "output": "#6b3fc0",
        "gradient": "#b0256f",
        "neutral": "#5c6370",
    },
    signed=("#c4532d", "#f4f2ed", "#2c6cb5"),
    image=("#f4f2ed", "#1d2436"),
    lanes=("#2f4b7c", "#b04a12", "#38761d", "#a21caf"),
)

DARK = Palette(
    page="#12151c",
    surface="#1b202a",
    text="#e8e6e1",
    faint="#9aa3b2",
    line="#353c4a",
    accent="#9db7e8",
    roles={
        "input": "#4fd1c5",
        "kernel": "#f0b429",
        "output": "#b39cff",
        "gradient": "#ff7eb6",
        "neutral": "#9aa3b2",
    },
    signed=("#e8845c", "#232936", "#5b9be6"),
    image=("#232936", "#f2efe8"),
    lanes=("#9db7e8", "#f59e6b", "#86d97a", "#f0abfc"),
)

PALETTES: dict[Theme, Palette] = {"light": LIGHT, "dark": DARK}
INKS = ("#000000", "#ffffff")  # the text on a filled cell: whichever reads better


def fill(value: float, scale: Scale, theme: Theme) -> str:
    """The colour of `value` on a scale; beyond -1..1 (signed) or 0..1 it is clipped."""
    stops: tuple[str, ...] = getattr(PALETTES[theme], scale)
    place = (value + 1) if scale == "signed" else value
    place = min(max(place, 0.0), len(stops) - 1.0)
    below = min(int(place), len(stops) - 2)
    return mix(stops[below], stops[below + 1], place - below)


def ink_on(fill: str) -> str:
    """The text colour that reads better on `fill`."""
    return max(INKS, key=lambda ink: contrast(ink, fill))


def plotly_scale(scale: Scale, theme: Theme) -> list[tuple[float, str]]:
    """A plotly colour scale. Give a signed one `zmid=0`."""
    stops: tuple[str, ...] = getattr(PALETTES[theme], scale)
    return [(place / (len(stops) - 1), color) for place, color in enumerate(stops)]


def css_variables() -> str:
    """All colours as CSS custom properties; each follows the theme (`color-scheme`) by itself."""
    light, dark = (_named(palette) for palette in (LIGHT, DARK))
    return "".join(f"--{name}:light-dark({light[name]},{dark[name]});" for name in light)


def _named(palette: Palette) -> dict[str, str]:
    plain = ("page", "surface", "text", "faint", "line", "accent")
    named = {name: getattr(palette, name) for name in plain}
    named |= {f"role-{role}": color for role, color in palette.roles.items()}
    return named | {f"lane-{i}": color for i, color in enumerate(palette.lanes, start=1)}


def scales_for_script() -> dict[str, dict[str, list[str]]]:
    """The stops of every scale in both themes, for the components' JavaScript."""
    return {
        theme: {
            "signed": list(palette.signed),
            "image": list(palette.image),
            "photo": list(palette.photo),
        }
        for theme, palette in PALETTES.items()
    }


def mix(start: str, end: str, share: float) -> str:
    """The colour `share` of the way from `start` to `end`, channel by channel."""
    channels = zip(_rgb(start), _rgb(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
