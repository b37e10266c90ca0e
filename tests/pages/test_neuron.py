"""/neuron counts, scores and learns as by hand, and keeps its secret until it has asked."""

import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.kit.two_digits import two_digits
from tests.pages.lesson import open_lesson, unpacked

LESSON = "classification/neuron.py"
Numbers = tuple[float, float, float]


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    (raw,) = (each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes)
    return unpacked(raw)


def expect_sums(
    products: np.ndarray,
    scores: np.ndarray,
    points: np.ndarray,
    numbers: Numbers,
) -> None:
    w1, w2, b = numbers
    added = [[w1 * x, w2 * y] for x, y in points.tolist()]
    np.testing.assert_allclose(products, added, atol=1e-5)
    np.testing.assert_allclose(scores, [first + second + b for first, second in added], atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "numbers", "task"),
    [
        ({}, (8, 3, -2.5), (6, 2, "lower-left", "lower-right")),
        ({"w": "-9.25,7", "b": 0.75}, (-9.25, 7, 0.75), (6, 2, "lower-left", "lower-right")),
        (
            {"digits": "0,8", "x": "middle,lower-right", "w": "-9,7", "b": 1.5},
            (-9, 7, 1.5),
            (0, 8, "middle", "lower-right"),
        ),
        (
            {"digits": "4,0", "x": "bottom,top", "w": "-6,-7", "b": 9, "bias": 0},
            (-6, -7, 0),
            (4, 0, "bottom", "top"),
        ),
    ],
)
def test_every_number_by_hand(
    settings: dict[str, Any],
    numbers: Numbers,
    task: tuple[int, int, str, str],
) -> None:
    data = mounted(open_lesson(LESSON, **settings))
    digits = two_digits(*task)
    w1, w2, b = numbers
    arrays = data["arrays"]
    assert data["neuron"] == pytest.approx(numbers)
    assert data["learning"] == digits.learning
    assert arrays["is_yes"].tolist() == digits.is_yes
    plain = np.array(digits.points, float)
    np.testing.assert_allclose(arrays["points"], plain, atol=1e-6)
    expect_sums(arrays["products"], arrays["scores"], plain, numbers)
    assert data["counts"] == digits.counts(numbers)
    assert arrays["images"].shape == (len(plain), 8, 8)
    for k, (top, bottom, left, right) in enumerate(data["boxes"]):
        ink = arrays["images"][:, top:bottom, left:right].mean(axis=(1, 2)) / 16
        np.testing.assert_allclose(ink, plain[:, k])
    assert data["blank"] == pytest.approx(b)
    norm = math.sqrt(w1 * w1 + w2 * w2)
    assert data["norm"] == pytest.approx(norm)
    assert data["distance"] == pytest.approx(-b / norm)
    for score, ends in [[0, data["line"]], *data["contours"]]:
        for x, y in ends or []:
            assert w1 * x + w2 * y + b == pytest.approx(score, abs=1e-9)
    assert [w1 * x + w2 * y + b for x, y in data["ramp"]] == pytest.approx([-4, 4])
    foot_x, foot_y = data["foot"]
    assert w1 * foot_x + w2 * foot_y == pytest.approx(-b)
    assert foot_x * w2 == pytest.approx(foot_y * w1)  # along w
    (tip_x, tip_y), (low, _high) = data["tip"], data["view"]
    assert tip_x * w2 == pytest.approx(tip_y * w1)
    assert tip_x * w1 > 0
    assert max(abs(tip_x), abs(tip_y)) <= -low


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_works_without_a_bias_is_hidden_until_the_guess(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    assert mounted(at)["best"] == {"with": 264, "without": None}
    assert not any("178" in words.value for words in at.markdown)
    assert any("264" in words.value and "269" in words.value for words in at.markdown)
    at.number_input(key="without-guess").set_value(250)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert mounted(at)["best"] == {"with": 264, "without": 178}
    assert any("**178**" in words.value and "72" in words.value for words in at.markdown)
    at.text_input(key="digits").set_value("0,4")  # another task is another question
    at.text_input(key="x").set_value("top,bottom").run()
    assert mounted(at)["best"] == {"with": 266, "without": None}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("has_bias", [True, False])
def test_learning_answers_with_a_way_that_ends_well(lang: str, has_bias: bool) -> None:
    at = open_lesson(LESSON, lang, bias=int(has_bias))
    token = mounted(at)["direct"].removeprefix("direct/")
    start = {"w": "8,3", "b": "-2.5", "bias": str(int(has_bias))}
    data = unpacked(ask(token, {**start, "learn": "1"}))
    path, digits = data["path"], two_digits(6, 2, "lower-left", "lower-right")
    assert (path["steps"][0], path["steps"][-1]) == (0, 300)
    assert len(path["frames"]) == len(path["steps"]) == len(data["arrays"]["path_scores"])
    for frame, scores, products in zip(
        path["frames"],
        data["arrays"]["path_scores"],
        data["arrays"]["path_products"],
        strict=True,
    ):
        w1, w2, b = frame["neuron"]
        assert frame["counts"] == digits.counts((w1, w2, b))
        expect_sums(products, scores, np.array(digits.points, float), (w1, w2, b))
        assert has_bias or b == 0
    assert path["results"]["with" if has_bias else "without"] == path["frames"][-1]["counts"]
    assert path["results"]["with"]["learning"][0] >= 260
    assert path["results"]["without"]["learning"][0] == 136


def test_what_is_dragged_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON)  # the address ends with its session
    token = mounted(at)["direct"].removeprefix("direct/")
    turned = unpacked(ask(token, {"w": "-4.2,11", "b": "3.05", "bias": "1"}))
    settled = mounted(open_lesson(LESSON, w="-4.2,11", b=3.05))
    for name, array in turned.pop("arrays").items():
        np.testing.assert_array_equal(array, settled["arrays"][name])
    assert turned == {name: settled[name] for name in turned}
    for wrong in (
        {"w": "nan,1"},
        {"w": "1"},
        {"w": "1,16"},
        {"b": "inf"},
        {"b": ""},
        {"bias": "yes"},
    ):
        with pytest.raises(UnusableError):
            ask(token, {"w": "1,2", "b": "3", "bias": "1", **wrong})


def test_without_weights_there_is_a_score_but_no_line() -> None:
    data = mounted(open_lesson(LESSON, w="0,0", b=2))
    assert [data[name] for name in ("line", "ramp", "foot", "distance")] == [None] * 4
    assert set(data["arrays"]["scores"].tolist()) == {2}
    assert data["counts"]["learning"] == [136, 269]  # all of one kind


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_shape_and_parameters_stand_on_the_arrow(lang: str) -> None:
    three = mounted(open_lesson(LESSON, lang))["step_words"]
    two = mounted(open_lesson(LESSON, lang, bias=0))["step_words"]
    assert three.startswith("w·x + b → 1 · 3")
    assert two.startswith("w·x → 1 · 2")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"w": "99,-99", "b": "1e5"}, {"neuron": [15, -15, 15]}),
        ({"w": "nan,1", "b": "inf"}, {"neuron": [8, 3, -2.5]}),
        ({"w": "1,2,3", "b": "-1.23456"}, {"neuron": [8, 3, -1.23]}),
        ({"digits": "6,6", "x": "top,top"}, {"digits": ["6", "2"]}),
        ({"digits": "6", "x": "top"}, {"segments": ["lower-left", "lower-right"]}),
        ({"digits": "6,10", "x": "left,right"}, {"segments": ["lower-left", "lower-right"]}),
        ({"bias": "no", "image": "358"}, {"has_bias": True, "at": 357}),
        ({"image": "-1"}, {"at": 0}),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_link_cannot_have_falls_back_and_is_said(
    lang: str, settings: dict[str, str], expected: dict[str, Any]
) -> None:
    at = open_lesson(LESSON, lang, **settings)
    data = mounted(at)
    for name, value in expected.items():
        assert data[name] == (pytest.approx(value) if name == "neuron" else value)
    assert len(at.info) == len(settings)
    assert all(any(f"`{name}=" in notice.value for notice in at.info) for name in settings)
