"""/subsampling shows what one would work out by hand, and never tells before it has asked."""

import json
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.pages.lesson import open_lesson, unpacked

LESSON = "pooling/subsampling.py"
Grid = list[list[float]]

EXAMPLE: Grid = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
SIGNED: Grid = [[-3, 0.5, 1, 1], [0, 2, 0, -8], [0, 0, 4, 0], [0, 0, 0, 1]]
BINARY: Grid = [[0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 1, 1]]
FUNCTIONS = {"none": lambda u: u, "sigmoid": lambda u: 1 / (1 + math.exp(-u)), "tanh": math.tanh}


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    (raw,) = (each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes)
    return unpacked(raw)


def counted(at: AppTest) -> dict[str, Any]:
    """What the strip of parameters was given."""
    given = [json.loads(each.proto.json) for each in at.get("bidi_component") if each.proto.json]
    (data,) = (data for data in given if "lenet" in data)
    return data


def text(x: Grid) -> str:
    return ";".join(",".join(map(str, row)) for row in x)


def window_sums(x: Grid) -> Grid:
    return [[x[r][c] + x[r][c + 1] + x[r + 1][c] + x[r + 1][c + 1] for c in (0, 2)] for r in (0, 2)]


@pytest.mark.parametrize(
    ("x", "beta", "bias", "f"),
    [
        (EXAMPLE, 0.2, -2.5, "sigmoid"),
        (EXAMPLE, 0.25, 0, "none"),
        (SIGNED, -0.35, 3.5, "tanh"),
        (BINARY, 6, -21, "sigmoid"),
        (SIGNED, 0, 24, "none"),
    ],
)
def test_every_step_by_hand(x: Grid, beta: float, bias: float, f: str) -> None:
    data = mounted(open_lesson(LESSON, x=text(x), beta=beta, bias=bias, f=f))
    sums, function = window_sums(x), FUNCTIONS[f]
    assert data["sums"] == sums
    weighted = [[beta * total + bias for total in row] for row in sums]
    np.testing.assert_allclose(data["weighted"], weighted, rtol=1e-12, atol=1e-12)
    trained = [[function(u) for u in row] for row in weighted]
    np.testing.assert_allclose(data["trained"], trained, rtol=1e-12, atol=1e-15)
    assert data["average"] == [[total / 4 for total in row] for row in sums]
    assert data["is_average"] == ((beta, bias, f) == (0.25, 0, "none"))
    curve = data["arrays"]["curve"]
    low, high = data["domain"]
    along = np.linspace(low, high, len(curve))
    expected = [function(beta * total + bias) for total in along]
    np.testing.assert_allclose(curve, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("bias", "decides"), [(-3, any), (-21, all)])
def test_a_large_coefficient_makes_it_a_noisy_or_and_a_noisy_and(bias: float, decides: Any) -> None:
    data = mounted(open_lesson(LESSON, x=text(BINARY), beta=6, bias=bias))
    cells = [[BINARY[r + u][c + v] for u in (0, 1) for v in (0, 1)] for r in (0, 2) for c in (0, 2)]
    assert [len(set(row)) for row in cells] == [1, 2, 2, 1]  # none, one, three, all of them
    assert np.round(data["trained"]).flatten().tolist() == [decides(row) for row in cells]
    answers = [decides([1] * ones + [0] * (4 - ones)) for ones in range(5)]
    assert [round(y) for _ones, y in data["counts"]] == answers
    assert all(min(y, 1 - y) < 0.05 for _ones, y in data["counts"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_makes_it_the_average_is_hidden_until_the_guess(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    assert mounted(at)["hidden"]
    assert not any("0.25" in words.value for words in at.markdown)
    at.number_input(key="average-guess").set_value(4)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert not mounted(at)["hidden"]
    assert any("**0.25**" in words.value and "3.75" in words.value for words in at.markdown)


def test_a_dial_that_turns_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, f="tanh")  # the address ends with its session
    token = mounted(at)["direct"].removeprefix("direct/")
    turned = unpacked(ask(token, {"beta": "-0.45", "bias": "7.5"}))
    settled = mounted(open_lesson(LESSON, f="tanh", beta=-0.45, bias=7.5))
    np.testing.assert_array_equal(turned.pop("arrays")["curve"], settled["arrays"]["curve"])
    assert turned == {name: settled[name] for name in turned}
    assert turned["dials"][0]["values"] == [pytest.approx(-0.45)]
    for wrong in ({"beta": "7", "bias": "0"}, {"beta": "1"}, {"beta": "nan", "bias": "0"}):
        with pytest.raises(UnusableError):
            ask(token, wrong)


def test_the_parameters_are_those_that_the_paper_counts() -> None:
    """LeCun et al. 1998, II.B: C1 has 156 and 122,304 connections, S2 12 and 5,880, ..."""
    data = counted(open_lesson(LESSON, maps=16))
    assert data["maps"] == 16
    assert data["parameters"] == [[0, 0, 2 * maps] for maps in range(1, 65)]
    lenet = [(row["parameters"], row["connections"]) for row in data["lenet"]]
    assert lenet == [(156, 122304), (12, 5880), (32, 2000)]
    arrows = mounted(open_lesson(LESSON))["arrows"]
    assert {name: words.split(" · ")[1] for name, words in arrows.items()} == {
        "add": "0 parameters",
        "weigh": "2 parameters",
        "bend": "0 parameters",
        "mean": "0 parameters",
    }


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"beta": "7", "bias": "-99", "window": "4"}, {"beta": 6, "bias": -24, "window": 3}),
        ({"beta": "0.23", "bias": "1,2", "f": "relu"}, {"beta": 0.25, "bias": -2.5}),
        ({"beta": "half", "x": text(EXAMPLE).replace("8", "nan")}, {"beta": 0.2, "x": EXAMPLE}),
        ({"x": text(EXAMPLE).replace("8", "1e300")}, {"x": EXAMPLE}),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    settings: dict[str, str], expected: dict[str, Any]
) -> None:
    at = open_lesson(LESSON, "zh", **settings)
    data = mounted(at)
    beta, bias = (dial["values"][0] for dial in data["dials"])
    found = {"beta": beta, "bias": bias, "window": data["at"], "x": data["x"]}
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value)
    assert data["activation"] == "sigmoid"
    assert len(at.info) == len(settings)
    assert all(any(name in notice.value for notice in at.info) for name in settings)
