"""Leads of a file taken in, as a CRM's batch would be: merged, decided, kept, routed; what cannot be is told."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from api.files import whole_file
from api.intake import Sender, take_in
from api.serving import Served
from scoring.lead import Lead
from store.batch import hold_batch
from store.database import Database
from store.people import identity_of
from training.files.kinds import LeadsFile
from training.rows import lead_of_row
from training.table import BadRow, Stretch, text_of

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
    """What came of a file; `unread` counts leads that were taken in without a value that made no sense."""

    leads: int = 0
    routed: int = 0
    unread: int = 0
    rejected: int = 0


def import_leads(
    database: Database,
    file: LeadsFile,
    served: Served,
    *,
    clock: Callable[[], datetime],
    rejects: Path,
    advance: Callable[[int], None],
) -> Imported:
    """What came of taking in a file; rows that cannot be go to a file of rejects, with the line and the reason.

    What was taken in before an end that came too early stays, and comes to nothing new when it is taken in again.
    """
    done, bad = Imported(), list[BadRow]()
    for chunk in file.chunks(AT_ONCE):
        stretch = chunk.read()
        read, unusable = _read(stretch, clock())
        bad += (*stretch.bad_rows, *unusable)
        done = _added(done, read, _take_in(database, read, served, clock()))
        advance(chunk.weight)
    if bad:
        _write_rejects(file.columns, bad, rejects)
    return replace(done, rejected=len(bad))


def _read(stretch: Stretch, now: datetime) -> tuple[list[Row], list[BadRow]]:
    """The rows that hold a lead, and those that hold none."""
    leads, bad = [], []
    turned = zip(*stretch.cells.values(), strict=True)
    for line, cells in zip(stretch.lines, turned, strict=True):
        read = lead_of_row(dict(zip(stretch.cells, cells, strict=True)), now)
        texts = tuple(map(text_of, cells))
        identity = identity_of(read.lead).values()
        if identity and not any("\0" in value for value in identity):
            filled = {name: text for name, text in zip(stretch.cells, texts, strict=True) if text}
            leads.append(Row(lead=read.lead, body=filled, problems=read.problems))
        else:
            bad.append(BadRow(line=line, cells=texts, problem=NOBODY))
    return leads, bad


def _take_in(database: Database, rows: list[Row], served: Served, now: datetime) -> int:
    """Keeps leads in one transaction and returns how many of them are somebody's in sales."""
    if not rows:
        return 0
    with database.begin() as tx:
        hold_batch(tx, [row.lead for row in rows], served.playbook.playbook)
        taken = [take_in(tx, row.lead, row.body, Sender(key_id=None), served, now) for row in rows]
        return sum(each.recorded.decision.route is not None for each in taken)


def _added(done: Imported, read: list[Row], routed: int) -> Imported:
    return replace(
        done,
        leads=done.leads + len(read),
        routed=done.routed + routed,
        unread=done.unread + sum(bool(each.problems) for each in read),
    )


def _write_rejects(columns: tuple[str, ...], bad: list[BadRow], rejects: Path) -> None:
    with whole_file(rejects) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["line", "problem", *columns])
        writer.writerows([each.line, each.problem, *each.cells] for each in bad)
