"""/softmax shows what one would work out by hand, and never tells before it has asked."""

import json
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.kit.twelve import twelve_by_hand
from tests.pages.lesson import open_lesson, skip, unpacked

LESSON = "classification/softmax.py"


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(each.proto.json) for each in at.get("bidi_component") if each.proto.json]
    (data,) = (data for data in given if "votes" in data)
    return data


def skipped(lang: str = "en", **settings: object) -> AppTest:
    """Open the lesson and skip its question."""
    return skip(open_lesson(LESSON, lang, **settings))


@pytest.mark.parametrize(
    ("drawing", "classes", "by_hand", "added", "temperature", "shift"),
    [
        ("x", 4, {}, 0, 1, 0),
        ("x", 2, {}, 0, 1, 1),
        ("noisy", 4, {}, -3, 0.1, 1),
        ("torn", 4, {1: 2.5, 3: -10}, 10, 2.5, 0),
        ("blank", 2, {0: 0}, 100, 5, 1),
    ],
)
def test_votes_scores_and_shares_by_hand(
    drawing: str,
    classes: int,
    by_hand: dict[int, float],
    added: float,
    temperature: float,
    shift: int,
) -> None:
    z = ",".join(f"{by_hand[k]:g}" if k in by_hand else "" for k in range(4)) if by_hand else ""
    link: dict[str, Any] = {
        "drawing": drawing,
        "classes": classes,
        "z": z,
        "c": added,
        "t": temperature,
    }
    data = mounted(open_lesson(LESSON, **link, shift=shift))
    assert data["names"] == ["X", "O", "+", "/"][:classes]
    (sheet,) = (sheet for sheet in data["sheets"] if sheet["name"] == drawing)
    inputs = twelve_by_hand(np.array(sheet["pixels"]))
    assert data["inputs"] == pytest.approx(inputs, abs=1e-6)
    scaled = []
    for k in range(classes):
        votes = [w * a for w, a in zip(data["weight"][k], inputs, strict=True)]
        assert data["votes"][k] == pytest.approx(votes, abs=1e-5)
        own = sum(votes) + data["bias"][k]
        assert data["own"][k] == pytest.approx(own, abs=1e-5)
        assert data["z"][k] == by_hand.get(k)
        assert data["scores"][k] == pytest.approx(by_hand.get(k, own), abs=1e-5)
        scaled += [(data["scores"][k] + added) / temperature]
        in_favour = sum(vote for vote in votes if vote > 0)
        possible = sum(w for w in data["weight"][k] if w > 0)
        assert data["averages"][k] == pytest.approx(in_favour / possible, abs=1e-6)
    assert data["scaled"] == pytest.approx(scaled)
    largest = max(scaled) if shift else 0
    exponents = [u - largest for u in scaled]
    assert data["exponents"] == pytest.approx(exponents)
    powers = [math.exp(exponent) for exponent in exponents]
    assert data["powers"] == pytest.approx(powers)
    assert data["total"] == pytest.approx(sum(powers))
    shares = [power / sum(powers) for power in powers]
    assert data["shares"] == pytest.approx(shares)
    assert data["shares_sum"] == pytest.approx(1, abs=1e-14)
    assert data["winner"] == shares.index(max(shares))
    assert data["scores_sum"] == pytest.approx(sum(data["scores"]))
    assert data["averages_sum"] == pytest.approx(sum(data["averages"]))
    assert data["elected"] == data["averages"].index(max(data["averages"]))
    for k, (rival, odds) in enumerate(zip(data["rivals"], data["odds"], strict=True)):
        others = [scaled[i] for i in range(classes) if i != k]
        assert scaled[rival] == pytest.approx(max(others))
        assert odds == pytest.approx(shares[k] / shares[rival])


def test_the_averages_of_an_x_are_no_probabilities() -> None:
    two, four = (mounted(open_lesson(LESSON, classes=count)) for count in (2, 4))
    assert two["averages_sum"] > 1.4  # 0.92 + 0.51 in the well-known telling
    assert four["averages_sum"] > 3
    assert four["elected"] != four["winner"] == 0  # + has all it asks for, and X wins


@pytest.mark.parametrize(
    ("lang", "settings", "shown", "sentence"),
    [
        ("en", {"c": 1000}, ["NaN"] * 4, "e^709.78: what is larger becomes ∞"),
        ("zh", {"c": 1000}, ["NaN"] * 4, "最大到e^709.78"),
        ("en", {"z": "10,0,0,0", "c": 700}, ["NaN", 0, 0, 0], "e^709.78: what is larger"),
        ("en", {"z": "9.5,9.5,0,0", "c": 700}, [0, 0, 0, 0], "Their sum becomes ∞"),
        ("zh", {"z": "9.5,9.5,0,0", "c": 700}, [0, 0, 0, 0], "它们的和却成了∞"),
        ("en", {"c": -1000}, ["NaN"] * 4, "nothing between 0 and e^−744.44"),
        ("en", {"z": "4,4,4,4", "c": 100}, [0.25] * 4, "ends at e^88.72"),
        ("en", {"c": 1000, "shift": 1}, None, ""),
        ("en", {"c": -1000, "t": 0.1, "shift": 1}, None, ""),
        ("en", {}, None, ""),
    ],
)
def test_huge_scores_are_shown_as_what_they_become_and_one_sentence_says_why(
    lang: str, settings: dict[str, object], shown: list[object] | None, sentence: str
) -> None:
    data = mounted(open_lesson(LESSON, lang, **settings))
    assert sentence in data["notice"]
    assert bool(data["notice"]) == bool(sentence)
    if shown is None:
        assert sum(data["shares"]) == pytest.approx(1)
    else:
        assert data["shares"] == shown
    numbers = [*data["powers"], *data["shares"], data["total"], data["shares_sum"]]
    assert all(number in ("∞", "NaN") for number in numbers if isinstance(number, str))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_that_shares_stay_is_not_told_before_the_prediction(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    data = mounted(at)
    assert data["hidden"]
    assert not data["shift"]
    assert not any("20.1" in words.value for words in at.markdown)
    at.segmented_control(key="added-guess").set_value("more").run()
    assert not mounted(at)["hidden"]
    revealed = [words.value for words in at.markdown]
    assert any("**the same**" in words or "**不变**" in words for words in revealed)
    assert any("20.1" in words for words in revealed)
    at.query_params["c"] = "1000"
    assert not mounted(at.run())["hidden"]  # what was answered stays answered


def test_what_moves_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, "zh", drawing="torn")  # the address ends with its session
    token = mounted(at)["direct"].removeprefix("direct/")
    asked = {"z": "2.5,,,-1", "c": "700", "t": "0.5", "shift": "0"}
    moved = unpacked(ask(token, asked))
    settled = mounted(open_lesson(LESSON, "zh", drawing="torn", **asked))
    del moved["arrays"]
    assert moved == {name: settled[name] for name in moved}
    assert "∞不是数" in moved["notice"]
    for wrong in ({"z": "1,2"}, {"c": "5"}, {"t": "nan"}, {"z": "11,,,"}):
        with pytest.raises(UnusableError):
            ask(token, wrong)


def test_the_parameters_stand_on_the_arrows() -> None:
    for classes, learned in ((2, 26), (4, 52)):
        arrows = mounted(open_lesson(LESSON, classes=classes))["arrows"]
        assert arrows["affine"] == f"FC → {classes} · {learned} parameters"
        assert arrows["softmax"] == f"softmax → {classes} · 0 parameters"


def test_what_the_words_say_of_the_layer_is_what_it_did() -> None:
    words = " ".join(passage.value for passage in skipped().markdown)
    blank = mounted(open_lesson(LESSON, drawing="blank"))
    assert f"an empty sheet gets {100 * blank['shares'][2]:.1f} % for +" in words
    assert "learned from 600 drawings" in words
    assert "of 1000 unseen ones correctly" in words


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"drawing": "y", "classes": "3", "class": "9"}, {"sheet": "x", "at": 3}),
        ({"class": "3", "classes": "2"}, {"at": 1}),
        ({"z": "1,2,3", "c": "5", "t": "0"}, {"z": [None] * 4, "c": 3, "t": 0.1}),
        ({"z": "99,,0.04,nan", "shift": "yes"}, {"z": [None] * 4, "shift": False}),
        ({"z": "99,,0.04,", "c": "1e9", "t": "inf"}, {"z": [10, None, 0, None], "c": 1000, "t": 1}),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    settings: dict[str, str], expected: dict[str, Any]
) -> None:
    at = open_lesson(LESSON, "zh", **settings)
    data = mounted(at)
    assert {name: data[name] for name in expected} == expected
    wrong = [name for name in settings if settings != {"class": "3", "classes": "2"}] or ["class"]
    assert len(at.info) == len(wrong)
    assert all(any(name in notice.value for notice in at.info) for name in wrong)
