"""/pooling in a real browser: numbers by hand, dials under a finger, the keyboard, a phone."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

Grid = Sequence[Sequence[float]]
EXAMPLE: Grid = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
TITLES = {"en": ("Maximum", "Average", "Trainable"), "zh": ("最大值", "平均值", "可训练")}


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    return grid(page, name).locator(f'[data-at="{row},{column}"]')


def numbers(page: Page, name: str) -> list[float]:
    """What the cells of a grid say; all of a number that was shortened stands in its title."""
    texts = (
        grid(page, name)
        .locator(".cell")
        .evaluate_all("cells => cells.map(cell => cell.title || cell.innerText)")
    )
    return [float(text.replace("−", "-")) for text in texts]


def expect_pooled(
    page: Page,
    x: Grid,
    size: int,
    stride: int,
    padding: int = 0,
    *,
    beta: float = 0.5,
    bias: float = -1,
    lang: str = "en",
) -> None:
    """Compare all three outputs with what one reads off `x`; cells have two decimals."""
    around = np.pad(np.array(x, float), padding, constant_values=np.nan)
    starts = range(0, len(around) - size + 1, stride)
    windows = [around[r : r + size, c : c + size] for r in starts for c in starts]
    sums = np.array([np.nansum(window) for window in windows])
    largest = np.array([np.nanmax(window) for window in windows])
    expected = largest, sums / size**2, beta * sums + bias
    for title, values in zip(TITLES[lang], expected, strict=True):
        np.testing.assert_allclose(numbers(page, title), values, atol=0.005001)


def shown(value: float) -> str:
    """A number as the sums write it: four decimals at most."""
    return f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def sums(page: Page) -> Locator:
    return page.locator(".arithmetic")


def type_in(page: Page, row: int, column: int, text: str) -> None:
    cell(page, "Input", row, column).click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text) if text else page.keyboard.press("Delete")
    page.keyboard.press("Enter")


def test_edits_and_sliders_give_the_right_numbers_and_the_menu_finds_them_again(
    page: Page,
) -> None:
    visit(page, "/pooling", lang="en")
    expect(grid(page, "Maximum").locator(".cell")).to_have_text(["6", "?", "3", "4"])
    page.get_by_role("button", name="Skip").click()
    expect(grid(page, "Maximum").locator(".cell")).to_have_text(["6", "8", "3", "4"])

    for text in ("six", "", "NaN", "inf", "-inf", "1e300"):  # the last good grid stays
        type_in(page, 1, 1, text)
        message = f"“{text}” is not a number from −99 to 99; the cell keeps 6."
        expect(page.get_by_text(message)).to_be_visible()
    expect_pooled(page, EXAMPLE, 2, 2)
    type_in(page, 0, 0, "-0.5")
    settle(page)
    edited = [[-0.5, *EXAMPLE[0][1:]], *EXAMPLE[1:]]
    expect_pooled(page, edited, 2, 2)

    for slider, key, now in (
        ("Stride", "ArrowLeft", (2, 1, 0)),
        ("Zero padding", "ArrowRight", (2, 1, 1)),
    ):
        page.get_by_role("slider", name=re.compile(slider)).press(key)
        settle(page)
        expect_pooled(page, edited, *now)
    left = dict(parse_qsl(urlsplit(page.url).query))
    assert (left["stride"], left["padding"]) == ("1", "1")

    page.get_by_role("link", name="Convolution", exact=True).click()
    expect(page.get_by_role("heading", name="Convolution")).to_be_visible()
    page.get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    assert dict(parse_qsl(urlsplit(page.url).query)) == left
    expect_pooled(page, edited, 2, 1, 1)


def test_a_dial_repaints_while_it_is_dragged_and_becomes_the_average_at_a_click(
    page: Page,
) -> None:
    visit(page, "/pooling", lang="en", size=3, padding=1, stride=2)
    page.get_by_role("button", name="Skip").click()
    settle(page)
    beta = page.get_by_role("slider", name="Coefficient β")
    box = beta.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/direct/*"):
        page.mouse.move(box["x"] + box["width"] * 0.54, box["y"] + box["height"] / 2, steps=5)
    dragged = beta.input_value()
    assert 0 < float(dragged) < 0.2
    expect(sums(page).nth(2)).to_contain_text(f"= {dragged} · 13 − 1 = ")
    expect_pooled(page, EXAMPLE, 3, 2, 1, beta=float(dragged))
    assert "beta" not in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"beta={dragged}"))

    bias = page.get_by_role("slider", name="Bias b")
    bias.press("ArrowRight")
    expect(page).to_have_url(re.compile("bias=-0.75"))
    page.get_by_role("combobox", name="Activation").select_option("tanh")
    u = float(dragged) * 13 - 0.75
    assert abs(u) < 1
    expect(sums(page).nth(2).locator("strong")).to_have_text(shown(np.tanh(u)))

    page.get_by_role("button", name="Make it the average").click()
    expect(page.get_by_role("button", name="= average")).to_be_disabled()
    expect(page).to_have_url(re.compile("beta=1%2F9"))
    expect_pooled(page, EXAMPLE, 3, 2, 1, beta=1 / 9, bias=0)
    expect(sums(page).nth(2)).to_have_text("Σ = 13β·Σ + b = 1/9 · 13 + 0 ≈ 1.4444")


def test_the_windows_are_walked_with_the_keyboard_played_and_pointed_at(page: Page) -> None:
    visit(page, "/pooling", lang="en", x="7,7,2,4;5,7,7,8;3,2,1,0;1,2,3,4", stride=1, window=2)
    page.get_by_role("button", name="Skip").press("Enter")
    expect(sums(page).nth(0)).to_have_text("max(2, 4, 7, 8) = 8")
    grid(page, "Average").focus()
    page.keyboard.press("Home")
    expect(sums(page)).to_have_text(
        [
            "max(7, 7, 5, 7) = 7",
            "(7 + 7 + 5 + 7) / 4 = 26 / 4 = 6.5",
            "Σ = 26β·Σ + b = 0.5 · 26 − 1 = 12",
        ]
    )
    marks = [cell(page, "Input", *at) for at in ((0, 0), (0, 1), (1, 1), (1, 0))]
    for marked, mark in zip(marks, ["winner", "tie", "tie", ""], strict=True):
        expect(marked).to_have_attribute("data-mark", mark)
    expect(page.get_by_text("equally large")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(sums(page).nth(1)).to_have_text("(7 + 7 + 2 + 1) / 4 = 17 / 4 = 4.25")
    expect(page).to_have_url(re.compile("window=4"))

    cell(page, "Input", 3, 0).hover()
    settle(page)  # the page's answer to the step changes nothing of what is pointed at
    expect(sums(page).nth(0)).to_have_text("max(3, 2, 1, 2) = 3")
    expect(cell(page, "Input", 2, 0)).to_have_attribute("data-mark", "winner")
    page.mouse.move(5, 5)

    page.keyboard.press("PageDown")
    page.keyboard.press("End")
    page.keyboard.press(" ")  # from the last window, playing starts again at the first
    expect(sums(page).nth(0)).to_have_text("max(7, 7, 5, 7) = 7")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/pooling", lang="zh", size=4, stride=1, padding=3)
        page.get_by_role("button", name="跳过").tap()
        expect(grid(page, "最大值").locator(".cell", has_text="?")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        cell(page, "最大值", 5, 2).tap()
        expect(sums(page).nth(0)).to_have_text("max(3, 2, 1, 1, 2, 3) = 3")
        expect(sums(page).nth(2)).to_have_text("Σ = 12β·Σ + b = 0.5 · 12 − 1 = 5")
        expect_pooled(page, EXAMPLE, 4, 1, 3, lang="zh")
        sizes = page.locator(".cell").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
        sides = page.locator(".branch .cells").evaluate_all(
            "grids => grids.map(grid => grid.getBoundingClientRect().right)"
        )
        assert max(sides) < PHONE["width"]
