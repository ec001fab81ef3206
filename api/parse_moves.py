"""What is to be done with a lead, read from a request's body: every field error at once, reasons from the lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from api.parse import FieldError, InputError, load, refuse
from api.schemas import ContactSchema, NothingSchema, OutcomeSchema, ReassignSchema, RejectSchema, TimedSchema
from rules.playbook import ListedReason, Playbook
from rules.problems import nearest
from store.kept_moves import Attempt

NOTHING = NothingSchema()
TIMED = TimedSchema()
CONTACT = ContactSchema()
REJECT = RejectSchema()
REASSIGN = ReassignSchema()
OUTCOME = OutcomeSchema()


# Times up to so much ahead are taken as now: the clocks of two machines differ.
AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """How a lead was contacted, and when (None: now)."""

    how: Attempt
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """Why a lead is rejected, and when it was (None: now)."""

    reason: ListedReason
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a lead: lost for a reason, or, without one, won for an amount where it is known; `at` is when.

    `correct` says that this was told wrongly before.
    """

    at: datetime | None
    lost_for: ListedReason | None
    amount: float | None
    correct: bool


def parse_nothing(data: object) -> None:
    """Raises InputError with every field of a body that has to say nothing."""
    refuse(load(NOTHING, data)[1])


def parse_accept(data: object, now: datetime) -> datetime | None:
    """When a lead was accepted; None for now. Raises: InputError."""
    loaded, errors = load(TIMED, data)
    at = _at(loaded, errors, now)
    refuse(errors)
    return at


def parse_contact(data: object, now: datetime) -> Contact:
    """How and when a lead was contacted. Raises: InputError."""
    loaded, errors = load(CONTACT, data)
    at = _at(loaded, errors, now)
    refuse(errors)
    return Contact(how=cast(Attempt, loaded["how"]), at=at)


def parse_reject(data: object, playbook: Playbook, now: datetime) -> Rejected:
    """Why a lead is rejected, of the playbook's list, and when. Raises: InputError that names the list."""
    loaded, errors = load(REJECT, data)
    reason, at = _reason(loaded, errors, playbook.reject_reasons, "reject"), _at(loaded, errors, now)
    refuse(errors)
    return Rejected(reason=cast(ListedReason, reason), at=at)


def parse_reassign(data: object) -> str | None:
    """Who is to have the lead; None for whose turn it is. Raises: InputError."""
    loaded, errors = load(REASSIGN, data)
    refuse(errors)
    return loaded.get("rep")


def parse_outcome(data: object, playbook: Playbook, now: datetime) -> Outcome:
    """What became of a lead, a lost one's reason of the playbook's list. Raises: InputError that names the list."""
    loaded, errors = load(OUTCOME, data)
    at = _at(loaded, errors, now)
    lost = loaded.get("outcome") == "lost"
    reason = _reason(loaded, errors, playbook.lost_reasons, "lost") if lost else None
    if lost and loaded.get("amount") is not None:
        errors["amount"] = "only a won lead has an amount"
    if loaded.get("outcome") == "won" and loaded.get("reason") is not None:
        errors["reason"] = "only a lost lead has a reason"
    refuse(errors)
    return Outcome(at=at, lost_for=reason, amount=loaded.get("amount"), correct=loaded["correct"])


def unknown_rep(rep: str, team: str, reps: Sequence[str]) -> InputError:
    """The error of a rep who is not of the lead's team."""
    return InputError(
        [FieldError(field="rep", message=f"nobody in {team} is called {rep!r}; it has {', '.join(reps)}")]
    )


def _at(loaded: dict[str, Any], errors: dict[str, str], now: datetime) -> datetime | None:
    """When something was done, None for now; says in `errors` that it is yet to come."""
    at: datetime | None = loaded.get("at")
    if at is None or at <= now:
        return at
    if at > now + AHEAD:
        errors["at"] = f"{at.isoformat()} is in the future (it is {now.isoformat(timespec='seconds')})"
    return None


def _reason(
    loaded: dict[str, Any], errors: dict[str, str], listed: Sequence[ListedReason], what: str
) -> ListedReason | None:
    """The listed reason of a body; says in `errors` what is wrong with it."""
    choose = (
        f"the playbook lists {', '.join(reason.name for reason in listed)}"
        if listed
        else f"the playbook lists none under `reasons: {what}` yet"
    )
    given = loaded.get("reason")
    if given is None:
        if errors.get("reason", "required") == "required":
            errors["reason"] = f"required; {choose}"
        return None
    found = next((reason for reason in listed if reason.name.casefold() == given.casefold()), None)
    if found is None:
        near = nearest(given, [reason.name for reason in listed])
        errors["reason"] = f"{given!r} is not on the list; {f'did you mean {near!r}? ' if near else ''}{choose}"
    return found
