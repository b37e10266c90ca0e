"""/fully-connected: every length, slope and share against plain NumPy; settings; the secret."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import load_dataset
from pages.kit import direct
from pages.kit.parameter_shares import known_shares
from tests.pages.lesson import open_lesson, skip, unpacked

LESSON = "networks/fully_connected.py"
Array = np.ndarray[Any, np.dtype[Any]]


def mounted(at: AppTest) -> dict[str, Any]:
    """What the stage was given."""
    assert not at.exception
    (raw,) = (each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes)
    return unpacked(raw)


def ask(at: AppTest, **texts: str) -> dict[str, Any]:
    """What the page's address answers, as the browser would ask it."""
    return unpacked(direct.ask(mounted(at)["direct"].removeprefix("direct/"), texts))


# ---------------------------------------------------------------- the same network by hand

FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "relu": (lambda u: np.maximum(u, 0), lambda u: (u > 0) * 1.0),
    "sigmoid": (
        lambda u: 1 / (1 + np.exp(-u)),
        lambda u: 1 / (1 + np.exp(-u)) * (1 - 1 / (1 + np.exp(-u))),
    ),
    "tanh": (np.tanh, lambda u: 1 - np.tanh(u) ** 2),
}


def first_weights(widths: tuple[int, ...], seed: int) -> list[tuple[Array, Array]]:
    """Uniform within 1/√inputs, weights before biases, layer by layer."""
    rng, sizes = np.random.default_rng(seed), (64, *widths, 10)
    layers = []
    for inputs, outputs in pairwise(sizes):
        bound = inputs**-0.5
        weight = rng.uniform(-bound, bound, (outputs, inputs))
        layers.append((weight, rng.uniform(-bound, bound, outputs)))
    return layers


def forward(layers: list[tuple[Array, Array]], name: str, x: Array) -> list[Array]:
    """What goes into each activation, and the scores at the end."""
    before = []
    for weight, bias in layers:
        before.append(x @ weight.T + bias)
        x = FUNCTIONS[name][0](before[-1])
    return before


def lengths(layers: list[tuple[Array, Array]], name: str, x: Array, labels: Array) -> list[float]:
    """The length of every layer's gradient, first to last."""
    activate, slope = FUNCTIONS[name]
    before = forward(layers, name, x)
    inputs = [x, *(activate(u) for u in before[:-1])]
    delta = shares(before[-1]) - np.eye(10)[labels]
    delta /= len(x)
    found = []
    for i in reversed(range(len(layers))):
        grads = np.concatenate([(delta.T @ inputs[i]).ravel(), delta.sum(axis=0)])
        found.append(float(np.sqrt((grads**2).sum())))
        if i:
            delta = delta @ layers[i][0] * slope(before[i - 1])
    return found[::-1]


def shares(scores: Array) -> Array:
    powers = np.exp(scores)
    shares: Array = powers / powers.sum(axis=1, keepdims=True)
    return shares


def ten_images() -> Array:
    data = load_dataset("digits", rng=np.random.default_rng(0))
    images: Array = np.array(
        [data.test_images[data.test_labels.tolist().index(digit)].ravel() for digit in range(10)]
    ).astype(float)
    return images


# ---------------------------------------------------------------- what the page shows


@pytest.mark.parametrize(
    ("names", "widths", "seed"),
    [
        (("relu", "sigmoid"), (32, 32, 32, 32), 0),
        (("tanh", "relu"), (128, 4, 16, 8), 7),
    ],
)
def test_gradients_slopes_and_strips_are_those_of_plain_numpy(
    names: tuple[str, str], widths: tuple[int, ...], seed: int
) -> None:
    settings: dict[str, Any] = {f"w{i}": width for i, width in enumerate(widths, start=1)}
    at = open_lesson(LESSON, a=names[0], b=names[1], seed=seed, **settings)
    fields = mounted(at)
    arrays = fields["arrays"]
    data = load_dataset("digits", rng=np.random.default_rng(0))
    batch, labels = data.train_images[:50].reshape(50, 64).astype(float), data.train_labels[:50]
    layers = first_weights(widths, seed)
    np.testing.assert_allclose(arrays["images"].reshape(10, 64) / 255, ten_images(), atol=0.003)
    for lane, name in enumerate(names):
        gradients = fields["race"]["lanes"][lane]["gradients"]
        assert list(gradients) == [f"affine{i}" for i in range(1, 6)]
        wanted = lengths(layers, name, batch, labels)
        np.testing.assert_allclose(list(gradients.values()), wanted, rtol=1e-4)
        before = forward(layers, name, ten_images())
        activate, slope = FUNCTIONS[name]
        np.testing.assert_allclose(
            fields["slopes"][lane], [slope(u).mean() for u in before[:-1]], rtol=1e-4
        )
        strips = np.concatenate([*(activate(u) for u in before[:-1]), shares(before[-1])], axis=1)
        np.testing.assert_allclose(arrays[f"strips-{lane}"], strips, atol=1e-5)


def test_shapes_and_parameters_stand_on_the_arrows() -> None:
    fields = mounted(open_lesson(LESSON, w1=16, w2=8))
    arrows = [layer["arrow"] for layer in fields["layers"]]
    assert arrows == [
        "Affine 64 → 16 · 1,040 parameters",
        "Affine 16 → 8 · 136 parameters",
        "Affine 8 → 32 · 288 parameters",
        "Affine 32 → 32 · 1,056 parameters",
        "Affine 32 → 10 · 330 parameters",
    ]
    assert fields["total"] == 1040 + 136 + 288 + 1056 + 330
    assert fields["convolution"] == 16 * (9 + 1)


def test_an_epoch_on_the_page_is_an_epoch_by_hand() -> None:
    """27 steps of gradient descent with momentum, in the order that the seed decides."""
    at = open_lesson(LESSON, lr=0.1, seed=3)
    fields = ask(at, verb="epoch", id="1")
    arrays = fields["arrays"]
    assert (fields["race"]["step"], fields["race"]["heard"]) == (27, 1)
    data = load_dataset("digits", rng=np.random.default_rng(0))
    x, t = data.train_images.reshape(-1, 64).astype(float), data.train_labels
    for lane, name in enumerate(("relu", "sigmoid")):
        layers, order = first_weights((32,) * 4, 3), np.random.default_rng(3).permutation(len(x))
        speed = [(np.zeros_like(w), np.zeros_like(b)) for w, b in layers]
        for start in range(0, len(x), 50):
            batch = order[start : start + 50]
            for i, gradient in enumerate(gradients_of(layers, name, x[batch], t[batch])):
                moved = [0.9 * v + g for v, g in zip(speed[i], gradient, strict=True)]
                speed[i] = (moved[0], moved[1])
                weight, bias = (p - 0.1 * v for p, v in zip(layers[i], moved, strict=True))
                layers[i] = (weight, bias)
        scores = forward(layers, name, data.test_images.reshape(-1, 64).astype(float))[-1]
        accuracy = float((scores.argmax(axis=1) == data.test_labels).mean())
        assert arrays[f"lane-{lane}"][4, -1] == pytest.approx(accuracy, abs=0.005)


def gradients_of(
    layers: list[tuple[Array, Array]], name: str, x: Array, labels: Array
) -> list[tuple[Array, Array]]:
    activate, slope = FUNCTIONS[name]
    before = forward(layers, name, x)
    inputs = [x, *(activate(u) for u in before[:-1])]
    delta = (shares(before[-1]) - np.eye(10)[labels]) / len(x)
    found = []
    for i in reversed(range(len(layers))):
        found.append((delta.T @ inputs[i], delta.sum(axis=0)))
        if i:
            delta = delta @ layers[i][0] * slope(before[i - 1])
    return found[::-1]


def test_relu_learns_and_four_sigmoids_do_not() -> None:
    at = open_lesson(LESSON)
    for wish in range(1, 20):
        ask(at, verb="epoch", id=str(wish))
    arrays = ask(at, verb="epoch", id="20")["arrays"]
    assert arrays["lane-0"][4, -1] > 0.93
    assert arrays["lane-1"][4, -1] < 0.2


def test_a_race_survives_a_change_of_language_and_page_and_ends_with_a_new_setting() -> None:
    at = open_lesson(LESSON)
    ask(at, verb="epoch", id="1")
    at.query_params["lang"] = "zh"
    assert mounted(at.run())["race"]["step"] == 27
    at.switch_page("pooling/pooling.py").run()
    assert mounted(at.switch_page(LESSON).run())["race"]["step"] == 27
    at.text_input(key="w1").set_value("64").run()
    assert mounted(at)["race"]["step"] == 0


@pytest.mark.parametrize(("lang", "hint"), [("en", "a thousandth"), ("zh", "千分之一")])
def test_the_lengths_are_a_secret_until_somebody_guessed(lang: str, hint: str) -> None:
    at = open_lesson(LESSON, lang)
    assert mounted(at)["hidden"]
    assert not any(hint in each.value for each in at.markdown)
    at = skip(at)
    assert not mounted(at)["hidden"]
    assert any(hint in each.value for each in at.markdown)
    data = load_dataset("digits", rng=np.random.default_rng(0))
    batch, labels = data.train_images[:50].reshape(50, 64).astype(float), data.train_labels[:50]
    for name in ("sigmoid", "relu"):
        wanted = lengths(first_weights((32,) * 4, 0), name, batch, labels)
        told = [f"{wanted[0]:.2g}", f"{wanted[-1]:.2g}"]
        assert any(all(number in each.value for number in told) for each in at.markdown)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "setting",
    [
        {"a": "swish"},
        {"b": ""},
        {"w1": "7"},
        {"w4": "-1"},
        {"lr": "0"},
        {"seed": "1e9"},
        {"image": "10"},
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(setting: dict[str, str], lang: str) -> None:
    at = open_lesson(LESSON, lang, **setting)
    assert mounted(at)["race"]["step"] == 0
    (notice,) = at.info
    assert next(iter(setting)) in notice.value


def test_shares_of_parameters_are_those_of_the_papers() -> None:
    shares = {each.name: each for each in known_shares()}
    assert shares["mnist"][1:] == (6 * 26 + 16 * (6 * 25 + 1), 10 * 401)
    assert shares["VGG-16 (2014)"].kernels + shares["VGG-16 (2014)"].dense == 138_357_544
    alexnet = shares["AlexNet (2012)"]
    assert alexnet.dense == 9216 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000
    assert alexnet.dense_share == pytest.approx(0.94, abs=0.005)
