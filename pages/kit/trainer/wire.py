"""A run as fields and arrays for the browser: what may change with every look."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit.controls import UnusableError, format_number
from pages.kit.language import _
from pages.kit.trainer.exam import Exam
from pages.kit.trainer.history import History, Mark
from pages.kit.trainer.messages import is_trouble, message
from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.setup import Setup, Tuning
from pages.kit.trainer.views import VIEWS
from pages.kit.trainer.views.numbers import told

Fields = dict[str, Any]
Arrays = dict[str, np.ndarray]


def moving(run: Run, texts: Mapping[str, str], *, secret: bool) -> tuple[Fields, Arrays]:
    """How the run stands.

    `texts` are what the browser wants to see: the `view` with its own texts, a moment of the past
    (`at`, steps), and the `ways` (their version) that it has already. While the answer is `secret`,
    the untrained network's results are left out.
    """
    moment = run.moment(_step(texts.get("at", "")))
    is_secret = secret and run.is_untouched
    fields: Fields = {
        "run": _facts(run),
        "now": None if is_secret else _results(run.exam),
        "then": None if moment.is_now else _past(run, moment),
        "moments": run.snapshots.steps,
        "best": run.best_step,
        "view": texts.get("view", ""),
        "secret": is_secret,
    }
    fields["curve"] = _curve(run.history)
    arrays = _lines(0, run.history)
    version = ways_version(run)
    if texts.get("ways") != version:
        earlier = earlier_curves(run)
        fields["ways"] = {
            "version": version,
            "branches": len(run.others),  # of the curves; one more may be of the run before
            "curves": [_curve(history) for history in earlier],
        }
        for i, history in enumerate(earlier, start=1):
            arrays |= _lines(i, history)
    if view := VIEWS.get(fields["view"]):
        fields["shown"], more = view(run, moment, texts)
        arrays |= more
    return fields, arrays


def earlier_curves(run: Run) -> list[History]:
    """The ways that the run has left, and the run before if it learned the same images."""
    ghost = [run.ghost] if run.ghost and run.ghost.setup.data == run.setup.data else []
    return [branch.history for branch in run.others] + ghost


def ways_version(run: Run) -> str:
    """Changes whenever the earlier curves do."""
    return " ".join(f"{id(history):x}-{history.steps}" for history in earlier_curves(run))


def _lines(i: int, history: History) -> Arrays:
    return {f"batches-{i}": history.batches(), f"exams-{i}": history.exams()}


def _step(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise UnusableError("which is no step")
    return int(text)


def _facts(run: Run) -> Fields:
    report = run.report
    return {
        "heard": run.heard,
        "playing": run.playing,
        "stopped": run.stopped_by,
        "step": run.step_count,
        "epoch": run.epochs,
        "stepsPerEpoch": run.steps_per_epoch,
        "batch": run.batch_size,
        "trained": len(run.data.train_images),
        "looked": run.looked_at,  # of these, to see how it does
        "tests": len(run.data.test_images),
        "seconds": run.seconds,
        "evaluations": run.evaluations,
        "searches": run.setup.optimizer == "lbfgs",  # more than one evaluation in a step
        "loss": told(report.loss) if report else None,
        "penalty": told(report.penalty) if report else None,
        "batchAccuracy": report.batch_accuracy if report else None,
        "message": message(run),
        "trouble": is_trouble(run),
        "chanceLoss": math.log(len(run.data.class_names)),
    }


def _results(exam: Exam) -> Fields:
    return {
        "step": exam.step,
        "testLoss": told(exam.test_loss),
        "testAccuracy": exam.test_accuracy,
        "trainLoss": told(exam.train_loss),
        "trainAccuracy": exam.train_accuracy,
        "wrong": int(np.count_nonzero(exam.answers != exam.labels)),
    }


def _past(run: Run, moment: Moment) -> Fields:
    kept = run.snapshots.nearest(moment.step)
    return {
        **_results(moment.exam),
        "seconds": kept.seconds,
        "evaluations": kept.evaluations,
    }


def _curve(history: History) -> Fields:
    return {
        "key": f"{id(history):x}",  # the same as long as it is the same way
        "name": run_name(history.setup, history.tuning),
        "steps": history.steps,
        "stepsPerEpoch": history.steps_per_epoch,
        "thin": history.losses.thin,
        "marks": [{"step": mark.step, "label": _label(mark)} for mark in history.marks],
    }


def run_name(setup: Setup, tuning: Tuning) -> str:
    """A run in a few words: its optimizer and what it is tuned to."""
    names = {"sgd": "SGD", "momentum": _("Momentum"), "adam": "Adam", "lbfgs": "L-BFGS"}
    parts = [names[setup.optimizer]]
    if setup.optimizer == "momentum":
        parts = [_("momentum {value}").format(value=format_number(tuning.momentum))]
    if setup.optimizer != "lbfgs":
        parts += [f"η {format_number(tuning.lr)}"]
        parts += [_("batch {size}").format(size=setup.batch_size)]
    if tuning.l2:
        parts += [f"L2 {format_number(tuning.l2)}"]
    return " · ".join(parts)


def _label(mark: Mark) -> str:
    if mark.before is None:
        return _("weights loaded") if mark.words == "loaded" else _("back")
    names = {"lr": "η", "momentum": _("momentum"), "l2": "L2"}
    pairs = {key: (getattr(mark.before, key), getattr(mark.after, key)) for key in names}
    return " · ".join(
        f"{names[key]} {format_number(before)} → {format_number(after)}"
        for key, (before, after) in pairs.items()
        if before != after
    )
