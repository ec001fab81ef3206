"""A version as a file that leaves the house and comes back: one JSON document, never a pickle."""

from dataclasses import replace

import orjson

from models.version import NAME, ModelError, ModelVersion, version_from_json, version_to_json

LARGEST_FILE = 100_000_000


def exported(version: ModelVersion) -> bytes:
    """Return the version as the text of a file; the same version gives the same bytes."""
    return orjson.dumps(version_to_json(version), option=orjson.OPT_INDENT_2) + b"\n"


def imported(text: bytes) -> ModelVersion:
    """Return the candidate in the text of a file that was exported; exported again it is the same to the byte.

    Raises: ModelError naming every problem, where the text is no such document or was changed.
    """
    if len(text) > LARGEST_FILE:
        raise ModelError(f"{len(text):,} bytes; a version of a model has at most {LARGEST_FILE:,}")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ModelError(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}") from None
    version = version_from_json(document)
    if version_to_json(version)["sha256"] != document["sha256"]:
        raise ModelError(
            "the document holds what this Leadline does not know; export it anew from where it was trained"
        )
    return version


def renamed(version: ModelVersion, name: str) -> ModelVersion:
    """Return the version under another name. Raises: ModelError for what cannot be one."""
    if not NAME.fullmatch(name):
        raise ModelError(f"{name!r} cannot name a version: 1 to 64 letters, digits, dots, dashes or underscores")
    return replace(version, name=name, scorecard=replace(version.scorecard, version=name))
