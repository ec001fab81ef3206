"""What is said of moves that are not possible: where the lead stands, and what is possible instead."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from store.assignments import Assignment, last_assignment
from store.database import Transaction
from store.errors import IllegalMoveError
from store.kept_moves import MoveKind
from store.rests import rests_until

# Of leads that sales does not have.
STANDS: Mapping[str, str] = MappingProxyType(
    {
        "won": "this lead is won; nothing more can be done with it",
        "lost": "this lead is lost; nothing can be done with it until it comes to sales again",
        "rejected": "this lead is rejected; nothing can be done with it until it comes to sales again",
    }
)
WITH_MARKETING = "this lead is with marketing; nothing can be done with it until it comes to sales"


def not_in_sales(tx: Transaction, lead_id: str, kind: MoveKind, state: str) -> IllegalMoveError:
    """Returns the error of a move with a lead that nobody in sales has."""
    held = last_assignment(tx, lead_id)
    back = None if held is None else rests_until(tx, held)
    rests = f"this lead rests; nothing can be done with it until it comes back at {_second(back)}" if back else None
    stands = rests or STANDS.get(state, WITH_MARKETING)
    told = kind == "outcome" and state in ("won", "lost")
    but = "; with `correct` an outcome that was told wrongly is told anew" if told else ""
    return IllegalMoveError(f"{kind} is not possible: {stands}{but}", possible=())


def not_corrected(state: str) -> IllegalMoveError:
    """Returns the error of an outcome that is to be corrected where nobody has told one."""
    return IllegalMoveError(f"an outcome can be corrected of a lead that was won or lost; this one is {state}")


def not_there(held: Assignment, kind: MoveKind, allowed: Sequence[str]) -> IllegalMoveError:
    """Returns the error of a move that is none of those allowed where the lead stands."""
    held_back = " and held" if "resume" in allowed else ""
    instead = f"possible {'is' if len(allowed) == 1 else 'are'} {', '.join(allowed)}"
    text = f"{kind} is not possible: this lead is {held.state}{held_back}; {instead}"
    return IllegalMoveError(text, possible=allowed)


def within_hold(held: Assignment, kind: MoveKind, at: datetime) -> datetime:
    """Returns the instant of a move that is told late. Raises: IllegalMoveError when it cannot have been then."""
    after = [("assigned", held.assigned_at)]
    if kind in ("reject", "outcome"):  # attempts are told in any order; what ends it comes last
        after += [(state, since) for state in ("accepted", "contacted") if (since := getattr(held, f"{state}_at"))]
    state, since = sorted(after, key=lambda one: one[1])[-1]
    if at < since.replace(microsecond=0):  # CRMs keep whole seconds
        whose = f"{held.rep or 'the queue'} of {held.team} has this lead"
        raise IllegalMoveError(f"{kind} at {at.isoformat()} is not possible: {whose}, {state} at {_second(since)}")
    return max(at, since)


def _second(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
