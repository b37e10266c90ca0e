"""/batch-norm shows what one would work out by hand, in training and in use, forward and back."""

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.pages.lesson import open_lesson, unpacked

LESSON = "networks/batch_norm.py"
EPS = 1e-5
Grid = Sequence[Sequence[float]]

EXAMPLE: Grid = [[8, 30], [2, 15], [6, 45], [4, 35], [5, 25]]
SIGNED: Grid = [[-3, 0.5], [7, 12], [0, -8], [99, 4], [-0.25, 1]]
RUN: Grid = [[3, 25], [4, 100]]


def parts(at: AppTest) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the stage, the way back and the real channel were given."""
    assert not at.exception
    protos = [each.proto for each in at.get("bidi_component")]
    given = [json.loads(proto.json) for proto in protos if proto.json]
    (stage,) = (data for data in given if "steps" in data)
    (back,) = (data for data in given if "back" in data)
    (real,) = (unpacked(proto.bytes) for proto in protos if proto.bytes)
    return stage, back, real


def text(x: Grid) -> str:
    return ";".join(",".join(map(str, row)) for row in x)


def measure(x: Grid, c: int) -> tuple[float, float]:
    """Mean and variance of a channel, exactly."""
    numbers = [Fraction(row[c]) for row in x]
    mean = sum(numbers, Fraction()) / len(x)
    return float(mean), float(sum(((v - mean) ** 2 for v in numbers), Fraction()) / len(x))


def outputs(x: Grid, gamma: Sequence[float], beta: Sequence[float], run: Grid | None) -> Grid:
    """y, number by number; `run`: in use."""
    known = [measure(x, c) if run is None else (run[0][c], run[1][c]) for c in range(2)]
    return [
        [
            gamma[c] * (v - known[c][0]) / math.sqrt(known[c][1] + EPS) + beta[c]
            for c, v in enumerate(row)
        ]
        for row in x
    ]


@pytest.mark.parametrize("mode", ["training", "use"])
@pytest.mark.parametrize(("x", "n"), [(EXAMPLE, 5), (SIGNED, 5), (SIGNED, 2)])
def test_every_step_by_hand(x: Grid, n: int, mode: str) -> None:
    run: Grid = [[-2.5, 0], [6.25, 0.04]]
    gamma, beta = (1.7, -3.0), (-0.4, 6.0)
    stage, _back, _real = parts(
        open_lesson(
            LESSON, x=text(x), samples=n, mode=mode, run=text(run), gamma="1.7,-3", beta="-0.4,6"
        )
    )
    seen = x[:n]
    assert stage["x"] == [list(row) for row in seen]
    measured = [measure(seen, c) for c in range(2)]
    np.testing.assert_allclose(stage["measured"], np.transpose(measured), rtol=1e-12)
    assert stage["run"] == run
    y = outputs(seen, gamma, beta, run if mode == "use" else None)
    np.testing.assert_allclose(stage["steps"]["y"], y, rtol=1e-9)
    plain = outputs(seen, (1, 1), (0, 0), run if mode == "use" else None)
    np.testing.assert_allclose(stage["steps"]["normalised"], plain, rtol=1e-9, atol=1e-12)
    means = run[0] if mode == "use" else [mean for mean, _var in measured]
    np.testing.assert_allclose(stage["steps"]["centred"], np.array(seen) - means, atol=1e-12)
    followed = [
        [0.9 * run[0][c] + 0.1 * measured[c][0] for c in range(2)],
        [0.9 * run[1][c] + 0.1 * measured[c][1] * n / (n - 1) for c in range(2)],
    ]
    np.testing.assert_allclose(stage["followed"], followed, rtol=1e-12)
    # The band from μ − σ to μ + σ becomes β − γ to β + γ.
    low, high, middle = stage["band"]["x"]
    np.testing.assert_allclose(np.subtract(high, low) / 2, stage["std"])
    np.testing.assert_allclose(middle, means)
    np.testing.assert_allclose(stage["band"]["y"][1], np.add(beta, gamma))
    assert [words.split(" · ")[1] for words in stage["arrows"].values()] == [
        "0 parameters",
        "0 parameters",
        "4 parameters",
    ]


@pytest.mark.parametrize("mode", ["training", "use"])
def test_who_notices_a_change(mode: str) -> None:
    """Sample 3 of channel 2 went from −20 to 45."""
    stage, _back, _real = parts(open_lesson(LESSON, mode=mode, was="3,2,-20", gamma="1,2"))
    before = [list(row) for row in EXAMPLE]
    before[2][1] = -20
    run = RUN if mode == "use" else None
    old, new = (outputs(x, (1, 2), (0, 0), run) for x in (before, EXAMPLE))
    changed = (np.abs(np.subtract(old, new)) > 1e-3).tolist()
    assert stage["before"]["changed"] == changed
    assert stage["before"]["others"] == (4 if mode == "training" else 0)
    np.testing.assert_allclose(stage["before"]["y"], [row[1] for row in old], rtol=1e-9)
    assert stage["before"]["x"] == [row[1] for row in before]
    assert stage["edit"] == {"row": 2, "column": 1, "old": -20}


def test_a_change_is_forgotten_when_it_is_taken_back_or_its_sample_leaves() -> None:
    for settings in ({"was": "1,1,8"}, {"was": "4,1,7", "samples": 3}):
        stage, _back, _real = parts(open_lesson(LESSON, **settings))
        assert stage["edit"] is None
        assert stage["before"] is None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_how_many_notice_is_hidden_until_the_guess(lang: str) -> None:
    at = open_lesson(LESSON, lang, was="1,1,3")
    assert parts(at)[0]["hidden"]
    told = ("All of them", "全都会变")
    assert not any(words in each.value for each in at.markdown for words in told)
    at.number_input(key="others-guess").set_value(0)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert not parts(at)[0]["hidden"]
    assert any("**4**" in each.value for each in at.markdown)
    assert any(each.value.startswith(told[lang == "zh"]) for each in at.markdown)


def test_a_number_that_is_dragged_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, samples=3)  # the address ends with its session
    token = parts(at)[0]["direct"].removeprefix("direct/")
    question = {"x": "8,30;2,-15.5;6,45", "was": "2,2,15", "gamma": "-0.3,1", "beta": "0,2.2"}
    turned = unpacked(ask(token, question))
    assert turned.pop("arrays") == {}
    settled_x = "8,30;2,-15.5;6,45;4,35;5,25"
    settled = parts(open_lesson(LESSON, samples=3, **question | {"x": settled_x}))[0]
    assert turned == {name: settled[name] for name in turned}
    assert turned["x"] == [[8, 30], [2, -15.5], [6, 45]]
    for wrong in (
        {"x": settled_x},
        {"x": "nan,1;2,3;4,5"},
        {"was": "2,3,15"},
        {"gamma": "1"},
        {"beta": "7,0"},
    ):
        with pytest.raises(UnusableError):
            ask(token, question | wrong)


@pytest.mark.parametrize("mode", ["training", "use"])
def test_what_arrives_at_x_gamma_and_beta_equals_central_differences(mode: str) -> None:
    g: Grid = [[10, 1], [-2, 0.5], [0, 3], [1, 0], [4, -6]]
    gamma, beta, run = [1.7, -0.5], [2.0, -1.0], RUN if mode == "use" else None
    _stage, back, _real = parts(
        open_lesson(LESSON, g=text(g), mode=mode, gamma="1.7,-0.5", beta="2,-1", check="2-1")
    )

    def loss(x: Grid, gamma: Sequence[float], beta: Sequence[float]) -> float:
        return float(np.sum(np.multiply(g, outputs(x, gamma, beta, run))))

    def slope(r: int, c: int) -> float:
        up, down = (
            [
                [v + by * ((r, c) == (i, j)) for j, v in enumerate(row)]
                for i, row in enumerate(EXAMPLE)
            ]
            for by in (1e-4, -1e-4)
        )
        return (loss(up, gamma, beta) - loss(down, gamma, beta)) / 2e-4

    expected = [[slope(r, c) for c in range(2)] for r in range(5)]
    found = back["back"]
    np.testing.assert_allclose(found["grad_x"], expected, rtol=1e-5, atol=1e-6)
    for c in range(2):
        unit = [1.0 * (c == j) for j in range(2)]
        more = loss(EXAMPLE, np.add(gamma, unit).tolist(), beta) - loss(EXAMPLE, gamma, beta)
        assert found["grad_gamma"][c] == pytest.approx(more)
        more = loss(EXAMPLE, gamma, np.add(beta, unit).tolist()) - loss(EXAMPLE, gamma, beta)
        assert found["grad_beta"][c] == pytest.approx(more)
    np.testing.assert_allclose(found["sum"], np.sum(expected, axis=0), atol=1e-4)
    check = back["check"]
    assert (check["name"], check["verdict"]) == ("2-1", "excellent")
    assert check["numeric"] == pytest.approx(expected[1][0], rel=1e-5)
    if mode == "training":
        assert np.abs(found["sum"]).max() < 1e-9
        assert np.abs(found["tilt"]).max() < 1e-4  # what ε leaves
    else:
        assert found["centred"] == found["freed"] == [list(row) for row in g]


def test_the_default_gradient_can_be_followed_in_the_head() -> None:
    _stage, back, _real = parts(open_lesson(LESSON))
    found = back["back"]
    by_hand: dict[str, list[float]] = {
        "centred": [8, -2, -2, -2, -2],
        "freed": [3.5, 2.5, -3.5, -0.5, -2],
        "grad_x": [1.75, 1.25, -1.75, -0.25, -1],
    }
    for name, column in by_hand.items():
        np.testing.assert_allclose(np.array(found[name])[:, 0], column, atol=1e-4)
        np.testing.assert_allclose(np.array(found[name])[:, 1], 0, atol=1e-4)
    assert back["check"] is None
    counts = [words.split(" · ")[1] for words in back["arrows"].values()]
    assert counts == ["0 parameters", "0 parameters", "2 parameters"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_batch_of_one_is_said_in_a_sentence(lang: str) -> None:
    stage, back, _real = parts(open_lesson(LESSON, lang, samples=1, check="1-1"))
    assert stage["steps"] is stage["measured"] is stage["followed"] is None
    assert back["back"] is back["check"] is None
    assert ("one" if lang == "en" else "一个样本") in stage["text"]["alone"]
    stage, back, _real = parts(open_lesson(LESSON, lang, samples=1, mode="use", check="1-1"))
    np.testing.assert_allclose(stage["steps"]["y"], [[2.5, 0.5]], atol=1e-4)
    assert back["check"]["verdict"] == "excellent"


def test_a_channel_without_spread_is_named() -> None:
    flat = [[4, row[1]] for row in EXAMPLE]
    stage, _back, _real = parts(open_lesson(LESSON, x=text(flat), beta="-2,0"))
    assert stage["has_no_spread"] == [True, False]
    assert [row[0] for row in stage["steps"]["y"]] == [-2] * 5


def test_the_real_channel_is_what_the_link_asks_for() -> None:
    _stage, _back, real = parts(
        open_lesson(LESSON, layer="neuron", channel=10, size=4, m=0.5, batch=9, seed=7)
    )
    assert (real["kind"], real["channels"], real["places"]) == ("neuron", 10, [1, 1])
    means, deviations = real["arrays"]["measured"]
    assert len(means) == real["batches"] == 60
    scores = real["arrays"]["maps"].ravel().astype(float)
    assert means[8] == pytest.approx(scores.mean(), rel=1e-5)
    assert deviations[8] == pytest.approx(scores.std(), rel=1e-5)
    running = real["arrays"]["running"][0].astype(float)
    assert running[0] == 0
    np.testing.assert_allclose(running[1:], (running[:-1] + means) / 2, rtol=1e-4, atol=1e-5)
    assert real["arrays"]["images"].shape == (4, 8, 8)
    _stage, _back, other = parts(open_lesson(LESSON, channel=5, size=256, m=0.04, batch=60))
    at = open_lesson(LESSON)
    token = parts(at)[2]["direct"].removeprefix("direct/")
    question = {"channel": "5", "size": "256", "m": "0.04", "batch": "60"}
    turned = unpacked(ask(token, question))
    for name, values in turned.pop("arrays").items():
        np.testing.assert_array_equal(values, other["arrays"][name])
    assert turned == {name: other[name] for name in turned}
    for wrong in ({"channel": "17"}, {"size": "3"}, {"m": "nan"}, {"batch": "0"}, {"batch": "x"}):
        with pytest.raises(UnusableError):
            ask(token, question | wrong)


@pytest.mark.parametrize(
    ("setting", "found", "expected"),
    [
        ({"x": text(EXAMPLE).replace("45", "nan")}, "x", EXAMPLE),
        ({"x": text(EXAMPLE).replace("45", "1e300")}, "x", EXAMPLE),
        ({"x": text(EXAMPLE).replace("45", "")}, "x", EXAMPLE),
        ({"x": "1,2;3,4"}, "x", EXAMPLE),
        ({"was": "6,1,0"}, "edit", None),
        ({"was": "1,1"}, "edit", None),
        ({"was": "1.5,1,3"}, "edit", None),
        ({"samples": "9"}, "samples", 5),
        ({"samples": "0"}, "samples", 1),
        ({"mode": "eval"}, "mode", "training"),
        ({"run": "0,0;-1,1"}, "run", RUN),
        ({"run": "0,0;1"}, "run", RUN),
        ({"gamma": "4,1"}, "gamma", [3, 1]),
        ({"gamma": "1"}, "gamma", [1, 1]),
        ({"beta": "0.05,inf"}, "beta", [0, 0]),
        ({"cell": "10"}, "at", 9),
        ({"g": text(EXAMPLE).replace("45", "100")}, "gradient", "default"),
        ({"check": "6-1"}, "chosen", "none"),
        ({"layer": "maps"}, "kind", "map"),
        ({"channel": "17"}, "channel", 16),
        ({"size": "3"}, "size", 16),
        ({"m": "0.03"}, "m", 0.02),
        ({"batch": "61"}, "batch", 60),
        ({"seed": "-1"}, "seed", None),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], found: str, expected: object
) -> None:
    at = open_lesson(LESSON, "zh", **setting)
    stage, back, real = parts(at)
    seen = real | back | stage
    seen |= {dial["key"]: dial["values"] for dial in stage["dials"]}
    seen["samples"] = len(stage["x"])
    if expected == "default":
        expected = [[10, 1], *[[0, 1]] * 4]
    if found != "seed":
        assert seen[found] == pytest.approx(expected) if found == "m" else seen[found] == expected
    (notice,) = at.info
    assert next(iter(setting)) in notice.value
