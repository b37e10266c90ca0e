"""/feature-maps: what named kernels find in a real picture."""

import streamlit as st

from cnn_core import conv2d, gabor, gaussian_blur, laplacian, max_pool2d, motion_blur, sobel
from pages.kit import controls, lesson, predict
from pages.kit.components.feature_maps import feature_maps
from pages.kit.components.picture_source import picture_source
from pages.kit.filtering import read
from pages.kit.language import _
from pages.kit.map_views import VIEWS, settings_of, view_of
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    picture = picture_source("picture")
    left, right = st.columns(2)
    with left:
        views = {name: _(label) for name, label in VIEWS.items()}
        view = controls.choice(_("Way of looking"), "view", views, "gallery", visible_label=False)
    colours = "grey"
    if len(picture.values) == 3:
        with right:
            readings = {
                "grey": _("as grey"),
                "rgb": _("red + green + blue"),
                "opponent": _("red − green"),
            }
            colours = controls.choice(
                _("Colours"), "colours", readings, "grey", visible_label=False
            )
    is_answered = True
    if view == "gallery":
        maps = {name: _("Map {name}").format(name=name) for name in "ABC"}
        is_answered = predict.choice("edges", words.text("predict"), maps, "C")
    settings, reading = settings_of(view), read(picture.values, colours)
    seen = view_of(settings, reading)
    feature_maps(
        picture,
        seen,
        turning=lambda texts: view_of(settings.turning(texts), reading),
        hidden=not is_answered and seen.is_asked,
    )
    if is_answered and seen.is_asked:
        words.show("reveal")
    words.show(f"about-{view}")
    if len(picture.values) == 3:
        words.show(f"about-{colours}")


stage()
lesson.explanation(
    words,
    {
        "try-stripes": {"view": "gabor", "picture": "chelsea", "gabor": [[0, 6, 2.5, 90, 0.5]]},
        "try-scales": {"view": "scales", "grow": "log", "scales": [[31, 0]]},
        "try-colour": {"picture": "coffee", "colours": "opponent", "set": "compare"},
        "try-small": {"view": "chain", "chain": [[4, 0, 1, 8]]},
    },
)
lesson.code(conv2d, sobel, laplacian, gaussian_blur, motion_blur, gabor, max_pool2d)
