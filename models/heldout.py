"""The rows that a version was trained and judged on, as JSON Lines, so that versions can be held against each other.

`NAME.heldout.jsonl` stands beside the estimators, readable by its owner alone. A line is a row of the data set:

    {"row": 17, "facts": {...}, "label": true, "group": 12, "order": 3, "tested": true, "log_odds": -1.2,
     "probability": 0.21}

The served models were fitted on every row. What is said of a `tested` row here comes from models of the same settings
that were fitted without it. Two versions are therefore compared on rows that both have tested (the same `row` of data
of the same checksum), or that one has tested and the other never saw, which that one's scorecard may then score.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.version import ModelError
from scoring.document import Place
from scoring.facts import Facts
from scoring.lead import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOutRow:
    """A row of the data set: its number there from 0, its facts but for what identifies a person, and its outcome.

    Rows of one `group` stand on one side of every split; `order` is the rank in time where a time column was named.
    `log_odds` and `probability` are what models that never saw a tested row said of it; None for other rows.
    """

    row: int
    facts: Facts
    label: bool
    group: int
    order: int | None
    tested: bool
    log_odds: float | None
    probability: float | None


def held_out_path(folder: Path, name: str) -> Path:
    """Return where the rows of a version stand."""
    return folder / f"{name}.heldout.jsonl"


def keep_held_out(folder: Path, name: str, rows: Iterable[HeldOutRow]) -> None:
    """Write the rows of a version, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = held_out_path(folder, name)
    draft = path.with_suffix(f".{os.getpid()}.part")
    with open(draft, "w", encoding="utf-8", opener=_own) as file:
        file.writelines(f"{json.dumps(_document(row), ensure_ascii=False, default=_text)}\n" for row in rows)
    draft.replace(path)


def read_held_out(folder: Path, name: str) -> Iterator[HeldOutRow]:
    """Yield the rows of a version in the order of the data set.

    Raises: ModelError where they are not there, or a line is not what was kept.
    """
    path = held_out_path(folder, name)
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                yield _row(line, f"{path.name}:{number}")
    except FileNotFoundError as error:
        raise ModelError(f"the held-out rows of {name} are not in {folder}: train the version again") from error


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} is no value of a fact")


def _document(row: HeldOutRow) -> dict[str, object]:
    return {
        "row": row.row,
        "facts": dict(row.facts.values),
        "label": row.label,
        "group": row.group,
        "order": row.order,
        "tested": row.tested,
        "log_odds": row.log_odds,
        "probability": row.probability,
    }


def _row(line: str, where: str) -> HeldOutRow:
    problems: list[str] = []
    try:
        whole = Place(value=json.loads(line), problems=problems)
    except ValueError as error:
        raise ModelError(f"{where}: is no JSON ({error}): train the version again") from error
    tested = whole.field("tested").value is True
    order, facts = whole.field("order"), whole.field("facts")
    found = HeldOutRow(
        row=whole.field("row").index(),
        facts=Facts(values=_values(facts)),
        label=whole.field("label").value is True,
        group=whole.field("group").index(),
        order=None if order.value is None else order.index(),
        tested=tested,
        log_odds=whole.field("log_odds").number() if tested else None,
        probability=whole.field("probability").number() if tested else None,
    )
    if problems:
        raise ModelError("\n".join(f"{where}: {problem}" for problem in problems))
    return found


def _values(place: Place) -> dict[str, Value]:
    if not isinstance(place.value, dict):
        place.refuse("must be an object")
        return {}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in place.value.items()}
