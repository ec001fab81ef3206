"""Fields of what the API answers: each is always there, and says what it is."""

from typing import Any

from marshmallow import Schema, fields


def text(about: str, *, none: bool = False) -> fields.String:
    """Text that an answer always has."""
    return fields.String(required=True, allow_none=none, metadata={"description": about})


def number(about: str, *, none: bool = False) -> fields.Float:
    """A number that an answer always has."""
    return fields.Float(required=True, allow_none=none, metadata={"description": about})


def integer(about: str, *, none: bool = False) -> fields.Integer:
    """A whole number that an answer always has."""
    return fields.Integer(required=True, allow_none=none, metadata={"description": about})


def instant(about: str, *, none: bool = False) -> fields.AwareDateTime:
    """An instant that an answer always has."""
    return fields.AwareDateTime(required=True, allow_none=none, metadata={"description": about})


def nested(schema: type[Schema], about: str, *, none: bool = False) -> fields.Nested:
    """An object that an answer always has."""
    return fields.Nested(schema, required=True, allow_none=none, metadata={"description": about})


def listed(schema: type[Schema], about: str) -> "fields.List[Any]":
    """A list of objects that an answer always has."""
    return fields.List(fields.Nested(schema), required=True, metadata={"description": about})


def flag(about: str) -> fields.Boolean:
    """A truth value that an answer always has."""
    return fields.Boolean(required=True, metadata={"description": about})


def mapping(about: str, *, none: bool = False) -> fields.Dict:
    """An object of the caller's own names that an answer always has."""
    return fields.Dict(required=True, allow_none=none, metadata={"description": about})


def texts(about: str) -> "fields.List[Any]":
    """A list of texts that an answer always has."""
    return fields.List(fields.String(), required=True, metadata={"description": about})


def instants(about: str) -> "fields.List[Any]":
    """A list of instants that an answer always has."""
    return fields.List(fields.AwareDateTime(), required=True, metadata={"description": about})
