"""A comparison as a JSON document: what the command line prints and the door answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from types import MappingProxyType

from api.diff.comparison import Comparison, Named
from routing.placed import ASPECTS, Aspect, Moved
from routing.replay import Desk, Replay, Surprise
from rules.playbook import Period, Playbook
from rules.wording import condition_in_words

# A year has 365.2425 days in the Gregorian calendar.
PERIODS: Mapping[Period, timedelta] = MappingProxyType(
    {
        "week": timedelta(days=7),
        "month": timedelta(days=365.2425 / 12),
        "quarter": timedelta(days=365.2425 / 4),
    }
)
WEEK = PERIODS["week"]


def diff_document(found: Comparison) -> dict[str, object]:
    """Who moves, what reps get, what marketing delivers, the surprises, and everyone who moves."""
    replay = found.replay
    return {
        "old": _named(found.old),
        "new": _named(found.new),
        "since": found.since,
        "first": replay.first,
        "last": replay.last,
        "decisions": replay.decisions,
        "leads": replay.leads,
        "moved": {"decisions": len(replay.moved), "leads": replay.moved_leads},
        "rescored": replay.rescored,
        "refused": replay.refused,
        "qualified_leads": {"before": replay.before.qualified, "after": replay.after.qualified},
        "shifts": {aspect: _shifts(replay, aspect) for aspect in ASPECTS if aspect != "respond_by"},
        "deadlines": _deadlines(replay.moved),
        "workload": {"teams": _team_loads(found), "reps": [_load(found, desk) for desk in _desks(found)]},
        "delivery": [_delivery(found, index) for index in range(len(found.new.playbook.playbook.agreement.marketing))],
        "surprises": [_surprise(each) for each in replay.surprises],
        "moves": [_move(each) for each in replay.moved],
        "notes": list(found.notes),
    }


def _named(named: Named) -> dict[str, object]:
    return {"name": named.name, "playbook": named.playbook.playbook.number or None}


def _shifts(replay: Replay, aspect: Aspect) -> list[dict[str, object]]:
    """From where to where, the most frequent first."""
    counted = sorted(replay.shifts(aspect).items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [{"before": before, "after": after, "decisions": count} for (before, after), count in counted]


def _deadlines(moved: Sequence[Moved]) -> dict[str, int]:
    """How many leads that both playbooks give to sales are to be answered earlier, and how many later."""
    pairs = [(each.before.respond_by, each.after.respond_by) for each in moved]
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    return {
        "earlier": sum(after < before for before, after in both),
        "later": sum(after > before for before, after in both),
    }


def _desks(found: Comparison) -> list[Desk]:
    """Every rep of both playbooks, team by team in their order, a team's queue last where leads wait in it."""
    listed: list[Desk] = []
    for playbook in (found.new.playbook.playbook, found.old.playbook.playbook):
        for team in playbook.teams.values():
            listed += [(team.name, rep.name) for rep in team.reps]
    used = [*found.replay.before.load, *found.replay.after.load]
    teams = list(dict.fromkeys(team for team, _ in listed))
    return sorted(dict.fromkeys([*listed, *used]), key=lambda desk: (teams.index(desk[0]), desk[1] is None))


def _team_loads(found: Comparison) -> list[dict[str, object]]:
    """What each team is to expect, its queue included."""
    sides = {"before": found.replay.before.load, "after": found.replay.after.load}
    teams = dict.fromkeys(team for team, _ in _desks(found))
    loads = {
        team: {when: sum(leads for desk, leads in load.items() if desk[0] == team) for when, load in sides.items()}
        for team in teams
    }
    return [
        {
            "team": team,
            **{when: round(leads, 2) for when, leads in load.items()},
            **{f"a_week_{when}": _rate(leads, WEEK, found.span) for when, leads in load.items()},
        }
        for team, load in loads.items()
    ]


def _load(found: Comparison, desk: Desk) -> dict[str, object]:
    """What a rep is to expect: leads in all, leads a week, and what capacity allows in a week of their calendar."""
    team, rep = desk
    before, after = (side.load.get(desk, 0.0) for side in (found.replay.before, found.replay.after))
    capacity = _capacity(found.new.playbook.playbook, desk)
    weekly = _rate(after, WEEK, found.span)
    return {
        "team": team,
        "rep": rep,
        "before": round(before, 2),
        "after": round(after, 2),
        "a_week_before": _rate(before, WEEK, found.span),
        "a_week_after": weekly,
        "capacity_a_week": capacity,
        "over_capacity": weekly is not None and capacity is not None and weekly > capacity,
    }


def _capacity(playbook: Playbook, desk: Desk) -> int | None:
    """What a rep can take in a week without holidays; None where nothing limits it."""
    team = playbook.teams.get(desk[0])
    rep = next((each for each in team.reps if each.name == desk[1]), None) if team else None
    if team is None or rep is None or rep.capacity is None:
        return None
    days = len({block.weekday for block in playbook.calendars[rep.calendar or team.calendar].blocks})
    return rep.capacity.count * (days if rep.capacity.per == "day" else 1)


def _delivery(found: Comparison, index: int) -> dict[str, object]:
    """One thing that marketing promises by the new playbook, and what both playbooks make of it at this rate."""
    promised = found.new.playbook.playbook.agreement.marketing[index]
    before, after = (side.delivered[index] for side in (found.replay.before, found.replay.after))
    period = PERIODS[promised.per]
    return {
        "promised": promised.count,
        "of": condition_in_words(promised.of) if promised.of else None,
        "per": promised.per,
        "leads_before": before,
        "leads_after": after,
        "expected_before": _rate(before, period, found.span),
        "expected_after": _rate(after, period, found.span),
    }


def _rate(leads: float, period: timedelta, span: timedelta | None) -> float | None:
    return None if span is None else round(leads * (period / span), 1)


def _surprise(surprise: Surprise) -> dict[str, object]:
    because = [{"kind": cause.kind, "name": cause.name, "text": cause.text} for cause in surprise.causes]
    return {**_move(surprise.moved), "because": because}


def _move(moved: Moved) -> dict[str, object]:
    return {
        "decision": moved.id,
        "lead": moved.lead_id,
        "name": moved.name,
        "at": moved.at,
        "moves": list(moved.aspects),
        "before": asdict(moved.before),
        "after": asdict(moved.after),
    }
