"""/classifier: the canonical X's numbers, every step to the verdict, and what it says of itself."""

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import canonical_x
from pages.kit import xo_network
from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from pages.kit.xo_network import KERNELS, learned
from tests.pages.lesson import open_lesson

LESSON = "classification/classifier.py"
X = canonical_x().astype(int)
PAPER, INK = -np.ones((9, 9), int), np.ones((9, 9), int)
Map = list[list[Fraction]]


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = (data for data in given if "votes" in data)
    return data


def text(pixels: np.ndarray) -> str:
    return ";".join(",".join(str(int(pixel)) for pixel in row) for row in pixels)


def match_by_hand(pixels: np.ndarray, kernel: np.ndarray) -> Map:
    """The mean of the nine products at each of the 7×7 places, exactly."""
    return [
        [
            Fraction(
                sum(int(pixels[r + u, c + v] * kernel[u, v]) for u in range(3) for v in range(3)), 9
            )
            for c in range(7)
        ]
        for r in range(7)
    ]


def pool_by_hand(x: Map) -> Map:
    """The largest of each 2×2 window, cut off at the edge."""
    side = len(x)
    return [
        [
            max(x[i][j] for i in range(r, min(r + 2, side)) for j in range(c, min(c + 2, side)))
            for c in range(0, side, 2)
        ]
        for r in range(0, side, 2)
    ]


def exactly(values: Map) -> list[list[object]]:
    return [[pytest.approx(float(value), abs=1e-12) for value in row] for row in values]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_canonical_x(lang: str) -> None:
    data = mounted(open_lesson(LESSON, lang))
    assert data["drawing"] == X.tolist()
    ninths = np.array(data["match"]) * 9
    np.testing.assert_allclose(ninths[0, 0], [7, -1, 1, 3, 5, -1, 3], atol=1e-12)
    np.testing.assert_allclose(data["small"][0], [[1, 5 / 9], [5 / 9, 1]], atol=1e-12)
    assert data["probabilities"][0] > 0.9
    assert data["at"] == {"step": 1, "lens": 0, "kernel": 0, "cell": 0, "neuron": 0}
    strokes = [(each["letter"], each["neuron"], each["stroke"]) for each in data["evidence"]]
    assert strokes == [
        ("A", 0, [[1, 1], [2, 2], [3, 3]]),
        ("B", 3, [[4, 4], [5, 5], [6, 6]]),
        ("C", 4, [[3, 3], [3, 5], [4, 4], [5, 3], [5, 5]]),
    ]
    names = [each["words"] for each in data["evidence"]]
    assert (
        names
        == {
            "en": [
                "main diagonal, top left",
                "main diagonal, bottom right",
                "centre of an X, top left",
            ],
            "zh": ["主对角线，左上", "主对角线，右下", "X的中心，左上"],
        }[lang]
    )


@pytest.mark.parametrize("seed", range(3))
def test_any_drawing_is_matched_rectified_and_pooled_as_by_hand(seed: int) -> None:
    pixels = np.random.default_rng(seed).choice([-1, 1], (9, 9))
    data = mounted(open_lesson(LESSON, pixels=text(pixels), step=7))
    for k, kernel in enumerate(KERNELS):
        match = match_by_hand(pixels, kernel)
        rectified = [[max(Fraction(0), value) for value in row] for row in match]
        pooled = pool_by_hand(rectified)
        assert data["match"][k] == exactly(match)
        assert data["negative"][k] == sum(value < 0 for row in match for value in row)
        assert data["rectified"][k] == exactly(rectified)
        assert data["pooled"][k] == exactly(pooled)
        assert data["small"][k] == exactly(pool_by_hand(pooled))
        same = [[(9 * value + 9) / 2 for value in row] for row in match]
        assert data["agreements"][k] == same
        assert [[sum(nine) for nine in row] for row in data["products"][k]] == [
            [9 * value for value in row] for row in match
        ]


def test_votes_scores_and_softmax_add_up() -> None:
    data = mounted(open_lesson(LESSON))
    inputs = [cell for grid in data["small"] for row in grid for cell in row]
    assert data["inputs"] == inputs
    powers = []
    for j in range(2):
        votes = [w * a for w, a in zip(data["weight"][j], inputs, strict=True)]
        assert data["votes"][j] == pytest.approx(votes)
        assert data["sums"][j] == pytest.approx(sum(votes))
        score = sum(votes) + data["bias"][j]
        assert data["scores"][j] == pytest.approx(score)
        powers.append(math.exp(score))
    assert data["powers"] == pytest.approx(powers)
    assert data["total"] == pytest.approx(sum(powers))
    assert data["probabilities"] == pytest.approx([power / sum(powers) for power in powers])


def test_the_layer_learned_to_tell_x_from_other_drawings() -> None:
    layer = learned()
    assert layer.weight.shape == (2, 12)
    assert layer.right / layer.tested > 0.95
    verdicts = {}
    at = open_lesson(LESSON)
    for drawing in mounted(at)["drawings"]:
        data = mounted(open_lesson(LESSON, pixels=text(np.array(drawing["pixels"]))))
        assert data["winner"] == int(data["scores"][1] > data["scores"][0])
        verdicts[drawing["name"]] = data["winner"] == 0
    assert verdicts == {"X": True, "O": False, "+": False, "/": False, "empty": False}


@pytest.mark.parametrize(
    ("pixels", "lang", "said"),
    [
        (PAPER, "en", "There is no stroke"),
        (PAPER, "zh", "纸上没有笔画"),
        (INK, "en", "Ink everywhere"),
        (INK, "zh", "全是墨"),
        (X, "en", ""),
    ],
)
def test_a_sheet_without_a_stroke_is_explained(pixels: np.ndarray, lang: str, said: str) -> None:
    data = mounted(open_lesson(LESSON, lang, pixels=text(pixels)))
    assert data["notice"].startswith(said)
    assert bool(data["notice"]) == bool(said)
    assert {each["is_placed"] for each in data["evidence"]} <= {not said}
    assert all(map(math.isfinite, data["probabilities"]))


def test_a_vote_for_plain_paper_is_called_one() -> None:
    plus = np.where((np.indices((9, 9)) == 4).any(axis=0), 1, -1)
    plus[[0, 8]] = plus[:, [0, 8]] = -1
    evidence = mounted(open_lesson(LESSON, pixels=text(plus)))["evidence"]
    assert [each["remark"] for each in evidence] == ["seen on plain paper"] * 3
    assert all(each["vote"] > 0 for each in evidence)
    assert not any(each["remark"] for each in mounted(open_lesson(LESSON))["evidence"])


@pytest.mark.parametrize(
    ("lang", "count", "unknown"),
    [("en", "26 parameters", "? parameters"), ("zh", "26个参数", "？个参数")],
)
def test_the_count_is_hidden_until_the_guess(lang: str, count: str, unknown: str) -> None:
    at = open_lesson(LESSON, lang, step=7)
    assert mounted(at)["arrows"][5].endswith(unknown)
    assert not any("26" in words.value for words in at.markdown)
    (skip,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    skip.click().run()
    assert mounted(at)["arrows"][5].endswith(count)
    assert any("12·2 + 2 = 26" in words.value for words in at.markdown)


def test_every_arrow_says_what_comes_out_and_what_it_takes() -> None:
    ends = [words.partition(" → ")[2] for words in mounted(open_lesson(LESSON))["arrows"]]
    assert ends == [
        "3×7×7 · 27 numbers, given",
        "3×7×7 · 0 parameters",
        "3×4×4 · 0 parameters",
        "3×2×2 · 0 parameters",
        "12 · 0 parameters",
        "2 · ? parameters",
        "2 · 0 parameters",
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pen_is_answered_as_the_next_run_would_be(lang: str) -> None:
    at = open_lesson(LESSON, lang)  # the address ends with its session
    token = mounted(at)["direct"].removeprefix("direct/")
    raw = ask(token, {"pixels": text(PAPER)})
    drawn = json.loads(raw[4 : 4 + int.from_bytes(raw[:4], "little")])
    del drawn["arrays"]
    settled = mounted(open_lesson(LESSON, lang, pixels=text(PAPER)))
    assert "drawing" not in drawn  # an answer must not undo what was drawn meanwhile
    assert drawn == {name: settled[name] for name in drawn}
    assert {"match", "votes", "probabilities", "evidence", "notice"} <= set(drawn)
    for wrong in ({}, {"pixels": "1,2"}, {"pixels": text(X).replace("1", "nan")}):
        with pytest.raises(UnusableError):
            ask(token, wrong)


@pytest.mark.parametrize(("lang", "said"), [("en", "not all finite"), ("zh", "有限的数")])
def test_a_layer_that_is_not_finite_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    good = learned()
    broken = good._replace(weight=np.where(good.weight > 2, np.nan, good.weight))
    monkeypatch.setattr(xo_network, "learned", lambda: broken)
    at = open_lesson(LESSON, lang)
    assert not at.exception
    (warning,) = at.warning
    assert said in warning.value
    assert not any("votes" in each.proto.json for each in at.get("bidi_component"))


def test_a_layer_with_huge_weights_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    good = learned()
    monkeypatch.setattr(xo_network, "learned", lambda: good._replace(weight=good.weight * 1e6))
    data = mounted(open_lesson(LESSON))
    assert (data["probabilities"], data["powers"][0]) == ([1, 0], None)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"pixels": "1,2;3,4"}, {}),
        ({"pixels": "x"}, {}),
        ({"pixels": ";".join([",".join(["0.5"] * 9)] * 9)}, {"drawing": INK.tolist()}),
        ({"neuron": "12"}, {"neuron": 11}),
        ({"kernel": "left"}, {}),
        ({"cell": "-1"}, {}),
        ({"step": "8"}, {"step": 7}),
        ({"lens": "2"}, {"lens": 1}),  # an arrow that was not followed yet
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: dict[str, Any], lang: str
) -> None:
    at = open_lesson(LESSON, lang, **setting)
    data = mounted(at)
    usual = {"drawing": X.tolist(), "step": 1, "lens": 0, "kernel": 0, "cell": 0, "neuron": 0}
    assert {"drawing": data["drawing"], **data["at"]} == usual | shown
    (notice,) = at.info
    assert next(iter(setting)) in notice.value


def test_a_link_sets_everything_that_is_shown() -> None:
    at = open_lesson(LESSON, step=6, lens=3, kernel="anti", cell=48, neuron=7, pixels=text(INK))
    data = mounted(at)
    assert data["at"] == {"step": 6, "lens": 3, "kernel": 2, "cell": 48, "neuron": 7}
    assert data["drawing"] == INK.tolist()
    assert not at.info
