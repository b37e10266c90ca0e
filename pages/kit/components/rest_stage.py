"""Ten yes-or-no questions beside one softmax, while they learn, and what both say of an image."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_core import softmax
from pages.kit import direct, state
from pages.kit.components import pack, register
from pages.kit.components.race import (
    RACE_PARTS,
    current_race,
    race_arrays,
    race_fields,
    race_words,
)
from pages.kit.controls import WHOLE_NUMBER, UnusableError, format_number, store, stored_integer
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.race import Race
from pages.kit.stacks import CLASSES, digits
from pages.kit.ten_classes import GROUPS, LOSSES, Reading, Setup, bring, read

LEARNING_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)

_stage = register(
    "rest_stage", "pickers", *RACE_PARTS, "rest_chooser", "rest_table", "rest_maps", "rest_sums"
)


def race_at_its_step(setup: Setup) -> Race:
    """The reader's race, brought to the step of the link (`step=810`)."""
    race = current_race(setup, setup.race)
    step = stored_integer("step", 0, 0, race.last_step, label=_("Step"))
    if state.keep("moment", lambda: None) != (setup, step):
        state.replace("moment", (setup, step))
        bring(race, step)
    return race


def rest_stage(setup: Setup, race: Race, *, image: int, chosen: int, hidden: bool) -> None:
    """Show the race of both networks, and what they say of test image number `image`.

    Of class `chosen` the arithmetic is written out. Moving on stores "image", "class" and "step".
    With `hidden` nothing says how many images are claimed by no class, or by several.
    """

    def answer(texts: Mapping[str, str]) -> bytes:
        with race.lock:
            race.obey(texts)
            return pack(*_moving(race, _image(texts)), {})

    with race.lock:
        moving, arrays = _moving(race, image)
    data, model = digits(), race.runners["rest"].entry.model
    _stage(
        key="rest-stage",
        data={
            **moving,
            "direct": direct.address("rest", answer),
            "image": image,
            "class": chosen,
            "step": stored_step(),
            "hidden": hidden,
            "groups": GROUPS,
            "affine": arrow("Affine 64", (CLASSES,), model.parameter_count),
            "rates": [[name, name] for name in map(format_number, LEARNING_RATES)],
            "lr": format_number(setup.lr),
            "seed": setup.seed,
        },
        arrays=arrays
        | {
            "images": np.rint(data.test_images[:, 0] * 255).astype(np.uint8),
            "labels": data.test_labels.astype(np.uint8),
        },
        text=race_words() | _words(),
        on={
            "choose": lambda choice: _choose(str(choice["key"]), str(choice["value"])),
            "image": lambda number: store("image", int(number)),
            "class": lambda digit: store("class", int(digit)),
            "pause": lambda step: _pause(setup, int(step)),
        },
    )


def stored_step() -> int:
    """The step that the URL has."""
    return int(state.here().settings["step"])


def _moving(race: Race, image: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What changes while they learn, or with the image."""
    models = {name: runner.entry.model for name, runner in race.runners.items()}
    labels = {"rest": _("One against the rest"), "softmax": _("Softmax")}
    reading = read(models)
    weights = {
        f"weights-{i}": np.array(model.layers[-1].params["weight"], dtype=np.float32)
        for i, model in enumerate(models.values())
    }
    fields = {
        "race": race_fields(race, labels),
        "shown": _shown(reading, image),
        "counts": reading.counts,
        "classes": [reading.of_class(digit) for digit in range(CLASSES)],
    }
    return fields, race_arrays(race) | weights | {"marks": reading.marks}


def _shown(reading: Reading, image: int) -> dict[str, Any]:
    """One image: what both networks say of it, and how that comes about."""
    rest, shares = reading.of_image(image)
    own, others = (np.exp(np.array(lane["scores"])) for lane in (rest, shares))  # in float64
    sigmoids = np.array(rest["answers"])
    return {
        "image": image,
        "label": int(reading.labels[image]),
        "lanes": [
            {**rest, "powers": own.tolist(), "wholes": (own + 1).tolist()},
            {**shares, "powers": others.tolist(), "wholes": [float(others.sum())] * CLASSES},
        ],
        "claims": int(reading.claims[image].sum()),
        "divided": (sigmoids / sigmoids.sum()).tolist(),
        "shared": softmax(np.array(rest["scores"])).tolist(),
    }


def _image(texts: Mapping[str, str]) -> int:
    """The image that the browser asks about."""
    text = texts.get("image", "")
    if not WHOLE_NUMBER.fullmatch(text) or not 0 <= int(text) < len(digits().test_labels):
        raise UnusableError(_("which is not possible here"))
    return int(text)


def _choose(key: str, value: str) -> None:
    """Another learning rate or seed: both networks start anew."""
    if key in ("lr", "seed"):
        store(key, value)
        store("step", 0)


def _pause(setup: Setup, step: int) -> None:
    """The race rests here: so the link says, and it need not be brought here."""
    store("step", step)
    state.replace("moment", (setup, step))


def _words() -> dict[str, str]:
    return {
        "learning_rate": _("Learning rate η"),
        "new_weights": _("Other first weights"),
        "seed": _("Seed {seed}"),
        "test_image": _("Test image {number} of {count}"),
        "is_a": _("It is a {digit}"),
        "picture": _("Test image {number}, a {digit}. The arrow keys lead to the others."),
        "previous": _("Previous test image"),
        "next": _("Next test image"),
        "next_of": _("Next {digit}"),
        "examples": _("Next image of a digit"),
        "group_none": _("all ten say no"),
        "group_several": _("two or more say yes"),
        "group_differ": _("the two networks differ"),
        "group_only_rest": _("only one against the rest is right"),
        "group_only_softmax": _("only the softmax is right"),
        "show_group": _("{count} of the test images: {group}. Show the next one."),
        "secret": "?",
        "of_images": _("of {count} right"),
        "sigmoids": arrow("10 × σ", (CLASSES,), 0),
        "softmax": arrow("softmax", (CLASSES,), 0),
        "lanes": "|".join(LOSSES),
        "weights_of": _("{label}: the weights of class {digit}"),
        "rows": _("The ten classes. The arrow keys choose one."),
        "row": _("Class {digit}: σ {yes}, softmax {share}"),
        "says_none": _("all ten say no"),
        "says_one": _("one says yes"),
        "says_more": _("{count} say yes"),
        "reads_right": _("reads {digit}: right"),
        "reads_wrong": _("reads {digit}: wrong"),
        "looks_for": _("What class {digit} looks for"),
        "ink": _("Ink on blue speaks for it, ink on rust against it."),
        "claimed": _("Says yes to {claimed} of its {own}, and to {others} others."),
        "read": _("Reads {read} of its {own} as {digit}, and {others} others."),
        "sum": _("sum"),
        "divided": _("Divided by the sum:"),
        "not_the_same": _("but a softmax of these ten scores:"),
        "half": _("Dashed: ½. To the right of it the answer is yes."),
        "losses": _(
            "The two losses cannot be compared: on the left ten answers to an image are added up, "
            "on the right there is one."
        ),
    }
