"""What a unit of LeNet's subsampling answers to any sum of its window: a curve, and its axes."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pages.kit.controls import Numbers
from pages.kit.pools import Pools

Span = tuple[float, float]

SPANS: dict[str, Span] = {"sigmoid": (0, 1), "tanh": (-1, 1)}
# Up to here an activation stays close to its tangent at 0: within 2 % of its span.
# (tanh(u) is a sigmoid of 2u, stretched; so both bounds mean the same.)
NEARLY_STRAIGHT = {"none": math.inf, "sigmoid": 1.0, "tanh": 0.5}
SAMPLES = 301


@dataclass(frozen=True)
class Response:
    """The answers of `pools` to every sum between the smallest and the largest of its windows."""

    pools: Pools

    @property
    def domain(self) -> Span:
        """From 0, or the smallest sum, to the largest; at least to that of a window of ones."""
        sums, cells = self.pools.sums, self.pools.size**2
        return min(0.0, float(sums.min())), max(float(cells), float(sums.max()))

    @property
    def curve(self) -> Numbers:
        """The answers at `SAMPLES` sums, evenly over the domain."""
        return self.to(np.linspace(*self.domain, SAMPLES))

    def to(self, sums: np.ndarray) -> np.ndarray:
        """The answers to windows with these sums."""
        return self._alone(sums).trained[0]

    @property
    def counts(self) -> list[tuple[int, float]]:
        """If every cell is 0 or 1: how many ones a window can have, and the answer to them."""
        if not np.isin(self.pools.x, (0, 1)).all():
            return []
        ones = np.arange(self.pools.size**2 + 1)
        return list(zip(ones.tolist(), self.to(ones.astype(float)).tolist(), strict=True))

    @property
    def straight(self) -> Span | None:
        """Between which sums the activation is nearly straight, as far as the domain goes."""
        low, high = self.domain
        bound, beta, bias = NEARLY_STRAIGHT[self.pools.activation], self.pools.beta, self.pools.bias
        if math.isinf(bound) or (beta == 0 and abs(bias) > bound):
            return None
        if beta == 0:
            return self.domain
        start, end = sorted(((-bound - bias) / beta, (bound - bias) / beta))
        start, end = max(start, low), min(end, high)
        return (start, end) if start < end else None

    @property
    def span(self) -> Span:
        """What the axis of the answers shows: an activation's span, or room for all windows.

        Without an activation it doubles until the answers fit, so it rests while they move little.
        """
        if self.pools.activation in SPANS:
            return SPANS[self.pools.activation]
        (low, high), cells = self.domain, self.pools.size**2
        low, high = low / cells, high / cells
        least, most = float(self.pools.trained.min()), float(self.pools.trained.max())
        while high < most:
            high *= 2
        if least < low == 0:
            low = -high / 4
        while low > least:
            low *= 2
        return low, high

    def moving(self) -> dict[str, Any]:
        """What β and b change, besides the curve."""
        return {
            "weighted": self.pools.weighted.tolist(),
            "trained": self.pools.trained.tolist(),
            "is_average": self.pools.is_average,
            "span": self.span,
            "span_ticks": ticks(*self.span, most=5),
            "straight": self.straight,
            "counts": self.counts,
        }

    def still(self) -> dict[str, Any]:
        """What they do not change."""
        low, high = self.domain
        return {
            "x": self.pools.x,
            **self.pools.layout,
            "sums": self.pools.sums,
            "average": self.pools.average,
            "domain": self.domain,
            "domain_ticks": ticks(low, high, most=7),
            "average_ends": self._alone(np.array(self.domain) / self.pools.size**2).average[0],
        }

    def _alone(self, sums: np.ndarray) -> Pools:
        """Windows of a single cell, which is then their sum."""
        return replace(self.pools, x=sums[None], size=1, stride=1)


def ticks(low: float, high: float, *, most: int) -> list[float]:
    """Round numbers from `low` to `high`, no more than `most` steps: 0, 5, 10, 15, 20."""
    exponent = math.floor(math.log10((high - low) / most))
    steps = (factor * 10.0 ** (exponent + up) for up in (0, 1) for factor in (1, 2, 5))
    step = next(step for step in steps if (high - low) / step <= most + 1e-9)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]
