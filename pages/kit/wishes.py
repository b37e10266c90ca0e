"""What the buttons of a page ask for: each wish has an id that grows, and is granted once."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from threading import RLock

from pages.kit.trainer.turns import Pace


def whole(text: str) -> int:
    """A number from a browser's question; 0 for nonsense."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


class Obedient(ABC):
    """A race that goes on when somebody asks."""

    PACES: Mapping[str, float]  # laps a second, by name

    def __init__(self) -> None:
        self.lock = RLock()  # an answer and a run of the page may come at once
        self.heard = 0  # the id of the last verb that was obeyed
        self._pace = Pace()
        self._start()

    def obey(self, texts: Mapping[str, str]) -> None:
        """Do what a page's buttons ask for: a `verb` of play, epoch (one piece) and reset.

        Each wish has an `id`, and one that was lost may be asked for again; play has none.
        """
        with self.lock:
            verb, wish = texts.get("verb", ""), whole(texts.get("id", ""))
            if verb == "play":
                self._play(self.PACES.get(texts.get("pace", ""), math.inf))
            elif verb in ("epoch", "reset") and wish > self.heard:
                self.heard = wish
                if verb == "reset":
                    self._start()
                else:
                    self._run_piece()

    @abstractmethod
    def _start(self) -> None:
        """Put everybody at the start."""

    @abstractmethod
    def _play(self, pace: float) -> None:
        """Run the laps that are due, for as long as a turn lasts."""

    @abstractmethod
    def _run_piece(self) -> None:
        """Run what a click asks for."""
