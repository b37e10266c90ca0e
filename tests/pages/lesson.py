"""Opening a lesson the way the app does, through the shell, but without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def open_lesson(path: str, lang: str = "en", **settings: object) -> AppTest:
    """Run the lesson at `path` below pages/, with `settings` in its URL (stride=2)."""
    at = AppTest.from_file(SHELL, default_timeout=60)
    at.query_params["lang"] = lang
    at.run()  # the landing page; only then does AppTest know the menu that it may switch in
    at.query_params |= {name: str(value) for name, value in settings.items()}
    return at.switch_page(path).run()
