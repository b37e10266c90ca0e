"""/: what the chain shows is what the core computes, whatever the link asks for."""

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_core import load_dataset, load_pretrained, pretrained, softmax
from pages.kit.catalogue import LESSONS
from tests.pages.lesson import open_lesson

PATH = "start/structure.py"


def chain(at: AppTest) -> dict[str, Any]:
    """What the component was given."""
    (found,) = (data for data in components(at) if "stages" in data)
    return found


def components(at: AppTest) -> list[dict[str, Any]]:
    return [json.loads(part.proto.json or part.proto.mixed.json) for part in mounted(at)]


def mounted(at: AppTest) -> list[Any]:
    return list(at.get("bidi_component"))


def values(stage: dict[str, Any]) -> np.ndarray:
    numbers = np.frombuffer(b64decode(stage["values"]), dtype=np.float32)
    return numbers.reshape(stage["shape"])


def expected(name: str, digit: int, n: int, down: int = 0, right: int = 0) -> list[np.ndarray]:
    """The image and every layer's output, computed without the page."""
    data = load_dataset(name, rng=np.random.default_rng(0))
    image = data.test_images[np.flatnonzero(data.test_labels == digit)[n]][0]
    padded = np.pad(image, 6)
    height, width = image.shape
    image = padded[6 - down : 6 - down + height, 6 - right : 6 - right + width][None]
    outputs = [output[0] for _name, output in load_pretrained(name).trace(image[None])]
    return [image, *outputs, softmax(outputs[-1])]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"digit": 8, "n": 39},
        {"digit": 5, "right": 1, "down": -2},
        {"data": "mnist", "digit": 9, "n": 78},
        {"data": "mnist", "digit": 0, "down": 6, "right": -5, "at": "conv2-16"},
    ],
)
def test_every_number_of_the_chain_is_the_cores(lang: str, settings: dict[str, Any]) -> None:
    at = open_lesson(PATH, lang, **settings)
    assert not at.exception
    assert not at.info
    asked: dict[str, Any] = {"data": "digits", "digit": 3, "n": 0, "down": 0, "right": 0} | settings
    shown = chain(at)
    arrays = expected(asked["data"], asked["digit"], asked["n"], asked["down"], asked["right"])
    for stage, array in zip(shown["stages"], arrays, strict=True):
        np.testing.assert_allclose(values(stage), array, rtol=1e-5, atol=1e-5)
    assert shown["reading"] == arrays[-1].argmax()
    assert shown["at"] == settings.get("at", "conv1-1")


def test_every_arrow_names_its_operation_and_its_parameters() -> None:
    stages = chain(open_lesson(PATH, "en"))["stages"]
    assert [(*stage["operation"], stage["parameters"]) for stage in stages[1:]] == [
        ("Convolution", "3×3", "80 parameters"),
        ("ReLU", "0 parameters"),
        ("Max pooling", "2×2", "0 parameters"),
        ("Convolution", "3×3", "1,168 parameters"),
        ("ReLU", "0 parameters"),
        ("Max pooling", "2×2", "0 parameters"),
        ("Flatten", "0 parameters"),
        ("Fully connected", "650 parameters"),
        ("Softmax", "0 parameters"),
    ]
    assert [stage["shape"] for stage in stages] == [
        *([1, 8, 8], [8, 8, 8], [8, 8, 8], [8, 4, 4], [16, 4, 4], [16, 4, 4], [16, 2, 2]),
        *([64], [10], [10]),
    ]


def test_the_arithmetic_of_every_step_comes_out() -> None:
    """Each formula is calculated again from its own text."""
    for settings in ({}, {"data": "mnist"}):
        checked = 0
        for stage in chain(open_lesson(PATH, "en", **settings))["stages"]:
            for _what, formula in stage["facts"]:
                if "=" not in formula:
                    continue
                left, right = formula.replace("⌋", ")").replace("⌊", "(").split("=")
                sums = left.replace("·", "*").replace("−", "-").replace("/", "//").replace(",", "")
                assert eval(sums) == int(right.replace(",", "")), formula
                checked += 1
        assert checked == 10


def test_the_share_of_right_answers_is_counted_on_the_test_images() -> None:
    data = load_dataset("digits", rng=np.random.default_rng(0))
    answers = load_pretrained("digits").forward(data.test_images).argmax(axis=1)
    share = f"{(answers == data.test_labels).mean():.1%}"
    _totals, accuracy = chain(open_lesson(PATH, "en"))["summary"]
    assert accuracy == f"right on {share} of 450 unseen images"


def test_moving_all_images_by_a_pixel_costs_many_right_answers() -> None:
    data = load_dataset("digits", rng=np.random.default_rng(0))
    images = np.zeros_like(data.test_images)
    images[..., 1:] = data.test_images[..., :-1]
    answers = load_pretrained("digits").forward(images).argmax(axis=1)
    share = f"{(answers == data.test_labels).mean():.1%}"
    _totals, accuracy = chain(open_lesson(PATH, "en", right=1))["summary"]
    assert accuracy == f"right on {share} of 450 images moved like this"
    assert float(share[:-1]) < 80


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({}, "The network says 3 with 99.9%, and that is right."),
        ({"digit": 8, "n": 39}, r"The network says 7 with \d\d\.\d%, but it is meant to be 8\."),
    ],
)
def test_the_verdict_is_the_largest_share(settings: dict[str, Any], verdict: str) -> None:
    assert re.fullmatch(verdict, chain(open_lesson(PATH, "en", **settings))["verdict"])


def test_the_sheet_says_what_each_image_is_taken_for() -> None:
    candidates = chain(open_lesson(PATH, "en", digit=8, n=39))["candidates"]
    assert candidates["first"] == 36
    assert len(candidates["readings"]) == 43 - 36
    assert candidates["readings"][39 - 36] == 7
    assert sum(candidates["counts"]) == 450


def test_the_question_is_answered_by_the_count_of_a_dense_layer() -> None:
    at = open_lesson(PATH, "en")
    at.number_input(key="dense-guess").set_value(80)
    at.button[0].click().run()
    said = " ".join(text.value for text in at.markdown)
    assert "You said 80; it is" in said
    assert "33,280" in said
    assert "1/416" in said


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_the_links_to_surprises_lead_to_surprises(name: str) -> None:
    """What the words of the links promise is true of the weights that are shipped."""
    wrong = expected("digits", 8, 39)[-1]
    assert wrong.argmax() == 7
    assert wrong.max() > 0.8
    unsure = expected("mnist", 9, 78)[-1]
    assert unsure.argmax() != 9
    assert unsure.max() < 0.5
    still, moved = expected("digits", 5, 0)[-1], expected("digits", 5, 0, right=1)[-1]
    assert still.argmax() == 5 != moved.argmax()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_way_to_every_lesson_is_shown_with_its_question(lang: str) -> None:
    at = open_lesson(PATH, lang)
    links = [link.proto for link in at.main.get("page_link")]
    assert [link.page for link in links] == [lesson.url for lesson in LESSONS if lesson.url]
    assert all(f"lang={lang}" in link.query_string for link in links)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"n": 46}, r"n=46.*\(0 to 45\).*uses 45"),
        ({"digit": 10}, r"digit=10.*unknown"),
        ({"data": "cats"}, r"data=cats.*unknown.*uses digits"),
        ({"right": 3}, r"right=3.*\(−2 to 2\).*uses 2"),
        ({"data": "mnist", "at": "conv1-7"}, r"at=conv1-7.*uses conv1-1"),
    ],
)
def test_what_a_link_cannot_have_is_named(settings: dict[str, Any], reason: str) -> None:
    at = open_lesson(PATH, "en", **settings)
    assert not at.exception
    (notice,) = at.info
    assert re.search(reason, notice.value)
    assert chain(at)["stages"]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("content", [b"", b"not weights", None])
def test_damaged_weights_are_one_sentence_on_a_page_that_stays_up(
    lang: str, content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("digits", "mnist"):
        if content is not None:
            (tmp_path / f"{name}.npz").write_bytes(content)
    monkeypatch.setattr(pretrained, "WEIGHTS_FOLDER", tmp_path)
    st.cache_data.clear()
    try:
        at = open_lesson(PATH, lang)
        assert not at.exception
        (sentence,) = at.error
        assert sentence.value.count("." if lang == "en" else "。") == 1
        assert len(at.main.get("page_link")) == len(LESSONS) - 1
        assert not [data for data in components(at) if "stages" in data]
    finally:
        st.cache_data.clear()
