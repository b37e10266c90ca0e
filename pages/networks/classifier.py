"""/classifier: three small maps, twelve numbers, one verdict."""

import numpy as np
import streamlit as st

from cnn_core import STROKES, affine, canonical_x, draw_strokes, max_pool2d, softmax
from pages.kit import controls, lesson, predict, state
from pages.kit.components.flatten_stage import Chain, flatten_stage
from pages.kit.components.match_stage import match_stage
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.xo_network import KERNEL_NAMES, KERNELS, judge, learned, maps_of

words = prose(__file__)
lesson.opening(words)


def plain(stroke: str) -> np.ndarray:
    """A stroke as the book draws it: centred, one pixel wide, no noise."""
    kind = [STROKES.index(stroke)]
    rng = np.random.default_rng(0)
    return draw_strokes(kind, shift=0, thickness=1, noise=0, rng=rng)[0, 0].astype(float)


def drawing() -> np.ndarray:
    """The 9×9 pixels of the link, ink 1 and paper −1."""
    asked = controls.grid("pixels", canonical_x().astype(float), limit=1, label=_("Drawing"))
    pixels = np.where(asked > 0, 1.0, -1.0)
    if (pixels != asked).any():
        reason = _("in which not every pixel is 1 or −1")
        nearest = controls.format_grid(pixels)
        controls.announce("pixels", controls.format_grid(asked), reason, nearest)
    return pixels


@st.fragment
def stage() -> None:
    layer = learned()
    pixels = drawing()
    maps = maps_of(pixels[None, None])
    small = maps.small[0]
    verdict = judge(small, layer)
    parameters = layer.weight.size + layer.bias.size

    question = words.text("predict", inputs=small.size, outputs=len(layer.bias))
    if predict.number("count", question, parameters):
        words.show("reveal", inputs=small.size, outputs=len(layer.bias), parameters=parameters)
        state.replace("asked", True)
    flatten_stage(
        Chain(pixels, KERNELS, maps.match[0], small, layer.weight, layer.bias, *verdict),
        grid_key="pixels",
        drawings={name: (name, plain(name)) for name in STROKES}
        | {"empty": (_("clear"), np.full_like(pixels, -1))},
        kernel_names=[_(name) for name in KERNEL_NAMES.values()],
        class_names=["X", _("not X")],
        at=controls.stored_integer("neuron", 0, 0, small.size - 1, label=_("Neuron")),
        hide_parameters=not state.keep("asked", lambda: False),
    )
    (x, other), probability = verdict.scores, verdict.probabilities[0]
    lesson.formula(
        rf"P(\mathrm{{X}}) = \frac{{e^{{{x:.2f}}}}}{{e^{{{x:.2f}}} + e^{{{other:.2f}}}}} = "
        rf"{probability:.4f}",
        words.text("trained", **layer._asdict()),
    )
    st.subheader(_("How one small map comes about"), anchor=False)
    names = {key: _(name) for key, name in KERNEL_NAMES.items()}
    chosen = controls.choice(_("Kernel"), "kernel", names, "main", visible_label=False)
    k = list(names).index(chosen)
    match_stage(pixels, KERNELS[k], maps.match[0, k], [maps.pooled[0, k], small[k]])


stage()
arms = canonical_x().astype(float)
half, torn = arms.copy(), arms.copy()
half[5:] = torn[4] = -1
lesson.explanation(
    words,
    {
        "try-torn": {"pixels": torn},
        "try-half": {"pixels": half},
        "try-empty": {"pixels": np.full_like(arms, -1)},
    },
)
lesson.code(max_pool2d, affine, softmax)
