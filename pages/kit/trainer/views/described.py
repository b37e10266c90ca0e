"""What the layers of a run are called and what they cost: words, found once and kept."""

from collections.abc import Mapping
from functools import lru_cache

from pages.kit.language import language
from pages.kit.trainer.architecture import Shape, parse
from pages.kit.trainer.choices import Row, rows
from pages.kit.trainer.run import Run


def described(run: Run) -> Mapping[str, Row]:
    """The rows of the network's table, by the names of the layers, in the reader's language."""
    data = run.data
    return _described(run.setup.net, data.image_shape, len(data.class_names), language())


@lru_cache(maxsize=64)
def _described(net: str, image_shape: Shape, classes: int, language: str) -> Mapping[str, Row]:
    """To find them a network is built: too much for every answer. `language` is a key only."""
    return {row.name: row for row in rows(parse(net, image_shape), image_shape, classes)}
