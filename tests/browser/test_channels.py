"""A journey through /channels: the numbers in Chromium are SciPy's, whatever is set or edited."""

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from scipy.signal import convolve2d
from scipy.special import expit

from pages.kit.channels import BIASES, filters, pictures
from tests.browser.server import Server
from tests.browser.visit import PHONE, settle, visit, watched_page

SQUASHED = {"none": np.positive, "relu": lambda u: u * (u > 0), "sigmoid": expit, "tanh": np.tanh}
LOW = "₀₁₂₃₄"


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def cell(page: Page, name: str, row: int, column: int) -> Locator:
    return grid(page, name).locator(f'[data-at="{row},{column}"]')


def expect_numbers(page: Page, name: str, values: np.ndarray) -> None:
    """Wait until the grid shows these numbers, to two decimals."""
    shown = [f"{value + 0:.2f}".rstrip("0").rstrip(".").replace("-", "−") for value in values.flat]
    expect(grid(page, name).locator(".cell > span:first-child")).to_have_text(
        ["0" if number == "−0" else number for number in shown]
    )


def expect_layer(
    page: Page, x: np.ndarray, weight: np.ndarray, bias: np.ndarray, k: int, activation: str
) -> None:
    """Compare everything of filter k (from 1), and all maps, with SciPy's."""
    partials = np.array(
        [[convolve2d(x[n], kernel[n], mode="valid") for n in range(len(x))] for kernel in weight]
    )
    sums = partials.sum(axis=1)
    maps = SQUASHED[activation](sums + bias[: len(weight), None, None])
    for n in range(len(x)):
        name = f"w{LOW[k]}{LOW[n + 1]}"
        expect_numbers(page, name, np.rot90(weight[k - 1, n], 2))
        expect_numbers(page, f"x{LOW[n + 1]} ∗ {name}", partials[k - 1, n])
    expect_numbers(page, "Σ", sums[k - 1])
    for i, values in enumerate(maps, start=1):
        expect_numbers(page, f"C{LOW[i]}", values)
    expect(page.get_by_role("grid", name=re.compile("^C"))).to_have_count(len(weight))


def layer(seed: int, channels: int, depth: int, x: str, w: str) -> tuple[np.ndarray, np.ndarray]:
    maps = pictures(seed)[x].reshape(3, 5, 5)[:channels]
    return maps, filters(seed)[w].reshape(4, 3, 3, 3)[:depth, :channels]


def write(page: Page, name: str, row: int, column: int, text: str) -> None:
    cell(page, name, row, column).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    settle(page)


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


@pytest.mark.parametrize(
    ("channels", "depth", "k", "x", "w", "activation"),
    [(3, 4, 2, "photo", "edges", "relu"), (2, 3, 3, "random", "random", "tanh")],
)
def test_a_link_shows_what_scipy_computes(
    page: Page, channels: int, depth: int, k: int, x: str, w: str, activation: str
) -> None:
    chosen = {"channels": channels, "depth": depth, "filter": k, "x": x, "w": w, "seed": 5}
    visit(page, "/channels", lang="en", act=activation, **chosen)
    maps, weight = layer(5, channels, depth, x, w)
    expect_layer(page, maps, weight, BIASES[0], k, activation)
    sign = "≈" if activation == "tanh" else "="  # a tanh is never a short number
    expect(page.locator(".formula .end")).to_contain_text(f") {sign} ")
    # All of it stands on one screen.
    box = page.locator(".formula").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900


def test_inputs_kernels_biases_and_sizes_are_changed_by_hand(page: Page) -> None:
    visit(page, "/channels", lang="en")
    maps, weight = layer(0, 3, 2, "photo", "edges")
    bias = BIASES[0].copy()
    write(page, "x₂", 2, 2, "-7.5")
    maps[1, 2, 2] = -7.5
    write(page, "w₁₃", 0, 1, "4")  # as it slides: the kernel itself has it at the bottom
    weight[0, 2, 2, 1] = 4
    write(page, "+ b₁", 0, 0, "12")
    bias[0] = 12
    expect_layer(page, maps, weight, bias, 1, "relu")

    page.get_by_role("slider", name="Depth: 2").press("ArrowRight")
    settle(page)
    page.get_by_label("Activation", exact=True).select_option("none")
    settle(page)
    page.get_by_label("Channels", exact=True).select_option("2")
    settle(page)
    weight = np.array(
        [weight[0, :2], weight[1, :2], filters(0)["edges"].reshape(4, 3, 3, 3)[2, :2]]
    )
    expect_layer(page, maps[:2], weight, bias, 1, "none")

    write(page, "x₁", 0, 0, "many")
    expect(page.get_by_text("“many” is not a number from")).to_be_visible()
    page.reload()  # the address holds all of it
    settle(page)
    expect_layer(page, maps[:2], weight, bias, 1, "none")


def test_the_keyboard_moves_all_windows_and_chooses_the_filter(page: Page) -> None:
    visit(page, "/channels", lang="en", act="none")
    windows = page.locator(".source .window")
    expect(windows).to_have_count(3)  # the stage is there
    before = windows.evaluate_all("frames => frames.map(frame => frame.style.transform)")
    assert len(set(before)) == 1
    grid(page, "C₂").focus()
    page.keyboard.press("ArrowRight")
    maps, weight = layer(0, 3, 2, "photo", "edges")
    parts = [convolve2d(maps[n], weight[1, n], mode="valid")[0, 1] for n in range(3)]
    terms = page.locator(".formula .term.here")
    expect(terms).to_have_text([*(f"{part:g}".replace("-", "−") for part in parts), "0"])
    expect(page.locator(".formula strong")).to_have_text(f"{sum(parts):g}")
    expect(grid(page, "w₂₁")).to_be_visible()
    after = windows.evaluate_all("frames => frames.map(frame => frame.style.transform)")
    assert len(set(after)) == 1
    assert after[0] != before[0]
    tiles = page.locator(".channel").nth(2).locator(".tile b")
    products = maps[2, :3, 1:4] * np.rot90(weight[1, 2], 2)
    expect(tiles).to_have_text([f"{each + 0:g}".replace("-", "−") for each in products.flat])
    expect(page).to_have_url(re.compile("filter=2"))
    assert settings(page)["cell"] == "1"

    cell(page, "Σ", 2, 2).hover()  # looking is not choosing
    corner = [convolve2d(maps[n], weight[1, n], mode="valid")[2, 2] for n in range(3)]
    expect(page.locator(".formula strong")).to_have_text(f"{sum(corner):g}".replace("-", "−"))
    page.mouse.move(5, 5)
    expect(page.locator(".formula strong")).to_have_text(f"{sum(parts):g}")


def test_on_a_phone_in_chinese(browser: Browser, server: Server) -> None:
    with watched_page(browser, server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/channels", lang="zh", depth=4, act="none")
        page.get_by_role("button", name="跳过").tap()
        expect(page.get_by_text("4个滤波器 ×（3×3×3个权重 + 1个偏置）")).to_be_visible()
        cell(page, "C₄", 0, 2).tap()
        maps, weight = layer(0, 3, 4, "photo", "edges")
        total = sum(convolve2d(maps[n], weight[3, n], mode="valid")[0, 2] for n in range(3))
        shown = f"{total + BIASES[0, 3]:g}".replace("-", "−")
        expect(page.locator(".formula strong")).to_have_text(shown)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        boxes = page.locator(".board .cells").evaluate_all(
            "grids => grids.map(grid => grid.getBoundingClientRect().right)"
        )
        assert max(boxes) <= PHONE["width"]
        sizes = page.locator(".cell, .tile span").evaluate_all(
            "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
        )
        assert min(sizes) >= 11
