"""/pooling-gradient: what arrives at each cell is what the loss says when that cell is nudged."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.pool_gradients import PoolGradients, checkable
from pages.kit.pools import Pools
from tests.pages.lesson import open_lesson

LESSON = "pooling/pooling_gradient.py"
X = [[-1.5, 0, 2, 4], [5, -6, 7, 6.5], [3, 2.5, 1, 0.25], [0.5, -2, -3, -4]]
TIE = [[1, 1, 2, 4], [8, 6, 8, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
F: dict[str, Callable[[float], float]] = {
    "none": lambda u: u,
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
    "tanh": math.tanh,
}
NUDGE = 1e-5


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(each.proto.json) for each in at.get("bidi_component")]
    (data,) = (data for data in given if "back" in data)
    return data


def text(x: Sequence[Sequence[float]]) -> str:
    return ";".join(",".join(map(str, row)) for row in x)


def loss(
    pooling: str,
    x: Sequence[Sequence[float]],
    g: Sequence[Sequence[float]],
    size: int,
    stride: int,
    beta: float,
    bias: float,
    f: str,
) -> float:
    """E = Σ g·y, read off the grid window by window."""
    total = 0.0
    for i, row in enumerate(g):
        for j, weight in enumerate(row):
            cells = [x[i * stride + u][j * stride + v] for u in range(size) for v in range(size)]
            y = {
                "largest": max(cells),
                "average": sum(cells) / size**2,
                "trained": F[f](beta * sum(cells) + bias),
            }[pooling]
            total += weight * y
    return total


def nudged(x: Sequence[Sequence[float]], r: int, c: int, by: float) -> list[list[float]]:
    return [
        [value + by * ((r, c) == (i, j)) for j, value in enumerate(row)] for i, row in enumerate(x)
    ]


@pytest.mark.parametrize(
    ("size", "stride", "f"),
    [(2, 1, "tanh"), (3, 1, "sigmoid"), (3, 2, "none")],
)
def test_all_that_arrives_equals_central_differences(size: int, stride: int, f: str) -> None:
    beta, bias = -0.15, 0.25
    data = mounted(
        open_lesson(LESSON, x=text(X), size=size, stride=stride, f=f, beta=beta, bias=bias)
    )
    g = data["gradient"]
    how: dict[str, Any] = {"g": g, "size": size, "stride": stride, "f": f}
    for pooling in ("largest", "average", "trained"):

        def slope(r: int, c: int, pooling: str = pooling) -> float:
            up, down = (
                loss(pooling, nudged(X, r, c, by), beta=beta, bias=bias, **how)
                for by in (NUDGE, -NUDGE)
            )
            return (up - down) / (2 * NUDGE)

        expected = [[slope(r, c) for c in range(4)] for r in range(4)]
        back = data["back"][pooling]
        np.testing.assert_allclose(back["total"], expected, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(back["so_far"][-1], expected, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(np.sum(back["shares"], axis=0), expected, rtol=1e-6, atol=1e-8)
        if pooling != "trained":  # nothing gets lost
            assert back["sums"][-1] == pytest.approx(np.sum(g))
    for name in ("beta", "bias"):
        learned: dict[str, Any] = {"beta": beta, "bias": bias}
        up, down = (
            loss("trained", X, **how, **learned | {name: learned[name] + by})
            for by in (NUDGE, -NUDGE)
        )
        assert data["back"][name]["total"] == pytest.approx((up - down) / (2 * NUDGE), rel=1e-6)


def test_a_share_is_what_comes_back_from_one_output_alone() -> None:
    """Window 2, stride 1: the middle 7 wins two windows, and every cell there counts in four."""
    back = mounted(open_lesson(LESSON, stride=1))["back"]
    shares = np.array(back["largest"]["shares"])
    assert shares[:, 1, 2].tolist() == [0, 2, 0, 0, -1, 0, 0, 0, 0]
    assert [grid[1][2] for grid in back["largest"]["so_far"]] == [0, 2, 2, 2, 1, 1, 1, 1, 1]
    shares = np.array(back["average"]["shares"])
    assert shares[:, 1, 2].tolist() == [0, 0.5, -0.75, 0, -0.25, 0.5, 0, 0, 0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_equal_maxima_the_first_takes_all_and_the_check_says_kink(lang: str) -> None:
    data = mounted(open_lesson(LESSON, lang, x=text(TIE), check="2-3"))
    assert np.array(data["back"]["largest"]["total"])[1].tolist() == [1, 0, 2, 0]
    found = data["checks"]["found"]
    assert found["largest"]["kink"]
    assert (found["largest"]["slope_below"], found["largest"]["analytic"]) == (0, 2)
    assert found["largest"]["slope_above"] == pytest.approx(2)
    assert found["largest"]["numeric"] == pytest.approx(1)
    assert found["average"]["verdict"] == found["trained"]["verdict"] == "excellent"


def test_a_difference_that_rounding_explains_is_called_so() -> None:
    """With tanh of 10.5 the slope is 3e-9 and E cannot show it: no error of 1e-7 is claimed."""
    found = mounted(open_lesson(LESSON, f="tanh", check="2-3"))["checks"]["found"]
    assert found["trained"]["verdict"] == "excellent"
    assert found["trained"]["is_rounding"]
    assert abs(found["trained"]["numeric"] / found["trained"]["analytic"] - 1) > 1e-3
    assert not found["average"]["is_rounding"]


@pytest.mark.parametrize("f", F)
def test_every_check_agrees_where_there_is_a_derivative(f: str) -> None:
    pools = Pools(np.array(X), 2, 1, beta=-0.15, bias=0.25, activation=f)
    gradients = PoolGradients(pools, np.arange(-4.0, 5).reshape(3, 3))
    assert len(checkable(pools)) == 18
    for name in checkable(pools):
        assert {each.verdict for each in gradients.check(name).values()} == {"excellent"}, name


def test_a_wrong_gradient_fails_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    gradients = PoolGradients(Pools(np.array(X), 2, 2), np.array([[1.0, 2], [4, -1]]))
    monkeypatch.setitem(
        vars(gradients), "total", gradients.total._replace(largest=gradients.total.average)
    )
    assert gradients.check("2-3")["largest"].verdict == "wrong"  # shared instead of routed


@pytest.mark.parametrize(
    ("settings", "question", "truth"),
    [({}, ("2", "7", "3"), "0"), ({"size": 1, "stride": 1}, ("1", "4", "4"), "1")],
)
def test_the_answer_comes_from_the_grid_and_is_hidden_until_then(
    settings: dict[str, Any], question: tuple[str, str, str], truth: str
) -> None:
    at = open_lesson(LESSON, **settings)
    assert mounted(at)["hidden"]
    (asked,) = (words.value for words in at.markdown if "top right" in words.value)
    g, x, column = question
    assert f"gradient of {g} " in asked
    assert f"**{x}**" in asked
    assert f"column {column})" in asked
    assert not at.latex
    at.number_input(key="cell-guess").set_value(0.5)
    (check,) = (button for button in at.button if button.label == "Check")
    check.click().run()
    assert any(f"**{truth}**" in words.value for words in at.markdown)
    assert not mounted(at)["hidden"]
    assert at.latex


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"check": "5-1"}, ("chosen", "none")),
        ({"g2": "1,2;3,inf"}, ("gradient", [[1, 2], [4, -1]])),
        ({"beta": "7"}, ("beta", 1)),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: tuple[str, object]
) -> None:
    at = open_lesson(LESSON, "zh", **setting)
    data = mounted(at)
    data["beta"] = data["dials"][0]["values"][0]
    assert data[shown[0]] == shown[1]
    (notice,) = at.info
    assert next(iter(setting)) in notice.value


def test_a_gradient_of_another_size_is_not_lost() -> None:
    at = open_lesson(LESSON, g2="5,6;7,8")
    at.slider(key="stride-slider").set_value(1).run()
    assert len(mounted(at)["gradient"]) == 3
    at.slider(key="stride-slider").set_value(2).run()
    assert mounted(at)["gradient"] == [[5, 6], [7, 8]]
