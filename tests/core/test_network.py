"""Whole networks: LeNet-5's published numbers, gradients, one vector of parameters, files."""

# mypy: disable-error-code="arg-type, union-attr"

import copy
import io
import pickle
import zipfile
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

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
    StateError,
    Subsample2d,
    Tanh,
    check_gradients,
    cross_entropy,
    squared_error,
)
from tests.core.arrays import EXACT, GRADIENT, normal, relative_error, rng
from tests.reference import slope


def lenet5(dtype=np.float32, seed=0):
    """LeNet-5 as published, but for C3, which is connected fully here."""
    options = {"rng": rng(seed), "dtype": dtype}
    return Sequential(
        Conv2d(1, 6, 5, **options),  # C1
        Subsample2d(6, dtype=dtype),  # S2
        Sigmoid(),
        Conv2d(6, 16, 5, **options),  # C3
        Subsample2d(16, dtype=dtype),  # S4
        Sigmoid(),
        Conv2d(16, 120, 5, **options),  # C5
        Tanh(),
        Flatten(),
        Affine(120, 84, **options),  # F6
        Tanh(),
        Affine(84, 10, **options),
    )


def every_layer(dtype=np.float64, seed=0):
    """A small network with every kind of layer, for images of (2, 12, 11)."""
    options = {"rng": rng(seed), "dtype": dtype}
    return Sequential(
        Conv2d(2, 3, 3, padding=((1, 0), (2, 1)), **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=1, ceil_mode=True),
        Conv2d(3, 4, (2, 3), flip=False, dilation=(2, 1), **options),
        Tanh(),
        Subsample2d(4, (1, 2), dtype=dtype),
        Sigmoid(),
        AvgPool2d(2, stride=1, padding=1, count_include_pad=False),
        Flatten(),
        Affine(4 * 5 * 3, 5, **options),
    )


IMAGE = (2, 12, 11)


def small(seed=0, dtype=np.float32):
    options = {"rng": rng(seed), "dtype": dtype}
    return Sequential(Conv2d(1, 2, 3, **options), ReLU(), Flatten(), Affine(8, 3, **options))


# --- counts ---


def test_lenet5_has_the_published_numbers():
    rows = {row.name: row for row in lenet5().summary((1, 32, 32))}
    shapes = {name: row.output_shape for name, row in rows.items()}
    assert shapes["conv1"] == (6, 28, 28)
    assert shapes["subsample1"] == (6, 14, 14)
    assert shapes["conv2"] == (16, 10, 10)
    assert shapes["subsample2"] == (16, 5, 5)
    assert shapes["conv3"] == (120, 1, 1)
    assert shapes["flatten1"] == (120,)
    assert shapes["affine2"] == (10,)
    counts = {name: (row.parameters, row.connections) for name, row in rows.items()}
    assert counts["conv1"] == (156, 122_304)
    assert counts["subsample1"] == (12, 5_880)
    assert counts["conv2"] == (2_416, 241_600)  # 16 filters that see all 6 maps
    assert counts["subsample2"] == (32, 2_000)
    assert counts["conv3"] == (48_120, 48_120)
    assert counts["affine1"] == (10_164, 10_164)
    assert counts["affine2"] == (850, 850)
    assert counts["sigmoid1"] == (0, 0)


def test_the_summary_adds_up_and_fits_together():
    model = lenet5()
    rows = model.summary((1, 32, 32))
    assert [row.name for row in rows] == model.names
    assert [row.layer for row in rows] == model.layers
    assert sum(row.parameters for row in rows) == model.parameter_count == model.flat_params.size
    assert sum(row.connections for row in rows) == model.connection_count((1, 32, 32))
    assert all(row.output_shape == after.input_shape for row, after in pairwise(rows))
    assert rows[-1].output_shape == model.output_shape((1, 32, 32))
    assert model.output_shape((7, 1, 32, 32)) == (7, 10)


def test_shapes_are_those_of_the_arrays():
    model, x = every_layer(), normal(3, *IMAGE)
    for row, (name, output) in zip(model.summary(x.shape), model.trace(x), strict=True):
        assert row.name == name
        assert row.output_shape == output.shape


def test_names_count_each_kind():
    names = "conv1, relu1, pool1, conv2, tanh1, subsample1, sigmoid1, pool2, flatten1, affine1"
    assert ", ".join(every_layer().names) == names


def test_a_shape_that_does_not_fit_names_the_layer():
    with pytest.raises(ValueError, match=r"Affine\(8, 3\) was made for `in_features` \(=8\)"):
        small().summary((1, 9, 9))
    with pytest.raises(ValueError, match=r"3 channels, but Conv2d\(1, 2, \(3, 3\)\) was made"):
        small().output_shape((3, 4, 4))


# --- forward and backward ---


def test_forward_and_backward_are_those_of_the_layers_one_by_one():
    model, alone, x = every_layer(), every_layer(), normal(3, *IMAGE)
    outputs, grads = [], []
    value = x
    for layer in alone.layers:
        layer.reuse_buffers = False
        value = layer.forward(value)
        outputs.append(value)
    grad = delta = normal(3, 5, seed=1)
    for layer in reversed(alone.layers):
        grad = layer.backward(grad)
        grads.append(grad)

    for repeat in range(2):  # the second time in the buffers of the first
        y = model.forward(x)
        assert relative_error(y, outputs[-1]) <= EXACT
        assert relative_error(model.backward(delta), grads[-1]) <= EXACT
        assert relative_error(model.flat_grads, alone.flat_grads) <= EXACT

        trace = model.trace(x)
        assert [name for name, _ in trace] == model.names
        for (_, traced), output in zip(trace, outputs, strict=True):
            assert relative_error(traced, output) <= EXACT
        model.flat_grads[:] = np.nan
        trace = model.trace_backward(delta)
        assert [name for name, _ in trace] == model.names[::-1]
        for (_, traced), gradient in zip(trace, grads, strict=True):
            assert relative_error(traced, gradient) <= EXACT
        assert relative_error(model.flat_grads, alone.flat_grads) <= EXACT, repeat


def test_without_the_inputs_gradient_the_parameters_get_the_same():
    model, x, delta = every_layer(), normal(3, *IMAGE), normal(3, 5, seed=1)
    model.forward(x)
    model.backward(delta)
    wanted = model.flat_grads.copy()
    model.flat_grads = np.zeros_like(wanted)
    model.forward(x)
    assert model.backward(delta, needs_input_grad=False) is None
    np.testing.assert_array_equal(model.flat_grads, wanted)


def test_what_is_handed_out_stays_as_it_is():
    model, x = every_layer(), normal(3, *IMAGE)
    y = model.forward(x)
    grad_x = model.backward(np.ones_like(y))
    trace = model.trace(x)
    backward_trace = model.trace_backward(np.ones_like(y))
    state = model.state()
    handed_out = [y, grad_x, *dict(trace).values(), *dict(backward_trace).values(), *state.values()]
    before = [array.copy() for array in handed_out]
    model.flat_params *= 3
    model.trace(-x)
    model.trace_backward(np.full_like(y, 7))
    model.backward(2 * model.forward(-5 * x))
    for array, as_it_was in zip(handed_out, before, strict=True):
        np.testing.assert_array_equal(array, as_it_was)


def test_inputs_are_not_changed():
    for first in (Conv2d(2, 1, 3, rng=rng()), ReLU(), MaxPool2d(2), Tanh(), Flatten(), Layer()):
        model, x = Sequential(first, ReLU()), normal(2, 2, 4, 4, dtype=np.float32)
        x.flags.writeable = False
        y = model.forward(x)
        y[...] = 1
        y.flags.writeable = False
        model.backward(y)
        np.testing.assert_array_equal(x, normal(2, 2, 4, 4, dtype=np.float32))


def test_batches_of_any_size_in_any_order():
    model = every_layer()
    x = normal(6, *IMAGE)
    whole = model.forward(x)
    for part in ([0], [0, 1, 2], [], [5], [3, 4], [0, 1, 2, 3, 4, 5]):
        y = model.forward(x[part])
        assert y.shape == (len(part), 5)
        assert relative_error(y, whole[part]) <= EXACT
        assert model.backward(np.ones_like(y)).shape == (len(part), *IMAGE)
    assert model.forward(x[:0]).shape == (0, 5)


def test_gradients_of_samples_add_up():
    model, x, delta = every_layer(), normal(4, *IMAGE), normal(4, 5, seed=1)
    model.forward(x)
    model.backward(delta)
    together, apart = model.flat_grads.copy(), 0.0
    for n in range(4):
        model.forward(x[n : n + 1])
        model.backward(delta[n : n + 1])
        apart = apart + model.flat_grads
    assert relative_error(apart, together) <= EXACT


NETWORKS: dict[str, Any] = {
    "every layer": (every_layer, IMAGE),
    "LeNet-5": (lambda seed: lenet5(np.float64, seed), (1, 32, 32)),
    "no layer but one": (
        lambda seed: Sequential(Flatten(), Affine(4, 3, rng=rng(seed), dtype=np.float64)),
        (1, 2, 2),
    ),
}


@pytest.mark.parametrize("loss", [cross_entropy, squared_error])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NETWORKS)
def test_the_gradients_of_whole_networks_are_their_slopes(name, seed, loss):
    make, image = NETWORKS[name]
    model, x = make(seed=seed), normal(3, *image, seed=seed)
    classes = model.output_shape(image)[0]
    target = [0, 1, 2] if loss is cross_entropy else normal(3, classes, seed=seed + 1)
    report = check_gradients(model, x, target, loss=loss, rng=rng(seed), cells=12)
    parameters = [name for name in model.params if report[name].analytic.any()]
    assert parameters == list(model.params)  # none is left out
    for check in report.checks:
        if not check.directional.kink:
            assert check.directional.relative_error <= GRADIENT, check.name
        assert check.worst_error <= GRADIENT, check.name
        assert check.kinks.sum() <= 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NETWORKS)
def test_the_same_slopes_measured_without_any_allowance(name, seed):
    """Go uphill and a little astray: there the slope is steep, and rounding does not hide it."""
    make, image = NETWORKS[name]
    model, x = make(seed=seed), normal(3, *image, seed=seed)

    def loss_with(parameter, value):
        kept = parameter.copy()
        parameter[...] = value
        loss = cross_entropy(model.forward(x), [0, 1, 2])[0]
        parameter[...] = kept
        return loss

    grad_x = model.backward(cross_entropy(model.forward(x), [0, 1, 2])[1])
    grads = {key: (model.params[key], grad.copy()) for key, grad in model.grads.items()}
    for key, (parameter, grad) in {"x": (x, grad_x), **grads}.items():
        astray = normal(*grad.shape, seed=seed + 5)
        direction = grad / np.linalg.norm(grad) + astray / np.linalg.norm(astray)
        measured = slope(partial(loss_with, parameter), parameter.copy(), direction)
        assert measured == pytest.approx(np.vdot(grad, direction), rel=GRADIENT), key


def forgets_the_flip(model):
    conv = model.layers[0]
    backward = conv.backward

    def faulty(*arguments, **options):
        grad_x = backward(*arguments, **options)
        conv.grads["weight"][...] = conv.grads["weight"][..., ::-1, ::-1].copy()
        return grad_x

    conv.backward = faulty


def forgets_a_bias(model):
    affine = model.layers[-1]
    backward = affine.backward

    def faulty(*arguments, **options):
        grad_x = backward(*arguments, **options)
        affine.grads["bias"][...] = 0
        return grad_x

    affine.backward = faulty


def lets_everything_through(model):
    model.layers[1].backward = lambda grad_output, **options: grad_output


def halves_a_gradient(model):
    pool = model.layers[7]
    backward = pool.backward
    pool.backward = lambda grad_output, **options: backward(grad_output, **options) / 2


@pytest.mark.parametrize(
    "plant", [forgets_the_flip, forgets_a_bias, lets_everything_through, halves_a_gradient]
)
def test_a_planted_fault_shows_in_the_gradients(plant):
    model, x = every_layer(), normal(3, *IMAGE)
    assert check_gradients(model, x, [0, 1, 2], rng=rng(), cells=0).verdict == "excellent"
    plant(model)
    report = check_gradients(model, x, [0, 1, 2], rng=rng(), cells=0)
    assert max(check.directional.relative_error for check in report.checks) > 1e-3


def test_float32_stays_float32_and_agrees_with_float64():
    x = normal(3, *IMAGE)
    single, double = every_layer(np.float32), every_layer(np.float64)
    y, expected = single.forward(x.astype(np.float32)), double.forward(x)
    grad_x, expected_grad = single.backward(y), double.backward(expected)
    for array in (y, grad_x, single.flat_params, single.flat_grads):
        assert array.dtype == np.float32
    assert {output.dtype for _, output in single.trace(x.astype(np.float32))} == {y.dtype}
    assert relative_error(y, expected) <= 1e-5
    assert relative_error(grad_x, expected_grad) <= 1e-4
    assert relative_error(single.flat_grads, double.flat_grads) <= 1e-4


def test_the_same_seed_gives_the_same_numbers():
    x = normal(3, *IMAGE)
    results = []
    for seed in (1, 1, 2):
        model = every_layer(seed=seed)
        y = model.forward(x)
        results.append(np.concatenate([y.ravel(), model.backward(y).ravel(), model.flat_grads]))
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.allclose(results[0], results[2])


def test_gradients_of_another_shape_are_refused():
    model = small()
    with pytest.raises(ValueError, match="`backward` needs a `forward`"):
        model.backward(np.zeros((2, 3)))
    model.forward(normal(2, 1, 4, 4))
    for call in (model.backward, model.trace_backward):
        with pytest.raises(ValueError, match=r"^`grad_output` has shape \(3, 2\); it must be \(2,"):
            call(np.zeros((3, 2)))
        with pytest.raises(ValueError, match=r"^`grad_output` has dtype object"):
            call(None)


@pytest.mark.parametrize("x", [None, "image", np.zeros((4, 4)), np.zeros((1, 1, 4, 4), complex)])
def test_what_is_no_batch_is_refused(x):
    model = small()
    for call in (model.forward, model.trace):
        with pytest.raises(ValueError, match=r"^`x` has "):
            call(x)
        model.forward(normal(1, 1, 4, 4))  # from now on this shape is known
        with pytest.raises(ValueError, match=r"^`x` has "):
            call(x)


# --- the network's own making ---


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ([], r"^`layers` \(=\[\]\) must be one or more different layers"),
        ([ReLU(), 3], "^`layers` holds 3, which is not a single layer"),
        ([ReLU], "^`layers` holds <class"),
        ([Sequential(ReLU())], r"^`layers` holds Sequential\(ReLU\(\)\)"),
        ([layer := ReLU(), layer], r"^`layers` \(=.*\) must be one or more different layers"),
        (
            [Affine(1, 1, rng=rng()), Affine(1, 1, rng=rng(), dtype=np.float64)],
            r"^`layers` mix the dtypes \['float32', 'float64'\]",
        ),
    ],
)
def test_what_is_no_chain_of_layers_is_refused(layers, sentence):
    with pytest.raises(ValueError, match=sentence):
        Sequential(*layers)


def test_a_network_without_parameters():
    model = Sequential(ReLU(), MaxPool2d(2))
    assert model.parameter_count == 0
    assert model.flat_params.shape == model.flat_grads.shape == (0,)
    assert model.state() == {}
    y = model.forward([[[[1, -2], [0, 3]]]])
    assert y.tolist() == [[[[3]]]]
    assert model.backward(y).tolist() == [[[[0, 0], [0, 3]]]]


# --- parameters as one vector ---


def check_linked(model):
    """Check that all parameters and gradients are views of the two vectors, in order."""
    for vector, name in ((model.flat_params, "params"), (model.flat_grads, "grads")):
        vector[:] = np.arange(vector.size)
        own = [value for layer in model.layers for value in getattr(layer, name).values()]
        np.testing.assert_array_equal(np.concatenate([v.ravel() for v in own]), vector)
        for value, same in zip(own, getattr(model, name).values(), strict=True):
            assert value is same
            assert np.shares_memory(value, vector)
            value += 0.5
        np.testing.assert_array_equal(vector, np.arange(vector.size) + 0.5)


def test_the_vectors_are_the_parameters_and_the_gradients():
    check_linked(every_layer())


def test_descent_is_one_line():
    model, x = small(dtype=np.float64), normal(5, 1, 4, 4)
    weight = model.layers[0].params["weight"]
    before = model.flat_params.copy()
    y = model.forward(x)
    model.backward(y)
    model.flat_params -= 0.1 * model.flat_grads
    assert model.layers[0].params["weight"] is weight
    np.testing.assert_array_equal(model.flat_params, before - 0.1 * model.flat_grads)
    assert np.square(model.forward(x)).sum() < np.square(y).sum()


def test_what_is_assigned_is_copied_in():
    model = small()
    values = np.arange(model.parameter_count, dtype=np.float64)
    model.flat_params = values
    model.flat_grads = 2 * values
    values[:] = -1
    assert model.params["conv1.weight"].ravel().tolist() == list(range(18))
    assert model.grads["conv1.bias"].tolist() == [36, 38]
    assert model.flat_params.dtype == np.float32


@pytest.mark.parametrize("name", ["flat_params", "flat_grads"])
def test_a_vector_has_one_number_for_every_parameter(name):
    model = small()
    before = model.flat_params.copy()
    for wrong in (np.zeros(3), np.zeros(1), np.zeros((model.parameter_count, 1)), 0, None):
        with pytest.raises(ValueError, match=f"^`{name}` has "):
            setattr(model, name, wrong)
    np.testing.assert_array_equal(model.flat_params, before)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_goes_its_own_way(copied):
    model, x = every_layer(), normal(3, *IMAGE)
    model.backward(model.forward(-x))
    y = model.forward(x)  # in the buffers of the first time, as in the middle of a training
    model.backward(y)
    twin = copied(model)
    assert twin.names == model.names
    np.testing.assert_array_equal(twin.flat_params, model.flat_params)
    np.testing.assert_array_equal(twin.flat_grads, model.flat_grads)
    for each in (3 * x, x):
        np.testing.assert_array_equal(twin.forward(each), model.forward(each))
        np.testing.assert_array_equal(twin.backward(y), model.backward(y))
        np.testing.assert_array_equal(twin.flat_grads, model.flat_grads)
    twin.flat_params *= 2
    twin.backward(np.ones_like(twin.forward(-x)))
    np.testing.assert_array_equal(model.forward(x), y)
    check_linked(twin)
    check_linked(model)


# --- saving and loading ---


def saved(model):
    file = io.BytesIO()
    model.save(file)
    return file.getvalue()


def as_npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["weights.npz", "weights", "weights.v2"])
def test_a_file_brings_every_parameter_back(tmp_path, name, dtype):
    model, other = every_layer(dtype, seed=1), every_layer(dtype, seed=2)
    model.save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    other.load(str(tmp_path / name))
    np.testing.assert_array_equal(other.flat_params, model.flat_params)
    x = normal(2, *IMAGE, dtype=dtype)
    np.testing.assert_array_equal(other.forward(x), model.forward(x))
    check_linked(other)


def test_an_open_file_will_do():
    model, other = small(seed=1), small(seed=2)
    file = io.BytesIO(saved(model))
    other.load(file)
    np.testing.assert_array_equal(other.flat_params, model.flat_params)
    assert not file.closed


def test_a_state_is_a_copy_with_speaking_names():
    model, other = small(seed=1), small(seed=2)
    state = model.state()
    assert list(state) == ["conv1.weight", "conv1.bias", "affine1.weight", "affine1.bias"]
    other.load_state(state)
    np.testing.assert_array_equal(other.flat_params, model.flat_params)
    for value in state.values():
        value += 1
    np.testing.assert_array_equal(other.flat_params, model.flat_params)


def test_weights_of_another_precision_are_taken_over():
    wide, narrow = small(dtype=np.float64), small(seed=1)
    narrow.load_state(wide.state())
    assert narrow.flat_params.dtype == np.float32
    np.testing.assert_array_equal(narrow.flat_params, wide.flat_params.astype(np.float32))


def check_refused(content, sentence):
    """Check that a model refuses a file with a StateError, and stays as it was."""
    model = small()
    before = model.flat_params.copy()
    with pytest.raises(StateError, match=sentence):
        model.load(io.BytesIO(content))
    np.testing.assert_array_equal(model.flat_params, before)


DAMAGED = "is damaged or no .npz file of weights"


def test_files_that_are_no_weights_are_refused():
    array = io.BytesIO()
    np.save(array, np.zeros(3))
    objects = as_npz(**(small().state() | {"conv1.bias": np.array([None, {}], dtype=object)}))
    for content in (
        b"",
        b"PK",
        b"no weights at all" * 99,
        pickle.dumps({"conv1.weight": 1}),
        array.getvalue(),
        objects,
        saved(small())[::-1],
    ):
        check_refused(content, DAMAGED)


def test_foreign_archives_are_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("letter.txt", "dear reader")
    check_refused(archive.getvalue(), "they fit another network")
    check_refused(as_npz(), "lack `affine1.bias`: they fit another network")
    check_refused(saved(every_layer()), "they fit another network")


def test_a_file_cut_short_anywhere_is_refused():
    whole = saved(small())
    for length in range(0, len(whole), 7):
        check_refused(whole[:length], DAMAGED)


@pytest.mark.parametrize("pack", [np.savez, np.savez_compressed])
def test_a_damaged_file_is_refused_or_means_the_same(pack):
    """Spoil one byte after the other; what no check sum notices must not change a weight."""
    model = small()
    file = io.BytesIO()
    pack(file, **model.state())
    whole = file.getvalue()
    refused = 0
    for position in range(0, len(whole), 3):
        spoilt = bytearray(whole)
        spoilt[position] ^= 0xFF
        other = small(seed=1)
        before = other.flat_params.copy()
        try:
            other.load(io.BytesIO(bytes(spoilt)))
        except StateError:
            refused += 1
            np.testing.assert_array_equal(other.flat_params, before)
        else:
            np.testing.assert_array_equal(other.flat_params, model.flat_params)
    assert refused > len(whole) / 3 / 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"conv1.weight": np.zeros((2, 1, 5, 5))}, r"`conv1.weight` has shape \(2, 1, 5, 5\), but"),
        ({"conv1.weight": np.zeros((2, 1, 9))}, r"`conv1.weight` has shape \(2, 1, 9\), but"),
        ({"conv1.bias": np.zeros(())}, r"`conv1.bias` has shape \(\), but this network's has \(2,"),
        ({"conv1.bias": [0, np.nan]}, "`conv1.bias` holds something else than finite numbers"),
        ({"affine1.bias": [0, 1, np.inf]}, "`affine1.bias` holds something else than finite"),
        ({"affine1.bias": [0, 1, 1e39]}, "`affine1.bias` holds something else than finite"),
        ({"affine1.bias": ["a", "b", "c"]}, "`affine1.bias` holds something else than finite"),
        ({"affine1.bias": [1j, 0, 0]}, "`affine1.bias` holds something else than finite"),
        ({"conv7.bias": np.zeros(2)}, "hold `conv7.bias`: they fit another network"),
    ],
)
def test_a_wrong_state_is_refused_and_changes_nothing(changes, sentence):
    state = small(seed=1).state() | changes
    model = small()
    before = model.flat_params.copy()
    with pytest.raises(StateError, match=sentence):
        model.load_state(state)
    np.testing.assert_array_equal(model.flat_params, before)
    check_refused(as_npz(**state), sentence)


def test_a_state_that_lacks_a_parameter_is_refused():
    state = small().state()
    del state["conv1.bias"]
    check_refused(as_npz(**state), "lack `conv1.bias`: they fit another network")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StateError, match=r"There is no file `.*nowhere.npz` to load weights from"):
        small().load(tmp_path / "nowhere.npz")
    with pytest.raises(StateError, match=DAMAGED):
        small().load(tmp_path)


@pytest.mark.parametrize("content", [b"buy milk", saved(small())[:-9]])
def test_the_error_is_a_value_error_with_the_files_name(tmp_path, content):
    path = tmp_path / "notes.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"notes\.npz` is damaged"):
        small().load(path)
