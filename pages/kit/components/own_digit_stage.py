"""A sheet to draw on, what the network makes of it at once, and what spoke for its verdict."""

from collections.abc import Mapping
from typing import Any

from pages.kit import direct, sheets
from pages.kit.components import pack, register
from pages.kit.contributions import Case
from pages.kit.controls import UnusableError, store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.own_digit import CHOSEN, LIT, RIVALS, asked, moving
from pages.kit.pictures import PAD, digits

_stage = register(
    "own_digit_stage",
    "drawing_pad",
    "network_maps",
    "own_digit_sheet",
    "own_digit_maps",
    "own_digit_sums",
)


def own_digit_stage(case: Case, settings: Mapping[str, str], *, hidden: bool) -> None:
    """Show `case`, which `settings` (the texts of this page's URL) ask for.

    Drawing, switching and choosing stores them. With `hidden` the votes cannot be silenced.
    """
    reader = case.reading.reader

    def answer(texts: Mapping[str, str]) -> bytes:
        return pack(*moving(asked(reader, texts), texts), {})

    fields, arrays = moving(case, {**settings, "look": ""})
    at_convolutions, at_affine = reader.parameters
    _stage(
        key="own-digit-stage",
        data={
            **fields,
            **settings,
            "direct": direct.address("own-digit", answer),
            "counts": [len(images) for images in digits()],
            "size": PAD,
            "shape": reader.shape,
            "hidden": hidden,
            "arrows": {
                "frame": arrow(_("scale and centre"), (PAD, PAD), 0),
                "maps": arrow(
                    _("twice: convolution, ReLU, max pooling"), reader.shape, at_convolutions
                ),
                "scores": arrow(_("fully connected"), reader.bias.shape, at_affine),
                "shares": arrow("softmax", reader.bias.shape, 0),
            },
        },
        arrays={**arrays, "pixels": case.reading.sheet.pixels},
        text=_words(),
        on={
            "draw": _draw,
            "choose": _choose,
            "silence": lambda count: store("off", max(0, int(count))),
        },
    )


# ------------------------------------------------------------------ what the browser asks for


def _draw(text: str) -> None:
    """Take a drawing, as the pad sends it, or one of MNIST's digits by name."""
    try:
        store("sheet", sheets.parse(str(text)).name)
    except UnusableError:
        return  # the pad sends nothing of the kind
    store("off", 0)


def _choose(choice: Mapping[str, Any]) -> None:
    """Take new values of the settings in `choice`; the votes are all back then."""
    allowed = {"framed": ("0", "1"), "for": CHOSEN, "against": RIVALS, "lit": LIT}
    for key, value in choice.items():
        if value in allowed.get(key, ()):
            store(key, value)
    if "lit" not in choice:
        store("off", 0)


# ------------------------------------------------------------------ words


def _words() -> dict[str, str]:
    return {
        "sheet": _("Sheet"),
        "pad": _("Drawing pad, {size}×{size} pixels"),
        "pad_help": _("Keys: arrows move, space paints, Delete rubs out."),
        "rubber": _("Eraser"),
        "clear": _("Clear"),
        "digits": _("Digits"),
        "digit": _("Digit {digit}"),
        "another": _("Another one"),
        "framed": _("Frame it as MNIST’s makers did"),
        "seen": _("What the network sees"),
        "speaks": _("What speaks for {digit}"),
        "alone": _("alone"),
        "against": _("against"),
        "rival": _("The other class"),
        "next": _("the next best ({digit})"),
        "says": _("The network says"),
        "maps": _("Last maps"),
        "maps_help": _("Point at a cell, or walk with the arrow keys."),
        "for": _("vote for"),
        "counter": _("vote against"),
        "class": _("Class {digit}: {share}, score {score}"),
        "scores": _("score"),
        "cell": _("this cell"),
        "pixel": _("this pixel"),
        "bars_help": _("A click on a class shows its votes."),
        "silence": _("Strongest votes set to 0"),
        "silence_count": _("{count} of {most}"),
        "score_of": _("Score of {digit}"),
        "lead_of": _("Lead of {digit} over {rival}"),
        "votes_for": _("votes for"),
        "votes_against": _("votes against"),
        "bias": _("bias"),
        "biases": _("biases"),
        "lit": _("Lit on the sheet"),
        "lit_strongest": _("the ink of ①–⑤"),
        "lit_all": _("all ink"),
        "ink": _("ink"),
        "rest": _("biases on the way"),
        "cell_is": _("Map {map}, row {row}, column {column}"),
        "pixel_is": _("Row {row}, column {column}: ink {value}"),
        "card": _("Number {rank}: map {map}, row {row}, column {column}, vote {vote}"),
    }
