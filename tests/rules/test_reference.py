"""The language reference: its tables are up to date, and all its examples work."""

import ast
import re
from pathlib import Path

import pytest

from rules import reference
from rules.cases import read_cases
from rules.codes import CODES
from rules.problems import PlaybookError, render
from rules.read import read_playbook
from tests.rules.builders import SECTIONS, condition, playbook_text

DOCUMENT = (Path(__file__).parents[2] / "docs" / "playbook.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(yaml[ \w]*|text check)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
WHOLE = next(text for kind, text in EXAMPLES if kind == "yaml playbook")


def examples(kind: str) -> list[str]:
    """The fenced examples of a kind."""
    return [text for each, text in EXAMPLES if each == kind]


def test_the_tables_are_those_of_the_declarations() -> None:
    """If this fails, run `python -m rules.reference docs/playbook.md`."""
    assert reference.filled(DOCUMENT) == DOCUMENT


def test_a_table_of_no_section_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        reference.filled("<!-- fields: nothing -->\n<!-- end -->")


def test_the_whole_example_is_sound() -> None:
    assert len(read_playbook(WHOLE).rules) == 3


@pytest.mark.parametrize("text", examples("yaml"))
def test_an_example_of_sections_fits_into_a_playbook(text: str) -> None:
    names = re.findall(r"^(\w+):", text, re.MULTILINE)

    read_playbook(playbook_text(**dict.fromkeys(names, "")) + text)

    assert set(names) <= {*SECTIONS, "forms", "agreement", "reasons"}


@pytest.mark.parametrize("text", examples("yaml when"))
def test_an_example_of_a_condition_can_be_read(text: str) -> None:
    assert condition(text)


@pytest.mark.parametrize("text", examples("yaml cases"))
def test_an_example_of_cases_fits_the_whole_example(text: str) -> None:
    assert read_cases(text, file="playbook.cases.yaml", playbook=read_playbook(WHOLE))


def test_the_example_of_a_problem_is_what_the_checker_says() -> None:
    (shown,) = examples("text check")
    broken = (Path(__file__).parent / "broken" / "unknown_rule_key.yaml").read_text(encoding="utf-8")

    with pytest.raises(PlaybookError) as refused:
        read_playbook(broken)

    assert "".join(render(problem, broken) + "\n" for problem in refused.value.problems) == shown


def test_every_code_is_explained_and_every_explained_code_exists() -> None:
    """A code is the second argument of `note`, the `code` of `note_unknown`, or made from the noun of a term."""
    noted = {"unknown-operator", "unknown-attribute", "unknown-form-field"}
    for file in (Path(__file__).parents[2] / "rules").rglob("*.py"):
        for call in [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]:
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            texts = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if name in ("note", "blame"):
                noted.update(texts[:1])
            elif name == "note_unknown":
                noted |= {
                    str(k.value.value) for k in call.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)
                }
            elif name in ("choice_term", "reference_term", "_among", "period_term") and texts:
                noted.add(f"unknown-{texts[0].casefold().replace(' ', '-')}")

    assert set(CODES) == noted
