"""What the same layer costs in three forms, as bars on one logarithmic axis."""

from collections.abc import Mapping

from cnn_core import LayerCost
from pages.kit.components import register
from pages.kit.language import _

BYTES = 4  # of a float32
UNITS = ("B", "kB", "MB", "GB", "TB", "PB")

_bars = register("cost_bars")


def cost_bars(costs: Mapping[str, LayerCost]) -> None:
    """Show parameters and multiplications of the layers "full", "local" and "shared"."""
    shared = costs["shared"]
    names = {
        "full": _("Fully connected"),
        "local": _("Local, not shared"),
        "shared": _("Convolution: local and shared"),
    }
    learned = [
        {
            "name": names[kind],
            "value": cost.parameters,
            "ratio": cost.parameters / shared.parameters,
            "remark": memory(cost.parameters * BYTES),
        }
        for kind, cost in costs.items()
    ]
    computed = [
        {
            "name": names[kind],
            "value": cost.multiplications,
            "ratio": cost.multiplications / shared.multiplications,
            "remark": "",
        }
        for kind, cost in costs.items()
    ]
    _bars(
        key="cost-bars",
        data={
            "panels": [
                {"role": "kernel", "title": _("Parameters"), "bars": learned},
                {"role": "neutral", "title": _("Multiplications for one image"), "bars": computed},
            ]
        },
        text={
            "times": _("{ratio} times the convolution’s"),
            "memory": _("{size} as float32"),
            "axis": _("Every line is a thousand times the one before."),
        },
    )


def memory(size: int) -> str:
    """So many bytes in the largest unit that leaves at least 1: 19.3 MB."""
    power = min((len(str(size)) - 1) // 3, len(UNITS) - 1)
    return f"{size / 1000**power:.3g} {UNITS[power]}"
