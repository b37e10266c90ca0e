"""Where the time goes: how long a step and a look at all test images take, as context."""

from statistics import median
from time import perf_counter

import numpy as np

import cnn_core as cnn

TURNS = 200


def one_step(name: str, batch_size: int) -> None:
    """Print how long a step takes, and which layers take the time."""
    data = cnn.load_dataset(name, rng=np.random.default_rng(0))
    model = cnn.build_network(name, rng=np.random.default_rng(0))
    images, labels = data.train_images[:batch_size], data.train_labels[:batch_size]
    optimizer = cnn.SGD(0.01)
    turns = []
    for _ in range(TURNS):
        spent = dict.fromkeys(("Conv2d", "MaxPool2d"), 0.0)
        start = perf_counter()
        x: np.ndarray = images
        for layer in model.layers:
            before = perf_counter()
            x = layer.forward(x)
            _add(spent, layer, perf_counter() - before)
        grad: np.ndarray | None = cnn.cross_entropy(x, labels)[1]
        for layer in reversed(model.layers):
            assert grad is not None
            before = perf_counter()
            grad = layer.backward(grad, needs_input_grad=layer is not model.layers[0])
            _add(spent, layer, perf_counter() - before)
        optimizer.step(model)
        turns.append((perf_counter() - start, *spent.values()))
    total, conv, pool = (median(times) for times in zip(*turns, strict=True))
    print(
        f"  {name:6} step, batch {batch_size}: {total * 1e3:.2f} ms ({1 / total:,.0f} steps/s);"
        f" convolution {conv / total:.0%}, pooling {pool / total:.0%},"
        f" the rest {1 - (conv + pool) / total:.0%}"
    )


def _add(spent: dict[str, float], layer: cnn.Layer, seconds: float) -> None:
    kind = type(layer).__name__
    if kind in spent:
        spent[kind] += seconds


def one_exam(name: str, batch_size: int) -> None:
    """Print how long all test images take, at once and in batches."""
    data = cnn.load_dataset(name, rng=np.random.default_rng(0))
    model = cnn.build_network(name, rng=np.random.default_rng(0))
    times = {"at once": len(data.test_images), f"in batches of {batch_size}": batch_size}
    words = []
    for what, size in times.items():
        turns = []
        for _ in range(20):
            start = perf_counter()
            for first in range(0, len(data.test_images), size):
                model.forward(data.test_images[first : first + size])
            turns.append(perf_counter() - start)
        words.append(f"{median(turns) * 1e3:.1f} ms {what}")
    print(f"  {name:6} forward of {len(data.test_images)} test images: {', '.join(words)}")
