"""/logistic-regression: two scores or one, the same answer, and what the second is for."""

import streamlit as st

from cnn_core import (
    affine,
    affine_backward,
    binary_cross_entropy_with_logits,
    cross_entropy,
    sigmoid,
    softmax,
)
from pages.kit import controls, lesson, predict, state
from pages.kit.components.logistic_stage import chosen_reach, chosen_scores, logistic_stage
from pages.kit.components.logistic_twins import (
    chosen_digits,
    chosen_ratio,
    chosen_start,
    logistic_twins,
)
from pages.kit.language import _
from pages.kit.prose import prose
from pages.kit.twins import RATIOS, STEPS, descend, walked

words = prose(__file__)
lesson.opening(words)


@st.fragment
def stages() -> None:
    asking = st.container()
    scores, digits, start, ratio = chosen_scores(), chosen_digits(), chosen_start(), chosen_ratio()
    path = walked(digits, start, RATIOS[ratio])
    two, one = path.moments[0].two_size, path.moments[0].one_size
    with asking:
        if predict.number("spare", words.text("predict", parameters=two), two - one):
            words.show("reveal", parameters=two, needed=one)
            state.replace("asked", True)
    logistic_stage(scores, digits=digits, reach=chosen_reach(scores))
    st.subheader(words.text("twins-title"), anchor=False)
    words.show("twins")
    logistic_twins(
        path,
        digits=digits,
        start=start,
        ratio=ratio,
        step=controls.stored_integer("step", 0, 0, STEPS, label=_("Step")),
        at=controls.stored_integer("image", 0, 0, len(path.unseen.x) - 1, label=_("Image")),
        hidden=not state.keep("asked", lambda: False),
    )


stages()
lesson.explanation(
    words,
    {
        "try-odds": {"z": "0,2.2"},
        "try-large": {"z": "997.7,1000"},
        "try-same-rate": {"rate": "same", "step": STEPS},
        "try-hard": {"pair": "1,8", "step": STEPS},
    },
)
lesson.onward("one-vs-rest", words.text("onward"))
lesson.code(
    softmax,
    sigmoid,
    cross_entropy,
    binary_cross_entropy_with_logits,
    affine,
    affine_backward,
    descend,
)
