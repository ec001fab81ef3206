"""What is said of moves that are not possible: where the lead stands, and what is possible instead."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from store.assignments import Assignment
from store.database import Transaction
from store.due import due_for
from store.errors import IllegalMoveError

# Of leads that sales does not have.
STANDS: Mapping[str, str] = MappingProxyType(
    {
        "won": "this lead is won; nothing more can be done with it",
        "lost": "this lead is lost; nothing can be done with it until it comes to sales again",
        "rejected": "this lead is rejected; nothing can be done with it until it comes to sales again",
    }
)
WITH_MARKETING = "this lead is with marketing; nothing can be done with it until it comes to sales"


def not_in_sales(tx: Transaction, lead_id: str, kind: str, state: str) -> IllegalMoveError:
    """Returns the error of a move with a lead that nobody in sales has."""
    back = next((work.due_at for work in due_for(tx, lead_id) if work.kind == "recycle"), None)
    rests = f"this lead rests; nothing can be done with it until it comes back at {_second(back)}" if back else None
    return IllegalMoveError(f"{kind} is not possible: {rests or STANDS.get(state, WITH_MARKETING)}", possible=())


def not_there(held: Assignment, kind: str, allowed: Sequence[str]) -> IllegalMoveError:
    """Returns the error of a move that is none of those allowed where the lead stands."""
    held_back = " and held" if "resume" in allowed else ""
    instead = f"possible {'is' if len(allowed) == 1 else 'are'} {', '.join(allowed)}"
    text = f"{kind} is not possible: this lead is {held.state}{held_back}; {instead}"
    return IllegalMoveError(text, possible=allowed)


def not_then(held: Assignment, kind: str, at: datetime, state: str, since: datetime) -> IllegalMoveError:
    """Returns the error of a move told late that cannot have been at its instant, as the lead changed only later."""
    whose = f"{held.rep or 'the queue'} of {held.team} has this lead"
    return IllegalMoveError(f"{kind} at {at.isoformat()} is not possible: {whose}, {state} at {_second(since)}")


def _second(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
