"""/fully-connected in a real browser: two networks learn, digits and neurons are looked at."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.stacks import Setup, look_inside, one_of_each
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

SETUP = Setup(("relu", "sigmoid"), (32, 32, 32, 32), 0.05, 0)


def rest(page: Page) -> None:
    """Wait until the race stands still and has been drawn."""
    expect(page.locator(".race-bar")).not_to_have_attribute("data-busy", "")
    settle(page)


def cards(page: Page) -> list[float]:
    texts = page.locator(".race-card strong").all_inner_texts()
    return [float(text.split("%")[0]) for text in texts]


def thumb(page: Page, digit: int) -> Locator:
    return page.get_by_role("button", name=f"Digit {digit}", exact=True)


def test_two_networks_learn_in_front_of_the_reader(page: Page) -> None:
    visit(page, "/fully-connected", lang="en")
    assert page.locator(".gradient output").all_inner_texts() == ["?"] * 10
    page.get_by_role("button", name="Skip").click()
    settle(page)
    lengths = [list(runner.grad_norms.values()) for runner in SETUP.race().runners.values()]
    shown = [
        float(text.replace("−", "-")) for text in page.locator(".gradient output").all_inner_texts()
    ]
    np.testing.assert_allclose(shown, np.array(lengths).T.ravel(), rtol=0.06)

    # An epoch by hand, from the core with the same seed.
    page.get_by_role("button", name="One epoch").click()
    rest(page)
    race = SETUP.race()
    race.run_epoch()
    expect(page.locator(".race-bar output")).to_have_text("epoch 1 of 30")
    accuracies = [100 * runner.latest("test_accuracy") for runner in race.runners.values()]
    assert cards(page) == pytest.approx(accuracies, abs=0.051)

    # Play to the end, with a pause on the way.
    page.get_by_role("combobox", name="Speed").select_option("full")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").click()
    rest(page)
    paused = page.locator(".race-bar output").inner_text()
    assert 1 < float(paused.split()[1]) < 30
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".race-bar output")).to_have_text("epoch 30 of 30")
    rest(page)
    while not race.is_over:
        race.run_lap()
    accuracies = [100 * runner.latest("test_accuracy") for runner in race.runners.values()]
    assert cards(page) == pytest.approx(accuracies, abs=0.051)
    chart = page.locator(".race-chart").first
    assert len((chart.locator(".curve.lane-0").get_attribute("points") or "").split()) == 91
    expect(page.get_by_role("button", name="Play")).to_be_disabled()

    # The curve is read with the keyboard, digits and neurons with the pointer.
    chart.locator("svg[tabindex]").focus()
    page.keyboard.press("Home")
    expect(chart.locator(".readout")).to_contain_text("Epoch 0")
    view = look_inside(race.runners["a"].entry.model, "relu", one_of_each())
    thumb(page, 7).hover()
    best = page.locator(".shares").first.locator(".share.best")
    expect(best).to_have_text(str(view.strips[7, -10:].argmax()))
    page.mouse.move(5, 5)
    strip = page.locator("canvas.strip").first
    strip.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    value = float(view.strips[3, 2])
    expect(page.locator(".info").first).to_contain_text("Layer 1, neuron 3 of 32")
    told = page.locator(".info").first.inner_text().rsplit(": ", 1)[1].replace("−", "-")
    assert float(told) == pytest.approx(value, rel=0.01, abs=0.001)

    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".race-bar output")).to_have_text("epoch 0 of 30")
    rest(page)


def test_settings_stand_in_the_link_and_start_anew(page: Page) -> None:
    visit(page, "/fully-connected", lang="en")
    page.get_by_role("button", name="One epoch").click()
    rest(page)
    page.get_by_role("combobox", name="Neurons in layer 2").select_option("128")
    settle(page)
    expect(page.locator(".arrow-label b").nth(2)).to_have_text("Affine 128 → 32")
    expect(page.locator(".race-bar output")).to_have_text("epoch 0 of 30")
    page.get_by_role("combobox", name="Second network").select_option("tanh")
    settle(page)
    page.get_by_role("button", name="Other first weights").click()
    settle(page)
    thumb(page, 5).click()
    expect(page).to_have_url(re.compile("image=5"))
    settle(page)
    for setting in ("w2=128", "b=tanh", "seed=1"):
        assert setting in page.url
    page.reload()
    settle(page)
    expect(page.get_by_role("combobox", name="Second network")).to_have_value("tanh")
    expect(thumb(page, 5)).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/fully-connected", lang="zh")
        page.get_by_role("button", name="走一轮").tap()
        rest(page)
        expect(page.locator(".race-bar output")).to_have_text("第1轮，共30轮")
        page.get_by_role("button", name="数字8").tap()
        expect(page).to_have_url(re.compile("image=8"))
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".arrow-label span, .gradient output, .slope, .share span, .race-card small, .below"
        ).evaluate_all("parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))")
        assert min(sizes) >= 11
