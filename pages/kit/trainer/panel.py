"""How a run stands on a page: its settings, its verbs, and the board that follows it."""

from time import monotonic

import streamlit as st

from pages.kit import controls, state
from pages.kit.components.training_board import training_board
from pages.kit.language import _
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import Setup, Tuning, dataset
from pages.kit.trainer.turns import Pace, turn

LEARNING_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10)
MOMENTA = (0, 0.5, 0.8, 0.9, 0.95, 0.99)
BATCH_SIZES = (5, 10, 20, 50, 100, 200, 500)
FULL_SPEED = "max"
SHORTEST_WAIT = 40  # ms between two looks, when there is a pace to keep


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
    """Play or pause, a step, an epoch, a new start."""
    with st.container(horizontal=True, key="verbs"):
        if run.playing:
            st.button(
                _("Pause"),
                key="pause",
                icon=":material/pause:",
                type="primary",
                shortcut="P",
                on_click=run.pause,
            )
        else:
            st.button(
                _("Play"),
                key="play",
                icon=":material/play_arrow:",
                type="primary",
                shortcut="P",
                on_click=run.play,
            )
        st.button(_("One step"), key="step", shortcut="S", on_click=run.step)
        st.button(_("One epoch"), key="epoch", shortcut="E", on_click=run.epoch)
        st.button(
            _("Reset"), key="reset", shortcut="N", on_click=lambda: state.replace("again", True)
        )
        if run.collapsed and run.best_step < run.step_count:
            st.button(
                _("Back to step {step}").format(step=run.best_step),
                key="back",
                help=_("Takes back the weights with the lowest training loss so far."),
                on_click=run.go_back,
            )


@st.fragment
def live_board(run: Run, pace: str, *, keep_secret: bool) -> None:
    """The board; while the run plays, each look of the browser asks for the next steps.

    At full speed the last result is drawn first and the next steps are computed while the browser
    draws. At a chosen pace the steps are few, and are shown at once.
    """
    asked = state.keep("asked", lambda: False) and run.playing
    state.replace("asked", False)
    if asked and pace != FULL_SPEED:
        _advance(run, state.keep("pace", Pace).due(float(pace), monotonic()))
    with st.container(key="live"):  # its style keeps Streamlit from fading it at each look
        training_board(
            run,
            message=message(run),
            keep_secret=keep_secret,
            wait=0 if pace == FULL_SPEED else max(SHORTEST_WAIT, 1000 / float(pace)),
            on_look=lambda: state.replace("asked", True),
        )
    if asked and pace == FULL_SPEED:
        _advance(run, float("inf"))
    if asked and not run.playing:
        st.rerun()  # it stopped by itself: the verbs must know


def message(run: Run) -> str:
    """One sentence on how the run stands."""
    if run.stopped_by == "diverged":
        return _(
            "After step {step} the loss was no number any more: the learning rate {lr} is too "
            "large. Lower it; Play goes on from step {best}, the best so far."
        ).format(step=run.step_count, lr=controls.format_number(run.tuning.lr), best=run.best_step)
    if run.collapsed:
        return _(
            "The network gives all {count} test images the same answer, “{answer}”: it has "
            "stopped learning."
        ).format(count=len(run.exam.answers), answer=run.data.class_names[int(run.exam.answers[0])])
    if run.stopped_by == "converged":
        return _("L-BFGS finds no step that lowers the loss any further: it has converged.")
    if run.stopped_by == "done":
        return _("A pause after {epochs} epochs; Play goes on.").format(epochs=run.epochs_at_a_time)
    if not run.step_count:
        return _(
            "Learning rate, momentum and pace act at once, also while it plays; "
            "everything else starts a new run."
        )
    return _(
        "Each step: {batch} images forward, the loss, the gradient backward, "
        "and {parameters} numbers move a little."
    ).format(batch=run.batch_size, parameters=f"{run.model.parameter_count:,}")


def _advance(run: Run, steps: float) -> None:
    if steps >= 1:
        with turn(run) as seconds:
            run.advance(steps, seconds)
