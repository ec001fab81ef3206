"""The JSON Schemas that editors get, against a real JSON Schema library."""

import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from rules.sample import sample_cases, sample_playbook
from rules.schema import cases_schema, playbook_schema
from tests.rules.builders import playbook_text, rules


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do (YAML 1.2's core schema): no dates, no `yes`, no base 60."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "~|null|", ["~", "n", ""]),
]:
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def mistakes(schema: dict[str, Any], text: str) -> list[str]:
    """Where a document breaks a schema."""
    document = yaml.load(text, EditorLoader)
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("schema", [playbook_schema(), cases_schema()], ids=["playbook", "cases"])
def test_the_schema_is_a_sound_one(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


def test_editors_that_know_draft_7_alone_can_use_it() -> None:
    """As some language servers do: a misspelt key is found, and nothing else."""
    document = yaml.load(sample_playbook().replace("thank_you:", "thankyou:"), EditorLoader)

    assert [error.json_path for error in Draft7Validator(playbook_schema()).iter_errors(document)] == ["$.forms.demo"]


def test_the_sample_and_its_cases_are_valid() -> None:
    assert mistakes(playbook_schema(), sample_playbook()) == []
    assert mistakes(cases_schema(), sample_cases()) == []
    assert sample_playbook().startswith("# yaml-language-server: $schema=playbook.schema.json\n")


@pytest.mark.parametrize(
    ("sections", "path"),
    [
        ({"version": "version: 2"}, "$.version"),
        ({"version": "version: 1\nrulez: []"}, "$"),
        ({"rules": rules("wen: {fit: 5}, then: {add: 1}}")}, "$.rules[0]"),
        ({"rules": rules("when: {}, then: {add: 1}}")}, "$.rules[0].when"),
        ({"rules": rules("when: {fit: {atleast: 5}}, then: {add: 1}}")}, "$.rules[0].when.fit"),
        ({"rules": rules("when: {fit: high}, then: {add: 1}}")}, "$.rules[0].when.fit"),
        ({"rules": rules("when: {any: []}, then: {add: 1}}")}, "$.rules[0].when.any"),
        ({"rules": rules("then: {add: 1000}}")}, "$.rules[0].then.add"),
        ({"rules": rules("then: {}}")}, "$.rules[0].then"),
        ({"rules": rules("then: {set: {country: DE}}}")}, "$.rules[0].then.set"),
        ({"rules": rules("when: {any: [{grade: A}]}, then: {add: 1}}")}, "$.rules[0].when.any[0].grade"),
        ({"calendars": "calendars: {c: {timezone: New York, hours: {mon: '09:00-17:00'}}}"}, "$.calendars.c.timezone"),
        ({"rules": rules("then: {qualify: true, disqualify: x}}")}, "$.rules[0].then"),
        ({"rules": rules("then: {disqualify: true}}")}, "$.rules[0].then.disqualify"),
        ({"rules": rules("then: {tag: []}}")}, "$.rules[0].then.tag"),
        ({"rules": rules("when: {email_kind: freemail}, then: {add: 1}}")}, "$.rules[0].when.email_kind"),
        ({"rules": rules("when: {weekday: [mon, Sunday]}, then: {add: 1}}")}, "$.rules[0].when.weekday"),
        ({"rules": rules("when: {email_domain: '*.edu'}, then: {add: 1}}")}, "$.rules[0].when.email_domain"),
        ({"rules": rules("when: {probability: {at_least: 70}}, then: {add: 1}}")}, "$.rules[0].when.probability"),
        ({"rules": rules("when: {fit: {above: 100}}, then: {add: 1}}")}, "$.rules[0].when.fit"),
        ({"rules": rules("when: {fit: {below: 0}}, then: {add: 1}}")}, "$.rules[0].when.fit"),
        ({"rules": rules("when: {created_at: {within: soon}}, then: {add: 1}}")}, "$.rules[0].when.created_at"),
        ({"rules": rules("when: {created_at: {after: 24.12.2026}}, then: {add: 1}}")}, "$.rules[0].when.created_at"),
        ({"routes": "routes: [{name: none, because: x, to: inbound, sla: standard}]"}, "$.routes[0].name"),
        ({"attributes": "attributes: {country: {type: text}}"}, "$.attributes"),
        ({"attributes": "attributes: {any: {type: text}}"}, "$.attributes"),
        ({"forms": "forms: {demo: {trap: email}}"}, "$.forms.demo.trap"),
        ({"calendars": "calendars: {c: {timezone: UTC, hours: {mon: '9-17'}}}"}, "$.calendars.c.hours.mon"),
        ({"calendars": "calendars: {c: {timezone: UTC, hours: {Monday: '09:00-17:00'}}}"}, "$.calendars.c.hours"),
        (
            {"calendars": "calendars: {c: {timezone: UTC, hours: {mon: '09:00-17:00'}, days_off: [24.12.2026]}}"},
            "$.calendars.c.days_off",
        ),
        (
            {"calendars": "calendars: {c: {timezone: UTC, hours: {mon: '09:00-17:00'}, holidays: Germany}}"},
            "$.calendars.c.holidays",
        ),
        (
            {"teams": "teams: {t: {calendar: c, reps: [{name: A, email: a@b.example, capacity: 0 per day}]}}"},
            "$.teams.t.reps[0].capacity",
        ),
        ({"teams": "teams: {t: {calendar: c, reps: [{name: A, email: a at b}]}}"}, "$.teams.t.reps[0].email"),
        ({"agreement": "agreement: {sales: [{respond: 195%, per: month}]}"}, "$.agreement.sales[0].respond"),
        ({"slas": "slas: {standard: {respond_within: 0m, clock: business}}"}, "$.slas.standard.respond_within"),
        ({"slas": "slas: {standard: {respond_within: soon, clock: business}}"}, "$.slas.standard.respond_within"),
        ({"slas": "slas: {standard: {respond_within: 4h, clock: biz}}"}, "$.slas.standard.clock"),
        ({"agreement": "agreement: {sales: [{respond: 9%, accept: 9%, per: month}]}"}, "$.agreement.sales[0]"),
        ({"agreement": "agreement: {sales: [{give_outcome: 9%, per: month}]}"}, "$.agreement.sales[0]"),
        ({"reasons": "reasons: {lost: [{rest: 4d}]}"}, "$.reasons.lost[0]"),
    ],
)
def test_an_editor_sees_what_the_checker_sees(sections: dict[str, str], path: str) -> None:
    assert mistakes(playbook_schema(), playbook_text(**sections)) == [path]


@pytest.mark.parametrize(
    "when",
    [
        "{email_kind: [FREE, Role]}",
        "{weekday: {not: Mon}}",
        "{fit: {below: 150, at_least: 0}, probability: {between: [0.5, 1]}}",
        "{created_at: {after: 2026-03-01T09:00:00+01:00, within: 4 h}}",
        "{title: {matches: '^vp', not: 5}, consent: true, segment: {contains: hot}}",
        "{email_domain: {ends_with: .edu}, local_hour: [8, 9]}",
    ],
)
def test_an_editor_accuses_no_condition_that_the_checker_takes(when: str) -> None:
    assert mistakes(playbook_schema(), playbook_text(rules=rules(f"when: {when}, then: {{tag: hot}}}}"))) == []


def test_every_key_has_a_description() -> None:
    """What an editor shows while somebody types."""

    def undescribed(schema: Any, path: str) -> list[str]:
        if not isinstance(schema, dict):
            return []
        own = [f"{path}.{key}" for key, value in schema.get("properties", {}).items() if not value.get("description")]
        children = [(f"{path}.{key}", value) for key, value in schema.get("properties", {}).items()]
        children += [(path, schema.get(key)) for key in ("items", "additionalProperties")]
        return own + [name for at, child in children for name in undescribed(child, at)]

    assert undescribed(playbook_schema(), "$") == []
    assert undescribed(cases_schema(), "$") == []
