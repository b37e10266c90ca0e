"""/shift in a real browser: dragged, pushed with keys and buttons, without waiting."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page


def skip_the_question(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def test_dragging_moves_input_and_map(page: Page) -> None:
    visit(page, "/shift", lang="en")
    expect(page.get_by_text("your guess first")).to_have_count(2)
    skip_the_question(page)
    area = page.locator(".moved_input .pixels")
    box = area.bounding_box()
    assert box
    x, y, cell = box["x"] + 100, box["y"] + 100, box["width"] / 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * cell, y + 1 * cell, steps=4)
    expect(page.locator(".pad output")).to_have_text(re.compile(r"^2\s→\s+1\s↓$"))
    # The letter has a margin of two cells and is still whole.
    expect(page.locator(".count")).to_have_text("0 of 144 cells differ")
    page.mouse.move(x + 9 * cell, y, steps=4)  # no farther than four
    page.mouse.up()
    # The upper bar lost its last cell: the windows that read it, in three rows, now differ.
    expect(page.locator(".pad output")).to_have_text(re.compile(r"^4\s→\s+0\s↓$"))
    expect(page.locator(".details")).to_contain_text("inside (in the frame): 0 of 60")
    expect(page.locator(".count")).to_have_text("3 of 144 cells differ")
    expect(page).to_have_url(re.compile("dx=4"))
    # There a window at the border sees the bar end. The map that moved afterwards knows better.
    box = page.locator(".gap .pixels").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 11.5 / 12, box["y"] + box["height"] * 2.5 / 12)
    expect(page.locator(".cell-readout")).to_have_text("Cell (3, 12): 1 − 0 = 1")


def test_with_the_keyboard_alone_and_again_from_the_link(page: Page) -> None:
    visit(page, "/shift", lang="en", stride=2, padding=0)
    skip_the_question(page)
    page.locator(".moved_input .pixels").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".details")).to_contain_text(
        "1 is no multiple of the stride 2: the map would have to move by 0.5 cells."
    )
    page.keyboard.press("ArrowRight")
    expect(page.locator(".count")).to_have_text("0 of 25 cells differ")
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(re.compile("dy=-1"))
    page.reload()
    settle(page)
    expect(page.locator(".pad output")).to_have_text(re.compile(r"^2\s→\s+1\s↑$"))


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/shift", lang="zh")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        skip_the_question(page)
        page.get_by_role("button", name="左移").tap()
        expect(page.locator(".pad output")).to_have_text(re.compile(r"^1\s←\s+0\s↓$"))
        expect(page.locator(".count")).to_have_text("144格中有0格不同")
