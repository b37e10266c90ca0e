"""Every sheet is a text that gives exactly its pixels back, and no text is too much."""

import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnn_core import load_dataset
from pages.kit import sheets
from pages.kit.controls import UnusableError
from pages.kit.language import speaking


@pytest.fixture(autouse=True)
def _english():
    with speaking("en"):
        yield


def text_of(content: bytes, kind: str = "z") -> str:
    if kind == "z":
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        content = packer.compress(content) + packer.flush()
    return kind + urlsafe_b64encode(content).decode().rstrip("=")


@given(arrays(np.uint8, (28, 28), elements=st.integers(0, 255)))
def test_any_drawing_comes_back_from_its_text_and_from_a_pads(pixels: np.ndarray) -> None:
    with speaking("en"):
        sheet = sheets.drawn(pixels)
        assert (sheets.parse(sheet.name).pixels == pixels).all()
        assert sheets.parse(text_of(pixels.tobytes(), "p")).name == sheet.name
        assert len(sheet.name) < 1100
        assert sheet.is_even == (len(set(pixels.ravel().tolist())) == 1)


def test_a_handwritten_digit_takes_a_short_text_and_loses_nothing() -> None:
    data = load_dataset("mnist", rng=np.random.default_rng(0))
    images = data.test_images[data.test_labels == 5][:40, 0]
    for index, image in enumerate(images):
        sheet = sheets.parse(f"mnist-5-{index}")
        assert (sheet.ink.astype(np.float32) == image).all()
        again = sheets.drawn(sheet.pixels.copy())
        assert len(again.name) < 400
        assert (again.pixels == sheet.pixels).all()


def test_sheets_without_ink_are_the_empty_one() -> None:
    assert sheets.parse("empty").is_empty
    assert sheets.drawn(np.zeros((28, 28), np.uint8)).name == "empty"
    assert sheets.parse(text_of(bytes(784))).name == "empty"
    full = sheets.parse(text_of(bytes([255]) * 784))
    assert (full.is_even, full.is_empty, full.title) == (True, False, "Your drawing")


@pytest.mark.parametrize(
    "text",
    [
        *("", "z", "p", "zz", "z====", "mnist-10-0", "mnist-3", "drawing", "z" + "A" * 50, "pä"),
        text_of(bytes(783)),
        text_of(bytes(785)),
        text_of(bytes(50_000_000)),  # small as it comes, large unpacked
        text_of(bytes(783), "p"),
        text_of(bytes(785), "p"),
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(UnusableError):
        sheets.parse(text)


def test_a_number_beyond_the_last_digit_leads_to_the_first() -> None:
    with pytest.raises(UnusableError) as caught:
        sheets.parse("mnist-7-9999")
    assert caught.value.instead == "mnist-7-0"
