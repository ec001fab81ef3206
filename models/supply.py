"""Whether leads can bring what a model learned from."""

from collections.abc import Mapping
from types import MappingProxyType

from scoring.attributes import BUILT_IN, Attribute, Kind
from scoring.parts import OF_A_DATE
from scoring.scorecard import NumberFeature, Scorecard

# Declared as one of these, an attribute is never read as what the model takes it for.
UNREADABLE: Mapping[Kind, tuple[Kind, ...]] = MappingProxyType(
    {"number": ("list", "time"), "time": ("number", "flag", "list")}
)


def unsupplied(scorecard: Scorecard, declared: Mapping[str, Attribute]) -> tuple[str, ...]:
    """Return a sentence for each attribute of the scorecard that leads cannot bring under these declarations.

    Built-in attributes always can; any other must be declared, a number not as a list or a time, a date not as what
    no date can be read off.
    """
    known = {**declared, **BUILT_IN}
    found = (_why_not(name, kind, known.get(name)) for name, kind in reads(scorecard).items())
    return tuple(why for why in found if why is not None)


def reads(scorecard: Scorecard) -> Mapping[str, Kind]:
    """Return the attributes that a scorecard reads, those that it reads parts of included, and as what."""
    parts = {part.name: part for part in scorecard.parts}
    found: dict[str, Kind] = {}
    for feature in scorecard.features:
        part = parts.get(feature.name)
        if part is not None:
            found[part.of] = "time" if part.kind in OF_A_DATE else "text"
        else:
            found[feature.name] = "number" if isinstance(feature, NumberFeature) else "text"
    return found


def _why_not(name: str, kind: Kind, attribute: Attribute | None) -> str | None:
    if attribute is None:
        return (
            f"the playbook in force does not declare {name!r}, which the model reads; "
            f"add it under attributes, as {{type: {kind}}}"
        )
    if attribute.kind in UNREADABLE.get(kind, ()):
        article = "a date" if kind == "time" else f"a {kind}"
        return f"{name!r} is a {attribute.kind} in the playbook in force, and the model reads it as {article}"
    return None
