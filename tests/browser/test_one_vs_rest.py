"""/one-vs-rest in a real browser: two networks learn, ten answers add up, a ring is dragged."""

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.three_digits import learned
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page
from tests.kit.regressions import EPOCHS, STEPS, answers, digits, taught

PATH = "/one-vs-rest"
LAST = EPOCHS * STEPS
KINDS = ("rest", "softmax")


def asked(page: Page) -> dict[str, str]:
    query = parse_qs(urlsplit(page.url).query)
    return {key: text for key, (text,) in query.items() if key != "lang"}


def expect_setting(page: Page, name: str, value: object) -> None:
    expect(page).to_have_url(re.compile(rf"[?&]{name}={value}(&|$)"))


def numbers(cells: Locator) -> list[float]:
    return [float(text.replace("−", "-")) for text in cells.all_text_contents()]


def expect_answers(page: Page, step: int, image: int) -> None:
    """The table has the scores and answers of both networks, and the sums of the answers."""
    expect(page.locator(f".class-rows[data-image='{image}']")).to_be_visible()
    for lane, kind in enumerate(KINDS):
        oracle = taught(kind, step)
        rows = page.locator(f".answers.lane-of-{lane}")
        found = [numbers(rows.locator(name)) for name in (".score", ".value")]
        expected = [oracle.scores[image], oracle.answers[image]]
        np.testing.assert_allclose(found, expected, rtol=0.02, atol=0.02)
        total = numbers(page.locator(f".foot.lane-of-{lane} .sum b"))
        np.testing.assert_allclose(total, [oracle.answers[image].sum()], atol=0.015)


def expect_accuracies(page: Page, step: int) -> None:
    shares = [(taught(kind, step).scores.argmax(axis=1) == digits().test_labels) for kind in KINDS]
    cards = [re.compile(f"^{100 * share.mean():.1f}".removesuffix(".0")) for share in shares]
    expect(page.locator(".race-card strong")).to_have_text(cards)


def drag_ring(page: Page, to: tuple[float, float]) -> None:
    """Take the ring of the first plane, and leave the button pressed."""
    plane = page.locator(".plane").first
    plane.scroll_into_view_if_needed()
    ring = plane.locator(".line").bounding_box()
    frame = plane.locator(".axes rect").bounding_box()
    assert ring is not None
    assert frame is not None
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    page.mouse.down()
    x, y = frame["x"] + to[0] * frame["width"], frame["y"] + (1 - to[1]) * frame["height"]
    page.mouse.move(x, y, steps=4)


def expect_ring(page: Page, shares: dict[str, list[float]]) -> None:
    for lane, kind in enumerate(KINDS):
        cells = page.locator(f".answer.in-lane-{lane} > span")
        expect(cells).to_have_text([f"{share:.2f}" for share in shares[kind]])
        total = page.locator(".total b").nth(lane)
        assert abs(float(total.inner_text()) - sum(shares[kind])) < 0.011


def test_learned_to_the_end_looked_through_and_reset(page: Page) -> None:
    visit(page, PATH, lang="en", step=LAST - STEPS)
    expect_accuracies(page, LAST - STEPS)
    expect_answers(page, LAST - STEPS, 77)
    groups = page.locator(".group b")
    expect(groups.nth(0)).to_have_text("?")
    expect(groups.nth(1)).to_have_text("?")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".race-bar output")).to_have_text("epoch 30 of 30")
    expect_setting(page, "step", LAST)  # the address knows where the race has come to rest
    settle(page)
    expect_accuracies(page, LAST)
    expect_answers(page, LAST, 77)
    expect(groups.nth(0)).to_have_text("?")
    page.get_by_role("button", name="Skip").click()
    settle(page)
    claimed = (taught("rest", LAST).scores > 0).sum(axis=1)
    expect(groups.nth(0)).to_have_text(str((claimed == 0).sum()))
    expect(groups.nth(1)).to_have_text(str((claimed > 1).sum()))

    following = [int(i) for i in np.flatnonzero(claimed == 0) if i > 77][:2]
    for image in following:
        page.locator(".group.of-none").click()
        expect_answers(page, LAST, image)
    expect(page.locator(".foot").first).to_contain_text("all ten say no")
    expect_setting(page, "image", following[1])
    page.locator(".picture").press("ArrowRight")
    expect_answers(page, LAST, following[1] + 1)
    rows = page.get_by_role("listbox")
    rows.press("Home")
    rows.press("ArrowDown")
    expect_setting(page, "class", 1)
    z = taught("rest", LAST).scores[following[1] + 1, 1]
    expect(page.locator(".of-yes")).to_contain_text(f"σ(z1) = e{z:.2f} / (".replace("-", "−"))
    assert page.locator(".class-row.shown .digit").inner_text() == "1"

    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".race-bar output")).to_have_text("epoch 0 of 30")
    expect_accuracies(page, 0)
    expect_answers(page, 0, following[1] + 1)
    expect(page).not_to_have_url(re.compile("step="))
    assert asked(page) == {"class": "1", "image": str(following[1] + 1)}


def test_the_ring_is_in_both_planes(page: Page) -> None:
    # e^z by hand, from the weights that SciPy finds too (see tests/kit/test_three_digits.py).
    def shares(name: str, place: tuple[float, float]) -> dict[str, list[float]]:
        parameters = learned(name).parameters
        scores = {kind: parameters[kind][0] @ place + parameters[kind][1] for kind in KINDS}
        return {kind: answers(kind, scores[kind][None])[0].tolist() for kind in KINDS}

    visit(page, PATH, lang="en")
    expect_ring(page, shares("row", (0.46, 0.7)))
    drag_ring(page, (0.3, 0.8))
    expect(page.locator(".total").first).to_contain_text("one says yes")
    settle(page)
    assert "place" not in asked(page)  # nothing else moves while the button is down
    page.mouse.up()
    expect(page).to_have_url(re.compile("place="))
    settle(page)
    first, second = (float(value) for value in asked(page)["place"].split(","))
    assert abs(first - 0.3) < 0.02
    assert abs(second - 0.8) < 0.02
    expect_ring(page, shares("row", (first, second)))
    for plane in page.locator(".plane").all():  # it lies below the pointer, and there too
        frame, ring = (
            plane.locator(".axes rect").bounding_box(),
            plane.locator(".line").bounding_box(),
        )
        assert frame is not None
        assert ring is not None
        across = (ring["x"] + ring["width"] / 2 - frame["x"]) / frame["width"]
        up = 1 - (ring["y"] + ring["height"] / 2 - frame["y"]) / frame["height"]
        assert (abs(across - first) < 0.01, abs(up - second) < 0.01) == (True, True)
    page.locator(".plane").nth(1).press("ArrowRight")
    place = (round(first + 0.01, 2), second)
    expect_ring(page, shares("row", place))
    expect_setting(page, "place", f"{place[0]:g}%2C{second:g}")
    page.get_by_label("Digits", exact=True).select_option("corners")
    expect_ring(page, shares("corners", place))
    expect(page.locator(".plane-counts").first).to_contain_text("The 4 says yes to 44 of its 45.")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", step=STEPS)
        expect_accuracies(page, STEPS)
        labels = digits().test_labels.tolist()
        page.get_by_role("button", name="下一个3", exact=True).tap()
        image = labels.index(3, 78)
        expect_answers(page, STEPS, image)
        expect_setting(page, "image", image)
        page.locator(".class-row").nth(3).tap()
        expect_setting(page, "class", 3)
        expect(page.locator(".maps b")).to_have_text("类别3在找什么")
        plane = page.locator(".plane").nth(1)
        plane.scroll_into_view_if_needed()
        plane.tap(position={"x": 200, "y": 250})
        expect(page).to_have_url(re.compile("place="))
        settle(page)
        expect(page.locator(".total").nth(1)).to_contain_text("读作7")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(".rest *, .sums *, .planes *").evaluate_all(
            "all => all.filter(e => e.textContent.trim() && !e.children.length)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 11
