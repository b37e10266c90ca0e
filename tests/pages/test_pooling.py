"""/pooling shows what a reader would compute by hand, whatever the link asks for."""

import itertools
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import direct
from pages.kit.controls import UnusableError
from pages.kit.language import catalogue
from tests.pages.lesson import open_lesson

LESSON = "pooling/pooling.py"
EXAMPLE = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
TIES = [[7, 7, 3, 3], [7, 7, 3, 0], [2, 5, 1, 1], [5, 2, 1, 1]]
MIXED: list[list[float]] = [[-1.5, 0, 2, 4], [5, -6, 7, 7], [3, 2, 1, 0.25], [0, 2, -3, -4]]


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = (data for data in given if "largest" in data)
    return data


def windows(
    x: Sequence[Sequence[float]], size: int, stride: int, padding: int
) -> list[list[list[float]]]:
    """The numbers of each window, the way one reads them off the grid; NaN stands for padding."""
    around = np.pad(np.array(x, float), padding, constant_values=np.nan)
    starts = range(0, len(around) - size + 1, stride)
    return [
        [[around[r + u, c + v] for u in range(size) for v in range(size)] for c in starts]
        for r in starts
    ]


def text(x: Sequence[Sequence[float]]) -> str:
    return ";".join(",".join(map(str, row)) for row in x)


def squash(name: str, u: np.ndarray) -> np.ndarray:
    return {"none": u, "sigmoid": 1 / (1 + np.exp(-u)), "tanh": np.tanh(u)}[name]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_classical_example(lang: str) -> None:
    data = mounted(open_lesson(LESSON, lang))
    assert data["x"] == EXAMPLE
    assert data["largest"] == [[6, 8], [3, 4]]
    assert data["average"] == [[3.25, 5.25], [2, 2]]
    assert data["sums"] == [[13, 21], [8, 8]]
    assert data["trained"] == [[5.5, 9.5], [3, 3]]  # half of the sum, minus 1
    counts = {name: words.split(" · ")[1] for name, words in data["text"]["arrows"].items()}
    of = "{} parameters" if lang == "en" else "{}个参数"
    assert counts == {"largest": of.format(0), "average": of.format(0), "trained": of.format(2)}
    if lang == "zh":
        assert set(data["text"]["titles"].values()) <= set(catalogue("zh").values())


def turn(at: AppTest, **settings: object) -> dict[str, Any]:
    """Set what the link of an open page asks for; what the stage is given then."""
    for name, value in settings.items():
        at.text_input(key=name).set_value(str(value))
    return mounted(at.run())


def test_every_window_and_stride_with_and_without_padding() -> None:
    at = open_lesson(LESSON, x=text(MIXED))
    for size, stride in itertools.product(range(1, 5), repeat=2):
        padding = (size + stride) % size
        beta, bias, f = -0.15 * stride, 0.25 * size, ("none", "sigmoid", "tanh")[stride % 3]
        data = turn(at, size=size, stride=stride, padding=padding, beta=beta, bias=bias, f=f)
        seen = np.array(windows(MIXED, size, stride, padding))
        highest = np.nanmax(seen, axis=-1)
        np.testing.assert_array_equal(data["largest"], highest)
        sums = np.nansum(seen, axis=-1)
        np.testing.assert_allclose(data["average"], sums / size**2, rtol=1e-12)
        np.testing.assert_allclose(data["trained"], squash(f, beta * sums + bias), rtol=1e-12)
        winners = np.array(data["winners"]).reshape(seen.shape)
        np.testing.assert_array_equal(winners, seen == highest[..., None])
        starts = range(-padding, 4 + padding - size + 1, stride)
        line = [any(start <= i < start + size for start in starts) for i in range(4)]
        assert data["unread"] == 16 - sum(line) ** 2


def test_ties_are_all_marked() -> None:
    winners = mounted(open_lesson(LESSON, x=text(TIES)))["winners"]
    assert winners[0][0] == [[True, True], [True, True]]
    assert winners[1][0] == [[False, True], [True, False]]


def test_it_says_when_the_subsampling_is_the_average() -> None:
    at = open_lesson(LESSON, stride=1, bias=0, x=text(MIXED))
    for size, beta in ((1, "1"), (2, "0.25"), (3, "1/9"), (4, "1/16")):
        data = turn(at, size=size, padding=size // 2, beta=beta, f="none")
        assert data["is_average"]
        np.testing.assert_allclose(data["trained"], data["average"], rtol=1e-12)
        assert not turn(at, f="tanh")["is_average"]


def test_a_slider_is_answered_while_it_moves() -> None:
    at = open_lesson(LESSON, size=2, stride=1, f="tanh", x=text(MIXED))
    token = mounted(at)["direct"].removeprefix("direct/")
    packed = direct.ask(token, {"beta": "-0.35", "bias": "2"})
    answer = json.loads(packed[4 : 4 + int.from_bytes(packed[:4], "little")])
    sums = np.sum(windows(MIXED, 2, 1, 0), axis=-1)
    np.testing.assert_allclose(answer["trained"], np.tanh(-0.35 * sums + 2), rtol=1e-12)
    assert answer["learned"] == {"beta": "-0.35", "bias": "2"}
    for unusable in ({"beta": "nan", "bias": "0"}, {"beta": "1e300", "bias": "0"}, {"beta": "0"}):
        with pytest.raises(UnusableError):
            direct.ask(token, unusable)


def test_random_numbers_come_from_the_seed_and_can_be_edited() -> None:
    at = open_lesson(LESSON, numbers="random", seed=7, x=text(TIES), x8=text(MIXED))
    digits = [np.random.default_rng(seed).integers(0, 10, (4, 4)).tolist() for seed in (7, 9)]
    assert mounted(at)["x"] == digits[0]
    assert turn(at, seed=9)["x"] == digits[1]
    assert turn(at, seed=8)["x"] == MIXED  # an edited grid is found again
    assert turn(at, numbers="example")["x"] == TIES


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
    assert any("5.25" in words and "9.5" in words for words in said)
    at.slider(key="size-slider").set_value(3).run()
    assert mounted(at)["hidden"] is None


def test_the_padding_is_always_smaller_than_the_window() -> None:
    at = open_lesson(LESSON, size=4, padding=3)
    assert mounted(at)["padding"] == 3
    at.slider(key="size-slider").set_value(2).run()
    assert mounted(at)["padding"] == 1
    assert not at.info
    at.slider(key="size-slider").set_value(1).run()
    assert mounted(at)["padding"] == 0
    assert not at.info


BAD = {
    "size": ("5", "size", 4),
    "stride": ("zero", "stride", 2),
    "padding": ("-1", "padding", 0),
    "window": ("99", "at", 0),
    "beta": ("7", "learned", {"beta": "1", "bias": "-1"}),
    "bias": ("nan", "learned", {"beta": "1", "bias": "-1"}),
    "f": ("relu", "f", "none"),
    "x": ("1,2;3,4", "x", EXAMPLE),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_link_cannot_have_falls_back_and_is_said(lang: str) -> None:
    at = open_lesson(LESSON, lang, **{name: asked for name, (asked, *_) in BAD.items()})
    data = mounted(at)
    for _asked, name, value in BAD.values():
        assert data[name] == value
    assert len(at.info) == len(BAD)
    for name in BAD:
        assert sum(f"`{name}=" in notice.value for notice in at.info) == 1


def test_of_a_cell_that_is_no_number_one_sentence_is_said() -> None:
    at = open_lesson(LESSON)
    for cell in ("eight", "", "nan", "inf", "-inf", "1e300"):
        assert turn(at, x=text(EXAMPLE).replace("8", cell))["x"] == EXAMPLE
        (notice,) = at.info
        assert "is not a number from −99 to 99" in notice.value


def test_the_arithmetic_follows_the_link() -> None:
    assert mounted(open_lesson(LESSON, window=2))["at"] == 2
