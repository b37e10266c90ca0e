"""/detail: what pooling loses of a picture, what it keeps, and the patterns a stride invents."""

import streamlit as st

from cnn_core import avg_pool2d, max_pool2d
from pages.kit import controls, lesson, predict
from pages.kit.components.detail_stage import detail_stage
from pages.kit.components.picture_source import picture_source
from pages.kit.detail import WAYS, Subject, edges, enlarged, pooled
from pages.kit.detail_views import VIEWS, settings_of, view_of
from pages.kit.filtering import read
from pages.kit.language import _
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stage() -> None:
    picture = picture_source("picture")
    views = {name: _(label) for name, label in VIEWS.items()}
    name = controls.choice(_("Way of looking"), "view", views, "loss", visible_label=False)
    subject = Subject(picture.title, read(picture.values, "grey").x[0, 0])
    settings = settings_of(name)
    view = view_of(settings, subject)
    losses = view.losses
    is_asked = len(set(losses.values())) > 1  # an empty drawing loses nothing
    is_answered = True
    if is_asked:
        ways = {way: _(label) for way, label in WAYS.items()}
        nearest = min(losses, key=lambda way: losses[way])
        is_answered = predict.choice("nearest", words.text("predict"), ways, nearest)
    detail_stage(
        name,
        view,
        turning=lambda texts: view_of(settings.turning(texts), subject),
        hidden=not is_answered,
    )
    if is_asked and is_answered:
        words.show("reveal", **losses)
    words.show(f"about-{name}")
    if view.chosen.get("of") == "photo":
        words.show("about-photo")


stage()
lesson.explanation(
    words,
    {
        "try-cat": {"picture": "chelsea"},
        "try-photo": {"view": "kept", "of": "photo", "picture": "chelsea"},
        "try-stripes": {"view": "alias", "pattern": "stripes"},
        "try-moved": {"view": "alias", "pattern": "photo", "alias": "8,1,4.5"},
    },
)
lesson.code(max_pool2d, avg_pool2d, pooled, enlarged, edges)
