"""Where one lead stands on the sales floor: who has or had it last, which clocks run, what may be done with it."""

from dataclasses import dataclass

from store.assignments import Assignment, last_assignment
from store.clocks import Clock, clocks_of
from store.database import Transaction
from store.kept_moves import MoveKind
from store.listing import Kept, find_lead
from store.moves import possible


@dataclass(frozen=True, kw_only=True, slots=True)
class FloorLead:
    """A kept lead with its latest assignment (None: sales never had it), that one's clocks, and what is possible."""

    kept: Kept
    assignment: Assignment | None
    clocks: tuple[Clock, ...]
    possible: tuple[MoveKind, ...]


def find_standing(tx: Transaction, lead_id: str) -> FloorLead | None:
    """Returns where the lead of an id stands; None when it is not kept."""
    kept = find_lead(tx, lead_id)
    if kept is None:
        return None
    assignment = last_assignment(tx, lead_id)
    running = () if assignment is None else clocks_of(tx, assignment.id)
    is_open = assignment is not None and assignment.ended_at is None
    return FloorLead(
        kept=kept,
        assignment=assignment,
        clocks=running,
        possible=possible(assignment, running) if assignment is not None and is_open else (),
    )
