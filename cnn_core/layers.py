"""Layers: functions that remember their input, so that they can be run backwards.

Every layer answers the same few questions: `forward`, right below it `backward`, which shape
comes out, how many parameters it learns and how many connections it draws. The arithmetic stands
in convolution.py, pooling.py and activations.py.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import activations, normalization, pooling
from .affine import weighted_sum, weighted_sum_backward
from .checks import FloatArray, as_float_array, as_float_dtype, check_shape
from .convolution import Convolution, samples_innermost
from .geometry import Padding, Pair, as_padding, as_pair, as_whole_number, output_size
from .initial import uniform_fan_in

Shape = tuple[int, ...]


class Layer:
    """What all layers share; on its own it passes everything through.

    Attributes
    ----------
    params, grads : dict of str to ndarray
        What the layer learns, and the gradient that the last `backward` left, name by name.
    statistics : dict of str to ndarray
        What the layer measures while it trains and uses afterwards; saved like the parameters.
    training : bool
        Whether it is being trained or used; most layers do the same in both cases.
    reuse_buffers : bool
        Whether results may be written into the arrays of the previous call, which is faster; a
        network that trains switches it on and hands out copies.

    Examples
    --------
    >>> Layer().forward(np.array([1, 2]))
    array([1, 2])
    """

    def __init__(self) -> None:
        self.params: dict[str, FloatArray] = {}
        self.grads: dict[str, FloatArray] = {}
        self.statistics: dict[str, FloatArray] = {}
        self.training = True
        self.reuse_buffers = False
        self._buffers: dict[str, FloatArray] = {}

    def forward(self, x: FloatArray) -> FloatArray:
        """Return the output for a batch, and remember what `backward` needs."""
        return x

    def backward(
        self, grad_output: FloatArray, *, needs_input_grad: bool = True
    ) -> FloatArray | None:
        """Return the gradient at the input of the last `forward`, and leave those in `grads`.

        Without `needs_input_grad` a layer may save that work and return None.
        """
        return grad_output

    def train(self, mode: bool = True) -> None:
        """Switch to training, or with False to use."""
        self.training = mode

    def eval(self) -> None:
        """Switch to use: what was measured in training is taken as it is."""
        self.train(False)

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the output, for (C, H, W) of one sample or (N, C, H, W)."""
        return input_shape

    @property
    def parameter_count(self) -> int:
        """How many numbers the layer learns."""
        return sum(p.size for p in self.params.values())

    def connection_count(self, input_shape: Shape) -> int:
        """Return how many weighted links lead to one sample's output, biases included."""
        return 0

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        return f"{type(self).__name__}()"

    def __getstate__(self) -> dict[str, Any]:
        """Leave the working arrays behind when a layer is copied: views do not survive that."""
        state = self.__dict__ | {"_buffers": {}}
        return {k: None if k in ("_convolution", "_pooling") else v for k, v in state.items()}

    def _learn(self, name: str, initial: FloatArray) -> None:
        """Take up a parameter and make room for its gradient."""
        self.params[name] = initial
        self.grads[name] = np.zeros_like(initial)

    def _buffer(self, name: str, like: FloatArray) -> FloatArray | None:
        """Return an array to write a result into, or None to let NumPy make one."""
        if not self.reuse_buffers:
            return None
        kept = self._buffers.get(name)
        if kept is None or kept.shape != like.shape or kept.dtype != like.dtype:
            kept = self._buffers[name] = np.empty_like(like)
        return kept


def _maps(shape: Shape, layer: Layer) -> Shape:
    """Return a shape, once it is that of maps, (C, H, W) or (N, C, H, W)."""
    if len(shape) not in (3, 4):
        raise ValueError(f"`x` has shape {shape}; {layer} needs maps (N, C, H, W).")
    return shape


class Conv2d(Layer):
    """Convolution with kernels that are learned: y[n, o] = Σ_c x[n, c] * weight[o, c] + bias[o].

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of the input, and number of filters.
    kernel_size : int or (int, int)
        Size of the kernels.
    stride, padding, dilation, flip
        As for `conv2d`.
    rng : numpy.random.Generator
        Draws the first kernels, by `uniform_fan_in`.
    dtype : dtype
        float32 or float64.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> layer = Conv2d(1, 6, 5, padding=2, rng=np.random.default_rng(0))
    >>> layer.output_shape((1, 28, 28)), layer.parameter_count
    ((6, 28, 28), 156)
    >>> layer.connection_count((1, 28, 28))
    122304
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        *,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        flip: bool = True,
        rng: np.random.Generator,
        dtype: Any = np.float32,
    ) -> None:
        super().__init__()
        channels = as_whole_number("in_channels", in_channels)
        filters = as_whole_number("out_channels", out_channels)
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.stride, self.dilation = as_pair("stride", stride), as_pair("dilation", dilation)
        self.padding, self.flip = as_padding(padding), flip
        fan_in = channels * math.prod(self.kernel_size)
        weight_shape = (filters, channels, *self.kernel_size)
        self._learn("weight", uniform_fan_in(weight_shape, fan_in, rng=rng, dtype=dtype))
        self._learn("bias", uniform_fan_in((filters,), fan_in, rng=rng, dtype=dtype))
        self._convolution: Convolution | None = None
        self._input_shape: Shape = ()

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y (N, O, oH, oW) for x (N, C, H, W)."""
        if not self.reuse_buffers or self._convolution is None or x.shape != self._input_shape:
            x = as_float_array("x", x, axes="N, C, H, W")
            self.output_shape(x.shape)
            self._input_shape = x.shape
            self._convolution = self._prepare(x.shape)
        return self._convolution.forward(x, self.params["weight"], self.params["bias"])

    def backward(
        self, grad_output: FloatArray, *, needs_input_grad: bool = True
    ) -> FloatArray | None:
        """Return grad_x (N, C, H, W), and leave the gradients of weight and bias."""
        assert self._convolution is not None, "backward needs a forward first"
        output_shape = self._convolution.output_shape
        check_shape("grad_output", grad_output, output_shape, "the shape of the output")
        grad_x, self.grads["weight"][...], self.grads["bias"][...] = self._convolution.backward(
            grad_output, self.params["weight"], needs_input_grad=needs_input_grad
        )
        return grad_x

    def _prepare(self, input_shape: Shape) -> Convolution:
        """Make the arrays for one shape of input."""
        weight = self.params["weight"]
        return Convolution(
            input_shape,
            weight.shape,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            flip=self.flip,
            dtype=weight.dtype,
            strips=self.reuse_buffers,
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return ([N,] O, oH, oW)."""
        filters, in_channels, kh, kw = self.params["weight"].shape
        *batch, channels, height, width = _maps(input_shape, self)
        if channels != in_channels:
            raise ValueError(
                f"`x` has {channels} channels, but {self} was made for `in_channels` "
                f"(={in_channels})."
            )
        sizes = (
            output_size(size, kernel, stride=stride, padding=padding, dilation=dilation)
            for size, kernel, stride, padding, dilation in zip(
                (height, width), (kh, kw), self.stride, self.padding, self.dilation, strict=True
            )
        )
        return (*batch, filters, *sizes)

    def connection_count(self, input_shape: Shape) -> int:
        """Return kH·kW·C weights and one bias for each output cell."""
        *_, oh, ow = self.output_shape(input_shape)
        return oh * ow * self.parameter_count

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        filters, channels, kh, kw = self.params["weight"].shape
        settings = {
            "stride": (self.stride, (1, 1)),
            "padding": (self.padding, ((0, 0), (0, 0))),
            "dilation": (self.dilation, (1, 1)),
            "flip": (self.flip, True),
        }
        changed = "".join(f", {k}={v}" for k, (v, usual) in settings.items() if v != usual)
        return f"Conv2d({channels}, {filters}, ({kh}, {kw}){changed})"


class _Pool2d(Layer):
    """What max and average pooling share: settings and shapes."""

    def __init__(
        self,
        kernel_size: Pair,
        *,
        stride: Pair | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = as_pair("kernel_size", kernel_size)
        self.stride = self.kernel_size if stride is None else as_pair("stride", stride)
        self.padding, self.ceil_mode = as_padding(padding), ceil_mode
        self._latest: pooling.Windows | None = None

    def _windows(self, input_shape: Shape) -> pooling.Windows:
        """Say where the windows lie; the answer is kept for the next batch of that shape."""
        if self._latest is None or self._latest.input_shape != input_shape:
            shape = _maps(input_shape, self)
            self._latest = pooling.Windows(
                shape, self.kernel_size, self.stride, self.padding, self.ceil_mode
            )
        return self._latest

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return ([N,] C, oH, oW)."""
        return self._windows(input_shape).output_shape

    def connection_count(self, input_shape: Shape) -> int:
        """Return the cells of all windows."""
        *_, channels, oh, ow = self.output_shape(input_shape)
        return channels * oh * ow * math.prod(self.kernel_size)

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        settings = {
            "stride": (self.stride, self.kernel_size),
            "padding": (self.padding, ((0, 0), (0, 0))),
            "ceil_mode": (self.ceil_mode, False),
        }
        changed = "".join(f", {k}={v}" for k, (v, usual) in settings.items() if v != usual)
        return f"{type(self).__name__}({self.kernel_size}{changed})"


class MaxPool2d(_Pool2d):
    """Max pooling; nothing to learn.

    Parameters
    ----------
    kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> MaxPool2d(2).output_shape((6, 28, 28))
    (6, 14, 14)
    """

    _pooling: pooling.MaxPooling | None = None

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y (N, C, oH, oW), the maximum of every window."""
        if self._pooling is None or self._pooling.padded is not x or not self.reuse_buffers:
            x = as_float_array("x", x, axes="N, C, H, W")
            windows = self._windows(x.shape)
            self._pooling = pooling.MaxPooling(windows, windows.pad(x, -np.inf))
        return self._pooling.forward()

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x (N, C, H, W): each gradient at the winner of its window."""
        assert self._pooling is not None, "backward needs a forward first"
        return self._pooling.backward(grad_output)


class AvgPool2d(_Pool2d):
    """Average pooling; nothing to learn.

    Parameters
    ----------
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d`.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> AvgPool2d(2).forward(np.array([[[[1.0, 2.0], [3.0, 6.0]]]]))
    array([[[[3.]]]])
    """

    def __init__(
        self,
        kernel_size: Pair,
        *,
        stride: Pair | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode)
        self.count_include_pad = count_include_pad

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y (N, C, oH, oW), the mean of every window."""
        x = as_float_array("x", x, axes="N, C, H, W")
        windows = self._windows(x.shape)
        cells = windows.cells(count_include_pad=self.count_include_pad)
        self._used = windows, cells
        return pooling.mean(windows, windows.pad(x, 0), cells)

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x (N, C, H, W): each gradient shared among the cells of its window."""
        windows, cells = self._used
        return pooling.mean_backward(windows, grad_output, cells)


class Subsample2d(_Pool2d):
    """LeNet-5's subsampling: a coefficient and a bias for each map are learned.

    Parameters
    ----------
    channels : int
        Number of maps.
    kernel_size : int or (int, int)
        As for `subsample2d`. The first coefficients make it average pooling.
    dtype : dtype
        float32 or float64.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> layer = Subsample2d(6, 2)
    >>> layer.parameter_count, layer.connection_count((6, 28, 28))
    (12, 5880)
    """

    def __init__(self, channels: int, kernel_size: Pair = 2, *, dtype: Any = np.float32) -> None:
        super().__init__(kernel_size)
        channels, dtype = as_whole_number("channels", channels), as_float_dtype(dtype)
        self._learn("coefficient", np.full(channels, 1 / math.prod(self.kernel_size), dtype))
        self._learn("bias", np.zeros(channels, dtype))

    def forward(self, x: FloatArray) -> FloatArray:
        """Return u (N, C, oH, oW), before the activation."""
        self._x = x
        return pooling.subsample2d(
            x, self.params["coefficient"], self.params["bias"], self.kernel_size
        )

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x (N, C, H, W), and leave the gradients of coefficient and bias."""
        grad_x, self.grads["coefficient"][...], self.grads["bias"][...] = (
            pooling.subsample2d_backward(
                grad_output, self._x, self.params["coefficient"], self.kernel_size
            )
        )
        return grad_x

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return ([N,] C, oH, oW)."""
        maps = len(self.params["bias"])
        if len(input_shape) >= 3 and input_shape[-3] != maps:
            raise ValueError(
                f"`x` has {input_shape[-3]} maps, but {self} was made for `channels` (={maps})."
            )
        return super().output_shape(input_shape)

    def connection_count(self, input_shape: Shape) -> int:
        """Return the cells of all windows, and one bias for each."""
        *_, channels, oh, ow = self.output_shape(input_shape)
        return channels * oh * ow * (math.prod(self.kernel_size) + 1)

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        return f"Subsample2d({len(self.params['bias'])}, {self.kernel_size})"


class Affine(Layer):
    """Fully connected: every output is a weighted sum of all inputs, plus a bias.

    Parameters
    ----------
    in_features, out_features : int
        Numbers that come in and go out.
    rng : numpy.random.Generator
        Draws the first weights, by `uniform_fan_in`.
    dtype : dtype
        float32 or float64.

    Raises
    ------
    ValueError
        If a size is out of range.

    Examples
    --------
    >>> layer = Affine(12, 2, rng=np.random.default_rng(0))
    >>> layer.output_shape((12,)), layer.parameter_count
    ((2,), 26)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        dtype: Any = np.float32,
    ) -> None:
        super().__init__()
        inputs = as_whole_number("in_features", in_features)
        outputs = as_whole_number("out_features", out_features)
        self._learn("weight", uniform_fan_in((outputs, inputs), inputs, rng=rng, dtype=dtype))
        self._learn("bias", uniform_fan_in((outputs,), inputs, rng=rng, dtype=dtype))
        self._input_shape: Shape = ()

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y (N, out_features) for x (N, in_features)."""
        if not self.reuse_buffers or x.shape != self._input_shape:
            x = as_float_array("x", x, axes="N, in_features")
            self.output_shape(x.shape)
            self._input_shape = x.shape
        self._x = x
        return weighted_sum(x, self.params["weight"], self.params["bias"])

    def backward(
        self, grad_output: FloatArray, *, needs_input_grad: bool = True
    ) -> FloatArray | None:
        """Return grad_x (N, in_features), and leave the gradients of weight and bias."""
        grad_x, self.grads["weight"][...], self.grads["bias"][...] = weighted_sum_backward(
            grad_output, self._x, self.params["weight"]
        )
        return grad_x

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return ([N,] out_features)."""
        outputs, inputs = self.params["weight"].shape
        if len(input_shape) > 2 or input_shape[-1] != inputs:
            raise ValueError(
                f"`x` has shape {input_shape}, but {self} was made for `in_features` (={inputs}); "
                "maps need a Flatten first."
            )
        return (*input_shape[:-1], outputs)

    def connection_count(self, input_shape: Shape) -> int:
        """Return a link for each weight and each bias."""
        return self.parameter_count

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        outputs, inputs = self.params["weight"].shape
        return f"Affine({inputs}, {outputs})"


class _BatchNorm(Layer):
    """What the two batch normalisations share: all but the axes of their input."""

    _axes = ""

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        dtype: Any = np.float32,
    ) -> None:
        super().__init__()
        channels, dtype = as_whole_number("num_features", num_features), as_float_dtype(dtype)
        for name, value in (("eps", eps), ("momentum", momentum)):
            if not 0 < value <= 1:
                raise ValueError(f"`{name}` (={value}) must be above 0, and 1 at most.")
        self.eps, self.momentum = eps, momentum
        self._learn("weight", np.ones(channels, dtype))
        self._learn("bias", np.zeros(channels, dtype))
        self.statistics["running_mean"] = np.zeros(channels, dtype)
        self.statistics["running_var"] = np.ones(channels, dtype)

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y in the shape of x, normalised over the batch, or as training has measured it."""
        x = as_float_array("x", x, axes=self._axes)
        self.output_shape(x.shape)
        self._measured = self.training
        if self._measured:
            mean, var = normalization.batch_statistics(x)
            self._follow(mean, var, normalization.numbers_per_channel(x))
        else:
            mean, var = self.statistics["running_mean"], self.statistics["running_var"]
        self._normalized, self._std = normalization.normalize(x, mean, var, self.eps)
        weight, bias = (normalization.spread(p, x) for p in self.params.values())
        return weight * self._normalized + bias

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x, and leave the gradients of weight and bias."""
        grad_x, self.grads["weight"][...], self.grads["bias"][...] = (
            normalization.normalize_backward(
                grad_output,
                self._normalized,
                self._std,
                self.params["weight"],
                measured=self._measured,
            )
        )
        return grad_x

    def _follow(self, mean: FloatArray, var: FloatArray, count: int) -> None:
        """Let the running mean and variance move towards those of a batch.

        The batch scatters less around its own mean than around the true one; count / (count − 1)
        makes up for that.
        """
        measured = {"running_mean": mean, "running_var": var * (count / (count - 1))}
        for name, value in measured.items():
            self.statistics[name] += self.momentum * (value - self.statistics[name])

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the input."""
        channels = len(self.params["weight"])
        axis = -3 if self._axes == "N, C, H, W" else -1
        if input_shape[axis:][:1] != (channels,):
            raise ValueError(
                f"`x` has shape {input_shape}, but {self} was made for `num_features` "
                f"(={channels})."
            )
        return input_shape

    def connection_count(self, input_shape: Shape) -> int:
        """Return one weighted link and one bias for each number."""
        return 2 * math.prod(input_shape[-3:] if self._axes == "N, C, H, W" else input_shape[-1:])

    def __repr__(self) -> str:
        """Name the layer as it is written."""
        return f"{type(self).__name__}({len(self.params['weight'])})"


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of (N, C): every column gets a mean and a spread that are learned.

    Parameters
    ----------
    num_features : int
        Number of columns.
    eps : float
        As for `batch_norm`.
    momentum : float
        How far the running mean and variance move towards those of each batch, in (0, 1].
    dtype : dtype
        float32 or float64.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    In training a batch is measured against itself; in use against what training has seen:

    >>> layer = BatchNorm1d(1, momentum=1)
    >>> layer.forward(np.array([[10.0], [30.0]])).round(3).tolist()
    [[-1.0], [1.0]]
    >>> layer.eval()
    >>> layer.forward(np.array([[20.0]])).tolist()
    [[0.0]]
    """

    _axes = "N, C"


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of maps (N, C, H, W): all places of a map share mean and spread.

    Parameters
    ----------
    num_features : int
        Number of maps, C.
    eps, momentum, dtype
        As for `BatchNorm1d`.

    Raises
    ------
    ValueError
        If a setting is out of range.

    Examples
    --------
    >>> layer = BatchNorm2d(6)
    >>> layer.output_shape((6, 28, 28)), layer.parameter_count
    ((6, 28, 28), 12)
    """

    _axes = "N, C, H, W"


class ReLU(Layer):
    """max(x, 0), cell by cell.

    Examples
    --------
    >>> ReLU().forward(np.array([-2.0, 3.0]))
    array([0., 3.])
    """

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y, same shape."""
        x = as_float_array("x", x, axes="...")
        self._y = activations.relu(x, out=self._buffer("y", x))
        return self._y

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x: what passed the forward pass lets its gradient through."""
        return activations.relu_backward(grad_output, self._y, out=self._buffer("grad", self._y))


class Sigmoid(Layer):
    """1 / (1 + e⁻ˣ), cell by cell.

    Examples
    --------
    >>> Sigmoid().forward(np.array([0.0]))
    array([0.5])
    """

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y, same shape."""
        self._y = activations.sigmoid(x)
        return self._y

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x: the gradient times y·(1 − y)."""
        return activations.sigmoid_backward(grad_output, self._y)


class Tanh(Layer):
    """The hyperbolic tangent, cell by cell.

    Examples
    --------
    >>> Tanh().forward(np.array([0.0]))
    array([0.])
    """

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y, same shape."""
        self._y = activations.tanh(x)
        return self._y

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x: the gradient times 1 − y²."""
        return activations.tanh_backward(grad_output, self._y)


class Flatten(Layer):
    """Maps of (N, C, H, W) as rows of (N, C·H·W): channel by channel, row by row.

    Examples
    --------
    >>> Flatten().forward(np.arange(4).reshape(1, 1, 2, 2))
    array([[0., 1., 2., 3.]])
    """

    def forward(self, x: FloatArray) -> FloatArray:
        """Return y (N, C·H·W)."""
        x = as_float_array("x", x, axes="N, C, H, W")
        n, channels, height, width = self._input_shape = x.shape
        return x.transpose(1, 2, 3, 0).reshape(channels * height * width, n).T

    def backward(self, grad_output: FloatArray, *, needs_input_grad: bool = True) -> FloatArray:
        """Return grad_x (N, C, H, W), with the samples innermost in memory again."""
        return samples_innermost(grad_output.reshape(self._input_shape))

    def output_shape(self, input_shape: Shape) -> Shape:
        """Return ([N,] C·H·W)."""
        *batch, channels, height, width = _maps(input_shape, self)
        return (*batch, channels * height * width)
