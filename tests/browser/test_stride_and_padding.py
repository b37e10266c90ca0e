"""A journey through /stride-and-padding: Chromium shows what loops over the window give."""

from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.patterns import kernels, pictures
from tests import reference
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

F, COUNT = pictures(8, 0)["letter"], kernels(3)["count"]


def naive(
    x: np.ndarray,
    k: np.ndarray,
    *,
    stride: int,
    sides: tuple[int, int] = (0, 0),
    dilation: int = 1,
    flip: bool = True,
) -> np.ndarray:
    """The output, cell by cell."""
    settings = {"stride": (stride,) * 2, "padding": (sides,) * 2, "dilation": (dilation,) * 2}
    return np.asarray(reference.conv2d(x[None, None], k[None, None], flip=flip, **settings)[0, 0])


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def expect_numbers(page: Page, name: str, values: np.ndarray) -> None:
    """Wait until the grid shows these numbers, in reading order."""
    numbers = grid(page, name).locator(".cell > span:first-child")
    expect(numbers).to_have_text([f"{value:g}".replace("-", "−") for value in values.flat])


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def is_on(page: Page, option: str) -> None:
    expect(page.get_by_role("button", name=option, exact=True, pressed=True)).to_be_visible()


def test_sliders_by_keyboard_change_numbers_stripes_and_count(page: Page) -> None:
    visit(page, "/stride-and-padding", lang="en")
    expect_numbers(page, "Output", naive(F, COUNT, stride=2))
    stripes = grid(page, "Input").locator(".unread")
    expect(stripes).to_have_count(15)  # one row and one column of 8
    expect(page.get_by_text("read by no window: 15 of 64 input cells")).to_be_visible()
    page.get_by_role("slider", name="Dilation").press("ArrowRight")
    expect_numbers(page, "Output", naive(F, COUNT, stride=2, dilation=2))
    expect(stripes).to_have_count(48)  # all but rows and columns 1, 3, 5 and 7
    page.get_by_role("slider", name="Zero padding").press("End")
    expect_numbers(page, "Output", naive(F, COUNT, stride=2, dilation=2, sides=(4, 4)))
    expect_numbers(page, "Input", np.pad(F, 4))
    page.get_by_role("slider", name="Stride").press("Home")
    output = naive(F, COUNT, stride=1, dilation=2, sides=(4, 4))
    expect_numbers(page, "Output", output)
    expect(stripes).to_have_count(0)
    settle(page)
    assert settings(page) == {"lang": "en", "stride": "1", "padding": "4", "dilation": "2"}

    grid(page, "Output").focus()  # and the window walks over the dilated cells
    for key in ("End", "ArrowDown", "ArrowLeft", "PageDown"):
        page.keyboard.press(key)
    expect(page.locator(".part-sum small")).to_have_text("Row 12, column 11")
    expect(page.locator(".sum strong")).to_have_text(f"{output[11, 10]:g}")
    expect(grid(page, "Input").locator(".taken")).to_have_count(9)


def test_paddings_on_offer_are_clicked_and_the_link_restores_them(page: Page) -> None:
    visit(page, "/stride-and-padding", lang="en", x="random", seed=3, mode="correlation")
    x = pictures(8, 3)["random"]
    is_on(page, "valid · 0")
    page.get_by_role("button", name="1 + 2", exact=True).click()
    expected = naive(x, COUNT, stride=2, sides=(1, 2), flip=False)
    expect_numbers(page, "Output", expected)
    settle(page)
    assert settings(page)["padding"] == "1,2"
    page.get_by_role("button", name="same · 0 + 1", exact=True).click()
    expect_numbers(page, "Output", naive(x, COUNT, stride=2, sides=(0, 1), flip=False))
    page.go_back()
    expect_numbers(page, "Output", expected)
    page.reload()
    settle(page)
    expect_numbers(page, "Output", expected)
    expect_numbers(page, "Input", np.pad(x, (1, 2)))
    is_on(page, "1 + 2")


def test_the_worked_example_is_the_same_elsewhere(page: Page) -> None:
    visit(page, "/stride-and-padding", lang="en", stride=1, dilation=2)
    page.get_by_role("link", name="A worked example").click()
    x, k = pictures(5, 0)["classic"], kernels(3)["classic"]
    output = naive(x, k, stride=2, sides=(1, 1), flip=False)
    expect_numbers(page, "Output", output)
    page.get_by_text("The same numbers elsewhere").click()
    expect_numbers(page, "CNN Lab prints", output)
    expect_numbers(page, "SciPy prints", output)
    codes = page.locator(".stCode").filter(has_text="print(y)")
    expect(codes).to_have_count(3)
    expect(codes.nth(2)).to_contain_text("stride=2, padding=1, dilation=1,")
    page.get_by_role("slider", name="Stride").press("ArrowRight")
    larger = naive(x, k, stride=3, sides=(1, 1), flip=False)
    expect_numbers(page, "SciPy prints", larger)  # the panel stays open and follows
    expect(codes.nth(2)).to_contain_text("stride=3, padding=1, dilation=1,")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    codes.nth(0).hover()
    codes.nth(0).get_by_role("button").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    printed: list[np.ndarray] = []
    exec(copied, {"print": printed.append})
    np.testing.assert_array_equal(printed[0], larger)


def test_on_a_phone_in_chinese_everything_fits_and_a_tap_moves_the_window(
    browser: Browser, server: Server
) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/stride-and-padding", lang="zh", padding=4, dilation=2, x="random")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".cell, .tile b, .tile span").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
        x = pictures(8, 0)["random"]
        expect_numbers(page, "输出", naive(x, COUNT, stride=2, sides=(4, 4), dilation=2))
        grid(page, "输出").locator('[data-at="2,1"]').tap()
        expect(page.locator(".part-sum small")).to_have_text("第3行第2列")
