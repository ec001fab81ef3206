"""Reads `rules`: name, because, when, then."""

from dataclasses import replace
from typing import Any

from rules.nodes import Node, ScalarNode
from rules.operands import value_term
from rules.playbook import Effects, Rule
from rules.read_conditions import RULE_STAGES, condition_term
from rules.reading import Reading
from rules.sections import Field, Record, Section, section_term
from rules.terms import Term, flag_of, flag_term, is_mapping, list_term, number_term, one_or_more_term, text_term, wrong
from scoring.attributes import BUILT_IN
from scoring.lead import Value


def _read_settings(node: Node, reading: Reading) -> dict[str, Value] | None:
    """Return what `set` says, typed by the attributes' kinds; only custom attributes can be set."""
    if not is_mapping(node, reading, "values by attribute", "write `attribute: value` lines below it"):
        return None
    settings: dict[str, Value] = {}
    custom = [name for name in reading.attributes if name not in BUILT_IN]
    for key, value in node.entries:
        if key.text in BUILT_IN:
            reading.note(
                key,
                "not-settable",
                f"a rule cannot set '{key.text}': it is built in",
                "declare an attribute and set that",
            )
        elif key.text in reading.unsound:
            continue
        elif key.text not in reading.attributes:
            reading.note_attribute(key, key.text, custom)
        else:
            settings[key.text] = _setting(key.text, value, reading)
    broken = len(settings) < len(node.entries) or any(value is None for value in settings.values())
    return None if broken else settings


def _setting(name: str, node: Node, reading: Reading) -> Any:
    kind = reading.attributes[name].kind
    one = value_term(name, kind)
    return (one_or_more_term(one, "values") if kind == "list" else one).read(node, reading)


SETTINGS = Term(
    says="values by attribute",
    read=_read_settings,
    schema={"type": "object", "minProperties": 1, "propertyNames": {"not": {"enum": [*BUILT_IN]}}},
)


def _read_reason(node: Node, reading: Reading) -> str | None:
    """Return the reason of a disqualification; true and false are none, and `none` says in cases that there is none."""
    if isinstance(node, ScalarNode) and node.plain and (flag_of(node.text) is not None or node.text == "none"):
        hint = "write why: `disqualify: competitor`" if flag_of(node.text) else "leave it out"
        wrong(node, reading, "a reason", hint)
        return None
    reason: str | None = text_term().read(node, reading)
    return reason


REASON = Term(says="the reason", read=_read_reason, schema={"type": ["string", "number"]})

EFFECTS = Section(
    noun="effect",
    about="What a matching rule does",
    fields=(
        Field(name="add", term=number_term(-100, 100), about="Points added to the score", default=0.0),
        Field(
            name="set", term=SETTINGS, about="Custom attributes to set, for rules and routes that test them", default={}
        ),
        Field(name="tag", term=one_or_more_term(text_term(), "tags"), about="Tags to put on the lead", default=()),
        Field(name="qualify", term=flag_term(), about="true: the lead qualifies whatever its score", default=False),
        Field(name="disqualify", term=REASON, about="The reason why the lead cannot qualify; wins over qualify"),
    ),
)


def _effects(record: Record, reading: Reading) -> Effects | None:
    effects = Effects(
        add=record["add"],
        set=record["set"],
        tag=tuple(dict.fromkeys(record["tag"])),
        qualify=record["qualify"],
        disqualify=record["disqualify"],
    )
    if effects == Effects(set={}):
        reading.note(record.place, "no-effect", "the rule does nothing", "add, set, tag, qualify or disqualify")
    elif effects.qualify and effects.disqualify is not None:
        message = "one rule cannot both qualify and disqualify: the lead would not qualify"
        reading.note(record.keys["qualify"], "contrary-effects", message, "take one out")
    else:
        return effects
    return None


def _not_of_rules(word: str, reading: Reading) -> str:
    return "a rule sends nobody: let a route test what it sets" if word in ("to", "sla") else ""


_PLAIN = section_term(EFFECTS, _effects)
_BOTH = {"required": ["disqualify", "qualify"], "properties": {"qualify": {"const": True}}}
EFFECTS_TERM = replace(_PLAIN, schema={**_PLAIN.schema, "minProperties": 1, "not": _BOTH})


RULE = Section(
    noun="rule",
    about="A business rule; every rule that matches applies",
    elsewhere=_not_of_rules,
    fields=(
        Field(name="name", term=text_term(), about="Its name, unique", required=True),
        Field(
            name="because",
            term=text_term(),
            about="Why it exists; shown beside every decision it touches",
            required=True,
        ),
        Field(name="when", term=condition_term(RULE_STAGES), about="Its condition; without one it always applies"),
        Field(name="then", term=EFFECTS_TERM, about=EFFECTS.about, required=True),
    ),
)


def _rule(record: Record, reading: Reading) -> Rule:
    return Rule(
        name=record["name"],
        because=record["because"],
        when=record["when"],
        then=record["then"],
        line=record.place.line,
        column=record.place.column,
    )


RULES = list_term(section_term(RULE, _rule), "rules")
