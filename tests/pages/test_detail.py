"""/detail: every map and number is what loops over the windows of the very picture give."""

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import ndimage
from streamlit.testing.v1 import AppTest

from cnn_core import load_dataset, load_photo
from pages.kit.direct import ask
from tests.pages.lesson import open_lesson

LESSON = "pooling/detail.py"
LUMA = (0.299, 0.587, 0.114)


def unpacked(raw: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The data of a message, and its arrays as numbers from 0 to 1."""
    start = 4 + int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:start])
    arrays = {}
    for name, entry in data["arrays"].items():
        count = math.prod(entry["shape"])
        flat = np.frombuffer(raw, entry["type"], count, start + entry["offset"])
        unit = 255 if entry["type"] == "uint8" else 1
        arrays[name] = flat.reshape(entry["shape"]) / unit
    return data, arrays


def mounted(at: AppTest) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    assert not at.exception
    (raw,) = (c.proto.bytes for c in at.get("bidi_component") if c.proto.bytes)
    return unpacked(raw)


def answered(lang: str = "en", **settings: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    at = open_lesson(LESSON, lang, **settings)
    return mounted(at.button(key="nearest-skip").click().run())


def grey(name: str) -> np.ndarray:
    if name == "mnist-3-0":
        data = load_dataset("mnist", rng=np.random.default_rng(0))
        return data.test_images[data.test_labels == 3][0, 0].astype(float)
    photo = load_photo(name).astype(float)
    return photo[0] if len(photo) == 1 else np.tensordot(LUMA, photo, axes=1)


def small_ones(x: np.ndarray, k: int) -> list[np.ndarray]:
    """The largest, the mean and the middle of every whole window, one window after the other."""
    rows, columns = x.shape[0] // k, x.shape[1] // k
    results = np.zeros((3, rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = x[r * k : r * k + k, c * k : c * k + k]
            results[:, r, c] = window.max(), window.mean(), window[k // 2, k // 2]
    return list(results)


def numbers(data: dict[str, Any]) -> list[list[float]]:
    return [row["values"] for row in data["rows"]]


@pytest.mark.parametrize(
    ("picture", "k"), [("camera", 8), ("chelsea", 7), ("coffee", 16), ("mnist-3-0", 3)]
)
def test_what_is_lost(picture: str, k: int) -> None:
    data, arrays = answered(picture=picture, window=str(k))
    x = grey(picture)
    smalls = small_ones(x, k)
    rows, columns = smalls[0].shape
    was = x[: rows * k, : columns * k]
    errors, means = [], [was.mean()]
    for i, small in enumerate(smalls, 1):
        gap = np.kron(small, np.ones((k, k))) - was
        np.testing.assert_allclose(arrays[f"panel{i}"], small, atol=2e-6)
        np.testing.assert_allclose(arrays[f"panel{i + 3}"], gap, atol=2e-6)
        errors.append(np.sqrt((gap**2).mean()))
        means.append(small.mean())
    (blank, *shown), brightness = numbers(data)
    assert blank is None
    assert shown == pytest.approx(errors, abs=1e-6)
    assert brightness == pytest.approx(means, abs=1e-6)
    assert f"{rows * columns:,}" in data["remarks"][0]
    assert len(data["remarks"]) == 1 + (was.shape != x.shape)


@pytest.mark.parametrize("of", ["edges", "photo"])
def test_what_is_kept(of: str) -> None:
    k = 5
    data, arrays = mounted(
        open_lesson(LESSON, view="kept", of=of, picture="chelsea", window=str(k))
    )
    x = grey("chelsea")
    if of == "edges":
        along = ndimage.sobel(x, axis=0, mode="nearest")
        x = np.hypot(along, ndimage.sobel(x, axis=1, mode="nearest"))
    np.testing.assert_allclose(arrays["panel0"], x, atol=1e-5)
    smalls = small_ones(x, k)
    for i, small in enumerate(smalls, 1):
        np.testing.assert_allclose(arrays[f"panel{i}"], small, atol=1e-5)
    measures: dict[str, list[Any]] = {"quiet": [np.mean], "busy": [np.mean, np.std, np.max]}
    expected = []
    for name, patch in data["patches"].items():
        top, left, side = patch["top"], patch["left"], patch["side"]
        inside = [x[top : top + side, left : left + side]]
        inside += [
            small[top // k : (top + side) // k, left // k : (left + side) // k] for small in smalls
        ]
        expected += [[measure(each) for each in inside] for measure in measures[name]]
    np.testing.assert_allclose(numbers(data), expected, atol=1e-5)
    before, most, mean, _every = np.transpose(numbers(data))
    assert most[3] == before[3] > mean[3]  # the peak passes the maximum
    np.testing.assert_allclose(mean[:2], before[:2], rtol=1e-5)  # the level passes the average


@pytest.mark.parametrize("pattern", ["rings", "stripes", "photo"])
def test_aliasing(pattern: str) -> None:
    k, shift, length = 4, 3, 5.25
    settings = {"view": "alias", "pattern": pattern, "alias": f"{k},{shift},{length}"}
    data, arrays = mounted(open_lesson(LESSON, **settings))
    row, column = np.indices((128, 128)) - 63.5
    draw = {
        "rings": lambda by: 0.5 + 0.5 * np.cos(0.6 * np.pi * (row**2 + (column - by) ** 2) / 128),
        "stripes": lambda by: 0.5 + 0.5 * np.cos(2 * np.pi * (column + 63.5 - by) / length),
        "photo": lambda by: grey("camera")[:, 16 - by : 512 - by],
    }[pattern]
    still, shifted = draw(0), draw(shift)
    np.testing.assert_allclose(arrays["panel0"], shifted, atol=1e-5)
    pairs = list(zip(small_ones(still, k), small_ones(shifted, k), strict=True))
    for i, (was, now) in enumerate(pairs, 1):
        np.testing.assert_allclose(arrays[f"panel{i}"], now, atol=1e-5)
        np.testing.assert_allclose(arrays[f"panel{i + 3}"], now - was, atol=1e-5)
    changes = [np.sqrt(((b - a) ** 2).mean()) for a, b in [(still, shifted), *pairs]]
    contrasts = [shifted.std(), *(now.std() for _was, now in pairs)]
    np.testing.assert_allclose(numbers(data), [changes, contrasts], atol=1e-5)
    assert len(data["row"]["dials"]) == (3 if pattern == "stripes" else 2)


def test_a_dial_that_turns_is_answered_as_the_next_run_would_be() -> None:
    for settings, turned in (
        ({"view": "kept", "picture": "mnist-3-0"}, {"window": "3"}),
        ({"view": "alias"}, {"alias": "7,5,3.25"}),
    ):
        at = open_lesson(LESSON, **settings)  # held: the address ends with the session
        given, had = mounted(at)
        said, arrays = unpacked(ask(given["direct"].removeprefix("direct/"), turned))
        settled, wanted = mounted(open_lesson(LESSON, **settings, **turned))
        assert all(said[field] == settled[field] for field in ("rows", "remarks", "panels", "row"))
        assert set(had | arrays) == set(wanted)
        for name, values in (had | arrays).items():
            np.testing.assert_array_equal(values, wanted[name])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_numbers_stay_secret_until_the_question_is_answered(lang: str) -> None:
    at = open_lesson(LESSON, lang, picture="mnist-3-0")
    assert mounted(at)[0]["rows"] == []
    at.segmented_control(key="nearest-guess").set_value("max").run()
    errors = numbers(mounted(at)[0])[0][1:]
    assert errors[1] == min(errors)
    assert any(f"{errors[1]:.3f}" in markdown.value for markdown in at.markdown)


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"window": "40"}, [16]),
        ({"window": "2.4"}, [2]),
        ({"window": "nan"}, [8]),
        ({"view": "alias", "alias": "4,1"}, [4, 1, 4.5]),
        ({"view": "alias", "alias": "1,-3,1e300"}, [2, 0, 16]),
    ],
)
def test_dials_of_a_link_fall_back_and_it_is_said(
    settings: dict[str, str], shown: list[float]
) -> None:
    at = open_lesson(LESSON, **settings)
    assert mounted(at)[0]["row"]["values"] == shown
    assert len(at.info) == 1


def test_a_small_picture_takes_small_windows_and_keeps_the_setting() -> None:
    at = open_lesson(LESSON, view="kept", picture="mnist-3-0", window="16")
    row = mounted(at)[0]["row"]
    assert (row["values"], row["dials"][0]["high"]) == ([14], 14)
    assert at.text_input(key="window").value == "16"
    assert not at.info
