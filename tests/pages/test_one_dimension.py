"""/one-dimension: what the stage is given is what the two sums say, whatever the link asks for."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.controls import format_grid
from pages.kit.signals import signals, strips
from tests.pages.lesson import open_lesson

PATH = "convolution/one_dimension.py"


def naive(still: np.ndarray, moving: np.ndarray, mode: str) -> dict[int, float]:
    """Every output with its place, as the formula says it."""
    sign = {"convolution": -1, "correlation": 1}[mode]
    y: dict[int, float] = {}
    for a, value in enumerate(still):
        for j, weight in enumerate(moving):
            i = a - sign * j  # so that a = i ± j
            y[i] = y.get(i, 0.0) + value * weight
    return dict(sorted(y.items()))


def stage(at: AppTest) -> dict[str, Any]:
    """What Python gave to the stage."""
    assert not at.exception
    (data,) = (
        data
        for component in at.get("bidi_component")
        if "copies" in (data := json.loads(component.proto.json))
    )
    return dict(data)


def skip(at: AppTest) -> AppTest:
    (button,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    return button.click().run()


@pytest.mark.parametrize(
    ("n", "taps", "swap", "lang"), [(8, 3, 0, "en"), (6, 6, 1, "zh"), (12, 2, 1, "en")]
)
def test_outputs_products_and_copies_are_the_formulas(
    n: int, taps: int, swap: int, lang: str
) -> None:
    rng = np.random.default_rng(n)
    x, k = rng.integers(-9, 10, (1, n)) / 2, rng.integers(-9, 10, (1, taps)) / 4
    at = open_lesson(
        PATH, lang, length=n, taps=taps, swap=swap, x=format_grid(x), k=format_grid(k), view="paint"
    )
    assert [notice.value for notice in at.info] == []
    given = stage(at)
    still, moving = (k[0], x[0]) if swap else (x[0], k[0])
    for mode in ("convolution", "correlation"):
        expected = naive(still, moving, mode)
        y = list(expected.values())
        assert given["first"][mode] == min(expected)
        np.testing.assert_allclose(given["outputs"][mode], y, atol=1e-12)
        np.testing.assert_allclose(np.sum(given["products"][mode], axis=1), y, atol=1e-12)
        np.testing.assert_allclose(given["painted"][mode][-1], y, atol=1e-12)
        for a, copy in enumerate(given["copies"][mode]):
            alone = naive(still * (np.arange(len(still)) == a), moving, mode)
            np.testing.assert_allclose(copy, list(alone.values()), atol=1e-12)
    np.testing.assert_allclose(given["outputs"]["convolution"], np.convolve(x[0], k[0]))
    np.testing.assert_array_equal(given["sliding"]["convolution"], moving[::-1])
    np.testing.assert_array_equal(given["sliding"]["correlation"], moving)


def test_an_impulse_paints_the_kernel_or_paints_it_backwards() -> None:
    outputs = stage(open_lesson(PATH, x="impulse"))["outputs"]
    assert [y for y in outputs["convolution"] if y] == [1, 2, 3]
    assert [y for y in outputs["correlation"] if y] == [3, 2, 1]


def test_two_dice() -> None:
    given = stage(open_lesson(PATH, x="die", length=6, k="average", taps=6))
    ways = [6 - abs(7 - total) for total in range(2, 13)]
    np.testing.assert_allclose(given["outputs"]["convolution"], np.array(ways) / 36)


@pytest.mark.parametrize("mode", ["convolution", "correlation"])
def test_only_convolution_lets_signal_and_kernel_change_places(mode: str) -> None:
    at = skip(open_lesson(PATH, mode=mode))
    x, k = signals(8, 0)["claps"][0], strips(3)["count"][0]
    one, other = (np.array(list(naive(*pair, mode).values())) for pair in ((x, k), (k, x)))
    apart, turned = abs(one - other).max(), abs(one - other[::-1]).max()
    assert (apart == 0, turned == 0) == (mode == "convolution", mode == "correlation")
    told = " ".join(text.value for text in at.markdown)
    assert f"largest difference is **{apart:g}**" in told
    if mode == "correlation":
        assert f"backwards and it is **{turned:g}**" in told
    at.text_input(key="swap").set_value("1").run()
    np.testing.assert_array_equal(stage(at)["outputs"][mode], other)


def test_the_question_hides_its_output_until_it_was_answered_or_skipped() -> None:
    at = open_lesson(PATH)
    assert stage(at)["hidden"] == 3
    truth = naive(signals(8, 0)["claps"][0], strips(3)["count"][0], "convolution")[3]
    at.number_input[0].set_value(truth - 2)
    (check,) = (button for button in at.button if button.label == "Check")
    check.click().run()
    told = [text.value for text in at.markdown]
    assert f"You said {truth - 2:g}; it is **{truth:g}**, 2 away." in told
    assert stage(at)["hidden"] is None
    at.text_input(key="k").set_value("echo").run()
    assert stage(at)["hidden"] is None  # asked anew, but nothing that was open closes


def test_the_place_stays_on_the_output_and_typed_numbers_survive_another_length() -> None:
    at = open_lesson(PATH, x="1,2,3,4,5,6,7,8")
    at.text_input(key="i").set_value("9").run()
    at.text_input(key="mode").set_value("correlation").run()
    assert stage(at)["i"] == 7
    at.text_input(key="length").set_value("6").run()
    given = stage(at)
    assert (given["i"], given["still"], given["count"]) == (5, [1, 2, 3, 4, 5, 6], 6)
    assert [notice.value for notice in at.info] == []


def test_two_links_lead_on_to_the_plane() -> None:
    onward = [
        link.proto.page
        for link in open_lesson(PATH).main.get("page_link")
        if link.proto.page == "convolution"
    ]
    assert len(onward) == 2


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"length": 13}, "not possible here (6 to 12)"),
        ({"taps": 1, "view": "both"}, "unknown (it can be slide, paint)"),
        ({"i": -1}, "not possible here (0 to 9)"),
        ({"x": "1,2,three"}, "“three” is not a number from −99 to 99"),
        ({"k": "1,2,3,4"}, "which has 1×4 numbers instead of 1×3"),
    ],
)
def test_what_the_link_cannot_have_is_told_in_one_sentence(
    settings: dict[str, str], reason: str
) -> None:
    at = open_lesson(PATH, **settings)
    notices = [notice.value for notice in at.info]
    assert len(notices) == len(settings)
    assert reason in " ".join(notices)
    assert stage(at)["outputs"]


@pytest.mark.parametrize("size", range(2, 13))
def test_patterns_have_the_length_that_was_asked_for(size: int) -> None:
    for values in [*signals(size, 0).values(), *strips(size).values()]:
        assert values.shape == (1, size)
    for values in (strips(size)["count"], strips(size)["echo"]):
        assert values.tolist() != values[:, ::-1].tolist()  # no symmetry that hides the flip
