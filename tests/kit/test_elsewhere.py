"""The snippets that a reader copies give the numbers on screen: ours, SciPy's and PyTorch's."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from pages.kit.elsewhere import ours, pytorchs, run, scipys
from pages.kit.walk import Walk
from tests import reference

ACTIVATIONS = {
    "none": lambda u: u,
    "relu": lambda u: np.where(u > 0, u, 0),
    "sigmoid": lambda u: 1 / (1 + np.exp(-u)),
    "tanh": lambda u: (np.exp(u) - np.exp(-u)) / (np.exp(u) + np.exp(-u)),
}


def expected(walk, flip):
    """The output by loops over the window."""
    sides = (walk.sides, walk.sides)
    sums = reference.conv2d(
        walk.x[None, None],
        walk.kernel[None, None],
        stride=(walk.stride,) * 2,
        padding=sides,
        dilation=(walk.dilation,) * 2,
        flip=flip,
    )[0, 0]
    return ACTIVATIONS[walk.activation](sums + walk.bias)


def cases():
    """Draw sizes, even kernels, paddings that differ by side, numbers with many digits."""
    rng = np.random.default_rng(0)
    finishes = [(0.0, "none"), (-1.5, "relu"), (0.5, "sigmoid"), (-0.5, "tanh"), (0.0, "relu")]
    for i, (size, ksize, stride, dilation) in enumerate(
        [(5, 3, 2, 1), (6, 2, 1, 3), (8, 4, 3, 2), (5, 1, 4, 1), (7, 3, 2, 2), (14, 5, 1, 1)]
    ):
        full = dilation * (ksize - 1)
        for padding in {(0, 0), (full // 2, full - full // 2), (full, full)}:
            bias, activation = finishes[i % len(finishes)]
            x, kernel = rng.normal(size=(size, size)), rng.normal(size=(ksize, ksize))
            walk = Walk(x, kernel, stride, padding, dilation, bias, activation)
            yield walk, True
            yield replace(walk, x=(4 * x).round(), kernel=(2 * kernel).round()), False


CASES = list(cases())


class Tensor(np.ndarray):
    """An array with the one method of PyTorch's that the snippets call."""

    def flip(self, *axes):
        return np.flip(self, axes)


@pytest.fixture
def torch(monkeypatch):
    """Return what the snippets need of PyTorch, after its documentation: `conv2d` never flips."""

    def conv2d(x, weight, stride=1, padding=0, dilation=1):
        sides = ((padding, padding),) * 2
        settings = {"stride": (stride,) * 2, "padding": sides, "dilation": (dilation,) * 2}
        return reference.conv2d(x, weight, flip=False, **settings)

    def pad(x, sides):
        left, right, top, bottom = sides  # the last axis first
        return np.pad(x, ((top, bottom), (left, right)))

    torch = SimpleNamespace(
        tensor=lambda rows, dtype: np.array(rows, dtype).view(Tensor),
        float64=float,
        **{name: ACTIVATIONS[name] for name in ("relu", "sigmoid", "tanh")},
    )
    functional = SimpleNamespace(conv2d=conv2d, pad=pad)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch.nn", SimpleNamespace(functional=functional))


@pytest.mark.parametrize(("walk", "flip"), CASES)
@pytest.mark.parametrize("snippet", [ours, scipys])
def test_a_snippet_prints_what_the_loops_give(walk, flip, snippet):
    np.testing.assert_allclose(
        run(snippet(walk, flip=flip)), expected(walk, flip), rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize(("walk", "flip"), CASES)
@pytest.mark.usefixtures("torch")
def test_so_does_the_one_for_pytorch(walk, flip):
    np.testing.assert_allclose(
        run(pytorchs(walk, flip=flip)), expected(walk, flip), rtol=1e-12, atol=1e-12
    )


def test_a_snippet_can_be_read():
    walk = Walk(np.eye(2), np.array([[0.5]]), stride=2, padding=(0, 1))
    assert scipys(walk, flip=True) == (
        "import numpy as np\n"
        "from scipy.signal import convolve2d\n"
        "\n"
        "x = np.array([\n"
        "    [1, 0],\n"
        "    [0, 1],\n"
        "], dtype=float)\n"
        "kernel = np.array([\n"
        "    [0.5],\n"
        "], dtype=float)\n"
        "padded = np.pad(x, (0, 1))\n"
        "y = convolve2d(\n"
        '    padded, kernel, mode="valid",\n'
        ")[::2, ::2]\n"
        "print(y)"
    )
