"""How a run is steered on a page: its settings and its verbs."""

from time import monotonic

import streamlit as st

from pages.kit import controls, state
from pages.kit.language import _
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import Setup, Tuning, dataset

LEARNING_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10)
MOMENTA = (0, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCH_SIZES = (5, 10, 20, 50, 100, 200, 500)
FULL_SPEED = "max"
DOUBLE_CLICK = 0.3  # seconds


def settings() -> tuple[Setup, Tuning, str]:
    """The controls: what starts a new run, what tunes the present one, and the pace."""
    data = controls.choice(
        _("Images"), "data", {"digits": _("Digits"), "mnist": "MNIST", "xo": "X / O"}, "digits"
    )
    optimizer = controls.choice(
        _("Optimizer"), "optimizer", {"sgd": "SGD", "adam": "Adam", "lbfgs": "L-BFGS"}, "sgd"
    )
    lr, momentum, batch_size = 0.05, 0.0, 50
    if optimizer == "sgd":
        lr = controls.number(_("Learning rate η"), "lr", LEARNING_RATES, lr)
        momentum = controls.number(_("Momentum"), "momentum", MOMENTA, 0.9)
    elif optimizer == "adam":
        lr = controls.number(_("Learning rate η"), "adamlr", LEARNING_RATES, 0.01)
    else:
        st.caption(_("L-BFGS takes all training images in one batch and finds its step length."))
    if optimizer != "lbfgs":
        batch_size = int(controls.number(_("Batch size"), "batch", BATCH_SIZES, batch_size))
    seed = controls.seed(_("Seed"))
    pace = controls.choice(
        _("Steps per second"),
        "pace",
        {"2": "2", "10": "10", "40": "40", FULL_SPEED: _("Full")},
        "40",
    )
    return Setup(data, optimizer, batch_size, seed), Tuning(lr, momentum), pace


def current_run(setup: Setup, tuning: Tuning) -> Run:
    """The reader's run; a new one when the setup is a new one."""

    def start(ghost: Run | None = None) -> Run:
        before = None if ghost is None else ghost.history if ghost.step_count else ghost.ghost
        return Run(setup, tuning, dataset(setup.data), before)

    run = state.keep("run", start)
    if run.setup != setup or state.keep("again", lambda: False):
        state.replace("again", False)
        run = start(ghost=run)
        state.replace("run", run)
    run.tune(tuning)
    return run


def verbs(run: Run) -> None:
    """Play or pause, a step, an epoch, a new start, and a way back."""
    words, icon = (_("Pause"), "pause") if run.playing else (_("Play"), "play_arrow")
    with st.container(horizontal=True, key="verbs"):
        st.button(
            words,
            key="play",
            icon=f":material/{icon}:",
            type="primary",
            shortcut="P",
            on_click=_play_or_pause,
            args=(run,),
        )
        st.button(_("One step"), key="step", shortcut="S", on_click=run.step)
        st.button(_("One epoch"), key="epoch", shortcut="E", on_click=run.epoch)
        st.button(
            _("Reset"), key="reset", shortcut="N", on_click=lambda: state.replace("again", True)
        )
        st.button(
            _("Back to the best"),
            key="back",
            help=_(
                "Takes back the weights with the lowest training loss so far: step {step}."
            ).format(step=run.best_step),
            disabled=run.best_step == run.step_count,
            on_click=run.go_back,
        )


def _play_or_pause(run: Run) -> None:
    """The second click of a double click is none."""
    now = monotonic()
    if now - state.keep("clicked", lambda: -DOUBLE_CLICK) < DOUBLE_CLICK:
        return
    state.replace("clicked", now)
    if run.playing:
        run.pause()
    else:
        run.play()
