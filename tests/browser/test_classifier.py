"""/classifier in a real browser: drawing by mouse, touch and keyboard, and the right numbers."""

import re
from fractions import Fraction
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

X = [[1 if abs(r - 4) == abs(c - 4) and 1 <= r <= 7 else -1 for c in range(9)] for r in range(9)]
MAIN_DIAGONAL = [[1 if u == v else -1 for v in range(3)] for u in range(3)]
PAD = {"en": "Drawing", "zh": "图画"}


def pad(page: Page, lang: str = "en") -> Locator:
    return page.locator(".pad").get_by_role("grid", name=PAD[lang])


def pixel(page: Page, row: int, column: int, lang: str = "en") -> Locator:
    return pad(page, lang).locator(f'[data-at="{row},{column}"]')


def matches(pixels: list[list[int]]) -> list[str]:
    """The close-up of the main diagonal by hand, as the page writes ninths."""
    values = [
        Fraction(
            sum(pixels[r + u][c + v] * MAIN_DIAGONAL[u][v] for u in range(3) for v in range(3)), 9
        )
        for r in range(7)
        for c in range(7)
    ]
    return [ninths(value) for value in values]


def ninths(value: Fraction) -> str:
    whole = int(value * 9)
    text = str(abs(whole) // 9) if whole % 9 == 0 else f"{abs(whole)}/9"
    return f"−{text}" if whole < 0 else text


def expect_close_up(page: Page, texts: list[str]) -> None:
    close_up = page.locator(".matching > .grid").first
    expect(close_up.locator(".cell > span:first-child")).to_have_text(texts)


def probability(page: Page) -> float:
    return float(page.locator(".share strong").first.inner_text().removesuffix("%"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_canonical_x_is_an_x(page: Page, lang: str) -> None:
    visit(page, "/classifier", lang=lang)
    expect_close_up(page, matches(X))
    assert matches(X)[:7] == ["7/9", "−1/9", "1/9", "3/9", "5/9", "−1/9", "3/9"]
    assert page.locator(".neuron").all_inner_texts()[:4] == ["1", "5/9", "5/9", "1"]
    assert probability(page) > 90
    shares = [float(s.removesuffix("%")) for s in page.locator(".share strong").all_inner_texts()]
    assert sum(shares) == pytest.approx(100, abs=0.11)


def test_votes_add_up_to_the_scores(page: Page) -> None:
    visit(page, "/classifier", lang="en")

    def read(text: str) -> float:
        number, _slash, ninth = text.replace("−", "-").partition("/")
        return float(number) / float(ninth or 1)

    columns = [c.split("\n") for c in page.locator(".neuron-column").all_inner_texts()]
    rows = [[read(text) for text in column] for column in columns]
    for j, score in enumerate(page.locator(".score").all()):
        assert all(
            row[0] * row[1 + 2 * j] == pytest.approx(row[2 + 2 * j], abs=0.01) for row in rows
        )
        total, bias, result = (
            read(text) for text in score.locator("p span:last-child").all_inner_texts()
        )
        assert sum(row[2 + 2 * j] for row in rows) == pytest.approx(total, abs=0.07)
        assert total + bias == pytest.approx(result, abs=0.011)


def test_drawing_by_mouse_and_keyboard_is_judged_at_once(page: Page) -> None:
    visit(page, "/classifier", lang="en")
    drawing = [row[:] for row in X]
    pixel(page, 0, 0).click()
    drawing[0][0] = 1
    expect_close_up(page, matches(drawing))

    pad(page).focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    drawing[0][1] = 1
    expect_close_up(page, matches(drawing))

    start, end = pixel(page, 8, 2).bounding_box(), pixel(page, 8, 6).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(end["x"] + 9, end["y"] + 9, steps=12)
    page.mouse.up()
    drawing[8][2:7] = [1] * 5
    expect_close_up(page, matches(drawing))
    settle(page)
    link = dict(parse_qsl(urlsplit(page.url).query))["pixels"]
    assert link == ";".join(",".join(map(str, row)) for row in drawing)


def test_an_o_is_none_and_the_sheet_can_be_cleared(page: Page) -> None:
    visit(page, "/classifier", lang="en")
    page.get_by_role("button", name="O", exact=True).click()
    settle(page)
    assert probability(page) < 10
    page.get_by_role("button", name="clear").click()
    expect_close_up(page, matches([[-1] * 9] * 9))


def test_a_cell_its_neuron_and_its_votes_light_up_together(page: Page) -> None:
    visit(page, "/classifier", lang="en")
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".neuron").nth(1)).to_have_class(re.compile("lit"))
    expect(page.locator(".neuron-column").nth(1)).to_have_class(re.compile("lit"))
    expect(page.locator(".info").first).to_contain_text("Neuron 2 = map 1, row 1, column 2: 5/9")
    expect(page.locator("path.vote.lit")).to_have_count(2)
    expect(page).to_have_url(re.compile("neuron=1"))
    page.get_by_role("grid", name="map 3").locator('[data-at="1,0"]').hover()
    expect(page.locator(".neuron").nth(10)).to_have_class(re.compile("lit"))


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/classifier", lang="zh")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        pixel(page, 0, 8, "zh").tap()
        drawing = [row[:] for row in X]
        drawing[0][8] = 1
        expect_close_up(page, matches(drawing))
        sizes = page.locator(".cell:not(:has(span:empty)), .neuron").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
