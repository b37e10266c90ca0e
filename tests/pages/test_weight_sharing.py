"""/weight-sharing counts what one would count by hand, and its matrix is the layer."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.components.cost_bars import memory
from tests import reference
from tests.pages.lesson import open_lesson

LESSON = "convolution/weight_sharing.py"


def mounted(at: AppTest, field: str) -> dict[str, Any]:
    """What the component was given whose data has this field."""
    assert not at.exception
    given = [json.loads(each.proto.json) for each in at.get("bidi_component") if each.proto.json]
    (data,) = (data for data in given if field in data)
    return data


def stage(at: AppTest) -> dict[str, Any]:
    return mounted(at, "matrices")


def connections(size: int, ksize: int, stride: int, padding: int) -> dict[tuple[int, int], int]:
    """(row, column) -> number of the kernel's cell, followed product by product; all outputs."""
    sides = ((padding, padding), (padding, padding))
    shapes = (1, 1, size, size), (1, 1, ksize, ksize)
    (*_, width), products = reference.connections(*shapes, stride=(stride,) * 2, padding=sides)
    places = {}
    for (*_, i, j), (*_, r, c), (*_, u, v) in products:
        if padding <= r < padding + size and padding <= c < padding + size:
            column = (r - padding) * size + c - padding
            places[i * width + j, column] = u * ksize + v + 1
    return places


@pytest.mark.parametrize(
    ("size", "ksize", "stride", "padding"),
    [(6, 3, 1, 0), (8, 3, 1, 1), (7, 2, 2, 1), (4, 4, 1, 1)],
)
def test_matrices_and_counts(size: int, ksize: int, stride: int, padding: int) -> None:
    data = stage(open_lesson(LESSON, size=size, ksize=ksize, stride=stride, padding=padding))
    places = connections(size, ksize, stride, padding)
    shared, local, full = (data["matrices"][name] for name in ("shared", "local", "full"))
    rows, columns = len(shared), size**2
    assert {(r, c): k for r, line in enumerate(shared) for c, k in enumerate(line) if k} == places
    in_use = [k for line in local for k in line if k]
    assert len(set(in_use)) == len(in_use) == len(places)  # nothing is shared
    assert all((local[r][c] - shared[r][c]) == r * ksize**2 for r, c in places)
    assert sorted(k for line in full for k in line) == list(range(1, rows * columns + 1))

    products = rows * ksize**2
    assert data["costs"] == {
        "full": {
            "parameters": rows * columns + rows,
            "multiplications": rows * columns,
            "by_padding": 0,
        },
        "local": {
            "parameters": products + rows,
            "multiplications": products,
            "by_padding": products - len(places),
        },
        "shared": {
            "parameters": ksize**2 + 1,
            "multiplications": products,
            "by_padding": products - len(places),
        },
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_answer_is_hidden_until_the_guess_and_never_again(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    assert stage(at)["hidden"]
    assert not any("592" in words.value for words in (*at.markdown, *at.latex))
    at.number_input(key="full-guess").set_value(600)
    next(button for button in at.button if button.label in ("Check", "核对")).click().run()
    assert not stage(at)["hidden"]
    said = [words.value for words in at.markdown]
    assert any("600" in words and "**592**" in words for words in said)
    assert any("16" in words.value and "= 592" in words.value for words in at.latex)
    at.slider(key="size-slider").set_value(8).run()
    assert not stage(at)["hidden"]


@pytest.mark.parametrize(
    ("net", "learned", "computed", "memories"),
    [
        ("lenet", [4_821_600, 122_304, 156], [4_816_896, 117_600, 117_600], "19.3 MB"),
        (
            "alexnet",
            [44_892_355_200, 105_705_600, 34_944],
            [44_892_064_800, 105_415_200, 105_415_200],
            "180 GB",
        ),
        (
            "vgg",
            [483_388_358_656, 89_915_392, 1_792],
            [483_385_147_392, 86_704_128, 86_704_128],
            "1.93 TB",
        ),
    ],
)
def test_known_networks(net: str, learned: list[int], computed: list[int], memories: str) -> None:
    parameters, products = mounted(open_lesson(LESSON, net=net), "panels")["panels"]
    assert [bar["value"] for bar in parameters["bars"]] == learned
    assert [bar["value"] for bar in products["bars"]] == computed
    assert parameters["bars"][0]["remark"] == memories
    assert [bar["ratio"] for bar in parameters["bars"]] == [n / learned[2] for n in learned]


def test_a_layer_of_ones_own() -> None:
    own: dict[str, Any] = {
        "side": 10,
        "channels": 3,
        "filters": 6,
        "window": 4,
        "step": 2,
        "border": 1,
    }
    parameters, products = mounted(open_lesson(LESSON, net="own", **own), "panels")["panels"]
    outputs, inputs, window = 6 * 5 * 5, 3 * 10 * 10, 3 * 4 * 4
    expected = [outputs * (inputs + 1), outputs * (window + 1), 6 * (window + 1)]
    assert [bar["value"] for bar in parameters["bars"]] == expected
    expected = [outputs * inputs, outputs * window, outputs * window]
    assert [bar["value"] for bar in products["bars"]] == expected


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"view": "none"}, ("view", "shared")),
        ({"entry": "577"}, ("entry", 576)),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: tuple[str, object]
) -> None:
    at = open_lesson(LESSON, "zh", **setting)
    name, value = shown
    assert stage(at)[name] == value
    (notice,) = at.info
    assert next(iter(setting)) in notice.value


@pytest.mark.parametrize(
    ("size", "words"),
    [(624, "624 B"), (999, "999 B"), (1000, "1 kB"), (4 * 10**15, "4 PB")],
)
def test_memory_is_said_in_fitting_units(size: int, words: str) -> None:
    assert memory(size) == words
