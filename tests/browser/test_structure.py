"""Journeys on the landing page: whatever a visitor does, the chain shows what the core computes."""

import re
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import load_dataset, load_pretrained
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

MINUS = "−"


def outputs(name: str, digit: int, n: int, right: int = 0) -> dict[str, np.ndarray]:
    """Every layer's output for a test image moved to the right, computed without the page."""
    data = load_dataset(name, rng=np.random.default_rng(0))
    image = data.test_images[data.test_labels == digit][n]
    image = np.pad(image, ((0, 0), (0, 0), (right, 0)))[..., : image.shape[-1]]
    return {layer: output[0] for layer, output in load_pretrained(name).trace(image[None])}


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def numbers(found: Locator) -> list[float]:
    return [float(text.replace(MINUS, "-")) for text in found.all_inner_texts()]


def expect_scores(page: Page, scores: np.ndarray) -> None:
    """Compare the column of scores, which are rounded to one decimal."""
    settle(page)
    np.testing.assert_allclose(numbers(page.locator(".map.affine > span")), scores, atol=0.051)
    winner = page.locator(".map.softmax.winner b")
    expect(winner).to_have_text(str(scores.argmax()))


def lens(page: Page) -> Locator:
    return page.locator(".lens")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_picked_image_goes_through_the_network(page: Page, lang: str) -> None:
    visit(page, "/", lang=lang)
    expect_scores(page, outputs("digits", 3, 0)["affine1"])
    page.locator(".candidate").nth(5).click()
    expect_scores(page, outputs("digits", 3, 5)["affine1"])
    assert settings(page) == {"lang": lang, "n": "5"}
    page.get_by_role("radio", name="8", exact=True).click()
    expect_scores(page, outputs("digits", 8, 5)["affine1"])
    page.get_by_role("radio", name="MNIST").click()
    expect_scores(page, outputs("mnist", 8, 5)["affine1"])
    page.reload()
    expect_scores(page, outputs("mnist", 8, 5)["affine1"])


def test_turning_the_sheet_shows_the_next_images(page: Page) -> None:
    visit(page, "/", lang="en", digit=8)
    page.get_by_role("button", name="Next images").click()
    expect_scores(page, outputs("digits", 8, 12)["affine1"])
    for _ in range(2):
        page.get_by_role("button", name="Next images").click()
        settle(page)
    expect(page.locator(".candidate")).to_have_count(43 - 36)
    expect(page.get_by_role("button", name="Image 40 of 43, read as 7")).to_be_visible()
    page.get_by_role("button", name="Random").click()
    settle(page)
    asked = {"digit": "3", "n": "0"} | settings(page)
    expect_scores(page, outputs("digits", int(asked["digit"]), int(asked["n"]))["affine1"])


def test_an_image_moved_by_a_pixel_is_read_anew(page: Page) -> None:
    visit(page, "/", lang="en", digit=5)
    expect(page.get_by_text("The network says 5")).to_be_visible()
    right = page.get_by_role("button", name="Move the image to the right")
    right.click()
    expect_scores(page, outputs("digits", 5, 0, right=1)["affine1"])
    expect(page.get_by_text("but it is meant to be 5")).to_be_visible()
    right.click()
    expect_scores(page, outputs("digits", 5, 0, right=2)["affine1"])
    expect(right).to_be_disabled()
    assert settings(page)["right"] == "2"
    page.get_by_role("button", name="Move the image back").click()
    expect_scores(page, outputs("digits", 5, 0)["affine1"])


def test_the_value_under_the_pointer_is_told_with_the_windows_that_made_it(page: Page) -> None:
    visit(page, "/", lang="en")
    map_ = page.locator('[data-at="4-4"]')  # conv2, map 5
    box = map_.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)  # cell (2, 1)
    value = outputs("digits", 3, 0)["conv2"][4, 2, 1]
    expect(lens(page)).to_contain_text("conv2, map 5 of 16")
    told = lens(page).locator(".readout").inner_text()
    assert told.startswith("row 3, column 2: ")
    assert float(told.split(": ")[1].replace(MINUS, "-")) == pytest.approx(value, abs=0.0006)
    shown = numbers(lens(page).locator(".large .cell > span:first-child"))
    expected = outputs("digits", 3, 0)["conv2"][4].ravel()
    np.testing.assert_allclose(shown, expected, atol=0.0051)
    # Its windows: one on each of the 8 maps before, and its own 8×8 pixels of the image.
    frames = page.locator(".frame:visible")
    expect(frames).to_have_count(1 + 8 + 1)
    image = page.locator('[data-at="0-0"]').bounding_box()
    seen = page.locator('[data-at="0-0"] .frame').bounding_box()
    assert image
    assert seen
    assert seen["width"] == pytest.approx(image["width"] * 7 / 8, abs=2)  # columns −1 to 6
    page.mouse.move(5, 5)
    expect(lens(page)).to_contain_text("conv1, map 1 of 8")


def test_the_kernel_in_the_lens_is_the_layers(page: Page) -> None:
    visit(page, "/", lang="en", at="conv1-6")
    weight = load_pretrained("digits").params["conv1.weight"][5, 0]
    shown = numbers(lens(page).locator(".kernels .cell > span:first-child"))
    np.testing.assert_allclose(shown, weight.ravel(), atol=0.0051)


def test_the_chain_is_walked_with_the_keyboard_alone(page: Page) -> None:
    visit(page, "/", lang="en")
    page.locator(".map.at").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(lens(page)).to_contain_text("conv2, map 2 of 16")
    expect(page.locator(".map:focus")).to_have_attribute("aria-label", "conv2, map 2 of 16")
    page.wait_for_url("**at=conv2-2*")
    settle(page)
    page.keyboard.press("End")
    expect(lens(page)).to_contain_text("Softmax")
    page.wait_for_url("**at=softmax-4*")  # the class that won
    page.keyboard.press("Home")
    expect(lens(page)).to_contain_text("grid of numbers")


def test_a_step_leads_to_its_lesson_and_the_way_back_finds_the_image(page: Page) -> None:
    visit(page, "/", lang="zh", digit=7, at="pool1-2")
    page.evaluate("window.sameSession = true")
    lens(page).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("池化")
    settle(page)
    assert urlsplit(page.url).path == "/pooling"
    assert settings(page)["lang"] == "zh"
    assert page.evaluate("window.sameSession")
    page.get_by_role("link", name="CNN的结构").click()
    settle(page)
    expect_scores(page, outputs("digits", 7, 0)["affine1"])
    expect(lens(page)).to_contain_text("pool1")


def test_the_first_paint_does_without_plotly(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, alone=True) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        visit(page, "/", lang="en")
        expect(page.locator(".map.winner")).to_be_visible()
        assert asked
        assert not [url for url in asked if re.search("plotly", url, re.I)]


@pytest.mark.parametrize("data", ["digits", "mnist"])
def test_on_a_desk_the_whole_chain_stands_in_the_first_screen(page: Page, data: str) -> None:
    visit(page, "/", lang="en", data=data)
    chain, result = page.locator(".chain").bounding_box(), page.locator(".result").bounding_box()
    assert chain
    assert result
    assert chain["x"] + chain["width"] <= 1440
    assert result["y"] + result["height"] <= 900
    labels = [label.bounding_box() for label in page.locator(".arrow span").all()]
    for left, right in pairwise(labels):
        assert left
        assert right
        assert left["x"] + left["width"] + 3 <= right["x"], "two labels touch"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_the_chain_is_a_stack(browser: Browser, server: Server, lang: str) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/", lang=lang)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for part in page.locator(".map, .candidate, .arrow, .caption").all():
            box = part.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        pool = page.locator('[data-at="3-2"]')
        pool.tap()
        below = lens(page).bounding_box()
        above, after = pool.bounding_box(), page.locator('[data-at="4-0"]').bounding_box()
        assert below
        assert above
        assert after
        assert above["y"] < below["y"] < after["y"]  # the lens opens below what was tapped
        sizes = (
            lens(page)
            .locator(".cell")
            .evaluate_all("cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))")
        )
        assert min(sizes) >= 11
