"""The house keeps its rules, and the rules notice when it does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import architecture

ROOT = Path(__file__).parents[1]
Rule = Callable[[Path], list[str]]

# A house in miniature that keeps every rule, with what a careless rule would stumble over.
TIDY = {
    "README.md": "https://example.org is for readers",
    "app.py": "import streamlit as st\nimport plotly\n",
    "cnn_core/__init__.py": "from .convolution import conv2d\n",
    "cnn_core/convolution.py": '"""See https://example.org."""\nimport math\nimport scipy.fft\n',
    "pages/shell.py": "from pages.kit import state\n",
    "pages/kit/state.py": "import streamlit as st\nst.session_state['run'] = 1\n",
    "pages/kit/drawing.js": "const svg = 'http://www.w3.org/2000/svg';",
    "pages/kit/figures/maps.py": "import plotly.graph_objects as go\nfrom cnn_core import conv2d\n",
    "pages/start/chain.py": "import streamlit as st\nfrom pages.kit.figures import maps\n"
    "run = st.session_state['run']\nrun_again = st.session_state.get('run')\n",
    "pages/start/chain.en.md": "## why\n[read](https://example.org)\n\n## try this\nrotate it\n",
    "pages/start/chain.zh.md": "## why\n读\n\n## try this\n旋转\n",
    "pages/learning/training.py": "import numpy as np\n",
    "pages/learning/training.en.md": "## why\n",
    "pages/learning/training.zh.md": "## why\n",
}

# file, what is planted in it (None: the file is missing), the rule that must notice, and its words
PLANTED = [
    ("setup.py", "", architecture.strangers_at_the_top, "setup.py"),
    ("cnn_core/x.py", "import streamlit", architecture.imports_beyond_the_room, "streamlit"),
    ("cnn_core/x.py", "import plotly.io", architecture.imports_beyond_the_room, "plotly.io"),
    ("cnn_core/x.py", "import torch", architecture.imports_beyond_the_room, "torch"),
    (
        "cnn_core/x.py",
        "def f():\n    from pages.kit import state",
        architecture.imports_beyond_the_room,
        "pages.kit.state",
    ),
    (
        "pages/kit/figures/x.py",
        "import streamlit as st",
        architecture.imports_beyond_the_room,
        "streamlit",
    ),
    (
        "pages/kit/figures/x.py",
        "from .. import state",
        architecture.imports_beyond_the_room,
        "pages.kit.state",
    ),
    (
        "pages/kit/x.py",
        "from pages.start import chain",
        architecture.imports_beyond_the_room,
        "pages.start.chain",
    ),
    ("pages/kit/x.py", "from pages import shell", architecture.imports_beyond_the_room, "shell"),
    (
        "pages/start/chain.py",
        "from plotly import graph_objects",
        architecture.imports_beyond_the_room,
        "plotly.graph_objects",
    ),
    (
        "pages/start/chain.py",
        "from pages.learning.training import x",
        architecture.imports_beyond_the_room,
        "pages.learning.training.x",
    ),
    (
        "pages/start/chain.py",
        "from ..learning import training",
        architecture.imports_beyond_the_room,
        "pages.learning.training",
    ),
    ("pages/shell.py", "import app", architecture.imports_beyond_the_room, "app"),
    (
        "pages/start/chain.py",
        "from urllib.request import urlopen",
        architecture.reaching_for_the_network,
        "urllib.request",
    ),
    ("pages/shell.py", "import socket", architecture.reaching_for_the_network, "socket"),
    ("app.py", "import ftplib", architecture.reaching_for_the_network, "ftplib"),
    (
        "pages/kit/x.py",
        "SOURCE = f'https://example.org/{1}'",
        architecture.reaching_for_the_network,
        "https://example.org/",
    ),
    (
        "pages/kit/drawing.js",
        "fetch('https://example.org/a')",
        architecture.reaching_for_the_network,
        "https://example.org/a",
    ),
    (
        ".streamlit/config.toml",
        'font = "https://example.org/font"',
        architecture.reaching_for_the_network,
        "https://example.org/font",
    ),
    (
        "pages/start/chain.zh.md",
        "## why\n\n## try this\n![map](https://example.org/a.png)",
        architecture.reaching_for_the_network,
        "chain.zh.md",
    ),
    *(
        ("pages/start/chain.py", writing, architecture.writers_of_session_state, "chain.py:1")
        for writing in (
            "st.session_state['step'] = 2",
            "st.session_state.step = 2",
            "st.session_state.run.step += 1",
            "session_state['run'].losses[0] = 1",
            "del st.session_state['run']",
            "st.session_state.setdefault('run', 1)",
            "st.session_state['run'].append(1)",
            "a, st.session_state['b'] = 1, 2",
        )
    ),
    ("pages/start/chain.zh.md", None, architecture.lessons_without_their_words, "chain.zh.md"),
    ("pages/start/chain.en.md", None, architecture.lessons_without_their_words, "chain.en.md"),
    (
        "pages/start/chain.zh.md",
        "## why",
        architecture.lessons_without_their_words,
        "chain.en.md and chain.zh.md",
    ),
    (
        "pages/start/chain.zh.md",
        "## 为什么\n\n## try this\n",
        architecture.lessons_without_their_words,
        "chain.en.md and chain.zh.md",
    ),
]


def build(root: Path, house: dict[str, str]) -> None:
    """Write the files of `house` below `root`."""
    for name, text in house.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", architecture.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    assert rule(ROOT) == [], rule.__doc__


@pytest.mark.parametrize("rule", architecture.RULES, ids=lambda rule: rule.__name__)
def test_a_tidy_house_is_not_accused(rule: Rule, tmp_path: Path) -> None:
    build(tmp_path, TIDY)
    assert rule(tmp_path) == []


@pytest.mark.parametrize(("name", "text", "rule", "words"), PLANTED)
def test_a_broken_rule_is_noticed(
    name: str, text: str | None, rule: Rule, words: str, tmp_path: Path
) -> None:
    build(tmp_path, TIDY | ({} if text is None else {name: text}))
    if text is None:
        (tmp_path / name).unlink()
    (accusation,) = rule(tmp_path)
    assert words in accusation
