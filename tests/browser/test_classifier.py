"""/classifier in a real browser: seven arrows in order, a drawing judged as it grows."""

import math
import re
from fractions import Fraction
from urllib.parse import parse_qsl, quote_plus, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.xo_network import learned
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

Pixels = list[list[int]]
Map = list[list[Fraction]]

X = [[1 if abs(r - 4) == abs(c - 4) and 1 <= r <= 7 else -1 for c in range(9)] for r in range(9)]
BLANK = [[-1] * 9 for _r in range(9)]
MAIN = [[1 if u == v else -1 for v in range(3)] for u in range(3)]
ANTI = [[1 if u + v == 2 else -1 for v in range(3)] for u in range(3)]
CENTRE = [[1 if abs(u - 1) == abs(v - 1) else -1 for v in range(3)] for u in range(3)]
NUMBERS = ".cell:not(.empty) > span:first-child"


# ---------------------------------------------------------------- by hand


def matches(pixels: Pixels, kernel: Pixels) -> Map:
    """The mean of the nine products at each of the 7×7 places."""
    nine = [(u, v) for u in range(3) for v in range(3)]
    return [
        [Fraction(sum(pixels[r + u][c + v] * kernel[u][v] for u, v in nine), 9) for c in range(7)]
        for r in range(7)
    ]


def rectified(x: Map) -> Map:
    return [[max(Fraction(0), value) for value in row] for row in x]


def pooled(x: Map) -> Map:
    return [
        [max(v for row in x[r : r + 2] for v in row[c : c + 2]) for c in range(0, len(x), 2)]
        for r in range(0, len(x), 2)
    ]


def twelve(pixels: Pixels) -> list[Fraction]:
    small = [pooled(pooled(rectified(matches(pixels, each)))) for each in (MAIN, CENTRE, ANTI)]
    return [value for grid in small for row in grid for value in row]


def scores(pixels: Pixels) -> list[float]:
    layer = learned()
    return [
        sum(w * float(a) for w, a in zip(layer.weight[j], twelve(pixels), strict=True))
        + layer.bias[j]
        for j in (0, 1)
    ]


def shares(pixels: Pixels) -> list[str]:
    powers = [math.exp(score) for score in scores(pixels)]
    return [percent(power / sum(powers)) for power in powers]


def percent(share: float) -> str:
    return ">99.9%" if share > 0.9995 else "<0.1%" if share < 0.0005 else f"{100 * share:.1f}%"


def ninths(value: Fraction) -> str:
    whole = int(value * 9)
    text = str(abs(whole) // 9) if whole % 9 == 0 else f"{abs(whole)}/9"
    return f"−{text}" if whole < 0 else text


def two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


# ---------------------------------------------------------------- on the page


def pixel(page: Page, row: int, column: int) -> Locator:
    return page.locator(f'.pad [data-at="{row},{column}"]')


def middle(page: Page, row: int, column: int) -> tuple[float, float]:
    box = pixel(page, row, column).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def arrow(page: Page, number: int) -> Locator:
    return page.locator(".arrow").nth(number - 1)


def expect_map(grid: Locator, x: Map) -> None:
    expect(grid.locator(NUMBERS)).to_have_text([ninths(value) for row in x for value in row])


def expect_judged(page: Page, pixels: Pixels) -> None:
    expect(page.locator(".neuron > span")).to_have_text([ninths(value) for value in twelve(pixels)])
    expect(page.locator(".score > span")).to_have_text([two(score) for score in scores(pixels)])
    expect(page.locator(".share > strong")).to_have_text(shares(pixels))
    drawn = page.locator(".pad .cell").evaluate_all(
        "cells => cells.map(cell => /(ink|墨)$/.test(cell.getAttribute('aria-label')) ? 1 : -1)"
    )
    assert drawn == [value for row in pixels for value in row]


def lit(page: Page) -> set[str]:
    """The pixels that are said to have spoken for the verdict."""
    return set(page.locator(".pad .cell.spoke").evaluate_all("all => all.map(e => e.dataset.at)"))


def asked(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def written(pixels: Pixels) -> str:
    return ";".join(",".join(map(str, row)) for row in pixels)


def test_seven_arrows_in_order(page: Page) -> None:
    visit(page, "/classifier", lang="en")
    lens, after = page.locator(".lens"), page.locator(".pairing .grid").last
    match = matches(X, MAIN)
    assert [ninths(v) for v in match[0]] == ["7/9", "−1/9", "1/9", "3/9", "5/9", "−1/9", "3/9"]
    expect_map(page.locator(".matching > .grid"), match)
    expect(lens).to_contain_text("(8 − 1) / 9 = 7/9")
    expect(page.locator(".mini.todo")).to_have_count(9)
    page.get_by_role("grid", name="match").focus()
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(lens).to_contain_text("Row 1, column 3 · pixels that agree: 5, that differ: 4")
    expect(page.locator(".product .grid").last.locator(".cell")).to_have_text(
        [str(X[u][2 + v] * MAIN[u][v]).replace("-", "−") for u in range(3) for v in range(3)]
    )

    arrow(page, 2).click()
    expect_map(after, rectified(match))
    expect(lens).to_contain_text("max(0, 1/9) = 1/9")
    expect(lens).to_contain_text("20 of the 49 numbers are negative")
    arrow(page, 3).click()
    first = pooled(rectified(match))
    expect_map(after, first)
    after.locator('[data-at="3,1"]').click()
    expect(lens).to_contain_text("max(5/9, 3/9) = 5/9")
    expect(lens).to_contain_text("2 of its 4 cells are there")
    expect(page.locator(".ringed")).to_have_attribute("data-at", "6,2")
    page.get_by_role("button", name="kernel anti-diagonal").click()
    expect_map(after, pooled(rectified(matches(X, ANTI))))
    arrow(page, 4).click()
    expect_map(after, pooled(pooled(rectified(matches(X, ANTI)))))
    settle(page)
    assert asked(page) == {"lang": "en", "step": "4", "kernel": "anti", "cell": "44"}

    arrow(page, 5).click()  # the cells fly by themselves; a hand stops them
    expect(page.locator(".flat-cell.todo").last).to_be_visible()
    page.get_by_role("button", name="Back to the start").click()
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".flat-cell:not(.todo)")).to_have_count(2)
    expect(page.locator(".neuron:not(.todo)")).to_have_count(2)
    page.locator(".flat-cell").nth(10).click()
    expect(page.locator(".flat-cell.todo")).to_have_count(0)
    texts = [ninths(value) for value in twelve(X)]
    assert texts[:4] == ["1", "5/9", "5/9", "1"]
    expect(page.locator(".flat-cell > span")).to_have_text(texts)
    expect(lens).to_contain_text("Neuron 11 = anti-diagonal, bottom left: 1")
    page.locator(".flat-maps .grid").nth(1).locator('[data-at="1,0"]').hover()
    expect(page.locator(".neuron").nth(6)).to_have_class(re.compile("lit"))

    arrow(page, 7).click()  # the sixth is followed on the way
    expect_judged(page, X)
    expect(page.locator(".formula strong")).to_have_text(shares(X)[0])
    power = math.exp(scores(X)[0])
    expect(page.locator(".line.winner .power")).to_have_text(f"e{two(scores(X)[0])} = {power:.2f}")
    settle(page)
    assert asked(page)["step"] == "7"
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".mini.todo")).to_have_count(12)
    expect(page.locator(".share > strong")).to_have_text(["", ""])


def test_votes_are_summed_and_the_strongest_are_lit(page: Page) -> None:
    visit(page, "/classifier", lang="en", step=6)
    layer, inputs = learned(), [float(value) for value in twelve(X)]
    columns = page.locator(".votes .column:not(.total)")
    for j, rows in ((0, (3, 4)), (1, (5, 6))):
        weights, votes = (columns.locator(f"> span:nth-child({row})") for row in rows)
        expect(weights).to_have_text([two(weight) for weight in layer.weight[j]])
        made = [weight * a for weight, a in zip(layer.weight[j], inputs, strict=True)]
        expect(votes).to_have_text([two(vote) for vote in made])
        totals = page.locator(f".votes .total > span:nth-child({rows[1]})")
        expect(totals).to_have_text([two(v) for v in (sum(made), layer.bias[j], scores(X)[j])])
    expect(page.locator(".share > strong")).to_have_text(["", ""])

    arms = {f"{i},{i}" for i in range(1, 7)} | {"3,5", "5,3"}
    assert lit(page) == arms
    expect(page.locator("path.vote.lit")).to_have_count(3)
    spoken = page.locator("button.spoken")
    expect(spoken).to_have_text(
        [
            f"Amain diagonal, top left+ {two(layer.weight[0, 0])}",
            f"Bmain diagonal, bottom right+ {two(layer.weight[0, 3])}",
            f"Ccentre of an X, top left+ {two(layer.weight[0, 4])}",
        ]
    )
    spoken.nth(1).hover()
    assert lit(page) == {"4,4", "5,5", "6,6"}
    expect(page.locator("path.vote.lit")).to_have_count(1)
    page.locator(".neuron").nth(9).click()
    expect(page.locator(".lens")).to_contain_text(f"for “X”: 1 × {two(layer.weight[0, 9])}")
    expect(page.locator("path.vote.lit")).to_have_count(2)
    page.get_by_role("link", name=re.compile("An empty sheet")).click()
    expect(page.get_by_text("There is no stroke")).to_be_visible()
    expect_judged(page, BLANK)
    assert lit(page) == set()


def test_drawn_with_mouse_and_keys_and_judged_at_once(page: Page) -> None:
    visit(page, "/classifier", lang="en", step=7, lens=1)
    page.get_by_role("button", name="clear").click()
    settle(page)
    drawing = [row[:] for row in BLANK]
    (x, y), (end_x, end_y), aside = middle(page, 1, 1), middle(page, 7, 7), 7
    page.mouse.move(x + aside, y)
    page.mouse.down()
    page.mouse.move(end_x + aside, end_y, steps=4)
    for i in range(1, 8):
        drawing[i][i] = 1  # the pen passed through corners of their neighbours
    expect_judged(page, drawing)
    expect_map(page.locator(".matching > .grid"), matches(drawing, MAIN))
    assert asked(page)["pixels"] == written(BLANK)  # nothing else moves while the pen is down
    page.mouse.up()
    settle(page)
    assert asked(page)["pixels"] == written(drawing)

    page.mouse.move(*middle(page, 7, 1))
    page.mouse.down()
    page.mouse.move(*middle(page, 1, 7), steps=30)
    page.mouse.up()
    expect_judged(page, X)
    page.mouse.click(*middle(page, 4, 4))  # on ink the pen rubs out
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    torn = [row[:] for row in X]
    torn[4][4:6] = [-1, 1]
    expect_judged(page, torn)
    expect(page).to_have_url(re.compile(f"pixels={quote_plus(written(torn))}"))
    page.get_by_role("button", name="O", exact=True).click()
    settle(page)
    expect(page.locator(".says")).to_contain_text("not X")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/classifier", lang="zh", step=6, lens=1)
        arrow(page, 3).scroll_into_view_if_needed()
        before = top(arrow(page, 3))
        arrow(page, 3).tap()  # the lens moves from above it to below it
        assert abs(top(arrow(page, 3)) - before) < 2
        assert before < top(page.locator(".lens")) < PHONE["height"]
        expect(page.locator(".lens")).to_contain_text("窗口里最大的数留下来。")
        arrow(page, 7).tap()
        sizes = page.locator(".cell > span, .neuron > span, .mini text, .arrow *, .lens *")
        smallest = sizes.evaluate_all(
            "all => Math.min(...all.filter(e => e.textContent && e.getClientRects().length)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= 11

        pixel(page, 0, 4).scroll_into_view_if_needed()
        drawing = [row[:] for row in X]
        pixel(page, 4, 4).tap()
        drawing[4][4] = -1
        expect_judged(page, drawing)
        finger = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": x, "y": y} for x, y in points]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        touch("touchStart", middle(page, 8, 2))
        for column in (3, 5, 6):
            touch("touchMove", middle(page, 8, column))
        drawing[8][2:7] = [1] * 5
        expect_judged(page, drawing)
        touch("touchEnd")
        settle(page)
        assert asked(page)["pixels"] == written(drawing)
        expect(page.locator(".says")).to_contain_text(shares(drawing)[0])
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
