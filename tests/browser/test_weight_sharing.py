"""/weight-sharing in a real browser: the matrix under the pointer, the keys, a phone."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

ROWS, COLUMNS = 16, 36  # a 3×3 kernel on 6×6 cells


def matrix(page: Page) -> Locator:
    return page.locator(".matrix canvas")


def point(page: Page, row: int, column: int) -> None:
    """Move the pointer to an entry of the matrix, counted from 1."""
    box = matrix(page).bounding_box()
    assert box
    across, down = (column - 0.5) / COLUMNS, (row - 0.5) / ROWS
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    grid = page.get_by_role("grid", name=name, exact=True)
    return grid.locator(f'[data-at="{row},{column}"]')


def numbers(page: Page, name: str) -> list[str]:
    cells = page.get_by_role("grid", name=name, exact=True).locator(".cell > span:first-child")
    return cells.all_text_contents()


def test_the_matrix_under_the_pointer(page: Page) -> None:
    visit(page, "/weight-sharing", lang="en")
    readout = page.locator(".readout")
    # Output (2, 3) sees rows 2–4 and columns 3–5, the kernel upside down; input (4, 3) lies at
    # the window's lower left corner, where the kernel's upper right number stands after the flip.
    point(page, 7, 21)
    expect(readout).to_have_text(
        "Row 7: output cell (2, 3)Column 21: input cell (4, 3)Weight 3, which stands at 16 places"
    )
    seen = {(r, c): 9 - 3 * (r - 1) - (c - 2) for r in (1, 2, 3) for c in (2, 3, 4)}
    laid_out = [str(seen.get((r, c), "")) for r in range(6) for c in range(6)]
    assert numbers(page, "Input") == laid_out
    fed = {(3 - u, 2 - v): 9 - 3 * u - v for u in range(3) for v in range(3)}
    laid_out = [str(fed.get((i, j), "")) for i in range(4) for j in range(4)]
    assert numbers(page, "Output") == laid_out
    point(page, 7, 1)
    expect(readout).to_contain_text("a zero that is never learned")

    page.get_by_role("button", name=re.compile("^Local, not shared")).click()
    settle(page)
    point(page, 7, 21)
    expect(readout).to_contain_text("Weight 57, which stands at one place only")  # 6·9 + 3
    page.get_by_role("button", name=re.compile("^Fully connected")).click()
    settle(page)
    point(page, 7, 21)
    expect(readout).to_contain_text("Weight 237, which stands at one place only")  # 6·36 + 21
    expect(page).to_have_url(re.compile("view=full"))

    cell(page, "Output", 3, 3).hover()
    expect(readout).to_have_text("Row 16: output cell (4, 4)")


def test_with_the_keyboard_alone_and_again_from_the_link(page: Page) -> None:
    visit(page, "/weight-sharing", lang="en")
    matrix(page).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    words = (
        "Row 2: output cell (1, 2)Column 3: input cell (1, 3)Weight 8, which stands at 16 places"
    )
    expect(page.locator(".readout")).to_have_text(words)
    expect(page).to_have_url(re.compile(f"entry={COLUMNS + 3}"))
    page.reload()
    settle(page)
    expect(page.locator(".readout")).to_have_text(words)
    page.get_by_role("radio", name="LeNet-5 (1998)").click()
    settle(page)
    bars = page.locator(".cost strong")
    expect(bars).to_have_text(["4,821,600", "122,304", "156", "4,816,896", "117,600", "117,600"])


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/weight-sharing", lang="zh", padding=1)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        cell(page, "输出", 0, 0).tap()
        expect(page.locator(".readout")).to_have_text("第1行：输出单元（1, 1）")
        # At the corner five of nine products meet the padding; four numbers remain.
        assert sorted(filter(None, numbers(page, "输入"))) == ["1", "2", "4", "5"]
