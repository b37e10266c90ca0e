"""How Python is written: what both scripts begin with, calls that fit into the line, constants."""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

WIDTH = 100
FILE_NAME = re.compile(r"[\w-][\w.-]*\.npz")

IMPORTS = "import sys\nimport zipfile\n{more}from pathlib import Path\n\nimport numpy as np\n"


def constants(
    weights: str,
    shapes: Mapping[str, tuple[int, ...]],
    image_shape: tuple[int, int, int],
    class_names: Sequence[str],
) -> str:
    """What the network is about, as named values."""
    if not FILE_NAME.fullmatch(weights):
        raise ValueError(f"`weights` (={weights!r}) must be the plain name of an .npz file.")
    entries = "".join(f"    {_text(name)}: {shape},\n" for name, shape in shapes.items())
    return (
        f"WEIGHTS = Path(__file__).with_name({_text(weights)})  # beside this file\n"
        f"SHAPES = {{\n{entries}}}\n"
        f"IMAGE_SHAPE = {image_shape}  # channels, height, width\n"
        f"CLASS_NAMES = {_tuple(class_names)}\n"
    )


def comment(text: str) -> str:
    """A comment inside a function, in as many lines as it needs."""
    indent = "    # "
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent) + "\n"


def call(target: str, function: str, arguments: Sequence[str]) -> str:
    """`target = function(arguments)` inside a function, broken where the line would be too long."""
    opening = f"    {target} = {function}("
    together = ", ".join(arguments)
    if len(opening) + len(together) < WIDTH:
        return f"{opening}{together})\n"
    if len(together) + 8 <= WIDTH:
        return f"{opening}\n        {together}\n    )\n"
    return f"{opening}\n{''.join(f'        {a},{chr(10)}' for a in arguments)}    )\n"


def options(**settings: tuple[Any, Any]) -> list[str]:
    """`name=value` for every setting (value, usual value) that is not as usual."""
    return [f"{name}={value}" for name, (value, usual) in settings.items() if value != usual]


def strings(values: Sequence[str]) -> str:
    """A tuple of strings, as it is written."""
    return _tuple(values)


def sources(functions: Iterable[Callable[..., Any]]) -> str:
    """The source of the functions, two empty lines before each."""
    return "".join(f"\n\n{source(function)}" for function in functions)


@cache
def source(function: Callable[..., Any]) -> str:
    """The source of a function; finding it takes longer than all the rest."""
    return inspect.getsource(function)


@cache
def names_in(function: Callable[..., Any]) -> frozenset[str]:
    """All names that stand in a function by themselves, be they called or not."""
    nodes = ast.walk(ast.parse(source(function)))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def _tuple(values: Sequence[str]) -> str:
    texts = [_text(value) for value in values]
    line = f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
    return (
        line if len(line) < WIDTH - 20 else "".join(["(\n", *(f"    {t},\n" for t in texts), ")"])
    )


def _text(value: str) -> str:
    """A string as it is written: JSON's way to write strings is one of Python's."""
    return json.dumps(value, ensure_ascii=False)
