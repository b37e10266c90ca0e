"""What a network has learned, as a file, and back from one that a reader brings.

Such a file may come from anywhere, so nothing in it is trusted. It is read piece by piece, never
more of it than this network has numbers; nothing in it is run; and the network changes only when
all of it has been found to fit.
"""

import io
import math
import re
import struct
import zipfile
from collections.abc import Sequence

import numpy as np

from cnn_core import Sequential
from cnn_core.network import UNREADABLE
from pages.kit.language import _

Array = np.ndarray

# What np.savez writes before the numbers of an array: a version, a length, and this dictionary.
MAGIC = b"\x93NUMPY\x01\x00"
HEADER = re.compile(
    r"\{'descr': (?P<descr>.+), 'fortran_order': (?P<columns_first>True|False),"
    r" 'shape': \((?P<shape>(?:[0-9]{1,9}, )*(?:[0-9]{1,9},?)?)\), \} *\n"
)
LONGEST_HEADER = 1024
NUMBERS = re.compile(r"'[<>|](?:f[248]|[iu][1248])'")
OBJECTS = "'|O'"

# A file of another network is told apart by its shapes; one beyond this is not even opened.
LARGEST = 10_000_000  # bytes, besides those that this network needs
MOST_ARRAYS = 1000
DIRECTORY_ENTRY = b"PK\x01\x02"  # stands before every file name in a zip file
PACKED_AS_NUMPY_DOES = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (*UNREADABLE, LookupError, OverflowError, struct.error)


class WeightsError(ValueError):
    """A file whose weights cannot be used; the message is a sentence for the reader."""


def weights_file(model: Sequential) -> bytes:
    """All that a network has learned and measured, as an .npz file."""
    file = io.BytesIO()
    model.save(file)
    return file.getvalue()


def take_weights(model: Sequential, data: bytes) -> None:
    """Give the network the weights of an .npz file, or leave it as it is and say what is wrong."""
    own = model.state()
    needed = sum(array.nbytes for array in own.values())
    _check_size(len(data), needed)
    if data.count(DIRECTORY_ENTRY) > MOST_ARRAYS:
        raise _damaged(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(sum(member.file_size for member in archive.infolist()), needed)
            state = {name: _read(archive, name, array) for name, array in own.items()}
            names = [member.filename.removesuffix(".npy") for member in archive.infolist()]
    except WeightsError:
        raise
    except BROKEN as error:
        raise _damaged(data) from error
    for name in names:
        if name not in own:
            sentence = _("The file also holds `{name}`, which this network does not have.")
            raise WeightsError(sentence.format(name=_printable(name)))
    if len(names) > len(own):  # a name stands there twice
        raise _damaged(data)
    model.load_state(state)


def _read(archive: zipfile.ZipFile, name: str, own: Array) -> Array:
    """One array of the file, once it is what `own` could be replaced with."""
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError:
        sentence = _("`{name}` is missing from the file: it belongs to another network.")
        raise WeightsError(sentence.format(name=name)) from None
    if member.compress_type not in PACKED_AS_NUMPY_DOES:
        raise ValueError("packed in a way that cannot be unpacked bit by bit")
    with archive.open(member) as stream:
        start = stream.read(len(MAGIC) + 2)
        length = int.from_bytes(start[len(MAGIC) :], "little")
        if not start.startswith(MAGIC) or length > LONGEST_HEADER:
            raise ValueError("no array as np.savez writes it")
        header = HEADER.fullmatch(stream.read(length).decode("latin-1"))
        if not header:
            raise ValueError("no array as np.savez writes it")
        dtype = _checked_dtype(name, header, own.shape)
        count = math.prod(own.shape) * dtype.itemsize
        numbers = stream.read(count)
        if len(numbers) != count or stream.read(1):  # reading on also checks the check sum
            raise ValueError("not as many numbers as its shape says")
    columns_first = header["columns_first"] == "True"
    array = np.frombuffer(numbers, dtype).reshape(own.shape, order="F" if columns_first else "C")
    return _checked_numbers(name, array, own.dtype)


def _checked_dtype(name: str, header: re.Match[str], shape: tuple[int, ...]) -> np.dtype:
    """How the numbers are written, once they are numbers and as many as here."""
    found = tuple(map(int, re.findall("[0-9]+", header["shape"])))
    if found != shape:
        sentence = _(
            "`{name}` is {here} here and {there} in the file: it belongs to another network."
        )
        raise WeightsError(sentence.format(name=name, here=_times(shape), there=_times(found)))
    descr = header["descr"]
    if descr == OBJECTS:
        sentence = _(
            "`{name}` holds Python objects in the file; they could run code, so they are not read."
        )
        raise WeightsError(sentence.format(name=name))
    if not NUMBERS.fullmatch(descr):
        sentence = _("`{name}` holds something other than real numbers in the file.")
        raise WeightsError(sentence.format(name=name))
    return np.dtype(descr.strip("'"))


def _checked_numbers(name: str, array: Array, dtype: np.dtype) -> Array:
    """The numbers in the network's own dtype, once it can work with them."""
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite
        array = array.astype(dtype)
    if not np.isfinite(array).all():
        sentence = _("`{name}` holds NaN or infinity in the file, which no network can work with.")
        raise WeightsError(sentence.format(name=name))
    if name.endswith(".running_var") and (array < 0).any():
        sentence = _("`{name}` holds a negative variance in the file.")
        raise WeightsError(sentence.format(name=name))
    return array


def _check_size(size: int, needed: int) -> None:
    """Stop a file that would fill the memory, packed or unpacked."""
    if size > LARGEST + 2 * needed:
        sentence = _("The file takes {size} MB; the weights of this network take {needed} MB.")
        raise WeightsError(sentence.format(size=_megabytes(size), needed=_megabytes(needed)))


def _damaged(data: bytes) -> WeightsError:
    if data.startswith(b"PK"):
        return WeightsError(_("This .npz file is damaged; save or download it again."))
    return WeightsError(_("This is not an .npz file; choose one that was downloaded here."))


def _times(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "1"


def _megabytes(size: int) -> str:
    return f"{max(size / 1e6, 0.01):,.2f}"


def _printable(name: str) -> str:
    """A name out of a file, so that it can stand in a sentence."""
    return re.sub(r"[^\w.]", "?", name)[:40]
