"""The twelve numbers of a 9×9 drawing in plain loops, the oracle of what votes."""

import numpy as np

STROKES_OF_THE_KERNELS = ("X..\n.X.\n..X", "X.X\n.X.\nX.X", "..X\n.X.\nX..")


def twelve_by_hand(pixels: np.ndarray) -> list[float]:
    """Match with each stroke, drop what is negative, keep the best of each 4×4 corner of places."""
    found = []
    for stroke in STROKES_OF_THE_KERNELS:
        kernel = [[1 if c == "X" else -1 for c in row] for row in stroke.split("\n")]
        match = [
            [
                sum(kernel[u][v] * pixels[r + u, c + v] for u in range(3) for v in range(3)) / 9
                for c in range(7)
            ]
            for r in range(7)
        ]
        for rows in (range(4), range(4, 7)):
            for columns in (range(4), range(4, 7)):
                found += [max(0.0, *(match[r][c] for r in rows for c in columns))]
    return found
