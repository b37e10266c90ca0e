"""/convolution: a kernel, rotated by 180°, slides over an input."""

import streamlit as st

from cnn_core import Convolution, conv2d, output_size, rot180
from pages.kit import controls, lesson, predict, state
from pages.kit.components.convolution_stage import convolution_stage
from pages.kit.language import _
from pages.kit.patterns import kernels, pattern, pictures
from pages.kit.prose import prose
from pages.kit.walk import CONVOLUTION, CORRELATION, Walk

SIZES, KERNEL_SIZES = range(5, 9), range(1, 6)

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question, operation, steps, border = st.columns([5, 3.4, 1.8, 1.8], gap="medium")
    size = controls.stored_integer("size", 6, SIZES[0], SIZES[-1], label=_("Input size"))
    ksize = controls.stored_integer(
        "ksize", 3, KERNEL_SIZES[0], KERNEL_SIZES[-1], label=_("Kernel size")
    )
    seed = controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    x = pattern("x", pictures(size, seed), "letter", label=_("Input"))
    kernel = pattern("k", kernels(ksize), "count", label=_("Kernel"))
    names = {CONVOLUTION: _("Convolution"), CORRELATION: _("Cross-correlation")}
    with operation:
        mode = controls.choice(_("Operation"), "mode", names, CONVOLUTION)
    with steps:
        stride = controls.integer(_("Stride"), "stride", 1, 1, 4)
    with border:
        padding = controls.integer(_("Zero padding"), "padding", 0, 0, min(ksize - 1, 2))
    windows = output_size(size, ksize, stride=stride, padding=padding)
    at = controls.stored_integer("at", 0, 0, windows**2 - 1, label=_("Window"))

    walk = Walk(x.values, kernel.values, stride, padding)
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
    hidden = None if state.keep("seen", lambda: False) else 0
    convolution_stage(
        walk,
        x,
        kernel,
        mode=mode,
        at=at,
        seed=seed,
        sizes=SIZES,
        kernel_sizes=KERNEL_SIZES,
        hidden=hidden,
    )
    if walk.left_over:
        fit = words.text("leftover", rest=walk.left_over, unread=walk.unread, cells=size**2)
    elif walk.unread:
        fit = words.text("gaps", stride=stride, ksize=ksize, unread=walk.unread, cells=size**2)
    else:
        fit = words.text("fits")
    lesson.formula(
        r"\begin{aligned}&\left\lfloor\frac{W + 2P - F}{S}\right\rfloor + 1 \\[4pt] ={}&"
        rf"\left\lfloor\frac{{{size} + 2\cdot{padding} - {ksize}}}{{{stride}}}\right\rfloor + 1"
        rf" = {windows}\end{{aligned}}",
        f"{words.text('size')} **{fit}**",
    )


stage()
lesson.explanation(
    words,
    {
        "try-impulse": {"x": "impulse", "size": 7, "at": 12},
        "try-upside-down": {"x": "impulse", "size": 7, "at": 12, "mode": CORRELATION},
        "try-blur": {"k": "blur", "x": "random"},
        "try-shift": {"k": "shift", "padding": 1},
        "try-stride": {"stride": 2},
    },
)
lesson.code(conv2d, Convolution.forward, rot180, output_size)
