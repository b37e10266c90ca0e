"""A lesson that uses every part of the kit, for the journeys in test_kit.py."""

import numpy as np
import streamlit as st

from pages.kit import charts, controls, lesson, predict
from pages.kit.components.number_grid import number_grid
from pages.kit.figures.heatmap import heatmap
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    stride = controls.integer("Stride", "stride", 1, 1, 3)
    controls.integer("Padding", "padding", 0, 0, stride)
    controls.choice("Mode", "mode", {"max": "Maximum", "avg": "Average"}, "max")
    k = controls.grid("k", [[1, 2], [0, -1]], label="Kernel")
    predict.number("sum", words.text("predict", stride=stride), float(k.sum() * stride))
    number_grid("k", k, title="Kernel", role="kernel")
    wide = np.arange(-11, 11).reshape(2, 11) / 4
    number_grid("wide", wide, title="Wide", role="output", editable=False)
    charts.show(heatmap(k, theme=charts.theme()), "map", alt="The kernel as a map")


stage()
lesson.try_this(words, {"try-edge": {"k": [[1, -1], [1, -1]], "stride": 2}})
