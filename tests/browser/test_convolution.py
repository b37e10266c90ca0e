"""A journey through /convolution: what Chromium shows is what loops over the window give."""

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.patterns import kernels, pictures
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

F, COUNT = pictures(6, 0)["letter"], kernels(3)["count"]


def naive(x: np.ndarray, k: np.ndarray, *, stride: int = 1, padding: int = 0, flip: bool = True):
    """The output, cell by cell."""
    padded = np.pad(x, padding)
    kernel = k[::-1, ::-1] if flip else k
    n = (len(padded) - len(k)) // stride + 1
    output = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for u in range(len(k)):
                for v in range(len(k)):
                    output[i, j] += kernel[u, v] * padded[i * stride + u, j * stride + v]
    return output


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    return grid(page, name).locator(f'[data-at="{row},{column}"]')


def expect_numbers(page: Page, name: str, values: np.ndarray) -> None:
    """Wait until the grid shows these numbers, in reading order."""
    numbers = grid(page, name).locator(".cell > span:first-child")
    expect(numbers).to_have_text([f"{value:g}".replace("-", "−") for value in values.flat])


def open_stage(page: Page, **settings: object) -> None:
    visit(page, "/convolution", **{"lang": "en", **settings})
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def write(page: Page, name: str, row: int, column: int, text: str) -> None:
    cell(page, name, row, column).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settle(page)


def test_sliders_change_the_numbers_to_the_right_ones(page: Page) -> None:
    open_stage(page)
    expect_numbers(page, "Output", naive(F, COUNT))
    page.get_by_role("slider", name="Stride").press("ArrowRight")
    expect_numbers(page, "Output", naive(F, COUNT, stride=2))
    page.get_by_role("slider", name="Zero padding").press("End")
    expect_numbers(page, "Output", naive(F, COUNT, stride=2, padding=2))
    expect_numbers(page, "Input", np.pad(F, 2))
    expect(grid(page, "Input").locator(".unread")).to_have_count(19)  # one row, one column of 10


def test_cells_are_edited_and_the_link_restores_them(page: Page) -> None:
    open_stage(page, padding=1)
    write(page, "Input", 1, 1, "-2.5")  # behind the padding this is the first cell
    write(page, "Kernel", 2, 2, "3")
    x, k = F.copy(), COUNT.copy()
    x[0, 0], k[2, 2] = -2.5, 3
    expect_numbers(page, "Output", naive(x, k, padding=1))
    expect_numbers(page, "As it slides", k[::-1, ::-1])
    page.reload()
    settle(page)
    expect_numbers(page, "Kernel", k)
    expect(cell(page, "Input", 1, 1)).to_have_text(re.compile("^−2.5"))


def test_padding_stays_zero_and_words_are_no_numbers(page: Page) -> None:
    open_stage(page, padding=1)
    cell(page, "Input", 0, 3).click()
    expect(page.locator(".cell-input")).to_have_count(0)
    write(page, "Kernel", 0, 0, "one")
    expect(page.get_by_text("“one” is not a number from −99 to 99")).to_be_visible()
    expect_numbers(page, "Kernel", COUNT)


def test_the_window_is_walked_with_the_keyboard_and_its_place_is_in_the_link(page: Page) -> None:
    open_stage(page)
    grid(page, "Output").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "End", "ArrowLeft"):
        page.keyboard.press(key)
    output = naive(F, COUNT)
    expect(page.locator(".part-sum small")).to_have_text("Row 3, column 3")
    expect_sum(page, F[2:5, 2:5] * COUNT[::-1, ::-1], output[2, 2])
    page.wait_for_url("**at=10**")
    page.reload()
    settle(page)
    expect(page.locator(".part-sum small")).to_have_text("Row 3, column 3")
    page.get_by_role("button", name="Step forward").click()
    expect_sum(page, F[2:5, 3:6] * COUNT[::-1, ::-1], output[2, 3])


def expect_sum(page: Page, products: np.ndarray, total: float) -> None:
    """The products stand in tiles, the window's numbers in a sum."""
    expect(page.locator(".tile b")).to_have_text([f"{value:g}" for value in products.flat])
    written = " + ".join(f"{value:g}" for value in products.flat)
    expect(page.locator(".sum")).to_have_text(f"{written} = {total:g}")


def test_space_plays_to_the_end_and_the_page_is_not_asked(page: Page) -> None:
    open_stage(page, stride=2)
    grid(page, "Output").focus()
    page.context.set_offline(True)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".part-sum small")).to_have_text("Row 2, column 2")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.context.set_offline(False)


def test_the_kernel_turns_by_lever_and_by_switch(page: Page) -> None:
    open_stage(page)
    expect_numbers(page, "As it slides", COUNT[::-1, ::-1])
    differing = int((naive(F, COUNT) != naive(F, COUNT, flip=False)).sum())
    expect(page.get_by_text(f"The flip changes {differing} of 16 output cells.")).to_be_visible()
    page.get_by_role("slider", name="Turn the kernel: 180°").press("ArrowLeft")
    expect_numbers(page, "As it slides", COUNT)
    expect_numbers(page, "Output", naive(F, COUNT, flip=False))
    settle(page)
    assert settings(page)["mode"] == "correlation"
    page.get_by_role("radio", name="Convolution").click()
    expect_numbers(page, "Output", naive(F, COUNT))
    expect(page.get_by_role("slider", name="Turn the kernel: 180°")).to_have_value("180")


def test_hovering_shows_a_window_and_what_a_cell_feeds(page: Page) -> None:
    open_stage(page)
    cell(page, "Output", 3, 1).hover()
    expect(page.locator(".part-sum small")).to_have_text("Row 4, column 2")
    page.mouse.move(5, 5)
    expect(page.locator(".part-sum small")).to_have_text("Row 1, column 1")
    cell(page, "Input", 1, 0).hover()
    fed = grid(page, "Output").locator(".fed")
    expect(fed).to_have_count(2)
    expect(fed.first).to_have_attribute("data-at", "0,0")


def test_the_impulse_link_paints_the_kernel(page: Page) -> None:
    open_stage(page, stride=2, padding=2)
    page.get_by_role("link", name="A single 1 among zeros").click()
    settle(page)
    expect_numbers(page, "Output", np.pad(COUNT, 1))
    page.get_by_label("Choose an input").select_option("ramp")
    expect_numbers(page, "Output", naive(pictures(7, 0)["ramp"], COUNT))
    page.get_by_label("Kernel size").select_option("4")
    expect_numbers(page, "Output", naive(pictures(7, 0)["ramp"], kernels(4)["count"]))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_everything_fits_and_a_tap_moves_the_window(
    browser: Browser, server: Server, lang: str
) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        open_stage(page, lang=lang, size=8, ksize=5, padding=2, x="random", stride=2)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for box in (frame.bounding_box() for frame in page.locator(".cells").all()):
            assert box
            assert box["x"] + box["width"] <= PHONE["width"]
        sizes = page.locator(".cell, .tile b, .tile span").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
        name = {"en": "Output", "zh": "输出"}[lang]
        expect_numbers(
            page, name, naive(pictures(8, 0)["random"], kernels(5)["count"], stride=2, padding=2)
        )
        cell(page, name, 2, 1).tap()
        place = {"en": "Row 3, column 2", "zh": "第3行第2列"}[lang]
        expect(page.locator(".part-sum small")).to_have_text(place)


def test_quick_hands_lose_nothing(page: Page) -> None:
    open_stage(page)
    forward = page.get_by_role("button", name="Step forward")
    lever = page.locator(".lever input")
    for _ in range(6):
        lever.press("ArrowLeft")
        forward.click()
        lever.press("ArrowRight")
    page.wait_for_url("**at=6**")
    settle(page)
    assert settings(page) == {"lang": "en", "at": "6"}
    expect(page.locator(".part-sum small")).to_have_text("Row 2, column 3")
    expect_numbers(page, "Output", naive(F, COUNT))
