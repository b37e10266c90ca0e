"""Normalisation against loops and measured slopes; a network that trains and one that is used."""

# mypy: disable-error-code="arg-type, union-attr"

import copy
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import (
    SGD,
    Affine,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dataset,
    Flatten,
    ReLU,
    Sequential,
    Sigmoid,
    StateError,
    batch_norm,
    batch_norm_backward,
    batch_statistics,
    check_gradients,
    evaluate,
    fit,
    load_dataset,
    standardize,
)
from tests import reference
from tests.core.arrays import (
    EXACT,
    GRADIENT,
    ORDERS,
    SINGLE,
    memory_orders,
    normal,
    relative_error,
    rng,
)

shapes = st.one_of(
    st.tuples(st.integers(2, 6), st.integers(1, 4)),
    st.tuples(*[st.integers(1, 4)] * 4).filter(lambda s: s[0] * s[2] * s[3] > 1),
)


def by_hand(x, weight, bias, mean=None, var=None, eps=1e-5):
    """Channel by channel, number by number."""
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        numbers = [float(value) for value in x[:, c].ravel()]
        m = sum(numbers) / len(numbers) if mean is None else mean[c]
        v = sum((n - m) ** 2 for n in numbers) / len(numbers) if var is None else var[c]
        y[:, c] = weight[c] * (x[:, c] - m) / (v + eps) ** 0.5 + bias[c]
    return y


def make_batch(shape, seed=0):
    channels = shape[1]
    x = 3 * normal(*shape, seed=seed) + 5
    return x, normal(channels, seed=seed + 1), normal(channels, seed=seed + 2)


def given_statistics(channels, seed=0) -> dict[str, Any]:
    return {"mean": normal(channels, seed=seed), "var": rng(seed).uniform(0.1, 4, channels)}


# --- the function ---


@given(shapes, st.integers(0, 99))
def test_a_batch_is_measured_against_itself(shape, seed):
    x, weight, bias = make_batch(shape, seed)
    assert relative_error(batch_norm(x, weight, bias), by_hand(x, weight, bias)) <= 1e-10


@given(shapes, st.integers(0, 99))
def test_a_used_network_takes_what_it_is_given(shape, seed):
    x, weight, bias = make_batch(shape, seed)
    known = given_statistics(shape[1], seed)
    y = batch_norm(x, weight, bias, **known)
    assert relative_error(y, by_hand(x, weight, bias, **known)) <= 1e-10


@given(shapes, st.integers(0, 99), st.floats(-50, 50), st.floats(0.5, 20))
def test_neither_a_shift_nor_a_scale_of_the_input_matters(shape, seed, shift, scale):
    x, weight, bias = make_batch(shape, seed)
    options = {"eps": 1e-12}
    y = batch_norm(x, weight, bias, **options)
    assert relative_error(batch_norm(scale * x + shift, weight, bias, **options), y) <= 1e-6


def test_every_channel_comes_out_with_mean_beta_and_spread_gamma():
    x, _weight, _bias = make_batch((50, 3, 4, 5))
    y = batch_norm(x, [1, 2, 0.5], [0, -1, 7], eps=0)
    np.testing.assert_allclose(y.mean((0, 2, 3)), [0, -1, 7], atol=1e-12)
    np.testing.assert_allclose(y.std((0, 2, 3)), [1, 2, 0.5], rtol=1e-12)


def test_a_channel_without_spread_becomes_its_bias():
    y = batch_norm([[4, 1], [4, 3]], weight=[9, 1], bias=[-2, 0])
    np.testing.assert_array_equal(y[:, 0], [-2, -2])


# --- its gradient ---


def check_slopes(backward, shape, known, seed=0):
    """Compare each of the three gradients with the slope along a random direction."""
    x, weight, bias = make_batch(shape, seed)
    delta = normal(*shape, seed=seed + 3)
    gradients = backward(delta, x, weight, **known)
    arrays = [x, weight, bias]
    for i, gradient in enumerate(gradients):

        def loss(value, i=i):
            changed = [*arrays[:i], value, *arrays[i + 1 :]]
            return np.vdot(delta, batch_norm(*changed, **known))

        direction = normal(*arrays[i].shape, seed=seed + 4)
        measured = reference.slope(loss, arrays[i], direction)
        scale = np.linalg.norm(gradient) * np.linalg.norm(direction)
        assert abs(measured - np.vdot(gradient, direction)) <= GRADIENT * max(float(scale), 1e-2)


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("shape", [(2, 1), (3, 4), (20, 2), (1, 2, 3, 3), (4, 3, 2, 5)])
@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_the_slope(shape, measured, seed):
    known = {} if measured else given_statistics(shape[1])
    check_slopes(batch_norm_backward, shape, known, seed)


def constants(delta, x, weight, **known):
    """Forget that the batch's mean and variance move with the batch."""
    mean, var = batch_statistics(x)
    return batch_norm_backward(delta, x, weight, mean=mean, var=var)


def mean_only(delta, x, weight, **known):
    """Forget that the variance moves."""
    grad_x, *others = constants(delta, x, weight)
    return grad_x - grad_x.mean(0), *others


def unbiased(delta, x, weight, **known):
    """Divide by n − 1 where the forward pass divides by n."""
    mean, var = batch_statistics(x)
    n = len(x)
    given = {"mean": mean, "var": var * n / (n - 1)}
    return (
        batch_norm_backward(delta, x, weight)[0],
        *batch_norm_backward(delta, x, weight, **given)[1:],
    )


@pytest.mark.parametrize("fault", [constants, mean_only, unbiased])
def test_a_faulty_gradient_is_caught(fault):
    with pytest.raises(AssertionError):
        check_slopes(fault, (6, 3), {})


def test_what_only_moves_or_stretches_a_channel_is_taken_out_of_the_gradient():
    x, weight, _bias = make_batch((8, 3))
    grad_x = batch_norm_backward(normal(8, 3), x, weight, eps=1e-12)[0]
    np.testing.assert_allclose(grad_x.sum(0), 0, atol=1e-12)
    np.testing.assert_allclose((grad_x * x).sum(0), 0, atol=1e-10)


# --- the layers ---


def network(dtype=np.float64, seed=0):
    r = rng(seed)
    return Sequential(
        Conv2d(1, 3, 3, rng=r, dtype=dtype),
        BatchNorm2d(3, dtype=dtype),
        ReLU(),
        Flatten(),
        Affine(3 * 4 * 4, 5, rng=r, dtype=dtype),
        BatchNorm1d(5, dtype=dtype),
        Sigmoid(),
        Affine(5, 3, rng=r, dtype=dtype),
    )


def images(n=7, dtype=np.float64, seed=0):
    return normal(n, 1, 6, 6, seed=seed, dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "make", [lambda d: BatchNorm1d(3, dtype=d), lambda d: BatchNorm2d(3, dtype=d)]
)
def test_a_layer_is_its_functions(make, dtype):
    layer = make(dtype)
    shape = (6, 3) if isinstance(layer, BatchNorm1d) else (6, 3, 4, 2)
    x, layer.params["weight"][:], layer.params["bias"][:] = make_batch(shape)
    weight, bias = layer.params.values()
    x, tolerance = x.astype(dtype), SINGLE if dtype == np.float32 else EXACT
    delta = normal(*shape, seed=5, dtype=dtype)
    for mode in (True, False):
        layer.train(mode)
        known = (
            {}
            if mode
            else {"mean": layer.statistics["running_mean"], "var": layer.statistics["running_var"]}
        )
        y = layer.forward(x)
        assert y.dtype == dtype
        assert relative_error(y, batch_norm(x, weight, bias, **known)) <= tolerance
        grads = [layer.backward(delta), *layer.grads.values()]
        expected = batch_norm_backward(delta, x, weight, **known)
        for grad, wanted in zip(grads, expected, strict=True):
            assert grad.dtype == dtype
            assert relative_error(grad, wanted) <= tolerance


def test_running_statistics_follow_the_batches_as_the_literature_says():
    layer = BatchNorm2d(2, momentum=0.3, dtype=np.float64)
    mean, var = np.zeros(2), np.ones(2)
    for seed in range(5):
        x = normal(4, 2, 3, 3, seed=seed) + seed
        layer.forward(x)
        numbers = x.swapaxes(0, 1).reshape(2, -1)
        mean = 0.7 * mean + 0.3 * numbers.mean(axis=1)
        var = 0.7 * var + 0.3 * numbers.var(axis=1, ddof=1)  # the unbiased estimate
    assert relative_error(layer.statistics["running_mean"], mean) <= EXACT
    assert relative_error(layer.statistics["running_var"], var) <= EXACT


def test_in_use_a_sample_does_not_depend_on_its_company():
    model, x = network(), images()
    model.forward(x)
    together = model.forward(x)
    assert relative_error(model.forward(x[:2]), together[:2]) > 1e-3  # while it trains it does
    with model.in_use():
        assert all(not layer.training for layer in model.layers)
        before = model.state()
        alone = model.forward(x[:1])
        assert relative_error(model.forward(x)[:1], alone) <= EXACT
        assert all((model.state()[name] == value).all() for name, value in before.items())
    assert all(layer.training for layer in model.layers)


def test_a_block_of_use_ends_as_it_began():
    model = network()
    model.eval()
    with model.in_use():
        pass
    assert not model.training
    model.train()
    with pytest.raises(ZeroDivisionError), model.in_use():
        _ = 1 / 0
    assert model.training
    assert model.layers[1].training


@pytest.mark.parametrize("mode", [True, False])
@pytest.mark.parametrize("seed", range(2))
def test_the_gradients_of_a_whole_network_are_their_slopes(mode, seed):
    model, labels = network(seed=seed), rng(seed).integers(0, 3, 7)
    model.forward(images(seed=seed))
    model.train(mode)
    before = model.state()
    report = check_gradients(model, images(seed=seed + 1), labels, rng=rng(seed))
    # A bias in front of a batch normalisation cannot matter: rounding is all there is to compare.
    idle = {"conv1.bias", "affine1.bias"} if mode else set()
    for check in report.checks:
        if check.name in idle:
            assert np.abs(check.analytic).max() <= 1e-12
        else:
            assert check.worst_error <= GRADIENT, check.name
    for name, value in model.state().items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_in_memory_does_not_matter(order):
    x, delta = normal(4, 2, 3, 5), normal(4, 2, 3, 5, seed=1)
    layer, other = BatchNorm2d(2, dtype=np.float64), BatchNorm2d(2, dtype=np.float64)
    assert relative_error(other.forward(memory_orders(x)[order]), layer.forward(x)) <= EXACT
    grad_x = other.backward(memory_orders(delta)[order])
    assert relative_error(grad_x, layer.backward(delta)) <= EXACT


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: through_a_file(m)])
def test_a_copy_brings_its_statistics_along_and_goes_its_own_way(copied):
    model = network()
    model.forward(images() + 2)
    twin = copied(model)
    for name, value in model.statistics.items():
        np.testing.assert_array_equal(twin.statistics[name], value)
    kept = model.state()
    twin.forward(images(seed=9) - 3)
    layer = twin.layers[1]
    assert twin.statistics["batchnorm1.running_mean"] is layer.statistics["running_mean"]
    for name, value in model.statistics.items():
        np.testing.assert_array_equal(value, kept[name])
        assert not np.array_equal(twin.statistics[name], value)


def through_a_file(model):
    file, twin = io.BytesIO(), network(seed=8)
    model.save(file)
    file.seek(0)
    twin.load(file)
    return twin


def test_a_state_without_its_statistics_is_refused():
    model = network()
    state = model.state()
    del state["batchnorm2.running_var"]
    with pytest.raises(StateError, match=r"lack `batchnorm2\.running_var`"):
        model.load_state(state)


def test_names_shapes_and_counts():
    model = network()
    rows = {row.name: row for row in model.summary((1, 6, 6))}
    assert rows["batchnorm1"].output_shape == (3, 4, 4)
    assert rows["batchnorm1"].parameters == 6
    assert rows["batchnorm1"].connections == 2 * 3 * 4 * 4
    assert rows["batchnorm2"].parameters == 10
    assert rows["batchnorm2"].connections == 10
    assert repr(model.layers[1]) == "BatchNorm2d(3)"
    assert repr(model.layers[5]) == "BatchNorm1d(5)"
    assert "batchnorm1.weight" in model.params


# --- training and evaluation ---


def test_fit_trains_and_evaluate_uses():
    data = load_dataset("digits", rng=rng(), test_size=450)
    r = rng(3)
    model = Sequential(
        Flatten(), Affine(64, 20, rng=r), BatchNorm1d(20), ReLU(), Affine(20, 10, rng=r)
    )
    model.eval()  # fit must not mind
    untouched = model.statistics["batchnorm1.running_mean"].copy()
    for step in fit(model, data, optimizer=SGD(0.5), batch_size=50, epochs=8, rng=rng()):
        if step.step == 1:
            measured = model.statistics["batchnorm1.running_mean"].copy()
            assert not np.array_equal(measured, untouched)
            _loss, alone = evaluate(model, data.test_images[:1], data.test_labels[:1])
            assert alone in (0, 1)  # one image is a batch that cannot be measured
            np.testing.assert_array_equal(model.statistics["batchnorm1.running_mean"], measured)
    _loss, accuracy = evaluate(model, data.test_images, data.test_labels)
    assert accuracy > 0.93


# --- standardised data ---


def small_data(seed=0):
    x = rng(seed).integers(0, 16, (20, 2, 3, 3)).astype(np.float32)
    x[:, 0, 0, 0] = 7  # the same in all training images
    test = rng(seed + 1).integers(0, 16, (5, 2, 3, 3)).astype(np.float32)
    return Dataset(x, np.zeros(20, int), test, np.zeros(5, int), ("a",))


def test_training_images_have_mean_zero_and_spread_one_pixel_by_pixel():
    data = standardize(small_data())
    assert data.train_images.dtype == np.float32
    np.testing.assert_allclose(data.train_images.mean(0), 0, atol=1e-6)
    spread = data.train_images.std(0)
    assert spread[0, 0, 0] == 0
    spread[0, 0, 0] = 1
    np.testing.assert_allclose(spread, 1, rtol=1e-5)


def test_test_images_are_measured_with_the_training_images_numbers():
    raw = small_data()
    data = standardize(raw)
    for index in np.ndindex(2, 3, 3):
        train = raw.train_images[(slice(None), *index)].astype(float)
        spread = train.std() or 1
        expected = (raw.test_images[(slice(None), *index)] - train.mean()) / spread
        np.testing.assert_allclose(data.test_images[(slice(None), *index)], expected, rtol=1e-5)


def test_standardising_twice_changes_nothing_more():
    once = standardize(small_data())
    np.testing.assert_allclose(standardize(once).test_images, once.test_images, atol=1e-5)


def test_without_training_images_nothing_can_be_measured():
    empty = np.zeros((0, 1, 2, 2))
    data = Dataset(empty, np.zeros(0, int), empty, np.zeros(0, int), ("a",))
    with pytest.raises(ValueError, match="no training images"):
        standardize(data)


# --- what cannot be computed ---

ONES = np.ones(3)


@pytest.mark.parametrize(
    ("sentence", "call"),
    [
        (r"^`x` has shape \(3,\)", lambda: batch_norm(ONES, ONES, ONES)),
        (r"^`x` has shape \(2, 3, 4\)", lambda: batch_norm(np.ones((2, 3, 4)), ONES, ONES)),
        (r"^`x` has shape \(1, 3\), 1 number", lambda: batch_norm(np.ones((1, 3)), ONES, ONES)),
        (r"^`x` has shape \(0, 3\), 0 number", lambda: batch_norm(np.ones((0, 3)), ONES, ONES)),
        (r"^`weight` has shape \(2,\)", lambda: batch_norm(np.ones((2, 3)), ONES[:2], ONES)),
        (r"^`bias` has shape \(2,\)", lambda: batch_norm(np.ones((2, 3)), ONES, ONES[:2])),
        (r"^`mean` and `var`", lambda: batch_norm(np.ones((2, 3)), ONES, ONES, mean=ONES)),
        (
            r"^`var` has shape \(1,\)",
            lambda: batch_norm(np.ones((2, 3)), ONES, ONES, mean=ONES, var=[1]),
        ),
        (r"^`eps` \(=-1\)", lambda: batch_norm(np.ones((2, 3)), ONES, ONES, eps=-1)),
        (
            r"^`grad_output` has shape \(3, 2\)",
            lambda: batch_norm_backward(np.ones((3, 2)), np.ones((2, 3)), ONES),
        ),
        (r"^`num_features` \(=0\)", lambda: BatchNorm1d(0)),
        (r"^`eps` \(=0\)", lambda: BatchNorm1d(3, eps=0)),
        (r"^`momentum` \(=1\.5\)", lambda: BatchNorm2d(3, momentum=1.5)),
        (r"^`dtype` \(='int8'\)", lambda: BatchNorm2d(3, dtype="int8")),
        (r"^`x` has shape \(2, 4\), but BatchNorm1d\(3\)", lambda: forward1d(np.ones((2, 4)))),
        (
            r"^`x` has shape \(2, 3, 1, 1\); it must have 2 axes",
            lambda: forward1d(np.ones((2, 3, 1, 1))),
        ),
        (r"^`x` has shape \(1, 3\), 1 number", lambda: forward1d(np.ones((1, 3)))),
    ],
)
def test_what_cannot_be_normalised_is_named(sentence, call):
    with pytest.raises(ValueError, match=sentence):
        call()


def forward1d(x):
    return BatchNorm1d(3).forward(x)
