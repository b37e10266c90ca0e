"""What a link says of scores, what is added, and the temperature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.controls import UnusableError
from pages.kit.softmax_setting import (
    ADDED,
    TEMPERATURES,
    Setting,
    format_hand,
    parse,
    parse_added,
    parse_hand,
    parse_temperature,
)

TENTHS = st.integers(-100, 100).map(lambda tenths: round(tenths / 10, 1))
HANDS = st.tuples(*[st.none() | TENTHS] * 4)


@given(HANDS)
def test_scores_by_hand_survive_the_link(hand: tuple[float | None, ...]) -> None:
    assert parse_hand(format_hand(hand)) == hand


@pytest.mark.parametrize(
    ("text", "instead"),
    [("3,,12,", "3,,10,"), ("0.25,,,", "0.2,,,"), ("-99,-0.04,,", "-10,0,,")],
)
def test_scores_that_no_slider_shows_become_the_nearest(text: str, instead: str) -> None:
    with pytest.raises(UnusableError) as error:
        parse_hand(text)
    assert error.value.instead == instead
    parse_hand(instead)


@pytest.mark.parametrize("text", ["1", "1,2,3", "1,2,3,4,5", "a,,,", "nan,,,", "1e999,,,"])
def test_scores_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UnusableError) as error:
        parse_hand(text)
    assert error.value.instead is None


def test_the_stops_are_even_on_both_sides() -> None:
    assert [-added for added in reversed(ADDED)] == list(ADDED)
    assert TEMPERATURES[len(TEMPERATURES) // 2] == 1
    assert list(TEMPERATURES) == sorted(TEMPERATURES)
    ratios = np.divide(TEMPERATURES[1:], TEMPERATURES[:-1])
    assert ratios.min() > 1.15
    assert ratios.max() < 1.36
    for stops, read in ((ADDED, parse_added), (TEMPERATURES, parse_temperature)):
        assert [read(f"{stop:g}") for stop in stops] == list(stops)
    for text, instead in (("5", "3"), ("-2000", "-1000")):
        with pytest.raises(UnusableError) as error:
            parse_added(text)
        assert error.value.instead == instead


def test_what_is_set_by_hand_takes_the_place_of_the_drawings_own() -> None:
    setting = parse({"z": "2.5,,-1,", "c": "10", "t": "0.5", "shift": "1"})
    assert setting == Setting((2.5, None, -1, None), 10, 0.5, True)
    np.testing.assert_array_equal(setting.scores(np.array([7.0, 8, 9, 6])), [2.5, 8, -1, 6])
    np.testing.assert_array_equal(setting.scores(np.array([7.0, 8])), [2.5, 8])
    np.testing.assert_array_equal(setting.steps(np.array([7.0, 8])).scaled, [25, 36])
    assert parse({}) == Setting((None,) * 4, 0, 1, False)
