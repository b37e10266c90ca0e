"""The two numbers of a digit, added up pixel by pixel."""

from itertools import combinations

import numpy as np
import pytest

from cnn_core import load_dataset
from pages.kit.segments import DIGITS, SEGMENTS, Task, with_other

# Where the strokes of a calculator's 8 lie in 8×8 pixels, one letter each.
PICTURE = {
    "top": ["..xxxx..", "..xxxx..", "........", "........"] + ["........"] * 4,
    "middle": ["........"] * 3 + ["..xxxx..", "..xxxx.."] + ["........"] * 3,
    "bottom": ["........"] * 6 + ["..xxxx..", "..xxxx.."],
    "upper-left": ["........"] + [".xx....."] * 3 + ["........"] * 4,
    "upper-right": ["........"] + [".....xx."] * 3 + ["........"] * 4,
    "lower-left": ["........"] * 4 + [".xx....."] * 3 + ["........"],
    "lower-right": ["........"] * 4 + [".....xx."] * 3 + ["........"],
}


def test_the_points_are_the_mean_ink_of_their_pixels() -> None:
    data = load_dataset("digits", rng=np.random.default_rng(0), scale=False)
    images = np.concatenate([data.train_images, data.test_images])[:, 0]
    labels = np.concatenate([data.train_labels, data.test_labels])
    for yes, no, first, second in [
        ("6", "2", "lower-left", "lower-right"),
        ("8", "3", "top", "middle"),
        ("0", "9", "upper-right", "bottom"),
        ("1", "7", "upper-left", "top"),
    ]:
        task = Task((yes, no), (first, second))
        chosen = [i for i, label in enumerate(labels.tolist()) if str(label) in (yes, no)]
        assert task.learning == sum(i < len(data.train_labels) for i in chosen)
        assert task.is_yes.tolist() == [str(labels[i]) == yes for i in chosen]
        for k, name in enumerate(task.segments):
            cells = [(r, c) for r in range(8) for c in range(8) if PICTURE[name][r][c] == "x"]
            means = [
                sum(float(images[i][cell]) for cell in cells) / len(cells) / 16 for i in chosen
            ]
            np.testing.assert_allclose(task.points[:, k], means, rtol=1e-12)
        points, is_yes = task.lessons
        assert len(points) == len(is_yes) == task.learning
        np.testing.assert_array_equal(points, task.points[: task.learning])


def test_all_seven_strokes_are_drawn_here() -> None:
    assert SEGMENTS.keys() == PICTURE.keys()


@pytest.mark.parametrize("names", [DIGITS, tuple(SEGMENTS)])
def test_a_choice_never_makes_both_the_same(names: tuple[str, ...]) -> None:
    for pair in combinations(names, 2):
        for place in (0, 1):
            for name in names:
                changed = with_other(pair, place, name)
                other = pair[1 - place]
                assert changed[place] == name
                assert changed[1 - place] == (pair[place] if name == other else other)
