"""Leads of a file taken in, as a CRM's batch would be: merged, decided, kept, routed; what cannot be is told."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from api.intake import Sender, take_in
from api.serving import Served
from scoring.lead import Lead
from store.batch import hold_batch
from store.database import Database, Transaction
from store.left_out import Identity
from store.people import IDENTITY, identity_of, is_same
from store.rejects import Reject
from training.files.kinds import LeadsFile
from training.read import open_leads
from training.rows import lead_of_row
from training.table import BadRow, DataError, Stretch, text_of

# Leads of one transaction: enough to share the cost of a commit, few enough to let others write meanwhile.
AT_ONCE = 50
NOBODY = "has no e-mail address, phone number or external id that can be read, so nobody would know whose it is"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A lead of a file: what the row says, and what of it could not be read."""

    lead: Lead
    body: Mapping[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What came of a file: each row is a lead, or rejected, or left out since its person was erased meanwhile.

    `unread` counts leads that were taken in without a value that made no sense.
    """

    leads: int = 0
    routed: int = 0
    unread: int = 0
    rejected: int = 0
    erased: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Portion:
    """Rows that were taken in together, up to `line`; by then `read` of the file's size are read and `done` is done.

    `left_out` are those who were erased since the file was sent.
    """

    rejects: Sequence[Reject]
    line: int
    read: int
    done: Imported
    left_out: Sequence[Identity]


NOTHING = Imported()

# Keeps what is to be known of a portion, in the transaction that takes it in.
Keep = Callable[[Transaction, Portion], None]
# Who was erased since the file was sent.
LeftOut = Callable[[Transaction], Sequence[Identity]]


def open_import(path: Path) -> LeadsFile:
    """The file of leads. Raises: DataError when it cannot be read, or none of its columns says whose a row is."""
    file = open_leads(path)
    if not set(IDENTITY) & set(file.columns):
        raise DataError(f"{path.name}: no column is named {', '.join(IDENTITY[:-1])} or {IDENTITY[-1]}; rename one")
    return file


def import_params(file: LeadsFile) -> Mapping[str, object]:
    """What a job keeps of a file beside its content."""
    return {"kind": file.kind, "sha256": file.checksum, "columns": file.columns}


def import_leads(
    database: Database,
    file: LeadsFile,
    serving: Callable[[], Served],
    *,
    clock: Callable[[], datetime],
    keep: Keep,
    left_out: LeftOut = lambda tx: (),
    after: int = 0,
    done: Imported = NOTHING,
) -> Imported:
    """What came of taking in the rows of a file behind a line, where so much was done before.

    What was taken in before an end that came too early stays, and comes to nothing new when it is taken in again.
    """
    read = 0
    for chunk in file.chunks(AT_ONCE):
        read += chunk.weight
        good, bad, line = _read(chunk.read(), clock(), after)
        if line <= after:
            continue
        with database.begin() as tx:
            erased = left_out(tx)
            rows = _without(good, erased)
            done = _added(done, rows, bad, _take_in(tx, rows, serving(), clock()), len(good) - len(rows))
            rejects = [Reject(each.line, each.problem, each.cells) for each in bad]
            keep(tx, Portion(rejects=rejects, line=line, read=read, done=done, left_out=erased))
    return done


def write_rejects(file: IO[str], columns: Sequence[str], rejects: Iterable[Reject]) -> None:
    """Writes rows that were not taken in as CSV: the line, the reason, the cells."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["line", "problem", *columns])
    writer.writerows([each.line, each.problem, *each.cells] for each in rejects)


def _read(stretch: Stretch, now: datetime, after: int) -> tuple[list[Row], list[BadRow], int]:
    """The rows behind a line that hold a lead, those that hold none, and the last line of all."""
    leads, bad = [], [each for each in stretch.bad_rows if each.line > after]
    turned = zip(*stretch.cells.values(), strict=True)
    for line, cells in zip(stretch.lines, turned, strict=True):
        if line <= after:
            continue
        read = lead_of_row(dict(zip(stretch.cells, cells, strict=True)), now)
        texts = tuple(map(text_of, cells))
        identity = identity_of(read.lead).values()
        if identity and not any("\0" in value for value in identity):
            filled = {name: text for name, text in zip(stretch.cells, texts, strict=True) if text}
            leads.append(Row(lead=read.lead, body=filled, problems=read.problems))
        else:
            bad.append(BadRow(line=line, cells=texts, problem=NOBODY))
    return leads, bad, max([*stretch.lines[-1:], *(each.line for each in bad)], default=after)


def _without(rows: list[Row], left_out: Sequence[Identity]) -> list[Row]:
    return [row for row in rows if not any(is_same(row.lead, identity) for identity in left_out)]


def _take_in(tx: Transaction, rows: list[Row], served: Served, now: datetime) -> int:
    """Keeps leads and returns how many of them are somebody's in sales."""
    if not rows:
        return 0
    hold_batch(tx, [row.lead for row in rows], served.playbook.playbook)
    taken = [take_in(tx, row.lead, row.body, Sender(key_id=None), served, now) for row in rows]
    return sum(each.recorded.decision.route is not None for each in taken)


def _added(done: Imported, read: list[Row], bad: list[BadRow], routed: int, erased: int) -> Imported:
    return replace(
        done,
        leads=done.leads + len(read),
        routed=done.routed + routed,
        unread=done.unread + sum(bool(each.problems) for each in read),
        rejected=done.rejected + len(bad),
        erased=done.erased + erased,
    )
