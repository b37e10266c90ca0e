"""Ten classes, one layer: ten yes-or-no questions beside one softmax, on the same 8×8 digits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st

from cnn_core import (
    SGD,
    Affine,
    Flatten,
    Sequential,
    binary_cross_entropy_with_logits,
    cross_entropy,
    fit,
    sigmoid,
    softmax,
)
from pages.kit.race import Entry, Race
from pages.kit.stacks import BATCH_SIZE, CLASSES, MOMENTUM, PIXELS, digits

EPOCHS = 30
LOSSES = {"rest": binary_cross_entropy_with_logits, "softmax": cross_entropy}
ANSWERS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {  # what makes answers of scores
    "rest": sigmoid,
    "softmax": softmax,
}
GROUPS = ("none", "several", "differ", "only_rest", "only_softmax")

Scores = Mapping[str, np.ndarray]  # of each network, (images, classes)


@dataclass(frozen=True)
class Setup:
    """What makes a race between the two this one."""

    lr: float = 0.1
    seed: int = 0

    def entry(self, name: str) -> Entry:
        """One of the two at the start; both have the same first weights."""
        affine = Affine(PIXELS, CLASSES, rng=np.random.default_rng(self.seed))
        optimizer = SGD(self.lr, MOMENTUM)
        return Entry(Sequential(Flatten(), affine), digits(), optimizer, LOSSES[name])

    def race(self) -> Race:
        """Both at the start."""

        def make() -> Mapping[str, Entry]:
            return {name: self.entry(name) for name in LOSSES}

        return Race(make, batch_size=BATCH_SIZE, epochs=EPOCHS, seed=self.seed)


@dataclass(frozen=True)
class Reading:
    """What both networks make of the same images, from their scores."""

    scores: Scores
    labels: np.ndarray

    @cached_property
    def answers(self) -> Scores:
        """Ten sigmoids and ten shares of a softmax for each image."""
        return {name: ANSWERS[name](scores) for name, scores in self.scores.items()}

    @cached_property
    def reads(self) -> Scores:
        """Which digit each network reads: the one with the highest score."""
        return {name: scores.argmax(axis=1) for name, scores in self.scores.items()}

    @cached_property
    def claims(self) -> np.ndarray:
        """Which of the ten say yes to which image: σ(z) > ½, which is z > 0."""
        return np.asarray(self.scores["rest"] > 0)

    @cached_property
    def groups(self) -> dict[str, np.ndarray]:
        """The images that are worth a look, {group: mask}."""
        claimed = self.claims.sum(axis=1)
        rest, soft = (self.reads[name] == self.labels for name in LOSSES)
        return {
            "none": claimed == 0,
            "several": claimed > 1,
            "differ": self.reads["rest"] != self.reads["softmax"],
            "only_rest": rest & ~soft,
            "only_softmax": soft & ~rest,
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many images are in each group, and how many each network reads right."""
        sizes = {name: int(mask.sum()) for name, mask in self.groups.items()}
        right = {
            f"right_{name}": int((reads == self.labels).sum()) for name, reads in self.reads.items()
        }
        return sizes | right

    @property
    def marks(self) -> np.ndarray:
        """For each image one bit for each group that it is in, the first group's the lowest."""
        bits = np.zeros(len(self.labels), dtype=np.uint8)
        for place, name in enumerate(GROUPS):
            bits |= (self.groups[name] << place).astype(np.uint8)
        return bits

    def of_class(self, digit: int) -> dict[str, int]:
        """How one class does: its own images and the others, claimed and read as it."""
        own, claims, reads = (
            self.labels == digit,
            self.claims[:, digit],
            self.reads["softmax"] == digit,
        )
        return {
            "own": int(own.sum()),
            "claimed": int((claims & own).sum()),
            "claimed_others": int((claims & ~own).sum()),
            "read": int((reads & own).sum()),
            "read_others": int((reads & ~own).sum()),
        }

    def of_image(self, image: int) -> list[dict[str, Any]]:
        """What each network says of one image."""
        return [
            {
                "scores": self.scores[name][image].tolist(),
                "answers": self.answers[name][image].tolist(),
                "sum": float(self.answers[name][image].sum(dtype=float)),
                "reads": int(self.reads[name][image]),
            }
            for name in LOSSES
        ]


def read(models: Mapping[str, Sequential]) -> Reading:
    """What the two networks make of the test images, as they are now."""
    data, scores = digits(), {}
    for name, model in models.items():
        with model.in_use():
            scores[name] = model.forward(data.test_images)
    return Reading(scores, data.test_labels)


def bring(race: Race, step: int) -> None:
    """Let a race run until it has made so many steps; from the start if it has made more."""
    with race.lock:
        if race.step > step:
            race.obey({"verb": "reset", "id": str(race.heard + 1)})
        while race.step < step and not race.is_over:
            race.run_lap()


@st.cache_data(show_spinner=False)
def after_training(setup: Setup) -> dict[str, int]:
    """How it stands when both have learned: the counts, and how the softmax reads the unclaimed."""
    models = {}
    for name in LOSSES:
        entry = setup.entry(name)
        steps = fit(
            entry.model,
            entry.data,
            optimizer=entry.optimizer,
            loss=entry.loss,
            batch_size=BATCH_SIZE,
            epochs=EPOCHS,
            rng=np.random.default_rng(setup.seed),
        )
        for _step in steps:
            pass
        models[name] = entry.model
    reading = read(models)
    wrong = reading.reads["softmax"] != reading.labels
    unclaimed = reading.groups["none"]
    return reading.counts | {
        "images": len(reading.labels),
        "wrong_unclaimed": int((wrong & unclaimed).sum()),
        "wrong_others": int((wrong & ~unclaimed).sum()),
    }
