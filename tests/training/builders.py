"""Data sets made by hand: numbers, categories and what is missing, with an outcome that follows them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.facts import Facts
from scoring.lead import Value
from training.dataset import Column, Dataset
from training.leakage import Suspicion

LEVELS = ("demo_request", "referral", "webinar")
RARE = ("flyer", "radio")


def number(name: str, values: Sequence[float]) -> Column:
    """A column of numbers, NaN where missing."""
    return Column(name=name, kind="number", values=np.array(values, dtype=np.float64))


def category(
    name: str, codes: Sequence[float], levels: tuple[str, ...] = LEVELS, grouped: tuple[str, ...] = RARE
) -> Column:
    """A column of categories by their codes, NaN where missing."""
    return Column(name=name, kind="category", values=np.array(codes, dtype=np.float64), levels=levels, grouped=grouped)


def data(columns: Sequence[Column], label: Sequence[bool] | NDArray[np.bool_], **over: Any) -> Dataset:
    """A data set of these columns; its facts are what the columns say."""
    outcome = np.array(label, dtype=np.bool_)
    given: dict[str, Any] = {
        "columns": tuple(columns),
        "label": outcome,
        "groups": np.arange(len(outcome)),
        "order": None,
        "times": None,
        "dated": False,
        "watched": {},
        "types": {},
        "facts": tuple(Facts(values=_values(columns, row)) for row in range(len(outcome))),
        "left_out": {"email": "identifies the person"},
        "checksum": "ab" * 32,
        "warnings": ("3 rows without a label were left out",),
        "leakage": (Suspicion(column="Tags", kind="alone", evidence="alone it reaches 0.92"),),
    }
    return Dataset(**{**given, **over})


def leads(rows: int = 400, seed: int = 0, **over: Any) -> Dataset:
    """Leads whose employees and source decide together, and minutes a little; a tenth of everything is missing."""
    random = np.random.default_rng(seed)
    employees, minutes = random.lognormal(4, 1.5, rows).round(), random.exponential(5, rows).round(2)
    source = random.choice(5, rows, p=[0.3, 0.3, 0.2, 0.1, 0.1]).clip(max=3).astype(np.float64)
    odds = np.log(employees + 1) * np.where(source == 0, 1.2, 0.2) - 2.5 + 0.1 * minutes
    label = random.random(rows) < 1 / (1 + np.exp(-odds))
    for values in (employees, minutes, source):
        values[random.random(rows) < 0.1] = np.nan
    columns = [number("employees", employees.tolist()), number("minutes", minutes.tolist())]
    return data([columns[0], category("source", source.tolist()), columns[1]], label, **over)


def _values(columns: Sequence[Column], row: int) -> dict[str, Value]:
    found = {column.name: _value(column, float(column.values[row])) for column in columns}
    return {name: value for name, value in found.items() if value is not None}


def _value(column: Column, cell: float) -> Value | None:
    if np.isnan(cell):
        return None
    return cell if column.kind == "number" else (*column.levels, *column.grouped)[int(cell)]
