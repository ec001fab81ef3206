"""What a caller sent, as a lead or activities of the domain: validated once, here, with every error at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from marshmallow import Schema
from marshmallow.exceptions import ValidationError

from api.fields import kind_of
from api.schemas import (
    ActivitySchema,
    ConsentSchema,
    DiffSchema,
    EditSchema,
    LeadSchema,
    ListSchema,
    PublishSchema,
    ScoreSchema,
    TrySchema,
    VersionListSchema,
)
from scoring.contact import normal_phone
from scoring.lead import Activity, Consent, Lead, Value

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
CLOCKS_MAY_DIFFER_BY = timedelta(days=1)
MOST_ACTIVITIES = 1_000
MOST_UNKNOWN = 20
MOST_ERRORS = 100
LONGEST_GUESS = 60

IDENTITY = ("email", "phone", "external_id")

LEAD = LeadSchema()
SCORE = ScoreSchema()
ACTIVITY = ActivitySchema()
CONSENT = ConsentSchema()
LIST = ListSchema()
PUBLISH = PublishSchema()
EDIT = EditSchema()
TRY = TrySchema()
VERSION_LIST = VersionListSchema()
DIFF = DiffSchema()


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """What is wrong with one field; `field` is its dotted path, empty for the body as a whole."""

    field: str
    message: str


class InputError(Exception):
    """What was sent cannot be taken; `errors` has every field that is at fault."""

    def __init__(self, errors: Collection[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in self.errors))


def parse_lead(data: object, now: datetime, *, required: Collection[str] = ()) -> Lead:
    """The lead that a JSON object describes; `created_at` is `now` when it is left out.

    `required` names fields and attributes that must be filled. Raises: InputError with every field error.
    """
    loaded, errors = load(LEAD, data)
    filled = loaded | (loaded.get("attributes") or {})
    errors |= {name: "required" for name in required if filled.get(name) is None and name not in errors}
    return _lead(data, loaded, errors, now)


def parse_scoring(data: object, now: datetime) -> tuple[Lead, tuple[Activity, ...]]:
    """The lead and the activities that a JSON object describes, for scoring without keeping.

    Raises: InputError with every field error.
    """
    loaded, errors = load(LEAD, data, known=SCORE.fields)
    raw = data.get("activities") if isinstance(data, Mapping) else None
    activities: tuple[Activity, ...] = ()
    try:
        activities = parse_activities([] if raw is None else raw, now)
    except InputError as bad:
        errors |= {f"activities.{error.field}".rstrip("."): error.message for error in bad.errors}
    return _lead(data, loaded, errors, now), activities


def parse_activities(data: object, now: datetime) -> tuple[Activity, ...]:
    """The activities that a JSON object (one) or a list of objects describes; `at` is `now` when it is left out.

    Raises: InputError with every field error.
    """
    listed = data if isinstance(data, list) else [data]
    if len(listed) > MOST_ACTIVITIES:
        raise InputError([FieldError(field="", message=f"{len(listed):,} activities; at most {MOST_ACTIVITIES:,}")])
    errors: dict[str, str] = {}
    activities = []
    for index, entry in enumerate(listed):
        prefix = f"{index}." if isinstance(data, list) else ""
        loaded, found = load(ACTIVITY, entry)
        found |= _instant_error("at", loaded.get("at"), now)
        errors |= {(prefix + field).rstrip("."): message for field, message in found.items()}
        if not found:
            activities.append(Activity(kind=loaded["kind"], at=loaded.get("at") or now))
    refuse(errors)
    return tuple(activities)


def parse_list(arguments: Mapping[str, str]) -> dict[str, Any]:
    """Limit, cursor and filters of a list. Raises: InputError with every parameter that is not right."""
    return parse_fields(LIST, arguments)


def parse_fields(schema: Schema, data: object) -> dict[str, Any]:
    """What a schema makes of an object. Raises: InputError with every field that is not right."""
    loaded, errors = load(schema, data)
    refuse(errors)
    return loaded


def load(
    schema: Schema, data: object, *, known: Collection[str] | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What a schema reads in an object, and what is wrong with it by field."""
    if not isinstance(data, Mapping):
        return {}, {"": f"a JSON object expected, not {kind_of(data)}"}
    errors = _unknown(data, known or schema.fields)
    nested = data.get("consent")
    if isinstance(nested, Mapping) and "consent" in schema.fields:
        errors |= {f"consent.{name}": message for name, message in _unknown(nested, CONSENT.fields).items()}
    try:
        loaded = schema.load(data)
    except ValidationError as error:
        errors |= dict(_flat(error.messages_dict))
        loaded = error.valid_data
    return dict(loaded), errors


def _lead(data: object, loaded: dict[str, Any], errors: dict[str, str], now: datetime) -> Lead:
    phone = _phone(loaded, errors)
    consent = loaded.get("consent")
    errors |= _instant_error("created_at", loaded.get("created_at"), now)
    errors |= _instant_error("consent.at", (consent or {}).get("at"), now)
    if isinstance(data, Mapping) and not any(loaded.get(name) or name in errors for name in IDENTITY):
        errors["email"] = "one of email, phone and external_id is required"
    refuse(errors)
    attributes: Mapping[str, Value] = MappingProxyType(loaded.pop("attributes", None) or {})
    return Lead(
        **loaded
        | {
            "created_at": loaded.get("created_at") or now,
            "phone": phone,
            "consent": Consent(**consent) if consent else None,
            "attributes": attributes,
        }
    )


def _phone(loaded: dict[str, Any], errors: dict[str, str]) -> str | None:
    given = loaded.get("phone")
    if given is None:
        return None
    phone = normal_phone(given, loaded.get("country"))
    if phone is None and "country" not in errors:
        errors["phone"] = "not a phone number; write it with its country code, like +47 22 12 34 56, or give country"
    return phone


def _instant_error(field: str, instant: datetime | None, now: datetime) -> dict[str, str]:
    if instant is None or EARLIEST <= instant <= now + CLOCKS_MAY_DIFFER_BY:
        return {}
    where = "before 1970" if instant < EARLIEST else f"in the future (it is {now.isoformat(timespec='seconds')})"
    return {field: f"{instant.isoformat()} is {where}"}


def _unknown(data: Mapping[object, object], known: Collection[str]) -> dict[str, str]:
    names = [str(name) for name in data if name not in known]
    errors = {name[:LONGEST_GUESS]: _guess(name, known) for name in names[:MOST_UNKNOWN]}
    if len(names) > MOST_UNKNOWN:
        errors[""] = f"{len(names):,} unknown fields; the first {MOST_UNKNOWN} are listed"
    return errors


def _guess(name: str, known: Collection[str]) -> str:
    if close := get_close_matches(name[:LONGEST_GUESS].lower(), sorted(known), n=1):
        return f"unknown field; did you mean {close[0]}?"
    return "unknown field; further names belong in attributes" if "attributes" in known else "unknown field"


def _flat(messages: Mapping[Any, Any], path: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, inner in messages.items():
        here = path if name == "_schema" else f"{path}.{name}".removeprefix(".")
        if isinstance(inner, Mapping):
            found += _flat(inner, here)
        else:
            found.append((here, "; ".join(map(str, inner))))
    return found


def refuse(errors: Mapping[str, str]) -> None:
    """Raises: InputError with these errors by field, where there are any."""
    if not errors:
        return
    listed = [FieldError(field=field, message=message) for field, message in errors.items()]
    if len(listed) > MOST_ERRORS:
        more = FieldError(field="", message=f"and {len(listed) - MOST_ERRORS:,} more errors")
        listed = [*listed[:MOST_ERRORS], more]
    raise InputError(listed)
