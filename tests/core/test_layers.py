"""Layers do what the functions do, remember what backward needs, and know their shapes."""

# mypy: disable-error-code="arg-type, union-attr"

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import (
    Affine,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Subsample2d,
    Tanh,
    affine,
    affine_backward,
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    subsample2d,
    subsample2d_backward,
    tanh,
    tanh_backward,
)
from tests import reference
from tests.core.arrays import EXACT, ORDERS, SINGLE, memory_orders, normal, relative_error, rng

CONV = {"stride": (2, 1), "padding": ((1, 0), (2, 1)), "dilation": (1, 2), "flip": False}
POOL = {"stride": (2, 1), "padding": ((1, 0), (0, 1)), "ceil_mode": True}
AVERAGE = {**POOL, "count_include_pad": False}


def conv_layer(dtype=np.float64, **settings):
    return Conv2d(2, 3, (3, 2), **(CONV | settings), rng=rng(9), dtype=dtype)


def subsample_layer(dtype=np.float64):
    layer = Subsample2d(2, (2, 3), dtype=dtype)
    layer.params["coefficient"][:] = [0.5, -2]
    layer.params["bias"][:] = [1, 3]
    return layer


def affine_layer(dtype=np.float64):
    return Affine(60, 4, rng=rng(9), dtype=dtype)


# Each layer beside the functions that it stands for: forward(x, *params), and backward, which
# returns grad_x and then the gradients of the parameters.
LAYERS: dict[str, Any] = {
    "conv": (
        conv_layer,
        lambda x, w, b: conv2d(x, w, b, **CONV),
        lambda delta, x, w, b: conv2d_backward(delta, x, w, **CONV),
    ),
    "max": (
        lambda dtype: MaxPool2d((3, 2), **POOL),
        lambda x: max_pool2d(x, (3, 2), **POOL),
        lambda delta, x: (max_pool2d_backward(delta, x, (3, 2), **POOL),),
    ),
    "max of tiles": (
        lambda dtype: MaxPool2d(2),
        lambda x: max_pool2d(x, 2),
        lambda delta, x: (max_pool2d_backward(delta, x, 2),),
    ),
    "average": (
        lambda dtype: AvgPool2d((3, 2), **AVERAGE),
        lambda x: avg_pool2d(x, (3, 2), **AVERAGE),
        lambda delta, x: (avg_pool2d_backward(delta, x, (3, 2), **AVERAGE),),
    ),
    "subsample": (
        subsample_layer,
        lambda x, beta, b: subsample2d(x, beta, b, (2, 3)),
        lambda delta, x, beta, b: subsample2d_backward(delta, x, beta, (2, 3)),
    ),
    "relu": (
        lambda dtype: ReLU(),
        relu,
        lambda delta, x: (relu_backward(delta, relu(x)),),
    ),
    "sigmoid": (
        lambda dtype: Sigmoid(),
        sigmoid,
        lambda delta, x: (sigmoid_backward(delta, sigmoid(x)),),
    ),
    "tanh": (
        lambda dtype: Tanh(),
        tanh,
        lambda delta, x: (tanh_backward(delta, tanh(x)),),
    ),
    "flatten": (
        lambda dtype: Flatten(),
        lambda x: x.reshape(len(x), 60),
        lambda delta, x: (delta.reshape(x.shape),),
    ),
    "affine": (affine_layer, affine, lambda delta, x, w, b: affine_backward(delta, x, w)),
    "nothing": (lambda dtype: Layer(), lambda x: x, lambda delta, x: (delta,)),
}


def make_input(name, n=4, dtype=np.float64, seed=0):
    return normal(n, *((60,) if name == "affine" else (2, 5, 6)), seed=seed, dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_its_functions(name, dtype):
    make, function, function_backward = LAYERS[name]
    layer, x = make(dtype), make_input(name, dtype=dtype)
    tolerance = SINGLE if dtype == np.float32 else EXACT
    y = layer.forward(x)
    assert y.dtype == dtype
    assert relative_error(y, function(x, *layer.params.values())) <= tolerance
    assert layer.output_shape(x.shape) == y.shape
    assert layer.output_shape(x.shape[1:]) == y.shape[1:]

    delta = normal(*y.shape, seed=1, dtype=dtype)
    grads = [layer.backward(delta), *layer.grads.values()]
    expected = function_backward(delta, x, *layer.params.values())
    for grad, wanted in zip(grads, expected, strict=True):
        assert grad.dtype == dtype
        assert relative_error(grad, wanted) <= tolerance


@pytest.mark.parametrize("reuse_buffers", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_every_step_starts_anew(name, reuse_buffers):
    """Gradients are those of the last batch, whatever came before and whatever its size was."""
    make, function, function_backward = LAYERS[name]
    layer = make(np.float64)
    layer.reuse_buffers = reuse_buffers
    for seed, n in enumerate([3, 3, 1, 0, 5, 3]):
        x = make_input(name, n, seed=seed)
        y = layer.forward(x)
        assert relative_error(y, function(x, *layer.params.values())) <= EXACT
        delta = normal(*y.shape, seed=seed)
        for _ in range(2):
            grads = [layer.backward(delta), *layer.grads.values()]
            expected = function_backward(delta, x, *layer.params.values())
            for grad, wanted in zip(grads, expected, strict=True):
                assert relative_error(grad, wanted) <= EXACT


@pytest.mark.parametrize("name", [name for name in LAYERS if name != "nothing"])
def test_a_layer_on_its_own_never_changes_what_it_handed_out(name):
    layer, x = LAYERS[name][0](np.float64), make_input(name)
    y = layer.forward(x)
    grad_x = layer.backward(np.ones_like(y))
    before = y.copy(), grad_x.copy()
    layer.forward(-2 * x)
    layer.backward(np.full_like(y, 3))
    np.testing.assert_array_equal(y, before[0])
    np.testing.assert_array_equal(grad_x, before[1])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", LAYERS)
def test_the_order_in_memory_does_not_matter(name, order):
    layer, x = LAYERS[name][0](np.float64), make_input(name)
    y = layer.forward(x).copy()
    delta = normal(*y.shape, seed=1)
    grad_x = layer.backward(delta).copy()
    grads = {key: grad.copy() for key, grad in layer.grads.items()}
    other_x, other_delta = memory_orders(x)[order], memory_orders(delta)[order]
    assert relative_error(layer.forward(other_x), y) <= EXACT
    assert relative_error(layer.backward(other_delta), grad_x) <= EXACT
    for key, grad in layer.grads.items():
        assert relative_error(grad, grads[key]) <= EXACT
    np.testing.assert_array_equal(other_x, x)
    np.testing.assert_array_equal(other_delta, delta)


@pytest.mark.parametrize("name", LAYERS)
def test_the_parameters_gradients_do_not_depend_on_the_inputs_being_wanted(name):
    layer, x = LAYERS[name][0](np.float64), make_input(name)
    delta = normal(*layer.forward(x).shape)
    layer.backward(delta)
    wanted = {key: grad.copy() for key, grad in layer.grads.items()}
    layer.forward(x)
    layer.backward(delta, needs_input_grad=False)
    for key, grad in layer.grads.items():
        np.testing.assert_array_equal(grad, wanted[key])


@pytest.mark.parametrize("name", LAYERS)
def test_a_copy_goes_its_own_way(name):
    layer, x = LAYERS[name][0](np.float64), make_input(name)
    y = layer.forward(x).copy()
    twin = copy.deepcopy(layer)
    for value in twin.params.values():
        value += 1
    assert relative_error(layer.forward(x), y) == 0
    delta = normal(*y.shape)
    kept = [layer.backward(delta).copy(), *(grad.copy() for grad in layer.grads.values())]
    twin.forward(2 * x)
    twin.backward(3 * delta)
    for grad, wanted in zip([layer.backward(delta), *layer.grads.values()], kept, strict=True):
        np.testing.assert_array_equal(grad, wanted)


def test_relu_in_a_network_does_not_overwrite_its_input():
    layer, x = ReLU(), normal(3, 4)
    layer.reuse_buffers = True
    before = x.copy()
    layer.forward(x)
    layer.backward(np.ones((3, 4)))
    np.testing.assert_array_equal(x, before)


# --- counts ---


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_a_convolution_has_a_connection_for_each_product_and_each_bias(c, o, kh, kw):
    layer = Conv2d(c, o, (kh, kw), padding=1, stride=2, rng=rng())
    (_, filters, oh, ow), products = reference.connections(
        (1, c, 6, 5), (o, c, kh, kw), padding=((1, 1), (1, 1)), stride=(2, 2)
    )
    assert layer.connection_count((c, 6, 5)) == len(products) + filters * oh * ow
    assert layer.parameter_count == o * (c * kh * kw + 1)


def test_counts_of_the_other_layers():
    counts = {
        MaxPool2d(2): (0, 4 * 2 * 3 * 4),
        AvgPool2d(3, stride=1): (0, 4 * 3 * 5 * 9),
        Subsample2d(4): (8, 4 * 2 * 3 * 5),
        ReLU(): (0, 0),
        Flatten(): (0, 0),
    }
    for layer, (parameters, connections) in counts.items():
        assert layer.parameter_count == parameters
        assert layer.connection_count((4, 5, 7)) == connections
        assert layer.connection_count((8, 4, 5, 7)) == connections  # those of one sample
    assert Affine(84, 10, rng=rng()).connection_count((84,)) == 850


def test_a_layer_writes_itself_as_it_is_made():
    names = {
        "Conv2d(2, 3, (3, 3))": Conv2d(2, 3, 3, rng=rng()),
        "Conv2d(1, 1, (2, 3), stride=(2, 2), padding=((1, 1), (1, 1)), dilation=(3, 3), "
        "flip=False)": Conv2d(1, 1, (2, 3), stride=2, padding=1, dilation=3, flip=False, rng=rng()),
        "MaxPool2d((2, 2))": MaxPool2d(2),
        "AvgPool2d((3, 3), stride=(2, 2), ceil_mode=True)": AvgPool2d(3, stride=2, ceil_mode=True),
        "Subsample2d(6, (2, 2))": Subsample2d(6),
        "Affine(120, 84)": Affine(120, 84, rng=rng()),
        "Flatten()": Flatten(),
    }
    for name, layer in names.items():
        assert repr(layer) == name
    for layer in list(names.values())[2:5]:
        twin = eval(repr(layer))
        assert repr(twin) == repr(layer)


# --- first parameters ---


def test_the_seed_decides_the_first_weights():
    for make in (lambda r: Conv2d(2, 3, 3, rng=r), lambda r: Affine(5, 4, rng=r)):
        first, again, other = make(rng(1)), make(rng(1)), make(rng(2))
        for key, value in first.params.items():
            np.testing.assert_array_equal(value, again.params[key])
            assert not np.array_equal(value, other.params[key])
            assert value.dtype == np.float32
            assert not first.grads[key].any()


def test_first_weights_are_within_the_bounds_of_their_fan_in():
    conv, full = Conv2d(3, 50, (5, 2), rng=rng()), Affine(49, 50, rng=rng())
    for layer, fan_in in ((conv, 30), (full, 49)):
        largest = max(np.abs(value).max() for value in layer.params.values())
        assert 0.9 * fan_in**-0.5 < largest <= fan_in**-0.5


def test_subsampling_starts_as_the_average():
    x = normal(2, 3, 6, 6, dtype=np.float32)
    assert relative_error(Subsample2d(3, 3).forward(x), avg_pool2d(x, 3)) <= 1e-6


# --- what cannot be computed ---


@pytest.mark.parametrize(
    ("sentence", "make"),
    [
        (r"^`in_channels` \(=0\) must be at least 1", lambda: Conv2d(0, 1, 3, rng=rng())),
        (r"^`out_channels` \(=2\.5\) must be a whole", lambda: Conv2d(1, 2.5, 3, rng=rng())),
        (r"^`in_channels` \(=\(1, 2\)\) must be a", lambda: Conv2d((1, 2), 1, 3, rng=rng())),
        (r"^`kernel_size` \(=0\) must be at least 1", lambda: Conv2d(1, 1, 0, rng=rng())),
        (r"^`stride` \(='2'\) must be", lambda: Conv2d(1, 1, 3, stride="2", rng=rng())),
        (r"^`padding` \(=-1\) must be", lambda: Conv2d(1, 1, 3, padding=-1, rng=rng())),
        (r"^`dilation` \(=0\) must be", lambda: Conv2d(1, 1, 3, dilation=0, rng=rng())),
        (r"^`rng` \(=0\) must be a generator", lambda: Conv2d(1, 1, 3, rng=0)),
        (r"^`dtype` \(='int8'\)", lambda: Conv2d(1, 1, 3, rng=rng(), dtype="int8")),
        (r"^`kernel_size` \(=None\) must be", lambda: MaxPool2d(None)),
        (r"^`stride` \(=0\) must be at least 1", lambda: AvgPool2d(2, stride=0)),
        (r"^`channels` \(=-1\) must be at least 1", lambda: Subsample2d(-1)),
        (r"^`dtype` \(=<class 'int'>\) must be", lambda: Subsample2d(1, dtype=int)),
        (r"^`in_features` \(=0\) must be at least 1", lambda: Affine(0, 1, rng=rng())),
        (r"^`out_features` \(='3'\) must be a whole", lambda: Affine(1, "3", rng=rng())),
    ],
)
def test_settings_that_cannot_be_used_are_named(sentence, make):
    with pytest.raises(ValueError, match=sentence):
        make()


MAPS = np.zeros((1, 2, 5, 6))


@pytest.mark.parametrize(
    ("sentence", "layer", "x"),
    [
        (r"^`x` has shape \(2, 5, 6\); it must have 4 axes", conv_layer(), MAPS[0]),
        (
            r"^`x` has 1 channels, but Conv2d\(2, 3, .* `in_channels` \(=2\)",
            conv_layer(),
            MAPS[:, :1],
        ),
        (r"^`kernel_size` \(=3\) spans 3 cells, .* only 2", conv_layer(), MAPS[:, :, :1]),
        ("^`x` has dtype complex128", conv_layer(), MAPS.astype(complex)),
        (r"^`x` has shape \(5, 6\); it must have 4 axes", MaxPool2d(2), MAPS[0, 0]),
        ("^`x` has dtype object", MaxPool2d(2), MAPS.astype(object)),
        (r"^`kernel_size` \(=6\) spans 6 cells, .* only 5", MaxPool2d(6), MAPS),
        (r"^`padding` \(=.*\) must be smaller than", AvgPool2d(2, padding=2), MAPS),
        (r"^`x` has shape \(1, 2, 5\); it must have 4 axes", AvgPool2d(2), MAPS[..., 0]),
        (r"^`coefficient` has shape \(3,\); it must be \(2,\)", Subsample2d(3), MAPS),
        (
            r"^`x` has shape \(1, 59\), but Affine\(60, 4\) was made for `in_features` \(=60\)",
            affine_layer(),
            np.zeros((1, 59)),
        ),
        (r"^`x` has shape \(1, 2, 5, 6\); it must have 2 axes", affine_layer(), MAPS),
        (r"^`x` has shape \(1, 60\); it must have 4 axes", Flatten(), np.zeros((1, 60))),
        ("^`x` has dtype <U", ReLU(), MAPS.astype(str)),
        ("^`x` has dtype object", Tanh(), MAPS.astype(object)),
        ("^`x` has dtype complex", Sigmoid(), MAPS.astype(complex)),
    ],
)
def test_inputs_that_cannot_be_used_are_named(sentence, layer, x):
    with pytest.raises(ValueError, match=sentence):
        layer.forward(x)


@pytest.mark.parametrize("layer", [conv_layer(), MaxPool2d(2), AvgPool2d(2), Flatten()], ids=repr)
@pytest.mark.parametrize("shape", [(), (5, 6), (1, 1, 2, 5, 6)])
def test_shapes_that_are_no_maps_are_refused(layer, shape):
    with pytest.raises(ValueError, match=r"^`x` has shape \(.*\); .* needs maps \(N, C, H, W\)"):
        layer.output_shape(shape)


def test_other_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"^`x` has 2 maps, but Subsample2d\(3, .* \(=3\)"):
        Subsample2d(3).output_shape((2, 5, 6))
    with pytest.raises(ValueError, match=r"^`x` has shape \(2, 5, 6\), .* a Flatten first"):
        affine_layer().output_shape((2, 5, 6))


def test_a_gradient_of_another_shape_is_refused():
    layer = conv_layer()
    y = layer.forward(normal(4, 2, 5, 6))
    with pytest.raises(ValueError, match=r"^`grad_output` has shape .*; it must be \(4, 3,"):
        layer.backward(np.swapaxes(y, 0, 1))


@pytest.mark.parametrize("name", ["conv", "max", "average", "relu", "flatten"])
def test_whole_numbers_and_lists_are_welcome(name):
    make, function, _ = LAYERS[name]
    layer, x = make(np.float64), rng().integers(-9, 9, (3, 2, 5, 6))
    expected = function(x.astype(float), *layer.params.values())
    assert relative_error(layer.forward(x), expected) <= EXACT
    assert relative_error(layer.forward(x.tolist()), expected) <= EXACT
    model = Sequential(layer)
    for _ in range(2):
        assert relative_error(model.forward(x), expected) <= EXACT
        assert relative_error(model.forward(x.tolist()), expected) <= EXACT
