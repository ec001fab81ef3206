"""The generated parts of the language reference: tables from the declarations that the readers use.

A document marks a part with `<!-- fields: rule -->`, `<!-- operators -->`, `<!-- attributes -->` or `<!-- codes -->`;
what stands between that line and `<!-- end -->` is filled in. `python -m rules.reference docs/playbook.md` does so.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from rules import cases, read_agreement, read_calendars, read_forms, read_reasons, read_scoring, read_slas, read_teams
from rules.codes import CODES
from rules.operands import OPERATORS, SUITING
from rules.read import PLAYBOOK
from rules.read_attributes import SECTION as ATTRIBUTE
from rules.read_routes import ROUTE
from rules.read_rules import EFFECTS, RULE
from rules.sections import Field
from scoring.attributes import BUILT_IN

_SECTIONS = (
    PLAYBOOK,
    ATTRIBUTE,
    read_scoring.SCORING,
    read_scoring.WEIGHTS,
    read_scoring.ENGAGEMENT,
    read_scoring.ACTIVITY,
    RULE,
    EFFECTS,
    ROUTE,
    read_slas.SLA,
    read_slas.ATTEMPTS,
    read_calendars.CALENDAR,
    read_teams.TEAM,
    read_teams.ESCALATION,
    read_teams.QUOTA,
    read_teams.REP,
    read_teams.PERSON,
    read_forms.FORM,
    read_agreement.SECTION,
    read_agreement.DELIVERY,
    read_agreement.COMMITMENT,
    read_reasons.REASONS,
    read_reasons.REASON,
    cases.CASE,
    cases.ASSUME,
    cases.EXPECT,
)

_PART = re.compile(r"(<!-- (fields: [\w ]+|operators|attributes|codes) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(document: str) -> str:
    """Return the document with its generated parts up to date.

    Raises:
        KeyError: for fields of a section that does not exist.
    """
    return _PART.sub(lambda part: f"{part[1]}\n{_table(part[2])}\n\n{part[3]}", document)


def _table(name: str) -> str:
    if name == "operators":
        return _rows(("operator", "kinds", "holds when the attribute"), _operators())
    if name == "attributes":
        return _rows(("attribute", "kind", "what", "may be tested in"), _attributes())
    if name == "codes":
        return _rows(("code", "what is wrong"), ((f"`{code}`", about) for code, about in CODES.items()))
    section = {section.noun: section for section in _SECTIONS}[name.removeprefix("fields: ")]
    return _rows(("key", "what stands there", "what it is for"), (_field(field) for field in section.fields))


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _field(field: Field) -> tuple[str, str, str]:
    required = " (required)" if field.required else ""
    default = f"; without it, {field.default:g}" if isinstance(field.default, float) else ""
    return f"`{field.name}`{required}", field.term.says, f"{field.about}{default}"


def _operators() -> Iterable[tuple[str, str, str]]:
    for operator, about in OPERATORS.items():
        kinds = [kind for kind, suiting in SUITING.items() if operator in suiting]
        yield f"`{operator}`", ", ".join(kinds), about
    yield "`not`", "all", "does not fulfil what follows: a value, a list or operators"


def _attributes() -> Iterable[tuple[str, str, str, str]]:
    where = {"lead": "rules, routes", "score": "rules, routes", "verdict": "routes"}
    for name, attribute in BUILT_IN.items():
        yield f"`{name}`", attribute.kind, attribute.about, where[attribute.stage]


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        path = Path(argument)
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
