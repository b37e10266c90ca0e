"""A network is trained on the page: played, stepped, tuned, taken back in time, and left alone."""

import itertools
import os
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cnn_core import SGD, build_network, evaluate, fit
from pages.kit.trainer.setup import dataset
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

SECONDS_TO_LEARN = 60
SVG = "{http://www.w3.org/2000/svg}"


def oracle(steps: int) -> tuple[float, float]:
    """The loss of the last batch and the test accuracy after `steps`, by cnn_core alone."""
    data, rng = dataset("digits"), np.random.default_rng(0)
    model = build_network("digits", rng=rng)
    run = fit(model, data, optimizer=SGD(0.05, 0.9), batch_size=50, epochs=100, rng=rng)
    reports = list(itertools.islice(run, steps))
    return reports[-1].loss, evaluate(model, data.test_images, data.test_labels)[1]


def fact(page: Page, name: str) -> Locator:
    return page.locator(f".fact.{name} b")


def step_of(page: Page) -> int:
    progress = fact(page, "progress")
    expect(progress).not_to_be_empty()  # the numbers come with the next frame
    return int(progress.inner_text().replace(",", ""))


def button(page: Page, name: str) -> Locator:
    return page.locator(".training-bar, .training-time, .training-ways").get_by_role(
        "button", name=name, exact=True
    )


def rest(page: Page) -> None:
    """Wait until the server has heard every wish, and what it answered is drawn."""
    expect(page.locator(".training-bar[data-busy]")).to_have_count(0)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait_for_step(page: Page, step: int) -> None:
    give_up = time.monotonic() + SECONDS_TO_LEARN
    while step_of(page) < step:
        assert time.monotonic() < give_up, f"still at step {step_of(page)}"
        page.wait_for_timeout(50)


def pause(page: Page) -> float:
    """Press Pause, and return how many seconds passed until it stood still."""
    began = time.monotonic()
    button(page, "Pause").click()
    rest(page)
    expect(button(page, "Play")).to_be_visible()
    return time.monotonic() - began


def assert_numbers_are_right(page: Page) -> float:
    """Compare what stands on the page with the same training by cnn_core alone."""
    loss, accuracy = oracle(step_of(page))
    expect(fact(page, "test")).to_have_text(f"{100 * accuracy:.1f}%")
    assert float(fact(page, "batch").inner_text()) == float(f"{loss:.3g}")
    return accuracy


def test_digits_are_learned_on_the_page_with_a_pause_and_an_absence(page: Page) -> None:
    visit(page, "/training", lang="en")
    expect(fact(page, "test")).to_have_text("?")
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible(timeout=1000)
    page.evaluate(
        """() => {
            window.faintest = 1;
            setInterval(() => {
                for (const part of document.querySelectorAll('.stMain .stElementContainer'))
                    window.faintest = Math.min(window.faintest, getComputedStyle(part).opacity);
            }, 15);
        }"""
    )
    wait_for_step(page, 30)
    assert pause(page) < 1  # on a busy machine, too
    paused = step_of(page)
    assert_numbers_are_right(page)
    page.wait_for_timeout(300)
    assert step_of(page) == paused

    page.locator(".stSidebar").get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    page.locator(".stSidebar").get_by_role("link", name="Training").click()
    settle(page)
    expect(fact(page, "progress")).to_have_text(str(paused))

    page.get_by_role("slider", name="Speed").press("End")
    button(page, "Play").click()
    wait_for_step(page, 27 * 15)
    assert page.evaluate("window.faintest") == 1
    pause(page)
    assert assert_numbers_are_right(page) >= 0.97


def test_going_back_in_time_makes_a_second_way_and_leaves_the_first(page: Page) -> None:
    visit(page, "/training", lang="en")
    for key in "sse":
        page.keyboard.press(key)
        rest(page)
    expect(fact(page, "progress")).to_have_text("27")
    assert_numbers_are_right(page)

    time_slider = page.get_by_role("slider", name="Moment of the run")
    time_slider.press("Home")
    for _ in range(10):
        time_slider.press("ArrowRight")
    expect(page.locator(".past-note")).to_have_text("The past: step 10")
    assert_numbers_are_right(page)
    expect(page.locator(".training-plot .past:not([d=''])")).to_have_count(2)

    button(page, "Continue from here").dblclick()  # the second click goes nowhere
    rest(page)
    expect(fact(page, "progress")).to_have_text("10")
    expect(page.locator(".past-note")).to_be_hidden()
    page.keyboard.press("s")
    rest(page)
    assert_numbers_are_right(page)
    expect(page.locator(".training-plot .curve.earlier[points]")).to_have_count(2)
    ways = page.locator(".training-ways li")
    expect(ways).to_have_text(
        [
            f"A27 steps, test {100 * oracle(27)[1]:.1f}%Resume",
            f"B11 steps, test {100 * oracle(11)[1]:.1f}%current",
        ]
    )

    with page.expect_download() as download:
        page.get_by_role("button", name="Save both curves as SVG").click()
    assert download.value.suggested_filename == "training-step-11.svg"
    assert_picture_is_whole(Path(download.value.path()).read_text(encoding="utf-8"))

    button(page, "Resume").click()
    rest(page)
    expect(fact(page, "progress")).to_have_text("27")
    assert float(page.locator(".fact.test b").inner_text().strip("%")) == pytest.approx(
        100 * oracle(27)[1], abs=0.05
    )
    expect(ways.first).to_contain_text("B11 steps")
    # The curve is read with the keyboard: the last batch, and the test at the same step.
    page.locator(".plot-place svg").first.focus()
    page.keyboard.press("End")
    readout = page.locator(".plot-readout").first
    expect(readout).to_contain_text("Step 27, epoch 1.00")
    expect(readout).to_contain_text(f"batch{float(f'{oracle(27)[0]:.3g}'):g}")


def assert_picture_is_whole(source: str) -> None:
    """It is valid, holds both ways in both plots, and needs no style sheet."""
    picture = ElementTree.fromstring(source)
    lines = [line.get("points", "").split() for line in picture.iter(f"{SVG}polyline")]
    assert len(lines) == 8
    assert all(len(points) >= 2 for points in lines)
    assert [len(points) for points in lines].count(11) >= 2  # each batch of this way
    assert "var(" not in source
    assert all(line.get("stroke") for line in picture.iter(f"{SVG}polyline"))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"Loss", "Accuracy", "test images", "training images", "each batch"} <= set(words)


def test_other_colours_words_and_images_lose_no_moment_and_no_choice(page: Page) -> None:
    visit(page, "/training", lang="en", start="tiny", show="layers")
    page.keyboard.press("e")
    rest(page)
    time_slider = page.get_by_role("slider", name="Moment of the run")
    time_slider.press("Home")
    for _ in range(5):
        time_slider.press("ArrowRight")
    past = page.locator(".past-note")
    expect(past).to_have_text("The past: step 5")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    settle(page)
    expect(past).to_have_text("The past: step 5")
    page.get_by_role("radio", name="中文").click()
    settle(page)
    expect(past).to_have_text("过去：第5步")
    page.get_by_role("radio", name="X / O").click()
    settle(page)
    expect(fact(page, "progress")).to_have_text("0")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    kept = {"lang": ["zh"], "start": ["tiny"], "show": ["layers"], "images": ["xo"]}
    assert parse_qs(urlsplit(page.url).query) == kept


def test_a_learning_rate_acts_at_once_and_one_that_is_too_large_is_survived(page: Page) -> None:
    visit(page, "/training", lang="en")
    button(page, "Play").click()
    wait_for_step(page, 10)
    slider = page.get_by_role("slider", name="Learning rate")
    slider.press("ArrowLeft")
    expect(page.locator(".training-plot text.mark")).to_have_text("η 0.05 → 0.02")
    before = step_of(page)
    assert before >= 10
    wait_for_step(page, before + 20)
    pause(page)
    settle(page)
    expect(slider).to_have_attribute("aria-valuetext", "0.02")

    visit(page, "/training", lang="en", images="xo", lr=10)
    button(page, "Play").dblclick()  # the second click is no Pause
    status = page.locator(".training-status.trouble")
    expect(status).to_contain_text("the loss was no longer a number")
    expect(page.locator(".training-time.offered")).to_be_visible()
    page.locator(".training-time .best").click()
    button(page, "Continue from here").click()
    rest(page)
    expect(status).to_have_count(0)
    expect(page.locator(".training-time.offered")).to_have_count(0)
    expect(page.locator(".training-ways")).to_be_visible()


def test_on_a_phone_in_chinese_nothing_scrolls_sideways(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True, locale="zh-CN") as page:
        visit(page, "/training", lang="zh")
        button(page, "走一轮").tap()
        rest(page)
        expect(fact(page, "progress")).to_have_text("27")
        expect(fact(page, "test")).to_have_text(f"{100 * oracle(27)[1]:.1f}%")
        button(page, "重置").tap()
        rest(page)
        expect(page.locator(".training-legend")).to_contain_text("上一次训练（动量0.9")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert page.locator(".stMain").evaluate("main => main.scrollWidth") == PHONE["width"]
        words = (
            ".fact *, .training-bar *, .training-legend *, .training-plot text, .training-time *"
        )
        smallest = page.locator(words).evaluate_all(
            "parts => Math.min(...parts.map(part => parseFloat(getComputedStyle(part).fontSize)))"
        )
        assert smallest >= 11


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the times of /proc")
def test_nothing_computes_for_a_page_that_was_left_or_closed(page: Page, server: Server) -> None:
    visit(page, "/training", lang="en", images="mnist")
    page.get_by_role("slider", name="Speed").press("End")
    button(page, "Play").click()
    wait_for_step(page, 3)
    page.locator(".stSidebar").get_by_role("link", name="Pooling", exact=True).click()
    settle(page)
    assert cpu_share(server) < 0.1
    page.locator(".stSidebar").get_by_role("link", name="Training").click()
    wait_for_step(page, 4)  # it still plays
    assert cpu_share(server) > 0.1
    page.close()
    time.sleep(0.5)
    assert cpu_share(server) < 0.1


def cpu_share(server: Server) -> float:
    """How much of one processor the server uses now."""
    path = process_of(server) / "stat"

    def used() -> float:
        user, system = path.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    began, before = time.monotonic(), used()
    time.sleep(1)
    return (used() - before) / (time.monotonic() - began)


def process_of(server: Server) -> Path:
    """Where /proc tells about the server that was started with its port."""
    setting = f"STREAMLIT_SERVER_PORT={urlsplit(server.url).port}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if setting in (process / "environ").read_bytes().split(b"\0"):
                return process
        except OSError:  # of another user, or it has just ended
            continue
    raise LookupError(server.url)
