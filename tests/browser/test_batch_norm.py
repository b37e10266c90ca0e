"""/batch-norm in a real browser: one sample under a finger, two modes, the way back, a phone."""

import math
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/batch-norm"
FIRST = [8.0, 2, 6, 4, 5]  # channel 1
SECOND = [30.0, 15, 45, 35, 25]
EPS = 1e-5


def shown(value: float) -> str:
    """A number as cells write it: two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text


def normalised(x: list[float], known: tuple[float, float] | None = None) -> list[float]:
    """x̂ of a channel; with its own mean and variance, or with known ones."""
    mean, var = known or (sum(x) / len(x), sum((v - sum(x) / len(x)) ** 2 for v in x) / len(x))
    return [(v - mean) / math.sqrt(var + EPS) for v in x]


def cells(page: Page, grid: str, column: int | None = None) -> Locator:
    return page.locator(
        f".of-{grid} .cell" + (f'[data-at$=",{column}"]' if column is not None else "")
    )


def expect_column(page: Page, grid: str, column: int, numbers: list[float]) -> None:
    expect(cells(page, grid, column).locator("span:first-child")).to_have_text(
        [shown(number) for number in numbers]
    )


def asked(page: Page) -> dict[str, str]:
    query = parse_qs(urlsplit(page.url).query)
    return {key: values[0] for key, values in query.items() if key != "lang"}


def drag_first_point(page: Page, by: float) -> None:
    """Take hold of the first sample's point on the axis of x, move it and hold it."""
    box = page.locator(".dot.of-x.lit").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by, steps=5)


def read_off(page: Page, axis: str, scale: int) -> list[float]:
    """Where the points lie, measured with the numbers printed on their axis."""
    points, ticks = page.locator(".drawing svg").evaluate(
        """(svg, [axis, scale]) => {
          const number = (node, name) => Number(node.getAttribute(name));
          const dots = [...svg.querySelectorAll(`.dot.of-${axis}`)].map(dot => number(dot, "cy"));
          const columns = new Map();
          for (const text of svg.querySelectorAll(".tick-value")) {
            const x = text.getAttribute("x");
            if (!columns.has(x)) columns.set(x, []);
            const value = Number(text.textContent.replace("−", "-"));
            columns.get(x).push([number(text, "y") - 5, value]);
          }
          return [dots, [...columns.values()][scale]];
        }""",
        [axis, scale],
    )
    (low, first), (high, last) = ticks[0], ticks[-1]
    return sorted(first + (y - low) / (high - low) * (last - first) for y in points)


def expect_points(page: Page, axis: str, scale: int, numbers: list[float]) -> None:
    for point, number in zip(read_off(page, axis, scale), sorted(numbers), strict=True):
        assert abs(point - number) < 0.05


def test_one_sample_moves_all_in_training_and_none_in_use(page: Page) -> None:
    visit(page, PATH, lang="en", was="1,1,3")
    expect(cells(page, "y").and_(page.locator(".changed"))).to_have_count(0)  # not told yet
    expect(page.locator(".line-news")).to_have_text("your guess first")
    page.get_by_role("button", name="Skip").click()
    settle(page)
    expect(page.locator(".line-news")).to_contain_text("4 of 4 have changed")
    expect_column(page, "y", 0, normalised(FIRST))
    expect_column(page, "y", 1, normalised(SECOND))
    expect_points(page, "x", 0, FIRST)
    expect_points(page, "centred", 1, [v - 5 for v in FIRST])
    expect_points(page, "y", 3, normalised(FIRST))

    drag_first_point(page, -150)  # as far as it goes: by half of what the others span
    first = page.locator(".of-x [data-at='0,0']")
    expect(first).to_have_text("11")
    moved = [11, *FIRST[1:]]
    expect_column(page, "y", 0, normalised(moved))
    expect(page.locator(".line-news")).to_contain_text("(8 → 11; dashed: before)")
    expect(page.locator(".of-y .changed")).to_have_count(5)
    assert "x" not in asked(page)  # nothing else moves while the finger is down
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"was=1%2C1%2C8(&|$)"))
    settle(page)

    page.locator('.from[data-mode="use"] .mode').click()
    settle(page)
    expect_column(page, "y", 0, normalised(moved, (3, 4)))
    expect(page.locator(".of-y .changed")).to_have_count(1)
    expect(page.locator(".line-news")).to_contain_text("0 of 4 have changed")
    expect(page.locator(".train")).to_be_disabled()

    # The number comes back by typing; γ and β of the channel at hand move with the finger.
    first.click()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    settle(page)
    page.locator('.from[data-mode="training"] .mode').click()
    settle(page)
    page.locator(".of-y [data-at='1,1']").click()
    page.get_by_role("slider", name="γ₂").fill("-2")
    page.get_by_role("slider", name="β₂").fill("1.5")
    expect_column(page, "y", 1, [-2 * v + 1.5 for v in normalised(SECOND)])
    settle(page)
    # Two steps towards the batch: σ² takes 5/4 of what was measured.
    for mean, var in ((25.5, 102.5), (25.95, 104.8)):
        page.locator(".train").click()
        settle(page)
        expect(page.locator('.from[data-mode="use"] .value').nth(1)).to_have_text(shown(mean))
        expect(page.locator('.from[data-mode="use"] .value').nth(3)).to_have_text(f"{var:.1f}")
    expect(page.locator(".line-cell").first).to_contain_text("x̂ = (15 − 30) / √(100 + ε)")
    expect(page.locator(".line-cell").first).to_contain_text("−2·(−1.5) + 1.5 ≈ 4.5")
    kept = asked(page)
    assert kept["gamma"] == "1,-2"
    assert kept["beta"] == "0,1.5"
    assert kept["cell"] == "3"
    assert "mode" not in kept
    means = [float(v) for v in kept["run"].split(";")[0].split(",")]
    assert means == [3.38, 25.95]


def test_the_way_back_is_walked_edited_and_checked(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect_column(page, "grad_x", 0, [1.75, 1.25, -1.75, -0.25, -1])
    expect_column(page, "grad_x", 1, [0] * 5)
    page.locator(".of-gradient [data-at='0,0']").click()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    for row, number in enumerate(["-3", "1", "-1"], start=1):
        page.locator(f".of-gradient [data-at='{row},0']").click()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    settle(page)
    expect_column(page, "grad_x", 0, [0] * 5)  # it only wants to stretch
    expect(page.locator(".way.tilt .foot")).to_contain_text("∂E/∂γ = Σ δ·x̂ = 10")
    page.locator(".of-grad_x").get_by_role("grid").focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("End")
    expect(page.locator(".check")).to_contain_text("Row 1, column 2: x = 30 ± ε, with ε = 0.0001")
    expect(page.locator('.check [data-verdict="excellent"]')).to_have_count(1)

    # A real channel: smaller batches scatter more, the running mean follows, keys go on.
    expect(page.locator(".count")).to_contain_text("16 samples × 4·4 places = 256 numbers")
    scatter = page.locator(".means .scatter")
    before = scatter.inner_text()
    page.get_by_role("slider", name="Batch size").fill("0")
    expect(page.locator(".count")).to_contain_text("= 32 numbers")
    expect(scatter).not_to_have_text(before)
    wide, narrow = (float(words.split("±")[1]) for words in (scatter.inner_text(), before))
    assert wide > 1.5 * narrow
    page.locator(".means .area").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".pointed .this")).to_contain_text("Batch 21:")
    page.get_by_role("button", name="One more batch").click()
    expect(page.locator(".pointed .this")).to_contain_text("Batch 22:")
    settle(page)
    page.get_by_role("button", name="Draw other batches").click()
    settle(page)
    kept = asked(page)
    assert (kept["size"], kept["batch"], kept["seed"], kept["check"]) == ("2", "22", "1", "1-2")
    assert kept["g"] == "3,1;-3,1;1,1;-1,1;0,1"

    # A point can be moved with keys as well: two steps are one change.
    page.get_by_role("slider", name="x of sample 1").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(r"was=2%2C1%2C2(&|$)"))
    expect_column(page, "x", 0, [8, 1.8, 6, 4, 5])


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", samples=2, layer="neuron", size=2, channel=3)
        expect_column(page, "y", 0, [1, -1])
        page.get_by_role("button", name="少一个样本").tap()
        settle(page)
        expect(page.locator(".line-measure")).to_contain_text("一批只有一个样本，就谈不上离散")
        expect(cells(page, "y").first).to_have_text("")
        page.locator('.from[data-mode="use"] .mode').tap()
        settle(page)
        expect_column(page, "y", 0, [2.5])
        expect(page.locator(".score")).to_have_count(2)
        page.get_by_role("button", name="第二个卷积层的一张图").tap()
        settle(page)
        expect(page.locator(".count")).to_contain_text("2个样本 × 4·4个位置 = 32个数")
        page.get_by_role("link", name=re.compile("这一层把自己抵消")).tap()
        settle(page)
        expect_column(page, "y", 0, FIRST)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".norm :is(.cell, .value, .head, small, span, b), .drawing text, .area text, .key"
        ).evaluate_all("all => all.map(each => parseFloat(getComputedStyle(each).fontSize))")
        assert min(sizes) >= 11
