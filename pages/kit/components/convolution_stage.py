"""The stage of /convolution: input, turning kernel, products and output of one walk."""

from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.patterns import LIMIT, Pattern
from pages.kit.walk import CONVOLUTION, CORRELATION, Walk

_stage = register("convolution_stage")


def convolution_stage(
    walk: Walk,
    x: Pattern,
    kernel: Pattern,
    *,
    mode: str,
    at: int,
    seed: int,
    sizes: range,
    kernel_sizes: range,
    hidden: int | None = None,
) -> None:
    """Show a walk; `mode` is the operation, and `at` counts the windows in reading order.

    The output number `hidden` and its products show question marks. What the reader does is stored
    under the names x, k, size, ksize, seed, mode and at.
    """
    _stage(
        key="convolution-stage",
        data={
            "padded": walk.padded,
            "padding": walk.padding,
            "stride": walk.stride,
            "kernel": walk.kernel,
            "sliding": _lists(walk.sliding),
            "products": _lists(walk.products),
            "outputs": _lists(walk.outputs),
            "changed": walk.changed,
            "read": walk.read,
            "mode": mode,
            "at": at,
            "hidden": hidden,
            "limit": LIMIT,
            "seed": seed,
            "picture": x.name,
            "pattern": kernel.name,
            "sizes": list(sizes),
            "kernel_sizes": list(kernel_sizes),
        },
        text=_words(walk),
        on={
            "x": lambda new: _store_pattern("x", new),
            "k": lambda new: _store_pattern("k", new),
            **{name: _keeper(name) for name in ("size", "ksize", "seed", "mode", "at")},
        },
    )


def _words(walk: Walk) -> dict[str, Any]:
    shape, parameters = walk.outputs[CONVOLUTION].shape, walk.kernel.size
    return {
        "input": _("Input"),
        "kernel": _("Kernel"),
        "sliding": _("As it slides"),
        "products": _("Products and sum"),
        "output": _("Output"),
        "padded": _("{size} + padding → {padded}"),
        "turned": _("rotated by 180°"),
        "unturned": _("not rotated"),
        "turn": _("Turn the kernel: {degrees}°"),
        f"arrow_{CONVOLUTION}": arrow(_("Convolution"), shape, parameters),
        f"arrow_{CORRELATION}": arrow(_("Cross-correlation"), shape, parameters),
        "hidden": _("Guess this one first, or skip; all other cells are open."),
        "unread": _("read by no window"),
        "flip": _("The flip changes {changed} of {count} output cells."),
        "flip_symmetric": _(
            "This kernel is its own 180° rotation: the flip changes 0 of {count} output cells."
        ),
        "next_seed": _("Another (seed {seed})"),
        "pictures": {
            "letter": _("Letter F"),
            "cross": _("Cross"),
            "edge": _("Edge"),
            "impulse": _("Impulse"),
            "ramp": _("Ramp"),
            "random": _("Random"),
        },
        "patterns": {
            "count": _("1, 2, 3, …"),
            "edge": _("Edge"),
            "blur": _("Blur"),
            "shift": _("Shift"),
        },
        "typed": _("Your own"),
        "choose_input": _("Choose an input"),
        "choose_kernel": _("Choose a kernel"),
        "input_size": _("Input size"),
        "kernel_size": _("Kernel size"),
        "place": _("Row {row}, column {column}"),
        "said": _("{label}: {value}"),
    }


def _lists(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {mode: array.tolist() for mode, array in arrays.items()}


def _keeper(name: str) -> Any:
    return lambda value: store(name, value)


def _store_pattern(key: str, new: Any) -> None:
    store(key, new if isinstance(new, str) else np.asarray(new, dtype=float))
