"""The tester tested: right gradients pass, planted faults are caught, kinks are told apart."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.convolution import conv2d, conv2d_backward, rot180
from cnn_core.gradcheck import Verdict, check_cell, check_gradients, verdict
from cnn_core.layers import Affine, Conv2d, Flatten, MaxPool2d, ReLU, Tanh
from cnn_core.losses import cross_entropy, squared_error
from cnn_core.network import Sequential


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def convolution():
    """A function of the kernel, and its gradient by backpropagation."""
    x, weight = rng(1).normal(size=(2, 3, 5, 6)), rng(2).normal(size=(4, 3, 3, 2))
    upstream = rng(3).normal(size=conv2d(x, weight).shape)
    _, grad_weight, _ = conv2d_backward(upstream, x, weight)
    return lambda kernel: np.sum(conv2d(x, kernel) * upstream), weight, grad_weight


def test_a_right_gradient_is_excellent(convolution):
    report = check_gradients(*convolution, rng=rng())
    check = report["x"]
    assert report.verdict is Verdict.EXCELLENT
    assert check.worst_error <= 1e-7
    assert not check.kinks.any()
    np.testing.assert_allclose(check.numeric, check.analytic, rtol=1e-6, atol=1e-8)


FAULTS: dict[str, Callable] = {
    "factor 1.001": lambda grad: 1.001 * grad,
    "factor 2.001": lambda grad: 2.001 * grad,
    "sign": lambda grad: -grad,
    "off by a cell": lambda grad: np.roll(grad, 1, axis=-1),
    "missing flip": rot180,
    "channels swapped": lambda grad: grad[:, ::-1],
    "zero": np.zeros_like,
    "nan": lambda grad: np.full_like(grad, np.nan),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_caught(convolution, fault):
    function, weight, grad = convolution
    report = check_gradients(function, weight, FAULTS[fault](grad), rng=rng())
    check = report["x"]
    assert report.verdict in (Verdict.DOUBTFUL, Verdict.WRONG)
    assert check.directional.verdict in (Verdict.DOUBTFUL, Verdict.WRONG)
    assert not check.kinks.any()


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(1, "excellent"), (1 + 1e-5, "suspicious"), (1 + 1e-3, "doubtful"), (2.001, "wrong")],
)
def test_the_size_of_a_fault_decides(convolution, factor, expected):
    function, weight, grad = convolution
    assert check_gradients(function, weight, factor * grad, rng=rng()).verdict == expected


def test_a_single_wrong_cell_is_found_and_named(convolution):
    function, weight, grad = convolution
    grad[2, 1, 0, 1] *= 2
    check = check_gradients(function, weight, grad, rng=rng())["x"]
    judged = [verdict(error) for error in check.relative_error.flat]
    assert judged.count(Verdict.EXCELLENT) == grad.size - 1
    assert check.relative_error[2, 1, 0, 1] == pytest.approx(0.5)


def test_tiny_gradients_are_judged_too():
    """A factor 2 stays a factor 2 where the gradient is small beside the function."""
    x = np.array([1.0, 2.0])
    scale = np.array([1.0, 1e-5])
    report = check_gradients(lambda x: 1 + scale @ x**2, x, 2 * scale * x, rng=rng())
    assert report.verdict is Verdict.EXCELLENT
    report = check_gradients(lambda x: 1 + scale @ x**2, x, 2 * scale * x * [1, 2], rng=rng())
    assert verdict(report["x"].relative_error[1]) is Verdict.WRONG


@pytest.mark.parametrize("offset", [0.0, 2e-6, -7e-6])
def test_kinks_are_told_apart_from_faults(offset):
    """|x| has no derivative at 0, and central differences do not see one near it."""
    x = np.array([offset, 1.0, -2.0])
    check = check_gradients(lambda x: np.abs(x).sum(), x, np.sign(x) + (x == 0), rng=rng())["x"]
    assert check.kinks.tolist() == [True, False, False]
    assert check.verdict is Verdict.SUSPICIOUS


def test_a_kink_excuses_no_other_cell():
    x = np.array([0.0, 1.0, -2.0])
    check = check_gradients(lambda x: np.abs(x).sum(), x, np.array([1.0, 1, 1]), rng=rng())["x"]
    assert check.kinks.tolist() == [True, False, False]
    assert check.verdict is Verdict.WRONG


@pytest.mark.parametrize("function", [np.sin, np.exp, lambda x: x**4, lambda x: 1e3 * x**2])
def test_curvature_is_no_kink(function):
    """A wrong gradient of a smooth function is wrong, however strongly the function curves."""
    x = np.linspace(-2, 2, 9)
    check = check_gradients(lambda x: function(x).sum(), x, np.full(9, 0.3), rng=rng())["x"]
    assert not check.kinks.any()
    assert check.verdict is Verdict.WRONG


def test_a_function_of_a_single_number():
    check = check_gradients(lambda x: x**3, 2.0, 12.0, rng=rng())["x"]
    assert check.verdict is Verdict.EXCELLENT
    assert check.numeric == pytest.approx(12)


@given(st.floats(min_value=0) | st.just(math.nan))
def test_every_error_has_a_verdict(error):
    expected = (
        "excellent"
        if error <= 1e-7
        else "suspicious"
        if error <= 1e-4
        else "doubtful"
        if error <= 1e-2
        else "wrong"
    )
    assert verdict(error) == expected


def test_one_cell_shows_the_values_it_was_made_from():
    """Of 3a²b: 6ab and 3a², from the values at a ± ε and b ± ε."""
    x, grad = np.array([[2.0, 5.0]]), np.array([[60.0, 12.5]])

    def function(x):
        return 3 * x[0, 0] ** 2 * x[0, 1]

    right = check_cell(function, x, grad, (0, 0), eps=0.5)
    assert (right.below, right.here, right.above) == (3 * 1.5**2 * 5, 60, 3 * 2.5**2 * 5)
    assert (right.numeric, right.analytic) == (right.above - right.below, 60)
    assert right.verdict is Verdict.EXCELLENT
    assert (right.slope_below, right.slope_above) == (52.5, 67.5)
    wrong = check_cell(function, x, grad, (0, 1))
    assert wrong.numeric == pytest.approx(12)
    assert wrong.relative_error == pytest.approx(0.5 / 12.5)
    assert wrong.verdict is Verdict.WRONG
    np.testing.assert_array_equal(x, [[2, 5]])


def test_one_cell_at_a_kink():
    """Three 7s share a maximum: up, each of them counts alone; down, none does."""
    x = np.array([7.0, 7, 2, 7])
    for cell, share in enumerate([1.0, 0, 0, 0]):
        check = check_cell(np.max, x, [1.0, 0, 0, 0], (cell,))
        assert check.kink == (cell != 2)
        if check.kink:
            assert check.verdict is Verdict.SUSPICIOUS
            assert check.analytic == share
            assert check.numeric == pytest.approx(0.5)
            assert check.slope_below == 0
            assert check.slope_above == pytest.approx(1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cell": (3,)}, r"shape \(3,\) and no `cell` \(=\(3,\)\)"),
        ({"cell": (-1,)}, "no `cell`"),
        ({"cell": (0, 0)}, "no `cell`"),
        ({"grad": np.ones(2)}, r"shape \(2,\), but `x` has shape \(3,\)"),
        ({"eps": 0}, r"`eps` \(=0\)"),
        ({"function": lambda x: x}, "one finite number"),
    ],
)
def test_one_cell_that_cannot_be_checked_is_one_sentence(changed, sentence):
    fine = {"function": np.sum, "x": np.ones(3), "grad": np.ones(3), "cell": (0,)}
    with pytest.raises(ValueError, match=sentence):
        check_cell(**fine | changed)


def smooth_net(dtype=np.float64):
    return Sequential(
        Conv2d(1, 3, 3, padding=1, rng=rng(4), dtype=dtype),
        Tanh(),
        Conv2d(3, 2, 2, stride=2, rng=rng(5), dtype=dtype),
        Tanh(),
        Flatten(),
        Affine(8, 3, rng=rng(6), dtype=dtype),
    )


IMAGES, LABELS = rng(7).normal(size=(3, 1, 4, 4)), np.array([0, 2, 1])


def test_a_smooth_network_is_excellent_in_every_part():
    report = check_gradients(smooth_net(), IMAGES, LABELS, rng=rng())
    assert report.verdict is Verdict.EXCELLENT
    assert [check.name for check in report.checks] == [
        "input",
        "conv1.weight",
        "conv1.bias",
        "conv2.weight",
        "conv2.bias",
        "affine1.weight",
        "affine1.bias",
    ]
    assert report["conv2.weight"].numeric.shape == (2, 3, 2, 2)


def test_other_losses():
    target = rng(8).normal(size=(3, 3))
    report = check_gradients(smooth_net(), IMAGES, target, loss=squared_error, rng=rng(), cells=5)
    assert report.verdict is Verdict.EXCELLENT


def test_a_network_of_kinks_is_never_called_wrong():
    """Background pixels put whole fields of ReLUs exactly on their kink."""
    model = Sequential(
        Conv2d(1, 4, 3, padding=1, rng=rng(4), dtype=np.float64),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Affine(36, 3, rng=rng(6), dtype=np.float64),
    )
    model.layers[0].params["bias"][...] = 0
    images = rng(7).normal(size=(3, 1, 6, 6)) * (np.arange(6) > 2)
    report = check_gradients(model, images, LABELS, rng=rng())
    assert report["conv1.bias"].kinks.any()
    assert report.verdict is Verdict.SUSPICIOUS
    assert report["affine1.weight"].verdict is Verdict.EXCELLENT


def test_the_model_is_left_as_it_was():
    model = smooth_net()
    model.flat_grads[...] = np.arange(model.flat_grads.size)
    params, grads = model.flat_params.copy(), model.flat_grads.copy()
    images = IMAGES.copy()
    check_gradients(model, images, LABELS, rng=rng(), cells=3)
    np.testing.assert_array_equal(model.flat_params, params)
    np.testing.assert_array_equal(model.flat_grads, grads)
    np.testing.assert_array_equal(images, IMAGES)


def test_the_model_is_left_as_it_was_when_the_check_fails():
    model, calls = smooth_net(), []

    def fragile(output, labels):
        calls.append(1)
        loss, grad = cross_entropy(output, labels)
        return (loss if len(calls) < 150 else math.nan), grad

    params = model.flat_params.copy()
    with pytest.raises(ValueError, match="must return one finite number"):
        check_gradients(model, IMAGES, LABELS, loss=fragile, rng=rng())
    np.testing.assert_array_equal(model.flat_params, params)


class ForgetsABias(Affine):
    """An affine layer whose bias learns nothing."""

    def backward(self, grad_output, **options):
        grad_x = super().backward(grad_output, **options)
        self.grads["bias"][...] = 0
        return grad_x


class ForgetsTheTranspose(Affine):
    """A square affine layer that sends the sensitivity back through the wrong matrix."""

    def backward(self, grad_output, **options):
        super().backward(grad_output, **options)
        return grad_output @ self.params["weight"].T


@pytest.mark.parametrize(
    ("layer", "wrong"),
    [
        (ForgetsABias, {"faulty.bias"}),
        (ForgetsTheTranspose, {"input", "affine1.weight", "affine1.bias"}),
    ],
)
def test_a_fault_in_a_layer_is_located(layer, wrong):
    model = Sequential(
        Flatten(),
        Affine(16, 4, rng=rng(1), dtype=np.float64),
        Tanh(),
        layer(4, 4, rng=rng(2), dtype=np.float64),
        Tanh(),
        Affine(4, 3, rng=rng(3), dtype=np.float64),
    )
    model.names[3] = "faulty"
    report = check_gradients(model, IMAGES, LABELS, rng=rng())
    assert {check.name for check in report.checks if check.verdict is Verdict.WRONG} == wrong


def test_a_sample_of_cells(convolution):
    first = check_gradients(*convolution, rng=rng(5), cells=70)["x"]
    again = check_gradients(*convolution, rng=rng(5), cells=70)["x"]
    other = check_gradients(*convolution, rng=rng(6), cells=70)["x"]
    looked_at = np.isfinite(first.numeric)
    assert looked_at.sum() == 70 < looked_at.size
    np.testing.assert_array_equal(looked_at, np.isfinite(first.relative_error))
    np.testing.assert_array_equal(looked_at, np.isfinite(again.numeric))
    assert (looked_at != np.isfinite(other.numeric)).any()
    assert check_gradients(*convolution, rng=rng(), cells=0).verdict is Verdict.EXCELLENT


def test_the_table_shows_both_numbers():
    report = check_gradients(lambda x: np.abs(x).sum(), [0.0, 3.0], [0.0, 2.0], rng=rng())
    header, row = str(report).splitlines()
    assert header.split() == ["numeric", "analytic", "worst", "error", "kinks", "verdict"]
    name, numeric, analytic, error, kinks, word = row.split()
    assert (name, word) == ("x", "wrong")
    assert float(numeric) == pytest.approx(report["x"].directional.numeric, rel=1e-5)
    assert float(analytic) == pytest.approx(report["x"].directional.analytic, rel=1e-5)
    assert float(error) == pytest.approx(report["x"].worst_error, rel=0.1)
    assert int(kinks) >= 1


def test_bad_input_is_one_sentence():
    x = np.ones(3)
    with pytest.raises(ValueError, match=r"shape \(2,\), but `x` has shape \(3,\)"):
        check_gradients(np.sum, x, np.ones(2), rng=rng())
    with pytest.raises(ValueError, match="one finite number"):
        check_gradients(lambda x: x, x, x, rng=rng())
    with pytest.raises(ValueError, match="one finite number, not nan"):
        check_gradients(lambda x: math.nan, x, x, rng=rng())
    with pytest.raises(ValueError, match=r"`eps` \(=0\)"):
        check_gradients(np.sum, x, x, rng=rng(), eps=0)
    with pytest.raises(ValueError, match=r"`cells` \(=-1\)"):
        check_gradients(np.sum, x, x, rng=rng(), cells=-1)
    with pytest.raises(ValueError, match=r"`x` has shape \(0, 2\)"):
        check_gradients(np.sum, np.ones((0, 2)), np.ones((0, 2)), rng=rng())
    with pytest.raises(ValueError, match=r"`rng` \(=0\) must be a generator"):
        check_gradients(np.sum, x, x, rng=0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"float32 parameters.*dtype=np\.float64"):
        check_gradients(smooth_net(np.float32), IMAGES, LABELS, rng=rng())
