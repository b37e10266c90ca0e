"""Every shift of one picture, before a convolution and after it: do both orders agree?"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_core import conv2d
from pages.kit.controls import Numbers
from pages.kit.journey import moved
from pages.kit.patterns import pictures

REACH = 4
STEPS = range(-REACH, REACH + 1)
SIDE = 12


def drawings(seed: int) -> dict[str, Numbers]:
    """Pictures of `SIDE`×`SIDE`: three with a margin of zeros around them, one without."""
    margin = 2
    small = pictures(SIDE - 2 * margin, seed)
    return {
        **{name: np.pad(small[name], margin) for name in ("letter", "digit", "cross")},
        "random": pictures(SIDE, seed)["random"],
    }


@dataclass(frozen=True)
class Shifts:
    """A picture (W, W), moved by -REACH to REACH cells down and to the right, and a kernel (F, F).

    The first axis of every array counts the 81 shifts: down, and for each of them to the right.
    What leaves the frame is lost, and zeros come in.
    """

    x: Numbers
    kernel: Numbers
    stride: int
    padding: int

    @cached_property
    def inputs(self) -> np.ndarray:
        """The picture, shifted (81, W, W)."""
        return np.array([moved(self.x, down, right) for down in STEPS for right in STEPS])

    @cached_property
    def maps(self) -> np.ndarray:
        """Shifted, then convolved (81, oW, oW)."""
        inputs, weight = self.inputs[:, None], self.kernel[None, None]
        return conv2d(inputs, weight, stride=self.stride, padding=self.padding)[:, 0]

    @property
    def map(self) -> Numbers:
        """The feature map of the picture where it was."""
        return self.maps[len(self.maps) // 2]

    @cached_property
    def moved_maps(self) -> np.ndarray:
        """Convolved, then shifted by `map_steps` (81, oW, oW)."""
        steps = self.map_steps
        return np.array([moved(self.map, down, right) for down in steps for right in steps])

    @property
    def map_steps(self) -> list[int]:
        """How far the map should move for each of `STEPS`, in whole cells, towards zero."""
        return [int(step / self.stride) for step in STEPS]

    @cached_property
    def gaps(self) -> np.ndarray:
        """What the two orders differ by, without the rounding errors (81, oW, oW)."""
        gaps = self.maps - self.moved_maps
        gaps[np.abs(gaps) <= 1e-9 * np.abs(self.maps).max()] = 0
        return gaps

    @cached_property
    def inside(self) -> np.ndarray:
        """True where neither the border nor anything beyond it can play a part (81, oW, oW).

        The cell's window, and the window of the cell that moves there, lie within the picture.
        """
        cells = np.arange(len(self.map))

        def fits(cells: np.ndarray) -> np.ndarray:
            start = cells * self.stride - self.padding
            return (start >= 0) & (start + len(self.kernel) <= len(self.x))

        lines = [fits(cells) & fits(cells - step) for step in self.map_steps]
        return np.array([np.logical_and.outer(down, right) for down in lines for right in lines])

    def answer(self) -> str:
        """What the map does when the picture moves one cell right: "moves", "stays", "changes"."""
        one_right = len(self.maps) // 2 + 1
        moved_map, new = moved(self.map, 0, 1), self.maps[one_right]
        inside = self.inside[one_right].copy()
        inside[:, 0] = False  # nothing moves there
        if np.allclose(moved_map[inside], new[inside]):
            return "moves"
        return "stays" if np.allclose(self.map[inside], new[inside]) else "changes"
