"""Which Chromium the browser tests use, how it is found or installed, and how it is started."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

ENV = "CNN_LAB_CHROMIUM"  # the executable's path, set by `python -m tests` for the tests
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",  # root has no sandbox, and the only pages opened are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a page finds the scripts that the page before it has compiled
)
LONGEST_INSTALL = 300  # seconds for one attempt


def launch(playwright: Playwright, executable: str) -> Browser:
    """Start `executable` headless, the same way for the proof below and for every test."""
    return playwright.chromium.launch(executable_path=executable, args=list(FLAGS), headless=True)


def works(executable: str) -> bool:
    """Whether `executable` really starts and runs a page: a file on the disk proves nothing."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright, executable)
        except Error as error:
            print(f"{executable} does not start: {error.message.splitlines()[0]}")
            return False
        page = browser.new_page()
        page.set_content("<title>alive</title>")
        alive = page.title() == "alive"
        browser.close()
        return alive


def installed() -> str | None:
    """Return the first Chromium on this machine that works, the one named by `ENV` before all."""
    with sync_playwright() as playwright:
        playwrights_own = playwright.chromium.executable_path
    candidates = [os.environ.get(ENV), *map(shutil.which, NAMES), playwrights_own]
    return next((path for path in candidates if path and works(path)), None)


def may_use_apt() -> bool:
    """Whether this is a Debian-like machine where we may install packages without a password."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return bool(shutil.which("apt-get")) and (is_root or run("sudo", "-n", "true"))


def install_from_debian() -> bool:
    """Install Debian's package `chromium`, where we may."""
    if not may_use_apt():
        return False
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    apt = (*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q")
    return run(*apt, "update") and run(
        *apt, "install", "--yes", "--no-install-recommends", "chromium"
    )


def install_from_playwright() -> bool:
    """Install the Chromium that Playwright offers, with the libraries it needs where we may."""
    libraries = ("--with-deps",) if may_use_apt() else ()
    return run(sys.executable, "-m", "playwright", "install", *libraries, "chromium")


def run(*command: str) -> bool:
    """Run `command` with its output in plain view; whether it succeeded in time."""
    print("$", *command, flush=True)
    try:
        return subprocess.run(command, timeout=LONGEST_INSTALL, check=False).returncode == 0
    except FileNotFoundError:
        print(f"there is no {command[0]} here")
        return False
    except subprocess.TimeoutExpired:
        print(f"gave up after {LONGEST_INSTALL} s")
        return False


def find_or_install() -> str | None:
    """Return a working Chromium, installed now if there was none; None if it cannot be had."""
    return (
        installed()
        or (install_from_debian() and installed())
        or (install_from_playwright() and installed())
        or None
    )
