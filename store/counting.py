"""What teams have had, for whoever hands out several leads in one transaction: read once, counted along."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from routing.reps import Standing
from rules.playbook import Calendar, Rep, Team
from store.assignments import owners_of
from store.database import Transaction, Writes
from store.leads import Known
from store.shares import Counted, count_assignment, counted_in


class Counting:
    """How many leads each rep of a team has had, as this transaction reads and changes it; nobody else may.

    Several `leads` are told of by their ids, so that who has their accounts is read once. What is handed out in this
    transaction makes nobody the owner of another one's account: they are of different companies.
    """

    def __init__(
        self, tx: Transaction, calendars: Mapping[str, Calendar], now: datetime, leads: Sequence[str] = ()
    ) -> None:
        self._tx = tx
        self._leads = leads
        self._calendars = calendars
        self._now = now
        self._counted: dict[str, Counted] = {}
        self._owners: dict[str, Mapping[str, str | None]] = {}

    def of(self, team: Team, known: Known) -> Counted:
        """Returns what a team has had so far, and who has the account of a lead."""
        if team.name not in self._counted:
            found = counted_in(self._tx, team, self._calendars, known, self._now)
            more = owners_of(self._tx, team.name, self._leads) if self._leads else {}
            self._counted[team.name], self._owners[team.name] = found, {known.id: found.owner, **more}
        return replace(self._counted[team.name], owner=self._owners[team.name][known.id])

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
