"""When a run stops by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pages.kit.trainer.history import Look

EPOCHS = (1, 5, 10, 20, 50, 100, 200, 500)
TARGETS = (0.0, 0.9, 0.95, 0.97, 0.98, 0.99, 1.0)  # of the test accuracy; 0: none
PATIENCES = (0, 3, 5, 10, 20)  # epochs without a lower test loss; 0: endless


@dataclass(frozen=True)
class Rules:
    """What a reader can set; a run looks at it whenever an epoch ends."""

    epochs: int = 100
    target: float = 0.0
    patience: int = 0

    def stop_for(self, epochs: float, looks: Sequence[Look]) -> str:
        """The rule that says stop, "" if none.

        `epochs` have passed since the rules began to count; `looks` are the first one then, and
        those at the end of each epoch.
        """
        reached = [look.test_accuracy >= self.target for look in looks[-2:]]
        if self.target and reached[-1] and not all(reached[:-1] or [False]):
            return "target"
        if self.patience and len(looks) - 1 - _lowest(looks) >= self.patience:
            return "patience"
        return "epochs" if epochs >= self.epochs else ""


def _lowest(looks: Sequence[Look]) -> int:
    return int(np.argmin([look.test_loss for look in looks]))
