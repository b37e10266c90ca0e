"""One row of numbers slides along another; or every number paints a copy, and the copies add up."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.patterns import LIMIT, Pattern
from pages.kit.signals import Slide
from pages.kit.walk import CONVOLUTION, CORRELATION

_stage = register("signal_stage", "pickers", "signal_turn", "signal_sum")


def signal_stage(
    slide: Slide,
    x: Pattern,
    k: Pattern,
    *,
    names: tuple[str, str],
    view: str,
    mode: str,
    place: int,
    painted: int,
    seed: int,
    sizes: Sequence[int],
    kernel_sizes: Sequence[int],
    hidden: int | None = None,
) -> None:
    """Show a slide of `k` along `x` if `names` are ("x", "k"), or of `x` along `k`.

    `view` is "slide" or "paint"; `place` is the output that is looked at, and `painted` counts the
    copies that lie there already. The output `hidden` shows a question mark. What the reader does
    is stored under x, k, length, taps, seed, mode, swap, i and painted.
    """
    _stage(
        key="signal-stage",
        data={
            "names": list(names),
            "still": slide.still,
            "moving": slide.moving,
            "reach": slide.reach,
            "first": slide.first,
            **{
                name: {mode: values.tolist() for mode, values in getattr(slide, name).items()}
                for name in ("sliding", "products", "outputs", "copies", "painted")
            },
            "view": view,
            "mode": mode,
            "i": place,
            "count": min(painted, len(slide.still)),
            "longest": max(sizes),
            "hidden": hidden,
            "limit": LIMIT,
            "seed": seed,
            "chosen": {"x": x.name, "k": k.name},
            "choices": {"x": x.names, "k": k.names},
            "sizes": {"length": list(sizes), "taps": list(kernel_sizes)},
            "size": {"length": x.values.size, "taps": k.values.size},
        },
        text=_words(slide, names),
        on={
            "x": lambda new: _store_row("x", new),
            "k": lambda new: _store_row("k", new),
            "swap": lambda wanted: store("swap", int(wanted)),
            **{name: _keeper(name) for name in ("length", "taps", "seed", "mode", "i", "painted")},
        },
    )


def _words(slide: Slide, names: tuple[str, str]) -> dict[str, Any]:
    titles = {"x": _("Signal x"), "k": _("Kernel k")}
    still, moving = (titles[name] for name in names)
    shape, parameters = slide.outputs[CONVOLUTION].shape, slide.moving.size
    return {
        "still": still,
        "moving": moving,
        "titles": titles,
        "place": _("Place i"),
        "turned": _("rotated by 180°"),
        "unturned": _("not rotated"),
        "products": _("Products"),
        "copies": _("Painted copies"),
        "paints": _("{name} = {value} paints"),
        "output": _("Output"),
        "turn": _("Turn {moving}: {degrees}°"),
        "swap": _("Swap x and k"),
        f"arrow_{CONVOLUTION}": arrow(_("Convolution"), shape, parameters),
        f"arrow_{CORRELATION}": arrow(_("Cross-correlation"), shape, parameters),
        "hidden": _("Guess this one first, or skip; all other cells are open."),
        "reads": {
            f"slide_{CONVOLUTION}": _("Along {still}, {moving} reads {weights}: backwards."),
            f"slide_{CORRELATION}": _("Along {still}, {moving} reads {weights}: as it is."),
            f"paint_{CONVOLUTION}": _(
                "Down the marked column, {moving} reads {weights}: backwards."
            ),
            f"paint_{CORRELATION}": _(
                "Down the marked column, {moving} reads {weights}: as it is."
            ),
        },
        "nothing": _("nothing painted here yet"),
        "names": {
            "x": {
                "claps": _("Two claps"),
                "impulse": _("Impulse"),
                "step": _("A step"),
                "ramp": _("Ramp"),
                "pulse": _("Pulse"),
                "noise": _("Random"),
                "die": _("A die"),
            },
            "k": {
                "count": _("1, 2, 3, …"),
                "difference": _("Difference 1, −1"),
                "average": _("Average"),
                "echo": _("Echo"),
            },
        },
        "typed": _("Your own"),
        "choose_x": _("Choose a signal"),
        "choose_k": _("Choose a kernel"),
        "size_x": _("Signal length"),
        "size_k": _("Kernel length"),
        "next_seed": _("Another (seed {seed})"),
        "said": _("{label}: {value}"),
    }


def _keeper(name: str) -> Any:
    return lambda value: store(name, value)


def _store_row(key: str, new: Any) -> None:
    store(key, new if isinstance(new, str) else np.asarray([new], dtype=float))
