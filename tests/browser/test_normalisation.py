"""/normalisation in a real browser: four networks learn, rates are tried, a pixel is walked to."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.kit.first_layer import curve, look
from pages.kit.race import Race
from pages.kit.rate_sweep import Sweep
from pages.kit.scalings import Setup, digits, one_of_each, places
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

PATH = "/normalisation"


def rest(page: Page) -> None:
    """Wait until the race stands still and has been drawn."""
    expect(page.locator(".race-bar")).not_to_have_attribute("data-busy", "")
    settle(page)


def value(text: str) -> float:
    return float(text.replace("−", "-").rstrip("%"))


def row(page: Page, lane: int) -> Locator:
    return page.locator(f".lane-row.lane-{lane}")


def rate(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name, exact=True)


def expect_rows(page: Page, race: Race, activation: str) -> None:
    """Every number of the four rows, from the core."""
    for lane, (name, runner) in enumerate(race.runners.items()):
        glance = look(runner.entry.model, activation, digits(name).test_images, places())
        assert glance.mean is not None
        assert glance.spread is not None
        assert glance.flat is not None
        accuracy = value(row(page, lane).locator("strong").inner_text())
        assert accuracy == pytest.approx(100 * runner.latest("test_accuracy"), abs=0.051)
        mean, spread, flat, stuck, gradient = (
            row(page, lane).locator(".figures b").all_inner_texts()
        )
        assert value(mean) == pytest.approx(glance.mean, abs=0.051)
        assert value(spread) == pytest.approx(glance.spread, abs=0.051)
        assert value(flat) == pytest.approx(100 * glance.flat, abs=0.51)
        assert stuck == f"{glance.stuck} of 32"
        assert value(gradient) == pytest.approx(runner.grad_norms["affine1"], rel=0.006)
        expect_bars(row(page, lane), glance.bars)


def expect_bars(lane: Locator, shares: np.ndarray) -> None:
    """The heights of a histogram, each as a share of the highest."""
    path = lane.locator("path.shares").get_attribute("d") or ""
    heights = [value(number) for number in re.findall(r"v(-?[\d.]+)H", path)]
    inside = shares[1:-1]
    top = inside.max() or 1
    np.testing.assert_allclose(heights, -44 * inside / top, atol=0.06)


def test_four_networks_learn_and_the_rate_decides(page: Page) -> None:
    visit(page, PATH, lang="en")
    race = Setup("relu", (0.3,) * 4, 0).race()
    expect_rows(page, race, "relu")
    page.get_by_role("button", name="One epoch").click()
    rest(page)
    race.run_epoch()
    expect(page.locator(".race-bar output")).to_have_text("epoch 1 of 30")
    expect_rows(page, race, "relu")
    expect(row(page, 0).locator(".outside.left")).to_contain_text("%")

    # Another rate with the keyboard; then it plays on through a change of activation.
    rate(page, "0.3").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(r"lr=0\.03(&|$)"))
    settle(page)
    expect(rate(page, "0.03")).to_be_focused()
    expect(page.locator(".race-bar output")).to_have_text("epoch 0 of 30")
    page.get_by_role("combobox", name="Speed").select_option("full")
    page.get_by_role("button", name="Play").first.click()
    page.get_by_role("combobox", name="Activation").select_option("tanh")
    expect(page.locator(".race-bar output")).to_have_text("epoch 30 of 30")
    rest(page)
    race = Setup("tanh", (0.03,) * 4, 0).race()
    while not race.is_over:
        race.run_lap()
    expect_rows(page, race, "tanh")
    assert page.locator(".head .is-flat").count() == len(curve("tanh").flat) == 2

    # A digit as each network gets it, a neuron for it, and a bin of all four histograms.
    before = pictures(page)
    assert before[0] == before[1] == before[3] != before[2]
    page.get_by_role("button", name="Digit 7", exact=True).first.click()
    after = pictures(page)
    assert after[0] == after[1] == after[3] != after[2]
    assert not set(before) & set(after)
    answers = row(page, 2).locator("canvas.answers")
    answers.focus()
    for key in ("Home", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    model = race.runners["standard"].entry.model
    glance = look(model, "tanh", digits("standard").test_images, places())
    info = page.locator(".scaling .info")
    expect(info).to_contain_text("neuron 10: u = ")
    told = [value(number) for number in re.findall(r"(?:= |slope )(−?[\de.−]+)", info.inner_text())]
    wanted = [each[7, 9] for each in (glance.given, glance.answers, glance.slopes)]
    np.testing.assert_allclose(told, wanted, rtol=0.006)
    page.locator("svg.bend").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(info).to_contain_text("u from 9.5 to 9.75")
    shares = [value(text) for text in info.locator("span").all_inner_texts()]
    glances = [
        look(runner.entry.model, "tanh", digits(lane).test_images, places())
        for lane, runner in race.runners.items()
    ]
    np.testing.assert_allclose(shares, [100 * each.bars[79] for each in glances], atol=0.051)
    for setting in ("lr=0.03", "f=tanh", "image=7"):
        expect(page).to_have_url(re.compile(setting))


def pictures(page: Page) -> list[str]:
    """What is painted in the input column."""
    canvases = page.locator(".lane-row .input canvas")
    painted: list[str] = canvases.evaluate_all("all => all.map(each => each.toDataURL())")
    return painted


def cell(page: Page, lane: int, place: int) -> Locator:
    return page.locator(f".trial.lane-{lane}").nth(place)


def test_rates_are_tried_and_taken(page: Page) -> None:
    visit(page, PATH, lang="en")
    expect(page.get_by_role("button", name="Try all 36")).to_be_disabled()
    expect(cell(page, 0, 2)).to_have_text("?")
    page.get_by_role("button", name="Skip").click()
    settle(page)
    page.get_by_role("button", name="Try all 36").click()
    expect(page.locator(".lab output", has_text="36 of 36 tried")).to_be_visible()
    sweep = Sweep("relu", 0)
    best = sweep.best()
    for lane in range(4):
        texts = page.locator(f".trial.lane-{lane}").all_inner_texts()
        known = [
            "∞" if state == 2 else f"{np.floor(100 * accuracy + 0.5):.0f}"
            for accuracy, state in zip(sweep.accuracy[lane], sweep.state[lane], strict=True)
        ]
        assert texts == known
        framed = page.locator(f".trial.lane-{lane}.works").count()
        assert framed == int((sweep.accuracy[lane] >= 0.9).sum())
        expect(page.locator(".row-sum").nth(lane)).to_have_text(f"{framed} of 9 reach 90%")

    # A cell with the keyboard, then the head of a column, then the best of each.
    cell(page, 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".trials + .info")).to_have_text(
        f"raw, 0 to 16, η = 0.01: {100 * sweep.accuracy[0, 2]:.1f}% of the test images"
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"lr=0\.01(,|%2C)0\.3(,|%2C)0\.3(,|%2C)0\.3"))
    settle(page)
    expect(row(page, 0).locator(".own-rate")).to_have_text("η 0.01")
    expect(page.locator(".trial.chosen")).to_have_count(4)
    expect(cell(page, 0, 2)).to_have_class(re.compile("chosen"))
    page.get_by_role("button", name="Learning rate η = 3").click()
    settle(page)
    expect(rate(page, "3")).to_be_checked()
    expect(row(page, 0).locator(".own-rate")).to_have_text("")
    page.get_by_role("button", name="Let each learn with its best").click()
    settle(page)
    rates = page.locator(".own-rate").all_inner_texts()
    assert [float(text.removeprefix("η ")) for text in rates] == list(best)
    assert rate(page, "3").get_attribute("aria-checked") == "false"


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, PATH, lang="zh", lr=10, seed=5)
        page.get_by_role("button", name="走一轮").tap()
        rest(page)
        page.get_by_role("button", name="走一轮").tap()
        rest(page)
        expect(page.locator(".troubles")).to_contain_text("标准化：第28步之后")
        page.locator("canvas.answers").nth(1).tap(position={"x": 3, "y": 3})
        expect(row(page, 1).locator(".neuron-note")).to_contain_text("第1个神经元")

        # A pixel by touch, then by keyboard: the equation with its numbers.
        grids = page.locator(".equation .cells")
        grids.nth(1).locator('[data-at="2,4"]').tap()
        digit = page.get_by_role("button", name="数字8").last
        digit.tap()
        expect(page).to_have_url(re.compile("image=8"))
        settle(page)
        train = digits("raw").train_images.reshape(-1, 64).astype(float)
        x, mean, std = one_of_each("raw")[8, 20], train[:, 20].mean(), train[:, 20].std()
        cells = grids.first.locator(".cell > span:first-child")
        expect(cells).to_have_text([f"{ink:g}" for ink in one_of_each("raw")[8]])
        texts = grids.last.locator(".cell > span:first-child").all_inner_texts()
        wanted = one_of_each("standard")[8]
        np.testing.assert_allclose([value(text) for text in texts], wanted, atol=0.0501)
        sums = page.locator(".arithmetic")
        expect(sums.first).to_contain_text(f"({x:g} − {mean:.2f}) / {std:.2f}")
        told = sums.first.locator("strong").inner_text()
        assert value(told) == pytest.approx((x - mean) / std, abs=0.006)
        expect(sums.last).to_contain_text(f"{x:g} / 16 = {x / 16:g}")
        grids.first.focus()
        page.keyboard.press("Home")
        page.keyboard.press("PageUp")
        expect(sums.first).to_contain_text("σ = 0：这个像素只平移。")
        page.get_by_role("button", name="墨最少见的像素").tap()
        expect(page).to_have_url(re.compile("pixel=16"))
        settle(page)
        expect(page.locator(".pixel-ruler .unit-mark").last).to_have_text("500")

        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        sizes = page.locator(
            ".figure, .size *, .arrow-label *, .rate, .rate-head, .trial, .cell, .lane-row text, "
            ".head text, .pixel-ruler text, .legend"
        ).evaluate_all("parts => parts.map(part => parseFloat(getComputedStyle(part).fontSize))")
        assert len(sizes) > 300
        assert min(sizes) >= 11
