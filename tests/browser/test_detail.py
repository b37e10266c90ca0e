"""/detail in a real browser: a dragged window, values at a pixel, a false pattern on a phone."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import load_photo
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/detail"


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def measures(page: Page) -> list[list[str]]:
    """The numbers of every row below the pictures, as they are written."""
    rows = page.locator(".measures .line:not(.heads)")
    return [row.locator("output").all_inner_texts() for row in rows.all()]


def written(values: list[float]) -> list[str]:
    return [f"{value:.3f}" for value in values]


def small_ones(x: np.ndarray, k: int) -> list[np.ndarray]:
    """The largest, the mean and the middle pixel of every whole window."""
    rows, columns = x.shape[0] // k, x.shape[1] // k
    tiles = x[: rows * k, : columns * k].reshape(rows, k, columns, k)
    return [tiles.max((1, 3)), tiles.mean((1, 3)), tiles[:, k // 2, :, k // 2]]


def test_the_window_repaints_while_it_is_dragged_and_a_pixel_tells_its_values(page: Page) -> None:
    photo = load_photo("camera")[0].astype(float)
    visit(page, PATH, lang="en")
    assert measures(page) == []
    expect(page.locator(".row-1 canvas").first).to_be_hidden()
    page.get_by_role("button", name="Skip").click()
    settle(page)

    slider = dial(page, "Window K")
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 6 / 14, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/direct/*"):
        page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2, steps=3)
    k = int(slider.input_value())
    assert 10 <= k <= 13
    smalls = small_ones(photo, k)
    side = len(smalls[0])
    expect(page.locator(".column-1 .arrow").first).to_have_text(
        f"{k}×{k} → {side}×{side} · 0 parameters"
    )
    was = photo[: side * k, : side * k]
    gaps = [np.kron(small, np.ones((k, k))) - was for small in smalls]
    errors = [float(np.sqrt((gap**2).mean())) for gap in gaps]
    means = [float(each.mean()) for each in (was, *smalls)]
    assert measures(page) == [written(errors), written(means)]
    assert "window" not in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"window={k}"))
    settle(page)

    # Every panel tells its value at the place that the arrow keys reach.
    canvas = page.locator(".panel.column-2.row-1 .frame canvas").first
    canvas.click(position={"x": 70, "y": 120})
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    values = page.locator(".panel .value")
    row, column = map(int, (values.nth(5).get_attribute("data-at") or "").split(","))
    expected = [photo[row, column], *(each[row // k, column // k] for each in smalls)]
    expected += [gap[row, column] for gap in gaps]
    read = [float(text.replace("−", "-")) for text in values.all_inner_texts()]
    assert read == pytest.approx(expected, abs=0.0006)

    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("zoom=1.5"))
    settle(page)
    page.reload()
    settle(page)
    assert dial(page, "Window K").input_value() == str(k)
    assert page.locator(".zoomed").count() == 1


def test_a_false_pattern_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    def stripes(shift: int) -> np.ndarray:
        waves = 0.5 + 0.5 * np.cos(2 * np.pi * (np.arange(128) - shift) / 4.5)
        return np.tile(waves, (128, 1))

    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", view="alias")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.get_by_role("button", name="条纹").tap()
        settle(page)
        expect(page.locator(".remarks")).to_contain_text("看上去是36像素")
        dial(page, "右移像素数").press("ArrowRight")
        expect(page).to_have_url(re.compile("alias=4%2C2%2C4.5"))
        settle(page)
        still, moved = stripes(0), stripes(2)
        pairs = [(still, moved), *zip(small_ones(still, 4), small_ones(moved, 4), strict=True)]
        changes = [float(np.sqrt(((b - a) ** 2).mean())) for a, b in pairs]
        assert measures(page)[0] == written(changes)
        page.locator(".column-3.row-0 .frame canvas").first.tap(position={"x": 60, "y": 40})
        expect(page.locator(".column-3.row-1 .value")).not_to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
