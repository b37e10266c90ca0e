"""How a run stands, in one sentence."""

from pages.kit.controls import format_number
from pages.kit.language import _
from pages.kit.trainer.run import Run


def is_trouble(run: Run) -> bool:
    """Whether the sentence is a warning."""
    return run.stopped_by == "diverged" or run.collapsed


def message(run: Run) -> str:
    """What the reader should know now."""
    if run.stopped_by == "diverged":
        return _diverged(run)
    if run.collapsed:
        return _(
            "The network gives all {count} test images the same answer, “{answer}”: so far it "
            "cannot tell them apart."
        ).format(count=len(run.exam.answers), answer=run.data.class_names[int(run.exam.answers[0])])
    if run.stopped_by:
        return _stopped(run)
    if not run.step_count:
        return _(
            "Learning rate, momentum, L2, speed and the rules for stopping act at once, even while "
            "it plays; any other setting starts a new run."
        )
    return _(
        "Each step: {batch} images forward, the loss, the gradient backward, "
        "and {parameters} numbers move a little."
    ).format(batch=f"{run.batch_size:,}", parameters=f"{run.model.parameter_count:,}")


def _diverged(run: Run) -> str:
    if run.setup.optimizer == "lbfgs" or not run.step_count:
        return _(
            "After step {step} the loss was no longer a number. Back at the last finite loss."
        ).format(step=run.step_count)
    return _(
        "After step {step} the loss was no longer a number: η = {lr} is too large. Back at the "
        "last finite loss; lower η, or go further back in time."
    ).format(step=run.step_count, lr=format_number(run.tuning.lr))


def _stopped(run: Run) -> str:
    if run.stopped_by == "converged":
        return _("L-BFGS finds no step that lowers the loss any further: it has converged.")
    if run.stopped_by == "target":
        return _("Stopped at the goal: {share} of the test images are right.").format(
            share=f"{run.exam.test_accuracy:.1%}"
        )
    if run.stopped_by == "patience":
        return _("Stopped: the test loss has not fallen for {epochs} epochs.").format(
            epochs=run.stopping_rules.patience
        )
    return _("Stopped after {epochs} epochs; Play goes on.").format(
        epochs=run.stopping_rules.epochs
    )
