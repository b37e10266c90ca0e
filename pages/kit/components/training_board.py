"""A training run as one picture: curves, first kernels, test images, and the layers' gradients.

Arrays go to the browser as base64 of float32 or uint8: JSON knows no NaN, and long lists are slow.
"""

import math
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cnn_core import Dataset
from pages.kit.components import register
from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.trainer.run import History, Mark, Run
from pages.kit.trainer.setup import Setup, Tuning

_board = register("training_board", "training_curves", "training_tiles")

LONGEST_CURVE = 1200  # points; a longer one shows means of neighbours
TILES = 10  # test images in a row


def training_board(
    run: Run,
    *,
    message: str,
    is_trouble: bool,
    keep_secret: bool,
    version: int,
    wait: float,
    on_look: Callable[[int], None],
    on_rest: Callable[[], None],
) -> None:
    """Show `run`. While it plays, the browser tells `on_look` `wait` ms after each drawing, and
    which `version` of the page's settings it knew then; when it has stopped, it calls `on_rest`.

    With `keep_secret` the answers of the untrained network are left out: somebody is guessing.
    """
    is_secret = keep_secret and not run.step_count
    _board(
        key="board",
        data={
            "playing": run.playing,
            "version": version,
            "wait": wait,
            "message": message,
            "trouble": is_trouble,
            "secret": is_secret,
            "facts": _facts(run),
            "run": _curves(run.history),
            "ghost": None if run.ghost is None else _curves(run.ghost),
            "kernels": {
                "shape": run.kernels.shape,
                "now": _floats(run.kernels),
                "first": _floats(run.first_kernels),
            },
            "sample": _tiles(run, _sample(run.data)),
            "wrong": _tiles(run, np.flatnonzero(run.exam.answers != run.data.test_labels)[:TILES]),
            "layers": _layers(run),
        },
        text=_words(),
        on={"look": on_look, "rest": lambda _nothing: on_rest()},
    )


def _facts(run: Run) -> dict[str, Any]:
    """The numbers of this moment; what is no number is null."""
    report, exam = run.report, run.exam
    return {
        "step": run.step_count,
        "epoch": run.epochs,
        "stepsPerEpoch": run.history.steps_per_epoch,
        "loss": _finite(report.loss if report else None),
        "batchAccuracy": report.batch_accuracy if report else None,
        "batch": run.batch_size,
        "seconds": run.seconds,
        "testStep": exam.step,
        "testLoss": _finite(exam.loss),
        "testAccuracy": exam.accuracy,
        "tests": len(exam.answers),
        "wrong": int(np.count_nonzero(exam.answers != run.data.test_labels)),
        "chanceLoss": math.log(len(run.data.class_names)),
    }


def _curves(history: History) -> dict[str, Any]:
    thin = max(1, math.ceil(len(history.losses) / LONGEST_CURVE))
    return {
        "name": _name(history.setup, history.tuning),
        "data": history.setup.data,
        "stepsPerEpoch": history.steps_per_epoch,
        "steps": len(history.losses),
        "thin": thin,
        "losses": _floats(_means(history.losses, thin)),
        "accuracies": _floats(_means(history.accuracies, thin)),
        "testSteps": _floats(history.test_steps),
        "testLosses": _floats(history.test_losses),
        "testAccuracies": _floats(history.test_accuracies),
        "marks": [{"step": mark.step, "label": _label(mark)} for mark in history.marks],
    }


def _means(values: Sequence[float], size: int) -> np.ndarray:
    """The means of `size` neighbours each; a rest that is not complete is left out."""
    whole = len(values) // size * size
    return np.asarray(values[:whole]).reshape(-1, size).mean(axis=1)


def _name(setup: Setup, tuning: Tuning) -> str:
    names = {"sgd": "SGD", "adam": "Adam", "lbfgs": "L-BFGS"}
    parts = [names[setup.optimizer]]
    if setup.optimizer != "lbfgs":
        parts += [f"η {format_number(tuning.lr)}"]
    if setup.optimizer == "sgd":
        parts += [_("momentum {value}").format(value=format_number(tuning.momentum))]
    if setup.optimizer != "lbfgs":
        parts += [_("batch {size}").format(size=setup.batch_size)]
    return " · ".join(parts)


def _label(mark: Mark) -> str:
    if mark.before is None:
        return _("back")
    changes = []
    if mark.before.lr != mark.after.lr:
        changes += [f"η {format_number(mark.before.lr)} → {format_number(mark.after.lr)}"]
    if mark.before.momentum != mark.after.momentum:
        before, after = (format_number(t.momentum) for t in (mark.before, mark.after))
        changes += [_("momentum {value}").format(value=f"{before} → {after}")]
    return " · ".join(changes)


def _sample(data: Dataset) -> np.ndarray:
    """A test image of each class in turn, until the row is full."""
    labels = data.test_labels
    classes = len(data.class_names)
    nth = [np.flatnonzero(labels == a_class) for a_class in range(classes)]
    return np.array([nth[i % classes][i // classes] for i in range(TILES)])


def _tiles(run: Run, indices: np.ndarray) -> dict[str, Any]:
    """Some test images with what they are and what the network says."""
    images = run.data.test_images[indices, 0]
    darkest = min(0.0, float(run.data.test_images[0].min()))  # X and O have pixels of ±1
    grey = np.round((images - darkest) / (1 - darkest) * 255).clip(0, 255)
    names = run.data.class_names
    return {
        "size": run.data.image_shape[1],
        "images": b64encode(grey.astype(np.uint8).tobytes()).decode(),
        "true": [names[label] for label in run.data.test_labels[indices]],
        "said": [names[answer] for answer in run.exam.answers[indices]],
        "sure": [_finite(share) for share in run.exam.confidence[indices]],
    }


def _layers(run: Run) -> list[dict[str, Any]]:
    norms = run.report.grad_norms if run.report else {}
    return [
        {
            "name": row.name,
            "shape": "×".join(map(str, row.output_shape)),
            "parameters": row.parameters,
            "gradient": _finite(norms.get(row.name)),
        }
        for row in run.model.summary(run.data.image_shape)
    ]


def _floats(values: Any) -> str:
    return b64encode(np.asarray(values, dtype=np.float32).tobytes()).decode()


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _words() -> dict[str, str]:
    return {
        "test_accuracy": _("Test accuracy"),
        "test_loss": _("Test loss"),
        "batch_loss": _("Batch loss"),
        "batch_accuracy": _("Batch accuracy"),
        "images": _("{count} images"),
        "after_step": _("after step {step}"),
        "per_epoch": _("{count} per epoch"),
        "step": _("Step"),
        "epoch": _("Epoch"),
        "time": _("Time"),
        "on_learning": _("learning only"),
        "loss": _("Loss"),
        "accuracy": _("Accuracy"),
        "each_batch": _("batch"),
        "mean_of": _("{count} batches"),
        "test_images": _("test images"),
        "before": _("before"),
        "log": _("log"),
        "at_step": _("step {step}, epoch {epoch}"),
        "batch_short": _("batch {value}"),
        "test_short": _("test {value} (step {step})"),
        "before_short": _("before {value} ({name})"),
        "kernels": _("The first layer’s kernels"),
        "kernels_note": _("small: at the start"),
        "kernel_cell": _(
            "kernel {kernel}, row {row}, column {column}: {value}, at the start {first}"
        ),
        "walk": _("Arrow keys walk through it."),
        "sample": _("Ten test images"),
        "wrong": _("Misread: {count} of {total}"),
        "says": _("This is {true}; the network says {said} with {sure}."),
        "untold": _("This is {true}."),
        "parameters": _("parameters"),
        "one_gradient": _("gradient {value}"),
        "network": _("The network, and the length of each layer’s gradient"),
        "total": _("{count} parameters in all"),
    }
