"""/one-dimension: a row of numbers slides along another, before whole pictures do."""

import streamlit as st

from cnn_core import Convolution, conv2d, rot180
from pages.kit import controls, lesson, predict, state, swap
from pages.kit.components.signal_stage import signal_stage
from pages.kit.language import _
from pages.kit.patterns import pattern
from pages.kit.prose import prose
from pages.kit.signals import Slide, signals, strips
from pages.kit.walk import CONVOLUTION, CORRELATION

SIZES, KERNEL_SIZES = range(6, 13), range(2, 7)
ASKED = 3  # the place of the question

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    question, ways = st.columns([4, 5], gap="medium")
    length = controls.stored_integer("length", 8, SIZES[0], SIZES[-1], label=_("Signal length"))
    taps = controls.stored_integer(
        "taps", 3, KERNEL_SIZES[0], KERNEL_SIZES[-1], label=_("Kernel length")
    )
    seed = controls.stored_integer("seed", 0, 0, 9999, label=_("Seed"))
    x = pattern("x", signals(length, seed), "claps", label=_("Signal"))
    k = pattern("k", strips(taps), "count", label=_("Kernel"))
    swapped = controls.stored_choice("swap", ("0", "1"), "0", label=_("Swap x and k")) == "1"
    with ways, st.container(horizontal=True):
        views = {"slide": _("One row slides"), "paint": _("Every number paints")}
        view = controls.choice(_("Two views"), "view", views, "slide")
        modes = {CONVOLUTION: _("Convolution"), CORRELATION: _("Cross-correlation")}
        mode = controls.choice(_("Operation"), "mode", modes, CONVOLUTION)
    with ways:
        lesson.onward("convolution", words.text("skip"))

    ways_round = Slide(x.values[0], k.values[0]), Slide(k.values[0], x.values[0])
    slide = ways_round[swapped]
    first = slide.first[mode]
    last = first + len(slide.outputs[mode]) - 1
    place = controls.stored_integer("i", ASKED, first, last, label=_("Place"))
    painted = controls.stored_integer("painted", SIZES[-1], 0, SIZES[-1], label=_("Copies"))
    asked = min(ASKED, last)
    still, moving = names = ("k", "x") if swapped else ("x", "k")
    with question:
        asking = words.text(f"predict-{mode}", place=asked, still=still, moving=moving)
        if predict.number("place", asking, float(slide.outputs[mode][asked - first])):
            state.replace("seen", True)
    seen = state.keep("seen", lambda: False)
    signal_stage(
        slide,
        x,
        k,
        names=names,
        view=view,
        mode=mode,
        place=place,
        painted=painted,
        seed=seed,
        sizes=SIZES,
        kernel_sizes=KERNEL_SIZES,
        hidden=None if seen else asked,
    )
    caption = words.text(f"formula-{mode}", still=still, moving=moving)
    lesson.formula(slide.formula(mode, names), caption)
    if seen:
        first_way, second_way = (way.outputs[mode][None] for way in ways_round)
        swap.compare(words, mode, first_way, second_way, names=("x", "k"), rows=True)


stage()
lesson.explanation(
    words,
    {
        "try-impulse": {"x": "impulse", "view": "paint"},
        "try-reversed": {"x": "impulse", "mode": CORRELATION},
        "try-echo": {"k": "echo", "taps": 4, "view": "paint"},
        "try-difference": {"x": "pulse", "k": "difference", "taps": 2},
        "try-average": {"x": "step", "k": "average"},
        "try-dice": {"x": "die", "length": 6, "k": "average", "taps": 6, "view": "paint", "i": 5},
        "try-swap": {"swap": 1, "view": "paint"},
    },
)
lesson.onward("convolution", words.text("onward"))
lesson.code(conv2d, Convolution.forward, rot180)
