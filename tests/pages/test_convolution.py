"""/convolution: what the stage is given is what SciPy computes, whatever the link says."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit
from streamlit.testing.v1 import AppTest

from cnn_core.datasets import DATA_FOLDER
from pages.kit.controls import format_grid
from pages.kit.patterns import kernels, pictures
from tests.pages.lesson import open_lesson

PATH = "convolution/convolution.py"
ORACLES = {"convolution": convolve2d, "correlation": correlate2d}
SQUASHED = {"none": np.positive, "relu": lambda u: u * (u > 0), "sigmoid": expit, "tanh": np.tanh}


def components(at: AppTest) -> list[dict[str, Any]]:
    return [json.loads(component.proto.json) for component in at.get("bidi_component")]


def stage(at: AppTest) -> dict[str, Any]:
    """What Python gave to the stage."""
    (data,) = (data for data in components(at) if "products" in data)
    return data


def notices(at: AppTest) -> list[str]:
    return [notice.value for notice in at.info]


def skip(at: AppTest) -> AppTest:
    (button,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    return button.click().run()


@pytest.mark.parametrize(
    ("lang", "size", "ksize", "bias", "activation"),
    [
        ("en", 6, 3, 0, "none"),
        ("zh", 5, 2, -2.5, "relu"),
        ("en", 14, 5, 0.5, "sigmoid"),
        ("zh", 7, 1, 0, "tanh"),
        ("en", 9, 4, 5, "none"),
    ],
)
def test_outputs_and_products_are_scipys(
    lang: str, size: int, ksize: int, bias: float, activation: str
) -> None:
    rng = np.random.default_rng(size)
    x = rng.integers(-9, 10, (size, size)) / 2
    kernel = rng.integers(-9, 10, (ksize, ksize)) / 40  # small: sigmoid does not saturate
    grids = {"x": format_grid(x), "k": format_grid(kernel)}
    at = open_lesson(PATH, lang, size=size, ksize=ksize, bias=bias, act=activation, **grids)
    assert not at.exception
    assert notices(at) == []
    given = stage(at)
    sums = {mode: oracle(x, kernel, mode="valid") for mode, oracle in ORACLES.items()}
    for mode, total in sums.items():
        np.testing.assert_allclose(np.sum(given["products"][mode], axis=(2, 3)), total, atol=1e-12)
        np.testing.assert_allclose(given["sums"][mode], total + bias, atol=1e-12)
        output = SQUASHED[activation](total + bias)
        np.testing.assert_allclose(given["outputs"][mode], output, atol=1e-12)
    np.testing.assert_array_equal(given["sliding"]["convolution"], np.rot90(kernel, 2))
    np.testing.assert_array_equal(given["sliding"]["correlation"], kernel)
    with_flip, without = (np.array(output) for output in given["outputs"].values())
    np.testing.assert_array_equal(given["changed"], ~np.isclose(with_flip, without, atol=1e-12))
    parameters = ksize**2 + (bias != 0)
    assert given["text"]["arrow_convolution"].endswith(
        {
            ("en", True): "1 parameter",
            ("en", False): f"{parameters} parameters",
            ("zh", True): "1个参数",
            ("zh", False): f"{parameters}个参数",
        }[lang, parameters == 1]
    )


@pytest.mark.parametrize("mode", ORACLES)
def test_who_slides_over_whom_matters_only_to_correlation(mode: str) -> None:
    at = open_lesson(PATH, mode=mode)
    assert not [data for data in components(at) if data.get("title") == "f ∗ g"]  # would tell
    at = skip(at)
    f, g = pictures(6, 0)["letter"], kernels(3)["count"]
    first, second = ORACLES[mode](f, g), ORACLES[mode](g, f)
    sign = {"convolution": "∗", "correlation": "⋆"}[mode]
    shown = {data["title"]: data["values"] for data in components(at) if "title" in data}
    np.testing.assert_allclose(shown[f"f {sign} g"], first)
    np.testing.assert_allclose(shown[f"g {sign} f"], second)
    apart = np.abs(first - second).max()
    assert (apart > 0) == (mode == "correlation")
    np.testing.assert_allclose(first, np.rot90(second, 2) if apart else second)
    (told,) = (text.value for text in at.markdown if "largest difference" in text.value)
    assert f"**{apart:g}**" in told


def test_a_symmetric_kernel_is_not_changed_by_the_flip() -> None:
    given = stage(open_lesson(PATH, k="blur", x="random"))
    assert not np.any(given["changed"])


@pytest.mark.parametrize(
    ("mode", "painted"), [("convolution", [[1, 2], [3, 4]]), ("correlation", [[4, 3], [2, 1]])]
)
def test_an_impulse_paints_the_kernel_or_paints_it_upside_down(
    mode: str, painted: list[list[int]]
) -> None:
    output = np.array(stage(open_lesson(PATH, x="impulse", ksize=2, mode=mode))["outputs"][mode])
    rows, columns = np.nonzero(output)
    assert (
        output[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].tolist() == painted
    )


def test_the_first_output_is_hidden_until_it_was_guessed_or_skipped() -> None:
    at = open_lesson(PATH)
    assert stage(at)["hidden"] == 0
    at.number_input[0].set_value(20.0)
    (check,) = (button for button in at.button if button.label == "Check")
    check.click().run()
    truth = stage(at)["outputs"]["convolution"][0][0]
    told = [text.value for text in at.markdown]
    assert f"You said 20; it is **{truth:g}**, {truth - 20:g} away." in told
    assert stage(at)["hidden"] is None
    at.text_input(key="k").set_value("edge").run()
    assert stage(at)["hidden"] is None  # asked anew, but nothing that was open closes


def test_the_reveal_tells_what_the_other_operation_gives() -> None:
    at = skip(open_lesson(PATH, mode="correlation"))
    outputs = stage(at)["outputs"]
    with_flip, without = (outputs[mode][0][0] for mode in ORACLES)
    assert with_flip != without
    told = f"Row 1, column 1: **{with_flip:g}** rotated, **{without:g}** not rotated."
    assert told in [text.value for text in at.markdown]


def test_typed_numbers_stay_when_the_size_changes() -> None:
    typed = np.arange(36.0).reshape(6, 6)
    at = open_lesson(PATH, x=format_grid(typed))
    at.text_input(key="size").set_value("7").run()
    assert notices(at) == []
    np.testing.assert_array_equal(stage(at)["padded"], np.pad(typed, (0, 1)))
    at.text_input(key="size").set_value("5").run()
    np.testing.assert_array_equal(stage(at)["padded"], typed[:5, :5])


def test_a_smaller_output_keeps_the_window_on_it() -> None:
    at = open_lesson(PATH)
    at.text_input(key="at").set_value("15").run()
    assert stage(at)["at"] == 15
    at.text_input(key="ksize").set_value("5").run()
    assert stage(at)["at"] == 3
    assert notices(at) == []


def test_the_worked_example_is_there_at_its_size_only() -> None:
    at = open_lesson(PATH, size=5, x="classic", k="classic", mode="correlation")
    given = stage(at)
    assert given["outputs"]["correlation"] == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    at.text_input(key="size").set_value("6").run()
    assert (stage(at)["picture"], notices(at)) == ("letter", [])
    assert "classic" not in stage(at)["pictures"]


@pytest.mark.parametrize(
    ("setting", "text", "reason"),
    [
        ("ksize", "9", "not possible here (1 to 5)"),
        ("size", "400", "not possible here (5 to 14)"),
        ("mode", "both", "unknown (it can be convolution, correlation)"),
        ("bias", "0.3", "unknown (it can be -5, "),
        ("act", "step", "unknown (it can be none, relu, sigmoid, tanh)"),
        ("x", "photo", "“photo” is not a number from −99 to 99"),
        ("k", "1,2;3,4", "which has 2×2 numbers instead of 3×3"),
        ("k", "1,2,nan;1,2,3;1,2,3", "“nan” is not a number from −99 to 99"),
    ],
)
def test_what_the_link_cannot_have_is_told_in_one_sentence(
    setting: str, text: str, reason: str
) -> None:
    at = open_lesson(PATH, **{setting: text})
    assert not at.exception
    (notice,) = notices(at)
    assert f"{setting}={text}" in notice
    assert reason in notice
    assert stage(at)["outputs"]


def test_a_window_beyond_the_output_is_told_and_put_on_it() -> None:
    # The landing page has an `at` of its own, which AppTest would carry over from the link.
    at = open_lesson(PATH)
    at.text_input(key="at").set_value("16").run()
    (notice,) = notices(at)
    assert "not possible here (0 to 15)" in notice
    assert stage(at)["at"] == 15


@pytest.mark.parametrize("size", range(1, 15))
def test_patterns_have_the_size_that_was_asked_for(size: int) -> None:
    for values in [*pictures(size, 0).values(), *kernels(size).values()]:
        assert values.shape == (size, size)


def test_digits_are_the_real_ones_in_whole_numbers_at_every_size() -> None:
    with np.load(DATA_FOLDER / "digits.npz") as file:
        real = {image.tobytes() for image in file["images"].astype(float)}
    seen = {pictures(8, seed)["digit"].tobytes() for seed in range(20)}
    assert seen <= real
    assert len(seen) == 20
    for size in range(5, 15):
        digit = pictures(size, 3)["digit"]
        assert np.array_equal(digit, digit.round())
        assert 0 <= digit.min() < 4 < 12 < digit.max() <= 16


def test_no_symmetry_of_the_defaults_hides_the_flip() -> None:
    defaults = [pictures(size, 0)["letter"] for size in range(5, 15)]
    defaults += [kernels(size)["count"] for size in range(2, 6)]
    for values in defaults:
        assert not np.array_equal(values, np.rot90(values, 2))


def test_scipy_shows_the_same_numbers_beside_ours() -> None:
    at = skip(open_lesson(PATH, k="edge", x="random", mode="correlation", bias="0.5", act="tanh"))
    at.session_state["elsewhere"] = True
    at.run()
    shown = {
        data["title"]: data["values"]
        for component in at.get("bidi_component")
        if "prints" in (data := json.loads(component.proto.json)).get("title", "")
    }
    sums = correlate2d(pictures(6, 0)["random"], kernels(3)["edge"], mode="valid") + 0.5
    assert list(shown) == ["CNN Lab prints", "SciPy prints"]
    for values in shown.values():
        np.testing.assert_allclose(values, np.tanh(sums), atol=1e-12)
