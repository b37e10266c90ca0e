"""/shift compares both orders for all 81 shifts; SciPy says what each should give."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d
from streamlit.testing.v1 import AppTest

from pages.kit.patterns import kernels
from pages.kit.shifts import SIDE, Shifts, drawings
from tests.pages.lesson import open_lesson

LESSON = "convolution/shift.py"
SEED = 3
SHIFTS = [(down, right) for down in range(-4, 5) for right in range(-4, 5)]
EDGE = np.array([[-1, 0, 1]] * 3)


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given; its arrays (see `pack`) as NumPy's."""
    assert not at.exception
    (packed,) = (each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes)
    start = 4 + int.from_bytes(packed[:4], "little")
    data = json.loads(packed[4:start])
    for name, array in data["arrays"].items():
        values = np.frombuffer(
            packed, array["type"], np.prod(array["shape"]), start + array["offset"]
        )
        data["arrays"][name] = values.reshape(array["shape"])
    return data


def moved(values: np.ndarray, down: int, right: int) -> np.ndarray:
    """Moved cell by cell; what leaves is lost."""
    result = np.zeros_like(values)
    for (i, j), value in np.ndenumerate(values):
        if 0 <= i + down < len(values) and 0 <= j + right < len(values):
            result[i + down, j + right] = value
    return result


def convolved(x: np.ndarray, stride: int, padding: int) -> np.ndarray:
    return convolve2d(np.pad(x, padding), EDGE, mode="valid")[::stride, ::stride]


@pytest.mark.parametrize(
    ("picture", "stride", "padding"),
    [("letter", 1, 1), ("digit", 1, 0), ("random", 2, 1), ("cross", 3, 2)],
)
def test_both_orders_for_every_shift(picture: str, stride: int, padding: int) -> None:
    at = open_lesson(LESSON, picture=picture, stride=stride, padding=padding)
    arrays = mounted(at)["arrays"]
    x = arrays["inputs"][40]
    assert np.count_nonzero(x) > 10
    for n, (down, right) in enumerate(SHIFTS):
        first = convolved(moved(x, down, right), stride, padding)
        step = (int(down / stride), int(right / stride))
        second = moved(convolved(x, stride, padding), *step)
        np.testing.assert_array_equal(arrays["inputs"][n], moved(x, down, right))
        np.testing.assert_array_equal(arrays["maps"][n], first)
        np.testing.assert_array_equal(arrays["moved_maps"][n], second)
        np.testing.assert_array_equal(arrays["gaps"][n], first - second)
        if down % stride == 0 and right % stride == 0:
            assert not arrays["gaps"][n][arrays["inside"][n] == 1].any()


def shifts(
    picture: str = "letter", kernel: str = "edge", stride: int = 1, padding: int = 1
) -> Shifts:
    return Shifts(drawings(SEED)[picture], kernels(3)[kernel], stride, padding)


@pytest.mark.parametrize(("stride", "padding"), [(1, 1), (1, 0), (2, 1), (3, 2)])
def test_inside_means_that_no_border_plays_a_part(stride: int, padding: int) -> None:
    """Followed cell by cell: both windows lie in the picture."""
    inside = shifts(stride=stride, padding=padding).inside
    starts = range(-padding, SIDE + padding - 2, stride)

    def is_inside(cell: int, shift: int) -> bool:
        cells = (cell, cell - int(shift / stride))
        return all(0 <= c < len(starts) and 0 <= starts[c] <= SIDE - 3 for c in cells)

    for n, (down, right) in enumerate(SHIFTS):
        for i, j in np.ndindex(len(starts), len(starts)):
            assert inside[n, i, j] == (is_inside(i, down) and is_inside(j, right))


@pytest.mark.parametrize("picture", sorted(drawings(SEED)))
@pytest.mark.parametrize("kernel", ["edge", "count", "blur"])
def test_the_theorem_holds_for_all_that_can_be_chosen(picture: str, kernel: str) -> None:
    """The answer to the question, and no rounding error that would pass for a difference."""
    case = shifts(picture, kernel)
    assert not case.gaps[case.inside].any()
    assert case.answer() == "moves"
    assert shifts(picture, kernel, stride=2, padding=0).answer() == "changes"


def test_the_border_breaks_it_where_the_links_say_so() -> None:
    """Two right and two down; four right; a picture without a margin."""
    letter, random = shifts("letter").gaps, shifts("random").gaps
    assert not letter[SHIFTS.index((2, 2))].any()
    assert letter[SHIFTS.index((0, 4))].any()
    assert random[SHIFTS.index((1, 2))].any()


@pytest.mark.parametrize(("stride", "answer"), [(1, "moved along"), (2, "another map")])
def test_the_answer_follows_the_stride_and_is_hidden_until_the_guess(
    stride: int, answer: str
) -> None:
    at = open_lesson(LESSON, stride=stride)
    assert mounted(at)["hidden"]
    at.button(key="map-skip").click().run()
    assert not mounted(at)["hidden"]
    assert any(answer in words.value and "**" in words.value for words in at.markdown)


@pytest.mark.parametrize(
    ("setting", "shown"),
    [({"dx": "5"}, ("right", 4)), ({"dy": "-9"}, ("down", -4)), ({"stride": "0"}, ("stride", 1))],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: tuple[str, object]
) -> None:
    at = open_lesson(LESSON, "zh", **setting)
    name, value = shown
    assert mounted(at)[name] == value
    (notice,) = at.info
    assert next(iter(setting)) in notice.value
