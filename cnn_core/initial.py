"""First weights: small enough not to saturate, different enough to learn different things."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .checks import FloatArray, as_float_dtype
from .geometry import as_whole_number


def uniform_fan_in(
    shape: tuple[int, ...], fan_in: int, *, rng: np.random.Generator, dtype: Any = np.float32
) -> FloatArray:
    """Draw evenly from −1/√fan_in to 1/√fan_in.

    Parameters
    ----------
    shape : tuple of int
        Shape of the parameter.
    fan_in : int
        How many inputs each output sums over.
    rng : numpy.random.Generator
        Source of randomness.
    dtype : dtype
        float32 or float64.

    Returns
    -------
    ndarray
        Variance 1/(3·fan_in), for weights as for biases.

    Raises
    ------
    ValueError
        If `fan_in` is not 1 or more, `rng` is not a Generator, or `dtype` neither float32 nor
        float64.

    References
    ----------
    LeCun, Bottou, Orr & Müller, "Efficient BackProp", 1998, section 4.6; the bounds are those that
    PyTorch uses.

    Examples
    --------
    >>> bool(abs(uniform_fan_in((100,), 4, rng=np.random.default_rng(0))).max() <= 0.5)
    True
    """
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"`rng` (={rng!r}) must be a generator, as np.random.default_rng(0) is.")
    bound = 1 / math.sqrt(as_whole_number("fan_in", fan_in))
    return rng.uniform(-bound, bound, shape).astype(as_float_dtype(dtype))
