"""A journey through /one-dimension: what Chromium shows is what the formula gives."""

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

X, K = [0, 2, 0, 1, 0, 0, 0, 0], [1, 2, 3]
Y = np.convolve(X, K)  # y₃ = 2·3 + 0·2 + 1·1 = 7


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def expect_numbers(page: Page, name: str, values: np.ndarray | list[int]) -> None:
    numbers = grid(page, name).locator(".cell > span:first-child")
    expect(numbers).to_have_text([f"{value:g}".replace("-", "−") for value in np.ravel(values)])


def expect_sum(page: Page, name: str, *lines: str) -> None:
    expect(page.locator(".sum .name")).to_have_text(f"{name} =")
    expect(page.locator(".sum .lines > span")).to_have_text(list(lines))


def open_stage(page: Page, **settings: object) -> None:
    visit(page, "/one-dimension", **{"lang": "en", **settings})
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def test_the_strip_is_walked_and_turned_with_the_keyboard_alone(page: Page) -> None:
    open_stage(page)
    expect_numbers(page, "Output", Y)
    expect_sum(page, "y₃", "x₁·k₂ + x₂·k₁ + x₃·k₀", "= 2·3 + 0·2 + 1·1", "= 6 + 0 + 1 = 7")
    grid(page, "Output").focus()
    for key in ("Home", "ArrowRight"):
        page.keyboard.press(key)
    expect_sum(page, "y₁", "x₀·k₁ + x₁·k₀", "= 0·2 + 2·1", "= 0 + 2 = 2")
    expect(page.get_by_text("Along x, k reads ×2, ×1: backwards.")).to_be_visible()
    page.wait_for_url("**i=1**")
    settle(page)
    page.get_by_role("slider", name="Turn k: 180°").press("ArrowLeft")
    expect_numbers(page, "Output", np.correlate(X, K, "full"))
    expect_sum(page, "y₁", "x₁·k₀ + x₂·k₁ + x₃·k₂", "= 2·1 + 0·2 + 1·3", "= 2 + 0 + 3 = 5")
    settle(page)
    assert settings(page) == {"lang": "en", "i": "1", "mode": "correlation"}
    page.reload()
    settle(page)
    expect_sum(page, "y₁", "x₁·k₀ + x₂·k₁ + x₃·k₂", "= 2·1 + 0·2 + 1·3", "= 2 + 0 + 3 = 5")
    expect(page.get_by_text("Along x, k reads ×1, ×2, ×3: as it is.")).to_be_visible()


def test_what_is_typed_is_painted_copy_by_copy(page: Page) -> None:
    open_stage(page, view="paint")
    grid(page, "Signal x").locator('[data-at="0,3"]').click()  # behind two zeros this is x₁
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    settle(page)
    x = np.array(X)
    x[1] = -4
    expect_numbers(page, "Output", np.convolve(x, K))
    page.get_by_role("button", name="Back to the start").click()
    expect_numbers(page, "Output", np.zeros(10))
    for painted in (1, 2):
        page.get_by_role("button", name="Step forward").click()
        expect_numbers(page, "Output", np.convolve(x * (np.arange(8) < painted), K))
    expect_sum(page, "y₃", "x₁·k₂", "= (−4)·3", "= −12")
    page.wait_for_url("**painted=2**")
    page.get_by_role("button", name="Play").click()
    expect_numbers(page, "Output", np.convolve(x, K))
    column = grid(page, "Painted copies").locator(".marked:not(.empty)")
    expect(column).to_have_text(["(−4)·3", "0·2", "1·1"])


def test_the_mouse_pulls_the_strip_and_points_at_what_a_number_feeds(page: Page) -> None:
    open_stage(page)
    box = page.locator(".track .cells").bounding_box()
    cell = grid(page, "Output").locator('[data-at="0,0"]').bounding_box()
    assert box
    assert cell
    step, middle = cell["width"] + 2, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 20, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 20 + 2 * step, middle, steps=4)
    page.mouse.up()
    expect_sum(page, "y₅", "x₃·k₂ + x₄·k₁ + x₅·k₀", "= 1·3 + 0·2 + 0·1", "= 3 + 0 + 0 = 3")
    grid(page, "Signal x").locator('[data-at="0,3"]').hover()
    settle(page)  # the page's answer to the pull changes nothing of what is pointed at
    expect(grid(page, "Output").locator(".note")).to_have_text(["×1", "×2", "×3"])


def test_a_link_below_brings_the_stage_into_view(page: Page) -> None:
    open_stage(page)
    page.get_by_role("link", name="A single 1: the convolution").click()
    settle(page)
    expect_numbers(page, "Output", np.convolve([0, 0, 1, 0, 0, 0, 0, 0], K))
    expect(grid(page, "Signal x")).to_be_in_viewport(ratio=1)


def test_only_convolution_lets_the_two_change_places(page: Page) -> None:
    open_stage(page)
    page.get_by_role("button", name="Swap x and k").click()
    expect_numbers(page, "Signal x", X)  # the typed row, now beside the stage
    expect_numbers(page, "Output", Y)
    page.get_by_role("radio", name="Cross-correlation").click()
    expect_numbers(page, "Output", np.correlate(X, K, "full")[::-1])


@pytest.mark.parametrize("view", ["slide", "paint"])
def test_on_a_phone_everything_fits_and_a_finger_moves_the_place(
    browser: Browser, server: Server, view: str
) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        open_stage(page, lang="zh", length=12, taps=6, view=view)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".axis .cell:visible, .sum, .places span").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
        output = grid(page, "输出")
        output.locator('[data-at="0,5"]').tap()
        expect(page.locator(".sum strong")).to_have_text("13")  # 2·5 + 1·3
        output.locator('[data-at="0,16"]').scroll_into_view_if_needed()
        output.locator('[data-at="0,16"]').tap()
        expect(page.locator(".sum .name")).to_have_text("y₁₆ =")
        expect(output.locator('[data-at="0,16"]')).to_be_in_viewport()
