"""What one takes home from a run: the weights, the history, and the network as code.

`numpy_code` and `torch_code` write the network as a script that runs without this package;
`weights_file` packs what it has learned, `take_weights` reads it back, and `history_csv` writes
the curves as a table.
"""

from pages.kit.trainer.takeaway.history import history_csv
from pages.kit.trainer.takeaway.numpy_code import numpy_code
from pages.kit.trainer.takeaway.torch_code import torch_code
from pages.kit.trainer.takeaway.weights import WeightsError, take_weights, weights_file

__all__ = [
    "WeightsError",
    "history_csv",
    "numpy_code",
    "take_weights",
    "torch_code",
    "weights_file",
]
