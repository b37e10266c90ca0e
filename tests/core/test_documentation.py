"""Whatever the core offers shows itself in one example, which the suite runs as a doctest."""

import inspect

import pytest

import cnn_core

SHOWN = [
    name
    for name in cnn_core.__all__
    if inspect.isfunction(value := getattr(cnn_core, name))
    or (inspect.isclass(value) and issubclass(value, cnn_core.Layer))
]


@pytest.mark.parametrize("name", SHOWN)
def test_every_public_function_and_layer_has_an_example(name: str) -> None:
    assert ">>> " in (getattr(cnn_core, name).__doc__ or "")


def test_the_public_names_are_the_ones_imported() -> None:
    modules = {name for name, value in vars(cnn_core).items() if inspect.ismodule(value)}
    public = {name for name in vars(cnn_core) if not name.startswith("_")} - modules
    assert set(cnn_core.__all__) == public
