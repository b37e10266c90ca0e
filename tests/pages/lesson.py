"""Opening a lesson the way the app does, through the shell, but without a browser."""

from pathlib import Path

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
