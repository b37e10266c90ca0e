"""The words of a lesson: `NAME.en.md` and `NAME.zh.md` beside `NAME.py`, read by heading.

A file is a list of passages, each under a heading `## key`. The keys are the same in every
language and are not shown. `{{name}}` or `{{name:.2f}}` in a passage is filled with a live number.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from pages.kit.language import language

HEADING = re.compile(r"^## +(\S.*?) *$", re.MULTILINE)
FIELD = re.compile(r"\{\{ *(\w+)(?::([^{}]*))? *\}\}")


@dataclass(frozen=True)
class Prose:
    """The passages of one lesson in one language."""

    source: str
    passages: dict[str, str]

    def text(self, heading: str, **values: object) -> str:
        """The passage under `heading` with every field filled in."""
        if heading not in self.passages:
            raise LookupError(f"{self.source} has no heading {heading!r}.")

        def fill(match: re.Match[str]) -> str:
            name, form = match.group(1), (match.group(2) or "").strip()
            if name not in values:
                raise LookupError(f"{self.source}, {heading!r}: no value given for {{{{{name}}}}}.")
            text = format(values[name], form)
            return text if isinstance(values[name], str) else text.replace("-", "−")

        return FIELD.sub(fill, self.passages[heading])

    def show(self, heading: str, **values: object) -> None:
        """Write the passage under `heading` on the page."""
        st.markdown(self.text(heading, **values))


def prose(lesson_file: str | Path) -> Prose:
    """The words of the lesson at `lesson_file` (its `__file__`) in the reader's language."""
    return read(Path(lesson_file).with_suffix(f".{language()}.md"))


@cache
def read(path: Path) -> Prose:
    """Read one Markdown file into passages."""
    parts = HEADING.split(path.read_text(encoding="utf-8"))
    passages = {key: body.strip() for key, body in zip(parts[1::2], parts[2::2], strict=True)}
    return Prose(path.name, passages)


def headings(path: Path) -> list[str]:
    """The headings of a Markdown file, in order."""
    return list(read(path).passages)


def fields(path: Path) -> dict[str, set[str]]:
    """For each heading, the names of the live numbers that its passage needs."""
    return {
        heading: {match.group(1) for match in FIELD.finditer(passage)}
        for heading, passage in read(path).passages.items()
    }
