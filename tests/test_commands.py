"""The README's two commands are what it promises, and the test command never skips in silence."""

import os
import re
from pathlib import Path

import pytest

from tests import __main__ as runner
from tests.browser import chromium

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUN, TEST = re.findall(r"^```\w*\n(.*?)^```", README, flags=re.M | re.S)[:2]


def test_the_first_two_fenced_blocks_are_one_line_each() -> None:
    assert [RUN.count("\n"), TEST.count("\n")] == [1, 1]
    assert RUN.startswith("python3 -m venv .venv && ")
    assert RUN.endswith(".venv/bin/streamlit run app.py\n")
    assert TEST.startswith("python3 -m venv .venv && ")
    assert TEST.endswith(".venv/bin/python -m tests\n")


def test_the_readme_names_only_what_exists() -> None:
    named = set(re.findall(r"`([\w./]+(?:/|\.py|\.md))`", README))
    rooms = (ROOT, ROOT / "pages", ROOT / "tests")
    assert len(named) > 10
    assert {name for name in named if not any((room / name).exists() for room in rooms)} == set()


@pytest.fixture
def pytest_calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the list of argument lists that the runner would have started pytest with."""
    calls: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        calls.append(arguments)
        return 3

    monkeypatch.setattr(pytest, "main", main)
    return calls


def test_without_a_browser_it_fails_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pytest_calls: list[list[str]],
) -> None:
    monkeypatch.setattr(chromium, "find_or_install", lambda: None)
    assert runner.main([]) == 1
    assert pytest_calls == []
    assert "No browser, so no tests were run" in capsys.readouterr().err


def test_no_browser_leaves_the_journeys_out_and_says_so_last(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pytest_calls: list[list[str]],
) -> None:
    monkeypatch.setattr(chromium, "find_or_install", lambda: pytest.fail("not to be asked"))
    assert runner.main(["--no-browser", "-k", "pooling"]) == 3  # pytest's own exit code
    assert pytest_calls == [[*runner.SIDE_BY_SIDE, "-k", "pooling", "--deselect=tests/browser"]]
    assert "browser tests were left out" in capsys.readouterr().out.splitlines()[-1]


def test_the_browser_found_is_handed_to_the_tests(
    monkeypatch: pytest.MonkeyPatch, pytest_calls: list[list[str]]
) -> None:
    monkeypatch.setenv(chromium.ENV, "before")
    monkeypatch.setattr(chromium, "find_or_install", lambda: "/opt/chromium")
    assert runner.main(["-x"]) == 3
    assert pytest_calls == [[*runner.SIDE_BY_SIDE, "-x"]]
    assert os.environ[chromium.ENV] == "/opt/chromium"


def test_a_program_that_is_no_browser_is_not_taken_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretender = tmp_path / "chromium"
    pretender.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    pretender.chmod(0o755)
    assert not chromium.works(str(pretender))
    assert not chromium.works(str(tmp_path / "missing"))
    assert capsys.readouterr().out.count("does not start") == 2


@pytest.mark.parametrize("works_after", ["nothing", "Debian", "Playwright", "never"])
def test_the_ways_to_a_browser_are_tried_in_order(
    works_after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = ["nothing"]

    def install(source: str) -> bool:
        tried.append(source)
        return True

    monkeypatch.setattr(chromium, "installed", lambda: "it" if works_after in tried else None)
    monkeypatch.setattr(chromium, "install_from_debian", lambda: install("Debian"))
    monkeypatch.setattr(chromium, "install_from_playwright", lambda: install("Playwright"))
    assert chromium.find_or_install() == (None if works_after == "never" else "it")
    ways = ["nothing", "Debian", "Playwright", "never"]
    assert tried == ways[: ways.index(works_after) + 1][:3]
