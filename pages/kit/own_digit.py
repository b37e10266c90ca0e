"""What the stage of /own-digit draws of a case, and the case that a pen asks for."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from pages.kit import sheets
from pages.kit.contributions import Case, Ink, case_of
from pages.kit.controls import UnusableError
from pages.kit.framing import LONGER_SIDE, extent
from pages.kit.language import _
from pages.kit.pictures import PAD
from pages.kit.reading import Reader

CLASSES = tuple(map(str, range(10)))
CHOSEN = ("winner", *CLASSES)
RIVALS = ("nobody", "next", *CLASSES)
LIT = ("strongest", "all")
SETTINGS = ("sheet", "framed", "for", "against", "lit", "off")  # and "look", while one points


def asked(reader: Reader, texts: Mapping[str, str]) -> Case:
    """The case that is asked for directly."""
    try:
        sheet, silent = sheets.parse(texts["sheet"]), int(texts["off"])
        chosen, rival = texts["for"], texts["against"]
    except (KeyError, ValueError) as error:
        raise UnusableError("which is no case") from error
    if chosen not in CHOSEN or rival not in RIVALS or silent < 0:
        raise UnusableError("which is no case")
    return case_of(reader.read(sheet, is_framed=texts.get("framed") == "1"), chosen, rival, silent)


def moving(case: Case, texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What a pen changes: fields and arrays. `texts` are the settings, as they were asked for."""
    reading, strongest = case.reading, case.strongest
    every = np.arange(len(case.votes))
    lit = every if texts.get("lit") == "all" and not reading.sheet.is_even else strongest
    looked, votes, groups = _looked(case, texts.get("look", "")), case.votes, [lit]
    if "cell" in looked:
        groups += [np.array([looked["cell"]])]
    inks = case.inks(*groups, *strongest[:, None])
    shown = inks[len(groups) - 1]
    if "cell" in looked:
        looked |= {"ink": float(shown.pixels.sum()), "rest": shown.rest}
    if "pixel" in looked:
        votes = case.weight * case.fed_by(*looked["place"])
    fields = {
        "asked": " ".join(texts.get(key, "") for key in (*SETTINGS, "look")),
        "title": reading.sheet.title,
        "chosen": case.chosen,
        "rival": case.rival,
        "next": reading.rival_of(case.chosen),
        "winner": int(case.scores.argmax()),
        "scores": case.scores.tolist(),
        "shares": case.probabilities.tolist(),
        "sums": case.sums._asdict(),
        "ratio": float(np.exp(case.sums.total)),
        "cards": [_card(case, int(cell)) for cell in strongest],
        "lit_sum": _sum_of(case, lit, inks[0]),
        "silenced": case.silenced.tolist(),
        "most": case.most,
        "frame": _frame(case),
        "note": _note(case),
        "looked": looked,
    }
    arrays = {
        "votes": votes,
        "ink": shown.pixels,
        "inks": np.array([ink.pixels for ink in inks[len(groups) :]]).reshape(-1, PAD, PAD),
        "seen": reading.image,
    }
    return fields, {name: values.astype(np.float32) for name, values in arrays.items()}


def _card(case: Case, cell: int) -> dict[str, Any]:
    """A cell of the last maps, its vote, and which part of the sheet it sees."""
    reader = case.reading.reader
    channel, row, column = (int(place) for place in np.unravel_index(cell, reader.shape))
    sees = reader.sees
    corner = [sees.start + sees.stride * place for place in (row, column)]
    return {
        "cell": cell,
        "place": [channel, row, column],
        "number": float(case.numbers[cell]),
        "weight": float(case.weight[cell]),
        "vote": float(case.votes[cell]),
        "box": case.reading.frame.box(corner[0], corner[1], sees.size),
    }


def _looked(case: Case, look: str) -> dict[str, Any]:
    """What is pointed at: nothing, a cell of the maps ("cell-17"), or a pixel of the sheet."""
    kind, _dash, text = look.partition("-")
    reading, weight = case.reading, case.reading.reader.weight
    limit = {"cell": len(case.votes), "pixel": PAD * PAD}.get(kind, 0)
    if not look:
        return {}
    if not text.isdecimal() or int(text) >= limit:
        raise UnusableError("which is no place")
    place = int(text)
    if kind == "cell":
        roles = [role for role in (case.chosen, case.rival) if role is not None]
        return {
            **_card(case, place),
            "weights": weight[roles, place].tolist(),
            "classes": (weight[:, place] * case.numbers[place]).tolist(),
        }
    row, column = divmod(place, PAD)
    fed = case.fed_by(row, column)
    return {
        "pixel": place,
        "place": [row, column],
        "value": float(reading.sheet.ink[row, column]),
        "vote": float(case.weight @ fed),
        "classes": (weight @ fed).tolist(),
    }


def _sum_of(case: Case, cells: np.ndarray, ink: Ink) -> dict[str, float]:
    return {
        "votes": float(case.votes[cells].sum()),
        "ink": float(ink.pixels.sum()),
        "rest": ink.rest,
    }


def _frame(case: Case) -> dict[str, Any]:
    """What framing does to the ink, in words."""
    reading = case.reading
    if reading.sheet.is_even:
        return {"words": _("no stroke to frame")}
    height, width = extent(reading.sheet.ink)
    before = f"{height}×{width}"
    if not reading.is_framed:
        return {"words": _("as it is drawn: {size} pixels").format(size=before)}
    scale = LONGER_SIDE / max(height, width)
    after = f"{height * scale:.0f}×{width * scale:.0f}"
    return {"words": _("{before} → {after} pixels, centred").format(before=before, after=after)}


def _note(case: Case) -> str:
    """What there is to say about a sheet without a stroke."""
    sheet, winner = case.reading.sheet, case.reading.winner
    if not sheet.is_even:
        return ""
    sentence = (
        _(
            "No ink, so nothing can light up: only the biases are left. The network has to choose "
            "all the same and says {digit}, with {share}."
        )
        if sheet.is_empty
        else _(
            "All pixels are equal: there is no stroke that could light up. The network never saw "
            "such a sheet and says {digit} all the same, with {share}."
        )
    )
    return sentence.format(digit=winner, share=f"{case.probabilities[winner]:.1%}")
