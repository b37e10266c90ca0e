"""A watched visit: a page that fails its test when the visitor would have seen something wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tests.browser.server import Server

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000  # milliseconds: a busy machine is no failure

# On a deep link Streamlit's client first asks below the page's own path, and then at the root.
OWN_PROBE = re.compile(r"/_stcore/(health|host-config)$")

# Exception boxes and dialogs are reported as console errors, even when they vanish again.
REPORT_BOXES = """
const seen = new WeakSet();
new MutationObserver(() => {
  for (const box of document.querySelectorAll(
      '[data-testid="stException"], [data-testid="stDialog"]')) {
    if (!seen.has(box)) console.error(`${box.dataset.testid}: ${box.innerText}`);
    seen.add(box);
  }
}).observe(document, {childList: true, subtree: true});
"""

# A busy server begins late: what was asked last, and when it was last heard from.
WATCH_THE_SOCKET = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (!this.isWatched) {
    this.isWatched = true;
    this.addEventListener("message", () => { window.heardAt = performance.now(); });
  }
  window.askedAt = performance.now();
  return send.call(this, message);
};
"""

# Streamlit is done when it is connected, has answered (some messages want no answer), runs nothing,
# fades nothing, and is so at several looks: a page that stands still between two of them has not
# been quiet, its own timers still wait.
IS_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const done = app?.dataset.testScriptState === "notRunning"
    && app.dataset.testConnectionState === "CONNECTED"
    && !(window.heardAt < window.askedAt && performance.now() - window.askedAt < 3000)
    && !document.querySelector('[data-stale="true"], [data-testid*="Skeleton"]');
  window.looks = done ? (window.looks ?? 0) + 1 : 0;
  return window.looks > 5;
}"""
LOOK_EVERY = 50  # milliseconds


@contextmanager
def watched_page(browser: Browser, server: Server, **options: Any) -> Iterator[Page]:
    """Open a fresh profile on `server`; afterwards, raise if anything went wrong during the visit.

    Wrong is: an exception box, a dialog, an error in the console or in the server's log, and a
    request to any other host. `options` are those of Playwright's `new_context`.
    """
    __tracebackhide__ = True  # a failed test shows the problems, not this function
    already_said = len(server.log.read_text(encoding="utf-8"))
    context = browser.new_context(
        **{"base_url": server.url, "viewport": DESKTOP, "locale": "en-US"} | options
    )
    context.set_default_timeout(PATIENCE)
    problems = watch(context, urlsplit(server.url).netloc)
    try:
        yield context.new_page()
    finally:
        context.close()
    problems += server.tracebacks(since=already_said)
    assert not problems, "\n".join(problems)


def watch(context: BrowserContext, own_host: str) -> list[str]:
    """Return the list that will fill with everything a visitor of `context` should not meet."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        is_probe = OWN_PROBE.search(message.location["url"]) and "404" in message.text
        if message.type == "error" and not is_probe:
            problems.append(f"console: {message.text} ({message.location['url']})")

    def on_dialog(dialog: Dialog) -> None:
        problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_address(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != own_host:
            problems.append(f"request to another host: {url}")

    def on_page(page: Page) -> None:
        page.on("websocket", lambda socket: on_address(socket.url))

    context.add_init_script(REPORT_BOXES)
    context.add_init_script(WATCH_THE_SOCKET)
    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
    context.on("dialog", on_dialog)
    context.on("request", lambda request: on_address(request.url))
    context.on("page", on_page)
    return problems


def visit(page: Page, path: str, **settings: Any) -> None:
    """Go to `path` with `settings` in the URL (lang="zh", stride=2) and wait until it is drawn."""
    page.goto(f"{path}?{urlencode(settings)}" if settings else path)
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit has answered everything it was asked, and drawn it."""
    while True:
        page.evaluate("window.looks = 0")
        page.wait_for_function(IS_SETTLED, polling=LOOK_EVERY)
        if not page.locator(".lab[data-unanswered]").count():
            return
