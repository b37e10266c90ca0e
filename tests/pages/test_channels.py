"""/channels: partial results, sums, biases and maps equal SciPy's, for every size of the layer."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d
from scipy.special import expit
from streamlit.testing.v1 import AppTest

from cnn_core import load_photo
from pages.kit.channels import filters, pictures
from tests.pages.lesson import open_lesson

LESSON = "convolution/channels.py"
SQUASHED = {"none": np.positive, "relu": lambda u: u * (u > 0), "sigmoid": expit, "tanh": np.tanh}
RNG = np.random.default_rng(3)
X, W = RNG.integers(-9, 10, (3, 5, 5)) / 2, RNG.integers(-9, 10, (4, 3, 3, 3)) / 2
B = np.array([1.5, -2, 0, 40])


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    given = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = (data for data in given if "partials" in data)
    return data


def text(grids: np.ndarray) -> str:
    return ";".join(",".join(map(str, row)) for row in grids.reshape(-1, grids.shape[-1]))


@pytest.mark.parametrize(
    ("channels", "depth", "activation", "lang"),
    [(1, 1, "none", "en"), (1, 4, "tanh", "zh"), (2, 3, "relu", "en"), (3, 4, "sigmoid", "zh")],
)
def test_every_term_is_scipys(channels: int, depth: int, activation: str, lang: str) -> None:
    at = open_lesson(
        LESSON,
        lang,
        channels=channels,
        depth=depth,
        act=activation,
        x=text(X),
        w=text(W),
        b=text(B),
    )
    data = mounted(at)
    partials = np.array(
        [[convolve2d(X[n], W[k, n], mode="valid") for n in range(channels)] for k in range(depth)]
    )
    np.testing.assert_allclose(data["partials"], partials)
    np.testing.assert_allclose(data["sums"], partials.sum(axis=1))
    raised = partials.sum(axis=1) + B[:depth, None, None]
    np.testing.assert_allclose(data["raised"], raised)
    np.testing.assert_allclose(data["outputs"], SQUASHED[activation](raised), atol=1e-12)
    np.testing.assert_allclose(np.sum(data["products"], axis=(4, 5)), partials)
    np.testing.assert_array_equal(data["sliding"], np.rot90(W, 2, axes=(2, 3))[:depth, :channels])
    # What is not in use stays in the link.
    np.testing.assert_array_equal(data["x"], X.reshape(15, 5))
    np.testing.assert_array_equal(data["weight"], W.reshape(36, 3))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_count_of_parameters_is_asked_before_it_is_shown(lang: str) -> None:
    at = open_lesson(LESSON, lang, channels=3, depth=4)
    hidden = mounted(at)["text"]
    assert "112" not in hidden["arrow"] + hidden["count"]
    assert "3×3×3" not in hidden["count"]
    at.number_input(key="parameters-guess").set_value(40)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    assert any("**112**" in markdown.value and "72" in markdown.value for markdown in at.markdown)
    shown = mounted(at)["text"]
    assert "4×3×3" in shown["arrow"]
    assert "112" in shown["arrow"]
    assert "3×3×3" in shown["count"]


def test_the_photo_is_a_coarse_piece_of_the_coffee_cup() -> None:
    patch = pictures(0)["photo"].reshape(3, 5, 5)
    photo = load_photo("coffee")
    for channel in range(3):
        for row in range(5):
            for column in range(5):
                top, left = 100 + 25 * row, 290 + 25 * column
                pixel = photo[channel, top : top + 25, left : left + 25].mean() * 9
                assert patch[channel, row, column] == round(float(pixel))


def test_the_colour_edge_shows_only_to_opposite_kernels() -> None:
    maps = pictures(0)["edge"].reshape(3, 5, 5)
    assert len(np.unique(maps.sum(axis=0))) == 1  # equally bright on both sides
    brightness, colour = filters(0)["edges"].reshape(4, 3, 3, 3)[1:3]
    data = mounted(open_lesson(LESSON, x="edge", depth=3))
    assert not np.any(data["sums"][1])
    assert np.any(data["partials"][1][0])
    assert np.any(data["sums"][2])
    np.testing.assert_array_equal(brightness[0], brightness[2])
    np.testing.assert_array_equal(colour[0], -colour[2])


def test_another_seed_is_another_input_and_other_kernels() -> None:
    first, second = (
        mounted(open_lesson(LESSON, x="random", w="random", seed=seed)) for seed in (0, 1)
    )
    assert first["x"] != second["x"]
    assert first["weight"] != second["weight"]


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"channels": "4"}, ("channels", 3)),
        ({"depth": "none"}, ("depth", 2)),
        ({"filter": "3"}, ("filter", 2)),
        ({"cell": "9"}, ("cell", 8)),
        ({"b": "1,2"}, ("bias", [[-3, 0, 0, -9]])),
        ({"act": "step"}, ("activation", "relu")),
        ({"x": "1,2;nan,4"}, ("picture", "photo")),
        ({"w": "1,2,3;4,5,6;7,8,999"}, ("kernels", "edges")),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    setting: dict[str, str], shown: tuple[str, object]
) -> None:
    at = open_lesson(LESSON, **setting)
    name, value = shown
    assert mounted(at)[name] == value
    (notice,) = at.info
    assert next(iter(setting)) in notice.value
