"""SGD and Adam against their published formulas, written out one scalar at a time."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core.optim import SGD, Adam

GRADIENTS = np.array([[1.0, -2.0, 0.0], [0.5, 3.0, 0.0], [-4.0, 0.25, 1e-3], [2.0, 2.0, -7.0]])


def model_at(params, dtype=np.float64):
    params = np.array(params, dtype=dtype)
    return SimpleNamespace(flat_params=params, flat_grads=np.zeros_like(params))


def run(optimizer, gradients=GRADIENTS, dtype=np.float64):
    model = model_at([1.0, 2.0, 3.0], dtype)
    for gradient in gradients:
        model.flat_grads[:] = gradient
        optimizer.step(model)
    return model.flat_params


def sgd_by_hand(parameter, gradients, lr, momentum):
    velocity = 0.0
    for gradient in gradients:
        velocity = momentum * velocity + gradient
        parameter = parameter - lr * velocity
    return parameter


def adam_by_hand(parameter, gradients, lr, betas, eps):
    beta1, beta2 = betas
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        parameter = parameter - lr * m_hat / (math.sqrt(v_hat) + eps)
    return parameter


@given(lr=st.floats(1e-4, 10), momentum=st.floats(0, 0.99))
def test_sgd_follows_its_formula(lr, momentum):
    expected = [
        sgd_by_hand(p, g, lr, momentum) for p, g in zip([1, 2, 3], GRADIENTS.T, strict=True)
    ]
    np.testing.assert_allclose(run(SGD(lr, momentum)), expected, rtol=1e-12, atol=1e-12)


@given(
    lr=st.floats(1e-4, 1),
    betas=st.tuples(st.floats(0, 0.99), st.floats(0, 0.9999)),
    eps=st.floats(1e-10, 1e-3),
)
def test_adam_follows_its_formula(lr, betas, eps):
    expected = [
        adam_by_hand(p, g, lr, betas, eps) for p, g in zip([1, 2, 3], GRADIENTS.T, strict=True)
    ]
    np.testing.assert_allclose(run(Adam(lr, betas, eps)), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("make", [lambda: SGD(0.1), lambda: SGD(0.1, 0.9), lambda: Adam(0.1)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_parameters_change_in_place_and_gradients_do_not(make, dtype):
    model = model_at([1.0, 2.0], dtype)
    params = model.flat_params
    model.flat_grads[:] = [3, -4]
    make().step(model)
    assert model.flat_params is params
    assert params.dtype == dtype
    assert params[0] < 1
    assert params[1] > 2
    np.testing.assert_array_equal(model.flat_grads, [3, -4])


def test_the_learning_rate_may_change_between_steps():
    model = model_at([0.0])
    model.flat_grads[:] = 1
    sgd = SGD(lr=1)
    sgd.step(model)
    sgd.lr = np.float64(10)
    sgd.step(model)
    assert model.flat_params == [-11]


@pytest.mark.parametrize("lr", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_a_learning_rate_must_be_positive_and_finite(optimizer, lr):
    with pytest.raises(ValueError, match=r"`lr` \(=.*\) must be a positive, finite number\."):
        optimizer(lr)
    good = optimizer(0.5)
    with pytest.raises(ValueError, match="`lr`"):
        good.lr = lr
    assert good.lr == 0.5


@pytest.mark.parametrize("momentum", [-0.1, 1, math.nan])
def test_momentum_must_lie_below_one(momentum):
    with pytest.raises(ValueError, match=r"`momentum` \(=.*\) must lie in \[0, 1\)\."):
        SGD(0.1, momentum)


@pytest.mark.parametrize("betas", [(1, 0.9), (0.9, 1), (-0.1, 0.9), (0.9, math.nan)])
def test_betas_must_lie_below_one(betas):
    with pytest.raises(ValueError, match="`betas`"):
        Adam(0.1, betas)


@pytest.mark.parametrize("eps", [0, -1e-8, math.nan, math.inf])
def test_eps_must_be_positive(eps):
    with pytest.raises(ValueError, match="`eps`"):
        Adam(0.1, eps=eps)


def test_an_optimizer_belongs_to_one_model():
    adam = Adam(0.1)
    adam.step(model_at([1.0, 2.0]))
    with pytest.raises(ValueError, match=r"`model` has 3 parameters.*a model with 2"):
        adam.step(model_at([1.0, 2.0, 3.0]))
