"""What a network learns from: real handwritten digits, drawn strokes, and a few photos.

Everything comes from this folder or from a random generator, never from the network.  Where the
files come from, and under which licence, stands in ``data/README.md``.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_core.strokes import STROKES, check_whole, draw_strokes

DATA_FOLDER = Path(__file__).with_name("data")
MAX_DRAWN = 100_000


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images in two parts: one to learn from, one to be examined on.

    The arrays are read-only views, so that one data set can serve many readers.

    Parameters
    ----------
    train_images, test_images : (N, C, H, W) float
        Images, float32 from `load_dataset`; N may differ between the parts, C, H and W may not.
    train_labels, test_labels : (N,) int
        The class of each image, from 0 to ``len(class_names) - 1``.
    class_names : tuple of str
        What to call the classes.

    Raises
    ------
    ValueError
        When images and labels do not fit together.

    Examples
    --------
    >>> image = np.zeros((2, 1, 8, 8), dtype=np.float32)
    >>> data = Dataset(image, np.array([0, 1]), image[:1], np.array([1]), ("even", "odd"))
    >>> len(data.train_images), len(data.test_images), data.image_shape
    (2, 1, (1, 8, 8))
    """

    train_images: NDArray[np.floating]
    train_labels: NDArray[np.integer]
    test_images: NDArray[np.floating]
    test_labels: NDArray[np.integer]
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check that the parts fit together, and lock them."""
        for part in ("train", "test"):
            images, labels = getattr(self, f"{part}_images"), getattr(self, f"{part}_labels")
            self._check_part(part, images, labels)
            for name, array in ((f"{part}_images", images), (f"{part}_labels", labels)):
                view = array.view()
                view.flags.writeable = False
                object.__setattr__(self, name, view)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Shape (C, H, W) of one image."""
        channels, height, width = self.train_images.shape[1:]
        return channels, height, width

    def _check_part(self, part: str, images: NDArray[Any], labels: NDArray[Any]) -> None:
        if images.ndim != 4 or not np.issubdtype(images.dtype, np.floating):
            raise ValueError(
                f"`{part}_images` must be floats of shape (N, C, H, W), "
                f"not {images.dtype} of shape {images.shape}."
            )
        if images.shape[1:] != self.train_images.shape[1:]:
            raise ValueError(
                f"`test_images` are {images.shape[1:]} each, "
                f"but `train_images` are {self.train_images.shape[1:]}."
            )
        if labels.shape != images.shape[:1] or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                f"`{part}_labels` must be {len(images)} integers, one for each image, "
                f"not {labels.dtype} of shape {labels.shape}."
            )
        classes = len(self.class_names)
        if labels.size and not (labels.min() >= 0 and labels.max() < classes):
            raise ValueError(
                f"`{part}_labels` go from {labels.min()} to {labels.max()}, "
                f"but `class_names` names classes 0 to {classes - 1}."
            )


def dataset_names() -> tuple[str, ...]:
    """Return every name that `load_dataset` knows.

    Examples
    --------
    >>> dataset_names()
    ('digits', 'mnist', 'xo')
    """
    return tuple(_LOADERS)


def load_dataset(name: str, *, rng: np.random.Generator, **options: Any) -> Dataset:
    """Return a data set by name: the same one for an equally seeded `rng`.

    Both parts come in random order, so that the first hundred images are a fair sample.

    Parameters
    ----------
    name : {"digits", "mnist", "xo"}
        ``"digits"``: 1,797 handwritten digits of 8×8 pixels (UCI).
        ``"mnist"``: 10,000 handwritten digits of 28×28 pixels.
        ``"xo"``: strokes of 9×9 pixels with values ±1, see `draw_strokes`.
    rng : numpy.random.Generator
        Chooses the test images, and draws the strokes.
    **options
        ``"digits"`` and ``"mnist"``: `test_size` (450 and 2,000 images, each class in proportion);
        `scale=True` gives pixels from 0 to 1, ``False`` the numbers of the file (0 to 16 or 255).

        ``"xo"``: `train_size=600` and `test_size=200` images, as many of each class as of any
        other (or one more); `strokes=("X", "O")`, a choice from ``"X"``, ``"O"``, ``"+"`` and
        ``"/"``; `shift`, `thickness` and `noise` as in `draw_strokes`. Few shapes without noise
        repeat themselves: then training and test images have twins.

    Returns
    -------
    Dataset
        With read-only arrays of its own.

    Raises
    ------
    ValueError
        For an unknown name or option, or a size that cannot be had.

    Examples
    --------
    >>> data = load_dataset("digits", rng=np.random.default_rng(0))
    >>> data.train_images.shape, data.test_images.shape
    ((1347, 1, 8, 8), (450, 1, 8, 8))
    """
    if name not in _LOADERS:
        raise ValueError(f"There is no data set named {name!r}; there are {_listed(_LOADERS)}.")
    loader = _LOADERS[name]
    known = [option for option in inspect.signature(loader).parameters if option != "rng"]
    for option in options:
        if option not in known:
            raise ValueError(
                f"Data set {name!r} has no option `{option}`; it has {_listed(known)}."
            )
    return loader(rng=rng, **options)


def stratified_split(
    labels: ArrayLike, test_size: int, *, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Choose `test_size` samples for testing, of each class its fair share.

    A class with n of the N samples should give ``n * test_size / N`` of them. Each class gives
    this number rounded down; the places still free go to the largest remainders.

    Parameters
    ----------
    labels : (N,) int
        The class of each sample.
    test_size : int, 1 to N - 1
        How many samples to choose.
    rng : numpy.random.Generator
        Chooses within each class, and shuffles both answers.

    Returns
    -------
    train_indices, test_indices : (N - test_size,) and (test_size,) int
        Positions in `labels`; together they hold each position once.

    Raises
    ------
    ValueError
        When `labels` is no list of two or more, or `test_size` leaves nothing on one side.

    Examples
    --------
    >>> labels = np.array([0, 0, 0, 0, 1, 1])
    >>> train, test = stratified_split(labels, 3, rng=np.random.default_rng(0))
    >>> sorted(labels[train].tolist()), sorted(labels[test].tolist())
    ([0, 0, 1], [0, 0, 1])
    """
    labels = np.asarray(labels)
    n = labels.size
    if labels.ndim != 1 or n < 2:
        raise ValueError(f"`labels` must be a list of two or more, not of shape {labels.shape}.")
    check_whole("test_size", test_size, 1, n - 1)
    _, class_of, class_sizes = np.unique(labels, return_inverse=True, return_counts=True)
    places, remainders = np.divmod(class_sizes * test_size, n)
    free = test_size - places.sum()
    places[np.argsort(-remainders, kind="stable")[:free]] += 1

    is_test = np.zeros(n, dtype=bool)
    for a_class, share in enumerate(places):
        is_test[rng.choice(np.flatnonzero(class_of == a_class), share, replace=False)] = True
    return rng.permutation(np.flatnonzero(~is_test)), rng.permutation(np.flatnonzero(is_test))


def photo_names() -> tuple[str, ...]:
    """Return every name that `load_photo` knows.

    Examples
    --------
    >>> photo_names()
    ('camera', 'chelsea', 'coffee')
    """
    return tuple(sorted(_archive("photos")))


def load_photo(name: str) -> NDArray[np.float32]:
    """Return a photo, laid out for `conv2d` but for the batch axis: ``load_photo(name)[None]``.

    Parameters
    ----------
    name : {"camera", "chelsea", "coffee"}
        ``"camera"`` is grey, 512×512; ``"chelsea"`` (a cat, 300×451) and ``"coffee"`` (400×512)
        have the channels red, green and blue.

    Returns
    -------
    (C, H, W) float32
        Brightness from 0 to 1, in multiples of 1/255; an array of your own.

    Raises
    ------
    ValueError
        For an unknown name.

    Examples
    --------
    >>> load_photo("camera").shape, load_photo("coffee").shape
    ((1, 512, 512), (3, 400, 512))
    """
    if name not in photo_names():
        raise ValueError(f"There is no photo named {name!r}; there are {_listed(photo_names())}.")
    photo = np.atleast_3d(_archive("photos")[name])  # a grey photo has no channel axis yet
    channels_first = np.ascontiguousarray(photo.transpose(2, 0, 1), dtype=np.float32)
    return channels_first / np.float32(255)


def _load_digits(*, rng: np.random.Generator, test_size: int = 450, scale: bool = True) -> Dataset:
    return _split_digits("digits", 16 if scale else 1, test_size, rng)


def _load_mnist(*, rng: np.random.Generator, test_size: int = 2000, scale: bool = True) -> Dataset:
    return _split_digits("mnist", 255 if scale else 1, test_size, rng)


def _split_digits(name: str, white: int, test_size: int, rng: np.random.Generator) -> Dataset:
    """Split a file of digits; `white` is the pixel value that becomes 1."""
    images, labels = _archive(name)["images"][:, None], _archive(name)["labels"].astype(np.int64)
    train, test = stratified_split(labels, test_size, rng=rng)
    return Dataset(
        train_images=images[train] / np.float32(white),
        train_labels=labels[train],
        test_images=images[test] / np.float32(white),
        test_labels=labels[test],
        class_names=tuple("0123456789"),
    )


def _load_xo(
    *,
    rng: np.random.Generator,
    train_size: int = 600,
    test_size: int = 200,
    strokes: tuple[str, ...] = ("X", "O"),
    shift: int = 1,
    thickness: int = 2,
    noise: float = 0.05,
) -> Dataset:
    if len(strokes) < 2 or len(set(strokes)) < len(strokes) or not set(strokes) <= set(STROKES):
        raise ValueError(
            f"`strokes` (={strokes}) must be two or more different ones of {_listed(STROKES)}."
        )
    kinds = np.array([STROKES.index(stroke) for stroke in strokes])

    def draw(name: str, size: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        check_whole(name, size, 1, MAX_DRAWN)
        labels = rng.permutation(np.arange(size) % len(strokes))
        images = draw_strokes(kinds[labels], shift=shift, thickness=thickness, noise=noise, rng=rng)
        return images, labels

    # The test images come first: they stay the same however many one trains on.
    test_images, test_labels = draw("test_size", test_size)
    train_images, train_labels = draw("train_size", train_size)
    return Dataset(train_images, train_labels, test_images, test_labels, tuple(strokes))


_LOADERS: dict[str, Callable[..., Dataset]] = {
    "digits": _load_digits,
    "mnist": _load_mnist,
    "xo": _load_xo,
}


@cache
def _archive(name: str) -> dict[str, NDArray[np.uint8]]:
    """Read ``data/<name>.npz`` once; its arrays are shared, hence read-only."""
    with np.load(DATA_FOLDER / f"{name}.npz", allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
