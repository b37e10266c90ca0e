"""Real activations in batches: against SciPy's convolution and plain loops."""

import numpy as np
import pytest
from scipy.signal import convolve2d

from cnn_core import load_pretrained
from pages.kit.activity import BATCHES, FARTHEST, SIZES, Draws, activations, digits, shares


def forward(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The second convolution's maps and the scores of one digit, with SciPy."""
    params = load_pretrained("digits").params
    maps = last = image[None].astype(float)
    for name in ("conv1", "conv2"):
        weight, bias = params[f"{name}.weight"], params[f"{name}.bias"]
        maps = np.array(
            [
                sum(convolve2d(m, k, "same") for m, k in zip(maps, kernels, strict=True)) + b
                for kernels, b in zip(weight, bias, strict=True)
            ]
        )
        last = maps
        c, h, w = maps.shape
        maps = np.maximum(maps, 0).reshape(c, h // 2, 2, w // 2, 2).max(axis=(2, 4))
    scores = params["affine1.weight"] @ maps.ravel() + params["affine1.bias"]
    return last, scores


def test_the_activations_are_the_networks() -> None:
    for i in (0, 700, 1346):
        maps, scores = forward(digits()[i])
        np.testing.assert_allclose(activations("map")[i], maps, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(activations("neuron")[i, :, 0, 0], scores, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("size", SIZES)
def test_no_image_comes_twice_in_an_epoch(size: int) -> None:
    chosen = Draws("neuron", 0, size, 0.1, seed=5).chosen
    assert chosen.shape == (BATCHES, size)
    each = 1347 // size
    for first in range(0, BATCHES, each):
        epoch = chosen[first : first + each].ravel()
        assert len(set(epoch.tolist())) == len(epoch)
    assert (chosen != Draws("neuron", 0, size, 0.1, seed=6).chosen).any()


@pytest.mark.parametrize(
    ("kind", "channel", "size", "momentum"), [("map", 1, 4, 0.3), ("neuron", 2, 2, 1)]
)
def test_means_deviations_and_running_numbers_by_loops(
    kind: str, channel: int, size: int, momentum: float
) -> None:
    draws = Draws(kind, channel, size, momentum, seed=3)
    mean, var = 0.0, 1.0
    for k, rows in enumerate(draws.chosen):
        numbers = [float(v) for row in rows for v in activations(kind)[row, channel].ravel()]
        n, m = len(numbers), sum(numbers) / len(numbers)
        squares = sum((v - m) ** 2 for v in numbers)
        np.testing.assert_allclose(draws.measured[:, k], [m, (squares / n) ** 0.5], rtol=1e-9)
        mean += momentum * (m - mean)
        var += momentum * (squares / (n - 1) - var)
        np.testing.assert_allclose(draws.running[:, k + 1], [mean, var**0.5], rtol=1e-9)
    values = activations(kind)[:, channel]
    np.testing.assert_allclose(draws.whole, [values.mean(), values.std()])
    training, use = draws.normalised(7)
    x = activations(kind)[draws.chosen[7], channel].ravel()
    np.testing.assert_allclose(training, (x - x.mean()) / np.sqrt(x.var() + 1e-5))
    mean, std = draws.running[:, 8]
    np.testing.assert_allclose(use, (x - mean) / np.sqrt(std**2 + 1e-5))


def test_of_two_numbers_one_becomes_minus_one_and_the_other_one() -> None:
    draws = Draws("neuron", 3, 2, 0.1, seed=0)
    for k in range(BATCHES):
        np.testing.assert_allclose(np.sort(draws.normalised(k)[0]), [-1, 1], atol=1e-3)


@pytest.mark.parametrize("kind", ["map", "neuron"])
def test_larger_batches_scatter_less_and_all_fit_between_the_ends(kind: str) -> None:
    scatter = []
    for size in SIZES:
        draws = Draws(kind, 2, size, 0.5, seed=1)
        scatter += [draws.measured.std(axis=1)]
        for (low, high), row, running in zip(
            draws.spans, draws.measured, draws.running, strict=True
        ):
            middle = np.sort(row)[1:-1]  # the outermost may lie at the edge
            assert low <= middle.min() <= middle.max() <= high
            assert low <= running.min()
    assert (np.diff(scatter, axis=0) < 0).mean() > 0.9
    # A mean of n draws scatters by 1/√n.
    assert 0.7 < scatter[1][0] / scatter[5][0] / 4 < 1.4


def test_a_histogram_keeps_every_number() -> None:
    assert sum(shares(np.array([-9.0, 0, 1, 50]), (-4.5, 4.5))) == pytest.approx(1)
    found = shares(np.array([-9.0, 0, 0, 50]), (-FARTHEST, FARTHEST))
    assert (found[0], found[len(found) // 2], found[-1]) == (0.25, 0.5, 0.25)
    histograms = Draws("map", 4, 8, 0.1, seed=2).histograms(59)
    for histogram in histograms.values():
        assert sum(histogram) == pytest.approx(1)
