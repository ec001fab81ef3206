"""What teams have had, for whoever hands out several leads in one transaction: read once, counted along."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from routing.reps import Standing
from rules.playbook import Calendar, Rep, Team
from store.database import Transaction, Writes
from store.leads import Known
from store.shares import Counted, count_assignment, counted_in, owner_of


class Counting:
    """How many leads each rep of a team has had, as this transaction reads and changes it; nobody else may."""

    def __init__(self, tx: Transaction, calendars: Mapping[str, Calendar], now: datetime) -> None:
        self._tx = tx
        self._calendars = calendars
        self._now = now
        self._counted: dict[str, Counted] = {}

    def of(self, team: Team, known: Known) -> Counted:
        """Returns what a team has had so far, and who has the account of a lead."""
        kept = self._counted.get(team.name)
        if kept is None:
            found = counted_in(self._tx, team, self._calendars, known, self._now)
        else:
            found = replace(kept, owner=owner_of(self._tx, team, known))
        self._counted[team.name] = found
        return found

    def count(self, tx: Writes, team: Team, chosen: Rep) -> None:
        """Counts a lead for the chosen rep of a team that was asked for."""
        counted = self._counted[team.name]
        credited = count_assignment(tx, team, chosen, counted, self._now)
        standings = tuple(_after(each, chosen, credited, self._now) for each in counted.standings)
        self._counted[team.name] = replace(counted, standings=standings)


def _after(standing: Standing, chosen: Rep, credited: Mapping[str, float], now: datetime) -> Standing:
    """Returns how a rep stands once the chosen one has got a lead."""
    if standing.rep != chosen.name:
        return replace(standing, credit=standing.credit + credited.get(standing.rep, 0.0))
    return replace(
        standing,
        assigned=standing.assigned + 1,
        today=standing.today + 1,
        this_week=standing.this_week + 1,
        last_assigned_at=now,
    )
