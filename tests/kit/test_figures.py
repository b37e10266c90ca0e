"""The figures are valid plotly, show the numbers they were given, and follow the theme."""

import numpy as np
import plotly.graph_objects as go
import pytest

from pages.kit.figures.curve import Line, curves
from pages.kit.figures.heatmap import heatmap
from pages.kit.palette import PALETTES, Theme, contrast, fill

VALUES = np.array([[1.0, -4.0, 0.0], [2.5, 3.0, -1.25]])
themes = pytest.mark.parametrize("theme", PALETTES)


@themes
def test_a_heatmap_shows_the_values_centred_on_zero(theme: Theme) -> None:
    figure = go.Figure(heatmap(VALUES, theme=theme))  # plotly refuses what it does not know
    (trace,) = figure.data
    np.testing.assert_array_equal(np.array(trace.z), VALUES)
    assert (trace.zmin, trace.zmax) == (-4, 4)
    assert trace.colorscale[1] == (0.5, PALETTES[theme].signed[1])
    assert figure.layout.yaxis.autorange == "reversed"  # row 0 is at the top


def test_an_image_starts_at_zero() -> None:
    (trace,) = heatmap(np.array([[0, 8], [16, 4]]), theme="light", scale="image", largest=16)[
        "data"
    ]
    assert (trace["zmin"], trace["zmax"]) == (0, 16)


def test_a_heatmap_of_zeros_is_no_error() -> None:
    (trace,) = go.Figure(heatmap(np.zeros((2, 2)), theme="dark")).data
    assert (trace.zmin, trace.zmax) == (-1, 1)


@themes
def test_the_numbers_in_the_cells_are_right_and_legible(theme: Theme) -> None:
    notes = go.Figure(heatmap(VALUES, theme=theme, numbers=True)).layout.annotations
    assert [note.text for note in notes] == ["1", "−4", "0", "2.5", "3", "−1.25"]
    assert [(note.y, note.x) for note in notes] == [(r, c) for r in range(2) for c in range(3)]
    for note, value in zip(notes, VALUES.flat, strict=True):
        assert contrast(note.font.color, fill(value / 4, "signed", theme)) >= 4.5


def test_names_stand_at_their_rows_and_columns() -> None:
    figure = go.Figure(
        heatmap(VALUES, theme="light", row_names="ab", column_names="xyz", row_title="true")
    )
    assert list(figure.layout.yaxis.ticktext) == ["a", "b"]
    assert list(figure.layout.xaxis.ticktext) == ["x", "y", "z"]
    assert figure.layout.yaxis.title.text == "true"


@themes
def test_curves_draw_each_line_in_its_roles_colour(theme: Theme) -> None:
    lines = {"loss": Line([1, 2, 3], [2.3, 1.1, 0.4], "gradient"), "accuracy": Line([3], [0.9])}
    figure = go.Figure(curves(lines, theme=theme, x_title="step", y_range=(0, 3)))
    assert [trace.name for trace in figure.data] == ["loss", "accuracy"]
    assert list(figure.data[0].y) == [2.3, 1.1, 0.4]
    assert figure.data[0].line.color == PALETTES[theme].roles["gradient"]
    assert tuple(figure.layout.yaxis.range) == (0, 3)
    assert go.Figure(curves(lines, theme=theme, log_y=True)).layout.yaxis.type == "log"
