"""/stride-and-padding: how far the window moves, and how many zeros stand around the input."""

from dataclasses import replace

import numpy as np
import streamlit as st

from cnn_core import Convolution, conv2d, fitting_paddings, output_size, same_padding
from pages.kit import borders, controls, elsewhere, lesson, predict
from pages.kit.components.convolution_stage import convolution_stage
from pages.kit.language import _
from pages.kit.patterns import kernels, pattern, pictures
from pages.kit.prose import prose
from pages.kit.walk import CONVOLUTION, CORRELATION, Walk

SIZES, KERNEL_SIZES, STRIDES = range(5, 9), range(1, 6), range(1, 5)
SPAN = SIZES[0]  # of the widest window: it fits into every input, whatever the padding
CLASSIC: dict[str, lesson.Setting] = {"size": 5, "x": "classic", "k": "classic", "padding": 1}

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question = st.container()
    steps, border, gaps, named, exact = st.columns([3, 3, 3, 5, 5])
    size = controls.stored_integer("size", 8, SIZES[0], SIZES[-1], label=_("Input size"))
    ksize = controls.stored_integer(
        "ksize", 3, KERNEL_SIZES[0], KERNEL_SIZES[-1], label=_("Kernel size")
    )
    seed = controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    x = pattern("x", pictures(size, seed), "letter", label=_("Input"))
    kernel = pattern("k", kernels(ksize), "count", label=_("Kernel"))
    with steps:
        stride = controls.integer(_("Stride"), "stride", 2, STRIDES[0], STRIDES[-1])
    with gaps:
        widest = (SPAN - 1) // (ksize - 1) if ksize > 1 else 1
        dilation = controls.integer(_("Dilation"), "dilation", 1, 1, widest)
    with border:
        sides = borders.zero_padding("padding", full=dilation * (ksize - 1))
    with named:
        borders.named_paddings("padding", size, ksize, stride=stride, dilation=dilation)
    with exact:
        borders.exact_paddings("padding", size, ksize, stride=stride, dilation=dilation)

    walk = Walk(x.values, kernel.values, stride, sides, dilation)
    at = controls.stored_integer("at", 0, 0, walk.changed.size - 1, label=_("Window"))
    with question:
        ask(walk)
    middle, (formula, fit) = st.container(), st.columns([5, 4], gap="large")
    with fit:
        case = "left-over" if walk.left_over else "gaps" if walk.unread else "fits"
        words.show(case, rest=walk.left_over, unread=walk.unread, cells=size**2)
        names = {CONVOLUTION: _("Convolution"), CORRELATION: _("Cross-correlation")}
        mode = controls.choice(_("Operation"), "mode", names, CONVOLUTION)
    with formula:
        lesson.formula(walk.size_formula, words.text("sizes"))
    with middle:
        convolution_stage(
            walk,
            x,
            kernel,
            mode=mode,
            at=at,
            seed=seed,
            sizes=SIZES,
            kernel_sizes=KERNEL_SIZES,
            turning=False,
            finish=False,
            key="stride-stage",
        )
    elsewhere.panel(walk, flip=mode == CONVOLUTION)


def ask(walk: Walk) -> None:
    """The width that another stride would give: small enough to work out in one's head."""
    other = replace(walk, stride=walk.stride + (1 if walk.stride < STRIDES[-1] else -1))
    now, then = (len(each.changed) for each in (walk, other))
    question = words.text("predict", stride=walk.stride, windows=now, other=other.stride)
    predict.number("width", question, then)


stage()
lesson.explanation(
    words,
    {
        "try-classic": {**CLASSIC, "mode": CORRELATION},
        "try-zeros": {"size": 6, "padding": 1},
        "try-gaps": {"ksize": 2, "stride": 3},
        "try-gridding": {"size": 7, "dilation": 2},
        "try-rim": {"x": np.ones((8, 8)), "k": "blur", "padding": 1, "stride": 1},
        "try-even": {"ksize": 2, "padding": "0,1", "stride": 1},
    },
)
lesson.code(conv2d, Convolution.forward, output_size, same_padding, fitting_paddings)
