"""The watch over a visit notices each thing that a visitor should not meet, and nothing else."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.server import Server
from tests.browser.visit import watched_page

PAGES = ("/", "/_stcore/health")


@pytest.fixture(scope="module")
def html_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server with an empty page at `/` and nothing else, not even Streamlit."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in PAGES else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b'<link rel="icon" href="data:,">')  # else it is fetched at any time

        def log_message(self, *args: object) -> None:
            pass

    log = tmp_path_factory.mktemp("server") / "log"
    log.write_text("Traceback of an earlier visit\n", encoding="utf-8")
    with ThreadingHTTPServer(("localhost", 0), Answer) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield Server(f"http://localhost:{http.server_port}", log)
        http.shutdown()
        thread.join()


HARMLESS = """
    console.warn("only a warning");
    fetch("/convolution/_stcore/health");
    document.body.innerHTML = '<div data-testid="stAlert">one clear sentence</div>';
"""
A_MOMENT = "await new Promise(resolve => setTimeout(resolve, 200))"


def test_a_harmless_visit_passes(browser: Browser, html_server: Server) -> None:
    for alone in (True, False):
        with watched_page(browser, html_server, alone=alone) as page:
            page.goto("/")
            page.evaluate(f"async () => {{ {HARMLESS}; {A_MOMENT} }}")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("console.error('lost it')", "console: lost it"),
        ("setTimeout(() => { throw new Error('planted') })", "uncaught: .*planted"),
        ("alert('are you sure?')", "dialog: are you sure"),
        ("fetch('/missing.js')", "404"),
        ("fetch(location.href.replace('//', '//other.'))", "another host: http://other.localhost"),
        ("new WebSocket('ws://other.localhost:9/')", "another host: ws://other.localhost"),
        (
            "document.body.innerHTML = '<p data-testid=\"stException\">KeyError</p>';"
            " setTimeout(() => document.body.replaceChildren(), 50)",
            "stException: KeyError",
        ),
        ("document.body.innerHTML = '<p data-testid=\"stDialog\">No page</p>'", "stDialog: No"),
    ],
)
def test_what_goes_wrong_is_noticed(
    script: str, words: str, browser: Browser, html_server: Server
) -> None:
    with pytest.raises(AssertionError, match=words), watched_page(browser, html_server) as page:
        page.goto("/")
        page.evaluate(f"async () => {{ {script}; {A_MOMENT} }}")
    expect_untroubled_visit(browser, html_server)


def expect_untroubled_visit(browser: Browser, server: Server) -> None:
    """What went wrong belongs to the visit before; the next one starts without it."""
    with watched_page(browser, server) as page:
        page.goto("/")


def test_a_last_moments_problem_belongs_to_its_own_visit(
    browser: Browser, html_server: Server
) -> None:
    for _ in range(5):
        with (
            pytest.raises(AssertionError, match="console: too late"),
            watched_page(browser, html_server) as page,
        ):
            page.goto("/")
            page.evaluate("console.error('too late')")
        expect_untroubled_visit(browser, html_server)


def test_an_exception_in_the_servers_log_is_noticed(browser: Browser, html_server: Server) -> None:
    with (
        pytest.raises(AssertionError, match=re.escape("Traceback (most recent call last)")),
        watched_page(browser, html_server) as page,
    ):
        page.goto("/")
        with html_server.log.open("a", encoding="utf-8") as log:
            log.write("Traceback (most recent call last): KeyError\n")
    expect_untroubled_visit(browser, html_server)


LEAVE_TRACES = """async () => {
    localStorage.setItem("trace", "1");
    sessionStorage.setItem("trace", "1");
    document.cookie = "trace=1";
    await caches.open("trace");
    await new Promise(resolve => { indexedDB.open("trace").onsuccess = resolve; });
    await navigator.clipboard.writeText("trace");
    history.pushState(null, "", "/#trace");
    window.name = "trace";
    window.open("/");
}"""
FIND_TRACES = """async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
    ...(await indexedDB.databases()).map(({name}) => name),
    await navigator.clipboard.readText(), document.cookie, window.name, window.fromScript ?? "",
    history.length, innerWidth, matchMedia("(prefers-color-scheme: dark)").matches,
    (await navigator.permissions.query({name: "geolocation"})).state,
]"""


def test_the_next_visitor_finds_no_trace(browser: Browser, html_server: Server) -> None:
    clipboard = ["clipboard-read", "clipboard-write"]

    def traces(page: Page) -> list[object]:
        page.context.grant_permissions(clipboard)
        page.goto("/")
        return list(page.evaluate(FIND_TRACES))

    with watched_page(browser, html_server) as page:
        profile = page.context
        page.add_init_script("window.fromScript = 'trace'")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 500, "height": 500})
        profile.grant_permissions([*clipboard, "geolocation"])
        page.goto("/")
        page.evaluate(LEAVE_TRACES)
        found = page.evaluate(FIND_TRACES)
        assert found == [*["trace"] * 5, "trace=1", "trace", "trace", 3, 500, True, "granted"]
        profile.route("**", lambda route: route.abort())
        profile.set_offline(True)
        page.mouse.move(10, 10)
        page.mouse.down()
        page.keyboard.down("Shift")

    with watched_page(browser, html_server) as page, watched_page(browser, html_server) as other:
        assert page.context is profile  # the one with the traces
        assert other.context is not profile  # two visitors at a time
        assert traces(page) == traces(other) == [*[""] * 4, 2, 1440, False, "denied"]


def test_a_profile_is_given_up_when_its_test_fails(browser: Browser, html_server: Server) -> None:
    with pytest.raises(ZeroDivisionError), watched_page(browser, html_server) as page:
        profile = page.context
        page.goto("/")
        _ = 1 / 0
    assert profile not in browser.contexts
    expect_untroubled_visit(browser, html_server)
