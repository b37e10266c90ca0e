"""The frame around the lessons: menu and language."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit.catalogue import LESSONS, lesson_at, sections
from tests.pages.lesson import SHELL, open_lesson

PAGES = SHELL.parent


def captions(at: AppTest) -> list[str]:
    return [caption.value for caption in at.sidebar.caption]


def test_the_menu_has_every_lesson_once() -> None:
    files = {path.relative_to(PAGES).as_posix() for path in PAGES.glob("*/*.py")}
    assert {lesson.path for lesson in LESSONS} == {
        file for file in files if not file.startswith("kit/")
    }
    assert len({lesson.url for lesson in LESSONS}) == len(LESSONS)
    assert [lesson.url for lesson in LESSONS].count("") == 1


def test_the_addresses_are_the_fixed_ones() -> None:
    urls = {f"/{lesson.url}" for lesson in LESSONS}
    assert {"/", "/convolution", "/pooling", "/classifier", "/training"} <= urls


def test_a_lesson_is_found_by_its_address() -> None:
    assert lesson_at("pooling").path == "pooling/pooling.py"
    with pytest.raises(LookupError, match=re.escape("No lesson has the `url` (='nowhere').")):
        lesson_at("nowhere")


def test_a_section_is_a_folder() -> None:
    for lessons in sections().values():
        assert len({Path(lesson.path).parent for lesson in lessons}) == 1


@pytest.mark.parametrize(
    ("lang", "sections"),
    [
        ("en", ["Start", "Convolution", "Pooling", "Classification", "Networks", "Learning"]),
        ("zh", ["开始", "卷积", "池化", "分类", "网络", "学习"]),
    ],
)
def test_the_menu_speaks_the_readers_language(lang: str, sections: list[str]) -> None:
    assert captions(open_lesson("pooling/pooling.py", lang)) == sections


def test_the_menus_links_keep_the_language_and_the_settings() -> None:
    at = open_lesson("pooling/pooling.py", "zh")
    links = [link.proto for link in at.sidebar.get("page_link")]
    assert [link.page for link in links] == [lesson.url for lesson in LESSONS]
    assert all("lang=zh" in link.query_string for link in links)


def test_switching_the_language_keeps_the_page_and_what_it_shows() -> None:
    at = open_lesson("pooling/pooling.py", "en")
    before = {field.key: field.value for field in at.text_input}
    at.segmented_control(key="lang-segments").set_value("zh").run()
    assert at.query_params["lang"] == "zh"
    assert [title.value for title in at.title] == ["池化"]
    assert {field.key: field.value for field in at.text_input} == before


def test_an_unknown_language_falls_back_and_says_so() -> None:
    at = open_lesson("pooling/pooling.py", "fr")
    assert not at.exception
    assert [title.value for title in at.title] == ["Pooling"]
    assert [notice.value for notice in at.info] == [
        "The link asks for `lang=fr`, which is unknown (it can be en, zh); this page uses en."
    ]
