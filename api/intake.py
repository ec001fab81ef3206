"""A lead's one straight line through the house: merge, decide, record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from api.serving import Served
from routing.decide import decide
from scoring.lead import Activity, Lead
from store.database import Transaction, Writes
from store.leads import activities_of, add_activity, add_submission, known_lead, merge_lead
from store.pipeline import sent_together
from store.record import Recorded, record


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Through which key a lead came (None: from a file), and through which form where it was one."""

    key_id: str | None
    form: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A lead that is kept: the id of what was sent, and what was decided."""

    submission_id: str
    recorded: Recorded


def take_in(
    tx: Transaction,
    lead: Lead,
    body: Mapping[str, object],
    sender: Sender,
    served: Served,
    now: datetime,
    *,
    clock: Callable[[], datetime] | None = None,
    writes: Writes | None = None,
) -> Taken:
    """What became of a lead that `parse_lead` accepted; all of it is kept in the one transaction, or nothing.

    It came in `now`. By the `clock` it is assigned, once it has waited for whoever writes before it: the difference is
    the system's own delay. What is to be written goes to `writes`; without them it is sent when this ends, so that the
    same transaction may take in more.
    """
    if writes is None:
        with sent_together(tx) as together:
            return take_in(tx, lead, body, sender, served, now, clock=clock, writes=together)
    known = merge_lead(tx, lead, now, writes=writes)
    submission_id = add_submission(writes, known, body, key_id=sender.key_id, form=sender.form)
    decision = decide(known.lead, known.activities, served.scorecard, served.playbook, now)
    assigned_at = clock() if clock else now
    recorded = record(tx, known, decision, served.playbook, assigned_at, writes=writes)
    return Taken(submission_id=submission_id, recorded=recorded)


def take_in_activities(
    tx: Transaction,
    lead_id: str,
    activities: tuple[Activity, ...],
    served: Served,
    now: datetime,
    *,
    clock: Callable[[], datetime] | None = None,
) -> Recorded | None:
    """What is decided of a kept lead now that it did more; None when there is no such lead."""
    known = known_lead(tx, lead_id, now)
    if known is None:
        return None
    for activity in activities:
        add_activity(tx, lead_id, activity, now)
    known = replace(known, activities=activities_of(tx, lead_id))
    decision = decide(known.lead, known.activities, served.scorecard, served.playbook, now)
    return record(tx, known, decision, served.playbook, clock() if clock else now)


def decide_again(tx: Transaction, lead_id: str, served: Served, now: datetime) -> Recorded | None:
    """What is decided now of a kept lead that did nothing since; None when there is no such lead."""
    return take_in_activities(tx, lead_id, (), served, now)
