"""/invariance in a real browser: a slider and what it changes; a phone in Chinese."""

import re

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import load_pretrained
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page
from tests.kit.change import behind, change, digit, maps_of, shifted

PATH = "/invariance"
POOLINGS = ("none", "every", "average", "max")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def percents(by: int, window: int) -> list[str]:
    """What stands below the maps if the first test image of a 3 is shifted."""
    before, after = digit(3), shifted(digit(3), by)
    shares = [change(before, after, 3, how, window) for how in POOLINGS]
    return [f"{100 * share:.0f}%" for share in shares]


def test_keys_shift_the_picture_and_the_changes_follow(page: Page) -> None:
    visit(page, PATH, lang="en", window=4, map=2)
    changes = page.locator(".change")
    expect(changes).to_have_text(["0%", "?", "?", "?"])
    expect(page.locator(".curve")).to_have_count(1)
    page.get_by_role("radio", name="less than half as much").press("Space")
    expect(changes).to_have_text(["0%"] * 4)
    settle(page)

    slider = page.get_by_role("slider", name="Shift to the right")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(changes).to_have_text(percents(2, 4))
    expect(page).to_have_url(re.compile("[?&]shift=2(&|$)"))
    settle(page)
    assert slider.evaluate("s => s.matches(':focus')")

    # A cell of the third pooling's map, reached with the arrow keys.
    canvas = page.get_by_role("img", name="average 4×4, moved")
    canvas.press("ArrowUp")
    canvas.press("ArrowRight")
    now, before = (
        behind("average", maps_of(image), 4)[1, 2, 4] for image in (shifted(digit(3), 2), digit(3))
    )
    read = re.findall(r"[\d.]+", page.locator(".readout").inner_text().split("column")[1])
    np.testing.assert_allclose([float(number) for number in read], [5, now, before], atol=0.0051)

    # The curves can be dragged: nothing is asked until the finger rests.
    box = page.locator(".chart svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 80)
    page.mouse.down()
    expect(changes).to_have_text(percents(-4, 4))
    assert "shift=2" in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile("shift=-4"))
    settle(page)
    page.reload()
    settle(page)
    expect(slider).to_have_value("-4")
    expect(changes.first).to_have_text(percents(-4, 4)[0])


def test_on_a_phone_in_chinese_the_whole_network_answers(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", shift=3, window=28)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        button(page, "跳过").tap()
        settle(page)
        expect(page.locator(".change")).to_have_text([percents(3, 2)[0], "0%", "0%"])
        button(page, "正确率").tap()
        moved = shifted(digit(3), 3).astype(np.float32)
        scores = load_pretrained("mnist").forward(moved[None, None])[0]
        expect(page.locator(".reading b")).to_have_text(str(scores.argmax()))
        expect(page.locator(".caption output")).to_have_text(re.compile("^[78]\\d%$"))
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        button(page, "手绘").tap()
        settle(page)
        pad = page.locator("canvas.pad")
        pad.tap(position={"x": 90, "y": 90})
        expect(page.locator(".source .head b")).to_have_text("你的手绘")
