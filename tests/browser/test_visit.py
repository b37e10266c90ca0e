"""The watch over a visit notices each thing that a visitor should not meet, and nothing else."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.server import Server
from tests.browser.visit import watched_page


@pytest.fixture
def html_server(tmp_path: Path) -> Iterator[Server]:
    """Return a server with an empty page at `/` and nothing else, not even Streamlit."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in ("/", "/favicon.ico") else 404)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    log = tmp_path / "log"
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


def test_a_harmless_visit_passes(browser: Browser, html_server: Server) -> None:
    with watched_page(browser, html_server) as page:
        page.goto("/")
        page.evaluate(f"async () => {{ {HARMLESS} await new Promise(r => setTimeout(r, 200)) }}")


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
        page.evaluate(f"async () => {{ {script}; await new Promise(r => setTimeout(r, 200)) }}")


def test_an_exception_in_the_servers_log_is_noticed(browser: Browser, html_server: Server) -> None:
    with (
        pytest.raises(AssertionError, match=re.escape("Traceback (most recent call last)")),
        watched_page(browser, html_server) as page,
    ):
        page.goto("/")
        with html_server.log.open("a", encoding="utf-8") as log:
            log.write("Traceback (most recent call last): KeyError\n")
