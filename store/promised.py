"""Clocks with all that goes by them, read for many pieces of work at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.assignments import Assignment, find_assignments
from store.clocks import Clock, clocks_by_decision
from store.database import Transaction
from store.due import Due


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """A clock, whose it is, and all clocks that its lead had since it was decided to be sales', the first first."""

    clock: Clock
    held: Assignment
    clocks: Sequence[Clock]


def promised(tx: Transaction, works: Sequence[Due]) -> Mapping[str, Promised]:
    """Returns the clocks that pieces of work are about, each by its id."""
    wanted = {work.reference for work in works}
    decided = clocks_by_decision(tx, sorted({work.lead_id for work in works}))
    found = {clock.id: clock for clocks in decided.values() for clock in clocks if clock.id in wanted}
    held = find_assignments(tx, sorted({clock.assignment_id for clock in found.values()}))
    whose = {clock.id: held[clock.assignment_id] for clock in found.values()}
    return {
        clock.id: Promised(clock=clock, held=whose[clock.id], clocks=decided[whose[clock.id].decision_id])
        for clock in found.values()
    }
