"""A year of leads and of what sales made of them, in rows as intake and the moves write them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, text

from api.serving import Served, read_served
from routing.decide import decide
from routing.decision import Decision
from routing.document import decision_document
from rules.case import Assumed
from store.database import Database, upgrade
from store.ids import new_id
from store.lead_json import lead_to_json
from store.rows import add
from store.tables import assignments, clocks, decisions, leads, shares, submissions
from tests.api.builders import furnish
from training.rows import lead_of_row
from training.sample import sample_rows

AT_ONCE = 1_000
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
YEAR, HOUR, DAY = timedelta(days=365), timedelta(hours=1), timedelta(days=1)
SEED = 20_261_124

Row = dict[str, Any]
Rows = dict[Table, list[Row]]


def fill(database: Database, count: int) -> Served:
    """Puts so many leads of a year into an empty database, and gives what it serves."""
    upgrade(database)
    furnish(database)
    with database.read() as tx:
        served = read_served(tx)
    year = _Year(served=served, chance=Random(SEED))
    said = sample_rows(count, SEED, newest=NOW)
    for start in range(0, count, AT_ONCE):
        rows = _nothing()
        for number in range(start, min(start + AT_ONCE, count)):
            year.arrive(said[number], NOW - YEAR * ((count - number - 0.5) / count), rows)
        _keep(database, rows)
    _keep(database, {shares: year.shares()})
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return served


@dataclass(kw_only=True, slots=True)
class _Year:
    """A year of leads and of sales, the same for the same chance."""

    served: Served
    chance: Random
    turns: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def arrive(self, said: Mapping[str, str], at: datetime, rows: Rows) -> None:
        """Adds the rows of one lead that came at an instant: a decision, for some a second one, and what sales did."""
        given = {name: value for name, value in said.items() if name not in ("converted", "created_at")}
        lead, lead_id = lead_of_row(given, at).lead, new_id(at)
        assumed = Assumed(probability=self.chance.random() / 2, fit=round(100 * self.chance.random() ** 0.7, 1))
        decided = decide(lead, (), None, self.served.playbook, at, assume=assumed)
        decision_id = new_id(at)
        self._decided(rows, lead_id, decision_id, lead_to_json(lead), decided)
        if self.chance.random() < 0.3:
            later = at + 2 * DAY * self.chance.random()
            self._decided(rows, lead_id, new_id(later), lead_to_json(lead), decided, later)
        rows[leads].append(
            {
                "id": lead_id,
                "document": lead_to_json(lead),
                "state": "nurture",
                "decision_id": decision_id,
                "created_at": at,
                "updated_at": at,
                "score": decided.score,
                "grade": decided.grade,
                "qualified": decided.qualified,
            }
        )
        rows[submissions].append(
            {"id": new_id(at), "lead_id": lead_id, "received_at": at, "body": given, "notes": [], "form": "demo"}
        )
        if decided.route is not None:
            self._handed(rows, lead_id, decision_id, decided, at)

    def _decided(
        self, rows: Rows, lead_id: str, decision_id: str, lead: Row, decided: Decision, at: datetime | None = None
    ) -> None:
        route = decided.route
        rows[decisions].append(
            {
                "id": decision_id,
                "lead_id": lead_id,
                "decided_at": at or decided.decided_at,
                "lead": lead,
                "score": decided.score,
                "grade": decided.grade,
                "qualified": decided.qualified,
                "route": route and route.name,
                "team": route and route.team,
                "model": decided.model,
                "playbook": 1,
                "document": {"id": decision_id, "lead_id": lead_id, **decision_document(decided)},
            }
        )

    def _handed(self, rows: Rows, lead_id: str, decision_id: str, decided: Decision, at: datetime) -> None:
        """Gives the lead to one rep, or to two one after the other; the last answers, and most outcomes come back."""
        if decided.route is None or decided.sla is None:
            raise ValueError("a lead that stays with marketing is handed to nobody")
        team, sla = decided.route.team, decided.sla.name
        names = [rep.name for rep in self.served.playbook.playbook.teams[team].reps]
        holders = self.chance.sample(names, 2 if self.chance.random() < 0.15 else 1)
        for number, rep in enumerate(holders):
            self.turns[team, f"{at:%Y-%m}", rep] += 1
            last, made = number == len(holders) - 1, at + 2 * number * HOUR
            about = {"id": new_id(made), "lead_id": lead_id}
            answered = min(made + HOUR * self.chance.expovariate(0.5), NOW) if last else None
            rows[assignments].append(
                {
                    **about,
                    "decision_id": decision_id,
                    "route": decided.route.name,
                    "team": team,
                    "rep": rep,
                    "why": {"why": "her turn"},
                    "received_at": at,
                    "assigned_at": made,
                    "contacted_at": answered,
                    **(self._ended(made) if last else _left("reassigned", made + 2 * HOUR)),
                }
            )
            for kind in ("first_response", "attempts") + (("acceptance",) if sla == "hot" else ()):
                rows[clocks].append(self._clock(kind, lead_id, about["id"], sla, made, answered))

    def _ended(self, made: datetime) -> Row:
        """How a lead ends, or that it has not yet."""
        at = made + 60 * DAY * self.chance.random()
        if at > NOW:
            return _left("contacted", None)
        match self.chance.random():
            case end if end < 0.15:
                return {**_left("won", at), "amount": 1000.0 + 9000 * self.chance.random()}
            case end if end < 0.5:
                return {**_left("lost", at), "reason": "too expensive"}
            case end if end < 0.65:
                return {**_left("rejected", at), "reason": "not a buyer"}
        return _left("contacted", None)

    def _clock(
        self, kind: str, lead_id: str, assignment_id: str, sla: str, made: datetime, answered: datetime | None
    ) -> Row:
        due = made + (10 * DAY if kind == "attempts" else 4 * HOUR)
        done = answered if kind != "attempts" or self.chance.random() < 0.85 else None
        ended = done or (None if due > NOW else due)
        late = due <= NOW and (done is None or done > due)
        state = "breached" if late else "met" if done is not None else "running" if ended is None else "stopped"
        return {
            "id": new_id(made),
            "lead_id": lead_id,
            "assignment_id": assignment_id,
            "kind": kind,
            "sla": sla,
            "state": state,
            "started_at": made,
            "due_at": due,
            "warn_at": (),
            "ended_at": ended,
            "breached_at": due if late else None,
            "elapsed_seconds": None if done is None else (done - made).total_seconds(),
        }

    def shares(self) -> list[Row]:
        """What each rep had of each month."""
        named = ("team", "period", "rep")
        return [
            {**dict(zip(named, key, strict=True)), "assigned": count, "credit": 0.0}
            for key, count in self.turns.items()
        ]


def _left(state: str, ended: datetime | None) -> Row:
    return {"state": state, "ended_at": ended, "reason": None, "amount": None}


def _nothing() -> Rows:
    return {table: [] for table in (leads, submissions, decisions, assignments, clocks)}


def _keep(database: Database, rows: Mapping[Table, Sequence[Row]]) -> None:
    with database.begin() as tx:
        for table, some in rows.items():
            add(tx, table, *some)
