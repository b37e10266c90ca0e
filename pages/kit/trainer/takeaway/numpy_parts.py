"""The functions that a NumPy script is put together from; `numpy_code` copies those it needs.

They are written for the reader of that script, who has nothing but NumPy: clear first, and fast
enough. Being code and not text, they are checked like all other code here. Nothing in them may
come from cnn_core, and whatever else they use has to be imported by `script.IMPORTS`.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np

Pair = tuple[int, int]  # (height, width)
Sides = tuple[Pair, Pair]  # ((top, bottom), (left, right))


def pad(x: np.ndarray, sides: Sides, fill: float = 0) -> np.ndarray:
    """Return maps (N, C, H, W) with cells that hold `fill` around them."""
    return np.pad(x, ((0, 0), (0, 0), *sides), constant_values=fill)


def windows(x: np.ndarray, kernel_size: Pair, stride: Pair, dilation: Pair = (1, 1)) -> np.ndarray:
    """Return all windows (N, C, oH, oW, kH, kW) that slide over maps (N, C, H, W): a view."""
    (kh, kw), (sh, sw), (dh, dw) = kernel_size, stride, dilation
    span = (dh * (kh - 1) + 1, dw * (kw - 1) + 1)  # cells from a window's first to its last
    everywhere = np.lib.stride_tricks.sliding_window_view(x, span, axis=(2, 3))
    return everywhere[:, :, ::sh, ::sw, ::dh, ::dw]


def conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    stride: Pair = (1, 1),
    padding: Sides = ((0, 0), (0, 0)),
    dilation: Pair = (1, 1),
    flip: bool = True,
) -> np.ndarray:
    """Return y (N, O, oH, oW): the convolution of maps (N, C, H, W) with O kernels (C, kH, kW).

    True convolution rotates every kernel by 180° before it slides. Deep-learning libraries leave
    that out, which makes it a cross-correlation: `flip=False`.
    """
    if flip:
        weight = weight[:, :, ::-1, ::-1]
    *_, kh, kw = weight.shape
    seen = windows(pad(x, padding), (kh, kw), stride, dilation)
    # n sample, c channel in, o channel out, (y, x) place, (u, v) cell of the window
    y = np.einsum("ncyxuv,ocuv->noyx", seen, weight, optimize=True)
    return y + bias[:, None, None]


def max_pool2d(
    x: np.ndarray, kernel_size: Pair, stride: Pair, padding: Sides = ((0, 0), (0, 0))
) -> np.ndarray:
    """Return the largest number of every window (N, C, oH, oW); cells of the padding never win."""
    return windows(pad(x, padding, -np.inf), kernel_size, stride).max(axis=(4, 5))


def avg_pool2d(
    x: np.ndarray, kernel_size: Pair, stride: Pair, padding: Sides = ((0, 0), (0, 0))
) -> np.ndarray:
    """Return the mean of every window (N, C, oH, oW); cells of the padding are zeros that count."""
    return windows(pad(x, padding), kernel_size, stride).mean(axis=(4, 5))


def partial_avg_pool2d(
    x: np.ndarray, kernel_size: Pair, stride: Pair, padding: Sides, uncounted: Sides
) -> np.ndarray:
    """Return the mean of those cells of every window (N, C, oH, oW) that count.

    The zeros of the `padding` do; the `uncounted` cells around them only make room for windows
    that hang over the edge.
    """
    numbers = pad(x, padding)
    counts = np.ones((1, 1, *numbers.shape[2:]), x.dtype)
    total, count = (
        windows(pad(cells, uncounted), kernel_size, stride).sum(axis=(4, 5))
        for cells in (numbers, counts)
    )
    return total / count


def subsample2d(
    x: np.ndarray,
    coefficient: np.ndarray,
    bias: np.ndarray,
    kernel_size: Pair,
    stride: Pair,
    padding: Sides = ((0, 0), (0, 0)),
) -> np.ndarray:
    """Return LeNet-5's trainable pooling (N, C, oH, oW): coefficient · sum of the window + bias.

    Each of the C maps has a coefficient and a bias of its own, both learned.
    """
    sums = windows(pad(x, padding), kernel_size, stride).sum(axis=(4, 5))
    return coefficient[:, None, None] * sums + bias[:, None, None]


def batch_norm(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    eps: float,
) -> np.ndarray:
    """Return x (N, C) or (N, C, H, W), every channel with a mean and a spread that were learned.

    What is subtracted and divided by was measured during training, not in this batch.
    """
    per_channel = (-1, *[1] * (x.ndim - 2))
    scale = weight / np.sqrt(variance + eps)
    return scale.reshape(per_channel) * (x - mean.reshape(per_channel)) + bias.reshape(per_channel)


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0), cell by cell."""
    return np.maximum(x, 0)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^-x), cell by cell; written with tanh it cannot overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def tanh(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent, cell by cell."""
    return np.tanh(x)


def flatten(x: np.ndarray) -> np.ndarray:
    """Return maps (N, C, H, W) as rows (N, C·H·W): channel by channel, row by row."""
    return x.reshape(len(x), -1)


def affine(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return y (N, outputs): weighted sums of all inputs x (N, inputs), plus a bias for each."""
    return x @ weight.T + bias


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return e^score of each class divided by the sum of all: numbers from 0 to 1 that add to 1.

    Subtracting the largest score first changes nothing but keeps e^score from overflowing.
    """
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def load_weights(path: Path, shapes: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file by name, once they have the shapes of this network."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            weights = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile):
        sys.exit(f"{path} cannot be read: it is missing, damaged, or no .npz file of weights.")
    if {name: array.shape for name, array in weights.items()} != shapes:
        sys.exit(f"{path} holds the weights of another network.")
    return weights


def load_images(path: Path, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Return the image or the images of an .npy file as a batch (N, C, H, W).

    The pixels have to be on the scale of those that the network has learned from.
    """
    try:
        images = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        sys.exit(f"{path} cannot be read: it is missing, damaged, or no .npy file of images.")
    if not isinstance(images, np.ndarray) or images.dtype.kind not in "biuf":
        sys.exit(f"{path} holds something else than one array of numbers.")
    given = images.shape
    if image_shape[0] == 1 and images.ndim in (2, 3):  # grey images may come without channels
        images = images[..., None, :, :]
    if images.ndim == 3:
        images = images[None]
    if images.shape[1:] != image_shape:
        sys.exit(f"{path} has shape {given}; an image of this network is {image_shape}.")
    return images.astype(np.float32)
