"""A lesson's words are found by heading, filled with live numbers, alike in both languages."""

import re
from pathlib import Path

import pytest

from pages.kit.prose import Prose, fields, headings, read

PAGES = Path(__file__).parents[2] / "pages"
EXAMPLE = Prose(
    "x.en.md", {"why": r"At stride {{n}}, $\frac{a}{b}$ is {{ share:.1f }}.", "end": "."}
)


def test_fields_are_filled_and_formulas_left_alone() -> None:
    text = EXAMPLE.text("why", n=2, share=0.25, unused=1)
    assert text == r"At stride 2, $\frac{a}{b}$ is 0.2."


def test_a_missing_number_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match=re.escape("'why': no value given for {{share}}.")):
        EXAMPLE.text("why", n=2)


def test_a_missing_heading_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match=r"x\.en\.md has no heading 'how'\."):
        EXAMPLE.text("how")


def test_passages_keep_their_smaller_headings(tmp_path: Path) -> None:
    file = tmp_path / "x.en.md"
    file.write_text("ignored\n\n## one\nA\n\n### small\nB\n\n##  two \n\nC\n", encoding="utf-8")
    assert read(file).passages == {"one": "A\n\n### small\nB", "two": "C"}
    assert headings(file) == ["one", "two"]


@pytest.mark.parametrize("english", sorted(PAGES.glob("*/*.en.md")), ids=lambda path: path.name)
def test_both_languages_need_the_same_numbers(english: Path) -> None:
    assert fields(english) == fields(english.with_name(english.name.replace(".en.", ".zh.")))
