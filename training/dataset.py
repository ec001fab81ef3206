"""Makes a data set of leads with outcomes: facts as the scorecard will see them, columns that train, the label."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from scoring.attributes import Attribute
from scoring.facts import Facts, facts_of
from training.columns import FREE_TEXT, NEVER_TRAINS, Asked, Column, ColumnType, Read, category_text, read_columns
from training.examples import Examples, examples_of
from training.leakage import Suspicion, auc_alone, suspicions
from training.table import DataError, Table

__all__ = ["FREE_TEXT", "IDENTIFIER", "NEVER_TRAINS", "Asked", "Column", "Dataset", "dataset", "dataset_of", "matrix"]

FEWEST_POSITIVES = 50
# Why a column that tells who somebody is does not train.
IDENTIFIER = "an identifier"
# Known of a lead by the clock alone, so nothing where it is not known when the lead came.
_CLOCK = ("created_at", "local_hour", "weekday")
_NOTHING_ASKED = Asked()
_NOTHING_DECLARED: Mapping[str, Attribute] = MappingProxyType({})
# A larger share of equal rows is told: held out together, they are a kind of lead that no tested model has seen.
MUCH_REPEATED = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """What is trained on. Arrays have one element a row.

    `groups` numbers the rows that must stand on one side of every split. Where it is known when leads came, `times`
    holds it as numbers (seconds since 1970 where `dated`) and `order` ranks the rows by it from 0, equal times alike.
    `facts` are what the scorecard sees when it serves such a row. `types` are those of the attributes, found or asked
    for. `watched` holds the values of the columns that fairness is reported by, None where missing.
    """

    columns: tuple[Column, ...]
    label: NDArray[np.bool_]
    groups: NDArray[np.int64]
    order: NDArray[np.int64] | None
    times: NDArray[np.float64] | None
    dated: bool
    facts: tuple[Facts, ...]
    watched: Mapping[str, tuple[str | None, ...]]
    left_out: Mapping[str, str]
    checksum: str
    warnings: tuple[str, ...]
    leakage: tuple[Suspicion, ...]
    types: Mapping[str, ColumnType]


def dataset(
    table: Table,
    *,
    label: str,
    positive: str | None = None,
    time: str | None = None,
    group: str | None = None,
    drop: Sequence[str] = (),
    fairness: Sequence[str] = (),
    asked: Asked = _NOTHING_ASKED,
    declared: Mapping[str, Attribute] = _NOTHING_DECLARED,
    now: datetime,
) -> Dataset:
    """Return the data set of a table.

    Raises: DataError where a named column is not there, the label is not two-sided, or there is too little to learn.
    """
    examples = examples_of(
        table, label=label, positive=positive, time=time, group=group, drop=drop, fairness=fairness, now=now
    )
    return dataset_of(examples, asked=asked, declared=declared)


def dataset_of(
    examples: Examples, *, asked: Asked = _NOTHING_ASKED, declared: Mapping[str, Attribute] = _NOTHING_DECLARED
) -> Dataset:
    """Return the data set of examples; `declared` are the attributes that the playbook declares, as serving has them.

    Raises: DataError where a type is asked for that cannot be, or there is too little to learn.
    """
    _enough(examples)
    read = read_examples(examples, asked, declared)
    if not read.columns:
        raise DataError("no column is left to learn from: " + "; ".join(f"{k}: {v}" for k, v in read.left_out.items()))
    leakage = suspicions(_candidates(read, examples), examples.converted, measured=_measured(read), ages=_ages(read))
    identifiers = {each.column: IDENTIFIER for each in leakage if each.kind == "identifier"}
    columns = tuple(each for each in read.columns if each.name not in identifiers)
    times, groups = examples.times, _groups(columns, examples)
    return Dataset(
        columns=columns,
        label=examples.converted,
        groups=groups,
        order=None if times is None else np.searchsorted(np.sort(times), times),
        times=times,
        dated=examples.instants,
        facts=read.facts,
        watched=examples.watched,
        left_out={**examples.aside, **read.left_out, **identifiers},
        checksum=examples.checksum,
        warnings=(*examples.warnings, *read.warnings, *_repeated(groups)),
        leakage=leakage,
        types=read.types,
    )


def read_examples(examples: Examples, asked: Asked, declared: Mapping[str, Attribute]) -> Read:
    """Return what can be read of the leads: their own columns first, then what is derived of them.

    Raises: DataError where a type is asked for of what is no column, or never trains.
    """
    facts = [facts_of(lead, declared) for lead in examples.leads]
    met = dict.fromkeys(name for each in facts for name in each.values)
    names = dict.fromkeys([*examples.names, *(name for name in met if examples.dated or name not in _CLOCK)])
    for name in examples.aside:
        names.pop(name, None)
    asked.check(list(names))
    return read_columns(facts, list(names), asked, dated=examples.dated)


def matrix(data: Dataset) -> NDArray[np.float64]:
    """Return the columns side by side, shape (rows, columns)."""
    return np.column_stack([column.values for column in data.columns])


def _enough(examples: Examples) -> None:
    positives, rows = int(examples.converted.sum()), len(examples.converted)
    if min(positives, rows - positives) < FEWEST_POSITIVES:
        raise DataError(
            f"{examples.label!r} has {positives} positives in {rows} rows; at least {FEWEST_POSITIVES} of either "
            "side are needed to learn anything that lasts"
        )


def _candidates(read: Read, examples: Examples) -> dict[str, list[str | None]]:
    """Return the texts of what may know the outcome: columns, the best part of each date or text, what is free text."""
    found: dict[str, list[str | None]] = {}
    for column in read.columns:
        texts = _texts(read, column.name)
        name = column.part.of if column.part else column.name
        if name not in found or auc_alone(texts, examples.converted) > auc_alone(found[name], examples.converted):
            found[name] = texts
    free = [name for name, why in read.left_out.items() if why.startswith(FREE_TEXT) and name not in NEVER_TRAINS]
    return found | {name: _texts(read, name) for name in free}


def _texts(read: Read, name: str) -> list[str | None]:
    return [category_text(each.values.get(name)) for each in read.facts]


def _measured(read: Read) -> set[str]:
    """Return what trains by its parts: it is told apart from an identifier."""
    return {column.part.of for column in read.columns if column.part}


def _ages(read: Read) -> dict[str, NDArray[np.float64]]:
    """Return, of each date, how many days it lies before its lead came."""
    parts = {column.part.of: column for column in read.columns if column.part and column.part.kind == "age_days"}
    return {name: column.values for name, column in parts.items() if name != "created_at"}


def _groups(columns: Sequence[Column], examples: Examples) -> NDArray[np.int64]:
    """Return group numbers: by what must stay together, else rows with the same values in every column share one."""
    keys: list[bytes | str]
    if examples.groups is not None:
        keys = [*examples.groups]
    else:
        values = np.column_stack([column.values for column in columns])
        keys = [hashlib.blake2b(line.tobytes(), digest_size=16).digest() for line in values]
    numbers: dict[bytes | str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _repeated(groups: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the warning of a group so large that the held-out rows tell more of it than of the others."""
    most = int(np.bincount(groups).max())
    if most <= len(groups) * MUCH_REPEATED:
        return ()
    together = f"{most:,} rows ({most / len(groups):.0%}) are equal or of one group and so held out together"
    return (f"{together}: the figures say how the model does on leads unlike any it saw, and are worse for it",)
