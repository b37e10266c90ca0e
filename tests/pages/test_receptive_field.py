"""/receptive-field shows SciPy's maps, and what loops find that a cell sees, for every setting."""

import json
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from pages.kit.pictures import digits
from tests.kit import fields
from tests.pages.lesson import open_lesson

LESSON = "pooling/receptive_field.py"


def mounted(at: AppTest) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What the stage was given: its data, and the arrays behind them."""
    assert not at.exception
    (raw,) = (c.proto.bytes for c in at.get("bidi_component") if c.proto.bytes)
    return unpacked(raw)


def unpacked(raw: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    start = 4 + int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:start])
    arrays = {}
    for name, entry in data["arrays"].items():
        count = math.prod(entry["shape"])
        flat = np.frombuffer(raw, entry["type"], count, start + entry["offset"])
        arrays[name] = flat.reshape(entry["shape"])
    return data, arrays


@pytest.mark.parametrize(
    ("shrink", "size", "picture"),
    [("max", 2, "mnist-3-0"), ("average", 3, "mnist-8-4"), ("stride", 2, "mnist-0-1")],
)
def test_both_chains_show_real_maps_and_what_their_cells_see(
    shrink: str, size: int, picture: str
) -> None:
    data, arrays = mounted(open_lesson(LESSON, shrink=shrink, size=size, picture=picture))
    label, n = picture.split("-")[1:]
    image = digits()[int(label)][int(n)]
    np.testing.assert_array_equal(arrays["picture"], image[0])
    for way, chain in {"with": (shrink, size), "without": ("none", 1)}.items():
        wanted = fields.maps(image, *chain)
        places = data["chains"][way]["places"]
        assert [place["name"] for place in places] == list(wanted)
        for depth, place in enumerate(places[1:], start=1):
            maps = wanted[place["name"]]
            shown = arrays[f"{way}-{place['name']}"]
            np.testing.assert_allclose(shown, maps[place["map"] - 1], atol=1e-4)
            view, step, start = place["views"][0]
            pixels = fields.seen(*chain, place["name"], 3)
            assert range(start + 3 * step, start + 3 * step + view) == pixels
            assert place["views"][depth] == [1, 1, 0]  # itself
            assert place["rule"][0].endswith(f" = {len(pixels)}")
    ends = {way: chain["dense"] for way, chain in data["chains"].items()}
    last = fields.maps(image, shrink, size)
    assert ends == {"with": 10 * (list(last.values())[-1].size + 1), "without": 92_170}


def test_a_cell_sees_a_rectangle_of_every_map_between() -> None:
    """The last cell of the pooled chain reads 2×2, then 6×6, 12×12 and 16×16 cells."""
    data, _arrays = mounted(open_lesson(LESSON))
    views = [view[0] for view in data["chains"]["with"]["places"][-1]["views"]]
    assert views == [16, 12, 6, 2, 1]
    rules = [place["rule"] for place in data["chains"]["with"]["places"][1:]]
    assert rules == [
        ["r = 1 + (5 − 1)·1 = 5", "j = 1·1 = 1"],
        ["r = 5 + (2 − 1)·1 = 6", "j = 1·2 = 2"],
        ["r = 6 + (5 − 1)·2 = 14", "j = 2·1 = 2"],
        ["r = 14 + (2 − 1)·2 = 16", "j = 2·2 = 4"],
    ]


def test_the_answer_stays_closed_until_the_guess() -> None:
    at = open_lesson(LESSON)
    assert mounted(at)[0]["open"] == 2  # the first pooling
    at.number_input(key="side-guess").set_value(10)
    at.button[0].click().run()
    assert any("You said 10; it is **14**, 4 away" in words.value for words in at.markdown)
    assert mounted(at)[0]["open"] == 4


def test_while_the_pointer_moves_the_effect_is_answered_directly() -> None:
    at = open_lesson(LESSON, "zh", shrink="average")  # held: the address ends with the session
    data, _arrays = mounted(at)
    token = data["direct"].removeprefix("direct/")
    question = {"way": "with", "layer": "pool1", "cell": "7,8", "pixels": "one", "asked": "this"}
    answer, arrays = unpacked(ask(token, question))
    assert answer["asked"] == "this"
    channel = data["chains"]["with"]["places"][2]["map"] - 1
    pixels = [(row, column) for row in range(11, 19, 2) for column in range(13, 21, 3)]
    wanted = fields.effect(digits()[3][0], ("average", 2), "pool1", (channel, 7, 8), pixels)
    np.testing.assert_allclose([arrays["effect"][at] for at in pixels], wanted, atol=1e-4)
    reached, inside = np.count_nonzero(arrays["effect"]), 6 * 6
    assert (
        f"框内{inside}个像素中，有{reached}个的|∂格/∂像素|不为0；框外最大是0"
        in answer["measured"]["sentence"]
    )
    for nonsense in ({"cell": "14,0"}, {"cell": "1"}, {"layer": "pool9"}, {"way": "x"}):
        with pytest.raises(UnusableError):
            ask(token, question | nonsense)


def test_what_a_link_cannot_have_falls_back_and_is_said() -> None:
    asked = {"layer": "conv3", "spot": "3,4,5", "way": "both", "pixels": "all", "picture": "camera"}
    at = open_lesson(LESSON, "zh", **asked, size=4, shrink="min")
    assert len(at.info) == 7
    data, _arrays = mounted(at)
    assert (data["layer"], data["spot"], data["way"]) == ("conv2", [12.5, 12.5], "with")
    assert (data["pixels"], data["title"]) == ("off", "手写数字3")
    assert data["chains"]["with"]["title"] == "2×2最大池化"
