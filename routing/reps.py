"""Chooses the rep of a team whose turn it is, and says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from routing.candidates import Candidate, candidates_of, wall_of
from routing.candidates import Standing as Standing
from routing.why import named_why, nobody_why, owner_why, turn_why
from rules.playbook import Calendar, Rep, Team
from scoring.facts import Facts

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who is to have a lead, None when nobody can; `candidates` holds every rep of the team in its order."""

    rep: Rep | None
    why: str
    candidates: tuple[Candidate, ...]


def choose_rep(
    team: Team,
    standings: Sequence[Standing],
    facts: Facts,
    calendars: Mapping[str, Calendar],
    now: datetime,
    *,
    owner: str | None = None,
    earlier: frozenset[str] = frozenset(),
) -> Choice:
    """The rep of a team who is to have a lead; None when nobody is eligible: the queue, and the manager is told.

    Eligible is who accepts the lead, is not absent, is under capacity and has not had it `earlier`. An eligible
    `owner` of the account comes first; else, of those at work now or, if none is, soonest, the one with the largest
    shortfall. Ties go to the greater weight, then the least recently assigned, then by name. `standings` holds all
    the team's reps.
    """
    known, reps = {standing.rep: standing for standing in standings}, {rep.name: rep for rep in team.reps}
    candidates, wall = candidates_of(team, known, facts, calendars, now, earlier), wall_of(team, calendars, now)
    eligible = {candidate.rep: candidate for candidate in candidates if candidate.out is None}
    if not eligible:
        return Choice(rep=None, why=nobody_why(team, candidates, wall), candidates=candidates)
    if owner in eligible:
        return Choice(rep=reps[owner], why=owner_why(eligible[owner], candidates, wall), candidates=candidates)
    ranked = sorted(_soonest(candidates), key=lambda one: _turn(one, reps[one.rep], known[one.rep]))
    tie = _tie(*((reps[one.rep], known[one.rep]) for one in ranked if one.shortfall == ranked[0].shortfall))
    why = turn_why(ranked, tie, owner, candidates, wall)
    return Choice(rep=reps[ranked[0].rep], why=why, candidates=candidates)


def named_rep(
    team: Team,
    standings: Sequence[Standing],
    facts: Facts,
    calendars: Mapping[str, Calendar],
    now: datetime,
    name: str,
    *,
    earlier: frozenset[str] = frozenset(),
) -> Choice:
    """The choice of a rep of the team whom somebody named; None when that rep cannot take the lead, and why.

    Whose turn it is, who is at work and what the rep accepts does not matter: who names them knows better. Absence,
    capacity and having had the lead do.
    """
    known, reps = {standing.rep: standing for standing in standings}, {rep.name: rep for rep in team.reps}
    willing = replace(team, reps=tuple(replace(rep, accepts=None) if rep.name == name else rep for rep in team.reps))
    candidates = candidates_of(willing, known, facts, calendars, now, earlier)
    named = next(candidate for candidate in candidates if candidate.rep == name)
    chosen = reps[name] if named.out is None else None
    why = named_why(named, candidates, wall_of(team, calendars, now))
    return Choice(rep=chosen, why=why, candidates=candidates)


def _soonest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The eligible who are at work now, or else those who are next."""
    at_work = [(one.works_from, one) for one in candidates if one.out is None and one.works_from is not None]
    soonest = min(works_from for works_from, _ in at_work)
    return [one for works_from, one in at_work if works_from == soonest]


def _turn(candidate: Candidate, rep: Rep, standing: Standing) -> tuple[float, float, datetime, str]:
    """What candidates are ranked by, the first first."""
    return -candidate.shortfall, -rep.weight, standing.last_assigned_at or NEVER, rep.name


def _tie(first: tuple[Rep, Standing], *others: tuple[Rep, Standing]) -> str | None:
    """What puts the first before others of the same shortfall."""
    if not others:
        return None
    (rep, standing), (second, stood) = first, others[0]
    if rep.weight != second.weight:
        return "of greater weight"
    return "longest without a lead" if standing.last_assigned_at != stood.last_assigned_at else "first by name"
