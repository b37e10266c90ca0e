"""A journey through /convolution: what Chromium shows is what SciPy and naive loops give."""

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit

from pages.kit.patterns import kernels, pictures
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

F, COUNT = pictures(6, 0)["letter"], kernels(3)["count"]
TURNED = convolve2d(F, COUNT, mode="valid")
UNTURNED = correlate2d(F, COUNT, mode="valid")
SQUASHED = {"none": np.positive, "relu": lambda u: u * (u > 0), "sigmoid": expit, "tanh": np.tanh}


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    return grid(page, name).locator(f'[data-at="{row},{column}"]')


def numbers(page: Page, name: str) -> Locator:
    return grid(page, name).locator(".cell > span:first-child")


def expect_numbers(page: Page, name: str, values: np.ndarray) -> None:
    """Wait until the grid shows these numbers, in reading order."""
    expect(numbers(page, name)).to_have_text(
        [f"{value:g}".replace("-", "−") for value in values.flat]
    )


def open_stage(page: Page, **settings: object) -> None:
    visit(page, "/convolution", **{"lang": "en", **settings})
    page.get_by_role("button", name=re.compile("^(Skip|跳过)$")).click()
    settle(page)


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def write(page: Page, name: str, row: int, column: int, text: str) -> None:
    cell(page, name, row, column).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settle(page)


@pytest.mark.parametrize(
    ("size", "ksize", "mode", "bias", "activation"),
    [
        (5, 2, "convolution", -1.5, "relu"),
        (8, 4, "correlation", 0.5, "tanh"),
        (6, 5, "convolution", 0, "sigmoid"),
        (14, 3, "convolution", 0, "none"),
    ],
)
def test_the_numbers_on_screen_are_scipys(
    page: Page, size: int, ksize: int, mode: str, bias: float, activation: str
) -> None:
    open_stage(page, size=size, ksize=ksize, mode=mode, bias=bias, act=activation, x="digit")
    oracle = {"convolution": convolve2d, "correlation": correlate2d}[mode]
    sums = oracle(pictures(size, 0)["digit"], kernels(ksize)["count"], mode="valid") + bias
    shown = [float(text.replace("−", "-")) for text in numbers(page, "Output").all_inner_texts()]
    np.testing.assert_allclose(shown, SQUASHED[activation](sums).flat, atol=0.0051)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_bias_and_activation_end_the_sum(page: Page) -> None:
    open_stage(page)
    page.get_by_text("Bias 0, activation: none").click()
    bias = page.get_by_role("slider", name="Bias", exact=True)
    for _ in range(3):
        bias.press("ArrowLeft")
    page.get_by_label("Activation", exact=True).select_option("relu")
    expect(page.locator(".sum")).to_have_text(
        "0 + 8 + 7 + 0 + 5 + 0 + 0 + 2 + 1 − 1.5 = 21.5ReLU(21.5) = 21.5"
    )
    expect_numbers(page, "Output", np.clip(TURNED - 1.5, 0, None))
    settle(page)
    assert settings(page) == {"lang": "en", "bias": "-1.5", "act": "relu"}


def test_a_link_restores_the_exact_stage(page: Page, browser: Browser, server: Server) -> None:
    open_stage(page, size=7, ksize=2, mode="correlation", seed=3, x="random", act="relu", bias=1)
    write(page, "Kernel", 0, 1, "-2.5")
    cell(page, "Output", 4, 1).click()
    page.wait_for_url("**at=25**")
    settle(page)
    stage = page.locator(".stage")
    assert "−2.5" in stage.inner_text()
    with watched_page(browser, server) as other:
        other.goto(page.url)
        settle(other)
        other.get_by_role("button", name="Skip").click()
        settle(other)
        assert other.locator(".stage").inner_text() == stage.inner_text()


def test_cells_are_edited_and_words_are_no_numbers(page: Page) -> None:
    open_stage(page)
    write(page, "Input", 0, 0, "-2.5")
    write(page, "Kernel", 2, 2, "3")
    x, k = F.copy(), COUNT.copy()
    x[0, 0], k[2, 2] = -2.5, 3
    expect_numbers(page, "Output", convolve2d(x, k, mode="valid"))
    expect_numbers(page, "As it slides", k[::-1, ::-1])
    write(page, "Kernel", 0, 0, "one")
    expect(page.get_by_text("“one” is not a number from −99 to 99")).to_be_visible()
    expect_numbers(page, "Kernel", k)


def test_the_window_is_walked_with_the_keyboard_and_its_place_is_in_the_link(page: Page) -> None:
    open_stage(page)
    grid(page, "Output").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "End", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator(".part-sum small")).to_have_text("Row 3, column 3")
    expect_sum(page, F[2:5, 2:5] * COUNT[::-1, ::-1], TURNED[2, 2])
    page.wait_for_url("**at=10**")
    page.reload()
    settle(page)
    expect(page.locator(".part-sum small")).to_have_text("Row 3, column 3")
    page.get_by_role("button", name="Step forward").click()
    expect_sum(page, F[2:5, 3:6] * COUNT[::-1, ::-1], TURNED[2, 3])


def expect_sum(page: Page, products: np.ndarray, total: float) -> None:
    """The products stand in tiles, the window's numbers in a sum."""
    expect(page.locator(".tile b")).to_have_text([f"{value:g}" for value in products.flat])
    written = " + ".join(f"{value:g}" for value in products.flat)
    expect(page.locator(".sum")).to_have_text(f"{written} = {total:g}")


def test_space_plays_at_the_remembered_speed_and_the_page_is_not_asked(page: Page) -> None:
    open_stage(page, size=5, ksize=4)
    page.get_by_label("Speed", exact=True).select_option("3×")
    page.reload()
    settle(page)
    expect(page.get_by_label("Speed", exact=True)).to_have_value("3×")
    grid(page, "Output").focus()
    page.context.set_offline(True)
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".part-sum small")).to_have_text("Row 2, column 2")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.context.set_offline(False)


def test_the_kernel_turns_by_lever_and_by_switch_and_the_meter_counts(page: Page) -> None:
    open_stage(page)
    expect_numbers(page, "As it slides", COUNT[::-1, ::-1])
    differing = int((TURNED != UNTURNED).sum())
    expect(page.locator(".meter")).to_have_text(f"The flip changes {differing} of 16 cells.")
    expect(page.locator(".map .changed")).to_have_count(differing)
    page.locator(".map i").nth(6).hover()
    here = f"Here: {TURNED[1, 2]:g} with the flip, {UNTURNED[1, 2]:g} without."
    expect(page.get_by_text(here)).to_be_visible()
    lever = page.get_by_role("slider", name="Turn the kernel: 180°")
    lever.evaluate("lever => { lever.value = 60; lever.oninput(); }")  # as a mouse does, midway
    expect(page.get_by_text("Turn the kernel: 60°")).to_be_visible()
    expect_numbers(page, "Output", UNTURNED)
    tilt = page.locator(".plate .cells").evaluate(
        "cells => getComputedStyle(cells).rotate + getComputedStyle(cells).transform"
    )
    assert "matrix(0.5, 0.866025" in tilt
    page.get_by_role("slider", name="Turn the kernel: 60°").press("ArrowLeft")
    expect_numbers(page, "As it slides", COUNT)
    settle(page)
    assert settings(page)["mode"] == "correlation"
    page.get_by_role("radio", name="Convolution").click()
    expect_numbers(page, "Output", TURNED)
    page.get_by_label("Choose a kernel").select_option("blur")
    expect(page.locator(".meter")).to_have_text(
        "This kernel is symmetric: the flip changes 0 of 16 cells."
    )


def test_pointing_at_a_cell_shows_all_that_it_has_a_part_in(page: Page) -> None:
    open_stage(page)
    cell(page, "Output", 3, 1).hover()
    expect(page.locator(".part-sum small")).to_have_text("Row 4, column 2")
    page.mouse.move(5, 5)
    expect(page.locator(".part-sum small")).to_have_text("Row 1, column 1")
    cell(page, "Input", 1, 0).hover()  # under rows 0 and 1 of windows, at their left edge
    fed = {0: "×6", 4: "×9"}
    expect(numbers(page, "Output")).to_have_text([fed.get(i, "") for i in range(16)])
    cell(page, "Kernel", 0, 1).hover()  # turned, it lies below the middle
    expect_numbers(page, "Output", F[2:6, 1:5] * COUNT[0, 1])
    expect(page.locator(".part-input .lit")).to_have_attribute("data-at", "2,1")
    expect(page.locator(".tile.lit b")).to_have_text(f"{F[2, 1] * COUNT[0, 1]:g}")
    page.mouse.move(5, 5)
    grid(page, "Kernel").focus()
    page.keyboard.press("End")  # the same by keyboard
    expect_numbers(page, "Output", F[2:6, 0:4] * COUNT[0, 2])
    grid(page, "Output").focus()
    expect_numbers(page, "Output", TURNED)


def test_the_cursor_is_dragged_over_the_output(page: Page) -> None:
    open_stage(page)
    cell(page, "Output", 0, 1).hover()
    page.mouse.down()
    cell(page, "Output", 2, 2).hover()
    expect(page.locator(".part-sum small")).to_have_text("Row 3, column 3")
    page.mouse.move(1400, 850)  # far outside: the nearest cell
    page.mouse.up()
    page.wait_for_url("**at=15**")
    page.mouse.move(5, 5)
    expect(page.locator(".part-sum small")).to_have_text("Row 4, column 4")

    page.keyboard.press("Home")
    cell(page, "Output", 1, 1).hover()
    settle(page)  # the page's answer to the step changes nothing of what is pointed at
    expect(page.locator(".part-sum small")).to_have_text("Row 2, column 2")


def test_the_impulse_link_paints_the_kernel(page: Page) -> None:
    open_stage(page, size=5, act="relu")
    page.get_by_role("link", name="A single 1 among zeros").click()
    settle(page)
    expect_numbers(page, "Output", np.pad(COUNT, 1))
    page.get_by_label("Kernel size").select_option("4")
    expect_numbers(page, "Output", np.pad(kernels(4)["count"], 0))


@pytest.mark.parametrize(("lang", "size", "ksize"), [("en", 14, 2), ("zh", 8, 5)])
def test_on_a_phone_everything_fits_and_a_finger_moves_the_window(
    browser: Browser, server: Server, lang: str, size: int, ksize: int
) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        open_stage(page, lang=lang, size=size, ksize=ksize, x="random")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for box in (frame.bounding_box() for frame in page.locator(".cells").all()):
            assert box
            assert box["x"] + box["width"] <= PHONE["width"]
        sizes = page.locator(".stage :is(.cell, .tile b, .tile span)").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
        name = {"en": "Output", "zh": "输出"}[lang]
        output = convolve2d(pictures(size, 0)["random"], kernels(ksize)["count"], mode="valid")
        expect_numbers(page, name, output)
        drag_by_finger(page, cell(page, name, 0, 0), cell(page, name, 2, 1))
        place = {"en": "Row 3, column 2", "zh": "第3行第2列"}[lang]
        expect(page.locator(".part-sum small")).to_have_text(place)


def drag_by_finger(page: Page, start: Locator, end: Locator) -> None:
    """Put a finger down, move it, and lift it; the page must not scroll meanwhile."""
    start.scroll_into_view_if_needed()
    boxes = [start.bounding_box(), end.bounding_box()]
    points = [{"x": b["x"] + b["width"] / 2, "y": b["y"] + b["height"] / 2} for b in boxes if b]
    devtools = page.context.new_cdp_session(page)
    for kind, at in [("Start", points[:1]), ("Move", points[1:]), ("End", [])]:
        devtools.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": at})
    assert end.bounding_box() == boxes[1]


def test_quick_hands_lose_nothing(page: Page) -> None:
    open_stage(page)
    forward = page.get_by_role("button", name="Step forward")
    lever = page.locator(".lever input")
    for _ in range(6):
        lever.press("ArrowLeft")
        forward.click()
        lever.press("ArrowRight")
    page.wait_for_url("**at=6**")
    settle(page)
    assert settings(page) == {"lang": "en", "at": "6"}
    expect(page.locator(".part-sum small")).to_have_text("Row 2, column 3")
    expect_numbers(page, "Output", TURNED)
