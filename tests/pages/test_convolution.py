"""/convolution: what the stage is given is what SciPy computes, whatever the link says."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from streamlit.testing.v1 import AppTest

from pages.kit.controls import format_grid
from pages.kit.patterns import kernels, pictures
from tests.pages.lesson import open_lesson

PATH = "operations/convolution.py"
ORACLES = {"convolution": convolve2d, "correlation": correlate2d}


def stage(at: AppTest) -> dict[str, Any]:
    """What Python gave to the stage."""
    (data,) = (
        data
        for component in at.get("bidi_component")
        if "products" in (data := json.loads(component.proto.json))
    )
    return dict(data)


def notices(at: AppTest) -> list[str]:
    return [notice.value for notice in at.info]


def skip(at: AppTest) -> AppTest:
    (button,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    return button.click().run()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("size", "ksize", "stride", "padding"), [(6, 3, 1, 0), (5, 2, 3, 1), (8, 5, 2, 2), (7, 1, 4, 0)]
)
def test_outputs_and_products_are_scipys(
    size: int, ksize: int, stride: int, padding: int, lang: str
) -> None:
    rng = np.random.default_rng(size)
    x = rng.integers(-9, 10, (size, size)) / 2
    kernel = rng.integers(-9, 10, (ksize, ksize)) / 4
    at = open_lesson(
        PATH,
        lang,
        size=size,
        ksize=ksize,
        stride=stride,
        padding=padding,
        x=format_grid(x),
        k=format_grid(kernel),
    )
    assert not at.exception
    assert notices(at) == []
    given = stage(at)
    expected = {
        mode: oracle(np.pad(x, padding), kernel, mode="valid")[::stride, ::stride]
        for mode, oracle in ORACLES.items()
    }
    for mode, output in expected.items():
        np.testing.assert_allclose(given["outputs"][mode], output, atol=1e-12)
        sums = np.sum(given["products"][mode], axis=(2, 3))
        np.testing.assert_allclose(sums, output, atol=1e-12)
    np.testing.assert_array_equal(given["sliding"]["convolution"], np.rot90(kernel, 2))
    np.testing.assert_array_equal(given["sliding"]["correlation"], kernel)
    np.testing.assert_array_equal(
        given["changed"], ~np.isclose(expected["convolution"], expected["correlation"])
    )
    assert given["text"]["arrow_convolution"].endswith(
        {
            ("en", True): "1 parameter",
            ("en", False): f"{ksize**2} parameters",
            ("zh", True): "1个参数",
            ("zh", False): f"{ksize**2}个参数",
        }[lang, ksize == 1]
    )


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("ksize", [1, 2, 3, 4, 5])
def test_striped_are_exactly_the_cells_that_no_window_reads(ksize: int, stride: int) -> None:
    at = open_lesson(PATH, ksize=ksize, stride=stride)
    given = stage(at)
    read = np.zeros((6, 6), bool)
    for row in range(0, 6 - ksize + 1, stride):
        for column in range(0, 6 - ksize + 1, stride):
            read[row : row + ksize, column : column + ksize] = True
    np.testing.assert_array_equal(given["read"], read)
    (told,) = (caption.value for caption in at.caption if caption.value.startswith("Output size"))
    unread = int((~read).sum())
    assert ("every input cell is read" in told) == (unread == 0)
    assert (f"{unread} of 36" in told) == (unread > 0)


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
    assert (
        f"Row 1, column 1: **{with_flip:g}** with the kernel rotated, "
        f"**{without:g}** with the kernel as it is." in [text.value for text in at.markdown]
    )


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
    at.text_input(key="stride").set_value("2").run()
    assert stage(at)["at"] == 3
    assert notices(at) == []


def test_the_padding_is_at_most_what_lets_every_window_touch_the_input() -> None:
    at = open_lesson(PATH, padding=2)
    at.text_input(key="ksize").set_value("2").run()
    assert stage(at)["padding"] == 1
    at.text_input(key="ksize").set_value("1").run()
    assert stage(at)["padding"] == 0
    assert notices(at) == []


@pytest.mark.parametrize(
    ("setting", "text", "reason"),
    [
        ("stride", "0", "not possible here (1 to 4)"),
        ("padding", "3", "not possible here (0 to 2)"),
        ("ksize", "9", "not possible here (1 to 5)"),
        ("size", "400", "not possible here (5 to 8)"),
        ("mode", "both", "unknown (it can be convolution, correlation)"),
        ("x", "photo", "“photo” is not a number from -99 to 99"),
        ("k", "1,2;3,4", "which has 2×2 numbers instead of 3×3"),
        ("k", "1,2,nan;1,2,3;1,2,3", "“nan” is not a number from -99 to 99"),
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


@pytest.mark.parametrize("size", range(1, 9))
def test_patterns_have_the_size_that_was_asked_for(size: int) -> None:
    for values in [*pictures(size, 0).values(), *kernels(size).values()]:
        assert values.shape == (size, size)


def test_no_symmetry_of_the_defaults_hides_the_flip() -> None:
    defaults = [pictures(size, 0)["letter"] for size in range(5, 9)]
    defaults += [kernels(size)["count"] for size in range(2, 6)]
    for values in defaults:
        assert not np.array_equal(values, np.rot90(values, 2))
