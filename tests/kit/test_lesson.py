"""The parts of a lesson: links that are addresses, the code that ran, the words on an arrow."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.kit import lesson
from pages.kit.prose import Prose


def page() -> None:
    import numpy as np

    from pages.kit import controls, lesson, state
    from pages.kit.prose import Prose

    words = Prose(
        "x.en.md", {"question": "Why?", "why": "Because of {{n}}.", "try-edge": "An edge"}
    )
    state.visit("pooling")
    lesson.opening(words)
    controls.grid("x", [[1, 2], [3, 4]])
    controls.integer("Stride", "stride", 1, 1, 3)
    lesson.formula("y = 3", "the first cell")
    lesson.why(words, n=3)
    lesson.try_this(words, {"try-edge": {"x": np.array([[0, 1], [0, -1]]), "stride": 2}})
    lesson.code(controls.parse_grid, controls.format_grid)


def opened() -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params["lang"] = "en"
    at.run()
    assert not at.exception
    return at


def test_a_lesson_opens_with_its_title_and_its_question() -> None:
    at = opened()
    assert [title.value for title in at.title] == ["Pooling"]
    assert at.caption[0].value == "Pooling"
    assert at.markdown[0].value == "Why?"


def test_the_explanation_and_the_formula_are_shown() -> None:
    at = opened()
    assert "Because of 3." in [markdown.value for markdown in at.markdown]
    assert at.latex[0].value == "$$\ny = 3\n$$"
    assert [heading.value for heading in at.subheader] == ["Why", "Try this"]


def test_a_preset_is_an_address_that_says_it_all() -> None:
    (component,) = opened().get("bidi_component")
    (link,) = json.loads(component.proto.json)["links"]
    assert link == {
        "name": "try-edge",
        "label": "An edge",
        "href": "/pooling?x=0,1;0,-1&stride=2&lang=en",
    }


def test_the_code_that_ran_is_the_code_that_ran() -> None:
    at = opened()
    assert not at.code  # folded, and drawn only when it is opened
    at.session_state["code"] = True
    first, second = at.run().code
    assert first.value.startswith("def parse_grid(")
    assert second.value.startswith("def format_grid(")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [(None, "max pooling → 8×12×12"), (1216, "max pooling → 8×12×12 · 1,216 parameters")],
)
def test_an_arrow_tells_shape_and_parameters(parameters: int | None, words: str) -> None:
    assert lesson.arrow("max pooling", (8, 12, 12), parameters) == words


def test_a_preset_needs_its_words() -> None:
    with pytest.raises(LookupError, match="no heading 'try-nothing'"):
        lesson.try_this(Prose("x.en.md", {}), {"try-nothing": {}})
