"""/pooling-gradient in a real browser: the numbers by nudging, the check, keyboard, a phone."""

import math
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

EXAMPLE: list[list[float]] = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
POOLED: dict[str, Callable[[list[float]], float]] = {
    "largest": max,
    "average": lambda cells: sum(cells) / 4,
    "trained": lambda cells: 0.5 * sum(cells),
}


def cell(page: Page, grid: str, row: int, column: int) -> Locator:
    return page.locator(f'{grid} [data-at="{row},{column}"]')


def loss(pooling: str, x: Sequence[Sequence[float]], g: Sequence[Sequence[float]]) -> float:
    """E = Σ g·y for windows of 2×2, read off the grid; stride 1 for nine gradients, 2 for four."""
    stride = 1 if len(g) == 3 else 2
    return sum(
        weight
        * POOLED[pooling]([x[i * stride + u][j * stride + v] for u in (0, 1) for v in (0, 1)])
        for i, row in enumerate(g)
        for j, weight in enumerate(row)
    )


def slopes(pooling: str, g: Sequence[Sequence[float]]) -> list[str]:
    """Each cell's central difference, as cells write it."""
    found = []
    for r in range(4):
        for c in range(4):
            up, down = (
                loss(
                    pooling,
                    [
                        [n + by * ((r, c) == (i, j)) for j, n in enumerate(row)]
                        for i, row in enumerate(EXAMPLE)
                    ],
                    g,
                )
                for by in (0.01, -0.01)
            )
            text = f"{(up - down) / 0.02 + 0.0:.2f}".rstrip("0").rstrip(".")
            found.append("0" if text == "-0" else text.replace("-", "−"))
    return found


def expect_slopes(page: Page, g: Sequence[Sequence[float]]) -> None:
    for pooling in POOLED:
        numbers = page.locator(f".route.{pooling} .cell > span:first-child")
        expect(numbers).to_have_text(slopes(pooling, g))


def checked(page: Page, row: str, pooling: str) -> Locator:
    return page.locator(f'.check [data-of="{row} {pooling}"]')


def skip_the_question(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def test_gradients_are_edited_checked_and_sent_one_by_one(page: Page) -> None:
    visit(page, "/pooling-gradient", lang="en")
    expect(page.locator(".route.largest .cell > span:first-child")).to_have_text(["?"] * 16)
    skip_the_question(page)
    expect_slopes(page, [[1, 2], [4, -1]])
    expect(page.locator(".share").nth(1)).to_have_text("1 / 4 = 0.25 for each of 4")

    cell(page, ".source", 0, 1).first.click()  # the gradient at the top right output
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    settle(page)
    expect_slopes(page, [[1, -3], [4, -1]])
    expect(page.locator(".share").nth(0)).to_have_text("all of −3 to the winner, 8")

    # One click checks a cell: E of the maximum is 6 − 3·8 + 4·3 − 4, and the 8 moves.
    cell(page, ".route.average", 1, 3).click()
    expect(checked(page, "E(x + ε)", "largest")).to_have_text("−10.000003")
    expect(checked(page, "E(x − ε)", "largest")).to_have_text("−9.999997")
    for row in ("quotient", "backward"):
        expect(checked(page, row, "largest")).to_have_text("−3")
        expect(checked(page, row, "average")).to_have_text("−0.75")
        expect(checked(page, row, "trained")).to_have_text("−1.5")
    expect(checked(page, "error", "trained")).to_have_attribute("data-verdict", "excellent")

    # β follows the finger; the address only when it is let go.
    slider = page.locator(".dial input").first
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 5, box["y"] + box["height"] / 2, steps=4)
    expect(cell(page, ".route.trained", 0, 0).locator("span").first).to_have_text("1")
    expect(checked(page, "backward", "trained")).to_have_text("−3")
    assert "beta" not in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"beta=1\b"))

    # Σ δ·Σx = 13 − 3·21 + 4·8 − 8; it does not depend on β.
    page.get_by_role("button", name="∂E/∂β").click()
    expect(checked(page, "quotient", "trained")).to_have_text("−26")
    expect(checked(page, "backward", "trained")).to_have_text("−26")
    settle(page)
    kept = dict(parse_qsl(urlsplit(page.url).query))
    assert kept == {"lang": "en", "beta": "1", "check": "beta", "g2": "1,-3;4,-1", "window": "1"}


def test_overlapping_windows_step_by_step_with_the_keyboard(page: Page) -> None:
    visit(page, "/pooling-gradient", lang="en", stride=1)
    skip_the_question(page)
    g = [[1, 2, -3], [4, -1, 2], [3, -2, 1]]
    expect_slopes(page, g)
    page.get_by_role("button", name="Step forward").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".balance").first).to_have_text("Σ ∂E/∂y = 32 of 9 sent so far")
    expect_slopes(page, [[1, 2, 0], [0, 0, 0], [0, 0, 0]])
    for _ in range(3):
        page.keyboard.press("Enter")
    expect_slopes(page, [[1, 2, -3], [4, -1, 0], [0, 0, 0]])
    expect(page.locator(".cell-sum").first).to_have_text("Row 2, column 3: 2 − 1 = 1")
    settle(page)
    page.locator(".route.average .cells").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect_slopes(page, g)  # looking at a cell shows what arrives in the end
    expect(page.locator(".cell-sum").nth(1)).to_have_text(
        "Row 2, column 3: 0.5 − 0.75 − 0.25 + 0.5 = 0"
    )
    expect(page).to_have_url(re.compile("check=2-3"))


def test_a_tie_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(
            page,
            "/pooling-gradient",
            lang="zh",
            x="1,1,2,4;5,8,8,8;3,2,1,0;1,2,3,4",
            check="2-3",
            f="tanh",
            beta=0.05,
            window=3,
        )
        skip_the_question(page)
        expect(page.locator(".sent").first).to_have_text("−1")
        expect(checked(page, "error", "largest")).to_have_text("无导数")
        slope = 2 * 0.05 * (1 - math.tanh(0.05 * 22) ** 2)
        expect(checked(page, "backward", "trained")).to_have_text(f"{slope:.6f}".rstrip("0"))
        cell(page, ".route.largest", 1, 3).tap()
        expect(page.locator(".share").first).to_have_text("2全部传给第一个8，与它并列的得0")
        expect(cell(page, ".route.largest", 1, 2)).to_have_attribute("data-mark", "winner")
        expect(cell(page, ".route.largest", 1, 3)).to_have_attribute("data-mark", "tie")
        expect(checked(page, "quotient", "largest")).to_have_text("1")
        expect(checked(page, "backward", "largest")).to_have_text("0")
        expect(page.locator(".check-note")).to_contain_text("左边的斜率是0，右边是2")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".gradients :is(.cell, .note, td, th, p, small, button)").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert min(sizes) >= 11
