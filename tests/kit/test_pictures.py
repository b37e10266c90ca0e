"""Every file becomes the right picture or one clear sentence; the choice stands in the URL."""

import json
import math
import struct
import tomllib
import zlib
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn_core import load_photo
from pages.kit import pictures
from pages.kit.components.picture_source import MOST_MEGABYTES
from pages.kit.pictures import PictureError, digits, read_picture, thumbnail

ROOT = Path(__file__).parents[2]
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
ORIENTATION = 0x0112


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def quarters(width: int = 40, height: int = 24) -> Image.Image:
    """Red, green over blue, white: every turn and every mirror image of it looks different."""
    image = Image.new("RGB", (width, height), WHITE)
    half = (width // 2, height // 2)
    for colour, corner in ((RED, (0, 0)), (GREEN, (half[0], 0)), (BLUE, (0, half[1]))):
        image.paste(colour, (*corner, corner[0] + half[0], corner[1] + half[1]))
    return image


def png(width: int, height: int, *, bits: int = 8, colour: int = 0, data: bytes = b"") -> bytes:
    """A PNG written by hand, so that its header may claim what its data do not hold."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def remarks(data: bytes) -> list[str]:
    return [str(remark) for remark in read_picture(data).remarks]


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(data)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "PIL" not in sentence
    assert "\n" not in sentence
    return sentence


# ------------------------------------------------------------------ the right picture


@pytest.mark.parametrize(("kind", "tolerance"), [("PNG", 0), ("WEBP", 0), ("JPEG", 0.03)])
def test_colours_come_as_they_are(kind: str, tolerance: float) -> None:
    data = saved(quarters(), kind, **({"lossless": True} if kind == "WEBP" else {"quality": 95}))
    values = read_picture(data).values
    assert values.shape == (3, 24, 40)
    assert values.dtype == np.float32
    assert not values.flags.writeable
    for row, column, colour in ((4, 4, RED), (4, 35, GREEN), (19, 4, BLUE), (19, 35, WHITE)):
        expected = np.array(colour) / 255
        np.testing.assert_allclose(values[:, row, column], expected, atol=tolerance + 1e-6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_gives_the_same_picture(mode: str) -> None:
    pattern = np.kron(np.eye(4, dtype=np.uint8), np.full((8, 8), 255, np.uint8))
    upload = read_picture(saved(Image.fromarray(pattern).convert(mode)))
    assert upload.values.shape == (1 if mode in ("1", "L", "LA") else 3, 32, 32)
    assert (upload.values == pattern / 255).all()
    assert not upload.remarks


def test_sixteen_bits_are_scaled_to_one() -> None:
    ramp = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)
    values = read_picture(saved(Image.fromarray(ramp))).values
    assert values.shape == (1, 32, 32)
    np.testing.assert_allclose(values[0], ramp / 65535, atol=1e-6)


def test_a_colour_picture_of_sixteen_bits_is_read_as_well() -> None:
    line = b"\0" + struct.pack(">HHH", 65535, 32768, 0) * 20
    values = read_picture(png(20, 20, bits=16, colour=2, data=line * 20)).values
    np.testing.assert_allclose(values[:, 9, 9], [1, 0.5, 0], atol=1 / 255)


def test_cmyk_has_the_colours_of_its_inks() -> None:
    no_ink, magenta_and_yellow = (0, 0, 0, 0), (0, 255, 255, 0)
    image = Image.new("CMYK", (64, 32), no_ink)
    image.paste(magenta_and_yellow, (0, 0, 32, 32))
    values = read_picture(saved(image, "JPEG", quality=95)).values
    np.testing.assert_allclose(values[:, 16, 8], [1, 0, 0], atol=0.03)
    np.testing.assert_allclose(values[:, 16, 56], [1, 1, 1], atol=0.03)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_lies_on_white(kind: str) -> None:
    image = Image.new("RGBA", (40, 20), (255, 0, 0, 0))
    image.paste((255, 0, 0, 51), (20, 0, 40, 20))  # a fifth of red, the rest white
    data = saved(image, kind, **({"lossless": True} if kind == "WEBP" else {}))
    values = read_picture(data).values
    assert values[:, 10, 5].tolist() == [1, 1, 1]
    np.testing.assert_allclose(values[:, 10, 30], [1, 0.8, 0.8], atol=1 / 255)
    assert remarks(data) == ["transparent parts lie on white"]


@pytest.mark.parametrize("mode", ["P", "L", "RGB", "I;16"])
def test_a_transparent_colour_lies_on_white(mode: str) -> None:
    """PNG may declare one colour transparent instead of having alpha values."""
    black = {"P": 0, "L": 0, "RGB": (0, 0, 0), "I;16": 0}[mode]
    image = Image.new("L", (20, 20), 0)
    image.paste(102, (10, 0, 20, 20))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image, dtype=np.uint16) * 257)
    values = read_picture(saved(image.convert(mode), transparency=black)).values
    assert (values[:, :, 5] == 1).all()
    np.testing.assert_allclose(values[:, :, 15], 0.4, atol=1e-6)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_turned_photo_stands_upright(orientation: int, kind: str) -> None:
    # What a camera stores for each orientation: the inverse of what a viewer has to do.
    stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    image = image.transpose(stored[orientation]) if orientation in stored else image
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, object] = {"lossless": True} if kind == "WEBP" else {"quality": 95}
    values = read_picture(saved(image, kind, exif=exif, **options)).values
    expected = np.asarray(quarters(), dtype=float).transpose(2, 0, 1) / 255
    assert values.shape == (3, 24, 40)
    for row, column in ((4, 4), (4, 35), (19, 4), (19, 35)):
        np.testing.assert_allclose(values[:, row, column], expected[:, row, column], atol=0.03)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0MM\0\xff\0\0\0\x08", b"\0"])
def test_notes_that_make_no_sense_do_not_spoil_a_photo(kind: str, exif: bytes) -> None:
    assert read_picture(saved(quarters(), kind, exif=exif)).values.shape == (3, 24, 40)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_gives_its_first_picture(kind: str) -> None:
    first, second = (Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE))
    data = saved(first, kind, save_all=True, append_images=[second], lossless=True)
    np.testing.assert_allclose(read_picture(data).values[:, 9, 9], [1, 0, 0], atol=0.02)
    assert remarks(data) == ["only the first picture of the animation"]


def test_a_photo_that_carries_its_preview_is_no_animation() -> None:
    data = saved(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (20, 20))])
    assert read_picture(data).values.shape == (3, 24, 40)
    assert not remarks(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_picture_is_scaled_down_and_says_so(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # lying on its side: what the reader sees is higher than wide
    data = saved(quarters(2001, 1500), kind, exif=exif)
    values = read_picture(data).values
    assert values.shape == (3, 512, 384)
    for row, column, colour in ((5, 5, BLUE), (5, 378, RED), (506, 5, WHITE), (506, 378, GREEN)):
        np.testing.assert_allclose(values[:, row, column], np.array(colour) / 255, atol=0.03)
    assert remarks(data) == ["scaled down from 1500×2001 to 384×512"]


def test_scaling_takes_the_mean_of_what_falls_together() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (1024, 512))
    deep = stripes.astype(np.uint16) * 257
    for pixels in (stripes, deep):
        values = read_picture(saved(Image.fromarray(pixels))).values
        assert values.shape == (1, 512, 512)
        np.testing.assert_allclose(values[0, 5:-5, 5:-5], 0.5, atol=0.01)


def test_scaling_leaves_nothing_darker_than_black_or_brighter_than_white() -> None:
    edge = np.zeros((700, 700), np.uint16)
    edge[:, 350:] = 65535
    values = read_picture(saved(Image.fromarray(edge))).values
    assert (values.min(), values.max()) == (0, 1)


# ------------------------------------------------------------------ one clear sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a picture"),
        (bytes(1000), "not a picture"),
        (saved(quarters(), "GIF"), "format GIF"),
        (saved(quarters(), "BMP"), "format BMP"),
        (saved(quarters(), "TIFF"), "format TIFF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "format HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "format AVIF"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "format SVG"),
        (b"%PDF-1.7\n", "format PDF"),
        (png(30_000, 30_000), "900 million pixels (30000×30000); at most 40"),
        (png(10_001, 4_000), "40.1 million pixels (10001×4000); at most 40"),
        (png(1, 1, data=bytes(2)), "1×1 pixels, too small for a kernel; it needs at least 16×16"),
        (png(10_000, 1, data=bytes(10_001)), "10000×1 pixels, too small"),
        (png(16, 15, data=bytes(17 * 15)), "16×15 pixels, too small"),
        (png(10_000, 20), "10000×20 pixels, too long and narrow: scaled down to 512×1"),
        (png(20, 20, data=bytes(30)), "PNG file is damaged"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_decompression_bomb_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explode(self: Image.Image) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", explode)
    real = png(8_000, 8_000, bits=1, data=bytes(1_001 * 8_000))  # 64 million zeros in 8 kB
    assert len(real) < 10_000
    assert "64 million pixels" in refusal(real)
    webp = bytearray(saved(Image.new("RGB", (20, 20)), "WEBP", lossless=True))
    webp[21:25] = struct.pack("<I", 16382 | 16382 << 14)  # VP8L: width - 1, height - 1
    assert "(16383×16383)" in refusal(bytes(webp))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_file_that_breaks_off_is_refused(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = saved(Image.fromarray(noise), kind)
    name = "WebP" if kind == "WEBP" else kind
    assert f"This {name} file is damaged" in refusal(data[: round(len(data) * share)])


@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=9),
)
def test_damage_never_gives_anything_but_a_picture_or_a_sentence(
    kind: str, changes: list[tuple[float, int]]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = bytearray(saved(quarters(), kind, exif=exif))
    for place, value in changes:
        data[round(place * (len(data) - 1))] = value
    try:
        values = read_picture(bytes(data)).values
    except PictureError:
        return
    assert np.isfinite(values).all()
    assert 0 <= values.min() <= values.max() <= 1


# ------------------------------------------------------------------ what the app brings along


def test_the_digits_are_sorted_by_class_and_shared() -> None:
    assert [images.shape[1:] for images in digits()] == 10 * [(1, 28, 28)]
    assert min(len(images) for images in digits()) > 100
    assert digits()[0] is digits()[0]
    ones, zeros = digits()[1].mean(), digits()[0].mean()  # a one takes least ink, a zero most
    assert ones < min(images.mean() for images in digits()[2:]) < zeros


@pytest.mark.parametrize("name", ["camera", "coffee"])
def test_a_thumbnail_is_the_picture_made_small(name: str) -> None:
    photo = load_photo(name)
    kind, text = thumbnail(photo).split(",")
    small = Image.open(BytesIO(b64decode(text)))
    assert kind == "data:image/jpeg;base64"
    assert max(small.size) == pictures.THUMBNAIL
    mean = np.asarray(small, dtype=float).mean(axis=(0, 1)) / 255
    np.testing.assert_allclose(mean, photo.mean(axis=(1, 2)).squeeze(), atol=0.01)


# ------------------------------------------------------------------ the choice


def page() -> None:
    import streamlit as st

    from pages.kit import state
    from pages.kit.components import picture_source as source

    state.visit("trial")
    for event in st.session_state.get("events", []):
        getattr(source, f"_{event[0]}")("picture", event[1])
    picture = source.picture_source("picture")
    st.text(f"{picture.name} {picture.title} {picture.values.shape} {picture.values.mean():.4f}")


def run(*events: tuple[str, str], at: AppTest | None = None, **settings: str) -> AppTest:
    """Visit the page above; `events` are what its component would send."""
    at = at or AppTest.from_function(page, default_timeout=30)
    at.query_params |= settings
    at.session_state["events"] = list(events)
    at.run()
    assert not at.exception
    return at


def shown(at: AppTest) -> str:
    (text,) = at.text
    return text.value


def mounted(at: AppTest) -> dict[str, object]:
    (component,) = at.get("bidi_component")
    data: dict[str, object] = json.loads(component.proto.json)
    return data


def as_text(data: bytes) -> str:
    return b64encode(data).decode()


def test_the_link_names_the_picture() -> None:
    assert shown(run()) == f"camera Photographer (1, 512, 512) {load_photo('camera').mean():.4f}"
    seven = digits()[7][2].mean()
    at = run(picture="mnist-7-2")
    assert shown(at) == f"mnist-7-2 Handwritten 7 (1, 28, 28) {seven:.4f}"
    assert not at.info


@pytest.mark.parametrize(
    ("name", "reason", "instead"),
    [
        ("dog", "which is unknown", "camera"),
        ("mnist-11-2", "which is unknown", "camera"),
        (f"mnist-7-{len(digits()[7])}", "of which there are only", "mnist-7-0"),
        ("own", "a link cannot carry it", "camera"),
        ("drawing", "a link cannot carry it", "camera"),
    ],
)
def test_a_link_to_what_is_not_there_falls_back(name: str, reason: str, instead: str) -> None:
    at = run(picture=name)
    assert reason in at.info[0].value
    assert shown(at).startswith(f"{instead} ")


def test_an_upload_is_chosen_and_a_bad_one_changes_nothing_but_the_message() -> None:
    at = run(("upload", as_text(saved(quarters()))))
    before = shown(at)
    assert before.startswith("own Your picture (3, 24, 40)")
    assert mounted(at)["problem"] == ""
    for bad, sentence in ((b"text", "not a picture"), (png(1, 1), "too small"), (b"", "empty")):
        run(("upload", as_text(bad)), at=at)
        assert sentence in str(mounted(at)["problem"])
        assert shown(at) == before
    run(("upload", "not base64!"), at=at)
    assert shown(at) == before
    run(("upload", as_text(b"text")), ("upload", as_text(saved(quarters()))), at=at)
    assert mounted(at)["problem"] == ""
    run(("upload", as_text(b"text")), ("choose", "coffee"), at=at)
    assert mounted(at)["problem"] == ""
    assert shown(at).startswith("coffee Coffee")
    run(("choose", "own"), at=at)
    assert shown(at) == before
    run(("choose", "dog"), at=at)
    assert shown(at) == before


def test_a_drawing_arrives_and_nonsense_does_not() -> None:
    pixels = np.arange(784) % 256
    at = run(("draw", as_text(pixels.astype(np.uint8).tobytes())))
    drawn = f"drawing Your drawing (1, 28, 28) {pixels.mean() / 255:.4f}"
    assert shown(at) == drawn
    assert mounted(at)["drawing"] == as_text(pixels.astype(np.uint8).tobytes())
    run(("draw", as_text(b"short")), ("draw", "?"), at=at)
    assert shown(at) == drawn


def test_the_same_picture_is_the_same_array() -> None:
    assert pictures.photo("camera") is pictures.photo("camera")


def test_the_largest_file_fits_into_a_message() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    as_base64 = math.ceil(MOST_MEGABYTES * 1e6 / 3) * 4
    assert as_base64 + 1e6 < config["server"]["maxMessageSize"] * 1e6
