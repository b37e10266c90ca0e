"""From a 9×9 drawing to its verdict, every number of it, and where on the paper each came from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cnn_core import max_pool2d, max_pool2d_backward, relu
from pages.kit.xo_network import KERNELS, Learned, Maps, Verdict, judge, maps_of

STRONGEST = 3  # so many votes are pointed out

Place = tuple[int, int]


@dataclass(frozen=True)
class Chain:
    """What the kernels and the learned layer make of a drawing (9, 9) of ±1 pixels.

    A neuron's number is 4·map + 2·row + column: flatten reads the maps one after the other.
    """

    pixels: np.ndarray
    layer: Learned

    @cached_property
    def maps(self) -> Maps:
        """The maps of this one drawing, each (1, 3, height, width)."""
        return maps_of(self.pixels[None, None])

    @cached_property
    def rectified(self) -> np.ndarray:
        """The matches after ReLU (1, 3, 7, 7)."""
        return relu(self.maps.match)

    @cached_property
    def verdict(self) -> Verdict:
        """Votes, scores and probabilities."""
        return judge(self.maps.small[0], self.layer)

    @property
    def winner(self) -> int:
        """The class with the larger score; of equal ones the first."""
        return int(np.argmax(self.verdict.scores))

    @property
    def products(self) -> np.ndarray:
        """Window times kernel, pixel by pixel (3, 7, 7, 9); a match is the mean of nine."""
        windows = np.lib.stride_tricks.sliding_window_view(self.pixels, KERNELS.shape[1:])
        return (windows * KERNELS[:, None, None]).reshape(3, 7, 7, 9)

    @property
    def agreements(self) -> np.ndarray:
        """In how many of its nine pixels each window is like the kernel (3, 7, 7)."""
        return (self.products > 0).sum(axis=-1)

    @cached_property
    def winners(self) -> tuple[np.ndarray, np.ndarray]:
        """Whom each window of the two poolings took its number from: (3, 4, 4, 2), (3, 2, 2, 2)."""
        return winners(self.rectified), winners(self.maps.pooled)

    @cached_property
    def origins(self) -> list[tuple[Place, Place] | None]:
        """For each neuron its cell on the 4×4 map and on the 7×7 map; None for one that is 0.

        A zero has no origin: ReLU put it there, whatever the drawing was.
        """
        first, second = self.winners
        found: list[tuple[Place, Place] | None] = []
        for (k, row, column), value in np.ndenumerate(self.maps.small[0]):
            pooled = place(second[k, row, column])
            found.append((pooled, place(first[k][pooled])) if value > 0 else None)
        return found

    @property
    def strongest(self) -> list[int]:
        """The neurons that speak loudest in favour of the winner, the loudest first."""
        votes = self.verdict.votes[self.winner]
        order = np.argsort(-votes, kind="stable")[:STRONGEST]
        return [int(neuron) for neuron in order if votes[neuron] > 0]

    @property
    def is_uniform(self) -> bool:
        """Whether the sheet is blank, or nothing but ink: no window differs from another."""
        return bool((self.pixels == self.pixels[0, 0]).all())

    def window(self, neuron: int) -> np.ndarray | None:
        """The 3×3 pixels that made a neuron's number."""
        origin = self.origins[neuron]
        if origin is None:
            return None
        row, column = origin[1]
        return self.pixels[row : row + 3, column : column + 3]

    def stroke(self, neuron: int) -> list[Place]:
        """The ink of that window that lies where the kernel has ink."""
        origin, window = self.origins[neuron], self.window(neuron)
        if origin is None or window is None:
            return []
        shared = np.argwhere((window > 0) & (KERNELS[neuron // 4] > 0)) + origin[1]
        return [place(pixel) for pixel in shared]

    def numbers(self) -> dict[str, Any]:
        """Everything that a stroke of the pen changes, but for the drawing itself and the words."""
        maps, verdict = self.maps, self.verdict
        with np.errstate(over="ignore"):
            powers = np.exp(verdict.scores)
        first, second = self.winners
        return {
            "match": maps.match[0].tolist(),
            "products": self.products.astype(int).tolist(),
            "agreements": self.agreements.tolist(),
            "negative": (maps.match[0] < 0).sum(axis=(1, 2)).tolist(),
            "rectified": self.rectified[0].tolist(),
            "pooled": maps.pooled[0].tolist(),
            "small": maps.small[0].tolist(),
            "winners": [first.tolist(), second.tolist()],
            "inputs": maps.small.ravel().tolist(),
            "origins": self.origins,
            "votes": verdict.votes.tolist(),
            "sums": verdict.votes.sum(axis=1).tolist(),
            "scores": verdict.scores.tolist(),
            "powers": [finite(power) for power in powers],
            "total": finite(powers.sum()),
            "probabilities": verdict.probabilities.tolist(),
            "winner": self.winner,
        }


def winners(maps: np.ndarray) -> np.ndarray:
    """The row and column of each 2×2 window's maximum in maps (1, C, H, W), as (C, oH, oW, 2).

    Every window is given a number, and the numbers are sent back as if they were gradients: each
    lands on the cell that its window took. Windows share no cell, so none lands on another.
    """
    pooled = max_pool2d(maps, 2, ceil_mode=True)
    numbered = np.arange(1.0, pooled.size + 1).reshape(pooled.shape)
    landed = max_pool2d_backward(numbered, maps, 2, ceil_mode=True)
    cells = np.nonzero(landed)
    order = np.argsort(landed[cells])
    return np.stack(cells[2:], axis=-1)[order].reshape(*pooled.shape[1:], 2)


def finite(value: float) -> float | None:
    """The number, or None where it is beyond what a float can hold."""
    return float(value) if np.isfinite(value) else None


def place(pair: np.ndarray) -> Place:
    """A row and a column as plain numbers."""
    row, column = pair
    return int(row), int(column)
