"""The test command: make sure of a browser, then run the whole suite.

    python -m tests [--no-browser] [any arguments of pytest]

Without a browser this fails; nothing is skipped in silence. `--no-browser` leaves the browser
tests out and says so in the last line.
"""

import os
import signal
import sys

import pytest

from tests.browser import chromium

# Journeys often wait, for a page or a moment of rest: three at a time keep two cores busy.
SIDE_BY_SIDE = ("--numprocesses=3", "--dist=worksteal")

NO_BROWSER = (
    "No browser, so no tests were run: there is no working Chromium here, and neither apt-get nor"
    " Playwright could install one.\nInstall it yourself (Debian: `apt-get install chromium`), or"
    f" name one with {chromium.ENV}=/path/to/chromium,\nor leave the browser tests out with"
    " `python -m tests --no-browser`."
)


def main(arguments: list[str]) -> int:
    """Run the suite and return pytest's exit code, or 1 when there is no browser."""
    if "--no-browser" in arguments:
        arguments = [word for word in arguments if word != "--no-browser"]
        code = pytest.main([*SIDE_BY_SIDE, *arguments, "--deselect=tests/browser"])
        print("The browser tests were left out, because of --no-browser.")
        return int(code)
    executable = chromium.find_or_install()
    if executable is None:
        print(NO_BROWSER, file=sys.stderr)
        return 1
    print(f"Browser tests use {executable}", flush=True)
    os.environ[chromium.ENV] = executable
    return int(pytest.main([*SIDE_BY_SIDE, *arguments]))


if __name__ == "__main__":
    # Being told to end is like Ctrl-C: pytest stops the servers and the browser it has started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
