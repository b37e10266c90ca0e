"""The board that follows a run: the browser looks, the run goes on, the browser draws.

While the run plays, the board's script sends a *look* after each drawing, and each look reruns only
the board's fragment. So nothing computes when nobody looks, and no look waits in a queue.
"""

from time import monotonic
from typing import Any

import streamlit as st

from pages.kit import controls, state
from pages.kit.components.training_board import training_board
from pages.kit.language import _
from pages.kit.trainer.panel import FULL_SPEED
from pages.kit.trainer.run import Run
from pages.kit.trainer.turns import Pace, turn

SHORTEST_WAIT = 40  # ms between two looks, when there is a pace to keep
WIDGETS = ("", "-slider", "-segments", "-number")  # what stands behind a setting, see controls.py


def live_board(run: Run, pace: str, *, keep_secret: bool) -> None:
    """Show the run, and follow it while it plays; call it after the controls."""
    versions = _versions()
    if not versions or versions[-1] != _settings():
        versions.append(_settings())
    _follow(run, pace, keep_secret, _shown(run))


@st.fragment
def _follow(run: Run, pace: str, keep_secret: bool, shown: list[object]) -> None:
    """Draw the board, and make the steps that are due.

    At full speed the last result is drawn first and the next steps are computed while the browser
    draws. At a chosen pace the steps are few, and are shown at once.
    """
    asked = state.keep("asked", bool) and run.playing
    state.replace("asked", False)
    rests = state.keep("rests", bool)
    state.replace("rests", False)
    if rests or shown != _shown(run):
        st.rerun()  # a look and a click came together, and only the look's fragment was run
    if asked and pace != FULL_SPEED:
        _advance(run, state.keep("pace", Pace).due(float(pace), monotonic()))
    with st.container(key="live"):  # its style keeps Streamlit from fading it at each look
        training_board(
            run,
            message=message(run),
            is_trouble=run.stopped_by == "diverged" or run.collapsed,
            keep_secret=keep_secret,
            version=len(_versions()) - 1,
            wait=0 if pace == FULL_SPEED else max(SHORTEST_WAIT, 1000 / float(pace)),
            on_look=_look,
            on_rest=lambda: state.replace("rests", True),
        )
    if asked and pace == FULL_SPEED:
        _advance(run, float("inf"))
    if shown != _shown(run):
        st.rerun()  # the run stopped by itself: the verbs must know


def _look(version: int) -> None:
    """Ask for the next steps.

    Every message of the browser carries all fields of the page. A look that was sent before the
    browser knew the present settings would bring old ones back: what it says is not news.
    """
    state.replace("asked", True)
    versions = _versions()
    known = versions[version] if 0 <= version < len(versions) else {}
    for name, value in versions[-1].items():
        if state.get(name) != value and state.get(name) == known.get(name):
            state.put(name, value)


def _versions() -> list[dict[str, Any]]:
    """What all settings held, each time that the page accepted a change."""
    return state.keep("versions", list)


def _settings() -> dict[str, Any]:
    """What all the fields and widgets of this page's settings hold now."""
    values = {
        key + widget: state.get(key + widget) for key in state.here().settings for widget in WIDGETS
    }
    return {name: value for name, value in values.items() if value is not None}


def _shown(run: Run) -> list[object]:
    """What the page around the board depends on."""
    return [run.playing, run.stopped_by, _settings()]


def message(run: Run) -> str:
    """One sentence on how the run stands."""
    if run.stopped_by == "diverged":
        return _(
            "After step {step} the loss was no longer a number: the learning rate {lr} is too "
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
