"""Problems: where they point, what they say, and how other tools get them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rules.formats import github_annotations, problems_json, sarif
from rules.problems import PlaybookError, Problem, did_you_mean, render
from rules.read import read_playbook
from tests.rules.builders import playbook_text, problems

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))

PROBLEM = Problem(file="a,b:c.yaml", line=2, column=3, code="wrong-type", message="50% is\nwrong", hint="write 5")


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_playbook_is_refused_with_its_places_and_remedies(file: Path) -> None:
    """Each fixture is named after its mistake; the text beside it is what a person sees."""
    text = file.read_text(encoding="utf-8")

    with pytest.raises(PlaybookError) as refused:
        read_playbook(text, file=file.name)

    rendered = "\n".join(render(problem, text) for problem in refused.value.problems) + "\n"
    assert rendered == file.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_expected_text_has_its_playbook() -> None:
    """A text without a fixture would never be compared."""
    folders = [Path(__file__).parent / name for name in ("broken", "broken_cases")]

    texts, fixtures = (
        [file.with_suffix("") for each in folders for file in each.glob(kind)] for kind in ("*.txt", "*.yaml")
    )

    assert sorted(texts) == sorted(fixtures)


def test_the_caret_stands_below_a_tab_of_the_line() -> None:
    """The line's own tabs are repeated, so the caret is right whatever their width."""
    at = Problem(file="p.yaml", line=1, column=3, code="x", message="wrong")

    assert render(at, "\t\tkey: 1") == "p.yaml:1:3: wrong [x]\n    \t\tkey: 1\n    \t\t^"


def test_a_long_line_is_shown_around_its_caret() -> None:
    """A line of a megabyte is none to print."""
    at = Problem(file="p.yaml", line=1, column=1001, code="x", message="wrong")

    _, line, caret = render(at, "a" * 1000 + "b" + "c" * 1000).splitlines()

    assert (len(line), line[caret.index("^")]) == (210, "b")


def test_a_problem_behind_the_last_line_is_shown_without_one() -> None:
    at = Problem(file="p.yaml", line=3, column=1, code="x", message="wrong")

    assert render(at, "one\ntwo") == "p.yaml:3:1: wrong [x]"


def test_the_error_reads_as_its_problems() -> None:
    with pytest.raises(
        PlaybookError, match=r"^playbook\.yaml:1:10: '3' is not a version; known: 1 \[unknown-version\]$"
    ):
        read_playbook(playbook_text(version="version: 3"))


@pytest.mark.parametrize(
    ("word", "options", "said"),
    [
        ("wen", ("name", "when", "then"), "did you mean 'when'?"),
        ("EMPLOYES", ("employees", "segment"), "did you mean 'employees'?"),
        ("xyz", ("name", "when"), "known: name, when"),
        ("x" * 61, ("x" * 60,), f"known: {'x' * 60}"),
        ("xyz", (), ""),
    ],
)
def test_the_nearest_name_is_suggested_else_the_known_ones(word: str, options: tuple[str, ...], said: str) -> None:
    assert did_you_mean(word, options) == said


def test_words_in_messages_are_short_and_printable() -> None:
    """What stands in a playbook cannot break a line of the report."""
    text = playbook_text(version='version: "1\\n\\e[31m' + "x" * 100 + '"')

    with pytest.raises(PlaybookError) as refused:
        read_playbook(text)

    (problem,) = refused.value.problems
    assert problem.message == rf"'1\n\x1b[31m{'x' * 50}...' is not a version"


def test_only_the_first_two_hundred_problems_are_told() -> None:
    text = playbook_text() + "".join(f"wrong{k}: 1\n" for k in range(500))

    assert problems(text) == ["unknown-key"] * 200


def test_json_has_the_contract_s_keys() -> None:
    assert problems_json([PROBLEM]) == {
        "problems": [
            {
                "file": "a,b:c.yaml",
                "line": 2,
                "column": 3,
                "code": "wrong-type",
                "message": "50% is\nwrong",
                "hint": "write 5",
            }
        ]
    }


def test_github_shows_a_problem_beside_its_line() -> None:
    """Percent signs, line breaks, colons and commas are escaped as workflow commands ask."""
    assert github_annotations([PROBLEM]) == (
        "::error file=a%2Cb%3Ac.yaml,line=2,col=3,title=wrong-type::50%25 is%0Awrong; write 5\n"
    )


# What SARIF 2.1.0 asks of the parts that are written; nothing else may stand in them.
TEXT = {"type": "string"}
MESSAGE = {"type": "object", "properties": {"text": TEXT}, "required": ["text"], "additionalProperties": False}


def part(required: list[str], **properties: Any) -> dict[str, Any]:
    """The schema of one part of a log."""
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


RULE = part(
    ["id"],
    id=TEXT,
    shortDescription=MESSAGE,
    defaultConfiguration=part([], level={"enum": ["none", "note", "warning", "error"]}),
)
PLACE = part(
    ["artifactLocation"],
    artifactLocation=part([], uri={"type": "string", "format": "uri-reference", "pattern": r"^[^\s\\\\]+$"}),
    region=part([], startLine={"type": "integer", "minimum": 1}, startColumn={"type": "integer", "minimum": 1}),
)
RESULT = part(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={"type": "array", "items": part([], physicalLocation=PLACE)},
)
RUN = part(
    ["tool"],
    tool=part(
        ["driver"], driver=part(["name"], name=TEXT, rules={"type": "array", "items": RULE, "uniqueItems": True})
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
SARIF = {**part(["version", "runs"], version={"const": "2.1.0"}, runs={"type": "array", "items": RUN})}
SARIF["properties"]["$schema"] = {"type": "string", "format": "uri"}


def test_sarif_is_what_its_schema_asks_for() -> None:
    """Also for a file whose name is no address, and for no problem at all."""
    strange = replace(PROBLEM, file="my playbooks\\a b.yaml")

    Draft202012Validator(SARIF).validate(sarif([PROBLEM, strange]))
    Draft202012Validator(SARIF).validate(sarif([]))


def test_sarif_names_the_rule_and_the_place() -> None:
    (run,) = sarif([PROBLEM, replace(PROBLEM, code="cycle", file="my book.yaml")])["runs"]

    assert run["tool"]["driver"]["rules"][1] == {
        "id": "wrong-type",
        "shortDescription": {"text": "Something else is expected here"},
        "defaultConfiguration": {"level": "error"},
    }
    assert run["results"][0] == {
        "ruleId": "wrong-type",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "50% is\nwrong; write 5"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%2Cb%3Ac.yaml"},
                    "region": {"startLine": 2, "startColumn": 3},
                }
            }
        ],
    }
    assert run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "my%20book.yaml"}
