"""The first visitor of a freshly started server may come by any link, in either language."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.kit.catalogue import LESSONS
from tests.browser.server import Server
from tests.browser.visit import visit, watched_page

LOCALES = {"en": "en-GB", "zh": "zh-CN"}
LETTERS = {"en": re.compile(r"^[^\u4e00-\u9fff]+$"), "zh": re.compile(r"[\u4e00-\u9fff]")}


def expect_language(page: Page, lang: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(LETTERS[lang])


@pytest.mark.parametrize("i", range(len(LESSONS)), ids=lambda i: f"/{LESSONS[i].url}")
def test_a_deep_link_opens_its_lesson_in_its_language(
    browser: Browser, fresh_server: Server, i: int
) -> None:
    """The first visitor speaks the one language at every other lesson, and the second the other."""
    visitors = [("en", "zh-CN"), ("zh", "en-GB")]  # the language asked for, and the browser's
    for lang, locale in visitors[:: 1 if i % 2 else -1]:
        with watched_page(browser, fresh_server, locale=locale) as page:
            visit(page, f"/{LESSONS[i].url}", lang=lang)
            assert urlsplit(page.url).path == f"/{LESSONS[i].url}"
            expect_language(page, lang)


@pytest.mark.parametrize("lang", LOCALES)
def test_a_link_without_a_language_speaks_the_browsers(
    browser: Browser, server: Server, lang: str
) -> None:
    with watched_page(browser, server, locale=LOCALES[lang]) as page:
        visit(page, "/pooling")
        expect_language(page, lang)


@pytest.mark.parametrize("lang", LOCALES)
def test_an_address_without_a_page_says_so_and_shows_the_lessons(
    browser: Browser, server: Server, lang: str
) -> None:
    with watched_page(browser, server, locale=LOCALES[lang]) as page:
        visit(page, "/nonsense")
        expect_language(page, lang)
        expect(page.get_by_role("dialog")).to_have_count(0)
        lessons = page.locator(".st-key-contents").get_by_role("link")
        expect(lessons).to_have_count(len(LESSONS))
        lessons.nth(1).click()
        expect(page).to_have_url(re.compile(f"/{LESSONS[1].url}"))
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
