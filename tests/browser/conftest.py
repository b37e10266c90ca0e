"""Fixtures of the journeys: one browser, one warm server, and servers nobody has visited yet."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.server import Server, running_app
from tests.browser.visit import PATIENCE, watched_page

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the Chromium that `python -m tests` made sure of, or else the one found here."""
    executable = os.environ.get(chromium.ENV) or chromium.installed()
    if executable is None:
        pytest.fail("There is no working Chromium; run `python -m tests`, which installs one.")
    with sync_playwright() as playwright:
        yield chromium.launch(playwright, executable)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the app, started once and shared by all journeys."""
    with running_app(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture
def fresh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the app just started: whoever comes now is its first visitor."""
    with running_app(tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """Return a new visitor's page; the test fails in the end if the visit went wrong."""
    with watched_page(browser, server) as page:
        yield page
