"""/pooling shows what a reader would compute by hand, whatever the link asks for."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.language import catalogue
from tests.pages.lesson import open_lesson

LESSON = "operations/pooling.py"
EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
TIES = [[7, 7, 3, 3], [7, 7, 3, 0], [2, 5, 1, 1], [5, 2, 1, 1]]


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = (data for data in given if "pooled" in data)
    return data


def windows(x: Sequence[Sequence[float]], size: int, stride: int) -> list[list[list[float]]]:
    """The numbers of each window, the way one reads them off the grid."""
    starts = range(0, len(x) - size + 1, stride)
    return [
        [[x[r + u][c + v] for u in range(size) for v in range(size)] for c in starts]
        for r in starts
    ]


def text(x: Sequence[Sequence[float]]) -> str:
    return ";".join(",".join(map(str, row)) for row in x)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_classical_example(lang: str) -> None:
    data = mounted(open_lesson(LESSON, lang))
    largest, average = data["pooled"]
    assert data["x"] == EXAMPLE
    assert largest["values"] == [[6, 8], [3, 4]]
    assert average["values"] == [[3.25, 5.25], [2, 2]]
    assert data["sums"] == [[13, 21], [8, 8]]
    zero = "0 parameters" if lang == "en" else "0个参数"
    assert all(each["arrow"].endswith(zero) for each in (largest, average))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_every_window_and_stride(size: int, stride: int) -> None:
    x: list[list[float]] = [[-1.5, 0, 2, 4], [5, -6, 7, 7], [3, 2, 1, 0.25], [0, 2, -3, -4]]
    data = mounted(open_lesson(LESSON, size=size, stride=stride, x=text(x)))
    seen = windows(x, size, stride)
    largest, average = (np.array(each["values"]) for each in data["pooled"])
    np.testing.assert_array_equal(largest, [[max(cells) for cells in row] for row in seen])
    means = [[sum(cells) / size**2 for cells in row] for row in seen]
    np.testing.assert_allclose(average, means, rtol=1e-12)
    winners = [[[cell == max(cells) for cell in cells] for cells in row] for row in seen]
    assert np.reshape(data["winners"], (*largest.shape, -1)).tolist() == winners
    starts = range(0, 4 - size + 1, stride)
    axis = {start + u for start in starts for u in range(size)}
    assert data["reached"] == [[r in axis and c in axis for c in range(4)] for r in range(4)]


def test_ties_are_all_marked() -> None:
    winners = mounted(open_lesson(LESSON, x=text(TIES)))["winners"]
    assert winners[0][0] == [[True, True], [True, True]]
    assert winners[1][0] == [[False, True], [True, False]]


def test_random_numbers_come_from_the_seed_and_can_be_edited() -> None:
    digits = np.random.default_rng(7).integers(0, 10, (4, 4)).tolist()
    assert mounted(open_lesson(LESSON, numbers="random", seed=7))["x"] == digits
    assert mounted(open_lesson(LESSON, numbers="random", seed=7, x7=text(TIES)))["x"] == TIES
    assert mounted(open_lesson(LESSON, numbers="random", seed=8))["x"] != digits


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_asked_window_is_hidden_until_the_guess_and_never_again(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    assert mounted(at)["hidden"] == 1
    at.number_input(key="corner-guess").set_value(7)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert mounted(at)["hidden"] is None
    said = [markdown.value for markdown in at.markdown]
    assert any("**8**" in words and "7" in words for words in said)
    assert any("5.25" in words for words in said)
    at.slider(key="size-slider").set_value(3).run()
    assert mounted(at)["hidden"] is None


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"size": "5"}, ("size", 4)),
        ({"size": "two"}, ("size", 2)),
        ({"stride": "0"}, ("stride", 1)),
        ({"window": "99"}, ("at", 3)),
        ({"x": "1,2;3,4"}, ("x", EXAMPLE)),
        ({"x": text(EXAMPLE).replace("8", "nan")}, ("x", EXAMPLE)),
        ({"x": text(EXAMPLE).replace("8", "1e300")}, ("x", EXAMPLE)),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: tuple[str, object], lang: str
) -> None:
    at = open_lesson(LESSON, lang, **setting)
    name, value = shown
    assert mounted(at)[name] == value
    (notice,) = at.info
    assert next(iter(setting)) in notice.value


def test_the_arithmetic_follows_the_link() -> None:
    assert mounted(open_lesson(LESSON, window=2))["at"] == 2


def test_its_words_are_translated() -> None:
    data = mounted(open_lesson(LESSON, "zh"))
    chinese = set(catalogue("zh").values())
    assert {each["title"] for each in data["pooled"]} <= chinese
