"""/weight-sharing: one layer fully connected, local, and local with shared weights; in numbers."""

import math
from dataclasses import asdict

import streamlit as st

from cnn_core import affine_cost, conv2d_cost, convolution_matrix, local2d_cost
from pages.kit import controls, lesson, predict, state
from pages.kit.components.cost_bars import cost_bars
from pages.kit.components.sharing_matrix import VIEWS, mismatch, sharing_matrix
from pages.kit.known_layers import ConvSetting, known_layer
from pages.kit.language import _
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    sizes = st.columns(4, gap="medium")
    with sizes[0]:
        size = controls.integer(_("Input size"), "size", 6, 4, 8)
    with sizes[1]:
        ksize = controls.integer(_("Kernel size"), "ksize", 3, 1, 4)
    with sizes[2]:
        stride = controls.integer(_("Stride"), "stride", 1, 1, 3)
    with sizes[3]:
        padding = controls.integer(_("Zero padding"), "padding", 0, 0, min(ksize - 1, 1))
    layer = ConvSetting(size, 1, 1, ksize, stride, padding)
    costs = layer.costs
    inputs, outputs = size**2, math.prod(layer.output_shape)
    with asking:
        question = words.text("predict", size=size, out=layer.output_shape[1])
        if predict.number("full", question, costs["full"].parameters):
            state.replace("seen", True)
    seen = state.keep("seen", lambda: False)
    sharing_matrix(
        size,
        ksize,
        costs,
        stride=stride,
        padding=padding,
        view=controls.stored_choice("view", VIEWS, "shared", label=_("View")),
        entry=controls.stored_integer("entry", 0, 0, inputs * outputs, label=_("Entry")),
        hidden=not seen,
    )
    full = rf"{outputs}\cdot({inputs} + 1) &&= {costs['full'].parameters}" if seen else "? &&"
    lesson.formula(
        r"\begin{aligned}"
        rf"&{full} &&\text{{{_('fully connected')}}}\\"
        rf"&{outputs}\cdot({ksize}\cdot{ksize} + 1) &&= {costs['local'].parameters}"
        rf"&&\text{{{_('local')}}}\\"
        rf"&{ksize}\cdot{ksize} + 1 &&= {costs['shared'].parameters}"
        rf"&&\text{{{_('shared')}}}\end{{aligned}}",
        words.text(
            "count",
            products=costs["shared"].multiplications,
            zeros=costs["shared"].by_padding,
            entries=costs["shared"].multiplications - costs["shared"].by_padding,
            gap=mismatch(size, ksize, stride, padding),
        ),
    )


@st.fragment
def in_real_networks() -> None:
    st.subheader(_("In real networks"), anchor=False)
    layer = known_layer()
    _maps, height, width = layer.output_shape
    st.markdown(words.text("network", **asdict(layer), height=height, width=width))
    cost_bars(layer.costs)


stage()
in_real_networks()
lesson.explanation(
    words,
    {
        "try-full": {"view": "full", "entry": 15},
        "try-shared": {"view": "shared", "entry": 195},
        "try-padding": {"view": "shared", "padding": 1, "entry": 1},
        "try-stride": {"view": "shared", "stride": 2, "size": 8},
    },
)
lesson.code(convolution_matrix, conv2d_cost, local2d_cost, affine_cost)
