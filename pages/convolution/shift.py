"""/shift: the input moves, and its feature map moves along; but for the border and the stride."""

import streamlit as st

from cnn_core import conv2d, output_size
from pages.kit import controls, lesson, predict, state
from pages.kit.components.shift_stage import shift_stage
from pages.kit.language import _
from pages.kit.patterns import kernels
from pages.kit.prose import prose
from pages.kit.shifts import REACH, SIDE, Shifts, drawings

SEED = 3

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    picture_column, kernel_column, stride_column, border_column = st.columns([5, 4, 2, 2])
    pictures = drawings(SEED)
    named = {
        "letter": _("Letter F"),
        "digit": _("Digit"),
        "cross": _("Letter X"),
        "random": _("Random"),
    }
    with picture_column:
        picture = controls.choice(_("Picture"), "picture", named, "letter")
    with kernel_column:
        kernel_names = {"edge": _("Edge"), "count": _("1, 2, 3, …"), "blur": _("Blur")}
        kernel = kernels(3)[controls.choice(_("Kernel"), "k", kernel_names, "edge")]
    with stride_column:
        stride = controls.integer(_("Stride"), "stride", 1, 1, 3)
    with border_column:
        padding = controls.integer(_("Zero padding"), "padding", 1, 0, 2)
    shifts = Shifts(pictures[picture], kernel, stride, padding)
    with asking:
        options = {
            "moves": _("the same map, moved along"),
            "stays": _("the same map, where it was"),
            "changes": _("another map"),
        }
        question = words.text("predict", stride=stride)
        if predict.choice("map", question, options, shifts.answer()):
            state.replace("seen", True)
    seen = state.keep("seen", lambda: False)
    shift_stage(
        shifts,
        down=controls.stored_integer("dy", 0, -REACH, REACH, label=_("Shift down")),
        right=controls.stored_integer("dx", 0, -REACH, REACH, label=_("Shift right")),
        hidden=not seen,
    )
    if seen:  # it is the answer
        side = output_size(SIDE, len(kernel), stride=stride, padding=padding)
        lesson.formula(
            r"T_{\Delta}(x) * w = T_{\Delta/S}(x * w)",
            words.text("formula", stride=stride, side=side),
        )


stage()
lesson.explanation(
    words,
    {
        "try-inside": {"dx": 2, "dy": 2},
        "try-leaving": {"dx": 4},
        "try-random": {"picture": "random", "dx": 2, "dy": 1},
        "try-stride": {"stride": 2, "dx": 1, "padding": 0},
        "try-multiple": {"stride": 2, "dx": 2, "padding": 0},
    },
)
lesson.code(Shifts, conv2d)
