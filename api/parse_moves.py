"""What is to be done with a lead, read from a request's body: every field error at once, reasons from the lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from api.parse import FieldError, InputError, load, refuse
from api.schemas import ContactSchema, NothingSchema, OutcomeSchema, ReassignSchema, RejectSchema
from rules.playbook import ListedReason, Playbook
from store.moves import Attempt

NOTHING = NothingSchema()
CONTACT = ContactSchema()
REJECT = RejectSchema()
REASSIGN = ReassignSchema()
OUTCOME = OutcomeSchema()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a lead: lost for a reason, or, without one, won for an amount where it is known."""

    lost_for: ListedReason | None
    amount: float | None


def parse_nothing(data: object) -> None:
    """Raises InputError with every field of a body that has to say nothing."""
    refuse(load(NOTHING, data)[1])


def parse_contact(data: object) -> Attempt:
    """How a lead was contacted. Raises: InputError."""
    loaded, errors = load(CONTACT, data)
    refuse(errors)
    return cast(Attempt, loaded["how"])


def parse_reject(data: object, playbook: Playbook) -> ListedReason:
    """Why a lead is rejected, of the playbook's list. Raises: InputError that names the list."""
    loaded, errors = load(REJECT, data)
    reason = _reason(loaded, errors, playbook.reject_reasons, "reject")
    refuse(errors)
    return cast(ListedReason, reason)


def parse_reassign(data: object) -> str | None:
    """Who is to have the lead; None for whose turn it is. Raises: InputError."""
    loaded, errors = load(REASSIGN, data)
    refuse(errors)
    return loaded.get("rep")


def parse_outcome(data: object, playbook: Playbook) -> Outcome:
    """What became of a lead, a lost one's reason of the playbook's list. Raises: InputError that names the list."""
    loaded, errors = load(OUTCOME, data)
    lost = loaded.get("outcome") == "lost"
    reason = _reason(loaded, errors, playbook.lost_reasons, "lost") if lost else None
    if lost and loaded.get("amount") is not None:
        errors["amount"] = "only a won lead has an amount"
    if loaded.get("outcome") == "won" and loaded.get("reason") is not None:
        errors["reason"] = "only a lost lead has a reason"
    refuse(errors)
    return Outcome(lost_for=reason, amount=loaded.get("amount"))


def unknown_rep(rep: str, team: str, reps: Sequence[str]) -> InputError:
    """The error of a rep who is not of the lead's team."""
    return InputError(
        [FieldError(field="rep", message=f"nobody in {team} is called {rep!r}; it has {', '.join(reps)}")]
    )


def _reason(
    loaded: dict[str, Any], errors: dict[str, str], listed: Sequence[ListedReason], what: str
) -> ListedReason | None:
    """The listed reason of a body; says in `errors` what is wrong with it."""
    names = ", ".join(reason.name for reason in listed)
    choose = f"the playbook lists {names}" if listed else f"the playbook lists none under `reasons: {what}` yet"
    given = loaded.get("reason")
    if given is None:
        if errors.get("reason", "required") == "required":
            errors["reason"] = f"required; {choose}"
        return None
    found = next((reason for reason in listed if reason.name.casefold() == given.casefold()), None)
    if found is None:
        errors["reason"] = f"{given!r} is not on the list; {choose}"
    return found
