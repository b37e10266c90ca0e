"""Every pooling of one grid, both ways, against loops that read like the definition."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pages.kit.pools import Pools

GRID: list[list[float]] = [[-1.5, 0, 2, 4], [5, -6, 7, 7], [3, 2, 1, 0.25], [0, 2, -3, -4]]
F: dict[str, Callable[[float], float]] = {
    "none": lambda u: u,
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
    "tanh": math.tanh,
}
SETTINGS = [
    {
        "size": size,
        "stride": stride,
        "padding": padding,
        "beta": -0.3,
        "bias": 0.5,
        "activation": activation,
    }
    for size, padding in [(1, 0), (2, 0), (2, 1), (3, 2), (4, 0)]
    for stride in (1, 2, 3)
    for activation in F
]

every_setting = pytest.mark.parametrize("settings", SETTINGS)


def windows(size: int, stride: int, padding: int) -> list[list[list[tuple[int, int]]]]:
    """The cells of every window, row by row; those outside the grid are padding."""
    starts = range(-padding, 4 + padding - size + 1, stride)
    return [
        [[(r + u, c + v) for u in range(size) for v in range(size)] for c in starts] for r in starts
    ]


def at(x: list[list[float]], cell: tuple[int, int]) -> float | None:
    """The number in a cell, or None in the padding."""
    r, c = cell
    return x[r][c] if 0 <= r < 4 and 0 <= c < 4 else None


def by_hand(x: list[list[float]], settings: dict[str, Any]) -> dict[str, np.ndarray]:
    """All three poolings, number by number."""
    size, beta, bias = settings["size"], settings["beta"], settings["bias"]
    found: dict[str, list[list[float]]] = {"largest": [], "average": [], "trained": []}
    for row in windows(size, settings["stride"], settings["padding"]):
        seen = [[n for n in (at(x, cell) for cell in cells) if n is not None] for cells in row]
        found["largest"].append([max(numbers) for numbers in seen])
        found["average"].append([sum(numbers) / size**2 for numbers in seen])
        found["trained"].append(
            [F[settings["activation"]](beta * sum(numbers) + bias) for numbers in seen]
        )
    return {name: np.array(rows) for name, rows in found.items()}


@every_setting
def test_forward(settings: dict[str, Any]) -> None:
    pools = Pools(np.array(GRID), **settings)
    for name, expected in by_hand(GRID, settings).items():
        np.testing.assert_allclose(getattr(pools, name), expected, rtol=1e-12, err_msg=name)
    seen = windows(settings["size"], settings["stride"], settings["padding"])
    cells = [[[at(GRID, cell) or 0 for cell in window] for window in row] for row in seen]
    np.testing.assert_array_equal(pools.cells.reshape(np.shape(cells)), cells)
    np.testing.assert_allclose(pools.sums, np.sum(cells, axis=-1))
    wins = [
        [
            [at(GRID, cell) == high for cell in window]
            for window, high in zip(row, highs, strict=True)
        ]
        for row, highs in zip(seen, pools.largest, strict=True)
    ]
    np.testing.assert_array_equal(pools.winners.reshape(np.shape(wins)), wins)
    reached = {cell for row in seen for window in row for cell in window}
    assert pools.reached.tolist() == [[(r, c) in reached for c in range(4)] for r in range(4)]


@every_setting
def test_backward_is_the_measured_slope(settings: dict[str, Any]) -> None:
    """No two numbers of the grid are equal here, so that the maximum has a slope, too."""
    x = np.random.default_rng(1).permutation(16.0 * np.arange(16)).reshape(4, 4) / 64
    delta = np.random.default_rng(2).normal(size=by_hand(x.tolist(), settings)["average"].shape)

    def error(name: str, x: np.ndarray, **changed: float) -> float:
        return float(np.sum(delta * by_hand(x.tolist(), settings | changed)[name]))

    gradients, step = Pools(x, **settings).backward(delta), 1e-5
    for name in ("largest", "average", "trained"):
        slopes = np.zeros_like(x)
        for cell in np.ndindex(4, 4):
            nudge = np.zeros_like(x)
            nudge[cell] = step
            slopes[cell] = (error(name, x + nudge) - error(name, x - nudge)) / (2 * step)
        np.testing.assert_allclose(getattr(gradients, name), slopes, atol=1e-7, err_msg=name)
    for name, gradient in (("beta", gradients.beta), ("bias", gradients.bias)):
        more, less = (
            error("trained", x, **{name: settings[name] + nudge}) for nudge in (step, -step)
        )
        assert gradient == pytest.approx((more - less) / (2 * step), rel=1e-6, abs=1e-8)


def test_of_equal_winners_the_first_gets_the_gradient() -> None:
    x = np.array([[7.0, 7, 0, 3], [7, 7, 3, 0], [0, 0, 1, 1], [0, 5, 1, 1]])
    gradients = Pools(x, 2, 2).backward(np.array([[1.0, 2], [3, 4]]))
    np.testing.assert_array_equal(
        gradients.largest, [[1, 0, 0, 2], [0, 0, 0, 0], [0, 0, 4, 0], [0, 3, 0, 0]]
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_it_is_the_average_only_with_the_averages_numbers(size: int) -> None:
    x, same = np.array(GRID), 1 / size**2
    assert Pools(x, size, 1, size - 1, beta=same).is_average
    assert not Pools(x, size, 1, size - 1, beta=same * 1.01).is_average
    assert not Pools(x, size, 1, size - 1, beta=same, bias=0.01).is_average
    assert not Pools(x, size, 1, size - 1, beta=same, activation="tanh").is_average
