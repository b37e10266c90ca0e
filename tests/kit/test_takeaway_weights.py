"""Weights come back as they went; any other file gets one sentence and changes nothing."""

import io
import pickle
import re
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core import (
    Affine,
    BatchNorm2d,
    Conv2d,
    Flatten,
    ReLU,
    Sequential,
    Subsample2d,
    build_network,
)
from pages.kit.language import speaking
from pages.kit.trainer.takeaway import WeightsError, take_weights, weights_file
from tests.core.arrays import rng


def small(seed=0) -> Sequential:
    generator = rng(seed)
    model = Sequential(
        Conv2d(1, 2, 3, rng=generator),
        BatchNorm2d(2),
        ReLU(),
        Subsample2d(2, 2),
        Flatten(),
        Affine(8, 3, rng=generator),
    )
    for array in model.statistics.values():
        array[...] = generator.uniform(0.5, 2, array.shape)
    return model


WHOLE = weights_file(small())


def packed(changes=(), *, pack=np.savez, without=()) -> bytes:
    """The weights of `small()`, some of them exchanged."""
    file = io.BytesIO()
    state = small().state() | dict(changes)
    pack(file, **{name: array for name, array in state.items() if name not in without})
    return file.getvalue()


def zipped(members, compression=zipfile.ZIP_STORED) -> bytes:
    """A zip file of (name, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may stand there twice
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def members():
    return [(f"{name}.npy", npy(array)) for name, array in small().state().items()]


def padded(content: bytes) -> bytes:
    """An array behind a header that is longer than NumPy writes it, if correct."""
    header = content[10:128].rstrip().ljust(2000) + b"\n"
    return content[:8] + struct.pack("<H", len(header)) + header + content[128:]


def assert_state(model: Sequential, state) -> None:
    assert model.state().keys() == state.keys()
    for name, array in model.state().items():
        np.testing.assert_array_equal(array, state[name])


def refusal(data: bytes, model: Sequential | None = None) -> str:
    """The sentence about a file that must leave the network as it was."""
    model = model or small(1)
    before = model.state()
    with pytest.raises(WeightsError) as caught, speaking("en"):
        take_weights(model, data)
    assert_state(model, before)
    return str(caught.value)


# ------------------------------------------------------------------ what fits


@pytest.mark.parametrize("name", ["digits", "mnist", "xo"])
def test_weights_come_back_bit_by_bit(name) -> None:
    learned, other = (build_network(name, rng=rng(seed)) for seed in (0, 1))
    take_weights(other, weights_file(learned))
    assert_state(other, learned.state())


def test_what_was_measured_comes_back_too() -> None:
    other = small(1)
    take_weights(other, WHOLE)
    assert_state(other, small().state())
    assert np.shares_memory(other.layers[0].params["weight"], other.flat_params)


def test_numpy_reads_the_file() -> None:
    with np.load(io.BytesIO(WHOLE), allow_pickle=False) as archive:
        assert {name: archive[name].shape for name in archive.files} == {
            name: array.shape for name, array in small().state().items()
        }


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.astype(np.float64),
        lambda a: a.astype(">f4"),
        np.asfortranarray,
        lambda a: np.round(8 * a).astype(np.int8),
        lambda a: np.round(8 * a).astype(np.float16),
    ],
)
@pytest.mark.parametrize("pack", [np.savez, np.savez_compressed])
def test_numbers_of_every_kind_are_taken(change, pack) -> None:
    state = {name: change(np.abs(array)) for name, array in small().state().items()}
    other = small(1)
    take_weights(other, packed(state, pack=pack))
    assert_state(other, {name: array.astype(np.float32) for name, array in state.items()})


# ------------------------------------------------------------------ what does not


class Trap:
    """Something that acts when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def test_pickled_objects_are_not_touched() -> None:
    pickled = np.array([Trap(), Trap()])
    data = packed({"conv1.bias": pickled})
    assert refusal(data) == (
        "`conv1.bias` holds Python objects in the file; they could run code, so they are not read."
    )
    refusal(packed({"spare": pickled}))
    assert not Trap.sprung
    np.load(io.BytesIO(data), allow_pickle=True)["conv1.bias"]
    assert Trap.sprung


NO_NPZ = "This is not an .npz file; choose one that was downloaded here."
DAMAGED = "This .npz file is damaged; save or download it again."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", NO_NPZ),
        (b"a text", NO_NPZ),
        (npy(np.zeros(3)), NO_NPZ),
        (pickle.dumps(small()), NO_NPZ),
        (b"PK", DAMAGED),
        (WHOLE[:-1], DAMAGED),
        (WHOLE[: len(WHOLE) // 2], DAMAGED),
        (zipped([]), "`conv1.weight` is missing from the file: it belongs to another network."),
        (zipped([(name, b"text") for name, _ in members()]), DAMAGED),
        (zipped([(name, b"") for name, _ in members()]), DAMAGED),
        (zipped([(name, content[:-1]) for name, content in members()]), DAMAGED),
        (zipped([(name, content + b"\0") for name, content in members()]), DAMAGED),
        (zipped([(name, padded(content)) for name, content in members()]), DAMAGED),
        (zipped([(n, c.replace(b"NUMPY\x01", b"NUMPY\x03")) for n, c in members()]), DAMAGED),
        (zipped(members(), zipfile.ZIP_BZIP2), DAMAGED),
        (zipped(members(), zipfile.ZIP_LZMA), DAMAGED),
        (zipped([*members(), members()[0]]), DAMAGED),
        (
            packed({"conv1.weight": np.zeros((6, 1, 5, 5))}),
            "`conv1.weight` is 2×1×3×3 here and 6×1×5×5 in the file: "
            "it belongs to another network.",
        ),
        (
            packed({"conv1.bias": np.zeros(())}),
            "`conv1.bias` is 2 here and 1 in the file: it belongs to another network.",
        ),
        (
            packed({"affine1.weight": np.zeros((8, 3))}),
            "`affine1.weight` is 3×8 here and 8×3 in the file: it belongs to another network.",
        ),
        (
            packed(without=["affine1.bias"]),
            "`affine1.bias` is missing from the file: it belongs to another network.",
        ),
        (
            packed(without=["batchnorm1.running_mean"]),
            "`batchnorm1.running_mean` is missing from the file: it belongs to another network.",
        ),
        (
            packed({"conv2.weight": np.zeros(3)}),
            "The file also holds `conv2.weight`, which this network does not have.",
        ),
        (
            packed({"`<b>` 卷积 " + "x" * 99: np.zeros(3)}),
            "The file also holds `??b???卷积?" + "x" * 31 + "`, which this network does not have.",
        ),
        *(
            (
                packed({"conv1.bias": np.array([0, bad])}),
                "`conv1.bias` holds NaN or infinity in the file, which no network can work with.",
            )
            for bad in (np.nan, np.inf, -np.inf, 1e39)
        ),
        *(
            (
                packed({"conv1.bias": np.array([1, 0], dtype)}),
                "`conv1.bias` holds something other than real numbers in the file.",
            )
            for dtype in ("U3", "S2", bool, complex, "M8[D]", [("a", "f4")])
        ),
        (
            packed({"batchnorm1.running_var": np.array([1, -0.1])}),
            "`batchnorm1.running_var` holds a negative variance in the file.",
        ),
    ],
)
def test_a_file_that_does_not_fit_gets_its_sentence(data, sentence) -> None:
    assert refusal(data) == sentence


def test_one_network_does_not_take_the_weights_of_another() -> None:
    sentence = refusal(weights_file(build_network("mnist", rng=rng())), small())
    assert sentence.startswith("`conv1.weight` is 2×1×3×3 here and 6×1×5×5 in the file")
    sentence = refusal(
        weights_file(build_network("xo", rng=rng())), build_network("digits", rng=rng())
    )
    assert sentence.startswith("`conv1.weight` is 8×1×3×3 here and 4×1×3×3 in the file")


def test_the_sentences_are_in_the_readers_language() -> None:
    with pytest.raises(WeightsError) as caught, speaking("zh"):
        take_weights(small(), packed({"conv1.weight": np.zeros((6, 1, 5, 5))}))
    assert re.search("[一-鿿]", str(caught.value))
    assert "`conv1.weight`在这里是2×1×3×3，在文件中却是6×1×5×5" in str(caught.value)


# ------------------------------------------------------------------ what would fill the memory


def peak_of(data: bytes) -> tuple[str, int]:
    """The sentence about a file, and how many bytes it took to find it."""
    tracemalloc.start()
    try:
        return refusal(data), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


HUGE = bytes(60_000_000)
LITTLE = 2_000_000


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped([("conv1.weight.npy", HUGE)], zipfile.ZIP_DEFLATED)
    sentence, peak = peak_of(bomb)
    assert sentence == "The file takes 60.00 MB; the weights of this network take 0.01 MB."
    assert peak < LITTLE


@pytest.mark.parametrize("header", [b"", members()[0][1], b"\x93NUMPY\x02\x00\xff\xff\xff\x7f"])
def test_a_bomb_that_lies_about_its_size_is_not_unpacked(header) -> None:
    bomb = zipped([("conv1.weight.npy", header + HUGE)], zipfile.ZIP_DEFLATED)
    size = struct.pack("<I", len(header) + len(HUGE))
    assert bomb.count(size) == 2  # before the data, and in the directory
    for claimed in (10, 200, 100_000):
        sentence, peak = peak_of(bomb.replace(size, struct.pack("<I", claimed)))
        assert sentence == DAMAGED
        assert peak < LITTLE


def test_a_large_file_and_a_crowded_one_are_not_opened() -> None:
    assert refusal(b"PK" + bytes(20_000_000)).startswith("The file takes 20.00 MB;")
    crowded = zipped([(f"{number}.npy", b"") for number in range(1001)])
    assert refusal(crowded) == DAMAGED
    assert "conv1.weight" in refusal(zipped([(f"{number}.npy", b"") for number in range(1000)]))


def test_a_shape_without_end_is_no_trouble() -> None:
    for shape in (b"9" * 400, b"9, " * 300, b"-1, 1, 3, 3", b"2, 1, 3, 3, " + b"1" * 500 + b"x"):
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + b"), }\n"
        content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
        assert refusal(zipped([("conv1.weight.npy", content)])) in (
            DAMAGED,
            f"`conv1.weight` is 2×1×3×3 here and {'×'.join(['9'] * 300)} in the file: "
            "it belongs to another network.",
        )


# ------------------------------------------------------------------ files by chance


def assert_refused_or_the_same(data: bytes) -> None:
    """Nothing else than a `WeightsError` leaves, and then nothing has changed."""
    model = small(1)
    before = model.state()
    try:
        with speaking("en"):
            take_weights(model, data)
    except WeightsError:
        assert_state(model, before)
    else:  # what is neither numbers nor names may be spoilt without harm
        assert_state(model, small().state())


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_bytes_by_chance(data, start) -> None:
    refusal(start + data)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 40))
def test_a_file_that_is_cut(length, start) -> None:
    assert_refused_or_the_same(WHOLE[start : max(start, length)])


@pytest.mark.parametrize("pack", [np.savez, np.savez_compressed])
@given(data=st.data())
@settings(max_examples=150)
def test_a_file_with_flipped_bits(pack, data) -> None:
    spoilt = bytearray(packed(pack=pack))
    bits = st.integers(0, 8 * len(spoilt) - 1)
    for bit in data.draw(st.lists(bits, min_size=1, max_size=4, unique=True)):
        spoilt[bit // 8] ^= 1 << bit % 8
    assert_refused_or_the_same(bytes(spoilt))


@given(data=st.data())
@settings(max_examples=100)
def test_a_header_with_another_byte_though_the_check_sum_is_right(data) -> None:
    """Spoil what is inside and pack it anew: the last line of defence is the header itself."""
    content = [(name, bytearray(array)) for name, array in members()]
    _name, array = data.draw(st.sampled_from(content))
    for position in data.draw(st.lists(st.integers(0, 127), max_size=3)):
        array[position] = data.draw(st.integers(0, 255))
    model = small(1)
    before = model.state()
    try:
        with speaking("en"):
            take_weights(model, zipped([(name, bytes(array)) for name, array in content]))
    except WeightsError:
        assert_state(model, before)
    assert np.isfinite(model.flat_params).all()
