"""What the race of optimizers says: the words that its scripts need."""

from pages.kit.language import _
from pages.kit.line_diary import LINES
from pages.kit.optimizer_race import MOMENTUM, OptimizerRace


def lane_labels() -> dict[str, str]:
    """What the four networks are called."""
    return {
        "sgd": "SGD",
        "momentum": _("SGD, momentum {momentum}").format(momentum=MOMENTUM),
        "adam": "Adam",
        "lbfgs": "L-BFGS",
    }


def cost_labels() -> dict[str, str]:
    """What learning is paid with; the first three are counted, the last is measured."""
    return {
        "steps": _("steps"),
        "evaluations": _("evaluations"),
        "images": _("images seen"),
        "seconds": _("seconds"),
    }


def stage_words(race: OptimizerRace) -> dict[str, str]:
    """All words of the stage."""
    lap = f"{1000 * race.lap_seconds:g}"
    return {
        **cost_labels(),
        # the bar of a race, where an epoch is a lap
        "one_epoch": _("One lap"),
        "again": _("Reset"),
        "slow": _("1 lap a second"),
        "brisk": _("4 laps a second"),
        "full": _("full speed"),
        "epochs_so_far": _("{epoch} of {epochs} ms of training, each"),
        # what can be chosen
        "set": _("Image set"),
        "rate": _("Learning rate η"),
        "batch": _("Batch size"),
        "m": _("Curvature pairs m"),
        "lbatch": _("Images per evaluation of L-BFGS"),
        "new_weights": _("Other first weights"),
        "seed": _("Seed {seed}"),
        # the table
        "until": _("paid until the training loss was"),
        "goal": _("Goal"),
        "not_yet": _("not yet"),
        "train_loss": _("Training loss"),
        "train_accuracy": _("Training accuracy"),
        "test_accuracy": _("Test accuracy"),
        # the curves
        "axis": _("Horizontal axis"),
        "log": _("log"),
        "lane_says": _("{label}: {value}"),
        "walk": _("Arrow keys walk through it."),
        "legend": _(
            "A lap gives every network {lap} ms of training; then all are measured alike, on all "
            "{count} training images and on the test images, while the clock stands still. One "
            "evaluation is one loss and its gradient, for as many images as the network takes at a "
            "time. Underlined: who paid least."
        ).format(lap=lap, count=f"{len(race.data.train_images):,}"),
        **_inside_words(),
    }


def _inside_words() -> dict[str, str]:
    return {
        "inside": _("Inside an iteration of L-BFGS"),
        "iteration": _("Iteration {number} of {count}"),
        "earlier": _("Earlier iteration"),
        "later": _("Later iteration"),
        "nothing_yet": _("Not a single iteration yet: press Play or One lap."),
        "from_gradient": _("Direction: against the gradient; there was no pair to use"),
        "from_gradient_again": _(
            "Direction: against the gradient; the pairs had led nowhere and were thrown away"
        ),
        "from_pairs": _("Direction: the gradient, corrected by {count} pairs"),
        "from_pair": _("Direction: the gradient, corrected by 1 pair"),
        "paid": _("trials {trials} · evaluations {evaluations} · loss {before} → {after}"),
        "cut_title": _("The loss along the direction"),
        "step_length": _("step length α"),
        "whole_curve": _("all training images"),
        "batch_curve": _("this batch"),
        "too_old": _(
            "Only the directions of the last {lines} iterations are kept: of this one, only what "
            "the line search saw."
        ).format(lines=LINES),
        "wait": _("The curve is computed when the race pauses."),
        "trial": _("Trial"),
        "loss_here": _("loss"),
        "slope_here": _("slope"),
        "lower": _("low enough"),
        "flat": _("flat enough"),
        "yes": _("yes"),
        "no": _("no"),
        "accepted": _("taken"),
        "stands": _("No trial was lower: the weights stay as they are."),
        "pairs_title": _("Curvature pairs: s·y of each iteration"),
        "pair_says": _("Iteration {number}: s·y = {value}"),
        "remembered": _("remembered"),
        "forgotten": _("forgotten"),
        "skipped": _("not kept: s·y is not positive"),
        "inside_legend": _(
            "Low enough (Armijo): loss(α) ≤ loss(0) + c1·α·slope(0), c1 = 0.0001. Flat enough "
            "(curvature): |slope(α)| ≤ c2·|slope(0)|, c2 = 0.9. Short lines are the slopes. "
            "s is the move, y the change of the gradient."
        ),
    }
