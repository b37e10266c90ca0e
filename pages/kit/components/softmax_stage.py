"""Votes, scores, softmax: a row for each class, from a drawing's twelve numbers to shares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pages.kit import direct
from pages.kit.components import pack, register
from pages.kit.controls import UnusableError, store
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.softmax_setting import ADDED, HIGHEST, STEP, TEMPERATURES, Setting, format_hand
from pages.kit.softmax_setting import parse as parse_setting
from pages.kit.softmax_steps import LIMIT, LIMIT_32, SMALLEST, Steps
from pages.kit.votes import Election

_stage = register("softmax_stage", "softmax_lines", "softmax_controls", "softmax_words")


def softmax_stage(
    election: Election,
    setting: Setting,
    *,
    at: int,
    names: Sequence[str],
    inputs: Sequence[str],
    sheets: Mapping[str, tuple[str, np.ndarray]],
    sheet: str,
    hidden: bool,
) -> None:
    """Show how `election` becomes shares; all that can be set is stored under its URL's name.

    `at` is the class whose arithmetic is written out, one of `names`; `inputs` say what each of
    the twelve numbers stands for. `sheets` are offered, {name: (label, pixels)}; `sheet` is the
    one that votes. With `hidden` nothing says what becomes of shares when all scores grow.
    """
    classes = len(names)

    def answer(texts: Mapping[str, str]) -> bytes:
        return pack(_moving(election, parse_setting(texts), names), {}, {})

    _stage(
        key="softmax-stage",
        data={
            **_still(election),
            **_moving(election, setting, names),
            "direct": direct.address("softmax", answer),
            "names": list(names),
            "input_names": list(inputs),
            "at": at,
            "hidden": hidden,
            "sheet": sheet,
            "sheets": [
                {"name": name, "label": label, "pixels": pixels.astype(int).tolist()}
                for name, (label, pixels) in sheets.items()
            ],
            "stops": {"c": ADDED, "t": TEMPERATURES},
            "scale": {"highest": HIGHEST, "step": STEP},
            "arrows": {
                "affine": arrow(_("FC"), (classes,), election.voters.parameters),
                "softmax": arrow(_("softmax"), (classes,), 0),
                "average": arrow(_("average"), (classes,), 0),
            },
        },
        text=_words(),
        on={
            "sheet": lambda name: _choose_sheet(name) if name in sheets else None,
            "classes": lambda count: store("classes", 2 if count == 2 else 4),
            "at": lambda k: store("class", int(k)),
            "settle": _settle,
        },
    )


def _choose_sheet(name: str) -> None:
    store("drawing", name)
    store("z", "")


def _settle(texts: Mapping[str, Any]) -> None:
    try:
        setting = parse_setting({name: str(text) for name, text in texts.items()})
    except UnusableError:
        return
    store("z", format_hand(setting.hand))
    store("c", f"{setting.added:g}")
    store("t", f"{setting.temperature:g}")
    store("shift", int(setting.is_shifted))


def _still(election: Election) -> dict[str, Any]:
    return {
        "inputs": election.inputs,
        "weight": election.voters.weight,
        "bias": election.voters.bias,
        "votes": election.votes,
        "own": election.scores,
        "in_favour": election.in_favour,
        "against": election.against,
        "possible": election.possible,
        "averages": election.averages,
        "averages_sum": float(election.averages.sum()),
        "elected": int(np.argmax(election.averages)),
    }


def _moving(election: Election, setting: Setting, names: Sequence[str]) -> dict[str, Any]:
    steps = setting.steps(election.scores)
    rivals = [steps.rival(k) for k in range(len(names))]
    return {
        "z": [by for by, _own in zip(setting.hand, names, strict=False)],
        "c": setting.added,
        "t": setting.temperature,
        "shift": setting.is_shifted,
        "hand": format_hand(setting.hand),
        "scores": steps.scores.tolist(),
        "scores_sum": float(steps.scores.sum()),
        "scaled": steps.scaled.tolist(),
        "largest": float(steps.scaled.max()),
        "exponents": steps.exponents.tolist(),
        "powers": told(steps.powers),
        "total": told(steps.total),
        "shares": told(steps.shares),
        "shares_sum": told(steps.shares.sum()),
        "winner": steps.winner,
        "rivals": rivals,
        "odds": told(np.exp(steps.scaled - steps.scaled[rivals])),
        "notice": _notice(steps),
        "trouble": steps.trouble,
    }


def told(value: Any) -> Any:
    """Numbers for a message: what JSON has no word for becomes the text that the page shows."""
    if np.ndim(value):
        return [told(each) for each in value]
    return float(value) if np.isfinite(value) else "NaN" if np.isnan(value) else "∞"


def _notice(steps: Steps) -> str:
    """What a reader should know about the powers, in one sentence."""
    sentences: dict[str | None, Callable[[], str]] = {
        "overflow": lambda: _(
            "float64 ends at e^{limit}: what is larger becomes ∞, and ∞ / ∞ is not a number (NaN)."
        ),
        "overflow of the sum": lambda: _(
            "Each power still fits into float64, which ends at e^{limit}. Their sum becomes ∞, and "
            "a number / ∞ is 0."
        ),
        "underflow": lambda: _(
            "float64 has nothing between 0 and e^{smallest}: every power becomes 0, and 0 / 0 is "
            "not a number (NaN)."
        ),
        "overflow in float32": lambda: _(
            "float32, in which most networks compute, ends at e^{limit32}: it would have ∞ here."
        ),
    }
    if steps.trouble not in sentences:
        return ""
    return sentences[steps.trouble]().format(
        limit=f"{LIMIT:.2f}",
        limit32=f"{LIMIT_32:.2f}",
        smallest=f"{np.log(SMALLEST):.2f}".replace("-", "−"),
    )


def _words() -> dict[str, str]:
    return {
        "drawing": _("Drawing"),
        "classes": _("Classes"),
        "input": _("input"),
        "weight": _("× weight"),
        "vote": _("= vote"),
        "score": _("score z"),
        "share": _("share"),
        "averages": _("averaged votes"),
        "together": _("together"),
        "added": _("c, added to every score"),
        "temperature": _("temperature T"),
        "cold": _("one takes all"),
        "hot": _("all alike"),
        "shift": _("subtract the maximum"),
        "locked": _("c and the maximum: after your prediction"),
        "reset": _("scores of the drawing"),
        "score_of": _("Score of {name}"),
        "score_sum": _("{in_favour} (for) {against} (against) {bias} (bias)"),
        "by_hand": _("set by hand; the votes come to {value}"),
        "averages_of": _("Averaged votes of {name}"),
        "averages_sum": _("{in_favour} (for) / {possible} (possible)"),
        "odds": _("{name} against {other}"),
        "odds_sum": _("{odds} : 1"),
        "vote_of": _("Votes of “{input}”"),
        "row": _("{name}: score {score}, share {share}, averaged votes {average}"),
    }
