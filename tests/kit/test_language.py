"""Every label has its Chinese, nothing is translated that nobody says, and fields survive."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from pages.kit import prose
from pages.kit.language import LOCALE, catalogue, read_po

ROOT = Path(__file__).parents[2]
FIELD = re.compile(r"\{\w+\}")
HALF_WIDTH = re.compile(r"[一-鿿][,.:;?!()]|[,.:;?!()][一-鿿]")
SPACED = re.compile(r"[一-鿿] [A-Za-z0-9]|[A-Za-z0-9%°] [一-鿿]")


def sources(folder: Path) -> list[Path]:
    """The files that may speak to a reader: those at the top and the pages."""
    return [*folder.glob("*.py"), *(folder / "pages").rglob("*.py")]


def messages(folder: Path) -> set[str]:
    """The texts inside `_(...)` and `N_(...)` of every Python file in `folder`."""
    found = set()
    for path in sources(folder):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "N_")
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_every_message_has_a_chinese_translation() -> None:
    untranslated = [text for text in sorted(messages(ROOT)) if not catalogue("zh").get(text)]
    assert not untranslated


def test_no_translation_is_stale() -> None:
    assert sorted(set(catalogue("zh")) - messages(ROOT)) == []


def test_no_message_is_translated_twice() -> None:
    times = Counter(text for path in LOCALE.rglob("*.po") for text in read_po(path))
    assert [text for text, count in times.items() if count > 1] == []


@pytest.mark.parametrize("text", sorted(catalogue("zh")))
def test_a_translation_keeps_the_fields(text: str) -> None:
    assert sorted(FIELD.findall(catalogue("zh")[text])) == sorted(FIELD.findall(text))


def half_width(text: str) -> list[str]:
    """Where Chinese meets half-width punctuation, or a space before or after a Latin word."""
    plain = prose.FIELD.sub("0", FIELD.sub("0", text)).replace("*", "").replace("`", "")
    return HALF_WIDTH.findall(plain) + SPACED.findall(plain)


def test_chinese_is_set_in_full_width() -> None:
    texts = {text: half_width(text) for text in catalogue("zh").values()}
    for path in (ROOT / "pages").glob("*/*.zh.md"):
        texts |= {
            f"{path.name} {key}": half_width(text)
            for key, text in prose.read(path).passages.items()
        }
    assert {text: found for text, found in texts.items() if found} == {}


@pytest.mark.parametrize(
    "text", ["数,", "(数", "**数**:", "数 8", "{n} 数", "{{n:.2f}} 数", "x 数"]
)
def test_half_width_chinese_is_found(text: str) -> None:
    assert half_width(text)


def test_only_literal_texts_are_marked() -> None:
    """`_(variable)` is fine for what N_ marked; `_(f"...")` and `_("a" + b)` can never match."""
    for path in sources(ROOT):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                computed = isinstance(
                    node.args[0] if node.args else None, ast.JoinedStr | ast.BinOp
                )
                assert not (node.func.id in ("_", "N_") and computed), (path.name, node.lineno)


def test_a_catalogue_is_read_as_gettext_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "zh.po"
    file.write_text(
        'msgid ""\nmsgstr ""\n"Language: zh\\n"\n\n'
        '# a remark\n#: pages/x.py:3\nmsgid "one"\nmsgstr "一"\n\n'
        'msgid ""\n"a \\"long\\" "\n"text\\n"\nmsgstr ""\n"长"\n"文\\n"\n',
        encoding="utf-8",
    )
    assert read_po(file) == {"one": "一", 'a "long" text\n': "长文\n"}


def test_the_finder_of_messages_finds_them(tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text('x = _("one") + N_("two") + other("three")', encoding="utf-8")
    assert messages(tmp_path) == {"one", "two"}
