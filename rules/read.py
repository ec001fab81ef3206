"""Reads a playbook: YAML text to typed, checked values, or every problem at once."""

from types import MappingProxyType

from rules.checks.breaches import check_breaches
from rules.checks.domains import route_domains
from rules.checks.reps import check_reps
from rules.checks.routes import check_routes
from rules.checks.rules import check_rules
from rules.checks.scopes import check_scopes
from rules.nodes import ListNode, MapNode, Node, compose
from rules.playbook import Agreement, Playbook
from rules.problems import PlaybookError, in_order, meant
from rules.read_agreement import AGREEMENT
from rules.read_attributes import ATTRIBUTES
from rules.read_calendars import CALENDARS
from rules.read_forms import FORMS
from rules.read_reasons import REASONS
from rules.read_routes import ROUTES
from rules.read_rules import RULES
from rules.read_scoring import SCHEME
from rules.read_slas import SLAS
from rules.read_teams import TEAMS
from rules.reading import Reading
from rules.sections import Field, Record, Section, note_duplicate_names, read_section, section_term
from rules.terms import Term, choice_term
from scoring.attributes import BUILT_IN

VERSION = Term(says="`1`", read=choice_term("version", ("1",)).read, schema={"const": 1})

PLAYBOOK = Section(
    noun="playbook",
    about="Leadline's playbook: how leads are scored, routed and answered",
    fields=(
        Field(name="version", term=VERSION, about="Version of the language: 1", required=True),
        Field(name="attributes", term=ATTRIBUTES, about="Custom attributes by name", default={}),
        Field(name="scoring", term=SCHEME, about="How the score is made and what it takes to qualify", required=True),
        Field(name="rules", term=RULES, about="Rules; every one that matches applies", default=()),
        Field(
            name="routes",
            term=ROUTES,
            about="Routes; the first that matches wins, the last has no `when`",
            required=True,
        ),
        Field(name="slas", term=SLAS, about="SLAs by name", required=True),
        Field(name="calendars", term=CALENDARS, about="Working calendars by name", required=True),
        Field(name="teams", term=TEAMS, about="Teams by name", required=True),
        Field(name="forms", term=FORMS, about="Web forms by name", default={}),
        Field(
            name="agreement", term=AGREEMENT, about="What marketing and sales promise each other", default=Agreement()
        ),
        Field(
            name="reasons",
            term=section_term(REASONS, lambda record, _: record),
            about="What reps may give as reasons",
        ),
    ),
)

# What may be referred to by name, and the section that declares it.
_REFERRED = {"team": "teams", "SLA": "slas", "calendar": "calendars"}


def read_playbook(text: str, *, file: str = "playbook.yaml", number: int = 0) -> Playbook:
    """Return the playbook that `text` states.

    Raises:
        PlaybookError: with every problem found, in document order.
    """
    reading = Reading(file=file)
    root = compose(text, reading)
    record = _record(root, reading) if root is not None else None
    if record is None or reading.problems:
        raise PlaybookError(in_order(reading.problems))
    return _playbook(record, text, number, reading)


def _record(root: Node, reading: Reading) -> Record:
    """Return what the document says; names are gathered first, so that a section may refer to a later one."""
    sections = {key.text: value for key, value in root.entries} if isinstance(root, MapNode) else {}
    reading.names = {noun: _keys(sections[key]) for noun, key in _REFERRED.items() if key in sections}
    known = tuple(field.name for field in PLAYBOOK.fields)
    reading.undeclared = any(key not in known and meant(key, known) == "attributes" for key in sections)
    record = read_section(PLAYBOOK, root, reading)
    for noun, key in (("rule", "rules"), ("route", "routes")):
        note_duplicate_names(noun, sections.get(key), reading)
    check_rules(record["rules"] or (), reading)
    domains = route_domains(_letters(record), _tags(record))
    check_routes(record["routes"] or (), sections.get("routes"), domains, reading)
    check_scopes(record, domains, reading)
    check_breaches(sections.get("routes"), record["slas"] or {}, record["teams"] or {}, reading)
    check_reps(sections.get("teams"), reading)
    return record


def _letters(record: Record) -> list[str]:
    return [grade.letter for grade in record["scoring"].grades] if record["scoring"] else []


def _tags(record: Record) -> list[str] | None:
    """Return the tags that rules put on leads; None where a rule is broken, and may be the one that does."""
    nodes = record.nodes.get("rules")
    if isinstance(nodes, ListNode) and len(record["rules"] or ()) < len(nodes.items):
        return None
    return [tag for rule in record["rules"] or () for tag in rule.then.tag]


def _keys(node: Node) -> tuple[str, ...]:
    return tuple(key.text for key, _ in node.entries) if isinstance(node, MapNode) else ()


def _playbook(record: Record, text: str, number: int, reading: Reading) -> Playbook:
    reasons = record["reasons"] or {"reject": (), "lost": ()}
    return Playbook(
        number=number,
        text=text,
        attributes=MappingProxyType({name: a for name, a in reading.attributes.items() if name not in BUILT_IN}),
        scheme=record["scoring"],
        rules=record["rules"],
        routes=record["routes"],
        slas=MappingProxyType(record["slas"]),
        calendars=MappingProxyType(record["calendars"]),
        teams=MappingProxyType(record["teams"]),
        forms=MappingProxyType(record["forms"]),
        agreement=record["agreement"],
        reject_reasons=reasons["reject"],
        lost_reasons=reasons["lost"],
    )
