"""Networks: layers in a row, and all their parameters as one long vector.

The vector is all that an optimizer needs to see. Every layer's parameters and gradients are views
of it, so that changing one changes the other.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from os import PathLike
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from .checks import FloatArray, as_float_array, check_shape
from .layers import Layer, Shape

# What NumPy, zipfile and zlib raise when a file is damaged, cut short or of another kind.
UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    TypeError,
    AttributeError,
    RuntimeError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)


class StateError(ValueError):
    """Saved weights that do not belong to this network, or cannot be read."""


class LayerSummary(NamedTuple):
    """One row of `Sequential.summary`."""

    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    parameters: int
    connections: int


class Sequential(Layer):
    """A chain of layers: the output of each is the input of the next.

    Parameters
    ----------
    *layers : Layer
        From the input to the output, all with parameters of one dtype.

    Attributes
    ----------
    layers : list of Layer
    names : list of str
        A name for each layer, its kind and number: ``"conv1"``, ``"relu1"``, ``"affine1"``.
    flat_params, flat_grads : ndarray (P,)
        All parameters and all gradients; the layers' own are views of them. What is assigned is
        copied in.

    Raises
    ------
    ValueError
        If there is no layer, something else than a layer, a layer twice, or two dtypes.

    Examples
    --------
    >>> from cnn_core import Affine, Conv2d, Flatten, ReLU
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential(Conv2d(1, 2, 3, rng=rng), ReLU(), Flatten(), Affine(8, 2, rng=rng))
    >>> model.forward(np.ones((5, 1, 4, 4), np.float32)).shape
    (5, 2)
    >>> for row in model.summary((1, 4, 4)):
    ...     print(row.name, row.output_shape, row.parameters)
    conv1 (2, 2, 2) 20
    relu1 (2, 2, 2) 0
    flatten1 (8,) 0
    affine1 (2,) 18
    """

    def __init__(self, *layers: Layer) -> None:
        super().__init__()
        for layer in layers:
            if isinstance(layer, Sequential) or not isinstance(layer, Layer):
                raise ValueError(f"`layers` holds {layer!r}, which is not a single layer.")
        if not layers or len(set(map(id, layers))) < len(layers):
            raise ValueError(f"`layers` (={list(layers)}) must be one or more different layers.")
        self.layers = list(layers)
        self.names = _names(self.layers)
        self._join_parameters()
        self._output_shape: Shape = ()
        for layer in self.layers:
            layer.reuse_buffers = True

    # --- training and use ---

    def train(self, mode: bool = True) -> None:
        """Switch all layers to training, or with False to use."""
        super().train(mode)
        for layer in self.layers:
            layer.train(mode)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Switch to use for as long as a `with` block lasts."""
        before = self.training
        self.eval()
        try:
            yield
        finally:
            self.train(before)

    # --- forward and backward ---

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the output of the last layer for a batch x (N, C, H, W)."""
        x = as_float_array("x", x, axes="...")
        for layer in self.layers:
            x = layer.forward(x)
        self._output_shape = x.shape
        return x.copy()

    def backward(
        self, grad_output: FloatArray, *, needs_input_grad: bool = True
    ) -> FloatArray | None:
        """Leave all gradients in `flat_grads`; return the one at the input, if it is needed."""
        grad: FloatArray | None = self._check_gradient(grad_output)
        for layer in reversed(self.layers):
            assert grad is not None
            first = layer is self.layers[0]
            grad = layer.backward(grad, needs_input_grad=needs_input_grad or not first)
        return None if grad is None else grad.copy()

    def trace(self, x: FloatArray) -> list[tuple[str, FloatArray]]:
        """Return every layer's name and output for a batch, from the first to the last."""
        outputs = []
        x = as_float_array("x", x, axes="...")
        for name, layer in zip(self.names, self.layers, strict=True):
            x = layer.forward(x)
            outputs.append((name, x.copy()))
        self._output_shape = x.shape
        return outputs

    def trace_backward(self, grad_output: FloatArray) -> list[tuple[str, FloatArray]]:
        """Return every layer's name and the gradient at its input, from the last to the first."""
        grads = []
        grad_output = self._check_gradient(grad_output)
        for name, layer in zip(reversed(self.names), reversed(self.layers), strict=True):
            grad = layer.backward(grad_output)
            assert grad is not None
            grad_output = grad
            grads.append((name, grad.copy()))
        return grads

    def _check_gradient(self, grad_output: FloatArray) -> FloatArray:
        """Return the gradient at the output, once it has the shape of the output."""
        if not self._output_shape:
            raise ValueError("`backward` needs a `forward` (or `trace`) before it.")
        grad_output = as_float_array("grad_output", grad_output, axes="...")
        check_shape("grad_output", grad_output, self._output_shape, "the shape of the output")
        return grad_output

    # --- shapes and counts ---

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape that comes out at the end."""
        for layer in self.layers:
            input_shape = layer.output_shape(input_shape)
        return input_shape

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        return self._flat_params.size

    def connection_count(self, input_shape: Shape) -> int:
        """Return the weighted links of all layers, for one sample."""
        return sum(row.connections for row in self.summary(input_shape))

    def summary(self, input_shape: Shape) -> list[LayerSummary]:
        """Return a row for each layer: shapes, parameters, connections."""
        rows = []
        for name, layer in zip(self.names, self.layers, strict=True):
            output_shape = layer.output_shape(input_shape)
            connections = layer.connection_count(input_shape)
            rows.append(
                LayerSummary(
                    name, layer, input_shape, output_shape, layer.parameter_count, connections
                )
            )
            input_shape = output_shape
        return rows

    # --- parameters as one vector ---

    @property
    def flat_params(self) -> FloatArray:
        """All parameters (P,), layer by layer."""
        return self._flat_params

    @flat_params.setter
    def flat_params(self, values: FloatArray) -> None:
        self._flat_params[...] = _vector("flat_params", values, self._flat_params)

    @property
    def flat_grads(self) -> FloatArray:
        """All gradients (P,), in the same order."""
        return self._flat_grads

    @flat_grads.setter
    def flat_grads(self, values: FloatArray) -> None:
        self._flat_grads[...] = _vector("flat_grads", values, self._flat_grads)

    def _join_parameters(self) -> None:
        """Move the parameters of all layers into one vector, and give them views of it."""
        arrays = [p for layer in self.layers for p in layer.params.values()]
        dtypes = {p.dtype for p in arrays}
        if len(dtypes) > 1:
            raise ValueError(f"`layers` mix the dtypes {sorted(map(str, dtypes))}; use one.")
        dtype = dtypes.pop() if dtypes else np.dtype(np.float32)
        self._flat_params = np.zeros(sum(p.size for p in arrays), dtype)
        self._flat_grads = np.zeros_like(self._flat_params)
        start = 0
        for name, layer in zip(self.names, self.layers, strict=True):
            for key, value in layer.params.items():
                part = slice(start, start := start + value.size)
                self._flat_params[part] = value.ravel()
                self._flat_grads[part] = layer.grads[key].ravel()
                layer.params[key] = self._flat_params[part].reshape(value.shape)
                layer.grads[key] = self._flat_grads[part].reshape(value.shape)
                self.params[f"{name}.{key}"] = layer.params[key]
                self.grads[f"{name}.{key}"] = layer.grads[key]
            for key, value in layer.statistics.items():
                self.statistics[f"{name}.{key}"] = value

    # --- saving and loading ---

    def state(self) -> dict[str, FloatArray]:
        """Return a copy of everything learned or measured: ``{"conv1.weight": ..., ...}``."""
        return {name: value.copy() for name, value in self._lasting.items()}

    @property
    def _lasting(self) -> dict[str, FloatArray]:
        """What makes the trained network: its parameters and statistics."""
        return self.params | self.statistics

    def load_state(self, state: dict[str, FloatArray]) -> None:
        """Take over the parameters and statistics of an equal network.

        Raises
        ------
        StateError
            If a name, a shape or a number is not as it should be; then nothing is changed.
        """
        own = self._lasting
        for name in sorted(own.keys() ^ state.keys()):
            trouble = "lack" if name in own else "hold"
            raise StateError(f"The saved weights {trouble} `{name}`: they fit another network.")
        loaded: dict[str, FloatArray] = {}
        for name, value in own.items():
            saved = np.asarray(state[name])
            if saved.shape != value.shape:
                raise StateError(
                    f"The saved `{name}` has shape {saved.shape}, but this network's has "
                    f"{value.shape}: they fit another network."
                )
            numeric = saved.dtype.kind in "iuf"
            with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
                loaded[name] = saved.astype(value.dtype) if numeric else np.full(1, np.nan)
            if not np.isfinite(loaded[name]).all():
                raise StateError(f"The saved `{name}` holds something else than finite numbers.")
        for name, value in loaded.items():
            own[name][...] = value

    def save(self, file: str | PathLike[str] | IO[bytes]) -> None:
        """Write `state` to an .npz file, under exactly the name that is given."""
        if isinstance(file, (str, PathLike)):
            with Path(file).open("wb") as opened:
                self.save(opened)
        else:
            np.savez(file, **self.state())  # type: ignore[arg-type]

    def load(self, file: str | PathLike[str] | IO[bytes]) -> None:
        """Read what `save` wrote.

        Raises
        ------
        StateError
            If the file cannot be read or belongs to another network; then nothing is changed.
        """
        try:
            with _opened(file) as stream, np.load(stream, allow_pickle=False) as archive:
                state = {name: archive[name] for name in archive.files}
        except FileNotFoundError:
            raise StateError(f"There is no file `{file}` to load weights from.") from None
        except UNREADABLE as error:
            name = file if isinstance(file, (str, PathLike)) else getattr(file, "name", "This file")
            raise StateError(f"`{name}` is damaged or no .npz file of weights.") from error
        self.load_state(state)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Come back from a copy or a pickle: views do not survive that, so join them anew."""
        self.__dict__.update(state)
        self._join_parameters()

    def __repr__(self) -> str:
        """Name the layers as they are written."""
        return f"Sequential({', '.join(map(repr, self.layers))})"


def _vector(name: str, values: FloatArray, like: FloatArray) -> FloatArray:
    """Return the values, once there is one for every parameter."""
    values = as_float_array(name, values, axes="P")
    check_shape(name, values, like.shape, "one number for every parameter")
    return values


def _opened(file: str | PathLike[str] | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    """Open a path, so that it is closed even when NumPy gives up on it; leave open files alone."""
    return Path(file).open("rb") if isinstance(file, (str, PathLike)) else nullcontext(file)


def _names(layers: list[Layer]) -> list[str]:
    """Name layers by kind and number: conv1, relu1, pool1, conv2."""
    seen: Counter[str] = Counter()
    names = []
    for layer in layers:
        kind = type(layer).__name__.lower().removesuffix("1d").removesuffix("2d")
        kind = "pool" if kind in ("maxpool", "avgpool") else kind
        seen[kind] += 1
        names.append(f"{kind}{seen[kind]}")
    return names
