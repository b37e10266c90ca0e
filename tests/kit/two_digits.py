"""Two handwritten digits as points, added up pixel by pixel, and who gets them right: exactly."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cnn_core import load_dataset

BOXES = {  # rows from, rows to, columns from, columns to
    "lower-left": (4, 7, 1, 3),
    "lower-right": (4, 7, 5, 7),
    "middle": (3, 5, 2, 6),
    "top": (0, 2, 2, 6),
    "bottom": (6, 8, 2, 6),
}
Numbers = tuple[float, float, float]  # w₁, w₂ and b, in hundredths


@dataclass(frozen=True)
class TwoDigits:
    """The points of two digits; the first `learning` are there to learn from."""

    points: list[tuple[Fraction, Fraction]]
    is_yes: list[bool]
    learning: int

    def scores(self, numbers: Numbers) -> list[Fraction]:
        w1, w2, b = (Fraction(round(100 * number), 100) for number in numbers)
        return [w1 * x + w2 * y + b for x, y in self.points]

    def counts(self, numbers: Numbers) -> dict[str, list[int]]:
        """Right answers and of how many."""
        right = [
            (score > 0) == yes for score, yes in zip(self.scores(numbers), self.is_yes, strict=True)
        ]
        parts = {"learning": right[: self.learning], "unseen": right[self.learning :]}
        return {name: [sum(part), len(part)] for name, part in parts.items()}


def two_digits(yes: int, no: int, first: str, second: str) -> TwoDigits:
    data = load_dataset("digits", rng=np.random.default_rng(0), scale=False)
    points: list[tuple[Fraction, Fraction]] = []
    is_yes: list[bool] = []
    learning = 0
    for images, labels in (
        (data.train_images, data.train_labels),
        (data.test_images, data.test_labels),
    ):
        learning = len(points)  # after the first part: all that came before the second
        for image, label in zip(images[:, 0].tolist(), labels.tolist(), strict=True):
            if label in (yes, no):
                points += [(_ink(image, first), _ink(image, second))]
                is_yes += [label == yes]
    return TwoDigits(points, is_yes, learning)


def _ink(image: list[list[float]], name: str) -> Fraction:
    top, bottom, left, right = BOXES[name]
    cells = [int(value) for row in image[top:bottom] for value in row[left:right]]
    return Fraction(sum(cells), 16 * len(cells))
