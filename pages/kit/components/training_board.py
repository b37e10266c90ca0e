"""A training run as one picture that moves: verbs, numbers, curves, and a view inside."""

from collections.abc import Mapping

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.components.training_views import VIEW_PARTS, views_words
from pages.kit.controls import store
from pages.kit.language import _
from pages.kit.trainer.run import Run
from pages.kit.trainer.verbs import obey
from pages.kit.trainer.wire import moving

_board = register(
    "training_board",
    "training_bar",
    "training_facts",
    "training_scales",
    "training_plot",
    "training_time",
    "training_save",
    *VIEW_PARTS,
)


def training_board(run: Run, *, view: str, image: int, secret: bool) -> None:
    """Show `run`. While it plays, the browser asks for the next steps after each answer.

    `view` and `image` are what the link asks to see; choosing others stores them as "show" and
    "image". With `secret` the results of the untrained network are left out: somebody is guessing.
    """

    of = f"{id(run):x}"

    def answer(texts: Mapping[str, str]) -> bytes:
        if texts.get("of", of) != of:  # asked just before this run took the place of another
            raise direct.OutdatedError
        with run.lock:
            obey(run, texts)
            return pack(*moving(run, texts, secret=secret), {})

    with run.lock:
        fields, arrays = moving(run, {"view": view, "image": str(image)}, secret=secret)
    _board(
        key="board",
        data={
            **fields,
            "direct": direct.address("training", answer),
            "of": of,
            "show": view,
            "image": image,
            "classes": run.data.class_names,
            "size": run.data.image_shape[1],
        },
        arrays=arrays,
        text=_words(),
        on={"show": lambda name: store("show", name), "image": lambda name: store("image", name)},
    )


def _words() -> dict[str, str]:
    return _bar_words() | _fact_words() | _plot_words() | _time_words() | views_words()


def _bar_words() -> dict[str, str]:
    return {
        "one_step": _("One step"),
        "one_epoch": _("One epoch"),
        "again": _("Reset"),
        "with_key": _("{words} (key {key})"),
        "slowest": _("1/s"),
        "fastest": _("max"),
        "one_a_second": _("1 step a second"),
        "steps_a_second": _("{count} steps a second"),
        "full": _("full speed"),
    }


def _fact_words() -> dict[str, str]:
    return {
        "test_accuracy": _("Test accuracy"),
        "train_accuracy": _("Training accuracy"),
        "batch_loss": _("Batch loss"),
        "step": _("Step"),
        "images": _("{count} images"),
        "mean_of": _("mean of {count} batches"),
        "loss_is": _("loss {value}"),
        "share_right": _("{share} right"),
        "and_penalty": _("+ L2 {value}"),
        "per_epoch": _("{count} per epoch"),
        "epoch_is": _("epoch {epoch}"),
        "seconds_of": _("{seconds} s of training"),
        "evaluations": _("{count} evaluations"),
        "past": _("The past: step {step}"),
        "no_answer": _("The server does not answer; this page asks again until it does."),
    }


def _plot_words() -> dict[str, str]:
    return {
        "loss": _("Loss"),
        "accuracy": _("Accuracy"),
        "epochs": _("epoch"),
        "log": _("log"),
        "close_up": _("80–100%"),
        "test_images": _("test images"),
        "training_images": _("training images"),
        "each_batch": _("each batch"),
        "earlier": _("earlier: {ways}"),
        "comma": _(", "),
        "run_before": _("previous run ({name})"),
        "before": _("before"),
        "test": _("test"),
        "training": _("training"),
        "batch": _("batch"),
        "at_moment": _("Step {step}, epoch {epoch}"),
        "at_step": _("at step {step}"),
        "after_step": _("after step {step}"),
        "walk": _("Arrow keys walk through it."),
        "save": _("Save both curves as {kind}"),
    }


def _time_words() -> dict[str, str]:
    return {
        "time_slider": _("Moment of the run"),
        "time_now": _("Now: step {step}"),
        "time_past": _("Step {step} of {count}"),
        "now": _("Now"),
        "best": _("Best: step {step}"),
        "best_help": _("The kept moment with the lowest training loss"),
        "go_on": _("Continue from here"),
        "go_on_help": _("The way taken so far stays as a dotted curve"),
        "take_up": _("Resume"),
        "this_way": _("current"),
        "way_so_far": _("{steps} steps, test {share}"),
    }
