"""The rules of the house, each a function from its folder to the list of what breaks the rule.

The rooms import in one direction only: cnn_core <- figures <- kit <- lessons <- shell <- app.py.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pages.kit.prose import headings

TOP_LEVEL = {"README.md", "requirements.txt", "app.py", "pages", "cnn_core", "tests"}
TOP_LEVEL |= {"pyproject.toml"}

# What the modules of a room may import besides the standard library; the first match is the room.
ROOMS = {
    "cnn_core/": {"cnn_core", "numpy", "scipy"},
    "pages/kit/palette.py": {"numpy"},  # the colours, shared by figures and components
    # Pillow, which Streamlit brings along, opens the files that readers upload; only here.
    "pages/kit/pictures.py": {"cnn_core", "pages.kit.language", "numpy", "PIL"},
    "pages/kit/figures/": {"cnn_core", "pages.kit.figures", "pages.kit.palette"}
    | {"numpy", "scipy", "plotly"},
    "pages/kit/": {"cnn_core", "pages.kit", "numpy", "scipy", "plotly", "streamlit"},
    "pages/": {"cnn_core", "pages.kit", "numpy", "scipy", "streamlit"},  # lessons and the shell
    "app.py": {"cnn_core", "pages.kit", "numpy", "scipy", "plotly", "streamlit", "starlette"},
}
NETWORK = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "socket", "ftplib"}
SERVER = "app.py"  # tunes its own socket, and asks nobody with it

STATE = "pages/kit/state.py"
MUTATORS = {"setdefault", "update", "pop", "popitem", "clear", "append", "extend", "__setitem__"}

# An address anywhere but at www.w3.org, which names XML namespaces and is never asked.
ADDRESS = re.compile(r"(?:https?|wss?)://(?!www\.w3\.org/)[^\s\"'`)]+")
FETCHED_BY_MARKDOWN = re.compile(r"!\[[^\]]*\]\(\s*(?:https?:)?//|\ssrc=['\"]?(?:https?:)?//")


def strangers_at_the_top(root: Path) -> list[str]:
    """Only what a newcomer needs to see stands at the top level; dot-files are the tools'."""
    names = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    return sorted(names - TOP_LEVEL - {"__pycache__"})


def imports_beyond_the_room(root: Path) -> list[str]:
    """A module imports the standard library and what its room may know, nothing else."""
    found = []
    for path in python_files(root):
        name = relative(path, root)
        allowed = next(known for room, known in ROOMS.items() if name.startswith(room))
        for module in imports(path, root):
            is_standard = module.split(".")[0] in sys.stdlib_module_names
            if not is_standard and not any(starts_with(module, known) for known in allowed):
                found += [f"{name} imports {module}"]
    return found


def reaching_for_the_network(root: Path) -> list[str]:
    """Nothing that runs asks another host: no network module, and no address outside of prose."""
    found = []
    for path in python_files(root):
        forbidden = NETWORK - ({"socket"} if relative(path, root) == SERVER else set())
        for module in imports(path, root):
            if any(starts_with(module, known) for known in forbidden):
                found += [f"{relative(path, root)} imports {module}"]
        for address in ADDRESS.findall("\n".join(strings_that_run(path))):
            found += [f"{relative(path, root)} has the address {address}"]
    for path in files(root, ".js", ".css", ".html", ".svg", ".toml"):
        for address in ADDRESS.findall(path.read_text(encoding="utf-8")):
            found += [f"{relative(path, root)} has the address {address}"]
    for path in files(root, ".md"):
        if FETCHED_BY_MARKDOWN.search(path.read_text(encoding="utf-8")):
            found += [f"{relative(path, root)} shows a picture from another host"]
    return found


def writers_of_session_state(root: Path) -> list[str]:
    """Only state.py writes to st.session_state; everyone may read it."""
    return [
        f"{relative(path, root)}:{node.lineno} writes to session_state"
        for path in python_files(root)
        if relative(path, root) != STATE
        for node in ast.walk(parse(path))
        if isinstance(node, ast.expr) and writes_session_state(node)
    ]


def lessons_without_their_words(root: Path) -> list[str]:
    """Every lesson has its English and its Chinese words beside it, under the same headings."""
    found = []
    for lesson in lessons(root):
        english, chinese = (lesson.with_suffix(f".{language}.md") for language in ("en", "zh"))
        missing = [path.name for path in (english, chinese) if not path.is_file()]
        if missing:
            found += [f"{relative(lesson, root)} has no {name}" for name in missing]
        elif headings(english) != headings(chinese):
            found += [f"{english.name} and {chinese.name} differ in their headings"]
    return found


RULES = (
    strangers_at_the_top,
    imports_beyond_the_room,
    reaching_for_the_network,
    writers_of_session_state,
    lessons_without_their_words,
)


# What the rules are read from


def files(root: Path, *suffixes: str) -> Iterator[Path]:
    """Yield the files that run (tests and tools do not), in a fixed order."""
    rooms = (root / "cnn_core", root / "pages", root / ".streamlit")
    inside = (path for room in rooms for path in room.rglob("*"))
    yield from sorted(path for path in [root / "app.py", *inside] if path.suffix in suffixes)


def python_files(root: Path) -> Iterator[Path]:
    """Yield the modules that run."""
    return (path for path in files(root, ".py") if path.is_file())


def lessons(root: Path) -> Iterator[Path]:
    """Yield the lessons: the modules in the folders of pages/, except those of the kit."""
    for path in sorted((root / "pages").glob("*/*.py")):
        if path.parent.name != "kit" and path.name != "__init__.py":
            yield path


def imports(path: Path, root: Path) -> Iterator[str]:
    """Yield the full name of everything `path` imports, wherever in the file the import stands."""
    package = relative(path.parent, root).split("/")
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{name.name}" for name in node.names)


def strings_that_run(path: Path) -> Iterator[str]:
    """Yield the strings of `path` except docstrings, which may cite their sources."""
    tree = parse(path)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings:
            yield str(node.value)


def writes_session_state(node: ast.expr) -> bool:
    """Whether `node` assigns or deletes in session_state, or calls a method that changes it."""
    if isinstance(node, ast.Call):
        method = node.func
        return (
            isinstance(method, ast.Attribute)
            and method.attr in MUTATORS
            and reads_session_state(method.value)
        )
    is_target = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
    return is_target and reads_session_state(getattr(node, "value", node))


def reads_session_state(node: ast.expr) -> bool:
    """Whether `node` is session_state or something inside it: st.session_state["run"].losses."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute) and node.attr == "session_state":
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id == "session_state"


def starts_with(module: str, known: str) -> bool:
    """Whether `module` is `known` or lies inside it."""
    return f"{module}.".startswith(f"{known}.")


def relative(path: Path, root: Path) -> str:
    """Return the path inside the repository, with forward slashes."""
    return path.relative_to(root).as_posix()


def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
