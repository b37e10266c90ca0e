"""/feature-maps shows SciPy's convolutions of the very picture, whatever the link asks for."""

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import ndimage, signal
from streamlit.testing.v1 import AppTest

from cnn_core import load_photo
from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from pages.kit.language import catalogue
from tests.pages.lesson import open_lesson

LESSON = "convolution/feature_maps.py"
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
LUMA = np.array([0.299, 0.587, 0.114]).reshape(3, 1, 1)
SINGLE = 1e-4  # float32 against SciPy's float64, sums of hundreds of products


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


def convolve(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(signal.fftconvolve(x, kernel, mode="same"))


def grey(name: str) -> np.ndarray:
    photo = load_photo(name).astype(float)
    return photo[0] if len(photo) == 1 else (LUMA * photo).sum(axis=0)


@pytest.mark.parametrize(
    "settings",
    [
        {"set": "compare", "picture": "chelsea"},
        {"set": "outlines", "picture": "mnist-3-0"},
        {"set": "blur", "picture": "mnist-3-0"},
        {"set": "motion"},
        {"set": "sharpen", "picture": "chelsea"},
        {"view": "gabor", "gabor": "35,6,1.5,-45,0.7"},
        {"view": "scales", "grow": "log", "scales": "15,0", "picture": "mnist-7-2"},
    ],
)
def test_every_map_is_scipys_convolution_with_the_kernel_shown(settings: dict[str, str]) -> None:
    data, arrays = mounted(open_lesson(LESSON, **settings))
    x = arrays["picture"] / 255
    x = x[0] if len(x) == 1 else (LUMA * x).sum(axis=0)
    assert len(data["maps"]) in (3, 4)
    for i in range(len(data["maps"])):
        expected = convolve(x, arrays[f"kernel{i}"].astype(float))
        np.testing.assert_allclose(arrays[f"map{i}"], expected, atol=SINGLE)


def test_the_photo_arrives_exactly_and_small() -> None:
    _data, arrays = mounted(open_lesson(LESSON, picture="coffee"))
    assert arrays["picture"].dtype == np.uint8
    np.testing.assert_array_equal(arrays["picture"] / np.float32(255), load_photo("coffee"))


def test_named_kernels_are_scipys_filters() -> None:
    x = grey("camera")
    data, arrays = mounted(open_lesson(LESSON, set="compare"))
    for i, (named, axis) in enumerate(
        ((ndimage.sobel, 1), (ndimage.prewitt, 1), (ndimage.sobel, 0), (ndimage.prewitt, 0))
    ):
        np.testing.assert_allclose(arrays[f"map{i}"], named(x, axis, mode="constant"), atol=SINGLE)
    assert {each["scale"] for each in data["maps"]} == {"signed"}
    data, arrays = mounted(open_lesson(LESSON, set="blur", blur="9,1.5"))
    expected = ndimage.gaussian_filter(x, 1.5, mode="constant", radius=4)
    np.testing.assert_allclose(arrays["map2"], expected, atol=SINGLE)
    assert {each["scale"] for each in data["maps"]} == {"photo"}


def test_colours_are_summed_over_the_slices() -> None:
    red, green, blue = load_photo("coffee").astype(float)
    for colours, x in (("rgb", red + green + blue), ("opponent", red - green)):
        settings = {"view": "chain", "picture": "coffee", "act": "none", "colours": colours}
        data, arrays = mounted(open_lesson(LESSON, **settings))
        expected = signal.convolve2d(x, SOBEL, mode="valid")
        np.testing.assert_allclose(arrays["map0"], expected, atol=SINGLE)
        assert "3×3×3 → 398×510 · 27" in data["maps"][0]["arrow"]


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "window"),
    [(1, 0, 1, 4), (3, 2, 4, 3), (2, 8, 3, 8), (4, 1, 2, 1)],
)
def test_the_chain(stride: int, padding: int, dilation: int, window: int) -> None:
    text = f"{stride},{padding},{dilation},{window}"
    data, arrays = mounted(open_lesson(LESSON, view="chain", chain=text, picture="chelsea"))
    spread = np.zeros((2 * dilation + 1,) * 2)
    spread[::dilation, ::dilation] = SOBEL
    x = np.pad(grey("chelsea"), padding)
    convolved = signal.convolve2d(x, spread, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(arrays["map0"], convolved, atol=SINGLE)
    np.testing.assert_allclose(arrays["map1"], convolved.clip(0), atol=SINGLE)
    rows, columns = (size // window for size in convolved.shape)
    cut = convolved.clip(0)[: rows * window, : columns * window]
    pooled = cut.reshape(rows, window, columns, window).max(axis=(1, 3))
    np.testing.assert_allclose(arrays["map2"], pooled, atol=SINGLE)

    # Where the pixels lie on the photo, and how much of it each depends on.
    first, _active, last = data["maps"]
    assert (first["step"], first["start"]) == (stride, dilation - padding)
    assert last["step"] == stride * window
    assert last["start"] == dilation - padding + stride * (window - 1) / 2
    assert last["sees"] == 2 * dilation + 1 + stride * (window - 1)


def test_what_does_not_fit_a_small_picture_cannot_be_set() -> None:
    link = {"view": "chain", "picture": "mnist-3-0", "first": "gabor", "chain": "4,0,4,8"}
    data, arrays = mounted(open_lesson(LESSON, **link))
    highs = [dial["high"] for dial in data["row"]["dials"]]
    assert data["row"]["values"] == [4, 0, 3, 1]  # 9 cells, 3 apart, span 25 of 28
    assert highs == [4, 8, 3, 1]
    assert arrays["map2"].shape == (1, 1)


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ({"view": "gabor", "gabor": "37,6,2.6,90,0.5"}, [35, 6, 2.5, 90, 0.5]),
        ({"view": "gabor", "gabor": "0,1e9,2,-999,0.5"}, [0, 20, 2, -180, 0.5]),
        ({"view": "gabor", "gabor": "0,nan,2,0,0.5"}, [0, 8, 3, 90, 0.5]),
        ({"view": "gabor", "gabor": "1,2,3"}, [0, 8, 3, 90, 0.5]),
        ({"set": "blur", "blur": "4,2"}, [3, 2]),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_dials_of_a_link_fall_back_and_it_is_said(
    setting: dict[str, str], shown: list[float], lang: str
) -> None:
    at = open_lesson(LESSON, lang, **setting)
    assert mounted(at)[0]["row"]["values"] == pytest.approx(shown)
    (notice,) = at.info
    assert list(setting.values())[-1].split(",")[0] in notice.value


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_dial_that_turns_is_answered_as_the_next_run_would_be(lang: str) -> None:
    at = open_lesson(LESSON, lang, set="motion", picture="mnist-3-0")  # held: so is the address
    given, _arrays = mounted(at)
    desk, token = given["direct"].split("/")
    assert desk == "direct"
    turned, arrays = unpacked(ask(token, {"motion": "9,30"}))
    settled, wanted = mounted(
        open_lesson(LESSON, lang, set="motion", picture="mnist-3-0", motion="9,30")
    )
    assert turned["maps"] == settled["maps"]
    assert turned["row"] == settled["row"]
    assert "30°" in turned["maps"][0]["title"]
    assert set(wanted) == {*arrays, "picture"}
    for name, values in arrays.items():
        np.testing.assert_array_equal(values, wanted[name])


def test_a_dial_turned_too_far_is_refused() -> None:
    at = open_lesson(LESSON, set="motion")
    given, _arrays = mounted(at)
    with pytest.raises(UnusableError):
        ask(given["direct"].removeprefix("direct/"), {"motion": "9,300"})


def test_no_view_loses_the_settings_of_another() -> None:
    at = open_lesson(LESSON, view="gabor", gabor="60,5,2,0,1", chain="2,1,1,2")
    at.segmented_control(key="view-segments").set_value("chain").run()
    assert mounted(at)[0]["row"]["values"] == [2, 1, 1, 2]
    at.segmented_control(key="view-segments").set_value("gabor").run()
    assert mounted(at)[0]["row"]["values"] == [60, 5, 2, 0, 1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_question_keeps_its_secret_until_it_is_answered(lang: str) -> None:
    at = open_lesson(LESSON, lang)
    data, arrays = mounted(at)
    assert [each["title"] for each in data["maps"]] == ["A", "B", "C"]
    assert not any(name.startswith("kernel") for name in arrays)
    assert not any(each["arrow"] or each["remark"] for each in data["maps"])
    expected = ndimage.sobel(grey("camera"), 1, mode="constant")
    np.testing.assert_allclose(arrays["map2"], expected, atol=SINGLE)  # C is the right answer

    at.segmented_control(key="edges-guess").set_value("A").run()
    data, arrays = mounted(at)
    np.testing.assert_array_equal(arrays["kernel2"], SOBEL)
    said = [markdown.value for markdown in at.markdown]
    assert any("**Map C**" in words or "**图C**" in words for words in said)


def test_its_words_are_translated() -> None:
    data, _arrays = mounted(open_lesson(LESSON, "zh", set="blur"))
    chinese = set(catalogue("zh").values())
    assert {each["title"] for each in data["maps"]} <= chinese
    assert {option["label"] for option in data["choices"][0]["options"]} <= chinese
    assert data["row"]["dials"][0]["label"] in chinese
