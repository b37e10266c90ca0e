"""The colours are legible in both themes, and the roles can be told apart."""

from itertools import combinations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.palette import (
    DARK,
    LIGHT,
    PALETTES,
    Scale,
    Theme,
    contrast,
    css_variables,
    fill,
    ink_on,
    mix,
)

ENOUGH = 4.5  # WCAG 2.2, AA, for text
themes = pytest.mark.parametrize("theme", PALETTES)
ROLES = sorted(LIGHT.roles)


def test_contrast_is_the_one_of_the_recommendation() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == pytest.approx(1)


@themes
@pytest.mark.parametrize("scale", get_args(Scale))
def test_the_number_in_a_cell_is_legible_on_every_fill(theme: Theme, scale: Scale) -> None:
    fills = [fill(step / 500, scale, theme) for step in range(-500, 501)]
    assert min(contrast(color, ink_on(color)) for color in fills) >= ENOUGH


@themes
def test_words_are_legible_on_every_ground(theme: Theme) -> None:
    palette = PALETTES[theme]
    for ground in (palette.page, palette.surface):
        ours = (palette.text, palette.faint, palette.accent)
        for color in (*ours, *palette.roles.values(), *palette.lanes):
            assert contrast(color, ground) >= ENOUGH, (color, ground)


@themes
def test_a_role_is_never_taken_for_another(theme: Theme) -> None:
    colors = [color for role, color in PALETTES[theme].roles.items() if role != "neutral"]
    for first, second in combinations(colors, 2):
        assert distance(first, second) > 60, (first, second)


@themes
def test_two_networks_are_never_taken_for_each_other(theme: Theme) -> None:
    for first, second in combinations(PALETTES[theme].lanes, 2):
        assert distance(first, second) > 60, (first, second)


def distance(first: str, second: str) -> float:
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def test_both_themes_know_the_same_roles() -> None:
    assert sorted(DARK.roles) == ROLES == ["gradient", "input", "kernel", "neutral", "output"]


@themes
def test_a_signed_scale_is_neutral_at_zero_and_ends_in_its_colours(theme: Theme) -> None:
    negative, zero, positive = PALETTES[theme].signed
    assert [fill(value, "signed", theme) for value in (-1, 0, 1)] == [negative, zero, positive]


@given(st.floats(allow_nan=False), st.sampled_from(get_args(Scale)))
def test_values_beyond_the_scale_are_clipped(value: float, scale: Scale) -> None:
    low = -1.0 if scale == "signed" else 0.0
    assert fill(value, scale, "light") == fill(min(max(value, low), 1.0), scale, "light")


def test_mixing_runs_from_one_colour_to_the_other() -> None:
    assert mix("#000000", "#ff8000", 0) == "#000000"
    assert mix("#000000", "#ff8000", 0.5) == "#804000"
    assert mix("#000000", "#ff8000", 1) == "#ff8000"


def test_every_role_reaches_the_style_sheets_in_both_themes() -> None:
    css = css_variables()
    for role in ROLES:
        assert f"--role-{role}:light-dark({LIGHT.roles[role]},{DARK.roles[role]});" in css
