"""A price on large weights, so that a network cannot remember every image by heart."""

from __future__ import annotations

import math

import numpy as np

from .checks import FloatArray


class L2:
    """Half the squared length of all parameters, times a strength: ½·λ·‖w‖².

    Its gradient is λ·w: at each step it shortens the weights by a share of their length, which is
    why it is also called weight decay.

    Parameters
    ----------
    strength : float
        λ, not negative. It may be changed between steps; 0 asks for nothing.

    Raises
    ------
    ValueError
        If `strength` is negative or not finite.

    References
    ----------
    Krogh and Hertz, "A simple weight decay can improve generalization", 1991, equation 2.

    Examples
    --------
    >>> value, grad = L2(strength=2)(np.array([3.0, -4.0]))
    >>> value, grad
    (25.0, array([ 6., -8.]))
    """

    def __init__(self, strength: float = 0.0) -> None:
        self.strength = strength

    @property
    def strength(self) -> float:
        """How much large weights cost."""
        return self._strength

    @strength.setter
    def strength(self, value: float) -> None:
        if not 0 <= value < math.inf:
            raise ValueError(f"`strength` (={value}) must be a finite number from 0.")
        self._strength = float(value)

    def __call__(self, params: FloatArray) -> tuple[float, FloatArray]:
        """Return the price of the parameters (P,), and its gradient (P,)."""
        value = 0.5 * self._strength * float(np.vdot(params, params))
        return value, params * params.dtype.type(self._strength)
