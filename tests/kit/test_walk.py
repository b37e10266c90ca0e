"""The walk of a window gives what SciPy and a count of the windows give, for any geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit

from pages.kit.walk import ACTIVATIONS, Walk

ORACLES = {"convolution": convolve2d, "correlation": correlate2d}
SQUASHED = {"none": lambda u: u, "relu": lambda u: np.clip(u, 0, None), "sigmoid": expit}


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Any walk whose window fits on the padded input."""
    size, ksize = draw(st.integers(5, 9)), draw(st.integers(1, 5))
    dilation = draw(st.integers(1, 2 if ksize < 4 else 1))
    before, after = draw(st.tuples(st.integers(0, 4), st.integers(0, 4)))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    return Walk(
        rng.integers(-9, 10, (size, size)) / 2,
        rng.integers(-9, 10, (ksize, ksize)) / 4,
        stride=draw(st.integers(1, 4)),
        padding=before if before == after else (before, after),
        dilation=dilation,
        bias=draw(st.sampled_from([0.0, -2.5, 1.0])),
        activation=draw(st.sampled_from(sorted(SQUASHED))),
    )


@settings(max_examples=50)
@given(walks())
def test_outputs_and_products_are_scipys(walk: Walk) -> None:
    dilated = np.zeros((walk.span, walk.span))
    dilated[:: walk.dilation, :: walk.dilation] = walk.kernel
    for mode, oracle in ORACLES.items():
        every = oracle(np.pad(walk.x, walk.sides), dilated, mode="valid")
        sums = every[:: walk.stride, :: walk.stride] + walk.bias
        np.testing.assert_allclose(walk.sums[mode], sums, atol=1e-12)
        np.testing.assert_allclose(walk.outputs[mode], SQUASHED[walk.activation](sums), atol=1e-12)
        np.testing.assert_allclose(
            walk.products[mode].sum(axis=(2, 3)) + walk.bias, sums, atol=1e-12
        )
    if walk.activation != "sigmoid":  # which takes large sums so close to 1 that they are equal
        with_flip, without = walk.outputs.values()
        np.testing.assert_array_equal(walk.changed, ~np.isclose(with_flip, without, atol=1e-12))


@settings(max_examples=50)
@given(walks())
def test_read_are_the_cells_under_some_window(walk: Walk) -> None:
    padded = len(walk.x) + sum(walk.sides)
    read = np.zeros((padded, padded), bool)
    for row in range(0, padded - walk.span + 1, walk.stride):
        for column in range(0, padded - walk.span + 1, walk.stride):
            for u in range(len(walk.kernel)):
                for v in range(len(walk.kernel)):
                    read[row + u * walk.dilation, column + v * walk.dilation] = True
    np.testing.assert_array_equal(walk.read, read)
    before, after = walk.sides
    assert walk.unread == int((~read[before : padded - after, before : padded - after]).sum())


def test_every_activation_has_been_compared_or_is_tanh() -> None:
    assert set(ACTIVATIONS) == {*SQUASHED, "tanh"}
    walk = Walk(np.eye(5), np.ones((2, 2)), activation="tanh")
    np.testing.assert_allclose(walk.outputs["convolution"][0, 0], np.tanh(2.0))


@pytest.mark.parametrize(
    ("mode", "bias", "activation", "formula"),
    [
        ("convolution", 0.0, "none", r"x_{i+u,\,j+v}\; k_{1-u,\,1-v}"),
        ("correlation", -0.5, "relu", r"\mathrm{ReLU}\Big("),
        ("correlation", -0.5, "none", r"x_{i+u,\,j+v}\; k_{u,\,v} -0.5"),
    ],
)
def test_the_formula_has_the_settings_in_it(
    mode: str, bias: float, activation: str, formula: str
) -> None:
    walk = Walk(np.eye(5), np.ones((2, 2)), bias=bias, activation=activation)
    assert formula in walk.formula(mode)
