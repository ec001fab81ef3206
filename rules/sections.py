"""Sections: mappings with declared fields. One table drives reading, 'did you mean', and the JSON Schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.nodes import ListNode, MapNode, Node, ScalarNode
from rules.problems import meant, several, shown, with_article
from rules.reading import Reading
from rules.terms import Schema, Term, described, is_mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A key a section may hold: what stands there, what it is for, and what holds when it is left out."""

    name: str
    term: Term
    about: str
    required: bool = False
    default: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A mapping with declared fields; `noun` names it in messages ('wen' is not a rule key)."""

    noun: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What was read of one section: the value of each field (its default where absent), and what was there.

    `whole` is False when a required field is missing or any field is broken.
    """

    place: Node
    values: Mapping[str, Any]
    keys: Mapping[str, ScalarNode]
    nodes: Mapping[str, Node]
    whole: bool

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_section(section: Section, node: Node, reading: Reading) -> Record:
    """Return what a section says; unknown keys, missing keys and broken values are noted."""
    if not is_mapping(node, reading, with_article(section.noun), _as_mapping(section, node)) or not isinstance(
        node, MapNode
    ):
        defaults = {field.name: field.default for field in section.fields}
        return Record(place=node, values=defaults, keys={}, nodes={}, whole=False)
    fields = {field.name: field for field in section.fields}
    keys = {key.text: key for key, _ in node.entries if key.text in fields}
    nodes = {key.text: value for key, value in node.entries if key.text in fields}
    for key, _ in node.entries:
        if key.text not in fields:
            reading.note_unknown(key, f"{section.noun} key", key.text, fields, code="unknown-key")
    values = {field.name: _value(field, nodes.get(field.name), reading) for field in section.fields}
    missing = [field.name for field in section.fields if field.required and field.name not in nodes]
    misspelt = {meant(key.text, fields) for key, _ in node.entries if key.text not in fields} if missing else set()
    for name in missing:
        if name not in misspelt:  # else a misspelt key is blamed already
            value = f" {fields[name].term.schema['const']}" if "const" in fields[name].term.schema else ""
            reading.note(node, "missing-key", f"the {section.noun} has no '{name}'", f"add `{name}:{value}`")
    broken = any(values[name] is None for name in nodes)
    return Record(place=node, values=values, keys=keys, nodes=nodes, whole=not missing and not broken)


def _as_mapping(section: Section, node: Node) -> str:
    """Return how to write a section where something else stands; a scalar may be meant for its one required key."""
    required = [field.name for field in section.fields if field.required]
    if len(required) == 1 and isinstance(node, ScalarNode) and not node.empty:
        return f"write {{{required[0]}: {shown(node.text)}}}"
    return f"write a mapping with {', '.join(required or [field.name for field in section.fields])}"


def _value(field: Field, node: Node | None, reading: Reading) -> Any:
    return field.default if node is None else field.term.read(node, reading)


def section_schema(section: Section) -> Schema:
    """Return the JSON Schema of a section."""
    return {
        "type": "object",
        "description": section.about,
        "properties": {field.name: _field_schema(field) for field in section.fields},
        "required": [field.name for field in section.fields if field.required],
        "additionalProperties": False,
    }


def _field_schema(field: Field) -> Schema:
    told = {"default": field.default} if isinstance(field.default, str | float | bool) else {}
    return {**field.term.schema, "description": field.about, **told}


def section_term(section: Section, build: Callable[[Record, Reading], Any]) -> Term:
    """Return a term for a section; `build` makes its value from a whole record, or notes problems and returns None."""

    def read(node: Node, reading: Reading) -> Any:
        record = read_section(section, node, reading)
        return build(record, reading) if record.whole else None

    return Term(says="a mapping", read=read, schema=section_schema(section))


def named_term(section: Section, build: Callable[[str, Record, Reading], Any]) -> Term:
    """Return a term for a mapping of names to sections; its value is a mapping of the names that are whole."""

    def read(node: Node, reading: Reading) -> dict[str, Any] | None:
        if not is_mapping(node, reading, f"{several(section.noun)} by name", "write a name with its keys below it"):
            return None
        built: dict[str, Any] = {}
        for key, value in node.entries:
            if not key.text.strip():
                reading.note(key, "reserved-name", f"{described(key)} cannot name a {section.noun}", "give it a name")
            record = read_section(section, value, reading)
            made = build(key.text, record, reading) if record.whole else None
            if made is not None:
                built[key.text] = made
        return built

    schema = {"type": "object", "additionalProperties": section_schema(section)}
    return Term(says=f"{several(section.noun)} by name", read=read, schema=schema)


def note_duplicate_names(noun: str, node: Node | None, reading: Reading) -> None:
    """Note names that stand twice in a list of sections."""
    first: dict[str, ScalarNode] = {}
    for item in node.items if isinstance(node, ListNode) else ():
        for key, value in item.entries if isinstance(item, MapNode) else ():
            if key.text == "name" and isinstance(value, ScalarNode):
                earlier = first.setdefault(value.text, value)
                if earlier is not value:
                    message = f"two {noun}s are named '{value.text}'; the first is on line {earlier.line}"
                    reading.note(value, "duplicate-name", message, "rename one")
