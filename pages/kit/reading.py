"""A sheet as the shipped network reads it: the 400 numbers of its last maps, and what fed them."""

import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnn_core import (
    Affine,
    Conv2d,
    MaxPool2d,
    ReceptiveField,
    Sequential,
    affine,
    load_pretrained,
    receptive_field,
)
from pages.kit.framing import AS_DRAWN, Frame, as_mnist
from pages.kit.pictures import PAD
from pages.kit.sheets import Sheet

Row = NDArray[np.float64]
Plane = NDArray[np.float64]


class Reader:
    """The shipped network, cut in front of its last layer.

    The page and a moving pen may ask at the same time, and layers remember what they last saw: one
    question at a time. Raises StateError if the weights are damaged.
    """

    def __init__(self) -> None:
        *layers, last = load_pretrained("mnist").layers
        assert isinstance(last, Affine)
        self.body = Sequential(*layers)
        self.weight = last.params["weight"].astype(float)  # (10, 400)
        self.bias = last.params["bias"].astype(float)
        self.parameters = self.body.parameter_count, last.parameter_count
        self._busy = threading.Lock()
        self._last: Reading | None = None

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """That of the last maps: 16×5×5."""
        maps, rows, columns = self.body.summary((1, PAD, PAD))[-1].input_shape
        return maps, rows, columns

    @cached_property
    def sees(self) -> ReceptiveField:
        """What one cell of the last maps sees of the image, along each side."""
        return receptive_field(
            (layer.kernel_size[0], layer.stride[0], layer.padding[0][0])
            for layer in self.body.layers
            if isinstance(layer, Conv2d | MaxPool2d)
        )

    def read(self, sheet: Sheet, *, is_framed: bool) -> "Reading":
        """Read a sheet, framed as MNIST's digits are or as it is."""
        last = self._last
        if last and last.sheet.name == sheet.name and last.is_framed == is_framed:
            return last  # with everything that was worked out for it
        frame = as_mnist(sheet.ink) if is_framed else AS_DRAWN
        image = frame.apply(sheet.ink).astype(np.float32)
        with self._busy:
            numbers = self.body.forward(image[None, None])[0].astype(float)
        self._last = Reading(self, sheet, is_framed, frame, image, numbers)
        return self._last

    def gradients(self, image: np.ndarray, weights: np.ndarray) -> Plane:
        """How each weighted sum of the 400 numbers changes with the pixels: (n, 28, 28).

        `weights` (n, 400) has a row for each sum.
        """
        with self._busy:
            self.body.forward(np.repeat(image[None, None], len(weights), axis=0))
            gradients = self.body.backward(weights.astype(np.float32))
        assert gradients is not None
        return gradients[:, 0].astype(float)


@dataclass(frozen=True, eq=False)
class Reading:
    """A sheet, the image that the network sees of it, and the 400 numbers that come out."""

    reader: Reader
    sheet: Sheet
    is_framed: bool
    frame: Frame
    image: np.ndarray  # (28, 28), float32
    numbers: Row

    @cached_property
    def scores(self) -> Row:
        """One score for each class."""
        return self.scores_of(self.numbers)

    def scores_of(self, numbers: Row) -> Row:
        """The scores that the last layer makes of 400 numbers."""
        return affine(numbers[None], self.reader.weight, self.reader.bias)[0]

    @property
    def winner(self) -> int:
        """The class with the largest score."""
        return int(self.scores.argmax())

    def rival_of(self, chosen: int) -> int:
        """The strongest other class."""
        return next(int(k) for k in np.argsort(-self.scores, kind="stable") if k != chosen)

    def by_ink(self, weights: np.ndarray) -> Plane:
        """What each pixel of the sheet adds to weighted sums of the numbers: (n, 28, 28).

        `weights` (n, 400) has a row for each sum.
        """
        gradients = self.reader.gradients(self.image, weights)
        return self.sheet.ink * self.frame.back(gradients)

    @cached_property
    def fed(self) -> Plane:
        """What each pixel of the sheet adds to each of the numbers: (400, 28, 28)."""
        alive = np.flatnonzero(self.numbers)  # behind a shut ReLU nothing adds anything
        fed = np.zeros((len(self.numbers), PAD, PAD))
        if alive.size:
            fed[alive] = self.by_ink(np.eye(len(self.numbers))[alive])
        return fed
