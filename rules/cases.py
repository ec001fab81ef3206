"""Reads a playbook's cases, `playbook.cases.yaml`."""

from collections.abc import Sequence
from typing import Any

from rules.case import Assumed, Expectation
from rules.case import Case as Case
from rules.checks.domains import decided_domains
from rules.checks.never import check_condition
from rules.conditions import Condition
from rules.nodes import ListNode, MapNode, Node, ScalarNode, compose, part_of
from rules.operands import value_term
from rules.playbook import Playbook
from rules.problems import PlaybookError, in_order, nearest
from rules.read_conditions import ROUTE_STAGES, condition_term, read_on_attribute
from rules.read_routes import NOWHERE
from rules.reading import Place, Reading
from rules.remedies import address_remedy
from rules.sections import Field, Record, Section, note_duplicate_names, read_section, section_term
from rules.terms import (
    Term,
    flag_of,
    flag_term,
    is_mapping,
    list_term,
    number_of,
    number_term,
    one_or_more_term,
    reference_term,
    scalar_term,
    text_term,
    time_of,
    time_term,
    wrong,
)
from scoring.attributes import BUILT_IN, DERIVED, SCORED, STANDARD, Attribute
from scoring.contact import normal_email, normal_phone
from scoring.lead import Activity, Value


def _read_given_value(node: Node, attribute: Attribute | None, reading: Reading) -> Value | None:
    """Return a value as JSON would bring it: unquoted numbers and truths are such, unless the attribute is text."""
    if isinstance(node, ListNode):
        items = [_read_given_value(item, attribute, reading) for item in node.items]
        return tuple(item for item in items if isinstance(item, str | int | float | bool))
    if not isinstance(node, ScalarNode) or node.empty:
        wrong(node, reading, "a value")
        return None
    if not node.plain or (attribute is not None and attribute.kind == "text"):
        return node.text
    number, flag = number_of(node.text), flag_of(node.text)
    return number if number is not None else node.text if flag is None else flag


def _read_given_attributes(node: Node, reading: Reading) -> dict[str, Value] | None:
    if not is_mapping(node, reading, "attributes by name", "write `name: value` lines below it") or not isinstance(
        node, MapNode
    ):
        return None
    known = reading.attributes
    for key, _ in node.entries:
        near = None if key.text in known else nearest(key.text, known, cutoff=0.8)
        if near is not None:
            reading.note_unknown(key, "attribute", key.text, (near,))
        elif key.text in STANDARD:
            message = f"'{key.text}' is a field of the lead, not one of its attributes"
            reading.note(key, "unknown-attribute", message, "put it under 'given' itself")
    read = {key.text: _read_given_value(value, known.get(key.text), reading) for key, value in node.entries}
    return {name: value for name, value in read.items() if value is not None}


_GIVEN_TERMS = {
    "email": scalar_term(
        "an e-mail address", normal_email, {"type": "string"}, "write ana@example.com", address_remedy
    ),
    "country": value_term("country", "text"),
    "consent": flag_term(),
    "created_at": time_term(),
}


def _not_given(word: str, reading: Reading) -> str:
    """Return where something belongs that a form or a CRM does not post as a field."""
    if word in SCORED:
        places = {"probability": "assume", "fit": "assume", "engagement": "activities"}
        return f"put it under '{places.get(word, 'expect')}' of the case"
    if word in DERIVED:
        return "leave it out: it is read off the other fields"
    return "put it under 'attributes'" if word in reading.attributes else ""


GIVEN = Section(
    noun="given",
    about="The lead, as a form or a CRM would post it",
    elsewhere=_not_given,
    fields=(
        *(
            Field(name=name, term=_GIVEN_TERMS.get(name, text_term()), about=standard.about)
            for name, standard in STANDARD.items()
        ),
        Field(
            name="attributes",
            term=Term(says="values by name", read=_read_given_attributes, schema={"type": "object"}),
            about="Further attributes by name",
            default={},
        ),
    ),
)


def _given(record: Record, reading: Reading) -> dict[str, Any] | None:
    """Return the lead's values, its contact data normalised as at the doors."""
    given = {name: value for name, value in record.values.items() if value is not None}
    if record["phone"] is not None:
        given["phone"] = normal_phone(record["phone"], record["country"])
        if given["phone"] is None:
            hint = "write +49 30 901820, or give its country as well"
            wrong(record.nodes["phone"], reading, "a phone number", hint)
            return None
    return given


ACTIVITY = Section(
    noun="activity",
    about="What the person did before",
    fields=(
        Field(name="kind", term=reference_term("activity"), about="A kind of the playbook's activities", required=True),
        Field(name="at", term=time_term(), about="When", required=True),
    ),
)

ASSUME = Section(
    noun="assumption",
    about="Pins the model, so a retrain cannot break a rule's test",
    fields=(
        Field(name="probability", term=number_term(0, 1), about="Probability to assume, 0 to 1", default=0.0),
        Field(name="fit", term=number_term(0, 100), about="Fit to assume, 0 to 100", default=0.0),
    ),
)


def _fact_term(name: str) -> Term:
    """Return a term for what a fact is expected to be: a value, a list of values, or operators."""

    def read(node: Node, reading: Reading) -> Condition | None:
        return read_on_attribute(name, BUILT_IN[name], node, reading)

    return Term(
        says="a value, a list of values, or operators", read=read, schema={"$ref": f"#/$defs/{BUILT_IN[name].kind}"}
    )


def _among(noun: str) -> Term:
    return one_or_more_term(reference_term(noun), f"{noun}s")


FACTS = ("score", "grade", "qualified", "fit", "engagement", "probability")

EXPECT = Section(
    noun="expectation",
    about="What the playbook must decide",
    elsewhere=lambda word, reading: "put it under 'attributes'" if word in reading.attributes else "",
    fields=(
        *(Field(name=name, term=_fact_term(name), about=BUILT_IN[name].about) for name in FACTS),
        Field(
            name="attributes",
            term=condition_term(ROUTE_STAGES),
            about="A condition on facts, also on what rules set",
        ),
        Field(
            name="disqualified",
            term=reference_term("reason"),
            about="The reason of disqualification; `none` when there is none",
        ),
        Field(name="rules", term=_among("rule"), about="Rules that fire, maybe among others", default=()),
        Field(name="no_rules", term=_among("rule"), about="Rules that do not fire", default=()),
        Field(name="tags", term=_among("tag"), about="Tags on the lead", default=()),
        Field(name="no_tags", term=_among("tag"), about="Tags not on the lead", default=()),
        Field(name="reps", term=_among("rep"), about="Reps who may get the lead, maybe among others", default=()),
        Field(name="no_reps", term=_among("rep"), about="Reps who may not get the lead", default=()),
        Field(name="route", term=reference_term("route"), about="The route taken; `none` when it stays with marketing"),
        Field(name="team", term=reference_term("team"), about="The team that gets it"),
        Field(name="sla", term=reference_term("SLA"), about="The SLA it is handled under"),
        Field(name="respond_by", term=time_term(), about="The instant by which sales must respond"),
    ),
)


def _expectation(record: Record, reading: Reading) -> Expectation | None:
    if not record.nodes:
        if isinstance(record.place, MapNode) and record.place.entries:
            return None  # its misspelt keys are blamed already
        reading.note(record.place, "no-expectation", "the case expects nothing", "expect a route, a score, rules ...")
        return None
    conditions = (*FACTS, "attributes")
    others = {field.name: record[field.name] for field in EXPECT.fields if field.name not in conditions}
    facts = {name: record[name] for name in conditions if record[name] is not None}
    places = {name: Place(line=node.line, column=node.column) for name, node in record.nodes.items()}
    return Expectation(facts=facts, places=places, **others)


CASE = Section(
    noun="case",
    about="One lead, and what must be decided for it",
    fields=(
        Field(name="name", term=text_term(), about="Its name, a sentence", required=True),
        Field(name="at", term=time_term(), about="The instant of the decision", required=True),
        Field(name="given", term=section_term(GIVEN, _given), about=GIVEN.about, required=True),
        Field(
            name="activities",
            term=list_term(
                section_term(ACTIVITY, lambda record, _: Activity(kind=record["kind"], at=record["at"])), "activities"
            ),
            about="What the person did before",
            default=(),
        ),
        Field(
            name="assume",
            term=section_term(ASSUME, lambda record, _: Assumed(probability=record["probability"], fit=record["fit"])),
            about=ASSUME.about,
        ),
        Field(name="expect", term=section_term(EXPECT, _expectation), about=EXPECT.about, required=True),
    ),
)


def _note_to_come(record: Record, reading: Reading) -> None:
    """Note activities after the instant of the decision, which count nothing."""
    activities = record.nodes.get("activities")
    for item in activities.items if isinstance(activities, ListNode) else ():
        node = part_of(item, "at")
        at = time_of(node.text.strip()) if isinstance(node, ScalarNode) else None
        if node is not None and at is not None and at > record["at"]:
            message = "this activity lies after the decision, so it counts nothing"
            reading.note(node, "activity-to-come", message, "write a time before the case's 'at'")


def _case(record: Record, reading: Reading) -> Case:
    place = record.place
    _note_to_come(record, reading)
    return Case(**{field.name: record[field.name] for field in CASE.fields}, line=place.line, column=place.column)


CASES = Section(
    noun="cases file",
    about="The cases of a playbook",
    fields=(
        Field(
            name="cases",
            term=list_term(section_term(CASE, _case), "cases", at_least=1),
            about="Cases; every one is decided and compared with what it expects",
            required=True,
        ),
    ),
)


def read_cases(text: str, *, file: str, playbook: Playbook) -> tuple[Case, ...]:
    """Return the cases that `text` states for a playbook.

    Raises:
        PlaybookError: with every problem found; an empty list of cases is one.
    """
    reading = Reading(file=file, attributes={**playbook.attributes, **BUILT_IN}, names=_names(playbook))
    root = compose(text, reading)
    record = read_section(CASES, root, reading) if root is not None else None
    if record is not None and "cases" in record.nodes:
        note_duplicate_names("case", record.nodes["cases"], reading)
        _check_facts(record["cases"] or (), playbook, reading)
    if record is None or reading.problems:
        raise PlaybookError(in_order(reading.problems))
    cases: tuple[Case, ...] = record["cases"]
    return cases


def _check_facts(cases: Sequence[Case], playbook: Playbook, reading: Reading) -> None:
    """Note what no decision of the playbook can fulfil among the facts that cases expect."""
    domains = decided_domains([grade.letter for grade in playbook.scheme.grades], playbook.tags)
    for condition in (condition for case in cases for condition in case.expect.facts.values()):
        check_condition(condition, domains, reading)


def _names(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    return {
        "rule": tuple(rule.name for rule in playbook.rules),
        "route": (*(route.name for route in playbook.routes), NOWHERE),
        "team": tuple(playbook.teams),
        "SLA": tuple(playbook.slas),
        "rep": tuple(dict.fromkeys(rep.name for team in playbook.teams.values() for rep in team.reps)),
        "tag": playbook.tags,
        "reason": (*dict.fromkeys(rule.then.disqualify for rule in playbook.rules if rule.then.disqualify), NOWHERE),
        "activity": tuple(playbook.scheme.engagement.activities),
    }
