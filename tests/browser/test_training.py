"""A digits network is trained on the page until it reads 97% of unseen digits."""

import itertools
import re
import time

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import SGD, build_network, evaluate, fit
from pages.kit.trainer.setup import dataset
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

SECONDS_TO_LEARN = 60


def oracle(steps: int, lr: float = 0.05, seed: int = 0) -> tuple[float, float]:
    """The loss of the last batch and the test accuracy after `steps`, by cnn_core alone."""
    data, rng = dataset("digits"), np.random.default_rng(seed)
    model = build_network("digits", rng=rng)
    run = fit(model, data, optimizer=SGD(lr, 0.9), batch_size=50, epochs=100, rng=rng)
    reports = list(itertools.islice(run, steps))
    return reports[-1].loss, evaluate(model, data.test_images, data.test_labels)[1]


def fact(page: Page, name: str) -> Locator:
    return page.locator(f".fact.{name} b")


def step_of(page: Page) -> int:
    return int(fact(page, "step").inner_text())


def button(page: Page, name: str) -> Locator:
    return page.locator(".st-key-verbs").get_by_role("button", name=name)


def wait_for_step(page: Page, step: int) -> None:
    give_up = time.monotonic() + SECONDS_TO_LEARN
    while step_of(page) < step:
        assert time.monotonic() < give_up, f"still at step {step_of(page)}"
        page.wait_for_timeout(50)


def assert_numbers_are_right(page: Page, lr: float = 0.05) -> float:
    """Compare what stands on the page with the same training by cnn_core alone."""
    loss, accuracy = oracle(step_of(page), lr)
    assert fact(page, "test-accuracy").inner_text() == f"{100 * accuracy:.1f}%"
    shown = fact(page, "batch-loss").inner_text().replace("−", "-")
    assert float(shown) == float(f"{loss:.2e}") or abs(float(shown) / loss - 1) < 0.05
    return accuracy


def test_digits_are_learned_on_the_page_with_a_pause_and_an_absence(page: Page) -> None:
    visit(page, "/training", lang="en")
    expect(fact(page, "test-accuracy")).to_have_text("?")
    button(page, "Play").click()
    page.evaluate(
        """() => {
            window.faintest = 1;
            setInterval(() => {
                for (const part of document.querySelectorAll('.st-key-live .stElementContainer'))
                    window.faintest = Math.min(window.faintest, getComputedStyle(part).opacity);
            }, 15);
        }"""
    )
    wait_for_step(page, 40)
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    expect(button(page, "Pause")).to_have_count(0)
    settle(page)
    paused = step_of(page)
    assert_numbers_are_right(page)
    page.wait_for_timeout(700)
    assert step_of(page) == paused

    page.locator(".stSidebar").get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    page.locator(".stSidebar").get_by_role("link", name="Training").click()
    settle(page)
    expect(fact(page, "step")).to_have_text(str(paused))

    button(page, "Play").click()
    wait_for_step(page, 27 * 15)
    assert page.evaluate("window.faintest") == 1
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    settle(page)
    assert assert_numbers_are_right(page) >= 0.97
    assert page.locator(".tile.misread").count() > 0


def test_keys_step_and_the_learning_rate_acts_at_once(page: Page) -> None:
    visit(page, "/training", lang="en", seed=0)
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    settle(page)
    page.locator(".plot canvas").first.focus()  # Streamlit hears no shortcut over a slider
    for step in (1, 2):
        page.keyboard.press("s")
        expect(fact(page, "step")).to_have_text(str(step))
        settle(page)
    assert_numbers_are_right(page, lr=0.1)
    page.keyboard.press("e")
    expect(fact(page, "step")).to_have_text("27")
    assert_numbers_are_right(page, lr=0.1)
    # The curve is read with the keyboard: the last batch, and the test at the same step.
    page.locator(".plot canvas").first.focus()
    page.keyboard.press("End")
    loss, _accuracy = oracle(27, lr=0.1)
    expect(page.locator(".readout").first).to_contain_text("step 27, epoch 1.00")
    expect(page.locator(".readout").first).to_contain_text(f"batch {float(f'{loss:.3g}'):g}")
    page.keyboard.press("n")
    expect(fact(page, "step")).to_have_text("0")
    expect(page.locator(".entry.earlier").first).to_be_visible()


def test_the_learning_rate_is_changed_once_while_it_plays(page: Page) -> None:
    """What the browser sends at each look must not bring an older setting back."""
    visit(page, "/training", lang="en", pace="40")
    button(page, "Play").click()
    wait_for_step(page, 10)
    slider = page.get_by_role("slider", name="Learning rate")
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    wait_for_step(page, step_of(page) + 60)
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    settle(page)
    expect(slider).to_have_attribute("aria-valuetext", "0.01")
    assert "lr=0.01" in page.url
    label = page.locator(".plot canvas").first.get_attribute("aria-label") or ""
    assert re.findall(r"η ([\d.]+) → ([\d.]+)", label) in (
        [("0.05", "0.01")],
        [("0.05", "0.02"), ("0.02", "0.01")],
    )


def test_on_a_phone_in_chinese_nothing_scrolls_sideways(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True, locale="zh-CN") as page:
        visit(page, "/training", lang="zh")
        button(page, "走一轮").tap()
        expect(fact(page, "step")).to_have_text("27")
        expect(fact(page, "test-accuracy")).to_have_text(f"{100 * oracle(27)[1]:.1f}%")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        smallest = page.locator(".tile span, .fact small, .layers span, .title small").evaluate_all(
            "parts => Math.min(...parts.map(part => parseFloat(getComputedStyle(part).fontSize)))"
        )
        assert smallest >= 11
