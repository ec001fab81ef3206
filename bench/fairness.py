"""How fair the shares are: 10,000 leads over 40 reps of different weights, who are away now and then or join late.

The ideal is that each lead is shared by weight among those who are there. The store's counting is measured as it
runs, and beside it other ways of crediting who was away, and a draw by weight.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

from routing.reps import Standing, choose_rep
from rules.playbook import Block, Calendar, Rep, Team
from scoring.facts import Facts
from store.absences import add_absence
from store.database import connect, default_url, upgrade
from store.shares import count_assignment, counted_in

LEADS, REPS, LATE = 10_000, 40, 4
START, SPAN = datetime(2026, 3, 1, 12, tzinfo=UTC), timedelta(days=30)
SEED = 20_261_124

ROUND_THE_CLOCK = Calendar(
    name="always", timezone="UTC", blocks=tuple(Block(weekday=day, start=time(), end=time()) for day in range(7))
)
CALENDARS = {"always": ROUND_THE_CLOCK}
ANYBODY = Facts(values={})


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """A month: the reps, when each comes, when each is away, and when leads come."""

    reps: tuple[Rep, ...]
    since: dict[str, datetime]
    away: tuple[tuple[str, datetime, datetime], ...]
    leads: tuple[datetime, ...]

    def team(self, at: datetime) -> Team:
        """The team as the playbook has it at a time."""
        there = tuple(rep for rep in self.reps if self.since[rep.name] <= at)
        return Team(name="floor", calendar="always", manager=None, reps=there)

    def absent_until(self, rep: str, at: datetime) -> datetime | None:
        """Until when a rep is away; None for one who is there."""
        return max((end for name, start, end in self.away if name == rep and start <= at < end), default=None)


# What a rep who is away (the first) is credited with for one lead that one of those who are there gets.
Credit = Callable[[Rep, Sequence[Rep]], float]


def main() -> None:
    """Print how far each way of sharing ends from the ideal."""
    floor = _floor(Random(SEED))
    ideal = _ideal(floor)
    ways = {
        "store: credit by weight": _by_store(floor),
        "credit in equal parts": _simulated(floor, lambda _, there: 1 / len(there)),
        "no credit": _simulated(floor, lambda _, __: 0.0),
        "drawn by weight": _drawn(floor, Random(SEED)),
    }
    lines = [
        f"{LEADS:,} leads over {REPS} reps of weights 0.5 to 3, {LATE} of them late, {len(floor.away)} absences",
        f"  {'leads from the ideal':<26}{'largest':>10}{'mean':>10}{'largest, in %':>16}",
    ]
    for name, got in ways.items():
        off = {rep: abs(got[rep] - share) for rep, share in ideal.items()}
        worst = max(off[rep] / ideal[rep] for rep in ideal)
        lines.append(f"  {name:<26}{max(off.values()):>10.2f}{fmean(off.values()):>10.2f}{worst:>16.1%}")
    sys.stdout.write("\n".join(lines) + "\n")


def _floor(chance: Random) -> Floor:
    reps = tuple(
        Rep(name=f"rep {number:02}", email="rep@seller.example", weight=chance.choice((0.5, 1.0, 1.0, 2.0, 3.0)))
        for number in range(REPS)
    )
    since = {rep.name: START - timedelta(days=1) for rep in reps[:-LATE]}
    since |= {rep.name: START + SPAN * chance.uniform(0.2, 0.6) for rep in reps[-LATE:]}
    away = []
    for rep in reps:
        for _ in range(chance.randrange(4)):
            start = START + SPAN * chance.random()
            away.append((rep.name, start, start + timedelta(days=chance.uniform(1, 6))))
    leads = tuple(sorted(START + SPAN * chance.random() * 0.99 for _ in range(LEADS)))
    return Floor(reps=reps, since=since, away=tuple(away), leads=leads)


def _there(floor: Floor, at: datetime) -> list[Rep]:
    return [rep for rep in floor.team(at).reps if floor.absent_until(rep.name, at) is None]


def _ideal(floor: Floor) -> dict[str, float]:
    shares = dict.fromkeys((rep.name for rep in floor.reps), 0.0)
    for at in floor.leads:
        there = _there(floor, at)
        weights = sum(rep.weight for rep in there)
        for rep in there:
            shares[rep.name] += rep.weight / weights
    return shares


def _by_store(floor: Floor) -> dict[str, int]:
    got = dict.fromkeys((rep.name for rep in floor.reps), 0)
    with tempfile.TemporaryDirectory() as folder:
        database = connect(default_url(Path(folder)))
        upgrade(database)
        with database.begin() as tx:
            for name, start, end in floor.away:
                add_absence(tx, name, start, end, START)
            for at in floor.leads:
                team = floor.team(at)
                counted = counted_in(tx, team, CALENDARS, None, at)
                chosen = choose_rep(team, counted.standings, ANYBODY, CALENDARS, at).rep
                if chosen is not None:
                    count_assignment(tx, team, chosen, counted, at)
                    got[chosen.name] += 1
        database.close()
    return got


def _simulated(floor: Floor, credit: Credit) -> dict[str, int]:
    """Who gets how many with another credit for those away; who is new begins with the average of the others."""
    had: dict[str, Standing] = {}
    for at in floor.leads:
        team = floor.team(at)
        for rep in team.reps:
            begun = [each.assigned + each.credit for each in had.values()]
            first = credit(rep, team.reps) and (fmean(begun) if begun else 0.0)
            had.setdefault(rep.name, _nothing(rep.name, first))
            had[rep.name] = replace(had[rep.name], absent_until=floor.absent_until(rep.name, at))
        chosen = choose_rep(team, tuple(had.values()), ANYBODY, CALENDARS, at).rep
        there = _there(floor, at)
        for rep in team.reps:
            if chosen is not None and rep.name == chosen.name:
                had[rep.name] = replace(had[rep.name], assigned=had[rep.name].assigned + 1, last_assigned_at=at)
            elif had[rep.name].absent_until is not None:
                had[rep.name] = replace(had[rep.name], credit=had[rep.name].credit + credit(rep, there))
    return {name: standing.assigned for name, standing in had.items()}


def _nothing(rep: str, credit: float) -> Standing:
    return Standing(rep=rep, assigned=0, credit=credit, today=0, this_week=0, last_assigned_at=None, absent_until=None)


def _drawn(floor: Floor, chance: Random) -> dict[str, int]:
    got = dict.fromkeys((rep.name for rep in floor.reps), 0)
    for at in floor.leads:
        there = _there(floor, at)
        got[chance.choices(there, [rep.weight for rep in there])[0].name] += 1
    return got


if __name__ == "__main__":
    main()
