"""/invariance: a picture moves, turns, grows; how much do its maps change, pooled or not?"""

import streamlit as st

from cnn_core import avg_pool2d, conv2d, max_pool2d
from pages.kit import lesson, predict, state
from pages.kit.components.picture_source import picture_source
from pages.kit.components.tolerance_stage import motion_and_window, tolerance_stage
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.tolerance import OTHERS, UNKNOWN, Tolerance, mean_change, pooled, warped

words = prose(__file__)
lesson.opening(words)


def ask(window: int) -> bool:
    """How much of the change is left behind max pooling, if digits move by one pixel?"""
    change = mean_change("shift", 1, window)
    options = {
        "nothing": _("nothing at all"),
        "less": _("less than half as much"),
        "more": _("more than half as much"),
    }
    if change["max"] < 0.02:
        truth = "nothing"
    else:
        truth = "less" if change["max"] < change["none"] / 2 else "more"
    question = words.text("predict", count=OTHERS, window=window)
    if not predict.choice("one", question, options, truth):
        return False
    names = ("none", "average", "max")
    words.show("reveal", **{how: 100 * change[how] for how in names})
    return True


@st.fragment
def stage() -> None:
    asking = st.container()
    picture = picture_source("picture", "mnist-3-0", digits_only=True)
    motion, window = motion_and_window()
    label = int(picture.name.split("-")[1]) if picture.name.startswith("mnist") else UNKNOWN
    with asking:
        if ask(window):
            state.replace("asked", True)
    tolerance = Tolerance(picture.values[0], label, motion, window)
    hidden = not state.keep("asked", lambda: False)
    step = tolerance_stage(tolerance, title=picture.title, hidden=hidden)
    if step is not None and not hidden:
        gap, unit = tolerance.gaps["max"][step], tolerance.units["max"]
        lesson.formula(
            r"\frac{\lVert f(Tx) - f(x) \rVert}{\overline{\lVert f(x') - f(x) \rVert}} = "
            rf"\frac{{{gap:.3g}}}{{{unit:.3g}}} = {100 * gap / unit:.0f}\,\%",
            words.text("formula", window=window),
        )


stage()
lesson.explanation(
    words,
    {
        "try-cell": {"shift": 2},
        "try-whole": {"window": 28, "shift": 3},
        "try-turned": {"window": 28, "motion": "turn", "turn": 15},
        "try-answers": {"measured": "answers", "shift": 3},
    },
)
lesson.code(conv2d, max_pool2d, avg_pool2d, pooled, warped)
