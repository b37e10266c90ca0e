"""A watched visit: a page that fails its test when the visitor would have seen something wrong."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Profile:
    """A browser's profile, the tab that keeps it warm, and what went wrong in it since it was lent.

    Opening a profile costs Chromium as much as opening a page in it: a window of its own, a new
    process, every script compiled anew. So visitors with the same options follow each other in
    one, and it forgets each of them.
    """

    context: BrowserContext
    keeper: Page
    problems: list[str]

    def forget(self, server: Server) -> None:
        """Leave nothing behind but Chromium's cache of what the server sent."""
        for page in self.context.pages:
            if page is not self.keeper:
                page.close()  # and with it its history, routes, scripts, media and size
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.grant_permissions(["clipboard-write"])
        self.keeper.evaluate("navigator.clipboard.writeText('')")  # all profiles have the same one
        self.context.clear_permissions()
        devtools = self.context.new_cdp_session(self.keeper)
        everything = {"origin": server.url, "storageTypes": "all"}
        devtools.send("Storage.clearDataForOrigin", everything)
        devtools.detach()
        self.context.clear_cookies()


waiting: dict[tuple[Browser, Server, str], list[Profile]] = defaultdict(list)


@contextmanager
def watched_page(
    browser: Browser, server: Server, *, alone: bool = False, **options: Any
) -> Iterator[Page]:
    """Open a page on `server`; afterwards, raise if anything went wrong during the visit.

    Wrong is: an exception box, a dialog, an error in the console or in the server's log, and a
    request to any other host. `options` are those of Playwright's `new_context`.

    A visit finds no trace of the visits before, except that the browser has loaded the app's
    scripts. `alone` is for a first visit, and for whoever adds to the context what cannot be taken
    back (scripts, listeners).
    """
    __tracebackhide__ = True  # a failed test shows the problems, not this function
    already_said = len(server.log.read_text(encoding="utf-8"))
    if alone:
        context, problems = new_profile(browser, server, options)
        with context:
            yield context.new_page()
    else:
        profiles = waiting[browser, server, repr(sorted(options.items()))]
        profile = profiles.pop() if profiles else keep_warm(*new_profile(browser, server, options))
        problems = profile.problems
        problems.clear()
        try:
            yield profile.context.new_page()
            profile.forget(server)
        except BaseException:
            profile.context.close()  # who knows what state it is in
            raise
        profiles.append(profile)
        problems = problems.copy()
    problems += server.tracebacks(since=already_said)
    assert not problems, "\n".join(problems)


def new_profile(
    browser: Browser, server: Server, options: dict[str, Any]
) -> tuple[BrowserContext, list[str]]:
    """Return a watched context and the list of its problems."""
    defaults = {"base_url": server.url, "viewport": DESKTOP, "locale": "en-US"}
    context = browser.new_context(**defaults | options)
    context.set_default_timeout(PATIENCE)
    return context, watch(context, urlsplit(server.url).netloc)


def keep_warm(context: BrowserContext, problems: list[str]) -> Profile:
    """Hold the profile's window and its process with a page that shows one word."""
    keeper = context.new_page()
    keeper.goto("/_stcore/health")
    return Profile(context, keeper, problems)


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
