"""Small networks that fit the data sets, and shipped weights for those that read digits.

The weights were learned by this package; ``data/README.md`` says how.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np

from .layers import Affine, Conv2d, Flatten, MaxPool2d, ReLU
from .network import Sequential

WEIGHTS_FOLDER = Path(__file__).with_name("data") / "weights"


def build_network(name: str, *, rng: np.random.Generator) -> Sequential:
    """Return an untrained network that fits a data set.

    Those for digits follow the classical chain of LeNet-5: convolution, pooling, convolution,
    pooling, and one fully connected layer that scores each class. X and O need half of it.

    Parameters
    ----------
    name : {"digits", "mnist", "xo"}
        For images (1, 8, 8), (1, 28, 28) or (1, 9, 9).
    rng : numpy.random.Generator
        Draws the first weights.

    Returns
    -------
    Sequential
        With float32 parameters.

    Raises
    ------
    ValueError
        For another name.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
    Proc. IEEE 86, 1998, section II.B.

    Examples
    --------
    >>> network = build_network("digits", rng=np.random.default_rng(0))
    >>> network.output_shape((1, 8, 8)), network.parameter_count
    ((10,), 1898)
    """
    if name == "digits":
        return Sequential(
            Conv2d(1, 8, 3, padding=1, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Conv2d(8, 16, 3, padding=1, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Flatten(),
            Affine(16 * 2 * 2, 10, rng=rng),
        )
    if name == "mnist":
        return Sequential(
            Conv2d(1, 6, 5, padding=2, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Conv2d(6, 16, 5, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Flatten(),
            Affine(16 * 5 * 5, 10, rng=rng),
        )
    if name == "xo":
        return Sequential(
            Conv2d(1, 4, 3, rng=rng),
            ReLU(),
            MaxPool2d(2),
            Flatten(),
            Affine(4 * 3 * 3, 2, rng=rng),
        )
    raise ValueError(f"There is no network named {name!r}; there are `digits`, `mnist`, `xo`.")


def load_pretrained(name: str, *, file: str | PathLike[str] | None = None) -> Sequential:
    """Return a network that has learned from ``load_dataset(name, rng=np.random.default_rng(0))``.

    Its test images are new to the network, so they examine it fairly.

    Parameters
    ----------
    name : {"digits", "mnist"}
        As in `build_network`; for X and O no weights are shipped.
    file : path, optional
        Weights to take instead of the shipped ones.

    Returns
    -------
    Sequential
        A new one at each call.

    Raises
    ------
    ValueError
        For another name.
    StateError
        If the file is missing, damaged, or made for another network.

    Examples
    --------
    >>> from cnn_core import evaluate, load_dataset
    >>> data = load_dataset("digits", rng=np.random.default_rng(0))
    >>> _, accuracy = evaluate(load_pretrained("digits"), data.test_images, data.test_labels)
    >>> accuracy > 0.97
    True
    """
    network = build_network(name, rng=np.random.default_rng(0))
    network.load(WEIGHTS_FOLDER / f"{name}.npz" if file is None else file)
    return network
