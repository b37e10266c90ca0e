"""/own-digit shows the network's own numbers for any sheet, and asks before it tells."""

import json
import math
import zlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import StateError, load_dataset, load_pretrained
from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.pages.lesson import open_lesson, unpacked

LESSON = "classification/own_digit.py"
SETTINGS = ("sheet", "framed", "for", "against", "lit", "off")
LINE = np.zeros((28, 28), np.uint8)
LINE[5:23, 9:12] = 200
LINE[12:15, 9:19] = 255


def text(pixels: np.ndarray, kind: str = "z") -> str:
    """A drawing as a link writes it, or (p) as the pad does."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(pixels.tobytes()) + packer.flush()
    raw = packed if kind == "z" else pixels.tobytes()
    return kind + urlsafe_b64encode(raw).decode().rstrip("=")


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    (raw,) = (each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes)
    return unpacked(raw)


def asked(at: AppTest, **settings: object) -> dict[str, Any]:
    """The direct answer while a pen moves or the pointer looks."""
    token = mounted(at)["direct"].removeprefix("direct/")
    return unpacked(ask(token, {name: str(value) for name, value in settings.items()}))


def digit(label: int, index: int) -> np.ndarray:
    data = load_dataset("mnist", rng=np.random.default_rng(0))
    image: np.ndarray = data.test_images[data.test_labels == label][index]
    return image


def shares_of(scores: np.ndarray) -> list[float]:
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize(
    ("sheet", "image"),
    [("mnist-4-1", digit(4, 1)), ("mnist-2-0", digit(2, 0)), (text(LINE), LINE[None] / 255)],
)
def test_the_classes_are_the_networks(sheet: str, image: np.ndarray) -> None:
    data = mounted(open_lesson(LESSON, sheet=sheet, framed=0))
    scores = load_pretrained("mnist").forward(image[None].astype(np.float32))[0]
    np.testing.assert_allclose(data["scores"], scores, atol=1e-4)
    np.testing.assert_allclose(data["shares"], shares_of(scores), atol=1e-5)
    assert data["winner"] == data["chosen"] == scores.argmax()
    np.testing.assert_array_equal(data["arrays"]["seen"], image[0].astype(np.float32))


@pytest.mark.parametrize("against", ["nobody", "next", "0"])
def test_the_votes_are_products_and_the_strongest_are_named(against: str) -> None:
    settings: dict[str, Any] = {"for": 9, "against": against}
    data = mounted(open_lesson(LESSON, **settings))
    network = load_pretrained("mnist")
    outputs = dict(network.trace(digit(4, 1)[None]))
    numbers = outputs["flatten1"][0].astype(float)
    weight = network.state()["affine1.weight"].astype(float)
    rival = {"nobody": None, "next": 4, "0": 0}[against]  # the 4 has the largest score of all
    assert (data["chosen"], data["rival"]) == (9, rival)
    weights = weight[9] - (0 if rival is None else weight[rival])
    votes = weights * numbers
    np.testing.assert_allclose(data["arrays"]["votes"].ravel(), votes, atol=1e-5)
    assert [card["cell"] for card in data["cards"]] == np.argsort(-votes)[:5].tolist()
    for card in data["cards"]:
        channel, row, column = card["place"]
        assert card["number"] == pytest.approx(outputs["pool2"][0, channel, row, column])
        assert card["vote"] == pytest.approx(votes[card["cell"]])
        # Windows of 5, 2, 5, 2 with strides 1, 2, 1, 2 and padding 2 see 16 pixels, 4 apart.
        assert card["box"] == [4 * row - 2, 4 * column - 2, 16]
    sums = data["sums"]
    assert sums["gain"] == pytest.approx(votes[votes > 0].sum())
    assert sums["loss"] == pytest.approx(votes[votes < 0].sum())
    lead = data["scores"][9] - (0 if rival is None else data["scores"][rival])
    assert sums["gain"] + sums["loss"] + sums["bias"] == pytest.approx(lead)
    assert sums["total"] == pytest.approx(lead)
    if rival is not None:
        assert data["ratio"] == pytest.approx(data["shares"][9] / data["shares"][rival])


def test_what_is_lit_adds_up() -> None:
    five, every = (
        mounted(open_lesson(LESSON, sheet=text(LINE), lit=lit)) for lit in ("strongest", "all")
    )
    for data in (five, every):
        lit = data["lit_sum"]
        assert lit["ink"] == pytest.approx(data["arrays"]["ink"].sum(), abs=1e-3)
        assert lit["ink"] + lit["rest"] == pytest.approx(lit["votes"])
        assert not data["arrays"]["ink"][LINE == 0].any()
    votes = every["sums"]["gain"] + every["sums"]["loss"]
    assert every["lit_sum"]["votes"] == pytest.approx(votes)
    assert five["lit_sum"]["votes"] == pytest.approx(sum(card["vote"] for card in five["cards"]))
    total = five["arrays"]["inks"].sum(axis=0)
    np.testing.assert_allclose(total, five["arrays"]["ink"], atol=1e-4)


def test_what_is_pointed_at() -> None:
    at = open_lesson(LESSON, framed=0)
    settings = {name: mounted(at)[name] for name in SETTINGS}
    (first, *_rest) = mounted(at)["cards"]
    data = asked(at, **settings, look=f"cell-{first['cell']}")
    looked, weight = data["looked"], load_pretrained("mnist").state()["affine1.weight"]
    expected = weight[:, first["cell"]] * first["number"]
    np.testing.assert_allclose(looked["classes"], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(data["arrays"]["ink"], data["arrays"]["inks"][0], atol=1e-5)
    assert looked["ink"] + looked["rest"] == pytest.approx(first["vote"])
    row, column = np.unravel_index(data["arrays"]["ink"].argmax(), (28, 28))
    every = asked(at, **settings | {"lit": "all"}, look="")["arrays"]["ink"]
    pixel = asked(at, **settings, look=f"pixel-{row * 28 + column}")
    assert pixel["looked"]["vote"] == pytest.approx(every[row, column], abs=1e-4)
    assert pixel["looked"]["classes"][4] == pytest.approx(every[row, column], abs=1e-4)
    assert pixel["arrays"]["votes"].sum() == pytest.approx(every[row, column], abs=1e-4)


def test_a_moving_pen_is_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, against="next")
    drawn = asked(
        at, sheet=text(LINE, "p"), framed=1, **{"for": "winner"}, against="next", lit="all", off=3
    )
    settled = mounted(open_lesson(LESSON, sheet=text(LINE), against="next", lit="all", off=3))
    for name, values in drawn.pop("arrays").items():
        np.testing.assert_array_equal(values, settled["arrays"][name])
    assert drawn.pop("asked").startswith("p")  # the browser knows its question by it
    assert drawn == {name: settled[name] for name in drawn}
    assert drawn["title"] == "Your drawing"
    good = {"sheet": "empty", "framed": "1", "for": "winner", "against": "nobody", "off": "0"}
    for wrong in (
        *({"sheet": "p1"}, {"for": "10"}, {"against": "me"}, {"off": "-1"}, {"off": "x"}),
        *({"look": "cell-400"}, {"look": "pixel-784"}, {"look": "dot-1"}, {"look": "cell-x"}),
    ):
        with pytest.raises(UnusableError):
            asked(at, **good | wrong)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_slider_waits_for_the_guess_about_the_digit_that_the_page_opens_with(lang: str) -> None:
    at = open_lesson(LESSON, lang, sheet="mnist-3-0")
    assert mounted(at)["hidden"]
    at.number_input(key="fall-guess").set_value(200)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert not mounted(at)["hidden"]
    assert any("**7**" in words.value and "193" in words.value for words in at.markdown)
    for off, stays in ((6, True), (7, False)):
        data = mounted(open_lesson(LESSON, lang, off=off))
        assert (data["winner"] == data["chosen"] == 4) == stays
        assert data["chosen"] == 4
        assert len(data["silenced"]) == off


@pytest.mark.parametrize(
    ("sheet", "lang", "words"),
    [
        ("empty", "en", "No ink"),
        ("empty", "zh", "没有墨"),
        (text(np.full_like(LINE, 255)), "en", "All pixels are equal"),
        (text(np.full_like(LINE, 9)), "zh", "所有像素都相等"),
    ],
)
def test_without_a_stroke_nothing_lights_up_and_it_is_said(
    sheet: str, lang: str, words: str
) -> None:
    data = mounted(open_lesson(LESSON, lang, sheet=sheet, lit="all"))
    assert words in data["note"]
    assert f"{max(data['shares']):.1%}" in data["note"]
    assert data["cards"] == []
    assert not data["arrays"]["ink"].any()
    assert data["arrays"]["inks"].size == 0
    assert data["winner"] == int(np.argmax(data["scores"]))


def test_framing_is_the_default_and_can_be_switched_off() -> None:
    tall = LINE.copy()
    tall[4:24, 9:12] = 200  # 20 pixels: it is only moved
    corner = np.roll(tall, (-4, 7), axis=(0, 1))
    framed, as_drawn = (mounted(open_lesson(LESSON, sheet=text(corner), framed=f)) for f in "10")
    same = mounted(open_lesson(LESSON, sheet=text(tall)))
    np.testing.assert_array_equal(framed["arrays"]["seen"], same["arrays"]["seen"])
    np.testing.assert_allclose(as_drawn["arrays"]["seen"], corner / 255, atol=1e-6)
    assert framed["scores"] == same["scores"] != as_drawn["scores"]
    smaller = mounted(open_lesson(LESSON, sheet=text(LINE)))
    assert smaller["frame"]["words"].startswith("18×10 → 20×11 pixels")


def test_every_arrow_has_its_shape_and_parameters() -> None:
    arrows = mounted(open_lesson(LESSON))["arrows"]
    ends = {name: words.split(" → ")[1] for name, words in arrows.items()}
    assert ends == {
        "frame": "28×28 · 0 parameters",
        "maps": f"16×5×5 · {6 * 26 + 16 * (6 * 25 + 1):,} parameters",
        "scores": f"10 · {10 * 401:,} parameters",
        "shares": "10 · 0 parameters",
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("settings", "used"),
    [
        ({"sheet": "mnist-4-9999"}, {"sheet": "mnist-4-0"}),
        ({"sheet": "z!"}, {"sheet": "mnist-4-1"}),
        ({"framed": "yes", "for": "ten", "lit": "none"}, {"framed": "1", "for": "winner"}),
        ({"for": "3", "against": "3"}, {"for": "3", "against": "nobody"}),
        ({"off": "9999", "against": "-1"}, {"off": "97", "against": "nobody"}),
        ({"off": "half"}, {"off": "0"}),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    settings: dict[str, str], used: dict[str, str], lang: str
) -> None:
    at = open_lesson(LESSON, lang, **settings)
    data = mounted(at)
    assert {name: data[name] for name in used} == used
    problems = {name for name in settings if name != "for" or settings[name] == "ten"}
    assert len(at.info) == len(problems)
    assert all(any(name in notice.value for notice in at.info) for name in problems)


@pytest.mark.parametrize(("lang", "words"), [("en", "damaged"), ("zh", "损坏")])
def test_without_the_networks_weights_one_sentence_says_so(
    monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    def broken(_name: str) -> None:
        raise StateError("The weights are gone.")

    monkeypatch.setattr("pages.kit.reading.load_pretrained", broken)
    at = open_lesson(LESSON, lang)
    assert not at.exception
    (error,) = at.error
    assert words in error.value


def test_the_links_to_try_show_what_they_promise() -> None:
    (links,) = (
        json.loads(each.proto.json)["links"]
        for each in open_lesson(LESSON).get("bidi_component")
        if "links" in (each.proto.json or "")
    )
    data = {}
    for link in links:
        settings = dict(parse_qsl(urlsplit(link["href"]).query))
        data[link["name"]] = mounted(open_lesson(LESSON, **settings))
    assert (data["try-closed"]["winner"], data["try-closed"]["rival"]) == (9, 4)
    assert data["try-corner"]["winner"] == 2
    framed = open_lesson(LESSON, sheet=data["try-corner"]["sheet"])
    assert mounted(framed)["winner"] == 7
    assert max(data["try-letter"]["shares"]) > 0.999
    unsure = sorted(data["try-unsure"]["shares"])
    assert unsure[-1] - unsure[-2] < 0.05
    assert data["try-empty"]["note"]
