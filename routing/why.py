"""The sentences that say why a lead is assigned as it is; every candidate is named."""

from collections.abc import Sequence

from routing.candidates import Candidate, moment
from routing.decision import Decision
from rules.playbook import Team


def why_qualified(decision: Decision, qualify_at: float) -> tuple[str, ...]:
    """Why a lead qualifies or not."""
    if decision.disqualified is not None:
        return (f"it is disqualified: {decision.disqualified}",)
    qualifying = [fired.name for fired in decision.rules if fired.effects.qualify]
    score = f"the score is {decision.score:g} with {qualify_at:g} to qualify"
    return (score, *(f"rule {name} qualifies it" for name in qualifying))


def nobody_why(team: Team, candidates: Sequence[Candidate]) -> str:
    """Why a lead waits in the team's queue."""
    told = f" and manager {team.manager.name} is told" if team.manager else ""
    return "; ".join([f"nobody in {team.name} can take this lead, so it waits in the queue{told}", *_out(candidates)])


def owner_why(owner: str, candidates: Sequence[Candidate]) -> str:
    """Why the account's owner gets the lead."""
    others = [candidate.rep for candidate in candidates if candidate.out is None and candidate.rep != owner]
    also = [f"also eligible: {', '.join(others)}"] if others else []
    return "; ".join([f"{owner} owns the account", *also, *_out(candidates)])


def named_why(named: Candidate, candidates: Sequence[Candidate]) -> str:
    """Why the rep whom somebody named gets the lead, or cannot."""
    said = f"{named.rep} was named" if named.out is None else f"{named.rep} was named and cannot take this lead"
    others = [candidate.rep for candidate in candidates if candidate.out is None and candidate.rep != named.rep]
    also = [f"{'also ' if named.out is None else ''}eligible: {', '.join(others)}"] if others else []
    return "; ".join([said, *also, *_out(candidates)])


def turn_why(
    ranked: Sequence[Candidate], tie: str | None, owner: str | None, candidates: Sequence[Candidate], timezone: str
) -> str:
    """Why the first of those at work now or soonest, ranked, gets the lead; `tie` says what broke one.

    `timezone` is that of the team, by whose clocks times are told.
    """
    later = [one for one in candidates if one.out is None and one not in ranked]
    parts = [_turn(ranked, tie, alone=not later)]
    if owner is not None:
        gone = all(one.rep != owner for one in candidates)
        parts.insert(0, f"{owner}, who owns the account, {'has left the team' if gone else 'cannot take this lead'}")
    if later:
        parts.append(f"later at work: {', '.join(_later(one, timezone) for one in later)}")
    return "; ".join([*parts, *_out(candidates)])


def _turn(ranked: Sequence[Candidate], tie: str | None, *, alone: bool) -> str:
    first = ranked[0]
    if len(ranked) == 1:
        return f"{first.rep} alone can take this lead" if alone else f"{first.rep} is the first at work"
    tied = [one.rep for one in ranked[1:] if one.shortfall == first.shortfall]
    broken = f", tied with {', '.join(tied)} and {tie}" if tie else ""
    listed = ", ".join(f"{one.rep} {_leads(one.shortfall)}" for one in ranked)
    return f"{first.rep} has the largest shortfall from a fair share of this month's leads{broken}: {listed}"


def _later(candidate: Candidate, timezone: str) -> str:
    when = moment(candidate.works_from, timezone) if candidate.works_from else "never"
    return f"{candidate.rep} from {when} (shortfall {_leads(candidate.shortfall)})"


def _out(candidates: Sequence[Candidate]) -> list[str]:
    out = [f"{one.rep} ({one.out})" for one in candidates if one.out is not None]
    return [f"not eligible: {', '.join(out)}"] if out else []


def _leads(shortfall: float) -> str:
    return f"{round(shortfall, 2) + 0.0:.2f}"  # the 0.0 keeps a rounded -0.00 from showing its sign
