"""What a door says of itself, in one place: who may use it, what it takes and what it answers.

The keys are checked from it and the API's document is generated from it, so the two cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from marshmallow import Schema

from store.keys import KeyKind

P = ParamSpec("P")
R = TypeVar("R")

JSON = "application/json"
JSON_LINES = "application/x-ndjson"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
MULTIPART = "multipart/form-data"
# YAML as clients name it; RFC 9512 registered the first in 2024.
YAML_TYPES = ("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml", "text/plain")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")

# What a body of text is, where no schema says more.
TEXT: Mapping[str, Any] = MappingProxyType({"type": "string"})
NONE: Mapping[str, str] = MappingProxyType({})
NOTHING_ELSE: Mapping[str, Schema] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer a door may give: what it means, and its body's schema and media type."""

    about: str
    schema: Schema | Mapping[str, Any] | None = None
    media: str = JSON


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A door's declaration. `who` names the kinds of key that open it (admin always does); empty means anyone.

    `takes` is what bodies of the types `media` hold, `or_takes` what those of other types do. `needs_body` is false
    where a request without a body says enough.
    """

    summary: str
    who: frozenset[KeyKind]
    gives: Mapping[int, Answer]
    takes: Schema | Mapping[str, Any] | None = None
    media: tuple[str, ...] = (JSON,)
    or_takes: Mapping[str, Schema] = field(default_factory=lambda: NOTHING_ELSE)
    query: Schema | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NONE)
    needs_body: bool = True


OPERATIONS = "__leadline_operation__"


def operation(
    summary: str,
    *,
    who: tuple[KeyKind, ...] = (),
    gives: Mapping[int, Answer],
    takes: Schema | Mapping[str, Any] | None = None,
    media: tuple[str, ...] = (JSON,),
    or_takes: Mapping[str, Schema] = NOTHING_ELSE,
    query: Schema | None = None,
    headers: Mapping[str, str] = NONE,
    needs_body: bool = True,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares what a door is."""
    declared = Operation(
        summary=summary,
        who=frozenset(who),
        gives=gives,
        takes=takes,
        media=media,
        or_takes=or_takes,
        query=query,
        headers=headers,
        needs_body=needs_body,
    )

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, OPERATIONS, declared)
        return view

    return declare


def operation_of(view: Callable[..., object] | None) -> Operation | None:
    """What a door declared of itself; None for a page that is no part of the API."""
    return getattr(view, OPERATIONS, None)
