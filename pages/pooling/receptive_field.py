"""/receptive-field: what pooling saves down a network, and how much of the image a cell sees."""

import streamlit as st

from cnn_core import MaxPool2d, Sequential, receptive_field
from pages.kit import controls, lesson, predict, state
from pages.kit.chains import DEPTHS, SIZES, Chain, effect, layers_to_see
from pages.kit.components.field_stage import PIXELS, WAYS, field_stage
from pages.kit.components.picture_source import picture_source
from pages.kit.language import _
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    asking = st.container()
    picture_column, shrink_column, size_column = st.columns([54, 35, 13])
    with picture_column:
        picture = picture_source("picture", "mnist-3-0", digits_only=True)
    with shrink_column:
        shrinks = {
            "max": _("Maximum"),
            "average": _("Average"),
            "stride": _("Stride instead"),
        }
        shrink = controls.choice(_("Made smaller by"), "shrink", shrinks, "max")
    with size_column:
        sizes = {str(size): f"{size}×{size}" if shrink != "stride" else str(size) for size in SIZES}
        label = _("Stride") if shrink == "stride" else _("Window")
        size = int(controls.choice(label, "size", sizes, str(SIZES[0])))
    chains = {"with": Chain(shrink, size), "without": Chain("none")}
    with asking:
        if predict.number(
            "side", words.text("predict"), Chain("max", 2).place("conv2").sees().size
        ):
            state.replace("asked", True)
    field_stage(
        picture.values,
        chains,
        title=picture.title,
        layer=controls.stored_choice("layer", DEPTHS, "conv2", label=_("Layer")),
        way=controls.stored_choice("way", WAYS, "with", label=_("Chain")),
        spot=controls.grid("spot", [[12.5, 12.5]], limit=27, label=_("Place")),
        pixels=controls.stored_choice("pixels", tuple(PIXELS), "off", label=_("Pixels")),
        hidden=not state.keep("asked", lambda: False),
    )
    less, more = chains.values()
    lesson.formula(
        r"r \leftarrow r + (F - 1)\cdot j \qquad j \leftarrow j \cdot S",
        words.text(
            "formula",
            parameters=less.parameters,
            all_parameters=more.parameters,
            connections=less.connections,
            all_connections=more.connections,
        ),
    )


stage()
lesson.explanation(
    words,
    {
        "try-pool": {"layer": "pool1"},
        "try-pixels": {"layer": "pool2", "pixels": "mean"},
        "try-winners": {"layer": "pool2", "pixels": "one"},
        "try-stride": {"shrink": "stride", "layer": "conv2"},
        "try-three": {"size": 3, "layer": "pool2"},
    },
    values=Chain("max", 2).values,
    all_values=Chain("none").values,
    plain=layers_to_see(28, (5, 1)),
    pooled=layers_to_see(28, (5, 1), (2, 2)),
)
lesson.onward("detail", words.text("onward"))
lesson.code(receptive_field, Sequential.summary, Sequential.backward, MaxPool2d, Chain, effect)
