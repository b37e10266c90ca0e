"""/softmax in a real browser: scores under a moving finger, overflow and its cure, a phone."""

import math
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/softmax"
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def read(text: str) -> float:
    """A number as the page writes it: −2.56, 5/9, 2.71·10⁻⁵."""
    number, _times, power = text.replace("−", "-").partition("·10")
    top, _slash, bottom = number.partition("/")
    return float(top) / float(bottom or 1) * 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)


def column(page: Page, step: str) -> Locator:
    """The numbers of one step, class by class."""
    return page.locator(f".ladder .cell-of.of-{step} b")


def numbers(page: Page, step: str) -> list[float]:
    return [read(text) for text in column(page, step).all_inner_texts()]


def together(page: Page, step: str) -> Locator:
    return page.locator(f".ladder .sum.of-{step}")


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def voters(page: Page, part: str) -> list[float]:
    """The twelve inputs, or their weights or votes for the chosen class."""
    return [read(text) for text in page.locator(f".voter .{part}").all_inner_texts()]


def asked(page: Page) -> dict[str, str]:
    return {name: text for name, text in parse_qsl(urlsplit(page.url).query) if name != "lang"}


def portion(share: float) -> str:
    return f"{share:.3f}"


def expect_shares_of(page: Page, scaled: Sequence[float]) -> None:
    """Wait until the shares are those of these scores, to three decimals."""
    powers = [math.exp(u - max(scaled)) for u in scaled]
    for cell, power in zip(column(page, "share").all(), powers, strict=True):
        share = power / sum(powers)
        if share >= 0.0005:
            expect(cell).to_have_text(portion(share))
        else:
            expect(cell).to_contain_text("·10⁻")
            assert read(cell.inner_text()) == pytest.approx(share, rel=0.01)
    expect(together(page, "share")).to_have_text("1")


def test_dragged_overflowed_and_shifted(page: Page) -> None:
    visit(page, PATH, lang="en")
    # Votes, scores and averages, from what the page says of the chosen class.
    inputs, weights, votes = (voters(page, part) for part in ("input", "weight", "vote"))
    for a, weight, vote in zip(inputs, weights, votes, strict=True):
        assert vote == pytest.approx(a * weight, abs=0.011)
    in_favour = sum(vote for vote in votes if vote > 0)
    possible = sum(weight for weight in weights if weight > 0)
    assert numbers(page, "average")[0] == pytest.approx(in_favour / possible, abs=0.01)
    averages = sum(numbers(page, "average"))
    assert averages > 2
    assert read(together(page, "average").inner_text()) == pytest.approx(averages, abs=0.01)
    own = numbers(page, "score")
    expect(page.locator(".formula.of-score")).to_contain_text(f"≈ {own[0]:g}")
    expect_shares_of(page, own)
    expect(slider(page, "c, added to every score")).to_be_hidden()
    expect(page.get_by_role("switch")).to_be_hidden()
    expect(page.locator(".formula.of-odds")).to_be_empty()
    page.get_by_role("radio", name="the same").or_(
        page.get_by_role("button", name="the same")
    ).click()
    settle(page)

    # A score under the finger: all that depends on it follows, the URL waits.
    score = slider(page, "Score of O")
    box = score.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2, steps=5)
    by_hand = float(score.input_value())
    assert by_hand > 3
    expect(column(page, "score").nth(1)).to_have_text(f"{by_hand:.2f}")
    expect_shares_of(page, [own[0], by_hand, *own[2:]])
    assert asked(page) == {}
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"z=(%2C|,){by_hand:g}(%2C|,){{2}}"))
    settle(page)
    expect(page.locator(".formula.of-score")).to_contain_text(f"Score of O{by_hand:g} set by hand")

    # Overflow as the formula is written; the maximum subtracted, all is finite again.
    slider(page, "c, added to every score").focus()
    page.keyboard.press("End")
    expect(column(page, "power")).to_have_text(["∞"] * 4)
    expect(column(page, "share")).to_have_text(["NaN"] * 4)
    expect(together(page, "share")).to_have_text("NaN")
    expect(page.locator(".notice")).to_contain_text("float64 ends at e709.78")
    page.get_by_role("switch", name="subtract the maximum").click()
    expect_shares_of(page, [own[0], by_hand, *own[2:]])
    expect(page.locator(".notice")).to_be_empty()
    settle(page)
    slider(page, "temperature T").focus()
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    expect(slider(page, "temperature T")).to_have_attribute("aria-valuetext", "2")
    expect_shares_of(page, [u / 2 for u in [own[0], by_hand, *own[2:]]])
    expect(page).to_have_url(re.compile(r"t=2(&|$)"))
    settle(page)
    hand = f",{by_hand:g},,"
    assert asked(page) == {"z": hand, "c": "1000", "t": "2", "shift": "1", "class": "1"}

    # Another class by keyboard, another drawing: its own scores again.
    page.locator(".pick[aria-pressed=true]").focus()
    page.keyboard.press("End")
    expect(page.locator(".formula.of-share")).to_contain_text("p(/)")
    page.get_by_role("button", name="scores of the drawing").click()
    settle(page)
    assert numbers(page, "score") == own
    page.get_by_role("button", name="empty sheet").click()
    settle(page)
    assert asked(page) == {
        "drawing": "blank",
        "c": "1000",
        "t": "2",
        "shift": "1",
        "class": "3",
    }
    assert voters(page, "input") == [3 / 9] * 4 + [0] * 4 + [3 / 9] * 4
    expect_shares_of(page, [u / 2 for u in numbers(page, "score")])
    page.locator(".voter").first.hover()
    expect(page.locator(".vote-line.lit")).to_have_count(4)
    expect(page.locator(".formula.of-score")).to_have_text("Votes of “main diagonal, top left”")


LINES = """lines => lines.map(line => {
  const frame = line.ownerSVGElement.getBoundingClientRect();
  const ends = [0, line.getTotalLength()].map(at => line.getPointAtLength(at));
  const [red, , blue] = getComputedStyle(line).stroke.match(/\\d+/g).map(Number);
  return {width: Number(line.getAttribute("stroke-width")), isBlue: blue > red,
    ends: ends.map(({x, y}) => [x + frame.left, y + frame.top])};
})"""


def test_lines_are_as_thick_as_their_votes_and_lead_to_their_class(page: Page) -> None:
    visit(page, PATH, lang="en", classes=2)
    for chosen in page.locator(".pick").all():
        chosen.click()
        expect(chosen).to_have_attribute("aria-pressed", "true")
        lines = page.locator(".vote-line.lit").evaluate_all(LINES)
        votes, target = voters(page, "vote"), chosen.bounding_box()
        boxes = [voter.bounding_box() for voter in page.locator(".voter").all()]
        thickest = max(range(12), key=lambda n: abs(votes[n]))
        slope = (lines[thickest]["width"] - 0.5) / abs(votes[thickest])
        assert slope > 2
        assert target is not None
        for line, vote, box in zip(lines, votes, boxes, strict=True):
            assert box is not None
            (x1, y1), (x2, y2) = line["ends"]
            assert line["width"] == pytest.approx(0.5 + slope * abs(vote), abs=0.05)
            assert line["isBlue"] == (vote > 0)
            assert (x1, y1) == pytest.approx((box["x"] + box["width"], box["y"] + 13), abs=6)
            assert x2 == pytest.approx(target["x"], abs=6)
            assert target["y"] - 8 <= y2 <= target["y"] + target["height"] + 8


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", c=-1000)
        page.get_by_role("button", name="跳过").tap()
        settle(page)
        expect(page.locator(".notice")).to_contain_text("0 / 0不是数")
        page.get_by_role("switch", name="减去最大值").tap()
        own = numbers(page, "score")
        expect_shares_of(page, own)
        settle(page)
        score = slider(page, "/的得分")
        score.scroll_into_view_if_needed()
        box = score.bounding_box()
        assert box is not None
        assert box["height"] > 3 * box["width"]
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 8)  # near its upper end
        expect(page).to_have_url(re.compile("z="))
        settle(page)
        by_hand = float(score.input_value())
        assert by_hand > 6
        expect_shares_of(page, [*own[:3], by_hand])
        assert asked(page)["z"] == f",,,{by_hand:g}"
        page.get_by_role("button", name="X O", exact=True).tap()
        settle(page)
        picks = [pick.bounding_box() for pick in page.locator(".pick").all()]
        assert len({pick["y"] for pick in picks if pick}) == 1  # classes side by side
        expect_shares_of(page, numbers(page, "score"))
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".voter span, .ladder b, .sum, .head, .arrow-label, .formula"
        ).evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
        assert min(sizes) >= 11
