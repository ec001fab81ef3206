"""Small playbooks, conditions and facts for the tests of the rules."""

from collections.abc import Mapping
from datetime import UTC, datetime

from rules.compile import Compiled, compile_playbook
from rules.conditions import Condition
from rules.nodes import compose
from rules.playbook import Playbook
from rules.problems import PlaybookError, in_order
from rules.read import read_playbook
from rules.read_conditions import ROUTE_STAGES, read_condition
from rules.reading import Reading
from scoring.attributes import BUILT_IN, Attribute, Kind

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)

# The smallest playbook there is: one team, one SLA, one calendar, one route.
SECTIONS: Mapping[str, str] = {
    "version": "version: 1",
    "attributes": (
        "attributes: {employees: {type: number}, segment: {type: text}, region: {type: text}, tier: {type: text},"
        " opted_in: {type: flag}, trial_ends: {type: time}, products: {type: list}}"
    ),
    "scoring": (
        "scoring: {weights: {fit: 0.7, engagement: 0.3}, qualify_at: 60, grades: {A: 80, B: 60, C: 35, D: 0},"
        " engagement: {half_life: 14d, activities: {demo_request: {points: 40}}}}"
    ),
    "rules": "rules: []",
    "routes": "routes: [{name: everyone, because: Catch-all, to: inbound, sla: standard}]",
    "slas": "slas: {standard: {respond_within: 4h, clock: business}}",
    "calendars": "calendars: {berlin: {timezone: Europe/Berlin, hours: {mon-fri: '09:00-17:00'}}}",
    "teams": "teams: {inbound: {calendar: berlin, manager: {name: Mara, email: mara@example.com},"
    " reps: [{name: Ana, email: ana@example.com}]}}",
}


def playbook_text(**sections: str) -> str:
    """The smallest playbook's YAML with these sections instead; an empty one is left out."""
    return "\n".join(section for section in {**SECTIONS, **sections}.values() if section) + "\n"


def playbook(**sections: str) -> Playbook:
    """The smallest playbook with these sections instead."""
    return read_playbook(playbook_text(**sections))


def compiled(**sections: str) -> Compiled:
    """The smallest playbook with these sections instead, compiled."""
    return compile_playbook(playbook(**sections))


def rules(*lines: str) -> str:
    """A `rules` section of flow mappings without name and because: `{when: ..., then: ...}` each."""
    items = [f"  - {{name: r{k}, because: test, {line.strip().removeprefix('{')}" for k, line in enumerate(lines)]
    return "\n".join(["rules:", *items])


def problems(text: str) -> list[str]:
    """The codes of all problems of a playbook, in document order; empty for a sound one."""
    try:
        read_playbook(text)
    except PlaybookError as error:
        return [problem.code for problem in error.problems]
    return []


def condition(text: str, **kinds: Kind) -> Condition:
    """The condition that YAML states, with custom attributes `a` of these kinds (`a="number"`)."""
    custom = {name: Attribute(kind=kind, about="") for name, kind in kinds.items()}
    reading = Reading(file="condition.yaml", attributes={**BUILT_IN, **custom})
    node = compose(text, reading)
    read = None if node is None else read_condition(node, reading, ROUTE_STAGES)
    if read is None or reading.problems:
        raise PlaybookError(in_order(reading.problems))
    return read
