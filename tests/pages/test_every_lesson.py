"""Every lesson of the catalogue runs in both languages, whatever its link says."""

import re

import pytest

from pages.kit.catalogue import LESSONS, Lesson
from tests.pages.lesson import open_lesson

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NONSENSE = ("🎲", "", "-1", "9" * 400, "1e999", "nan", "1,2;3", "<script>alert(1)</script>")

every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path)


@every_lesson
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_lesson_runs_in_its_language(lesson: Lesson, lang: str) -> None:
    at = open_lesson(lesson.path, lang)
    assert not at.exception
    (title,) = at.title
    assert bool(CHINESE.search(title.value)) == (lang == "zh")


@every_lesson
def test_every_lesson_shows_the_code_that_ran(lesson: Lesson) -> None:
    at = open_lesson(lesson.path)
    assert not at.code  # folded
    at.session_state["code"] = True
    sources = [code.value for code in at.run().code]
    assert sources
    assert all(re.search(r"^ *(def|class) ", source, re.MULTILINE) for source in sources)


@every_lesson
@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: text[:9] or "empty")
def test_a_nonsensical_link_opens_the_lesson_and_says_so(lesson: Lesson, nonsense: str) -> None:
    # Behind each setting of the URL stands a hidden text field with its name.
    settings = [field.key for field in open_lesson(lesson.path).text_input if field.key]
    assert settings
    at = open_lesson(lesson.path, **dict.fromkeys(settings, nonsense))
    assert not at.exception
    assert len(at.title) == 1
    assert at.info
