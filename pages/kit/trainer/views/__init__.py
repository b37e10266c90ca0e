"""What one can look at below the curves: each view turns a moment of a run into fields and arrays.

A view is a function (run, moment, texts) -> (fields, arrays); `texts` is what the browser asked.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.views.draw import draw
from pages.kit.trainer.views.inside import inside
from pages.kit.trainer.views.layers import layers
from pages.kit.trainer.views.mistakes import mistakes

View = Callable[[Run, Moment, Mapping[str, str]], tuple[dict[str, Any], dict[str, np.ndarray]]]

VIEWS: dict[str, View] = {
    "inside": inside,
    "layers": layers,
    "mistakes": mistakes,
    "draw": draw,
}
VIEW_NAMES = tuple(VIEWS)
