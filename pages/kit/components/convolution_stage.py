"""The walk of one kernel over one input: input, kernel, products and output.

/convolution shows the kernel's turn beside it, /stride-and-padding does not.
"""

from typing import Any

import numpy as np

from pages.kit.components import register
from pages.kit.controls import format_number, store, stored_choice
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.patterns import LIMIT, Pattern
from pages.kit.walk import ACTIVATION_NAMES, ACTIVATIONS, CONVOLUTION, CORRELATION, Walk

BIASES = [format_number(value) for value in np.arange(-5, 5.5, 0.5)]

_stage = register(
    "convolution_stage", "pickers", "convolution_turn", "convolution_lens", "convolution_sum"
)


def stored_finish() -> tuple[float, str]:
    """The bias and the activation that the stage's folded controls set; they draw nothing here."""
    bias = stored_choice("bias", BIASES, "0", label=_("Bias"))
    return float(bias), stored_choice("act", tuple(ACTIVATIONS), "none", label=_("Activation"))


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
    turning: bool = True,
    finish: bool = True,
    key: str = "convolution-stage",
) -> None:
    """Show a walk; `mode` is the operation, and `at` counts the windows in reading order.

    The output number `hidden` and its products show question marks. What the reader does is stored
    under the names x, k, size, ksize, seed and at; with `turning` (the kernel's turn and what it
    changes) also mode, and with `finish` bias and act (see `stored_finish`).
    """
    _stage(
        key=key,
        data={
            "padded": walk.padded,
            "padding": list(walk.sides),
            "stride": walk.stride,
            "dilation": walk.dilation,
            "kernel": walk.kernel,
            "sliding": _lists(walk.sliding),
            "products": _lists(walk.products),
            "sums": _lists(walk.sums),
            "outputs": _lists(walk.outputs),
            "changed": walk.changed,
            "read": walk.read,
            "bias": walk.bias,
            "activation": walk.activation,
            "biases": [float(bias) for bias in BIASES],
            "mode": mode,
            "at": at,
            "hidden": hidden,
            "limit": LIMIT,
            "seed": seed,
            "picture": x.name,
            "pictures": list(x.names),
            "pattern": kernel.name,
            "patterns": list(kernel.names),
            "sizes": list(sizes),
            "kernel_sizes": list(kernel_sizes),
            "turning": turning,
            "finish": finish,
        },
        text=_words(walk),
        on={
            "x": lambda new: _store_pattern("x", new),
            "k": lambda new: _store_pattern("k", new),
            **{name: _keeper(name) for name in ("size", "ksize", "seed", "mode", "at", "act")},
            "bias": lambda value: store("bias", format_number(value)),
        },
    )


def _words(walk: Walk) -> dict[str, Any]:
    shape, parameters = walk.outputs[CONVOLUTION].shape, walk.kernel.size + bool(walk.bias)
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
        "unread": _("read by no window: {unread} of {cells} input cells").format(
            unread=walk.unread, cells=walk.x.size
        ),
        "enters": _("the weights for this input cell"),
        "contributes": _("what this kernel cell contributes"),
        "flip": _("The flip changes {changed} of {count} cells."),
        "flip_symmetric": _("This kernel is symmetric: the flip changes 0 of {count} cells."),
        "flip_here": _("Here: {turned} with the flip, {unturned} without."),
        "next_seed": _("Another (seed {seed})"),
        "pictures": {
            "letter": _("Letter F"),
            "digit": _("Digit"),
            "cross": _("Letter X"),
            "edge": _("Edge"),
            "impulse": _("Impulse"),
            "ramp": _("Ramp"),
            "random": _("Random"),
            "classic": _("Worked example"),
        },
        "patterns": {
            "count": _("1, 2, 3, …"),
            "edge": _("Edge"),
            "blur": _("Blur"),
            "shift": _("Shift"),
            "classic": _("Worked example"),
        },
        "typed": _("Your own"),
        "choose_input": _("Choose an input"),
        "choose_kernel": _("Choose a kernel"),
        "input_size": _("Input size"),
        "kernel_size": _("Kernel size"),
        "finish": _("Bias {bias}, activation: {activation}"),
        "bias": _("Bias"),
        "activation": _("Activation"),
        "activations": {
            "none": _("none"),
            **ACTIVATION_NAMES,
        },
        "place": _("Row {row}, column {column}"),
        "said": _("{label}: {value}"),
    }


def _lists(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {mode: array.tolist() for mode, array in arrays.items()}


def _keeper(name: str) -> Any:
    return lambda value: store(name, value)


def _store_pattern(key: str, new: Any) -> None:
    store(key, new if isinstance(new, str) else np.asarray(new, dtype=float))
