"""Journeys through the parts that all lessons share, on a site with a trial lesson."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import ROOT, Server, running_app
from tests.browser.visit import PHONE, settle, visit, watched_page

TRIAL = Path(__file__).parent / "trial"
MINUS = "−"


@pytest.fixture(scope="module")
def trial_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app with the trial lesson in the place of /convolution."""
    site = tmp_path_factory.mktemp("site")
    for name in ("app.py", "cnn_core", ".streamlit"):
        (site / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "pages", site / "pages")
    shutil.copytree(TRIAL, site / "pages" / "convolution", dirs_exist_ok=True)
    with running_app(tmp_path_factory.mktemp("server") / "log", site) as server:
        yield server


@pytest.fixture
def trial(browser: Browser, trial_server: Server) -> Iterator[Page]:
    with watched_page(browser, trial_server) as page:
        yield page


def settings(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def grid(page: Page, name: str = "Kernel") -> Locator:
    return page.get_by_role("grid", name=name)


def cell(page: Page, row: int, column: int) -> Locator:
    return grid(page).locator(f'[data-at="{row},{column}"]')


def write(page: Page, row: int, column: int, text: str, key: str = "Enter") -> None:
    cell(page, row, column).click()
    page.keyboard.type(text)
    page.keyboard.press(key)
    settle(page)


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name)


def test_a_number_is_edited_in_place_and_stands_in_the_link(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    write(trial, 0, 1, "-1/4")
    expect(cell(trial, 0, 1)).to_have_text(f"{MINUS}0.25")
    assert settings(trial)["k"] == "1,-0.25;0,-1"
    trial.reload()
    settle(trial)
    expect(cell(trial, 0, 1)).to_have_text(f"{MINUS}0.25")


def test_what_is_no_number_leaves_the_old_one_and_says_so(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    for nonsense in ("two", "1/0", "1e5", "100", "--1"):
        write(trial, 0, 1, nonsense)
        expect(cell(trial, 0, 1)).to_have_text("2")
        sentence = f"“{nonsense}” is not a number from {MINUS}99 to 99; the cell keeps 2."
        expect(trial.get_by_text(sentence)).to_be_visible()
        assert "k" not in settings(trial)


def test_escape_leaves_a_cell_as_it_was(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    write(trial, 0, 1, "7", key="Escape")
    expect(cell(trial, 0, 1)).to_have_text("2")
    assert "k" not in settings(trial)


def test_a_grid_is_walked_and_edited_with_the_keyboard_alone(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    grid(trial).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "5", "Tab"):
        trial.keyboard.press(key)
    settle(trial)
    expect(cell(trial, 1, 1)).to_have_text("5")
    assert settings(trial)["k"] == "1,2;0,5"
    active = grid(trial).get_attribute("aria-activedescendant") or ""
    expect(trial.locator(f"#{active}")).to_have_attribute("aria-label", "Row 2, column 2: 5")


def test_tab_goes_on_to_the_next_cell(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    cell(trial, 0, 0).click()
    for key in ("8", "Tab", "9", "Enter"):
        trial.keyboard.press(key)
    settle(trial)
    assert settings(trial)["k"] == "8,9;0,-1"


def test_back_and_forward_walk_through_the_settings(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    slider(trial, "Stride").press("ArrowRight")
    settle(trial)
    slider(trial, "Stride").press("ArrowRight")
    settle(trial)
    assert settings(trial)["stride"] == "3"
    trial.go_back()
    settle(trial)
    expect(slider(trial, "Stride")).to_have_value("2")
    trial.go_forward()
    settle(trial)
    expect(slider(trial, "Stride")).to_have_value("3")


def test_changing_the_language_keeps_page_and_settings(trial: Page) -> None:
    visit(trial, "/convolution", lang="en", stride=2, k="3,0;0,3")
    trial.get_by_role("radio", name="中文").click()
    settle(trial)
    expect(trial.get_by_role("heading", level=1)).to_have_text("卷积")
    assert settings(trial) == {"lang": "zh", "stride": "2", "k": "3,0;0,3"}
    expect(cell(trial, 1, 1)).to_have_text("3")
    expect(trial.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_menu_keeps_the_language_and_finds_a_lesson_as_it_was_left(trial: Page) -> None:
    visit(trial, "/convolution", lang="zh")
    write(trial, 0, 0, "4")
    trial.get_by_role("link", name="池化", exact=True).click()
    settle(trial)
    expect(trial.get_by_role("heading", level=1)).to_have_text("池化")
    assert urlsplit(trial.url).path == "/pooling"
    assert settings(trial) == {"lang": "zh"}
    trial.get_by_role("link", name="卷积", exact=True).click()
    settle(trial)
    expect(cell(trial, 0, 0)).to_have_text("4")
    assert settings(trial) == {"lang": "zh", "k": "4,2;0,-1"}


def test_in_a_low_window_the_menu_shows_the_open_lesson(trial: Page) -> None:
    trial.set_viewport_size({"width": 1100, "height": 500})
    visit(trial, "/training", lang="en")
    menu = trial.locator(".st-key-menu")
    expect(menu.get_by_role("link", name="Training")).to_be_in_viewport(ratio=1)
    expect(menu.get_by_role("link", name="What a CNN is made of")).not_to_be_in_viewport()


def test_a_preset_is_a_link_that_keeps_the_session(trial: Page) -> None:
    visit(trial, "/convolution", lang="en", padding=1)
    link = trial.get_by_role("link", name="An edge detector")
    assert (link.get_attribute("href") or "").startswith("/convolution?k=1,-1;1,-1&stride=2")
    trial.evaluate("window.sameSession = true")
    link.click()
    settle(trial)
    expect(cell(trial, 0, 1)).to_have_text(f"{MINUS}1")
    assert settings(trial) == {"lang": "en", "k": "1,-1;1,-1", "stride": "2"}
    assert trial.evaluate("window.sameSession")


def test_a_guess_is_measured_when_enter_is_pressed(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    trial.get_by_label("Your guess").fill("5")
    trial.keyboard.press("Enter")
    settle(trial)
    expect(trial.get_by_text("You said 5; it is 2, 3 away.")).to_be_visible()


def test_changing_the_theme_redraws_the_figures(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    axis = trial.locator(".xtick text").first
    assert axis.evaluate("text => getComputedStyle(text).fill") == "rgb(27, 31, 42)"
    trial.locator('[data-testid="stMainMenu"] button').click()
    trial.get_by_text("Dark").click()
    settle(trial)
    expect(trial.locator(".xtick text").first).to_have_css("fill", "rgb(232, 230, 225)")
    expect(trial.locator(".grid-title").first).to_have_css("color", "rgb(240, 180, 41)")


def test_on_a_phone_nothing_scrolls_sideways_and_numbers_stay_legible(
    browser: Browser, trial_server: Server
) -> None:
    with watched_page(browser, trial_server, viewport=PHONE, has_touch=True) as page:
        visit(page, "/convolution", lang="en")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert size_of_text(page) >= 11
        inside = page.locator(".cells").last.bounding_box()
        assert inside
        assert inside["x"] + inside["width"] <= PHONE["width"]
        cell(page, 0, 0).tap()
        page.keyboard.type("6")
        page.keyboard.press("Enter")
        settle(page)
        expect(cell(page, 0, 0)).to_have_text("6")


def test_on_a_desk_numbers_are_large_enough_for_the_last_row(trial: Page) -> None:
    visit(trial, "/convolution", lang="en")
    assert size_of_text(trial) >= 14


def size_of_text(page: Page) -> float:
    """The smallest number in any cell, in pixels."""
    sizes = page.locator(".cell").evaluate_all(
        "cells => cells.map(cell => parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert sizes
    return float(min(sizes))


def test_garbage_in_the_link_is_named_and_healed_by_moving_the_control(trial: Page) -> None:
    visit(trial, "/convolution", lang="en", stride="99", k="1,2;a,b")
    notices = trial.get_by_test_id("stAlert")
    expect(notices).to_have_count(2)
    expect(notices.first).to_have_text(re.compile(r"stride=99.*not possible here \(1 to 3\)"))
    slider(trial, "Stride").press("ArrowLeft")
    settle(trial)
    write(trial, 0, 0, "3")
    expect(notices).to_have_count(0)
    assert settings(trial) == {"lang": "en", "stride": "2", "k": "3,2;0,-1"}
