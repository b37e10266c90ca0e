"""A gradient at the output of a batch normalisation, and what of it arrives at each input."""

from typing import Any

import numpy as np

from pages.kit.batch import Batch
from pages.kit.batch_settings import CHANNELS, SAMPLES
from pages.kit.components import register
from pages.kit.controls import edit_cell, grid, store, stored_choice
from pages.kit.language import _
from pages.kit.lesson import arrow

_gradient = register("batch_norm_gradient", "batch_norm_ways")

NOTHING = "none"  # in the URL: nothing is checked
# One output asks for something in the first channel, all for the same in the second.
GRADIENT = np.array([[10, 1], [0, 1], [0, 1], [0, 1], [0, 1.0]])


def batch_norm_gradient(batch: Batch) -> None:
    """Show the gradient "g" (editable) on its way back through `batch`, and check a cell of it."""
    grad_output = grid("g", GRADIENT, label=_("Gradient at the output"))[: len(batch.x)]
    names = [f"{r + 1}-{c + 1}" for r, c in np.ndindex(SAMPLES, CHANNELS)]
    chosen = stored_choice("check", [NOTHING, *names], NOTHING, label=_("Gradient check"))
    size = batch.x.shape
    _gradient(
        key="batch-norm-gradient",
        data={
            "gradient": grad_output,
            "mode": "training" if batch.training else "use",
            "gamma": batch.gamma,
            "x": batch.x,
            "back": _back(batch, grad_output) if batch.can_pass else None,
            "chosen": chosen,
            "check": _check(batch, grad_output, chosen),
            "arrows": {
                "level": arrow("− ⟨δ⟩", size, 0),
                "tilt": arrow("− x̂·⟨δ·x̂⟩", size, 0),
                "scale": arrow("· γ / √(σ² + ε)", size, len(batch.gamma)),
            },
        },
        text=_words(),
        on={
            "edit": lambda cell: edit_cell("g", cell["row"], cell["column"], cell["value"]),
            "check": lambda name: store("check", name) if name in names else None,
        },
    )


def _back(batch: Batch, grad_output: np.ndarray) -> dict[str, Any]:
    back, normalised = batch.back(grad_output), batch.steps.normalised
    found = {
        **back._asdict(),
        "normalised": normalised,
        "mean": grad_output.mean(axis=0),
        "along": (grad_output * normalised).mean(axis=0),
        "std": batch.std,
        "factor": np.array(batch.gamma) / batch.std,
        "sum": back.grad_x.sum(axis=0),
        "tilt": (back.grad_x * normalised).sum(axis=0),
    }
    return {name: value.tolist() for name, value in found.items()}


def _check(batch: Batch, grad_output: np.ndarray, chosen: str) -> dict[str, Any] | None:
    if chosen == NOTHING or not batch.can_pass:
        return None
    row, column = (int(number) - 1 for number in chosen.split("-"))
    if row >= len(batch.x):
        return None  # its sample has left the batch
    found = batch.check(grad_output, (row, column))
    largest = max(abs(found.numeric), abs(found.analytic))
    return {
        "name": chosen,
        "eps": found.eps,
        "below": found.below,
        "above": found.above,
        "numeric": found.numeric,
        "analytic": found.analytic,
        "error": found.relative_error,
        "is_rounding": abs(found.numeric - found.analytic) > found.relative_error * largest,
        "verdict": str(found.verdict),
    }


def _words() -> dict[str, str]:
    return {
        "gradient": _("Gradient at the output"),
        "sample": _("sample {n}"),
        "channel": _("channel {n}"),
        "nothing": _("in use: nothing"),
        "alone": _("Without μ and σ² there is no way forward, and none back."),
        "check": _("Gradient check"),
        "check_hint": _("Click a cell of ∂E/∂x."),
        "checked": _("{what} ± ε, with ε = {eps}"),
        "quotient": _("difference / 2ε"),
        "backward": _("backward"),
        "error": _("relative error"),
        "rounding": _("within rounding"),
    }
