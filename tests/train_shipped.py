"""Train the networks of ``cnn_core/data/weights`` anew and compare them with the shipped ones.

    python -m tests.train_shipped            both, in about half a minute
    python -m tests.train_shipped digits     one of them
    python -m tests.train_shipped --write    store what was learned

Rounding differs between machines, so the weights need not agree in every digit; the accuracy must
not be worse by more than half a percent.  Ends with status 1 when it is.
"""

import argparse
import sys

import numpy as np

from cnn_core import SGD, Dataset, Sequential, evaluate, fit, load_dataset
from cnn_core.pretrained import WEIGHTS_FOLDER, build_network, load_pretrained

# name: seed of first weights and order, epochs, learning rate (a tenth of it in the last quarter)
RECIPES = {"digits": (2, 40, 0.05), "mnist": (1, 12, 0.03)}
MOMENTUM, BATCH_SIZE = 0.9, 50
TOLERANCE = 0.005


def train(name: str, data: Dataset) -> Sequential:
    seed, epochs, lr = RECIPES[name]
    rng = np.random.default_rng(seed)
    network = build_network(name, rng=rng)
    optimizer = SGD(lr, MOMENTUM)
    for report in fit(
        network, data, optimizer=optimizer, batch_size=BATCH_SIZE, epochs=epochs, rng=rng
    ):
        if report.epoch > epochs * 3 / 4:
            optimizer.lr = lr / 10
    return network


def accuracy(network: Sequential, data: Dataset) -> float:
    return evaluate(network, data.test_images, data.test_labels)[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.train_shipped", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*RECIPES, []], help="all if none is given")
    parser.add_argument("--write", action="store_true", help="store what was learned")
    options = parser.parse_args(arguments)

    worse = False
    for name in options.names or RECIPES:
        data = load_dataset(name, rng=np.random.default_rng(0))
        learned = train(name, data)
        if options.write:
            learned.save(WEIGHTS_FOLDER / f"{name}.npz")
        now, shipped = accuracy(learned, data), accuracy(load_pretrained(name), data)
        print(f"{name}: {now:.2%} of {len(data.test_labels)} test images; shipped {shipped:.2%}")
        worse |= now < shipped - TOLERANCE
    return int(worse)


if __name__ == "__main__":
    sys.exit(main())
