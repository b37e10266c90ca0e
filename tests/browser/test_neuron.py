"""/neuron in a real browser: sliders, line and arrow under a moving finger; learning."""

import math
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page
from tests.kit.two_digits import Numbers, TwoDigits, two_digits

PATH = "/neuron"
SIX_OR_TWO = ("lower-left", "lower-right")


def shown(value: float, decimals: int = 3) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text == "−0" else text


def either(value: float) -> str:
    """A pattern for a number with three decimals; halves may be rounded up or down."""
    return "|".join(sorted({re.escape(shown(value + nudge)) for nudge in (-1e-6, 1e-6)}))


def expect_score(page: Page, z: float) -> None:
    expect(page.locator(".score")).to_have_text(re.compile(rf"^z = ({either(z)})$"))


def signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {shown(abs(value), 2)}"


def asked(page: Page) -> dict[str, str]:
    found = parse_qs(urlsplit(page.url).query)
    return {name: texts[0] for name, texts in found.items() if name != "lang"}


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def chooser(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def numbers(page: Page) -> Numbers:
    """The weights and the bias that stand beside the sliders."""
    w1, w2, b = (
        float(text.replace("−", "-")) for text in page.locator(".dial output").all_inner_texts()
    )
    return w1, w2, b


def expect_counts(page: Page, digits: TwoDigits, at: Numbers) -> None:
    """Both counts, the marks in the plane, and the score of the blank sheet."""
    counts = digits.counts(at)
    expect(page.locator(".counts b")).to_have_text([str(counts[name][0]) for name in counts])
    wrong = sum(total - right for right, total in counts.values())
    expect(page.locator(".cloud .wrong")).to_have_count(wrong)
    expect(page.locator(".contours text").first).to_have_text(f"z = {shown(at[2], 2)}")


def read_off(page: Page, *pointer: float) -> dict[str, list[tuple[float, float]]]:
    """Where line, tip of w and pointer lie: measured with the numbers on both axes."""
    below, beside, places = page.locator(".plane").evaluate(
        """(plane, pointer) => {
          const number = e => Number(e.textContent.replace("−", "-"));
          const value = (e, key) => Number(e.getAttribute(key));
          const ticks = (kind, key, by) =>
            [...plane.querySelectorAll(kind)].map(e => [value(e, key) - by, number(e)]);
          const line = plane.querySelector(".boundary-line"), tip = plane.querySelector(".tip");
          const { e, f } = tip.transform.baseVal.consolidate().matrix;
          const ends = ["1", "2"].map(k => [value(line, `x${k}`), value(line, `y${k}`)]);
          const { left, top } = plane.getBoundingClientRect(), [x = 0, y = 0] = pointer;
          const places = { line: ends, tip: [[e, f]], pointer: [[x - left, y - top]] };
          // A label stands a little below the place that it names.
          return [ticks(".below", "x", 0), ticks(".beside", "y", 5), places];
        }""",
        pointer,
    )
    assert below[0][0] < below[1][0]  # to the right
    assert beside[0][0] > beside[1][0]  # and upwards

    def along(ticks: list[list[float]], place: float) -> float:
        (first, low), (last, high) = ticks
        return float(low + (place - first) / (last - first) * (high - low))

    return {
        name: [(along(below, x), along(beside, y)) for x, y in found]
        for name, found in places.items()
    }


def expect_line(page: Page, at: Numbers) -> None:
    """The line in words; and when that is there, the line that is drawn."""
    w1, w2, b = at
    rest = f" {signed(b)}" if b else ""
    words = f"{shown(w1, 2)}·x₁ {signed(w2)}·x₂{rest} = 0"
    expect(page.locator(".boundary span").first).to_have_text(words)
    for x, y in read_off(page)["line"]:
        expect_on_line((x, y), at)


def expect_on_line(place: tuple[float, float], at: Numbers) -> None:
    w1, w2, b = at
    assert abs(w1 * place[0] + w2 * place[1] + b) < 0.01 * math.hypot(w1, w2)


def drag(page: Page, handle: Locator, right: float, down: float) -> tuple[float, float]:
    """Take hold of a handle and move it to where is returned; the finger stays down."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=5)
    return x + right, y + down


def test_the_sliders_the_arrow_and_the_line_are_the_same_three_numbers(page: Page) -> None:
    digits = two_digits(6, 2, *SIX_OR_TWO)
    visit(page, PATH, lang="en")
    expect_counts(page, digits, (8, 3, -2.5))
    expect_line(page, (8, 3, -2.5))

    box = dial(page, "w₂").bounding_box()
    assert box is not None
    drag(page, dial(page, "w₂"), 0.2 * box["width"], 0)
    turned = numbers(page)
    assert (turned[0], turned[2]) == (8, -2.5)
    assert turned[1] > 4
    expect_counts(page, digits, turned)
    expect_line(page, turned)
    assert asked(page) == {}  # nothing else moves while the finger is down
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"w=8%2C{turned[1]:g}(&|$)"))
    settle(page)

    finger = drag(page, page.locator(".tip circle"), 20, -50)
    expect(page.locator(".dial output").first).not_to_have_text("8")
    pulled = numbers(page)
    expect_counts(page, digits, pulled)
    expect_line(page, pulled)
    places = read_off(page, *finger)
    (tip,), (pointer,) = places["tip"], places["pointer"]
    assert math.dist(tip, pointer) < 0.01
    assert abs(tip[0] * pulled[1] - tip[1] * pulled[0]) < 0.01
    assert pulled[0] > 8
    assert pulled[1] > turned[1]
    assert pulled[2] == -2.5
    page.mouse.up()
    settle(page)

    before = read_off(page)["line"]
    finger = drag(page, page.locator(".grip circle"), 40, -10)
    expect(page.locator(".dial output").last).not_to_have_text("−2.5")
    moved = numbers(page)
    assert moved[:2] == pulled[:2]
    assert moved[2] < -2.5
    expect_counts(page, digits, moved)
    expect_line(page, moved)
    places = read_off(page, *finger)
    expect_on_line(places["pointer"][0], moved)
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in (before, places["line"])]
    assert abs(slopes[0] - slopes[1]) < 0.01  # it moved without turning
    page.mouse.up()
    settle(page)
    assert asked(page) == {"w": f"{moved[0]:g},{moved[1]:g}", "b": f"{moved[2]:g}"}

    # Half of everything: the same answers, half the score.
    score = page.locator(".score")
    z = float(score.inner_text().removeprefix("z = ").replace("−", "-"))
    page.get_by_role("button", name="×½").click()
    halved = (moved[0] / 2, moved[1] / 2, moved[2] / 2)
    expect(page.locator(".dial output").last).to_have_text(shown(halved[2], 2))
    expect_counts(page, digits, halved)
    expect_score(page, float(digits.scores(halved)[0]))
    assert abs(float(digits.scores(halved)[0]) - z / 2) < 0.01
    settle(page)

    # On the keyboard: the line, the arrow, and from digit to digit.
    page.locator(".grip").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".dial output").last).to_have_text(shown(round(halved[2] + 0.1, 1), 2))
    page.locator(".tip").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".dial output").first).to_have_text(shown(round(halved[0] - 1, 1), 2))
    settle(page)
    at = numbers(page)
    expect_counts(page, digits, at)
    ordered = sorted(map(float, digits.scores(at)))
    page.locator(".chosen").focus()
    for key, place in {"End": -1, "ArrowLeft": -2, "Home": 0, "ArrowUp": 1}.items():
        page.keyboard.press(key)
        expect_score(page, ordered[place])
    settle(page)
    i = int(asked(page)["image"])
    (x, y), (w1, w2, _b) = digits.points[i], at
    z = float(digits.scores(at)[i])
    assert z == ordered[1]
    sums = page.locator(".arithmetic").first
    inputs = [f"({either(float(each))})" for each in (x, y)]
    terms = f"{shown(w1, 2)}·{inputs[0]} \\+ {shown(w2, 2)}·{inputs[1]}"
    expect(sums).to_contain_text(re.compile(f"{terms}.*({either(z)})"))
    page.get_by_role("button", name="Show a wrong one").click()
    expect(sums).to_contain_text(": wrong")


def test_learning_and_what_only_a_bias_can_do(page: Page) -> None:
    digits = two_digits(6, 2, *SIX_OR_TWO)
    visit(page, PATH, lang="en", w="4,12")
    rows = page.locator(".results td")
    page.get_by_role("button", name="Let it learn").click()
    expect(page.locator(".stops output")).to_have_text("after 300 of 300 steps")
    settle(page)
    learned = numbers(page)
    expect_counts(page, digits, learned)
    counts = digits.counts(learned)
    assert counts["learning"][0] >= 259
    fields = [f"{right} of {total}" for right, total in counts.values()]
    expect(rows).to_have_text(["", *fields, "264 of 269", "?", "?", "?"])
    assert asked(page) == {"w": f"{learned[0]:g},{learned[1]:g}", "b": f"{learned[2]:g}"}
    stops = page.locator(".stops input")
    drag(page, stops, -60, 0)  # back to the first steps, which change much; the finger stays
    expect(page.locator(".stops output")).not_to_have_text("after 300 of 300 steps")
    on_the_way = numbers(page)
    assert on_the_way != learned
    expect_counts(page, digits, on_the_way)
    expect_score(page, float(digits.scores(on_the_way)[0]))
    page.mouse.up()
    stops.focus()
    page.keyboard.press("Home")
    expect_counts(page, digits, (4, 12, -2.5))
    page.keyboard.press("End")
    expect_counts(page, digits, learned)
    expect(page.get_by_text("178")).to_have_count(0)

    page.get_by_role("button", name="Skip").click()
    nailed_fields = ["136 of 269", "45 of 89", "178 of 269"]
    expect(rows).to_have_text(["", *fields, "264 of 269", *nailed_fields])
    page.get_by_role("switch", name="With a bias").click()
    settle(page)
    nailed = (learned[0], learned[1], 0.0)
    expect_counts(page, digits, nailed)
    expect_line(page, nailed)
    assert asked(page)["bias"] == "0"

    # Without a bias the line turns around the blank sheet, with the pointer.
    finger = drag(page, page.locator(".grip circle"), 30, -60)
    expect(page.locator(".dial output").first).not_to_have_text(shown(learned[0], 2))
    turned = numbers(page)
    expect_counts(page, digits, turned)
    expect_line(page, turned)
    assert turned[2] == 0
    expect_on_line(read_off(page, *finger)["pointer"][0], turned)
    assert abs(math.hypot(*turned[:2]) - math.hypot(*nailed[:2])) < 3  # it turned
    page.mouse.up()
    settle(page)

    # Another digit; the one that is the other already changes places with it.
    chooser(page, "Digit").first.select_option("2")
    settle(page)
    assert asked(page)["digits"] == "2,6"
    expect_counts(page, two_digits(2, 6, *SIX_OR_TWO), turned)
    chooser(page, "Segment").first.select_option("top")
    chooser(page, "Digit").last.select_option("8")
    settle(page)
    other = two_digits(2, 8, "top", "lower-right")
    expect_counts(page, other, turned)
    assert {name: asked(page)[name] for name in ("digits", "x")} == {
        "digits": "2,8",
        "x": "top,lower-right",
    }
    expect(rows).to_have_text(["", "–", "–", re.compile(f"of {other.learning}$"), "–", "–", "?"])


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    digits = two_digits(6, 2, *SIX_OR_TWO)
    with watched_page(
        browser, server, viewport=PHONE, has_touch=True, reduced_motion="reduce"
    ) as page:
        visit(page, PATH, lang="zh", w="0,0", b=2)
        expect(page.locator(".note")).to_have_text(re.compile("都是2，所以没有直线"))
        page.get_by_role("button", name="让它学习").tap()
        expect(page.locator(".stops output")).to_have_text("第300步，共300步")
        settle(page)
        learned = numbers(page)
        expect_counts(page, digits, learned)
        expect(page.locator(".note")).to_be_empty()
        dot = page.locator(".cloud > *").nth(7)
        dot.scroll_into_view_if_needed()
        box = dot.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        settle(page)
        i = int(asked(page).get("image", "0"))
        distance = math.dist(map(float, digits.points[i]), map(float, digits.points[7]))
        assert distance < 0.02  # that one, or one that lies on it
        z = float(digits.scores(learned)[i])
        expect_score(page, z)
        expect(page.locator(".says")).to_contain_text("大于0" if z > 0 else "不大于0")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".plane text, .neuron *, .arithmetic, .results *").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        assert min(sizes) >= 11
