"""The table of a run reads back as exactly the numbers that were measured."""

import csv
import io
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pages.kit.trainer.takeaway import history_csv

numbers = st.none() | st.integers() | st.floats() | st.floats(width=32).map(np.float32)
rows = st.lists(st.dictionaries(st.sampled_from(["step", "loss", "test, accuracy"]), numbers))


def read(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_table() -> None:
    table: list[dict] = [
        {"step": 1, "loss": 2.302585, "accuracy": None},
        {"step": np.int64(2), "loss": np.float64(0.1), "accuracy": 1.0, "not": 7},
        {},
    ]
    assert history_csv(table, ["step", "loss", "accuracy"]) == (
        "step,loss,accuracy\r\n1,2.302585,\r\n2,0.1,1.0\r\n,,\r\n"
    )


def test_names_are_quoted_where_they_must_be() -> None:
    names = ["loss, train", 'the "test"', "two\nlines", "损失"]
    assert read(history_csv([], names)) == [names]
    assert read(history_csv([{}], ["step"])) == [["step"], [""]]


@given(rows)
def test_every_number_reads_back_exactly(table) -> None:
    columns = ["step", "test, accuracy", "loss"]
    header, *lines = read(history_csv(iter(table), columns))
    assert header == columns
    assert len(lines) == len(table)
    for row, line in zip(table, lines, strict=True):
        for column, text in zip(columns, line, strict=True):
            value = row.get(column)
            if value is None:
                assert text == ""
            elif isinstance(value, int):
                assert int(text) == value
            else:
                assert float(text) == value or (math.isnan(float(text)) and math.isnan(value))
