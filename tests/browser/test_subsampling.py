"""/subsampling in a real browser: β and b under a moving finger, the curve, a phone."""

import math
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/subsampling"
SUMS = [13, 21, 8, 8]  # of the windows of 1 1 2 4 / 5 6 7 8 / 3 2 1 0 / 1 2 3 4
EDITED, EDITED_SUMS = "1,1,2,-10;5,6,7,8;3,2,1,0;1,2,3,4", [13, 7, 8, 8]


def shown(value: float) -> str:
    """A number as cells write it: two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def expect_numbers(page: Page, name: str, numbers: list[float]) -> None:
    cells = grid(page, name).locator(".cell > span:first-child")
    expect(cells).to_have_text([shown(number) for number in numbers])


def asked(page: Page) -> dict[str, list[str]]:
    return {key: text for key, text in parse_qs(urlsplit(page.url).query).items() if key != "lang"}


def read_off(page: Page) -> list[tuple[float, float]]:
    """Where the windows' points lie, measured with the numbers printed on both axes."""
    below, beside, points = page.locator(".chart").evaluate(
        """chart => {
          const at = (name, ...fields) => [...chart.querySelectorAll(name)].map(e => [
            ...fields.map(field => Number(e.getAttribute(field))),
            Number(e.textContent.replace("−", "-"))]);
          return [at(".below", "x"), at(".beside", "y"), at(".window-mark", "cx", "cy")];
        }"""
    )

    def along(ticks: list[list[float]], place: float) -> float:
        (first, low), (last, high) = ticks[0], ticks[-1]
        return low + (place - first) / (last - first) * (high - low)

    # A label stands a little below the line that it names.
    beside = [[y - 5, value] for y, value in beside]
    return [(along(below, cx), along(beside, cy)) for cx, cy, _text in points]


def expect_points(page: Page, sums: list[int], outputs: list[float], precision: float) -> None:
    for (total, y), expected_sum, expected in zip(read_off(page), sums, outputs, strict=True):
        assert abs(total - expected_sum) < 0.05
        assert abs(y - expected) < precision


def test_dragged_walked_edited_and_made_the_average(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect_numbers(page, "Sum Σ", [float(total) for total in SUMS])
    expect_numbers(page, "Output y", [sigmoid(0.2 * total - 2.5) for total in SUMS])
    expect(page.get_by_role("button", name="Make it the average")).to_have_count(0)
    page.get_by_role("button", name="Skip").click()
    settle(page)

    box = dial(page, "β").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    beta = float(dial(page, "β").input_value())
    assert beta > 2
    expect_numbers(page, "u", [beta * total - 2.5 for total in SUMS])
    assert asked(page) == {}  # nothing else moves while the finger is down
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"beta={beta:g}(&|$)"))

    dial(page, "β").fill("0.1")
    dial(page, "b").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="tanh").click()
    settle(page)
    outputs = [math.tanh(0.1 * total - 2) for total in SUMS]
    expect_numbers(page, "Output y", outputs)
    expect_points(page, SUMS, outputs, 0.01)

    grid(page, "Output y").focus()
    page.keyboard.press("ArrowRight")
    sums = page.locator(".arithmetic").first
    expect(sums).to_contain_text("tanh(0.1·(2 + 4 + 7 + 8) − 2)= tanh(0.1·21 − 2)= tanh(0.1)")
    expect(sums).to_contain_text(f"≈ {math.tanh(0.1):.4f}")
    grid(page, "Input").focus()
    page.keyboard.press("End")
    page.keyboard.type("-10")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("slider", name="Feature maps").fill("16")
    settle(page)
    expect(sums).to_contain_text("tanh(0.1·(2 + (−10) + 7 + 8) − 2)")
    expect(page.locator(".total")).to_have_text(["0", "0", "2·16 = 32"])
    settings = {"x": EDITED, "beta": "0.1", "bias": "-2", "f": "tanh", "window": "1", "maps": "16"}
    assert asked(page) == {name: [text] for name, text in settings.items()}

    page.get_by_role("button", name="Make it the average").click()
    expect(page.get_by_text("Output y = average")).to_be_visible()
    averages = [total / 4 for total in EDITED_SUMS]
    expect_numbers(page, "Output y", averages)
    expect_numbers(page, "Average", averages)
    expect_points(page, EDITED_SUMS, averages, 0.05)


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", x=EDITED, window=1, maps=16)
        expect(page.locator(".arithmetic").first).to_contain_text("2 + (−10) + 7 + 8")
        expect(page.locator(".total").last).to_have_text("2·16 = 32")
        page.get_by_role("link", name=re.compile("b = −21")).tap()
        settle(page)
        expect_numbers(page, "输出y", [sigmoid(6 * ones - 21) for ones in (0, 1, 3, 4)])
        counts = [shown(sigmoid(6 * ones - 21)) for ones in range(5)]
        expect(page.locator(".count-value")).to_have_text(counts)
        grid(page, "输入").locator('[data-at="3,3"]').tap()
        expect(page.locator(".arithmetic").first).to_contain_text("sigmoid(6·(1 + 1 + 1 + 1) − 21)")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".cell, .chart text, .arrow-label").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert min(sizes) >= 11
