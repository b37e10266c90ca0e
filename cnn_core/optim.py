"""How a network learns from its gradients: stochastic gradient descent and Adam.

An optimizer knows nothing of layers. It sees one vector of parameters and one vector of
gradients, and changes the parameters in place. `lbfgs.py` has a third one that does more at
each step.
"""

import copy
import math
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]


class HasParameters(Protocol):
    """What an optimizer needs of a model; `Sequential` has it."""

    @property
    def flat_params(self) -> Vector:
        """All parameters as one vector."""

    @property
    def flat_grads(self) -> Vector:
        """Their gradients, in the same order."""


class _GradientDescent:
    """What SGD and Adam share: a learning rate, and memory that belongs to one model."""

    def __init__(self, lr: float) -> None:
        self.lr = lr
        self._memory: list[Vector] = []

    @property
    def lr(self) -> float:
        """The learning rate; it may be changed between steps."""
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        if not 0 < value < math.inf:
            raise ValueError(f"`lr` (={value}) must be a positive, finite number.")
        self._lr = float(value)

    def copy(self) -> Self:
        """Return one that would go on exactly like this one, with a memory of its own."""
        twin = copy.copy(self)
        twin._memory = [vector.copy() for vector in self._memory]
        return twin

    @property
    def memory(self) -> tuple[Vector, ...]:
        """All vectors that it keeps from step to step."""
        return tuple(self._memory)

    def _remember(self, params: Vector, count: int) -> list[Vector]:
        """Return `count` vectors like `params`: zeros at first, then as the last step left them."""
        if not self._memory:
            self._memory = [np.zeros_like(params) for _ in range(count)]
        if self._memory[0].size != params.size:
            raise ValueError(
                f"`model` has {params.size} parameters, but this optimizer has been stepping a "
                f"model with {self._memory[0].size}; make a new optimizer for it."
            )
        return self._memory


class SGD(_GradientDescent):
    """Stochastic gradient descent, with momentum.

    With gradient g, velocity v and parameters p: v ← momentum·v + g, then p ← p − lr·v.

    Parameters
    ----------
    lr : float
        The learning rate.
    momentum : float
        How much of the velocity survives a step, in [0, 1). 0 is plain gradient descent.

    Raises
    ------
    ValueError
        If `lr` is not positive and finite, or `momentum` outside [0, 1).

    References
    ----------
    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; in the form
    of today's libraries, where the learning rate scales the whole velocity and may change.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> model = SimpleNamespace(flat_params=np.array([8.0]), flat_grads=np.array([2.0]))
    >>> sgd = SGD(lr=1, momentum=0.5)
    >>> sgd.step(model)
    >>> model.flat_params  # 8 − 2
    array([6.])
    >>> sgd.step(model)
    >>> model.flat_params  # 6 − (0.5·2 + 2)
    array([3.])
    """

    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        super().__init__(lr)
        if not 0 <= momentum < 1:
            raise ValueError(f"`momentum` (={momentum}) must lie in [0, 1).")
        self.momentum = float(momentum)

    def step(self, model: HasParameters) -> None:
        """Change the parameters by one step, with the gradients that `model.backward` left."""
        params, velocity = model.flat_params, model.flat_grads
        change, memory = self._remember(params, 2)
        if self.momentum:
            memory *= self.momentum
            memory += velocity
            velocity = memory
        np.multiply(velocity, self._lr, out=change)
        params -= change


class Adam(_GradientDescent):
    """Adam: momentum, and a step size of its own for each parameter.

    Running means of the gradient (m) and of its square (s) are kept; both start at zero and are
    therefore too small at first, which dividing by 1 − βᵗ corrects. Then p ← p − lr·m̂ / (√ŝ + eps).

    Parameters
    ----------
    lr : float
        The learning rate: about how far a parameter moves in one step.
    betas : (float, float)
        How much of the two running means survives a step, each in [0, 1).
    eps : float
        Keeps the division finite where the gradient is zero.

    Raises
    ------
    ValueError
        If `lr` or `eps` is not positive and finite, or a beta lies outside [0, 1).

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.

    Examples
    --------
    However large or small the gradient, the first step moves each parameter by lr:

    >>> from types import SimpleNamespace
    >>> model = SimpleNamespace(flat_params=np.array([3.0, 3]), flat_grads=np.array([100, -0.5]))
    >>> Adam(lr=1).step(model)
    >>> model.flat_params.round(6)
    array([2., 4.])
    """

    def __init__(
        self, lr: float, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"`betas` (={betas}) must lie in [0, 1).")
        if not 0 < eps < math.inf:
            raise ValueError(f"`eps` (={eps}) must be a positive, finite number.")
        self.betas = float(betas[0]), float(betas[1])
        self.eps = float(eps)
        self.steps = 0

    def step(self, model: HasParameters) -> None:
        """Change the parameters by one step, with the gradients that `model.backward` left."""
        params, gradient = model.flat_params, model.flat_grads
        mean, mean_square, change = self._remember(params, 3)
        beta1, beta2 = self.betas
        self.steps += 1

        np.multiply(gradient, 1 - beta1, out=change)
        mean *= beta1
        mean += change

        np.multiply(gradient, gradient, out=change)
        change *= 1 - beta2
        mean_square *= beta2
        mean_square += change

        np.sqrt(mean_square, out=change)
        change *= 1 / math.sqrt(1 - beta2**self.steps)
        change += self.eps
        np.divide(mean, change, out=change)
        change *= self._lr / (1 - beta1**self.steps)
        params -= change
