"""/invariance gives its stage the maps and changes that SciPy and NumPy find, whatever the link."""

import json
import math
import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.tolerance import right_answers
from tests.kit.change import behind, change, digit, maps_of, shifted
from tests.pages.lesson import open_lesson

LESSON = "pooling/invariance.py"


def mounted(at: AppTest) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the stage was given: its data, and the arrays behind them."""
    assert not at.exception
    (raw,) = (c.proto.bytes for c in at.get("bidi_component") if c.proto.bytes)
    start = 4 + int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:start])
    arrays = {}
    for name, entry in data["arrays"].items():
        count = math.prod(entry["shape"])
        flat = np.frombuffer(raw, entry["type"], count, start + entry["offset"])
        arrays[name] = flat.reshape(entry["shape"])
    return data, arrays


def source(at: AppTest) -> dict[str, Any]:
    """What the choice of pictures was given."""
    sent = [json.loads(c.proto.json) for c in at.get("bidi_component") if c.proto.json]
    return next(data for data in sent if "digits_only" in data)


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in at.markdown)


def skip(at: AppTest) -> AppTest:
    return at.button(key="one-skip").click().run()


@pytest.mark.parametrize(("window", "chosen"), [(2, 1), (7, 4), (28, 6)])
def test_maps_and_changes_are_those_of_the_shifted_digit(window: int, chosen: int) -> None:
    at = open_lesson(LESSON, picture="mnist-4-3", window=window, map=chosen, shift=-2)
    data, arrays = mounted(at)
    image = digit(4, 3)
    names = [pooling["name"] for pooling in data["poolings"]]
    assert names == ["none", "every", "average", "max"] if window < 28 else names
    assert data["steps"].index(data["row"]["values"][0]) == 2
    for step, by in enumerate(data["steps"]):
        picture = shifted(image, int(by))
        np.testing.assert_allclose(arrays["pictures"][step] / 255, picture, atol=0.003)
        for how in names:
            maps = behind(how, maps_of(picture), window)
            np.testing.assert_allclose(arrays[how][step], maps[chosen - 1], atol=1e-4)
    for how in names:
        expected = change(image, shifted(image, -2), 4, how, window)
        assert data["curves"][how][2] == pytest.approx(expected, abs=2e-4)


def test_the_question_is_about_many_digits_and_hides_what_poolings_do() -> None:
    at = open_lesson(LESSON, window=4)
    assert mounted(at)[0]["hidden"]
    at = skip(at)
    assert not mounted(at)[0]["hidden"]
    data, _arrays = mounted(open_lesson(LESSON, window=4, measured="digits"))
    at_one = data["steps"].index(1)
    shown = [int(share) for share in re.findall(r"(\d+)%", words(at).split("On average")[1])[:3]]
    assert shown == [round(100 * data["curves"][how][at_one]) for how in ("none", "average", "max")]
    assert ("more than half" in words(at)) == (shown[2] >= shown[0] / 2)


def test_the_formula_follows_the_slider() -> None:
    at = skip(open_lesson(LESSON, motion="turn", turn=20, window=7))
    data, _arrays = mounted(at)
    percent = round(100 * data["curves"]["max"][data["steps"].index(20)])
    assert rf"= {percent}\,\%" in at.latex[0].value


def test_the_whole_networks_answers() -> None:
    at = open_lesson(LESSON, "zh", measured="answers", motion="scale", scale=0.8)
    data, _arrays = mounted(skip(at))
    assert not at.latex  # it is about one picture’s maps
    assert data["curves"] == {"answers": right_answers("scale").tolist()}
    np.testing.assert_allclose(np.sum(data["probabilities"], axis=1), 1, atol=1e-5)
    assert data["readings"][data["unmoved"]] == 3


@pytest.mark.parametrize(
    ("lang", "asked"),
    [
        ("en", {"window": 3, "shift": 9, "map": 7, "measured": "all", "picture": "camera"}),
        ("zh", {"motion": "jump", "picture": "own"}),
        ("zh", {"motion": "turn", "turn": 12, "picture": "mnist-3-9999"}),
    ],
)
def test_a_bad_link_falls_back_and_says_so(lang: str, asked: dict[str, object]) -> None:
    at = open_lesson(LESSON, lang, **asked)
    data, _arrays = mounted(at)
    said = " ".join(note.value for note in at.info)
    unusable = [str(text) for text in asked.values() if text != "turn"]
    assert len(at.info) == len(unusable)
    assert all(text in said for text in unusable)
    assert data["row"]["values"] == [10 if "turn" in asked else 4 if "shift" in asked else 0]
    assert source(at)["photos"] == []
