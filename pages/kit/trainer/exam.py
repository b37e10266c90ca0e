"""What a network knows at one moment: its answers to new images, and to some it learned from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_core import Dataset, Sequential, confusion_matrix
from cnn_core.evaluation import target_for
from pages.kit.trainer.setup import LOSSES, shares_of

AT_A_TIME = 50  # images: few enough for the cache, and layers keep their arrays for one number


@dataclass(frozen=True, eq=False)
class Exam:
    """The answers of a network after `step` steps."""

    step: int
    test_loss: float
    train_loss: float
    train_accuracy: float
    labels: np.ndarray  # (N,) the true classes of the test images
    shares: np.ndarray  # (N, classes) what it says for each, see `shares_of`

    @cached_property
    def answers(self) -> np.ndarray:
        """The class with the highest share, (N,)."""
        return np.asarray(self.shares.argmax(axis=1))

    @property
    def test_accuracy(self) -> float:
        """The share of right answers."""
        return int(np.count_nonzero(self.answers == self.labels)) / len(self.labels)

    @property
    def confusion(self) -> np.ndarray:
        """How often each class (row) was taken for each class (column)."""
        return confusion_matrix(self.labels, self.answers, self.shares.shape[1])

    @property
    def misread(self) -> np.ndarray:
        """The test images that it gets wrong, the one first that it gets most wrong."""
        wrong = np.flatnonzero(self.answers != self.labels)
        return wrong[np.argsort(self._right_share[wrong], kind="stable")]

    def taken_for(self, true: int, said: int) -> np.ndarray:
        """The test images of a class that were taken for another, the surest answers first."""
        found = np.flatnonzero((self.labels == true) & (self.answers == said))
        return found[np.argsort(-self.shares[found, said], kind="stable")]

    @property
    def _right_share(self) -> np.ndarray:
        return np.asarray(self.shares[np.arange(len(self.labels)), self.labels])


def examine(model: Sequential, data: Dataset, loss: str, step: int, *, trained: int) -> Exam:
    """Show it all test images, and the first `trained` of the training images."""
    with model.in_use(), np.errstate(all="ignore"):  # weights that diverge may overflow
        test = _outputs(model, data.test_images)
        train = _outputs(model, data.train_images[:trained])
        test_loss = _mean_loss(loss, test, data.test_labels)
        train_labels = data.train_labels[:trained]
        right = int(np.count_nonzero(train.argmax(axis=1) == train_labels))
        return Exam(
            step,
            test_loss,
            _mean_loss(loss, train, train_labels),
            right / len(train),
            data.test_labels,
            shares_of(loss, test),
        )


def _outputs(model: Sequential, images: np.ndarray) -> np.ndarray:
    chunks = [images[start : start + AT_A_TIME] for start in range(0, len(images), AT_A_TIME)]
    return np.concatenate([model.forward(chunk) for chunk in chunks])


def _mean_loss(name: str, outputs: np.ndarray, labels: np.ndarray) -> float:
    loss = LOSSES[name]
    weight = np.full(len(outputs), 1 / len(outputs), outputs.dtype)
    return float(loss(outputs, target_for(loss, labels, outputs), weight)[0])
