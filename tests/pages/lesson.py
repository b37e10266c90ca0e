"""Opening a lesson the way the app does, through the shell, but without a browser."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from pages.kit.catalogue import lesson_at

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def open_lesson(path: str, lang: str = "en", **settings: object) -> AppTest:
    """Run the lesson at `path` below pages/, with `settings` in its URL (stride=2)."""
    at = AppTest.from_file(SHELL, default_timeout=60)
    at.query_params["lang"] = lang
    texts = {name: str(value) for name, value in settings.items()}
    if path == lesson_at("").path:
        at.query_params |= texts
        return at.run()
    at.run()  # the landing page; only then does AppTest know the menu that it may switch in
    at.query_params |= texts
    return at.switch_page(path).run()


def unpacked(raw: bytes) -> dict[str, Any]:
    """A component's data; its arrays (see `pack`) as NumPy's."""
    start = 4 + int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:start], parse_constant=_refuse)
    for name, array in data["arrays"].items():
        count = math.prod(array["shape"])
        values = np.frombuffer(raw, array["type"], count, start + array["offset"])
        data["arrays"][name] = values.reshape(array["shape"])
    answer: dict[str, Any] = data
    return answer


def _refuse(word: str) -> None:
    """NaN and Infinity are no JSON: a browser refuses them, and Python does not by itself."""
    raise AssertionError(f"{word} is no JSON")


def skip(at: AppTest) -> AppTest:
    """Skip the lesson's question."""
    (button,) = (button for button in at.button if button.label in ("Skip", "跳过"))
    return button.click().run()
