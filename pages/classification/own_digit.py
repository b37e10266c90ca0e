"""/own-digit: a digit of one's own, read while it is drawn, and what spoke for the verdict."""

import streamlit as st

from cnn_core import Sequential, StateError, affine, receptive_field, softmax
from pages.kit import anywhere, controls, lesson, predict, sheets, state
from pages.kit.components.own_digit_stage import own_digit_stage
from pages.kit.contributions import case_of, falls_after
from pages.kit.language import _
from pages.kit.own_digit import CHOSEN, LIT, RIVALS, SETTINGS
from pages.kit.prose import prose
from pages.kit.reading import Reader

DEFAULT = "mnist-4-1"
CLOSED = (  # the same 4, with a stroke from tip to tip
    "zzdDRCcAgDATQTOISXeBGy2ZOJqcttQFjQvvX-xKfXiAi_0s5ZoqjxpmGxLiiknpVnofFKu_n9DauJDBrItd5dvMU-MrA"
    "dAR7syAxDeYhMfF7AWtouy18MyQ2PsaGxCSzV-k"
)
CORNER = (
    "z7ZBBDQAhDAQRgIb-UHB_bGADGdg4G9hABhqa4dUXWQGX3Hwn2yaT0s_HsCewSzmBm3aYuFlhqLeTnYVq0NVssZTq0ITK"
    "m6lmA6pKA6_M5l500yhyAA"
)
LETTER = "zY2CgGZCTw84Gcf_-lcPGBgHj__-NsbGHmhwcYMohA1Lk8Jk55MMMX5rAl5aoCwA"

words = prose(__file__)
lesson.opening(words)
try:
    reader = state.keep("reader", Reader)
except StateError:
    st.error(words.text("damaged"))
    st.stop()


@st.fragment
def stage() -> None:
    asking = st.container()
    sheet = sheets.stored("sheet", DEFAULT)
    framed = controls.stored_choice("framed", ("1", "0"), "1", label=_("Frame"))
    chosen = controls.stored_choice("for", CHOSEN, "winner", label=_("Class"))
    others = [name for name in RIVALS if name != chosen]
    rival = controls.stored_choice("against", others, "nobody", label=_("The other class"))
    lit = controls.stored_choice("lit", LIT, "strongest", label=_("Lit on the sheet"))

    reading = reader.read(sheet, is_framed=framed == "1")
    most = case_of(reading, chosen, rival).most
    off = controls.stored_integer("off", 0, 0, most, label=_("Strongest votes set to 0"))
    with asking:
        ask()
    texts = (sheet.name, framed, chosen, rival, lit, str(off))
    own_digit_stage(
        case_of(reading, chosen, rival, off),
        dict(zip(SETTINGS, texts, strict=True)),
        hidden=not state.keep("asked", lambda: False),
    )


def ask() -> None:
    """Ask about the digit that the page opens with."""
    reading = reader.read(sheets.parse(DEFAULT), is_framed=True)
    votes, winner = len(reading.numbers), reading.winner
    question = words.text("predict", votes=votes, winner=winner)
    if predict.number("fall", question, falls_after(reading) or votes):
        state.replace("asked", True)


stage()
lesson.explanation(
    words,
    {
        "try-closed": {"sheet": CLOSED, "against": "4"},
        "try-corner": {"sheet": CORNER, "framed": "0"},
        "try-unsure": {"sheet": "mnist-9-78", "against": "next"},
        "try-letter": {"sheet": LETTER},
        "try-empty": {"sheet": "empty"},
    },
    **anywhere.shares()._asdict(),
)
lesson.onward("fully-connected", words.text("onward"))
lesson.code(Sequential.forward, affine, softmax, Sequential.backward, receptive_field)
