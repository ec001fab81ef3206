"""Leads that stay where they are, whatever they do by themselves: sales is done with them, or they rest; and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from routing.candidates import Wall, wall_of
from routing.decision import Decision
from rules.playbook import Playbook
from store.assignments import Assignment, last_assignment
from store.database import Transaction
from store.rests import rests_until
from store.tables import leads

STATE = select(leads.c.state).where(leads.c.id == bindparam("lead"))
ALWAYS: Sequence[str] = ("won", "resting")
WHILE_QUALIFIED: Sequence[str] = ("rejected", "lost")
AGAIN = "it comes to sales again once it has stopped qualifying and qualifies anew"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """A lead that is not handed out: the state that it stays in, and the decision, which says why."""

    state: str
    decision: Decision


def settled(tx: Transaction, lead_id: str, decision: Decision, playbook: Playbook, now: datetime) -> Settled | None:
    """Returns what comes of a decision about a kept lead that sales is done with; None when it may be handed out.

    Won leads and those that rest stay so; those rejected or lost come to sales again when they have not qualified
    meanwhile.
    """
    state: str = tx.execute(STATE, {"lead": lead_id}).scalar_one()
    if state not in ALWAYS and not (state in WHILE_QUALIFIED and decision.qualified):
        return None
    held = last_assignment(tx, lead_id)
    why = None if held is None else _why(tx, state, held, team_wall(held.team, playbook, now))
    return Settled(state=state, decision=kept_back(decision, why))


def kept_back(decision: Decision, why: str | None) -> Decision:
    """Returns a decision that hands its lead to nobody, with what is said of that."""
    return replace(decision, route=None, sla=None, stays=why)


def team_wall(team: str, playbook: Playbook, now: datetime) -> Wall:
    """Returns the clock on the wall of a team; UTC's where the playbook no longer has the team."""
    known = playbook.teams.get(team)
    return Wall(now=now, timezone="UTC") if known is None else wall_of(known, playbook.calendars, now)


def _why(tx: Transaction, state: str, held: Assignment, wall: Wall) -> str:
    """Returns why a lead stays in a state, and what brings it to sales again; `held` is who had it last."""
    because = "" if held.reason is None else f" ({held.reason})"
    if state == "resting":
        back = rests_until(tx, held)
        until = "" if back is None else f" until {wall.told(back)}"
        return f"rests{until}{because}; it comes back by itself then"
    since = "" if held.ended_at is None else f" on {wall.told(held.ended_at)}"
    was = f"was {state}{since}{because}"
    return f"{was}; sales is done with it" if state == "won" else f"{was} and has qualified ever since; {AGAIN}"
