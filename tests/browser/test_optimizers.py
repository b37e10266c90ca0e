"""/optimizers in a real browser: a race, its axes, a look into iterations; and on a phone."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/optimizers"


def rest(page: Page) -> None:
    """Wait until the race stands still, and the curve of the iteration is drawn."""
    expect(page.locator(".race-bar")).not_to_have_attribute("data-busy", "")
    expect(page.locator(".cut polyline").last).to_be_visible()
    settle(page)


def value(text: str) -> float:
    return float(text.replace("−", "-"))


def row(page: Page, lane: int) -> Locator:
    """The figures of a network: loss, two accuracies, then what it has paid."""
    return page.locator(".standing-row").nth(lane + 1).locator(".figure b")


def points(page: Page, lane: int) -> list[str]:
    """Where the curve of a training loss goes."""
    curve = page.locator(f".charts .race-chart >> nth=0 >> .curve.lane-{lane}")
    return (curve.get_attribute("points") or "").split()


def test_a_race_its_axes_and_the_inside_of_an_iteration(page: Page) -> None:
    visit(page, PATH, lang="en", set="xo", goal=0.3)
    expect(page.locator(".facts")).to_contain_text("Not a single iteration yet")
    start = [row(page, lane).first.inner_text() for lane in range(4)]
    assert len(set(start)) == 1  # everybody starts with the same loss

    page.get_by_role("combobox", name="Speed").select_option("brisk")
    page.get_by_role("button", name="Play").first.click()
    expect(row(page, 3).nth(3)).not_to_have_text("–")  # L-BFGS has reached the goal
    page.get_by_role("button", name="Pause").first.click()
    rest(page)
    laps = page.locator(".race-bar output").inner_text()
    assert value(row(page, 3).first.inner_text()) < value(start[3]) / 2

    # Another axis is seen at once and stands in the address; the race does not begin again.
    before = points(page, 0)
    page.get_by_role("radio", name="seconds").focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("axis=steps"))
    settle(page)
    assert len(points(page, 0)) == len(before)
    assert points(page, 0) != before
    expect(page.locator(".race-bar output")).to_have_text(laps)

    # Into the iterations: the second one knows one pair.
    slider = page.get_by_role("slider", name=re.compile("^Iteration"))
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".facts")).to_contain_text("corrected by 1 pair")
    expect(page.locator(".pair.remembered")).to_have_count(2)
    expect(page.locator(".trials tr.accepted")).to_have_count(1)
    expect(page.locator(".trial-dot.accepted")).to_have_count(1)
    page.locator(".pair").nth(2).click()  # the third
    expect(page.locator(".facts")).to_contain_text("corrected by 2 pairs")
    rest(page)

    # A new setting is a new race.
    page.get_by_role("combobox", name=re.compile("L-BFGS: Curvature")).select_option("1")
    expect(page.locator(".facts")).to_contain_text("Not a single iteration yet")
    expect(page).to_have_url(re.compile("m=1(&|$)"))


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", set="xo", lbatch=64, sgd=10)
        page.get_by_role("button", name="播放").first.tap()
        expect(page.locator(".standing .trouble")).to_contain_text("SGD：第")
        page.get_by_role("button", name="暂停").first.tap()
        rest(page)
        expect(page.locator(".cut .cut-line")).to_have_count(2)  # this batch, and all images
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".figure *, .standing select, .charts text, .inside text, .trials td, .seed-table th, "
            ".legend, .facts"
        ).evaluate_all("parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))")
        assert len(sizes) > 100
        assert min(sizes) >= 11
