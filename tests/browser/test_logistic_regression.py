"""/logistic-regression in a real browser: scores under a finger, two trainings, a phone."""

import math
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.twins import walked
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/logistic-regression"

# A finger's push carries on for a moment: what it moves can only be touched when it stands.
HAS_SCROLLED = """() => {
  const top = document.querySelector('[data-testid=stMain]').scrollTop, before = window.lastTop;
  window.lastTop = top;
  return top === before && top > 50;
}"""


def share(first: float, second: float) -> str:
    """The probability of the second class by hand, as the formulas write it."""
    return f"{math.exp(second) / (math.exp(first) + math.exp(second)):.6f}"


def handle(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def value(page: Page, name: str) -> float:
    return float(handle(page, name).get_attribute("aria-valuenow") or "nan")


def centre(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def expect_both_ways(page: Page, first: float, second: float) -> None:
    """Both formulas, the label on the line between them, and the height of point and column."""
    text = share(first, second)
    expect(page.locator(".formula-line strong")).to_have_text([text, text])
    expect(page.locator(".chart-svg .height")).to_have_text(text)
    point, cut, zero, one = page.locator(".chart-svg").evaluate(
        """chart => [
          chart.querySelector(".point").transform.baseVal[0].matrix.f,
          ...[".cut", ".tick.at-0", ".tick.at-1"]
            .map(name => chart.querySelector(name).y1.baseVal.value)
        ]"""
    )
    assert abs((point - zero) / (one - zero) - float(text)) < 1e-4
    assert abs((cut - zero) / (one - zero) - float(text)) < 1e-4


def blue_minus_red(canvas: Locator) -> np.ndarray:
    """How blue each of the 64 pixels is, row by row: blue stands for positive weights."""
    data = canvas.evaluate("each => [...each.getContext('2d').getImageData(0, 0, 8, 8).data]")
    colours = np.reshape(data, (64, 4))
    return np.asarray(colours[:, 2] - colours[:, 0])


def wipe(page: Page, over: Locator, *, across: float = 0, down: float = 0) -> None:
    """Lay a finger on the middle of something, and move it."""
    finger = page.context.new_cdp_session(page)
    x, y = centre(over)
    for share in (0, 0.25, 0.5, 0.75, 1):
        points = [{"x": x + share * across, "y": y + share * down}]
        kind = "touchMove" if share else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()
    settle(page)


def place(mark: Locator) -> tuple[float, float]:
    """Where a ring or a dot is moved to."""
    x, y = re.findall(r"[\d.]+", mark.get_attribute("transform") or "")
    return float(x), float(y)


def heights(line: Locator) -> list[float]:
    """How far down each of its points lies."""
    return [float(each.split(",")[1]) for each in (line.get_attribute("points") or "").split()]


def expect_link(page: Page, first: float, second: float) -> None:
    expect(page).to_have_url(re.compile(f"[?&]z={first:g}%2C{second:g}(&|$)"))


def asked(page: Page) -> dict[str, list[str]]:
    return {key: text for key, text in parse_qs(urlsplit(page.url).query).items() if key != "lang"}


def cells(page: Page, row: str) -> Locator:
    return page.locator("tr", has=page.get_by_role("rowheader", name=row)).locator("td")


def test_scores_are_dragged_together_and_apart(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect_both_ways(page, 1.5, 2.3)
    fractions = page.locator(".formula-line.of-softmax .fraction")
    expect(fractions.last).to_have_text(f"{math.exp(2.3):.4f}{math.exp(1.5):.4f} + 9.9742")
    expect(page.locator(".odds")).to_contain_text(f"= {math.exp(0.8):.4f} to 1")

    x, y = centre(page.locator(".handle.second circle"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 400, y, steps=6)
    second = value(page, "score of the 8")
    assert -1.5 < second < 0
    expect_both_ways(page, 1.5, second)
    assert asked(page) == {}  # nothing else moves while the finger is down
    page.mouse.up()
    expect_link(page, 1.5, second)

    # The bar between takes both along, up to the end of the axis; the probability stays.
    x, y = centre(page.locator(".handle.both path"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 900, y, steps=4)
    page.mouse.up()
    settle(page)
    expect_link(page, 1.5 - second - 4, -4)
    expect_both_ways(page, 1.5, second)
    page.get_by_role("button", name="both +1").click()
    expect_link(page, 1.5 - second - 3, -3)
    expect_both_ways(page, 1.5, second)

    # The point on the curve moves the second score, and the first where that has no room.
    handle(page, "difference z₈ − z₃").focus()
    page.keyboard.press("End")
    expect_link(page, -4, 4)
    expect_both_ways(page, -4, 4)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect_both_ways(page, -4, 3.1)
    handle(page, "score of the 3").focus()
    page.keyboard.press("PageUp")
    expect_link(page, -3, 3.1)
    expect_both_ways(page, -3, 3.1)

    page.get_by_role("link", name=re.compile("Two scores near 1000")).click()
    expect(page.locator(".note")).to_contain_text("too large for a computer’s numbers")
    expect(page.locator(".formula-line strong")).to_have_text([share(-2.3, 0)] * 2)
    expect(fractions.last).to_have_text("e0e−2.3 + e0")
    expect(page.get_by_role("button", name="±4", exact=True)).to_be_disabled()
    expect(page.locator(".chart-svg .power")).to_have_text(
        [f"e−2.3 = {math.exp(-2.3):.4f}", "e0 = 1"]
    )
    handle(page, "Both scores").focus()
    page.keyboard.press("Home")
    expect_link(page, -1000, -997.7)
    expect(page).to_have_url(re.compile("reach=1000"))
    expect(page.locator(".note")).to_contain_text("too small for a computer’s numbers")
    expect(page.locator(".formula-line strong")).to_have_text([share(-2.3, 0)] * 2)


def test_both_learn_step_by_step_and_stay_together_until_one_is_slower(page: Page) -> None:
    visit(page, PATH, lang="en", step=57)
    path = walked(("3", "8"), 0, 2)
    page.locator(".steps output").scroll_into_view_if_needed()
    expect(page.locator(".steps output")).to_have_text("57 / 60")
    expect(cells(page, "Loss").nth(0)).to_have_text(f"{path.losses[57, 0]:.6f}")
    expect(cells(page, "Parameters")).to_have_text(["130", "?", ""])
    expect(page.locator(".picture-4 .caption")).to_have_text("never moves")
    page.get_by_role("button", name="Skip").click()
    expect(cells(page, "Parameters")).to_have_text(["130", "65", ""])
    expect(page.locator(".picture-4 .caption")).to_have_text("never moves: 65 numbers too many")

    page.get_by_role("button", name="Play").click()
    expect(page.locator(".steps output")).to_have_text("60 / 60")
    expect(page).to_have_url(re.compile("step=60"))
    loss, right = f"{path.losses[60, 0]:.6f}", path.right(path.unseen)[60][0]
    expect(cells(page, "Loss")).to_have_text([loss, loss, re.compile("10⁻¹⁷|^0$")])
    count = f"{right} ({100 * right / len(path.unseen.x):.1f}%)"
    expect(cells(page, "Test: right of 89")).to_have_text([count, count, "0"])
    expect(cells(page, "Weights").last).to_have_text(re.compile("^≤ .*10⁻¹⁶$"))

    # A wrong one: its numbers, and those of a pixel in all pictures.
    page.get_by_role("button", name="Show a wrong one").click()
    z = path.scores[60]
    wrong = int(np.flatnonzero((z[3] > 0) != path.unseen.is_second)[0])
    expect(page).to_have_url(re.compile(f"image={wrong}(&|$)"))
    probability = f"P(8) = {1 / (1 + math.exp(-z[3, wrong])):.4f}"
    expect(page.locator(".answer b")).to_have_text([probability, probability])
    expect(page.locator(".answer").last).to_contain_text(f"z = {z[3, wrong]:.4f}".replace("-", "−"))
    box = page.locator(".picture-2 canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 2.5 / 8, box["y"] + box["height"] * 4.5 / 8)
    first, second, difference, alone, total = path.weights[60, :, 4 * 8 + 2]
    written = [
        f"{number:.4f}".rstrip("0").replace("-", "−") for number in (difference, alone, total)
    ]
    words = page.locator(".pixel-words")
    expect(words).to_contain_text("Row 5, column 3:")
    expect(words).to_contain_text(f"w₈ − w₃ = {written[0]}w = {written[1]}")
    expect(words).to_contain_text(f"w₃ + w₈ = {written[2]}")
    assert abs(difference - (second - first)) < 1e-15

    for picture, weights in enumerate(path.weights[60, :, :64]):
        blueness = blue_minus_red(page.locator(f".picture-{picture} canvas"))
        assert blueness.argmax() == weights.argmax()
        assert blueness.argmin() == weights.argmin()

    rings = page.locator(".cloud .ring")
    dots = page.locator(".cloud .dot")
    expect(rings).to_have_count(89)
    spots = [rings.nth(wrong), dots.nth(wrong)]
    assert place(spots[0]) == place(spots[1])
    expect(page.locator(".sign")).to_have_text("=")
    page.get_by_role("button", name="the same: 0.2").click()
    expect(page.locator(".behind")).to_contain_text("where the softmax was after 30 steps")
    slower = walked(("3", "8"), 0, 1)
    expect(cells(page, "Loss")).to_have_text(
        [loss, f"{slower.losses[60, 1]:.6f}", f"{slower.gaps['losses'][60]:.5f}"]
    )
    expect(page.locator(".sign")).to_have_text("≠")
    pixels = np.polyfit(slower.scores[60, 3], [place(dot)[0] for dot in dots.all()], 1)
    expected = np.polyval(pixels, slower.scores[60, 2, wrong])
    assert place(rings.nth(wrong))[0] == pytest.approx(expected, abs=0.1)
    assert abs(place(spots[0])[0] - place(spots[1])[0]) > 1
    falls = [heights(page.locator(f".fall.of-{name}")) for name in ("softmax", "regression")]
    assert [len(fall) for fall in falls] == [61, 61]
    assert falls[0][0] == falls[1][0]
    assert falls[0][60] > falls[1][60]  # further down
    settle(page)
    page.get_by_role("button", name="Other first weights").click()
    settle(page)
    settings = {"step": ["60"], "image": [str(wrong)], "rate": ["same"], "start": ["1"]}
    assert asked(page) == settings


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", z="-4,4", step=60)
        expect_both_ways(page, -4, 4)
        page.get_by_role("button", name="±40").tap()
        settle(page)
        page.get_by_role("button", name="都−10").tap()
        settle(page)
        expect_both_ways(page, -4, 4)
        expect(page.locator(".odds")).to_contain_text("几率 P(8) : P(3) = e8 = ")
        wipe(page, page.locator(".chart-svg"), down=-120)  # that only scrolls
        page.wait_for_function(HAS_SCROLLED, polling=100)
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        wipe(page, page.locator(".handle.first circle"), across=43)
        expect_link(page, value(page, "3的得分"), -6)
        assert -13 < value(page, "3的得分") < 4
        handle(page, "3的得分").focus()
        page.keyboard.press("Home")
        for _press in range(26):
            page.keyboard.press("ArrowRight")
        expect_link(page, -14, -6)
        page.get_by_label("数字 1").select_option("8")  # they change places
        settle(page)
        assert asked(page) == {"z": ["-14,-6"], "reach": ["40"], "step": ["60"], "pair": ["8,3"]}
        path = walked(("8", "3"), 0, 2)
        loss = f"{path.losses[60, 1]:.6f}"
        expect(cells(page, "损失")).to_have_text([loss, loss, re.compile("10⁻¹⁷|^0$")])
        box = page.locator(".picture-3 canvas").bounding_box()
        assert box is not None
        across, down = box["width"] * 6.5 / 8, box["height"] * 1.5 / 8
        page.locator(".picture-3 canvas").tap(position={"x": across, "y": down})
        expect(page.locator(".pixel-words")).to_contain_text("第2行第7列")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".lab svg text, .lab tspan, .lab sup, .lab td, .lab th, .lab .caption, .lab .answer"
        ).evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
        assert min(sizes) >= 11
