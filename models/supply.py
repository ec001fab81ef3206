"""Whether leads can bring what a model learned from."""

from collections.abc import Mapping

from scoring.attributes import BUILT_IN, Attribute
from scoring.scorecard import Feature, NumberFeature, Scorecard


def unsupplied(scorecard: Scorecard, declared: Mapping[str, Attribute]) -> tuple[str, ...]:
    """Return a sentence for each attribute of the scorecard that leads cannot bring under these declarations.

    Built-in attributes always can; any other must be declared, and a number not as a list or a time.
    """
    return tuple(why for feature in scorecard.features if (why := _why_not(feature, declared)))


def _why_not(feature: Feature, declared: Mapping[str, Attribute]) -> str | None:
    attribute = BUILT_IN.get(feature.name) or declared.get(feature.name)
    if attribute is None:
        kind = "number" if isinstance(feature, NumberFeature) else "text"
        return (
            f"the playbook in force does not declare {feature.name!r}, which the model reads; "
            f"add it under attributes, as {{type: {kind}}}"
        )
    if isinstance(feature, NumberFeature) and attribute.kind in ("list", "time"):
        return f"{feature.name!r} is a {attribute.kind} in the playbook in force, and the model reads it as a number"
    return None
