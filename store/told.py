"""The facts of a kept lead, or of a decision as its routes saw them: each is worked out when it is first looked at."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import orjson

from scoring.attributes import Attribute
from scoring.facts import fact_of, facts_of
from scoring.lead import Lead, Value
from store.lead_json import lead_from_json

Default = TypeVar("Default")
SCORES = ("probability", "fit", "engagement", "score", "grade", "qualified")


class Told(Mapping[str, Value]):
    """What the documents tell of a lead, and of what was decided about it where that is given.

    A report looks at few facts of many leads, and reading a fact costs little beside reading all of them.
    """

    __slots__ = ("_declared", "_document", "_known", "_lead", "_read", "_said")

    def __init__(self, lead: str, document: str | None, declared: Mapping[str, Attribute]) -> None:
        self._lead, self._document, self._declared = lead, document, declared
        self._read: Lead | None = None
        self._said: Mapping[str, Value] = {}
        self._known: dict[str, Value | None] = {}

    def get(self, name: str, default: Default | None = None) -> Value | Default | None:  # type: ignore[override]  # no reader of facts tells a missing one from None
        """The fact of a name; the default where there is none."""
        try:
            value = self._known[name]
        except KeyError:
            value = self._known[name] = self._look(name)
        return default if value is None else value

    def __getitem__(self, name: str) -> Value:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        lead, said = self._parts()
        return iter({**facts_of(lead, self._declared).values, **said})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _look(self, name: str) -> Value | None:
        lead, said = self._parts()
        return said[name] if name in said else fact_of(lead, self._declared, name)

    def _parts(self) -> tuple[Lead, Mapping[str, Value]]:
        if self._read is None:
            self._read = lead_from_json(orjson.loads(self._lead))
            self._said = {} if self._document is None else _said(orjson.loads(self._document))
            self._lead, self._document = "", None
        return self._read, self._said


def _said(document: Mapping[str, Any]) -> Mapping[str, Value]:
    """Returns what was decided: the scores, the tags, what rules set."""
    said: dict[str, Value] = {}
    for fired in document["rules"]:
        said.update(fired["effects"].get("set", ()))
    return {**said, **{name: document[name] for name in SCORES}, "tags": tuple(document["tags"])}
