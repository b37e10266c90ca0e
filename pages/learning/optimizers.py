"""/optimizers: SGD against L-BFGS, on steps, evaluations, images and seconds."""

import streamlit as st

from cnn_core import LBFGS, SGD, two_loop
from cnn_core.line_search import strong_wolfe
from pages.kit import lesson, predict, state
from pages.kit.components.optimizer_seeds import optimizer_seeds
from pages.kit.components.optimizer_stage import optimizer_stage
from pages.kit.components.optimizer_words import lane_labels
from pages.kit.language import _
from pages.kit.optimizer_race import OptimizerRace, Setup, weights
from pages.kit.optimizer_seeds import DUEL_GOAL, DUELISTS, duel, seed_races
from pages.kit.optimizer_settings import stored_setup, stored_view
from pages.kit.prose import prose

words = prose(__file__)
lesson.opening(words)
standard = Setup()
images = standard.images_at_a_time("lbfgs")
parameters = weights(standard)


def ask() -> None:
    """With the same first weights and the same seconds: who fits the training images first?"""
    race = duel()
    options = {lane: lane_labels()[lane] for lane in DUELISTS} | {"alike": _("both at once")}
    question = words.text("predict", images=images, batch=standard.batch_size, goal=DUEL_GOAL)
    if predict.choice("first", question, options, race.winner):
        told = {f"{lane}_loss": loss for lane, loss in race.losses.items()}
        told |= {f"{lane}_test": 100 * share for lane, share in race.accuracies.items()}
        words.show("reveal", ms=1000 * race.seconds, **told)


def current_race(setup: Setup) -> OptimizerRace:
    """The reader's race; another one when anything about it was changed."""
    race: OptimizerRace | None = state.keep("race", lambda: None)
    if race is None or race.setup != setup:
        race = OptimizerRace(setup)
        state.replace("race", race)
    return race


@st.fragment
def stage() -> None:
    ask()
    setup, (axis, goal) = stored_setup(), stored_view()
    optimizer_stage(current_race(setup), axis=axis, goal=goal)

    st.subheader(words.text("seeds-title"), anchor=False)
    words.show("seeds")
    optimizer_seeds(seed_races(setup), goal=goal)

    st.subheader(words.text("literature-title"), anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        words.show("literature")
    with right:
        words.show("literature-since", images=images, parameters=parameters)


stage()
lesson.explanation(
    words,
    {
        "try-steps": {"axis": "steps"},
        "try-full": {"batch": "all", "axis": "evaluations"},
        "try-xo": {"set": "xo", "goal": 0.001},
        "try-untuned": {"sgd": 0.01, "mom": 0.001, "adam": 0.0003},
        "try-small-batch": {"lbatch": 64},
        "try-one-pair": {"m": 1, "axis": "evaluations"},
    },
    images=images,
    batch=standard.batch_size,
    ratio=images / standard.batch_size,
    parameters=parameters,
)
lesson.code(LBFGS.step, two_loop, strong_wolfe, SGD.step)
