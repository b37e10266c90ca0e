"""Networks as bars: how many of their parameters stand in kernels, how many in full connections."""

from collections.abc import Sequence

from pages.kit.components import register
from pages.kit.language import _
from pages.kit.parameter_shares import Shares

_bars = register("share_bars")


def share_bars(networks: Sequence[Shares]) -> None:
    """Show each network's parameters as one bar of two colours."""
    _bars(
        key="share-bars",
        data={
            "rows": [
                {
                    "name": network.name,
                    "kernels": network.kernels,
                    "dense": network.dense,
                    "share": network.dense_share,
                }
                for network in networks
            ]
        },
        text={
            "kernels": _("convolutions"),
            "dense": _("fully connected layers"),
            "parameters": _("{count} parameters"),
            "holds": _("fully connected: {share}, {count} parameters"),
        },
    )
