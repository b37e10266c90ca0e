"""What the URL of /normalisation says about its four networks."""

from collections.abc import Sequence

from pages.kit import controls, state
from pages.kit.controls import UnusableError, format_number
from pages.kit.language import _
from pages.kit.scalings import LANES, LEARNING_RATES, Setup
from pages.kit.stacks import ACTIVATIONS

NAMES = tuple(map(format_number, LEARNING_RATES))


def stored_setup() -> Setup:
    """The activation, the learning rates and the seed."""
    rates = controls.bound("lr", (0.3,) * len(LANES), _parse, written, label=_("Learning rate η"))
    return Setup(
        controls.stored_choice("f", tuple(ACTIVATIONS), "relu", label=_("Activation")),
        rates,
        controls.stored_integer("seed", 0, 0, 9999, label=_("Seed")),
    )


def written(rates: tuple[float, ...]) -> str:
    """One learning rate if it is the same for all, else one for each network: `0.03,1,0.3,0.3`."""
    texts = list(map(format_number, rates))
    return texts[0] if len(set(texts)) == 1 else ",".join(texts)


def give_rate(place: int, lanes: Sequence[int]) -> None:
    """Let some networks learn with the rate at this place of the list."""
    if place in range(len(LEARNING_RATES)) and set(lanes) <= set(range(len(LANES))):
        rates = list(_parse(state.here().settings["lr"]))
        for lane in lanes:
            rates[lane] = LEARNING_RATES[place]
        controls.store("lr", written(tuple(rates)))


def _parse(text: str) -> tuple[float, ...]:
    rates = text.split(",")
    if len(rates) not in (1, len(LANES)):
        raise UnusableError(
            _("which has {shape} numbers instead of {wanted}").format(
                shape=len(rates), wanted=len(LANES)
            )
        )
    if not set(rates) <= set(NAMES):
        raise UnusableError(
            _("which is unknown (it can be {names})").format(names=", ".join(NAMES))
        )
    return tuple(map(float, rates)) * (len(LANES) // len(rates))
