"""/receptive-field in a real browser: cells are picked, and the frames lie where loops say."""

import re

import numpy as np
from playwright.sync_api import Browser, Page, Position, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page
from tests.kit import fields

PATH = "/receptive-field"
COUNT = "c => { const d = c.getContext('2d').getImageData(0, 0, 28, 28).data; return [...d]; }"


def skip_the_question(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def point(page: Page, way: str, place: str, row: int, column: int, cells: int) -> Position:
    """Where a cell of a map is, from the map's corner."""
    box = page.locator(f".{way} .{place} canvas").bounding_box()
    assert box
    return {"x": (column + 0.5) * box["width"] / cells, "y": (row + 0.5) * box["height"] / cells}


def framed(page: Page, way: str) -> tuple[range, range]:
    """Rows and columns of the image inside of a frame."""
    image = page.locator(".area .frames").bounding_box()
    frame = page.locator(f".frames .{way}:not(.before)").bounding_box()
    assert image
    assert frame
    pixel = image["width"] / 28
    row, height = round((frame["y"] - image["y"]) / pixel), round(frame["height"] / pixel)
    column, width = round((frame["x"] - image["x"]) / pixel), round(frame["width"] / pixel)
    return range(row, row + height), range(column, column + width)


def in_the_image(pixels: range) -> range:
    return range(max(0, pixels[0]), min(28, pixels[-1] + 1))


def seen(shrink: str, size: int, place: str, row: int, column: int) -> tuple[range, range]:
    rows, columns = (in_the_image(fields.seen(shrink, size, place, at)) for at in (row, column))
    return rows, columns


def test_a_cell_is_pointed_at_kept_and_asked_which_pixels_matter(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect(page.get_by_text("your guess first")).to_have_count(3)
    skip_the_question(page)
    assert framed(page, "with") == seen("max", 2, "conv2", 4, 4)
    # Pointing moves the frames, leaving moves them back; a click keeps them.
    page.locator(".with .conv2 canvas").hover(position=point(page, "with", "conv2", 0, 7, 10))
    assert framed(page, "with") == seen("max", 2, "conv2", 0, 7)
    page.locator(".rule").first.hover()
    assert framed(page, "with") == seen("max", 2, "conv2", 4, 4)
    page.locator(".without .conv2 canvas").click(
        position=point(page, "without", "conv2", 20, 3, 24)
    )
    assert framed(page, "without") == seen("none", 1, "conv2", 20, 3)
    expect(page).to_have_url(re.compile("way=without"))
    expect(page.locator(".readout")).to_contain_text("Without pooling · conv2, row 21, column 4")
    # The nearest middle in the chain above: its views begin at 2·row − 2 and are 14 wide.
    assert framed(page, "with") == seen("max", 2, "conv2", 9, 0)

    page.locator(".with .pool2 canvas").click(position=point(page, "with", "pool2", 2, 2, 5))
    page.get_by_role("button", name="this image").click()
    expect(page.locator(".measured")).to_contain_text("of the 256 pixels in the frame")
    settle(page)
    painted = np.array(page.locator(".heat").evaluate(COUNT)).reshape(28, 28, 4)[..., 3] > 0
    inside = np.zeros((28, 28), bool)
    rows, columns = seen("max", 2, "pool2", 2, 2)
    inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    assert not painted[~inside].any()
    expect(page.locator(".measured")).to_contain_text(
        f"not 0 for {painted.sum()} of the 256 pixels in the frame; outside it is at most 0."
    )


def test_from_a_link_and_on_with_the_keyboard_alone(page: Page) -> None:
    visit(page, PATH, lang="en", shrink="stride", layer="conv1", spot="14,14")
    skip_the_question(page)
    expect(page.locator(".with .head")).to_contain_text("r = 1 + (5 − 1)·1 = 5")
    assert framed(page, "with") == seen("stride", 2, "conv1", 7, 7)
    page.locator(".with .conv1 canvas").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert framed(page, "with") == seen("stride", 2, "conv1", 6, 6)
    page.keyboard.press("+")  # to the next layer, where the cell with that middle is
    expect(page.locator(".with .head")).to_contain_text("r = 5 + (5 − 1)·2 = 13")
    expect(page.locator(".with .conv2 canvas")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert framed(page, "with") == seen("stride", 2, "conv2", 3, 2)
    expect(page).to_have_url(re.compile("spot=16%2C12"))
    expect(page.locator(".frames .with:not(.before)")).to_have_text("13×13")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh")
        skip_the_question(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.locator(".with .pool2 canvas").tap(position=point(page, "with", "pool2", 0, 4, 5))
        assert framed(page, "with") == seen("max", 2, "pool2", 0, 4)
        # The image is still in view above the maps.
        expect(page.locator(".frames .with:not(.before)")).to_be_in_viewport()
        expect(page.locator(".with .pool2 .sees")).to_have_text("看到16×16")
        expect(page.locator(".end output")).to_have_text(["4,010", "92,170"])
