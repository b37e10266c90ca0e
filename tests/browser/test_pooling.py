"""/pooling in a real browser: numbers by hand, the keyboard, a phone."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

EXAMPLE: list[list[float]] = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
WORDS = {"en": ("Input", "Maximum", "Average"), "zh": ("输入", "最大值", "平均值")}


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    return grid(page, name).locator(f'[data-at="{row},{column}"]')


def expect_numbers(page: Page, name: str, numbers: list[str]) -> None:
    expect(grid(page, name).locator(".cell > span:first-child")).to_have_text(numbers)


def shown(value: float) -> str:
    """A number as cells write it: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def expect_pooled(
    page: Page, x: Sequence[Sequence[float]], size: int, stride: int, lang: str
) -> None:
    """Compare both outputs with what one reads off `x`."""
    starts = range(0, 4 - size + 1, stride)
    windows = [
        [x[r + u][c + v] for u in range(size) for v in range(size)] for r in starts for c in starts
    ]
    _input, largest, average = WORDS[lang]
    expect_numbers(page, largest, [shown(max(cells)) for cells in windows])
    expect_numbers(page, average, [shown(sum(cells) / size**2) for cells in windows])


def skip_the_question(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sliders_and_edits_give_the_right_numbers(page: Page, lang: str) -> None:
    visit(page, "/pooling", lang=lang)
    expect_numbers(page, WORDS[lang][1], ["6", "?", "3", "4"])
    skip_the_question(page)
    expect_pooled(page, EXAMPLE, 2, 2, lang)

    cell(page, WORDS[lang][0], 0, 0).click()
    page.keyboard.type("-0.5")
    page.keyboard.press("Enter")
    settle(page)
    edited: list[list[float]] = [[-0.5, *EXAMPLE[0][1:]], *EXAMPLE[1:]]
    expect_pooled(page, edited, 2, 2, lang)

    page.get_by_role("slider", name=re.compile("Stride|步长")).press("ArrowLeft")
    settle(page)
    expect_pooled(page, edited, 2, 1, lang)
    page.get_by_role("slider", name=re.compile("Window|窗口")).press("ArrowRight")
    settle(page)
    expect_pooled(page, edited, 3, 1, lang)


def test_what_is_no_number_leaves_the_outputs_alone(page: Page) -> None:
    visit(page, "/pooling", lang="en")
    cell(page, "Input", 1, 1).click()
    page.keyboard.type("six")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“six” is not a number from")).to_be_visible()
    expect_numbers(page, "Maximum", ["6", "?", "3", "4"])


def test_the_windows_are_walked_with_the_keyboard_and_played(page: Page) -> None:
    visit(page, "/pooling", lang="en")
    skip_the_question(page)
    grid(page, "Average").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".arithmetic").nth(0)).to_have_text("max(2, 4, 7, 8) = 8")
    expect(page.locator(".arithmetic").nth(1)).to_have_text("(2 + 4 + 7 + 8) / 4 = 21 / 4 = 5.25")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".arithmetic").nth(0)).to_have_text("max(1, 0, 3, 4) = 4")
    expect(page).to_have_url(re.compile("window=3"))
    page.keyboard.press(" ")  # from the last window, playing starts again at the first
    expect(page.locator(".arithmetic").nth(0)).to_have_text("max(1, 1, 5, 6) = 6")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_hovering_an_input_cell_shows_its_window(page: Page) -> None:
    visit(page, "/pooling", lang="en")
    grid(page, "Average").focus()
    page.keyboard.press("ArrowRight")
    cell(page, "Input", 3, 0).hover()
    settle(page)  # the page's answer to the step changes nothing of what is pointed at
    expect(page.locator(".arithmetic").nth(0)).to_have_text("max(3, 2, 1, 2) = 3")
    expect(cell(page, "Input", 2, 0)).to_have_attribute("data-mark", "winner")


def test_the_menu_finds_it_as_it_was_left_also_for_names_that_others_use(page: Page) -> None:
    visit(page, "/pooling", lang="en", stride=3)
    page.get_by_role("link", name="Convolution", exact=True).click()
    settle(page)
    page.get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    assert dict(parse_qsl(urlsplit(page.url).query)) == {"lang": "en", "stride": "3"}
    expect_numbers(page, "Maximum", ["?"])  # one window, and it is the one asked for


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/pooling", lang="zh", size=2, stride=1)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        cell(page, "最大值", 2, 2).tap()
        expect(page.locator(".arithmetic").nth(0)).to_have_text("max(1, 0, 3, 4) = 4")
        sizes = page.locator(".cell").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
