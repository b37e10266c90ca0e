"""The views below the curves of a training: the parts of their script, and its words."""

from pages.kit.language import _

VIEW_PARTS = (
    "drawing_pad",
    "training_pictures",
    "training_answers",
    "training_kernels",
    "training_maps",
    "training_inside",
    "training_layers",
    "training_mistakes",
    "training_draw",
    "training_views",
)


def views_words() -> dict[str, str]:
    """All words of the views, in the reader's language."""
    return {**_tabs(), **_inside(), **_layers(), **_mistakes(), **_draw()}


def _tabs() -> dict[str, str]:
    return {
        "views": _("What to look at"),
        "view_inside": _("Inside"),
        "view_layers": _("Layer by layer"),
        "view_mistakes": _("Mistakes"),
        "view_draw": _("Draw"),
        "hidden_while_guessing": _("Hidden until you have made your guess, or skipped it."),
    }


def _inside() -> dict[str, str]:
    return {
        "choose_image": _("The image that goes through the network"),
        "test_image": _("Test image {number}"),
        "image_of": _("Test image {number}: {name}"),
        "own_drawing": _("Your drawing"),
        "drawn": _("drawn"),
        "first_kernels": _("The first layer’s kernels"),
        "small_first": _("small: at the start"),
        "kernel_cell": _(
            "kernel {kernel}, row {row}, column {column}: {value}, at the start {first}"
        ),
        "map_cell": _("map {map}, row {row}, column {column}: {value}"),
        "map_cell_of_one": _("row {row}, column {column}: {value}"),
        "scale_of_maps": _("strongest colour: ±{largest}"),
        "walk_maps": _("Arrow keys walk from cell to cell."),
        "probability_of_classes": _("Probability of each class"),
        "output_of_classes": _("Output for each class: meant to be 1 for the right one, else 0"),
        "true_class": _("true"),
        "says_right": _("This is {name}, and the network says so: {share}."),
        "says_wrong": _("This is {name}; the network says {said}: {share}."),
        "says_of_drawing": _("The network reads your drawing as {said}: {share}."),
    }


def _layers() -> dict[str, str]:
    return {
        "length_gradient": _("gradient"),
        "length_update": _("last update"),
        "length_weights": _("weights"),
        "length_ratio": _("update / weights"),
        "over_the_run": _("gradient and update over the run"),
        "curve_of": _("Lengths of the gradient and of the update of {layer} over the run"),
        "count_of_parameters": _("{count} parameters"),
        "lengths_at": _("lengths (Euclidean norms) after step {step}, all on one log scale"),
        "lengths_nearest": _(
            "weights after step {step}; gradient and update after step {measured}, the nearest "
            "that is kept; all on one log scale"
        ),
        "rule_of_thumb": _(
            "A rule of thumb, no law: when a layer learns steadily, an update is about a "
            "thousandth (10⁻³, the thick line) of its weights; early on, often ten times as much. "
            "If it stays far above, the steps are wild; if it starts far below, the layer hardly "
            "moves."
        ),
    }


def _mistakes() -> dict[str, str]:
    return {
        "confusion_matrix": _("Confusion matrix"),
        "misread_of": _("{wrong} of {count} test images misread after step {step}"),
        "matrix_axes": _("↓ what it is · → what the network says"),
        "recall": _("recall"),
        "matrix_cell": _("{name} taken for {said}: {count}"),
        "matrix_note": _(
            "Blue: right answers, the stronger the larger their share of the row (the recall). "
            "Rust: mistakes, by the square root of their number, so that a few can be seen. Choose "
            "a cell to see its images."
        ),
        "walk_matrix": _("Arrow keys choose a cell, Escape none."),
        "most_wrong": _("The worst mistakes"),
        "least_right_first": _("{shown} of {count}, by the right class’s share"),
        "surest_first": _("{shown} of {count}, the surest first"),
        "taken_for": _("{name} taken for {said}"),
        "read_rightly": _("{name} read correctly"),
        "none_of_them": _("There are none."),
        "none_misread": _("No test image is misread."),
        "back_to_most_wrong": _("Show the worst mistakes"),
        "wrong_tile": _(
            "Test image {number} is {name}; the network gives {share} to {said} and {right} to "
            "{name}."
        ),
        "see_inside": _("Press Enter to see it inside the network."),
    }


def _draw() -> dict[str, str]:
    return {
        "pad": _("Drawing pad, {size}×{size} pixels"),
        "pad_help": _("Draw here. With keys: arrows move, space paints, Delete rubs out."),
        "rubber": _("Eraser"),
        "clear": _("Clear"),
        "as_network_sees": _("As the network sees it"),
        "blank_pad": _(
            "The pad is blank, so there is no verdict. Draw one of the classes {classes}."
        ),
        "verdict_note": _(
            "The network knows only its classes: whatever you draw, it names one of them."
        ),
    }
