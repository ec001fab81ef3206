"""The sentences that say why a lead is assigned as it is; every candidate is named."""

from collections.abc import Sequence

from routing.candidates import Candidate, Wall
from routing.decision import Decision
from rules.playbook import Team


def why_qualified(decision: Decision, qualify_at: float) -> tuple[str, ...]:
    """Why a lead qualifies or not."""
    if decision.disqualified is not None:
        return (f"it is disqualified: {decision.disqualified}",)
    qualifying = [fired.name for fired in decision.rules if fired.effects.qualify]
    score = f"the score is {decision.score:g} with {qualify_at:g} to qualify"
    return (score, *(f"rule {name} qualifies it" for name in qualifying))


def nobody_why(team: Team, candidates: Sequence[Candidate], wall: Wall) -> str:
    """Why a lead waits in the team's queue, and who is the first to be free for it."""
    told = f" and manager {team.manager.name} is told" if team.manager else ""
    free = [(one.free_from, one.rep) for one in candidates if one.free_from is not None]
    first = [f"first to be free: {rep} from {wall.told(at)}" for at, rep in sorted(free)[:1]]
    waits = f"nobody in {team.name} can take this lead, so it waits in the queue{told}"
    return "; ".join([waits, *first, *_out(candidates)])


def owner_why(owner: Candidate, candidates: Sequence[Candidate], wall: Wall) -> str:
    """Why the account's owner gets the lead."""
    others = [candidate.rep for candidate in candidates if candidate.out is None and candidate != owner]
    also = [f"also eligible: {', '.join(others)}"] if others else []
    return "; ".join([f"{owner.rep} owns the account{_and_works(owner, wall)}", *also, *_out(candidates)])


def named_why(named: Candidate, candidates: Sequence[Candidate], wall: Wall) -> str:
    """Why the rep whom somebody named gets the lead, or cannot."""
    said = f"{named.rep} was named" + (_and_works(named, wall) if named.out is None else " and cannot take this lead")
    others = [candidate.rep for candidate in candidates if candidate.out is None and candidate.rep != named.rep]
    also = [f"{'also ' if named.out is None else ''}eligible: {', '.join(others)}"] if others else []
    return "; ".join([said, *also, *_out(candidates)])


def turn_why(
    ranked: Sequence[Candidate], tie: str | None, owner: str | None, candidates: Sequence[Candidate], wall: Wall
) -> str:
    """Why the first of those at work now or soonest, ranked, gets the lead; `tie` says what broke one."""
    later = [one for one in candidates if one.out is None and one not in ranked]
    parts = [_alone(ranked[0], wall, first=bool(later)) if len(ranked) == 1 else _turn(ranked, tie, wall)]
    if owner is not None:
        gone = all(one.rep != owner for one in candidates)
        parts.insert(0, f"{owner}, who owns the account, {'has left the team' if gone else 'cannot take this lead'}")
    if later:
        parts.append(f"later at work: {', '.join(_later(one, wall) for one in later)}")
    return "; ".join([*parts, *_out(candidates)])


def _alone(candidate: Candidate, wall: Wall, *, first: bool) -> str:
    if not first:
        return f"{candidate.rep} alone can take this lead{_and_works(candidate, wall)}"
    at = _works_later(candidate, wall)
    return f"{candidate.rep} is the first at work{f', from {at}' if at else ''}"


def _turn(ranked: Sequence[Candidate], tie: str | None, wall: Wall) -> str:
    first = ranked[0]
    tied = [one.rep for one in ranked[1:] if one.shortfall == first.shortfall]
    broken = f", tied with {', '.join(tied)} and {tie}" if tie else ""
    listed = ", ".join(f"{one.rep} {_leads(one.shortfall)}" for one in ranked)
    at = _works_later(first, wall)
    said = f"{first.rep} has the largest shortfall from a fair share of this month's leads{broken}: {listed}"
    return f"{said}; they are at work from {at}" if at else said


def _later(candidate: Candidate, wall: Wall) -> str:
    return f"{candidate.rep} from {_works_later(candidate, wall)} (shortfall {_leads(candidate.shortfall)})"


def _and_works(candidate: Candidate, wall: Wall) -> str:
    at = _works_later(candidate, wall)
    return f" and is at work from {at}" if at else ""


def _works_later(candidate: Candidate, wall: Wall) -> str | None:
    """From when a rep who is not at work now is; None for one who is, or never works."""
    at = candidate.works_from
    return wall.told(at) if at is not None and at > wall.now else None


def _out(candidates: Sequence[Candidate]) -> list[str]:
    out = [f"{one.rep} ({one.out})" for one in candidates if one.out is not None]
    return [f"not eligible: {', '.join(out)}"] if out else []


def _leads(shortfall: float) -> str:
    return f"{round(shortfall, 2) + 0.0:.2f}"  # the 0.0 keeps a rounded -0.00 from showing its sign
