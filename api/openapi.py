"""The API's document (OpenAPI 3.1), generated from what the doors declare and the schemas that load."""

import re
from collections.abc import Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

from api.fields import Amount, Attributes, Instant
from api.operation import Answer, Operation, operation_of
from api.problem_documents import PROBLEM

TITLE = "Leadline"
VERSION = "1"
ABOUT = (
    "Leads in, decisions with every reason out. Send a key as Authorization: Bearer KEY. Errors are problem documents "
    "(RFC 9457) that name every field at fault; times are RFC 3339 with their offset."
)
ALWAYS = {401: "A key is missing, unknown or revoked", 403: "A key of another kind is needed"}
WITH_BODY = {
    400: "The body cannot be read",
    413: "The body is too large",
    415: "The body is of a type not taken here",
    422: "Fields are not right; all of them are named",
}


def document(app: Flask) -> dict[str, Any]:
    """The document of every door that declares an operation."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(TITLE, VERSION, "3.1.0", plugins=[plugin], info={"description": ABOUT})
    if plugin.converter is None:
        raise AssertionError("apispec makes the converter when the plugin is given to it")
    known = plugin.converter.field_mapping
    plugin.converter.field_mapping = {
        **known,
        Instant: ("string", "date-time"),
        Attributes: ("object", None),
        Amount: ("number", None),
    }
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=PROBLEM)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, str(rule.methods))):
        declared = operation_of(app.view_functions.get(rule.endpoint))
        if declared is not None:
            spec.path(path=_path(rule), operations={_method(rule): _operation(rule, declared)})
    return spec.to_dict()


def _schema_name(schema: object) -> str:
    """A schema's name in the document: LeadSchema is Lead."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)


def _method(rule: Rule) -> str:
    return next(method.lower() for method in sorted(rule.methods or ()) if method not in {"HEAD", "OPTIONS"})


def _operation(rule: Rule, declared: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": declared.summary,
        "parameters": _parameters(rule, declared),
        "responses": _responses(declared),
    }
    if declared.who:
        described["description"] = f"For keys of kind {', '.join(sorted(declared.who | {'admin'}))}."
        described["security"] = [{"key": []}]
    if declared.takes is not None:
        held = {**dict.fromkeys(declared.media, declared.takes), **declared.or_takes}
        content = {media: {"schema": _body(schema)} for media, schema in held.items()}
        described["requestBody"] = {"required": declared.needs_body, "content": content}
    return described


def _parameters(rule: Rule, declared: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}} for name in sorted(rule.arguments)
    ]
    found += [
        {"in": "header", "name": name, "description": about, "schema": {"type": "string"}}
        for name, about in declared.headers.items()
    ]
    if declared.query is not None:
        found.append({"in": "query", "schema": declared.query})
    return found


def _responses(declared: Operation) -> dict[str, Any]:
    problems = (ALWAYS if declared.who else {}) | (WITH_BODY if declared.takes else {})
    answers = {status: _problem(about) for status, about in problems.items()}
    for status, answer in declared.gives.items():
        answers[status] = _problem(answer.about) if status >= 400 and answer.schema is None else _response(answer)
    return {str(status): answers[status] for status in sorted(answers)}


def _response(answer: Answer) -> dict[str, Any]:
    if answer.schema is None:
        return {"description": answer.about}
    return {"description": answer.about, "content": {answer.media: {"schema": _body(answer.schema)}}}


def _body(schema: Schema | Mapping[str, Any]) -> Schema | dict[str, Any]:
    return schema if isinstance(schema, Schema) else dict(schema)


def _problem(about: str) -> dict[str, Any]:
    schema: Schema = PROBLEM
    return {"description": about, "content": {"application/problem+json": {"schema": schema}}}
