"""Swap the roles: does it matter which of the two slides over the other?"""

import numpy as np
import streamlit as st

from cnn_core import rot180
from pages.kit import predict
from pages.kit.components.number_grid import number_grid
from pages.kit.controls import Numbers
from pages.kit.prose import Prose
from pages.kit.walk import CONVOLUTION, Walk


def show(words: Prose, f: Numbers, g: Numbers, mode: str) -> None:
    """Draw g over f beside f over g, with all the zeros around them that a window can touch.

    `words` has the passages swap, swap-convolution and swap-correlation.
    """
    first = Walk(f, g, padding=len(g) - 1).outputs[mode]
    second = Walk(g, f, padding=len(f) - 1).outputs[mode]
    compare(words, mode, first, second)


def compare(
    words: Prose,
    mode: str,
    first: Numbers,
    second: Numbers,
    *,
    names: tuple[str, str] = ("f", "g"),
    rows: bool = False,
) -> None:
    """Draw the two outputs, side by side or as two `rows`, and say how far they are apart."""
    apart = float(np.abs(first - second).max())
    turned = float(np.abs(first - rot180(second)).max())
    st.subheader(words.text("swap"), anchor=False)
    words.show(f"swap-{mode}", apart=predict.readable(apart), turned=predict.readable(turned))
    places = (st.container(), st.container()) if rows else st.columns([2, 2, 1])[:2]
    sign = "∗" if mode == CONVOLUTION else "⋆"
    for place, output, (f, g) in zip(places, (first, second), (names, names[::-1]), strict=True):
        with place:
            number_grid(f"{f}-{g}", output, title=f"{f} {sign} {g}", role="output", editable=False)
