"""A file of leads scored: the same rows with score columns behind them, and the rows that could not be read."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from api.files import whole_file
from routing.decide import decide
from routing.document import decision_document
from rules.compile import Compiled
from scoring.scorecard import Scorecard
from training.rows import lead_of_row
from training.table import DataError, Row, Table

SCORE_COLUMNS = ("probability", "fit", "score", "grade", "qualified", "reasons")

# Which column lets a derived attribute be known.
DERIVED_FROM: Mapping[str, str] = {
    "email_domain": "email",
    "email_kind": "email",
    "seniority": "title",
    "department": "title",
    "has_phone": "phone",
    "message_length": "message",
    "local_hour": "created_at",
    "weekday": "created_at",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What came of a file; `unread` counts rows that were scored without a value that made no sense."""

    scored: int
    rejected: int
    unread: int


def missing_columns(table: Table, scorecard: Scorecard) -> tuple[str, ...]:
    """The attributes that the model knows and the file does not have. Raises: DataError when it has none of them."""
    known = [feature.name for feature in scorecard.features]
    missing = tuple(name for name in known if DERIVED_FROM.get(name, name) not in table.columns)
    if len(missing) == len(known):
        raise DataError(
            f"{table.name}: has none of the columns that model {scorecard.version} learned from "
            f"({', '.join(known[:8])}{', ...' if len(known) > 8 else ''}); is it the right file and delimiter?"
        )
    return missing


def score_table(
    table: Table,
    scorecard: Scorecard,
    playbook: Compiled,
    *,
    now: datetime,
    out: Path,
    rejects: Path,
    advance: Callable[[], None],
) -> Batch:
    """Writes the scored rows, whole or not at all, and the rows that could not be read where there are any.

    Columns of the file that are named like a score column are replaced.
    """
    kept = [name for name in table.columns if name not in SCORE_COLUMNS]
    unread = 0
    with whole_file(out) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*kept, *SCORE_COLUMNS])
        for row in table.rows:
            scores, problems = _scores(row, scorecard, playbook, now)
            unread += bool(problems)
            writer.writerow([*(row.cells[name] for name in kept), *scores])
            advance()
    if table.bad_rows:
        _write_rejects(table, rejects)
    return Batch(scored=len(table.rows), rejected=len(table.bad_rows), unread=unread)


def _scores(row: Row, scorecard: Scorecard, playbook: Compiled, now: datetime) -> tuple[list[object], tuple[str, ...]]:
    read = lead_of_row(row.cells, now)
    decision = decide(read.lead, (), scorecard, playbook, now)
    reasons = orjson.dumps(decision_document(decision)["reasons"]).decode()
    qualified = "true" if decision.qualified else "false"
    return [decision.probability, decision.fit, decision.score, decision.grade, qualified, reasons], read.problems


def _write_rejects(table: Table, rejects: Path) -> None:
    with whole_file(rejects) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["line", "problem", *table.columns])
        writer.writerows([bad.line, bad.problem, *bad.cells] for bad in table.bad_rows)
