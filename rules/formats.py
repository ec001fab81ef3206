"""Problems in the formats of other tools: JSON, GitHub annotations, SARIF."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from rules.codes import CODES
from rules.problems import Problem

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def problems_json(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return `{"problems": [...]}`, one object a problem."""
    return {
        "problems": [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ]
    }


def github_annotations(problems: Sequence[Problem]) -> str:
    """Return workflow commands, one line a problem, that GitHub shows beside the lines they are about.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(
        f"::error file={_property(problem.file)},line={problem.line},col={problem.column},"
        f"title={_property(problem.code)}::{_data(_said(problem))}\n"
        for problem in problems
    )


def sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log with one result a problem."""
    codes = sorted({problem.code for problem in problems})
    rules = [_rule(code) for code in codes]
    driver = {"name": "leadline", "rules": rules}
    results = [_result(problem, codes.index(problem.code)) for problem in problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    about = CODES.get(code, code)
    return {"id": code, "shortDescription": {"text": about}, "defaultConfiguration": {"level": "error"}}


def _result(problem: Problem, index: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(problem.file.replace("\\", "/"))},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": _said(problem)},
        "locations": [{"physicalLocation": place}],
    }


def _said(problem: Problem) -> str:
    return f"{problem.message}; {problem.hint}" if problem.hint else problem.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
