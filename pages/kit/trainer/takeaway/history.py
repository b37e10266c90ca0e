"""The history of a run as a table that every spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

Number = float | int | None


def history_csv(rows: Iterable[Mapping[str, Number]], columns: Sequence[str]) -> str:
    """The `columns` of the rows as CSV (RFC 4180), with a header; what was not measured is empty.

    Reading a number back yields exactly the number that was written.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(columns)
    table.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(number: Number) -> str:
    """The shortest digits that mean exactly this number, be it Python's or NumPy's."""
    if number is None:
        return ""
    return repr(int(number) if isinstance(number, int | np.integer) else float(number))
