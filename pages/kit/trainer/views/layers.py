"""How hard each layer is learning: the lengths of its gradient, its last update, its weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit.language import _
from pages.kit.trainer.history import Look
from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.views.described import described
from pages.kit.trainer.views.numbers import told

MOST_POINTS = 200  # of a curve that is about as many pixels wide


def layers(
    run: Run, moment: Moment, texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """All layers with what they cost; those that learn with their lengths, now and over the run."""
    rows = described(run)
    table, start, learning = [], 0, 0
    for row in moment.model.summary(run.data.image_shape):
        known = rows.get(row.name)  # none for the sigmoid that squared errors ask for
        fields: dict[str, Any] = {
            "name": row.name,
            "operation": known.operation if known else "sigmoid",
            "shape": "×".join(map(str, row.output_shape)),
            "parameters": row.parameters,
            "formula": known.formula if known else "",
        }
        if row.parameters:
            weights = moment.model.flat_params[start : start + row.parameters]
            fields |= _lengths(
                moment.grad_norms[learning],
                moment.update_norms[learning],
                float(np.linalg.norm(weights.astype(float))),
            )
            start += row.parameters
            learning += 1
        table.append(fields)
    measured = moment.step if moment.is_now else run.history.nearest_look(moment.step).step
    fields = {
        "layers": table,
        "step": moment.step,
        "measured": measured,
        "total": _("{count} parameters in all").format(count=f"{start:,}"),
    }
    return fields, {"lengths": _curves(run.history.looks)}


def _lengths(gradient: float, update: float, weights: float) -> dict[str, float | None]:
    return {
        "gradient": told(gradient),
        "update": told(update),
        "weights": told(weights),
        "ratio": told(update / weights) if weights else None,
    }


def _curves(looks: list[Look]) -> np.ndarray:
    """Steps, then each learning layer's gradients, then their updates, (1 + 2 layers, points).

    Of many looks every second, every fourth, ... is taken, and the last: what has been drawn stays.
    """
    stride = 1
    while len(looks) > stride * MOST_POINTS:
        stride *= 2
    taken = looks[::stride] + ([looks[-1]] if (len(looks) - 1) % stride else [])
    columns = [[look.step, *look.grad_norms, *look.update_norms] for look in taken]
    return np.array(columns, dtype=np.float32).T.copy()
