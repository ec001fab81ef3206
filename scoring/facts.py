"""The facts of a lead: what rules test and the scorecard looks up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.attributes import BUILT_IN, SCORED, STANDARD, Attribute, coerce
from scoring.derived import DERIVATIONS, derived_of
from scoring.lead import NOTHING, Lead, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Typed values by attribute name; what is missing is absent.

    `clashes` keeps, by name, the values that could not take their attribute's kind and so count as missing.
    """

    values: Mapping[str, Value]
    clashes: Mapping[str, Value] = field(default_factory=lambda: NOTHING)


def facts_of(lead: Lead, declared: Mapping[str, Attribute]) -> Facts:
    """The lead's facts: its own fields, what is read off them, and its further attributes.

    A declared attribute takes its kind, or is a clash; an undeclared one stays as it came. A further attribute
    named like a derived one counts where nothing could be derived; one named like a score never counts. Blank
    text and NaN are missing.
    """
    values = _fields_of(lead) | derived_of(lead)
    clashes: dict[str, Value] = {}
    for name, given in lead.attributes.items():
        if name in values or name in SCORED or blank(given):
            continue
        value = _typed(given, name, declared)
        if value is None:
            clashes[name] = given
        else:
            values[name] = value
    return Facts(values=values, clashes=clashes)


def fact_of(lead: Lead, declared: Mapping[str, Attribute], name: str) -> Value | None:
    """What `facts_of` says of one name, without working out the others; None where it is missing."""
    own = _own(lead, name)
    if own is not None:
        return own
    given = lead.attributes.get(name)
    if given is None or name in SCORED or blank(given):
        return None
    return _typed(given, name, declared)


def with_values(facts: Facts, values: Mapping[str, Value]) -> Facts:
    """The facts with these values added or replaced; a clash of the same name is settled."""
    clashes = {name: value for name, value in facts.clashes.items() if name not in values}
    return Facts(values={**facts.values, **values}, clashes=clashes)


def _fields_of(lead: Lead) -> dict[str, Value]:
    fields = {name: getattr(lead, name) for name in STANDARD if name != "consent"}
    if lead.consent is not None:
        fields["consent"] = lead.consent.marketing
    return {name: value for name, value in fields.items() if value is not None and not blank(value)}


def _typed(given: Value, name: str, declared: Mapping[str, Attribute]) -> Value | None:
    """A further attribute as its kind, where it has one; None where it is no such thing."""
    attribute = BUILT_IN.get(name) or declared.get(name)
    return coerce(given, attribute.kind) if attribute else given


def _own(lead: Lead, name: str) -> Value | None:
    """One of the lead's own fields, or of what is read off them."""
    if name in DERIVATIONS:
        fields, read = DERIVATIONS[name]
        return read(*[getattr(lead, field) for field in fields])
    if name == "consent":
        return None if lead.consent is None else lead.consent.marketing
    value: Value | None = getattr(lead, name) if name in STANDARD else None
    return None if value is None or blank(value) else value


def blank(value: Value) -> bool:
    """Whether a value says nothing: blank text, NaN."""
    return not value.strip() if isinstance(value, str) else value != value
