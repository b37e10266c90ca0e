"""/convolution: a kernel, rotated by 180°, slides over an input."""

import streamlit as st

from cnn_core import Convolution, conv2d, relu, rot180, sigmoid, tanh
from pages.kit import controls, elsewhere, lesson, predict, state, swap
from pages.kit.components.convolution_stage import convolution_stage, stored_finish
from pages.kit.language import _
from pages.kit.patterns import kernels, pattern, pictures
from pages.kit.prose import prose
from pages.kit.walk import CONVOLUTION, CORRELATION, Walk

SIZES, KERNEL_SIZES = range(5, 15), range(1, 6)

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question, operation = st.columns([5, 4], gap="medium")
    size = controls.stored_integer("size", 6, SIZES[0], SIZES[-1], label=_("Input size"))
    ksize = controls.stored_integer(
        "ksize", 3, KERNEL_SIZES[0], KERNEL_SIZES[-1], label=_("Kernel size")
    )
    seed = controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    x = pattern("x", pictures(size, seed), "letter", label=_("Input"))
    kernel = pattern("k", kernels(ksize), "count", label=_("Kernel"))
    bias, activation = stored_finish()
    names = {CONVOLUTION: _("Convolution"), CORRELATION: _("Cross-correlation")}
    with operation:
        mode = controls.choice(_("Operation"), "mode", names, CONVOLUTION, visible_label=False)
    walk = Walk(x.values, kernel.values, bias=bias, activation=activation)
    at = controls.stored_integer("at", 0, 0, walk.changed.size - 1, label=_("Window"))

    first = {mode: float(output[0, 0]) for mode, output in walk.outputs.items()}
    with question:
        known = predict.number("first", words.text(f"predict-{mode}"), first[mode])
    if known:
        state.replace("seen", True)  # one guess opens the stage, whatever is changed afterwards
        with operation:
            words.show(
                "revealed",
                turned=predict.readable(first[CONVOLUTION]),
                unturned=predict.readable(first[CORRELATION]),
            )
    seen = state.keep("seen", lambda: False)
    convolution_stage(
        walk,
        x,
        kernel,
        mode=mode,
        at=at,
        seed=seed,
        sizes=SIZES,
        kernel_sizes=KERNEL_SIZES,
        hidden=None if seen else 0,
    )
    lesson.formula(
        walk.formula(mode),
        words.text(f"formula-{mode}", size=size, ksize=ksize, places=size - ksize + 1),
    )
    if seen:
        elsewhere.panel(walk, flip=mode == CONVOLUTION)
        swap.show(words, x.values, kernel.values, mode)


stage()
lesson.explanation(
    words,
    {
        "try-impulse": {"x": "impulse", "size": 7, "at": 12},
        "try-upside-down": {"x": "impulse", "size": 7, "at": 12, "mode": CORRELATION},
        "try-blur": {"k": "blur", "x": "random"},
        "try-edge": {"x": "digit", "size": 14, "k": "edge", "at": 33},
        "try-relu": {"x": "digit", "size": 14, "k": "edge", "at": 33, "act": "relu"},
        "try-shift": {"k": "shift"},
    },
)
lesson.code(conv2d, Convolution.forward, rot180, relu, sigmoid, tanh)
