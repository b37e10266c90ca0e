"""/one-vs-rest gives its stage what two regressions, written out, say; and asks before it tells."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.kit.regressions import EPOCHS, STEPS, answers, digits, taught
from tests.pages.lesson import open_lesson, unpacked

LESSON = "classification/one_vs_rest.py"
KINDS = ("rest", "softmax")


def mounted(at: AppTest, field: str = "race") -> dict[str, Any]:
    """What the stage was given; with "lines", what the planes were."""
    assert not at.exception
    given = [unpacked(each.proto.bytes) for each in at.get("bidi_component") if each.proto.bytes]
    (data,) = (data for data in given if field in data)
    return data


def links(at: AppTest) -> dict[str, dict[str, str]]:
    """Where the links to try lead: the settings of each."""
    given = [json.loads(each.proto.json) for each in at.get("bidi_component") if each.proto.json]
    (data,) = (data for data in given if "links" in data)
    queries = {link["name"]: parse_qs(urlsplit(link["href"]).query) for link in data["links"]}
    return {
        name: {key: text for key, (text,) in query.items() if key != "lang"}
        for name, query in queries.items()
    }


@pytest.mark.parametrize(
    ("lr", "seed", "step", "image", "chosen"), [("0.1", 0, 54, 77, 8), ("0.5", 7, 27, 3, 0)]
)
def test_every_number_of_both_networks(
    lr: str, seed: int, step: int, image: int, chosen: int
) -> None:
    settings: dict[str, Any] = {
        "lr": lr,
        "seed": seed,
        "step": step,
        "image": image,
        "class": chosen,
    }
    data = mounted(open_lesson(LESSON, **settings))
    oracle = {kind: taught(kind, step, lr=float(lr), seed=seed) for kind in KINDS}
    labels, shown, arrays = digits().test_labels, data["shown"], data["arrays"]
    assert (data["race"]["step"], data["class"], shown["image"]) == (step, chosen, image)
    assert shown["label"] == labels[image]
    np.testing.assert_array_equal(arrays["labels"], labels)
    np.testing.assert_allclose(arrays["images"] / 255, digits().test_images[:, 0], atol=0.002)
    reads = {}
    for i, kind in enumerate(KINDS):
        mine, lane = oracle[kind], shown["lanes"][i]
        reads[kind] = mine.scores.argmax(axis=1)
        np.testing.assert_allclose(arrays[f"weights-{i}"], mine.weight, rtol=0.01, atol=1e-3)
        np.testing.assert_allclose(lane["scores"], mine.scores[image], rtol=0.01, atol=0.01)
        np.testing.assert_allclose(lane["answers"], mine.answers[image], atol=0.003)
        assert lane["sum"] == pytest.approx(mine.answers[image].sum(), abs=0.01)
        assert lane["reads"] == reads[kind][image]
        assert arrays[f"lane-{i}"][4, -1] == pytest.approx((reads[kind] == labels).mean(), abs=1e-6)
        np.testing.assert_allclose(
            np.divide(lane["powers"], lane["wholes"]), mine.answers[image], atol=0.003
        )
    claims = oracle["rest"].scores > 0
    assert shown["claims"] == claims[image].sum()
    right = {kind: reads[kind] == labels for kind in KINDS}
    groups = {
        "none": claims.sum(axis=1) == 0,
        "several": claims.sum(axis=1) > 1,
        "differ": reads["rest"] != reads["softmax"],
        "only_rest": right["rest"] & ~right["softmax"],
        "only_softmax": right["softmax"] & ~right["rest"],
    }
    for place, (name, mask) in enumerate(groups.items()):
        assert data["counts"][name] == mask.sum()
        np.testing.assert_array_equal((arrays["marks"] >> place) & 1, mask)
    own = labels == chosen
    assert data["classes"][chosen] == {
        "own": own.sum(),
        "claimed": claims[own, chosen].sum(),
        "claimed_others": claims[~own, chosen].sum(),
        "read": (reads["softmax"][own] == chosen).sum(),
        "read_others": (reads["softmax"][~own] == chosen).sum(),
    }
    sigmoids = oracle["rest"].answers[image]
    np.testing.assert_allclose(shown["divided"], sigmoids / sigmoids.sum(), atol=0.005)
    same = answers("softmax", oracle["rest"].scores[[image]])[0]
    np.testing.assert_allclose(shown["shared"], same, atol=0.005)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_how_many_nobody_claims_is_hidden_until_the_guess(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    unclaimed = int(((taught("rest", EPOCHS * STEPS).scores > 0).sum(axis=1) == 0).sum())
    assert mounted(at)["hidden"]
    told = [words.value for words in at.markdown if str(unclaimed) in words.value]
    assert told == []
    at.number_input(key="unclaimed-guess").set_value(unclaimed - 7)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert not mounted(at)["hidden"]
    gaps = [set(re.findall(r"\d+", words.value)) for words in at.markdown]
    assert {str(unclaimed - 7), str(unclaimed), "7"} in gaps


def test_a_question_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, step=27)  # the address ends with its session
    token = mounted(at)["direct"].removeprefix("direct/")
    before = unpacked(ask(token, {"image": "5"}))
    settled = mounted(open_lesson(LESSON, step=27, image=5))
    arrays = before.pop("arrays")
    assert before.items() <= settled.items()
    for name, values in arrays.items():
        np.testing.assert_array_equal(values, settled["arrays"][name])
    after = unpacked(ask(token, {"image": "5", "verb": "epoch", "id": "1"}))
    assert (before["race"]["step"], after["race"]["step"]) == (27, 54)
    for wrong in ({}, {"image": "450"}, {"image": "-1"}, {"image": "x"}):
        with pytest.raises(UnusableError):
            ask(token, wrong)


def test_a_run_of_the_page_leaves_the_race_where_it_is() -> None:
    at = open_lesson(LESSON, step=27)
    token = mounted(at)["direct"].removeprefix("direct/")
    ask(token, {"image": "0", "verb": "epoch", "id": "1"})
    at.session_state["image"] = "9"  # another image, while the address still says 27
    assert mounted(at.run())["race"]["step"] == 54
    at.session_state["step"] = "9"  # a link
    assert mounted(at.run())["race"]["step"] == 9
    at.session_state["lr"] = "0.5"  # another race, for the same step
    data = mounted(at.run())
    assert data["race"]["step"] == 9
    mine = taught("rest", 9, lr=0.5)
    np.testing.assert_allclose(data["arrays"]["weights-0"], mine.weight, rtol=0.01, atol=1e-3)


def test_the_links_keep_their_promises() -> None:
    presets = links(open_lesson(LESSON))
    assert {preset["step"] for preset in presets.values()} == {str(STEPS), str(EPOCHS * STEPS)}
    none, twice = (
        mounted(open_lesson(LESSON, **presets[name]))["shown"] for name in ("try-none", "try-twice")
    )
    rest, soft = none["lanes"]
    assert none["claims"] == 0
    assert rest["sum"] < 0.15
    assert soft["reads"] == none["label"]
    assert soft["answers"][soft["reads"]] > 0.7
    rest, soft = twice["lanes"]
    assert twice["claims"] == 2
    assert rest["sum"] > 1.8
    assert twice["label"] == 4
    assert rest["reads"] != soft["reads"] != 4
    data = mounted(open_lesson(LESSON, **presets["try-corners"]), "lines")
    assert data["digits"] == [0, 4, 7]
    assert data["place"]["claims"] == 0
    assert max(data["place"]["lanes"][1]["answers"]) < 0.4


def test_the_planes_show_one_place_in_both() -> None:
    at = open_lesson(LESSON, "zh", place="0.3,0.85")
    data = mounted(at, "lines")
    points, labels = data["arrays"]["points"], data["arrays"]["labels"]
    assert (data["digits"], data["scene"], data["segments"]) == ([2, 3, 7], "row", ["中", "下"])
    assert len(points) == sum(np.isin(digits().test_labels, [2, 3, 7]))
    turned = unpacked(ask(data["direct"].removeprefix("direct/"), {"place": "0.46,0.63"}))
    for place, at_place in ((data["place"], (0.3, 0.85)), (turned["place"], (0.46, 0.63))):
        assert place["at"] == [pytest.approx(value) for value in at_place]
        for kind, lane in zip(KINDS, place["lanes"], strict=True):
            scores = np.array([lane["scores"]])
            np.testing.assert_allclose(lane["answers"], answers(kind, scores)[0], atol=1e-12)
            assert lane["sum"] == pytest.approx(sum(lane["answers"]))
        row, column = int((1 - at_place[1]) * 240), int(at_place[0] * 240)
        claimed = {k for k in range(3) if data["arrays"]["map-rest"][row, column] >> k & 1}
        assert place["claims"] == len(claimed)
        assert {k for k in range(3) if place["lanes"][0]["answers"][k] > 0.5} == claimed
        assert place["lanes"][1]["reads"] == data["arrays"]["map-softmax"][row, column]
    for kind in KINDS:
        wrong = data["arrays"][f"wrong-{kind}"]
        assert data["counts"][f"right_{kind}"] == len(labels) - wrong.sum()
    with pytest.raises(UnusableError):
        ask(data["direct"].removeprefix("direct/"), {"place": "0.5"})


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"lr": "0.3", "seed": "10000", "image": "450", "class": "10", "step": "-5"}, (0, 449, 9)),
        ({"lr": "fast", "seed": "1.5", "image": "", "class": "eight", "step": "all"}, (0, 77, 8)),
        ({"digits": "1,2,3", "place": "2,0.5"}, (0, 77, 8)),
        ({"place": "0.5"}, (0, 77, 8)),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    settings: dict[str, str], expected: tuple[int, int, int]
) -> None:
    at = open_lesson(LESSON, "zh", **settings)
    data = mounted(at)
    assert (data["race"]["step"], data["image"], data["class"]) == expected
    assert data["lr"] == "0.1"
    assert data["seed"] == (9999 if settings.get("seed") == "10000" else 0)
    planes = mounted(at, "lines")
    assert planes["scene"] == "row"
    place = [1, 0.5] if settings.get("place") == "2,0.5" else [0.46, 0.7]
    assert planes["place"]["at"] == [pytest.approx(value) for value in place]
    assert len(at.info) == len(settings)
    assert all(any(name in notice.value for notice in at.info) for name in settings)
