"""/classifier: the canonical X's numbers, and every step from twelve numbers to the verdict."""

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import canonical_x
from pages.kit.xo_network import KERNELS, learned
from tests.pages.lesson import open_lesson

LESSON = "networks/classifier.py"


def mounted(at: AppTest, field: str = "votes") -> dict[str, Any]:
    """What the stage was given (with field="match": what the close-up was)."""
    assert not at.exception
    given = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = (data for data in given if field in data)
    return data


def text(pixels: np.ndarray) -> str:
    return ";".join(",".join(str(int(pixel)) for pixel in row) for row in pixels)


def match_by_hand(pixels: np.ndarray, kernel: np.ndarray) -> list[list[Fraction]]:
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


def pool_by_hand(x: list[list[Fraction]]) -> list[list[Fraction]]:
    """The largest of each 2×2 window, cut off at the edge; ReLU is part of it."""
    side = len(x)
    return [
        [
            max(
                Fraction(0),
                *(x[i][j] for i in range(r, min(r + 2, side)) for j in range(c, min(c + 2, side))),
            )
            for c in range(0, side, 2)
        ]
        for r in range(0, side, 2)
    ]


def exactly(values: list[list[Fraction]]) -> list[list[object]]:
    return [[pytest.approx(float(value), abs=1e-12) for value in row] for row in values]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_canonical_x(lang: str) -> None:
    data = mounted(open_lesson(LESSON, lang))
    assert data["drawing"] == canonical_x().tolist()
    ninths = np.array(data["matches"]) * 9
    np.testing.assert_allclose(ninths[0, 0], [7, -1, 1, 3, 5, -1, 3], atol=1e-12)
    np.testing.assert_allclose(data["maps"][0], [[1, 5 / 9], [5 / 9, 1]], atol=1e-12)
    assert data["probabilities"][0] > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_any_drawing_is_matched_and_pooled_as_by_hand(seed: int) -> None:
    pixels = np.random.default_rng(seed).choice([-1, 1], (9, 9))
    at = open_lesson(LESSON, pixels=text(pixels), kernel="centre")
    data = mounted(at)
    for k, kernel in enumerate(KERNELS):
        match = match_by_hand(pixels, kernel)
        pooled = pool_by_hand(match)
        assert data["matches"][k] == exactly(match)
        assert data["maps"][k] == exactly(pool_by_hand(pooled))
        if k == 1:
            close_up = mounted(at, "match")
            assert close_up["match"] == exactly(match)
            assert close_up["pooled"][0] == exactly(pooled)
            same = [[(9 * value + 9) / 2 for value in row] for row in match]
            assert close_up["agreements"] == same


def test_votes_scores_and_softmax_add_up() -> None:
    data = mounted(open_lesson(LESSON))
    inputs = [cell for grid in data["maps"] for row in grid for cell in row]
    assert data["inputs"] == inputs
    powers = []
    for j in range(2):
        votes = [w * a for w, a in zip(data["weight"][j], inputs, strict=True)]
        assert data["votes"][j] == pytest.approx(votes)
        score = sum(votes) + data["bias"][j]
        assert data["scores"][j] == pytest.approx(score)
        powers.append(math.exp(score))
    assert data["probabilities"] == pytest.approx([power / sum(powers) for power in powers])
    assert sum(data["probabilities"]) == pytest.approx(1)


def test_the_layer_learned_to_tell_x_from_other_drawings() -> None:
    layer = learned()
    assert layer.weight.shape == (2, 12)
    assert layer.right / layer.tested > 0.95
    verdicts = {}
    at = open_lesson(LESSON)
    for drawing in mounted(at)["drawings"]:
        data = mounted(open_lesson(LESSON, pixels=text(np.array(drawing["pixels"]))))
        verdicts[drawing["name"]] = data["probabilities"][0] > 0.5
    assert verdicts == {"X": True, "O": False, "+": False, "/": False, "empty": False}


@pytest.mark.parametrize(("lang", "count"), [("en", "26 parameters"), ("zh", "26个参数")])
def test_the_count_is_hidden_until_the_guess(lang: str, count: str) -> None:
    at = open_lesson(LESSON, lang)
    assert count not in mounted(at)["arrows"]["affine"]
    (skip,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    skip.click().run()
    assert mounted(at)["arrows"]["affine"].endswith(count)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"pixels": "1,2;3,4"}, canonical_x()),
        ({"pixels": "x"}, canonical_x()),
        ({"pixels": ";".join([",".join(["0.5"] * 9)] * 9)}, np.ones((9, 9))),
        ({"neuron": "12"}, canonical_x()),
        ({"kernel": "left"}, canonical_x()),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: np.ndarray, lang: str
) -> None:
    at = open_lesson(LESSON, lang, **setting)
    assert mounted(at)["drawing"] == shown.tolist()
    (notice,) = at.info
    assert next(iter(setting)) in notice.value
