"""Comparing playbooks on many stored decisions, to the same document as `POST /v1/playbook/diff` and the command line.

Which decisions are replayed and by which playbooks was settled when it was asked for, so a turn that begins again, or
begins late, comes to the same. One process does it: clocks and requests come first.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from api.diff.chunks import kept_chunks
from api.diff.comparison import Named, compared
from api.diff.document import diff_document
from api.diff.run import compare
from api.jobs.desk import Desk
from api.serving import PLAYBOOK_FILE
from rules.compile import Compiled, compile_playbook
from rules.read import read_playbook
from store.erased import hold_erasing, without_erased
from store.jobs import end_job, params_of
from store.playbooks import playbook_text
from store.replay import decision_ids
from store.sweep import database_time


def perform(desk: Desk) -> None:
    """Compares the playbook that was sent with the one that was in force then, and keeps the document."""
    with desk.database.read() as tx:
        asked = params_of(tx, desk.job)
        since, until = _instant(asked["since"]), _instant(asked["until"])
        ids = decision_ids(tx, since=since, until=until, most=asked["limit"])
        old = Named(name="active", playbook=_compiled(playbook_text(tx, asked["old"]), asked["old"]))
    new = Named(name="body", playbook=_compiled(asked["playbook"], 0))
    chunks = kept_chunks(desk.settings.database_url, ids)
    replay, notes = compare(chunks, old.playbook, new.playbook, heard=_told(desk, len(ids)))
    document = diff_document(compared(old, new, replay, since=since, until=until, notes=notes))
    with desk.database.begin() as tx:
        hold_erasing(tx)
        end_job(tx, desk.job, without_erased(tx, document), database_time(tx))


def _told(desk: Desk, total: int) -> Callable[[int], None]:
    """Tells how far the job is whenever it hears that some more decisions are done."""
    done = 0

    def heard(more: int) -> None:
        nonlocal done
        done += more
        desk.say(f"replaying {total:,} decisions", done / total)

    return heard


def _instant(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _compiled(text: str, number: int) -> Compiled:
    return compile_playbook(read_playbook(text, file=PLAYBOOK_FILE, number=number))
