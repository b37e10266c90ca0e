"""The first visitor of a freshly started server may come by any link, in either language."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.kit.catalogue import LESSONS, sections
from tests.browser.server import Server
from tests.browser.visit import visit, watched_page

LOCALES = {"en": "en-GB", "zh": "zh-CN"}
LETTERS = {"en": re.compile(r"^[^\u4e00-\u9fff]+$"), "zh": re.compile(r"[\u4e00-\u9fff]")}


def expect_language(page: Page, lang: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(LETTERS[lang])


# A server treats all pages of a folder alike: one of each is tried as the very first, which takes
# a server of its own, and the others as a new reader's first.
FIRST = [lessons[0].url for lessons in sections().values()]
OTHERS = [lesson.url for lesson in LESSONS if lesson.url not in FIRST]


def expect_deep_links(browser: Browser, server: Server, url: str, *languages: str) -> None:
    """Follow the link in each language, in a browser that speaks the other one."""
    for lang in languages:
        locale = LOCALES["zh" if lang == "en" else "en"]
        with watched_page(browser, server, alone=True, locale=locale) as page:
            visit(page, f"/{url}", lang=lang)
            assert urlsplit(page.url).path == f"/{url}"
            expect_language(page, lang)


@pytest.mark.parametrize("url", FIRST, ids=lambda url: f"/{url}")
def test_the_first_visitor_of_all_may_come_by_a_deep_link(
    browser: Browser, fresh_server: Server, url: str
) -> None:
    languages = ("en", "zh")[:: -1 if FIRST.index(url) % 2 else 1]  # each is first somewhere
    expect_deep_links(browser, fresh_server, url, *languages)


@pytest.mark.parametrize("url", OTHERS, ids=lambda url: f"/{url}")
def test_a_deep_link_opens_its_lesson_in_its_language(
    browser: Browser, server: Server, url: str
) -> None:
    expect_deep_links(browser, server, url, ("en", "zh")[OTHERS.index(url) % 2])


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
