"""Choosing a picture in a real browser: thumbnails, files of one's own, and the drawing pad."""

import base64
import re
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/feature-maps"
# What the clipboard or a mouse drops on the page, as the browser itself would tell it.
GIVE = """([kind, text, name]) => {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], name));
  const options = {bubbles: true, cancelable: true};
  const event = kind === "paste" ? new ClipboardEvent(kind, {clipboardData: given, ...options})
    : new DragEvent(kind, {dataTransfer: given, ...options});
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}"""
PIXELS = """(canvas) => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return Array.from({length: data.length / 4}, (_, i) => data[4 * i]);
}"""


def png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def payload(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": data}


def upload(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(payload(name, data))
    settle(page)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def choose(page: Page, name: str) -> None:
    button(page, name).click()
    settle(page)


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def facts(page: Page) -> Locator:
    return page.locator(".facts")


def problem(page: Page) -> Locator:
    return page.locator(".source ~ .message")


def drawing(page: Page) -> np.ndarray:
    return np.array(page.locator("canvas.pad").evaluate(PIXELS)).reshape(28, 28)


def test_photos_and_digits_are_one_click_away_and_stand_in_the_link(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect(facts(page)).to_have_text("Photographer · 1×512×512")
    choose(page, "Cat")
    expect(facts(page)).to_have_text("Cat · 3×300×451")
    assert settings(page)["picture"] == "chelsea"
    choose(page, "Digits")
    choose(page, "Digit 7")
    first = button(page, "Digits").locator("img").get_attribute("src")
    button(page, "Another one").click()
    choose(page, "Another one")
    assert settings(page)["picture"] == "mnist-7-2"
    assert button(page, "Digits").locator("img").get_attribute("src") != first
    page.reload()
    settle(page)
    expect(facts(page)).to_have_text("Handwritten 7 · 1×28×28")
    expect(button(page, "Digit 7")).to_have_attribute("aria-pressed", "true")


def test_a_file_that_cannot_be_used_leaves_everything_as_it_is(page: Page) -> None:
    visit(page, PATH, lang="en")
    upload(page, "photo.png", png(1024, 768))
    shown = "Your picture · 3×384×512 · scaled down from 1024×768 to 512×384"
    expect(facts(page)).to_have_text(shown)
    assert settings(page)["picture"] == "own"
    bad = {
        "half.png": (png(300, 200)[:150], "This PNG file is damaged or incomplete"),
        "words.png": (b"not a picture at all", "This file is not a picture"),
        "huge.png": (bytes(10_000_001), "This file has 10 MB; up to 10 MB can be read here."),
        "empty.png": (b"", "This file is empty."),
    }
    for name, (data, sentence) in bad.items():
        upload(page, name, data)
        expect(problem(page)).to_contain_text(sentence)
        expect(facts(page)).to_have_text(shown)
    page.get_by_role("radio", name="中文").click()
    settle(page)
    expect(problem(page)).to_have_text("该文件是空的。")
    expect(facts(page)).to_contain_text("由1024×768缩小到512×384")
    choose(page, "我的")
    expect(problem(page)).to_be_empty()


def test_a_picture_is_dropped_or_pasted_up_to_ten_megabytes(page: Page) -> None:
    visit(page, PATH, lang="en")
    for kind, side in (("drop", 40), ("paste", 50)):
        text = base64.b64encode(png(side, side)).decode()
        assert page.evaluate(GIVE, [kind, text, "a.png"])
        settle(page)
        expect(facts(page)).to_have_text(f"Your picture · 3×{side}×{side}")
    noise = np.random.default_rng(0).integers(0, 256, (1820, 1820, 3), dtype=np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "PNG", compress_level=0)
    assert 9_900_000 < len(file.getvalue()) < 10_000_000
    upload(page, "noise.png", file.getvalue())
    expect(facts(page)).to_contain_text("scaled down from 1820×1820 to 512×512")


def test_own_pictures_survive_a_change_of_the_page_but_are_not_in_the_link(page: Page) -> None:
    visit(page, PATH, lang="en")
    upload(page, "photo.png", png(40, 30))
    page.get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    page.get_by_role("link", name="Feature maps").first.click()
    settle(page)
    expect(facts(page)).to_have_text("Your picture · 3×30×40")
    page.reload()  # a new session, as for a friend who gets the link
    settle(page)
    expect(page.get_by_text("a link cannot carry it")).to_be_visible()
    expect(facts(page)).to_have_text("Photographer · 1×512×512")
    upload(page, "photo.png", png(40, 30))
    expect(facts(page)).to_have_text("Your picture · 3×30×40")
    expect(page.get_by_text("a link cannot carry it")).to_have_count(0)


def test_a_drawing_is_soft_and_live_and_is_kept(page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    visit(page, PATH, lang="en")
    choose(page, "Draw")
    assert not drawing(page).any()
    pad = page.locator("canvas.pad")
    box = pad.bounding_box()
    assert box
    step = box["width"] / 28
    page.mouse.move(box["x"] + 14.5 * step, box["y"] + 5.5 * step)
    sent.clear()
    page.mouse.down()
    page.mouse.move(box["x"] + 14.5 * step, box["y"] + 20.5 * step, steps=8)
    settle(page)
    assert sent  # before the pen is lifted
    page.mouse.up()
    soft = [0, 0, 0.7, 1, 0.7, 0, 0]  # 1.7 − distance from a line down column 14, within 0 to 1
    assert drawing(page)[12, 11:18] / 255 == pytest.approx(soft, abs=0.01)
    before = drawing(page)
    page.get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    page.get_by_role("link", name="Feature maps").first.click()
    settle(page)
    assert (drawing(page) == before).all()  # what came back is what Python has
    choose(page, "Clear")
    assert not drawing(page).any()


def test_keys_alone_choose_and_draw(page: Page) -> None:
    visit(page, PATH, lang="en")
    button(page, "Draw").focus()
    page.keyboard.press("Enter")
    settle(page)
    page.locator("canvas.pad").focus()
    for key in ("ArrowUp", "Space", *3 * ["ArrowRight"], "Enter", "Delete"):
        page.keyboard.press(key)
    settle(page)
    assert drawing(page)[13, 14] == 255
    assert drawing(page)[13, 17] == 0
    expect(page.get_by_text("Row 14, column 18: 0")).to_be_attached()
    page.locator("input[type=file]").focus()
    expect(page.locator(".upload:has(:focus-visible)")).to_be_visible()


def test_a_finger_draws_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh")
        expect(facts(page)).to_have_text("摄影师 · 1×512×512")
        button(page, "手绘").tap()
        settle(page)
        page.locator("canvas.pad").tap()
        settle(page)
        assert drawing(page)[13:15, 13:15].min() > 200
        assert settings(page)["picture"] == "drawing"
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        labels = page.locator(".source .tile").all()
        assert all(re.search("[一-鿿]", tile.text_content() or "") for tile in labels)
