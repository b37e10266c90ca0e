"""All speed bars: a training step beside PyTorch's, then whole trainings (`training.py`).

    .venv/bin/pip install -r tests/benchmarks/requirements.txt
    .venv/bin/python -m tests.benchmarks

Beside PyTorch, on the CPU: same float32 arithmetic, in turns, medians; PyTorch may choose the
better of one and two threads. Ends with exit code 1 if a bar is missed.
"""

import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

import cnn_core as cnn
from tests.benchmarks.contest import medians
from tests.benchmarks.networks import (
    our_digits_net,
    our_lenet,
    take_over,
    their_digits_net,
    their_lenet,
)

RNG = np.random.default_rng(0)


class Bar(NamedTuple):
    """One line of the table: our time divided by another time must not exceed the limit."""

    what: str
    ours: float
    other: float
    limit: float


def our_step(model: cnn.Sequential, images: np.ndarray, labels: np.ndarray) -> Callable[[], float]:
    optimizer = cnn.SGD(0.01)

    def step() -> float:
        loss, grad_logits = cnn.cross_entropy(model.forward(images), labels)
        model.backward(grad_logits, needs_input_grad=False)
        optimizer.step(model)
        return loss

    return step


def their_step(
    model: torch.nn.Module, images: np.ndarray, labels: np.ndarray
) -> Callable[[], float]:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x, y = torch.from_numpy(images), torch.from_numpy(labels)

    def step() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def with_threads(threads: int, call: Callable[[], object]) -> Callable[[], object]:
    """Return the call made with PyTorch limited to that many threads."""

    def limited() -> object:
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        return call()

    return limited


def against_pytorch(
    what: str, ours: Callable[[], object], theirs: Callable[[], object], limit: float
) -> Bar:
    times = medians(
        {"ours": ours, **{f"torch {n}": with_threads(n, theirs) for n in (1, 2)}},
    )
    return Bar(what, times["ours"], min(times["torch 1"], times["torch 2"]), limit)


def training_step(
    what: str,
    ours: cnn.Sequential,
    theirs: torch.nn.Module,
    *,
    size: int,
    batch: int,
    limit: float,
) -> Bar:
    images = RNG.standard_normal((batch, 1, size, size)).astype(np.float32)
    labels = RNG.integers(0, 10, batch)
    take_over(theirs, ours)
    our_loss = our_step(ours, images, labels)
    their_loss = their_step(theirs, images, labels)
    for _ in range(3):  # the same arithmetic: three steps from the same start agree
        np.testing.assert_allclose(our_loss(), their_loss(), rtol=1e-4)
    return against_pytorch(f"{what}, batch {batch}", our_loss, their_loss, limit)


def large_image(kernel: int) -> Bar:
    x = RNG.standard_normal((1, 3, 512, 512)).astype(np.float32)
    weight = RNG.standard_normal((1, 3, kernel, kernel)).astype(np.float32)
    tx, tw = torch.from_numpy(x), torch.from_numpy(weight)

    def ours() -> np.ndarray:
        return cnn.conv2d(x, weight, padding=kernel // 2, flip=False)

    def theirs() -> torch.Tensor:
        with torch.no_grad():
            return torch.nn.functional.conv2d(tx, tw, padding=kernel // 2)

    np.testing.assert_allclose(ours(), theirs().numpy(), atol=1e-3)
    return against_pytorch(f"512×512 RGB, {kernel}×{kernel}", ours, theirs, 1.0)


def batch_growth() -> Bar:
    """Sixteen times the samples may take at most sixteen times as long."""
    steps = {}
    for batch in (64, 1024):
        images = RNG.standard_normal((batch, 1, 8, 8)).astype(np.float32)
        steps[str(batch)] = our_step(our_digits_net(RNG), images, RNG.integers(0, 10, batch))
    times = medians(steps)
    return Bar("digits net, batch 1024 / batch 64", times["1024"], times["64"], 16)


def main() -> int:
    bars = [
        training_step(
            "digits net", our_digits_net(RNG), their_digits_net(), size=8, batch=64, limit=0.40
        ),
        training_step(
            "digits net", our_digits_net(RNG), their_digits_net(), size=8, batch=1, limit=0.40
        ),
        training_step("LeNet", our_lenet(RNG), their_lenet(), size=28, batch=64, limit=0.60),
        batch_growth(),
        *(large_image(kernel) for kernel in (3, 5, 7, 9, 11)),
    ]
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}; median times in ms")
    for bar in bars:
        ratio = bar.ours / bar.other
        verdict = "ok" if ratio <= bar.limit else "MISSED"
        print(
            f"{bar.what:36} {bar.ours * 1e3:9.3f} /{bar.other * 1e3:9.3f} = {ratio:6.2f}"
            f"   (at most {bar.limit:5.2f})  {verdict}"
        )
    missed = any(bar.ours / bar.other > bar.limit for bar in bars)
    print(flush=True)
    # A process of its own: how many threads NumPy may use is settled when it is imported.
    training = subprocess.run([sys.executable, "-m", "tests.benchmarks.training"], check=False)
    return int(missed or training.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
